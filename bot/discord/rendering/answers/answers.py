"""What is said to a question, as messages: an answer, a doubtful one, none, or words of our own."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence

import discord

from bot import messages
from bot.discord.rendering import limits
from bot.discord.rendering.answers.evidence import (
    Opener,
    cited,
    computed,
    differing,
)
from bot.discord.rendering.answers.listed import DocumentListing
from bot.discord.rendering.colours import ANSWER, DOUBT, INFO, SILENCE
from bot.discord.rendering.escape import bold, escape_line
from bot.discord.rendering.limits import units
from bot.discord.rendering.message import Block, Button, MessagePart, label_of, packed
from bot.localization import LazyText, _, ngettext, together
from bot.wording.replies import Surface, reply_text
from index.answering.answer import (
    Choice,
    Excerpt,
    QuestionKind,
    Response,
    Verdict,
)

NO_ANSWER = messages.NOTHING_CLOSE.bold()
UNSURE = messages.NOT_SURE.bold()
_CLOSEST_INTRODUCTION = LazyText(
    "These passages come closest. **I do not think that they answer the question.**"
)
SOURCE = LazyText("Source")
SOURCE_OF = LazyText("Source {number}")
ASKED = LazyText("Question: {question}")
REWRITTEN = LazyText("Understood as: {question}")
TELL_CHANGE = LazyText("Tell me when this changes")
TELL_ANSWER = LazyText("Tell me once you know")

_COLOURS = {
    Verdict.ANSWERED: ANSWER,
    Verdict.UNSURE: DOUBT,
    Verdict.SILENT: SILENCE,
}
_OURS = frozenset({QuestionKind.TALK, QuestionKind.COLLECTION})
"""What is told by rules from what is stored: how likely it is to be right is no question."""
_CHOICES = 3
_LONGEST_QUESTION, _LONGEST_REWRITTEN = 1_000, 600
"""Most units that are shown; the person who asked knows the rest."""
_PART, _NAMED = 300, 5
"""Most units of a part of the question or a name that is missing, and most names."""
_ALPHABETS = re.compile("\\b(?=\\w*[A-Za-z\u00c0-\u024f])\\w*[\u0370-\u052f]")
"""A Latin letter and a Greek or Cyrillic one in the same word, which may look alike."""


def answer(
    response: Response,
    *,
    exchange: int,
    asked: str | None = None,
    rewritten: str | None = None,
    listing: DocumentListing | None = None,
    doubt: LazyText | str = UNSURE,
    further: Sequence[Button] = (),
    watch: bool = True,
    table: Opener | None = None,
    off: Container[str] = (),
) -> list[MessagePart]:
    """Return the messages of what is said to a question, in order, with buttons on the last one.

    `exchange` is the id of the record. `asked` is the question, if the readers cannot see it above
    the answer. `rewritten` is the question that was answered, if it differs from the one asked.
    `listing` is what is shown of the response's documents. `doubt` stands above passages that may
    not answer. `further` are buttons to more than is shown. With `watch` there is a button that
    watches the question. `table` makes a button that shows the table of a very wide row. Commands
    that are `off` are not named.
    """
    content = _heading(asked, rewritten)
    texts = (
        reply_text(reply, where=Surface.DISCORD, escape=escape_line, off=off)
        for reply in response.replies
    )
    said = list(filter(None, texts))
    if response.kind is QuestionKind.TALK:
        return packed([], content="\n".join(filter(None, [content, *said])))
    blocks = list(_shown(exchange, response, listing, doubt, table, said=bool(said)))
    whole = "\n".join(filter(None, [content, *said]))
    if units(whole) <= limits.CONTENT_AIM:
        content = whole
    else:
        blocks = [*said, *blocks]
    return packed(
        blocks,
        content=content,
        colour=_colour(response),
        footer=_footer(response, listing),
        rows=list(_rows(exchange, response, listing, further, watch=watch)),
    )


def closest(
    excerpts: Sequence[Excerpt],
    *,
    introduction: str | None = None,
    note: str | None = None,
    opener: Opener | None = None,
) -> list[MessagePart]:
    """Return the passages closest to a question to which nothing close was found.

    `introduction` replaces the first sentence, and `note` is the last one. `opener` is as in
    `cited`.
    """
    said = (
        _CLOSEST_INTRODUCTION if excerpts or note else _("No passage comes close to the question.")
    )
    blocks = [
        str(said) if introduction is None else introduction,
        *cited(excerpts, emphasised=False, opener=opener),
        *([note] if note else ()),
    ]
    return packed(blocks, colour=_COLOURS[Verdict.SILENT])


def more_rows(
    rows: Sequence[Excerpt],
    *,
    left_out: int,
    opener: Opener,
    footer: str | None = None,
    turns: Sequence[Button] = (),
) -> list[MessagePart]:
    """Return a page of the rows that an answer left for later.

    `left_out` counts those that their document no longer says.
    """
    blocks: list[Block] = list(cited(rows, opener=opener))
    if left_out:
        blocks.append(messages.passages_left_out(left_out))
    return packed(blocks, colour=_COLOURS[Verdict.ANSWERED], footer=footer, rows=[turns])


def _shown(
    exchange: int,
    response: Response,
    listing: DocumentListing | None,
    doubt: LazyText | str,
    table: Opener | None,
    *,
    said: bool,
) -> Iterator[Block]:
    """Yield the blocks below what is `said` in our own words."""
    nothing = not (response.excerpts or response.computed or response.choices or listing)
    if nothing and not (said and response.kind in _OURS):
        yield str(NO_ANSWER)
    elif response.verdict is Verdict.UNSURE and response.excerpts:
        yield str(doubt)
    yield from differing(response)
    yield from computed(response.computed, response.excerpts)
    several = len(response.excerpts) > 1
    yield from cited(
        response.excerpts,
        owned={each.document for one in response.differences for each in one.excerpts},
        standings=response.standings,
        today=response.today,
        opener=lambda excerpt: _source_button(exchange, excerpt.number, several=several),
        more=lambda rows: _more_button(exchange, rows),
        table=table,
        question=response.question,
    )
    yield from listing.blocks if listing else ()
    if response.choices and not said:
        yield f"**{messages.WHICH_ONE}**"
    yield from _missing(response)


def _colour(response: Response) -> discord.Colour:
    if response.documents and not response.excerpts:
        return INFO
    return _COLOURS[response.verdict]


def _footer(response: Response, listing: DocumentListing | None) -> str | None:
    said = []
    says_nothing = response.verdict is Verdict.SILENT or (
        response.choices and not response.excerpts
    )
    if response.kind not in _OURS and not says_nothing:
        say = messages.confidence_in_differing if response.differences else messages.confidence
        said.append(say(probability=response.confidence))
    if listing is not None and listing.footer:
        said.append(listing.footer)
    return " · ".join(said) or None


# Buttons


def feedback_id(exchange: int, *, helpful: bool) -> str:
    return f"f:{exchange}:{'up' if helpful else 'down'}"


def _rows(
    exchange: int,
    response: Response,
    listing: DocumentListing | None,
    further: Sequence[Button],
    *,
    watch: bool,
) -> Iterator[Sequence[Button]]:
    *rows, last = listing.rows if listing and listing.rows else [()]
    yield from rows
    if len(last) + len(further) <= limits.BUTTONS_IN_ROW:
        last, further = (*last, *further), ()
    yield last
    if response.choices:
        yield _choice_buttons(exchange, response.choices)
    yield further
    near = []
    if response.verdict is Verdict.SILENT and response.closest:
        style = discord.ButtonStyle.primary
        near = [Button(_("Closest passages"), f"c:{exchange}", style)]
    stands_alone = response.kind is not QuestionKind.UNCLEAR
    tell = str(TELL_CHANGE if response.answered else TELL_ANSWER)
    watching = [Button(tell, f"w:{exchange}")] if watch and stands_alone else []
    yield [
        *near,
        Button("", feedback_id(exchange, helpful=True), emoji=messages.HELPFUL),
        Button("", feedback_id(exchange, helpful=False), emoji=messages.NOT_HELPFUL),
        *watching,
    ]


def _source_button(exchange: int, number: int, *, several: bool) -> Button:
    label = SOURCE_OF.format(number=number) if several else str(SOURCE)
    return Button(str(label), f"s:{exchange}:{number}")


def _more_button(exchange: int, rows: Sequence[Excerpt]) -> Button:
    label = ngettext("{n:,} more row", "{n:,} more rows", len(rows)).format(n=len(rows))
    return Button(label, f"u:o:{exchange}:{rows[0].number}-{rows[-1].number}")


def _choice_buttons(exchange: int, choices: Sequence[Choice]) -> list[Button]:
    return [
        Button(label_of(choice.label), f"a:{exchange}:{number}", discord.ButtonStyle.primary)
        for number, choice in enumerate(choices[:_CHOICES], start=1)
    ]


# Text


def _heading(asked: str | None, rewritten: str | None) -> str:
    lines = []
    if asked is not None:
        lines.append(ASKED.format(question=bold(" ".join(asked.split()), _LONGEST_QUESTION)))
    if rewritten is not None:
        question = escape_line(" ".join(rewritten.split()), _LONGEST_REWRITTEN)
        lines.append(f"-# {REWRITTEN.format(question=question)}")
    return "\n".join(lines)


def _missing(response: Response) -> Iterator[str]:
    """Yield what the documents do not cover of the question; its words come from the asker."""
    if response.answered and response.uncovered:
        parts = [escape_line(" ".join(part.split()), _PART) for part in response.uncovered]
        yield messages.uncovered(parts=parts)
    if response.unknown_names:
        named = response.unknown_names[:_NAMED]
        yield messages.unmentioned(names=[escape_line(name, _PART) for name in named])
        if mixed := [escape_line(name, _PART) for name in named if _ALPHABETS.search(name)]:
            yield mixed_letters(names=mixed)


def mixed_letters(*, names: Sequence[str]) -> str:
    """Say that names which the documents do not mention may be there in other letters."""
    return _(
        "The letters of {names} are of more than one alphabet: some only look like those that the "
        "documents have."
    ).format(names=together(names))
