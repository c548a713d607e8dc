"""Questions are answered beside any numbers, dates, versions and replacements in documents."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from index.answering.engine import Engine
from index.indexing.reindex import Reindexer
from index.parsing import parse_files
from index.store.current import CurrentGeneration
from index.store.folder.store import IndexStore
from testing.fakes import WordEmbedder, recipe_of
from tests.index.answering.test_engine import CALIBRATION, READER

pytestmark = pytest.mark.search

TODAY = date(2026, 11, 30)
_MOST_SECONDS = 2.0
"""Of processor time; each takes hundredths, and one that is not linear tens."""
_NINES = "9" * 5_000  # Python makes no int of so many digits
DOCUMENTS: Mapping[str, str] = {
    "stock.csv": (
        f"Item,Price,Amount\nTent,{_NINES},1e1000000\nStove,1E999999999,{'1' * 300}\n"
        "Lamp,5,7\nRope,²,³\nHook,①,½\nBag,1/0,٣\n"
    ),
    "one.md": "---\nversion: 2.²\n---\n# Tents\n\nTents hold ² people. Replaces version 1.\n",
    "two.md": f"---\nversion: {_NINES}\n---\n# Tents\n\nTents hold 4 people.\n",
    "three.md": "---\nversion: 1.٣.①\n---\n# Tents\n\nTents hold 5 people.\n",
    "gate.md": (
        "---\nvalid_from: 9999-12-31\nvalid_until: 0001-01-01\nreview: 9999-12-31\n---\n"
        "# Gate\n\nThe gate is closed from 9999-12-31 on. The lease ends on 1 January 0001. "
        "The visit is on 30 February 2026, and since 99999-01-01 the camp is open.\n"
    ),
    "old gate.md": "---\nvalid_from: 0001-01-01\ndate: 0000-00-00\n---\n# Gate\n\nIt is open.\n",
    **{
        f"rule {number}.md": (
            f"---\nreplaces: rule {(number + 1) % 40}.md\n---\n# Rule {number}\n\n"
            f"The code is {number}. This document replaces Rule {(number + 1) % 40}.\n"
        )
        for number in range(40)  # each replaces the next, in a ring
    },
    "wide.csv": "\n".join(
        [",".join(f"Can do {n}" for n in range(800)), ",".join(["yes", "no"] * 400)]
    ),
    "haus.md": f"# Haus\n\nDie {'Donaudampfschifffahrts' * 200}zeit ist um 22 Uhr.\n",
    "{0.__class__} %s.md": "# {x!r:>1000000}\n\nThe {name} of the %s is %(x)s {n,}.\n",
}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    root = tmp_path_factory.mktemp("hostile")
    for name, text in DOCUMENTS.items():
        path = root / "corpus" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    store, recipe = IndexStore(root / "index"), recipe_of()
    Reindexer(Path(root / "corpus"), store, recipe, WordEmbedder, parse=parse_files).run()
    return Engine(CurrentGeneration(store, recipe), WordEmbedder(), READER, CALIBRATION)


@pytest.mark.parametrize(
    "question",
    [
        *("what is the price of the tent?", "which item costs most?", "average price of items"),
        *(f"which items cost more than {_NINES[:1_500]}?", "total amount of all items"),
        *("how many people do tents hold?", "which version of tents holds now?"),
        *("compare one.md and two.md", "when is the gate closed?", "is the gate closed today?"),
        *("what holds on 31 December 9999?", "what is new since 1 January 0001?"),
        *("what changed in the last 999999999999 years?", "when is easter 9999?"),
        *("who is on call at christmas 9999?", f"the {_NINES[:1_900]} newest documents"),
        *("is rule 3 still valid?", "what replaces rule 7?", "what is the code?"),
        *("what can be done?", "who can do 17 and 799?", "wann ist die Donauzeit?"),
        *(f"wann {'donaudampfschifffahrts' * 80}?", "what is the {name} of %s?"),
    ],
)
def test_there_is_a_response_soon(engine: Engine, question: str) -> None:
    began = time.process_time()
    assert engine.ask(question, today=TODAY).question
    assert time.process_time() - began < _MOST_SECONDS
