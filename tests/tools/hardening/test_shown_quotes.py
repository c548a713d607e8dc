"""That a quote is shown is noticed, and that a word, figure or sign of it is not, as well."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath

import pytest

from bot.discord.rendering.answers.evidence import cited
from bot.discord.rendering.message import packed
from index.answering.answer import Excerpt, Quote
from index.document import BlockKind, Document, Span, Style, StyleKind
from index.parsing.limits import ParsingLimits
from index.parsing.parser import parse_bytes
from index.store.catalog.layouts import layout_of
from tests.bot.discord.rendering.sent import texts_of
from tools.hardening.shown_quotes import is_shown, seen

TEXT = """---
owner: Ingrid Moe
status: "in force"
---

# Stoves & pumps

It was **-5** degrees, as *few* had ~~feared~~ hoped: 3 < 4.

- one stove
- two pumps
  - of 40 litres

1. Lock
2. Leave

> Never alone.

| Stock point | Sweden | Finland |
| --- | --: | --- |
| Tents | 800 | Turku, 1,200 of 5 m² |
| Stoves | | none |
"""
NAMES = {"Stock", "point", "Sweden", "Finland"}
"""Of the columns: they are repeated before cells."""
ROWS = ("| Tents | 800 | Turku, 1,200 of 5 m² |", "| Stoves | | none |")


def document(text: str) -> Document:
    name = "a.md"
    data = text.encode()
    return parse_bytes(data, name, PurePosixPath(name).suffix, limits=ParsingLimits())


def excerpt(source: Document, quote: str, number: int = 1) -> Excerpt:
    start = source.text.index(quote)
    of_table = [one.span for one in source.blocks if one.kind is BlockKind.HEADER]
    return Excerpt(
        number=number,
        quote=quote,
        document=source.name,
        title="A",
        heading=(),
        page=None,
        span=Span(start, start + len(quote)),
        passage="1",
        score=1.0,
        header=Quote(of_table[0].of(source.text), of_table[0]) if quote in ROWS else None,
        styles=tuple(layout_of(source.blocks, source.styles)),
    )


def shown(*excerpts: Excerpt) -> str:
    texts = (text for part in packed(cited(excerpts)) for text in texts_of(part))
    return seen("\n\n".join(texts))


def spaced(words: list[str], at: int = 0, instead: list[str] | None = None, lost: int = 1) -> str:
    """Return words with a space after each, those from `at` on replaced."""
    if instead is not None:
        words = [*words[:at], *instead, *words[at + lost :]]
    return "".join(f"{word} " for word in words)


@pytest.mark.parametrize("quote", [*TEXT.strip().split("\n\n"), *ROWS, TEXT.strip()])
def test_each_word_figure_and_sign_counts(quote: str) -> None:
    one = excerpt(document(TEXT), quote)
    whole = shown(one).split()
    assert is_shown(one, spaced(whole))
    last = whole.index("[1]") - 1  # the source follows
    for at, word in enumerate(whole[: last + 1]):
        if word in NAMES:
            continue
        lost, altered = spaced(whole, at, []), spaced(whole, at, [f"{word}s"])
        assert not is_shown(one, lost), word
        assert not is_shown(one, altered), word
        if at < last:
            assert not is_shown(one, spaced(whole, at, [word, "not"])), word
        if at < last and whole[at + 1] not in {*NAMES, word}:
            assert not is_shown(one, spaced(whole, at, [whole[at + 1], word], 2)), word


def test_rows_of_one_table_are_shown_together() -> None:
    first, second = (excerpt(document(TEXT), row, at) for at, row in enumerate(ROWS, start=1))
    together = shown(first, second)
    assert is_shown(first, together)
    assert is_shown(second, together)
    assert not is_shown(first, shown(second))
    assert not is_shown(second, shown(first))


def test_columns_side_by_side() -> None:
    table = "| Tent | Kits |\n|---|--:|\n| A | 12 |\n| B | 140 |"
    one = excerpt(document(f"Text.\n\n{table}\n"), table)
    assert shown(one).startswith("Tent Kits A 12 B 140 [1]")
    assert is_shown(one, shown(one))
    for lost in ("Tent", "Kits", "12", "B"):
        assert not is_shown(one, shown(one).replace(f"{lost} ", "", 1)), lost


def test_a_cell_in_another_column_is_noticed() -> None:
    row = excerpt(document(TEXT), ROWS[0])
    assert not is_shown(row, shown(row).replace("Sweden 800 Finland", "Finland 800 Sweden"))


def test_a_style_must_not_hide_words() -> None:
    quote = "It was **-5** degrees"
    one = excerpt(document(TEXT), quote)
    hidden = Style(StyleKind.INSTEAD, Span(one.span.end - len(" degrees"), one.span.end))
    without = replace(one, styles=(*one.styles, hidden))
    assert is_shown(one, shown(one))
    assert "degrees" not in shown(without)
    assert not is_shown(without, shown(without))
