"""Sources by themselves, the complete text."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord.rendering.documents.sources import document_rows, passages, source
from bot.discord.rendering.message import Button
from bot.library import View
from index.answering.answer import Hit, Successor
from index.chunking.passage import Passage, Unit
from index.document import BlockKind, Span, Style, StyleKind, TextOrigin
from index.store.catalog.document_table import DocumentRow
from testing.discord_client import discord_client
from tests.bot.discord.rendering.sent import check, texts_of
from tests.bot.discord.rendering.shown import shown
from tests.bot.discord.rendering.texts import any_text

_VIEW = View(
    document="security/norway_force.pdf",
    title="Norway's *force*",
    heading=("Roles", "On the ground"),
    page=3,
    pages=12,
    date="2026-01-19T10:00:00",
    before="What comes before.\n\n# ",
    excerpt="Observers\ncheck the truce.",
    after=" And what comes after it.\n\n",
    number=4,
    count=9,
    previous=3,
    span=Span(0, 100),
)
_ROW = [[Button("Back", "v:1"), Button("On", "v:2")]]
_PASSAGE = Passage(
    id="0123456789abcdef0123",
    document="norway/force.pdf",
    title="Norway's force",
    heading=("Roles",),
    page=1,
    span=Span(7, 33),
    text="Observers check the truce.",
    units=(Unit(BlockKind.PARAGRAPH, Span(7, 33), 1),),
)


def test_words_of_little_confidence_are_named() -> None:
    view = replace(_VIEW, origins=(TextOrigin.RECOGNISED,), doubtful=("12.400", "*Havn*"))
    text = shown(source(view, rows=_ROW))
    assert "recognised text" in text
    assert "Recognised with little confidence: “12.400”, “\\*Havn\\*”" in text


def test_what_is_not_of_the_body_says_so() -> None:
    view = replace(_VIEW, origins=(TextOrigin.NOTES, TextOrigin.HIDDEN))
    facts = "page 3 of 12 · speaker notes · hidden in the file · dated 19 Jan 2026"
    assert facts in shown(source(view))
    noted = replace(_PASSAGE.units[0], origin=TextOrigin.NOTES)
    hit = Hit(1, 4.25, replace(_PASSAGE, units=(noted,)))
    assert "**Norway's force** › Roles, page 1, speaker notes" in shown(
        passages([hit], query="x", opener=_opener)
    )


def test_an_excerpt_in_its_place() -> None:
    assert shown(source(_VIEW, note="This document has *changed*.", rows=_ROW)) == (
        "------\n"
        "⚠️ This document has \\*changed\\*.\n"
        "**Norway's \\*force\\*** › Roles › On the ground\n"
        "page 3 of 12 · dated 19 Jan 2026 · security/norway\\_force.pdf\n\u00a0\n"
        "What comes before.\n\n\\#\n\n"
        "> Observers\n> check the truce.\n\n"
        "And what comes after it.\n"
        "(Part 4 of 9)\n"
        "[Back](v:1) [On](v:2)"
    )


def test_a_page_of_reading() -> None:
    view = replace(
        _VIEW,
        heading=(),
        page=None,
        pages=None,
        date=None,
        columns="Term | Nature",
        span=Span(0, 5),
        styles=(Style(StyleKind.ROW, Span(0, 5), 3),),
        before="a | b",
        excerpt="",
        after="",
        count=1,
    )
    assert shown(source(view)) == (
        "------\n"
        "**Norway's \\*force\\***\n"
        "security/norway\\_force.pdf\n\u00a0\n"
        "**Term** a\n**Nature** b"
    )
    empty = replace(view, before=" \n", columns=None, span=Span(0, 2), styles=())
    assert shown(source(empty)).endswith("norway\\_force.pdf\n\u00a0\nThere is no text here.")


def test_the_address_of_a_link_is_told_and_leads_nowhere() -> None:
    styles = (Style(StyleKind.LINK, Span(16, 20), text="https://evil.example/<@1>"),)
    view = replace(_VIEW, before="", excerpt="See the plan of it.", after="", span=Span(8, 27))
    text = shown(source(replace(view, styles=styles)))
    assert "> See the plan of it.\n\n↗ plan: https\\://evil.example/\\<\\@1>" in text
    assert "↗" not in shown(source(view))


@pytest.mark.parametrize(
    ("number", "records"),
    [
        (0, ["> **Lorry** Heron", "- **Lorry** Egret", "- Stork"]),
        (1, ["**Lorry** Heron", "> **Lorry** Egret", "**Lorry** Stork"]),
        (2, ["- **Lorry** Heron", "- Egret", "> **Lorry** Stork"]),
    ],
)
def test_a_row_and_those_around_it_have_the_names_of_their_columns(
    number: int, records: list[str]
) -> None:
    lines = ["Lorry | Seats | Driver of the lorry"]
    lines += [f"{name} | 4 | {name} Moe, who drives it" for name in ("Heron", "Egret", "Stork")]
    text, at, spans = "\n".join(lines), 0, []
    for line in lines:
        spans.append(Span(at, at + len(line)))
        at += len(line) + 1
    kinds = (StyleKind.HEADER, *[StyleKind.ROW] * 3)
    place = spans[number + 1]
    view = replace(
        _VIEW,
        span=Span(0, len(text)),
        before=text[: place.start],
        excerpt=place.of(text),
        after=text[place.end :],
        columns=None,
        styles=tuple(Style(kind, span, 1) for kind, span in zip(kinds, spans, strict=True)),
    )
    found = re.findall(
        r"^(?:> |- )?(?:\*\*Lorry\*\* )?(?:Heron|Egret|Stork)$", shown(source(view)), re.MULTILINE
    )
    assert found == records


def test_less_of_the_text_around_a_long_excerpt() -> None:
    view = replace(
        _VIEW, before="before it " * 200, excerpt="the excerpt " * 170, after=" after it" * 100
    )
    (part,) = source(view)
    check(part)
    text = "\n\n".join(texts_of(part)[:-1])
    assert "\n… before it before" in text or "\n… it before" in text
    assert text.rstrip().endswith(" …")
    assert text.count("excerpt") == 170


@given(
    before=any_text,
    excerpt=any_text,
    after=any_text,
    note=st.none() | any_text,
    times=st.sampled_from([1, 1, 100, 500]),
)
def test_any_view_can_be_sent(
    before: str, excerpt: str, after: str, note: str | None, times: int
) -> None:
    view = replace(
        _VIEW, before=before * times, excerpt=excerpt * times, after=after * times, title=before
    )
    for part in source(view, note=note, rows=_ROW):
        check(part)
        for text in texts_of(part):
            assert discord_client(text).kinds <= {"quote", "strong", "subtext"}


def _opener(hit: Hit) -> Button:
    return Button(f"Source {hit.rank}", f"p:{hit.rank}")


def test_words_that_no_document_has() -> None:
    hits, absent = [Hit(1, 4.25, _PASSAGE)], ["zebra", "*okapi*"]
    (some,) = passages(hits, query="truce zebra", opener=_opener, absent=absent)
    assert some.content == (
        "Passages for: **truce zebra**\n-# I find “zebra” or “\\*okapi\\*” nowhere."
    )
    (none,) = passages(hits, query="x", opener=_opener, absent=absent[:1], is_none_said=True)
    assert none.content == "I find “zebra” nowhere. These passages come nearest:"
    for is_none_said in (False, True):  # elsewhere it may stand
        (there,) = passages(
            hits, query="x", opener=_opener, absent=["zebra"], is_none_said=is_none_said,
            is_narrowed=True,
        )  # fmt: skip
        assert "I find “zebra” nowhere there." in str(there.content)


def test_passages() -> None:
    hits = [Hit(6, 4.25, _PASSAGE), Hit(7, 1.0, replace(_PASSAGE, heading=(), page=None))]
    found = passages(hits, query="truce  _x_", opener=_opener, footer="Page 2 of 3", rows=_ROW)
    assert shown(found) == (
        "Passages for: **truce \\_x\\_**\n"
        "------\n"
        "> Observers check the truce.\n\n"
        "\\[6] **Norway's force** › Roles, page 1\n[Source 6](p:6)\n\n"
        "> Observers check the truce.\n\n\\[7] **Norway's force**\n[Source 7](p:7)\n"
        "(Page 2 of 3)\n"
        "[Back](v:1) [On](v:2)"
    )
    assert shown(passages([], query="truce", opener=_opener)) == (
        "Passages for: **truce**\n------\nNothing was found."
    )


def test_documents() -> None:
    at = "2026-02-01T00:00:00+00:00"
    rows = [
        DocumentRow("a.txt", "The *first*", "2026-01-19T10:00:00", 2, 1234, at, None, ()),
        DocumentRow("b.txt", "B", None, None, 1, at, "it is empty", ()),
        DocumentRow("c\n.pdf", None, None, None, 0, None, "it is damaged.", ()),
        DocumentRow("d.txt", "D", None, 1, 1, at, None, ("It is a copy of a.txt.",)),
    ]
    assert shown(document_rows(rows, how_read=True, footer="Page 1 of 2")) == (
        "------\n"
        "**The \\*first\\***\n"
        "a.txt · 19 Jan 2026 · 2 pages · 1,234 passages · indexed <t:1769904000:d>\n\u00a0\n"
        "🕒 **B**\n"
        "b.txt · 1 passage · indexed <t:1769904000:d>\n"
        "The file as it is now could not be read: it is empty. Its last good version answers.\n"
        "\u00a0\n"
        "❌ **c␤.pdf**\n"
        "Not read: it is damaged.\n\u00a0\n"
        "⚠️ **D**\n"
        "d.txt · 1 page · 1 passage · indexed <t:1769904000:d>\n"
        "Read with remarks: It is a copy of a.txt.\n"
        "(Page 1 of 2)"
    )
    assert shown(document_rows(rows[:1])) == (
        "------\n**The \\*first\\***\na.txt · 19 Jan 2026 · 2 pages"
    )
    replaced = {"a.txt": Successor("b.txt", "The *first*", "2026-02-01")}
    assert shown(document_rows(rows[:1], replaced=replaced)) == (
        "------\n**The \\*first\\***\n"
        "a.txt · 19 Jan 2026 · replaced on 1 Feb 2026 by a newer version · 2 pages"
    )
    assert shown(document_rows([])) == "------\nNo document of that name is known."
