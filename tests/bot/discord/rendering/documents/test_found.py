"""How found passages are shown."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from bot.discord.rendering.documents.found import shown_passage
from bot.discord.rendering.documents.sources import passages
from bot.discord.rendering.message import Button
from index.answering.answer import Hit, Quote
from index.chunking.passage import Passage, Unit
from index.document import BlockKind, Span, Style, StyleKind
from tests.bot.discord.rendering.shown import shown

HEADER = "Site | District | Crew | Fuel litres | Start | End | Status"


def _hit(
    texts: Sequence[str],
    *matches: str,
    kind: BlockKind = BlockKind.PARAGRAPH,
    joint: str = " ",
    header: str = "",
) -> Hit:
    """Return a passage at 1,000 of such units, which holds these words of a query."""
    starts = list(accumulate((len(text) + len(joint) for text in texts), initial=1_000))
    spans = [Span(start, start + len(text)) for start, text in zip(starts, texts, strict=False)]
    text = joint.join(texts)
    rows = [Style(StyleKind.ROW, span, 1) for span in spans] if kind is BlockKind.ROW else []
    head = Span(10, 10 + len(header))
    places = sorted((1_000 + text.index(word), len(word)) for word in matches)
    passage = Passage(
        id="p",
        document="a.csv",
        title="A",
        heading=(),
        page=None,
        span=Span(1_000, 1_000 + len(text)),
        text=text,
        units=tuple(Unit(kind, span, 0, group=1) for span in spans),
    )
    return Hit(
        1,
        1.0,
        passage,
        styles=(*([Style(StyleKind.HEADER, head, 1)] if header else []), *rows),
        matches=tuple(Span(start, start + length) for start, length in places),
        header=Quote(header, head) if header else None,
    )


def _rows(count: int) -> list[str]:
    return [
        f"Site {n} | North | B | {n} | 2026-01-{n:02} | 2026-02-{n:02} | s{n}" for n in range(count)
    ]


def test_a_short_table_is_whole_below_the_names_of_its_columns() -> None:
    hit = _hit(["Heron 4 | 12", "Tern | 8"], kind=BlockKind.ROW, joint="\n", header="Boat | Seats")
    found = shown_passage(hit)
    (block,) = found.quotes
    assert [line.split() for line in block.split("\n")[1:-1]] == [
        [">", "Boat", "Seats"],
        [">", "───────", "─────"],
        [">", "Heron", "4", "12"],
        [">", "Tern", "8"],
    ]
    assert found.spans == (hit.passage.span,)
    assert not found.rows_left


def test_of_a_long_table_the_rows_with_the_most_words_stand_first() -> None:
    hit = _hit(_rows(30), "Site 7 ", "s7", "s21", kind=BlockKind.ROW, joint="\n", header=HEADER)
    found = shown_passage(hit)
    (block,) = found.quotes
    assert block.index("Site 7\n") < block.index("Site 21\n")
    assert block.count("**District** North") == 2
    assert found.rows_left == 28
    assert [hit.passage.text_of(span)[:7] for span in found.spans] == ["Site 7 ", "Site 21"]


def test_where_no_row_has_a_word_the_first_are_shown() -> None:
    hit = _hit(_rows(9), kind=BlockKind.ROW, joint="\n", header=HEADER)
    found = shown_passage(hit)
    (block,) = found.quotes
    assert "Site 0" in block
    assert "Site 8" not in block
    assert found.rows_left == 9 - len(found.spans) > 0
    message = passages([hit], query="x", opener=lambda _: Button("Source", "p"))
    assert f"… and {found.rows_left} more rows\n-# \\[1] **A**" in shown(message)


def test_sentences_around_the_words_that_were_found_are_shown_whole() -> None:
    sentences = [f"Sentence number {n} tells of the weather on the fjord." for n in range(30)]
    found = shown_passage(_hit(sentences, "number 17"))
    (block,) = found.quotes
    assert block.startswith("> … Sentence number ")
    assert "number 17 " in block
    assert block.endswith(" fjord. …")
    assert len(block) < 450
    assert not found.rows_left


@given(st.integers(0, 199), st.integers(1, 30))
def test_no_word_of_a_long_sentence_is_cut(at: int, length: int) -> None:
    words = [f"{'x' * length}{n}" for n in range(200)]
    (block,) = shown_passage(_hit([" ".join(words)], words[at])).quotes
    kept = block.removeprefix("> ").strip("… ").split()
    assert words[at] in kept
    assert kept == words[words.index(kept[0]) : words.index(kept[-1]) + 1]
