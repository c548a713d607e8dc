from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from index.answering.answer import Excerpt
from index.answering.excerpts.merging import merge
from index.answering.excerpts.quoting import quoted
from index.answering.excerpts.verification import verify
from index.document import Span
from index.store.folder.store import IndexStore
from testing.fakes import document_of, publish

NOTES = document_of("The costs are met.", "Oslo decides alone.", "A truce comes first.")


@pytest.mark.parametrize(
    ("groups", "shown"),
    [
        ([["costs are met."], ["A truce"]], ["costs are met.", "A truce"]),
        ([["Oslo"], ["Oslo decides", "The costs"]], ["Oslo decides", "The costs"]),
        ([["Oslo decides", "The costs"], ["decides alone."]], ["Oslo decides alone.", "The costs"]),
        ([["Oslo"], ["A truce"], ["alone.\nA truce"]], ["Oslo", "alone.\nA truce"]),
        ([["Oslo"], ["truce"], ["decides", "Oslo decides"]], ["Oslo decides", "truce"]),
        ([[], ["Oslo"], ["Oslo"]], ["Oslo"]),
        ([], []),
    ],
)
def test_excerpts_of_several_questions_are_united(
    tmp_path: Path, groups: Sequence[Sequence[str]], shown: Sequence[str]
) -> None:
    store = IndexStore(tmp_path)
    publish(store, NOTES)
    catalog = store.open(None).catalog

    def excerpts(texts: Sequence[str]) -> tuple[Excerpt, ...]:
        starts = [NOTES.text.index(text) for text in texts]
        spans = [Span(at, at + len(text)) for at, text in zip(starts, texts, strict=True)]
        return quoted(NOTES.name, spans, catalog)

    merged = merge(map(excerpts, groups), catalog)
    verify(merged, catalog)
    assert [excerpt.number for excerpt in merged] == list(range(1, len(merged) + 1))
    assert [excerpt.quote for excerpt in merged] == list(shown)
    catalog.close()
