"""Documents as they are listed, and their cards, the complete text."""

from __future__ import annotations

from dataclasses import replace

from bot.discord.rendering.answers.listed import (
    DocumentListing,
    card_message,
    listed_block,
    listed_message,
)
from bot.discord.rendering.message import Button, Section
from bot.library import Card, ContentsEntry
from index.answering.answer import Excerpt, ListedDocument
from index.document import Span
from tests.bot.discord.rendering.shown import shown

_QUOTE = Excerpt(
    number=1,
    quote="The *depot* moves to Karsk.",
    document="plans/depot.md",
    title="The depot",
    heading=("Plans", "May"),
    page=3,
    span=Span(100, 127),
    passage="0123456789abcdef0123",
    score=1.0,
    emphasis=(Span(121, 126),),
)
_DEPOT = ListedDocument("plans/depot.md", "The depot", "2026-05-12", 3, _QUOTE)
_OPEN = Button("Source 1", "p:1")
_CARD = Card(
    document="plans/depot_2.md",
    title="The *depot*",
    date="2026-05-12",
    author="Ines Vidal",
    pages=12,
    contents=(ContentsEntry("1. Aim", 20), ContentsEntry("Costs", 300)),
)


def test_a_document_stands_there_once_with_its_date_and_one_quote() -> None:
    assert listed_block(2, _DEPOT, button=_OPEN) == (
        "\\[2] **The depot** · 12 May 2026 · 3 mentions\n> The \\*depot\\* moves to **Karsk**.",
        Section("-# › Plans › May, page 3", _OPEN),
    )
    plain = replace(_QUOTE, heading=(), page=None, emphasis=())
    once = replace(_DEPOT, mentions=1, date=None, quote=plain)
    assert listed_block(1, once, button=_OPEN) == (
        "\\[1] **The depot**\n> The \\*depot\\* moves to Karsk.",
        Section("-# plans/depot.md", _OPEN),
    )


def test_without_a_quote_its_name_is_shown() -> None:
    dated = ListedDocument("a_b.md", "The depot", "2026-05-12T10:00")
    assert listed_block(1, dated, button=_OPEN) == (
        Section("\\[1] **The depot** · 12 May 2026\n-# a\\_b.md", _OPEN),
    )
    bare = listed_block(1, ListedDocument("a_b.md", " "), button=_OPEN)
    assert bare == (Section("\\[1] **a\\_b.md**", _OPEN),)


def test_a_page() -> None:
    assert shown(listed_message(DocumentListing(("one", "two"), footer="Page 2 of 3"))) == (
        "------\none\n\N{NO-BREAK SPACE}\ntwo\n(Page 2 of 3)"
    )
    assert (
        shown(listed_message(DocumentListing(()))) == "------\nNo document of that name is known."
    )


def test_a_card() -> None:
    assert shown(card_message(_CARD)) == (
        "------\n"
        "**The \\*depot\\***\n"
        "dated 12 May 2026 · by Ines Vidal · 12 pages · plans/depot\\_2.md\n\n"
        "- 1\\. Aim\n- Costs"
    )
    bare = Card("a.md", "", None, None, None, ())
    assert shown(card_message(bare)) == "------\n**a.md**\na.md"
    many = replace(_CARD, contents=(ContentsEntry("Aim", 1),) * 30)
    assert shown(card_message(many)).endswith("- Aim\n- and 10 more")
