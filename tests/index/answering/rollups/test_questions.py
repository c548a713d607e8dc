"""Lists over documents of our own, with the documents and counts that a person found in them.

tests/data/roll-ups/README.md says how they were made.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from index.answering.excerpts.verification import verify
from index.answering.kinds.listings import list_of
from index.answering.rollups.roll_up import verified_roll_up
from index.parsing import ParsingLimits
from index.parsing.parser import parse_bytes
from index.store.folder.store import IndexStore
from index.store.generation import Generation
from testing.fakes import publish

DATA = Path(__file__).parents[3] / "data" / "roll-ups"
QUESTIONS = [json.loads(line) for line in (DATA / "questions.jsonl").read_text().splitlines()]
TODAY = date(2026, 6, 10)


@pytest.fixture(scope="module")
def generation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generation]:
    folder = DATA / "documents"
    documents = [
        parse_bytes(
            path.read_bytes(),
            path.relative_to(folder).as_posix(),
            path.suffix,
            limits=ParsingLimits(),
        )
        for path in sorted(folder.rglob("*.*"))
    ]
    store = IndexStore(tmp_path_factory.mktemp("index"))
    publish(store, *documents)
    generation = store.open(None)
    yield generation
    generation.catalog.close()


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda asked: asked["question"])
def test_a_list_has_the_documents_and_the_counts_that_a_person_found(
    generation: Generation, asked: dict[str, object]
) -> None:
    request = list_of(str(asked["question"]), TODAY)
    found = verified_roll_up(request, generation, today=TODAY, most=100)
    assert request.lists == asked["list"]
    assert sorted({row.document for row in found.rows}) == asked["documents"]
    assert found.extent.documents == len(asked["documents"])
    assert found.extent.statements == asked.get("statements", found.extent.statements)
    assert found.extent.is_whole
    verify((row.quote for row in found.rows if row.quote), generation.catalog)
