"""Answers as they are sent, the complete text."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord.rendering.answers.answers import answer, closest, more_rows
from bot.discord.rendering.answers.evidence import pages_of_rows
from bot.discord.rendering.answers.listed import DocumentListing
from bot.discord.rendering.message import Button
from bot.text import visible
from index.answering.answer import (
    Choice,
    CitedCell,
    Computed,
    Difference,
    Excerpt,
    QuestionKind,
    Quote,
    Reply,
    Response,
    Says,
    Standing,
    Successor,
    Verdict,
)
from index.document import Span, TextOrigin
from testing.discord_client import discord_client
from tests.bot.discord.rendering.renderers import preview
from tests.bot.discord.rendering.sent import buttons_of, check, texts_of
from tests.bot.discord.rendering.shown import shown
from tests.bot.discord.rendering.texts import any_text

_ROLES = (
    "Norway's force could be given two roles:\n\n"
    "- **Monitoring.** Observers would check the truce.\n"
    "- **Reform.** Advisers would help."
)


def _excerpt(number: int, quote: str, **changes: object) -> Excerpt:
    excerpt = Excerpt(
        number=number,
        quote=quote,
        document="security/norway.md",
        title="Norway and a force",
        heading=("Roles",),
        page=None,
        span=Span(100, 100 + len(quote)),
        passage="0123456789abcdef0123",
        score=5.0 - number,
    )
    return replace(excerpt, **changes)  # type: ignore[arg-type]  # fields by name


_NORWAY = Response(
    question="what roles?",
    verdict=Verdict.ANSWERED,
    confidence=0.8444,
    generation=7,
    excerpts=(_excerpt(1, _ROLES, emphasis=(Span(144, 192),)),),
)
_NO_ANSWER = Response(
    "who won?", Verdict.SILENT, 0.04, 7, closest=(_excerpt(1, "Observers *check*."),)
)
_NOTHING = "**I found nothing close in the documents.**\n"


def test_a_list() -> None:
    assert shown(answer(_NORWAY, exchange=12)) == (
        "------\n"
        "> Norway's force could be given two roles:\n"
        "> \n"
        "> \\- **\\*\\*Monitoring.\\*\\* Observers would check the truce.**\n"
        "> \\- \\*\\*Reform.\\*\\* Advisers would help.\n"
        "\n"
        "\\[1] **Norway and a force** › Roles\n"
        "[Source](s:12:1)\n"
        "(Confidence 84%)\n"
        "[👍](f:12:up) [👎](f:12:down) "
        "[Tell me when this changes](w:12)"
    )


def test_several_documents_with_what_was_asked() -> None:
    excerpts = (
        _excerpt(1, "First in the document.", heading=(), page=3),
        _excerpt(2, "Oslo decides.", emphasis=(Span(100, 113),)),
        _excerpt(3, "Two\nlines.", document="b.pdf", title="B", heading=("1. A", "x_y"), page=1000),
        _excerpt(4, "Four.", document="c_d.txt", title=" "),
        _excerpt(5, "Five."),
    )
    parts = answer(
        replace(_NORWAY, excerpts=excerpts),
        exchange=3,
        asked="and how *large*\nwould it be?",
        rewritten="how large would Norway's force be",
    )
    assert shown(parts) == (
        "Question: **and how \\*large\\* would it be?**\n"
        "-# Understood as: how large would Norway's force be\n"
        "------\n"
        "> First in the document.\n\n"
        "\\[1] **Norway and a force**, page 3\n[Source 1](s:3:1)\n\n"
        "> Oslo decides.\n\n\\[2] **Norway and a force** › Roles\n[Source 2](s:3:2)\n\n"
        "> Two\n> lines.\n\n\\[3] **B** › 1\\. A › x\\_y, page 1,000\n[Source 3](s:3:3)\n\n"
        "> Four.\n\n\\[4] **c\\_d.txt** › Roles\n[Source 4](s:3:4)\n\n"
        "> Five.\n\n\\[5] **Norway and a force** › Roles\n[Source 5](s:3:5)\n"
        "(Confidence 84%)\n"
        "[👍](f:3:up) [👎](f:3:down) "
        "[Tell me when this changes](w:3)"
    )


_PLACES = st.sampled_from([None, "Boat | Seats", "Month | Litres"])


@given(st.lists(st.tuples(_PLACES, st.integers(1, 900)), min_size=1, max_size=15))
def test_each_excerpt_has_a_button_of_its_own_below_its_quote(
    places: list[tuple[str | None, int]],
) -> None:
    """Of whatever kind the answer is, in the order of the excerpts, and in the same message.

    Rows of a long table that are left for later have one together.
    """
    excerpts = tuple(
        _excerpt(
            number, f"{number}w" * length, header=Quote(header, Span(0, 9)) if header else None
        )
        for number, (header, length) in enumerate(places, start=1)
    )
    numbers = range(1, len(excerpts) + 1)
    for found in (
        replace(_NORWAY, excerpts=excerpts),
        replace(_NORWAY, excerpts=excerpts, verdict=Verdict.UNSURE, unknown_names=("Sweden",)),
        replace(_NORWAY, excerpts=excerpts, choices=(Choice("a", "b"),) * 3),
        replace(_NORWAY, excerpts=excerpts, computed=(Computed("sum", "5", ()),)),
    ):
        parts = answer(found, exchange=9, asked="what?")
        ids = [button.custom_id for part in parts for button in buttons_of(part)]
        reached: list[int] = []
        for one in ids:
            if one.startswith("s:"):
                reached.append(int(one[4:]))
            elif later := re.fullmatch(r"u:o:9:(\d+)-(\d+)", one):
                reached += range(int(later[1]), int(later[2]) + 1)
        assert reached == [*numbers]
        for part in parts:
            check(part)
            words = "".join(texts_of(part))
            for button in buttons_of(part):
                if button.custom_id.startswith("s:"):
                    assert f"{button.custom_id[4:]}w" in words


def test_no_answer() -> None:
    assert shown(answer(_NO_ANSWER, exchange=5)) == (
        f"------\n{_NOTHING}"
        "[Closest passages](c:5) [👍](f:5:up) [👎](f:5:down) "
        "[Tell me once you know](w:5)"
    )
    assert shown(answer(replace(_NO_ANSWER, closest=()), exchange=5)) == (
        f"------\n{_NOTHING}[👍](f:5:up) [👎](f:5:down) [Tell me once you know](w:5)"
    )


def test_a_doubtful_answer_shows_its_passages_at_once() -> None:
    excerpts = (_excerpt(1, "Oslo decides."), _excerpt(2, "Bergen pays.", heading=()))
    unsure = replace(_NORWAY, verdict=Verdict.UNSURE, confidence=0.312, excerpts=excerpts)
    parts = answer(unsure, exchange=12)
    assert shown(parts) == (
        "------\n"
        "**I am not sure that this answers it.**\n\n"
        "> Oslo decides.\n\n\\[1] **Norway and a force** › Roles\n[Source 1](s:12:1)\n\n"
        "> Bergen pays.\n\n\\[2] **Norway and a force**\n[Source 2](s:12:2)\n"
        "(Confidence 31%)\n"
        "[👍](f:12:up) [👎](f:12:down) "
        "[Tell me once you know](w:12)"
    )


def test_each_verdict_has_a_colour_of_its_own() -> None:
    excerpts = (_excerpt(1, "Oslo decides."),)
    said = [replace(_NORWAY, verdict=verdict, excerpts=excerpts) for verdict in Verdict]
    colours = {answer(one, exchange=1)[0].frames[0].colour for one in said}
    assert len(colours) == 3


@pytest.mark.parametrize("verdict", Verdict)
def test_an_estimate_is_not_called_a_fact(verdict: Verdict) -> None:
    response = replace(_NO_ANSWER, verdict=verdict, uncovered=("who pays",))
    said = shown(answer(response, exchange=1)) + shown(closest(response.closest))
    assert "documents do not say" not in said
    assert "None of them" not in said


# Tables

_ROW = "Heron 4 | 12 | diesel"
_HEADER = Quote("Boat | Seats | Fuel", Span(20, 39))


def _row(number: int, quote: str, start: int, **changes: object) -> Excerpt:
    span = Span(start, start + len(quote))
    changes = {"heading": ("Boats",), "page": 2, "header": _HEADER} | changes
    return _excerpt(number, quote, span=span, **changes)


def test_a_row_stands_below_its_header() -> None:
    found = replace(_NORWAY, excerpts=(_row(1, _ROW, 40, emphasis=(Span(50, 52),)),))
    assert shown(answer(found, exchange=1)).startswith(
        "------\n"
        "> Boat | Seats | Fuel\n"
        "> Heron 4 | **12** | diesel\n\n"
        "\\[1] **Norway and a force** › Boats, page 2\n"
    )


def test_an_excerpt_says_where_in_its_file_it_stands() -> None:
    noted = replace(_NORWAY.excerpts[0], origin=TextOrigin.NOTES)
    said = shown(answer(replace(_NORWAY, excerpts=(noted,)), exchange=12))
    assert "\\[1] **Norway and a force** › Roles, speaker notes\n" in said


def test_rows_of_one_table_stand_together() -> None:
    other = Quote("Month | Litres", Span(900, 914))
    excerpts = (
        _row(1, _ROW, 40),
        _row(2, "Heron 5 | 14 | petrol", 62, emphasis=(Span(77, 83),)),
        _row(3, "May | 30", 920, header=other),
        _excerpt(4, "Four."),
    )
    found = replace(_NORWAY, excerpts=excerpts)
    assert shown(answer(found, exchange=1)).startswith(
        "------\n"
        "> Boat | Seats | Fuel\n> Heron 4 | 12 | diesel\n> Heron 5 | 14 | **petrol**\n"
        "(\\[1] \\[2] **Norway and a force** › Boats, page 2)\n\n"
        "[Source 1](s:1:1) [Source 2](s:1:2)\n\n"
        "> Month | Litres\n> May | 30\n\n"
        "\\[3] **Norway and a force** › Boats, page 2\n[Source 3](s:1:3)\n\n"
        "> Four.\n\n\\[4] **Norway and a force** › Roles\n[Source 4](s:1:4)\n"
    )
    many = tuple(_row(number, "a | 1", 100 + 6 * number) for number in range(1, 6))
    said = shown(answer(replace(_NORWAY, excerpts=many), exchange=1))
    assert "\n(\\[1]–\\[5] **Norway and a force** › Boats, page 2)\n" in said


def test_a_long_table_shows_its_first_rows_and_a_button_to_the_others() -> None:
    header = Quote("Boat | Number of seats | Fuel of the boat, and where to get it", Span(0, 62))
    rows = tuple(
        _row(number, f"Heron {number} | {number} | diesel, at the harbour", 62 + 40 * number)
        for number in range(1, 31)
    )
    found = replace(_NORWAY, excerpts=tuple(replace(row, header=header) for row in rows))
    said = shown(answer(found, exchange=1))
    assert "Heron 6 |" in said
    assert "Heron 7 |" not in said
    assert "[Source 6](s:1:6) [24 more rows](u:o:1:7-30)" in said
    pages = [
        shown(more_rows(rows, left_out=number == 4, opener=_opener, footer=f"Page {number} of 4"))
        for number, rows in enumerate(pages_of_rows(found.excerpts[6:]), start=1)
    ]
    assert len(pages) == 4
    assert all(sum(f"Heron {n} |" in page for page in pages) == 1 for n in range(7, 31))
    assert "One passage is left out" in pages[3]
    assert "Page 4 of 4" in pages[3]


def _opener(excerpt: Excerpt) -> Button:
    return Button(f"Source {excerpt.number}", f"p:{excerpt.number}")


def test_what_is_computed_is_said_to_be_and_from_which_cells() -> None:
    def cell(text: str, start: int, row: str, document: str = "security/norway.md") -> CitedCell:
        return CitedCell(document, text, Span(start, start + len(text)), "Seats", row)

    cells = (cell("12", 50, "Heron 4"), cell("14", 72, "*Heron* 5"), cell("3", 9, "3", "b_c.csv"))
    excerpts = (_row(1, _ROW, 40), _row(2, "*Heron* 5 | 14 | petrol", 60))
    found = replace(
        _NORWAY, excerpts=excerpts, computed=(Computed("sum", "29 seats", cells),), confidence=0.9
    )
    assert shown(answer(found, exchange=1)).startswith(
        "------\n"
        "**The sum, computed: 29 seats**\n"
        "- “12” (Heron 4, Seats) \\[1]\n"
        "- “14” (\\*Heron\\* 5, Seats) \\[2]\n"
        "- “3” (Seats) **b\\_c.csv**\n\n"
        "> Boat | Seats | Fuel\n"
    )
    many = Computed("count", "99", cells * 33)
    said = shown(answer(replace(found, computed=(many,)), exchange=1))
    assert said.startswith("------\n**Counted: 99**\n")
    assert "\n- and 74 more\n" in said


# Our own words

_THANKS = Response(
    "thanks!", Verdict.ANSWERED, 1.0, 7, kind=QuestionKind.TALK, replies=(Reply(Says.THANKS),)
)


def test_small_talk_is_one_plain_line() -> None:
    (part,) = answer(_THANKS, exchange=1)
    assert part.content == "You are welcome. `/help` shows what else I can do."
    assert (part.frames, part.rows) == ((), ())
    (part,) = answer(_THANKS, exchange=1, asked="thanks!")
    assert (
        part.content == "Question: **thanks!**\nYou are welcome. `/help` shows what else I can do."
    )


def test_choices_are_buttons() -> None:
    choices = (
        Choice("Best **Burger**, 2017", "what does Best Burger cost?"),
        Choice("a\nb \N{RIGHT-TO-LEFT OVERRIDE}c", "what is c?"),
        Choice("🦓 " * 60, "zebra?"),
        Choice("a fourth", "never"),
    )
    unclear = replace(_NO_ANSWER, kind=QuestionKind.UNCLEAR, closest=(), choices=choices)
    assert shown(answer(unclear, exchange=9)) == (
        "------\n"
        "**Which of these do you mean?**\n"
        "[Best **Burger**, 2017](a:9:1) [a␤b ‹U+202E›c](a:9:2) "
        f"[{'🦓 ' * 25}🦓…](a:9:3)\n"
        "[👍](f:9:up) [👎](f:9:down)"
    )


def test_what_is_missing_is_said_below_in_plain_text() -> None:
    excerpt = _excerpt(1, "Oslo decides.")
    parts = ("who *really* pays", "@everyone\nwhy")
    found = replace(
        _NORWAY, excerpts=(excerpt,), uncovered=parts, unknown_names=("[Sweden](http://a.b)",)
    )
    assert shown(answer(found, exchange=12)) == (
        "------\n"
        "> Oslo decides.\n"
        "\n"
        "\\[1] **Norway and a force** › Roles\n"
        "[Source](s:12:1)\n"
        "\n"
        "I found nothing on: who \\*really\\* pays; \\@everyone why.\n"
        "\n"
        "The documents do not mention \\[Sweden](http\\://a.b).\n"
        "(Confidence 84%)\n"
        "[👍](f:12:up) [👎](f:12:down) "
        "[Tell me when this changes](w:12)"
    )
    silence = replace(_NO_ANSWER, closest=(), unknown_names=("Sweden",))
    assert shown(answer(silence, exchange=5)) == (
        "------\n"
        f"{_NOTHING}\n"
        "The documents do not mention Sweden.\n"
        "[👍](f:5:up) [👎](f:5:down) "
        "[Tell me once you know](w:5)"
    )


@given(st.lists(any_text, max_size=4))
def test_what_is_missing_fits_whatever_was_typed(typed: list[str]) -> None:
    found = replace(_NORWAY, uncovered=tuple(typed[:3]), unknown_names=tuple(typed))
    for part in answer(found, exchange=1):
        check(part)


def test_closest() -> None:
    assert shown(closest(_NO_ANSWER.closest)) == (
        "------\n"
        "These passages come closest. **I do not think that they answer the question.**\n\n"
        "> Observers \\*check\\*.\n\n"
        "\\[1] **Norway and a force** › Roles"
    )
    assert shown(closest(())) == "------\nNo passage comes close to the question."


def test_a_list_of_30_000_characters_is_complete() -> None:
    entries = [f"- Entry {n}: **bring** [what](https://a.b/{n}) is needed" for n in range(600)]
    long = "\n".join(entries)
    assert len(long) > 30_000
    first = _excerpt(1, long, emphasis=(Span(100, 20_000),))
    parts = answer(replace(_NORWAY, excerpts=(first, _excerpt(2, "Short."))), exchange=1)
    for part in parts:
        check(part)
    assert [bool(part.rows) for part in parts] == [False] * (len(parts) - 1) + [True]
    *texts, _footer = (text for part in parts for text in texts_of(part))
    lines = [line for text in texts for line in text.split("\n")]
    seen = discord_client("\n".join(line for line in lines if line.startswith("> ")))
    assert seen.text == f"{long}\nShort."
    assert seen.kinds == {"quote", "strong"}
    others = [line for line in lines if line and not line.startswith("> ")]
    assert others == [
        *["\\[1] (continued)"] * (len(texts) - 4),
        "-# \\[1] **Norway and a force** › Roles",
        "-# \\[2] **Norway and a force** › Roles",
    ]
    assert all(text.startswith("\\[1] (continued)\n> ") for text in texts[1:-3])


_REPLACED = Standing(
    "security/norway.md",
    "Norway and a force",
    date="2026-01-19",
    replaced_by=Successor("b.md", "A *newer* force", "2026-04-28"),
    classification="Internal",
)


def test_a_source_says_how_old_its_document_is_and_that_it_is_replaced() -> None:
    old = replace(_NORWAY, standings=(_REPLACED,), today=date(2026, 11, 29))
    assert (
        "\\[1] **Norway and a force** › Roles · 19 Jan 2026, ten months old · Internal"
        " · replaced on 28 Apr 2026 by A \\*newer\\* force\n"
    ) in shown(answer(old, exchange=1))


@given(title=any_text, classification=any_text, since=any_text)
def test_whatever_a_document_says_of_itself_can_be_sent(
    title: str, classification: str, since: str
) -> None:
    standing = replace(
        _REPLACED,
        date=since,
        classification=classification,
        replaced_by=Successor("b.md", title, since),
    )
    excerpts = tuple(_excerpt(number, "Words.") for number in range(1, 6))
    found = replace(_NORWAY, excerpts=excerpts, standings=(standing,), today=date(2026, 11, 29))
    for part in answer(found, exchange=1):
        check(part)
        for seen in (each(text) for text in texts_of(part) for each in (discord_client, preview)):
            assert seen.kinds <= {"quote", "blockquote", "strong", "subtext"}


@given(
    quote=any_text.filter(str.strip),
    title=any_text,
    asked=any_text,
    repeated=st.sampled_from([1, 1, 1, 300]),
)
def test_any_answer_is_complete_and_can_be_sent(
    quote: str, title: str, asked: str, repeated: int
) -> None:
    quote *= repeated
    excerpt = _excerpt(1, quote, title=title, emphasis=(Span(105, 120), Span(400, 2_000)))
    parts = answer(replace(_NORWAY, excerpts=(excerpt,)), exchange=1, asked=asked, rewritten=asked)
    for part in parts:
        check(part)
    lines = [
        line
        for part in parts
        for text in texts_of(part)
        for line in text.split("\n")
        if line.startswith(">")
    ]
    # A piece ends at a line's end where it can, and is no paragraph of its own.
    seen = discord_client("\n".join(lines)).text
    assert re.sub(r"\s", "", seen) == re.sub(r"\s", "", visible(quote))


def _differing(one: str, other: str, title: str = "Rules", owner: str = "Anna") -> Response:
    excerpts = (
        _excerpt(1, f"It costs {one}.", title=title, document="a.md"),
        _excerpt(2, f"It costs {other}.", document="b.md"),
    )
    values = tuple(Quote(text, Span(109, 109 + len(text))) for text in (one, other))
    return replace(
        _NORWAY,
        excerpts=excerpts,
        replies=(Reply(Says.DIFFER, {"titles": (title, "Norway and a force")}),),
        standings=(Standing("a.md", title, "2026-04-28T10:00:00", owner=owner),),
        differences=(Difference("money", excerpts, values),),
    )


def test_documents_that_differ() -> None:
    text = shown(answer(_differing("5 euros", "6 euros"), exchange=12))
    assert "The documents differ on this, and I cannot tell which is right:" in text
    assert "- **5 euros** \\[1]\n- **6 euros** \\[2]" in text
    assert "28 Apr 2026 · owner: Anna" in text
    assert "Confidence 84% that they are about this" in text


def test_more_of_a_list_stands_beside_the_buttons_that_turn_it() -> None:
    def labels(*rows: int) -> list[int]:
        buttons = tuple(
            tuple(Button("x", f"{number}:{at}") for at in range(count))
            for number, count in enumerate(rows)
        )
        further = [Button("Whole list", "l"), Button("Export", "e")]
        response = Response("which?", Verdict.ANSWERED, 0.9, 7)
        (part,) = answer(
            response, exchange=1, listing=DocumentListing(("one",), buttons), further=further
        )
        return [len(row) for row in part.rows]

    assert labels(5, 2) == [5, 4, 3]
    assert labels(5) == [5, 2, 3]
