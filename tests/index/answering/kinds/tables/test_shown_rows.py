"""What is asked of the row that was shown last, by the words of a header alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from index.answering.excerpts.quoting import quoted
from index.answering.excerpts.surroundings import surroundings
from index.answering.kinds.tables.shown_rows import answer_shown_row
from index.answering.scope import Scope
from index.answering.tuning import TUNING
from index.document import Span
from index.parsing.limits import ParsingLimits
from index.parsing.parser import parse_bytes
from index.rewriting import Turn
from index.store.folder.store import IndexStore
from testing.fakes import publish
from tests.index.answering.scopes import scope_of

ROTA = """\
Week,On call,Deputy,Per hour,Per day,Phone
52,Ada Lund,Bo Krag,40,300,5513
53,Cai Moe,Ada Lund,45,310,5514
"""
DOCUMENT = parse_bytes(ROTA.encode(), "rota.csv", ".csv", limits=ParsingLimits())


@pytest.fixture(scope="module")
def scope(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scope]:
    store = IndexStore(tmp_path_factory.mktemp("index"))
    publish(store, DOCUMENT)
    generation = store.open(None)
    yield scope_of(generation, today=date(2026, 12, 1))
    generation.catalog.close()


@pytest.mark.parametrize(
    ("typed", "cell"),
    [
        ("who is the deputy then?", "Bo Krag"),
        ("and who's the deputy", "Bo Krag"),
        ("what's the number", "5513"),
        ("what is the telephone number?", "5513"),
        ("what's the price per day?", "300"),
        ("what is the price", None),
        ("who is the doctor", None),
        ("what is the deputy of Cai paid", None),
        ("deputies", None),
    ],
)
def test_a_cell_of_the_row_that_was_shown(typed: str, cell: str | None, scope: Scope) -> None:
    at = DOCUMENT.text.index("52")
    row = Span(at, DOCUMENT.text.index("5513") + len("5513"))
    context = surroundings([Turn("?", quoted("rota.csv", [row], scope.catalog))], scope, TUNING)
    found = answer_shown_row(typed, context, scope)
    shown = found.excerpts if found else ()
    spans = [span for excerpt in shown for span in excerpt.emphasis]
    cells = [scope.catalog.quote("rota.csv", span) for span in spans]
    assert cells == ([cell] if cell else [])
