"""An answer, no answer, and the closest passages as messages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain

import discord

from bot import messages
from bot.discord.rendering.escape import bold, escape_line
from bot.discord.rendering.excerpts import quoted, source_line
from bot.discord.rendering.message import Button, MessagePart, packed
from bot.localization import _
from index.answering.answer import Excerpt, Response
from index.document import Span

__all__ = ["answer", "closest", "closest_id", "feedback_id", "source_id"]

NO_ANSWER = _("**The documents do not say.**\nI found nothing in them that answers this question.")
_NO_ANSWER_BUT_CLOSEST = _(
    "**The documents do not say.**\n"
    "I found nothing in them that answers this question. You can look at the closest "
    "passages, but they are no answer."
)
_CLOSEST_INTRODUCTION = _("These passages come closest. **None of them answers the question.**")
SOURCES = _("Sources")
_REWRITTEN = _("Understood as: {question}")
_DOUBT = _("How likely it is that they do: {probability:.0%}")

_ANSWERED, _NOT_ANSWERED = discord.Colour(0x2F6F4F), discord.Colour(0x747F8D)
_NUMBERED = 4
_ASKED, _UNDERSTOOD = 1_000, 600
"""Most units that are shown; the person who asked knows the rest."""
_PART, _NAMED = 300, 5
"""Most units of a part of the question or a name that is missing, and most names."""
_ALPHABETS = re.compile(
    "[A-Za-z\u00c0-\u024f](?=\\w*[\u0370-\u052f])|[\u0370-\u052f](?=\\w*[A-Za-z\u00c0-\u024f])"
)
"""A Latin letter and a Greek or Cyrillic one in the same word, which may look alike."""


def answer(
    response: Response,
    *,
    exchange: int,
    asked: str | None = None,
    rewritten: str | None = None,
) -> list[MessagePart]:
    """Return the messages of an answer, in order, with buttons on the last one.

    `exchange` is the id of the record. `asked` is the question, if the readers cannot see it above
    the answer. `rewritten` is the question that was answered, if it differs from the one asked.
    """
    content = _heading(asked, rewritten)
    if not response.answered:
        footer = _DOUBT.format(probability=response.confidence)
        said = [_NO_ANSWER_BUT_CLOSEST if response.closest else NO_ANSWER]
        rows = (_no_answer_buttons(exchange, response),)
        return packed(
            [*said, *_missing(response)],
            content=content,
            colour=_NOT_ANSWERED,
            footer=footer,
            rows=rows,
        )
    footer = messages.confidence(probability=response.confidence)
    return packed(
        chain(
            (block for excerpt in response.excerpts for block in _cited(excerpt)),
            _missing(response),
        ),
        content=content,
        colour=_ANSWERED,
        footer=footer,
        rows=(_source_buttons(exchange, response), _feedback_buttons(exchange)),
    )


def closest(
    excerpts: Sequence[Excerpt],
    *,
    introduction: str | None = None,
    note: str | None = None,
    rows: Sequence[Sequence[Button]] = (),
) -> list[MessagePart]:
    """Return the passages closest to a question that the documents do not answer.

    `introduction` replaces the first sentence, and `note` is the last one.
    """
    said = (
        _CLOSEST_INTRODUCTION if excerpts or note else _("No passage comes close to the question.")
    )
    blocks = [said if introduction is None else introduction]
    for excerpt in excerpts:
        blocks += quoted(
            excerpt.quote, number=excerpt.number, source=_source(excerpt, excerpt.number)
        )
    return packed([*blocks, *([note] if note else ())], colour=_NOT_ANSWERED, rows=rows)


# Ids of buttons


def source_id(exchange: int, number: int) -> str:
    """Return the id of the button that opens the excerpt of that number."""
    return f"s:{exchange}:{number}"


def closest_id(exchange: int) -> str:
    return f"c:{exchange}"


def feedback_id(exchange: int, *, helpful: bool) -> str:
    return f"f:{exchange}:{'up' if helpful else 'down'}"


def _source_buttons(exchange: int, response: Response) -> list[Button]:
    """Return "Sources", which opens excerpt 1, and numbers for the first few if there are more.

    Two buttons of a message must not have the same id, so the number 1 is written 01.
    """
    buttons = [
        Button(SOURCES, source_id(exchange, 1), discord.ButtonStyle.primary),
    ]
    numbers = [excerpt.number for excerpt in response.excerpts]
    if len(numbers) > 1:
        for number in numbers[:_NUMBERED]:
            custom_id = f"s:{exchange}:01" if number == 1 else source_id(exchange, number)
            buttons.append(Button(str(number), custom_id))
    return buttons


def _feedback_buttons(exchange: int) -> list[Button]:
    return [
        Button("", feedback_id(exchange, helpful=True), emoji=messages.HELPFUL),
        Button("", feedback_id(exchange, helpful=False), emoji=messages.NOT_HELPFUL),
    ]


def _no_answer_buttons(exchange: int, response: Response) -> list[Button]:
    near = [Button(_("Closest passages"), closest_id(exchange), discord.ButtonStyle.primary)]
    return [*(near if response.closest else []), *_feedback_buttons(exchange)]


# Text


def _heading(asked: str | None, rewritten: str | None) -> str:
    lines = []
    if asked is not None:
        lines.append(
            _("Question: {question}").format(question=bold(" ".join(asked.split()), _ASKED))
        )
    if rewritten is not None:
        question = escape_line(" ".join(rewritten.split()), _UNDERSTOOD)
        lines.append(f"-# {_REWRITTEN.format(question=question)}")
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
    ).format(names=_(" and ").join(names))


def _cited(excerpt: Excerpt) -> Iterator[str]:
    start = excerpt.span.start
    emphasis = [
        Span(max(0, span.start - start), max(0, span.end - start)) for span in excerpt.emphasis
    ]
    return quoted(
        excerpt.quote,
        emphasis=emphasis,
        number=excerpt.number,
        source=_source(excerpt, excerpt.number),
    )


def _source(excerpt: Excerpt, number: int | None = None) -> str:
    return source_line(
        title=excerpt.title,
        heading=excerpt.heading,
        page=excerpt.page,
        document=excerpt.document,
        number=number,
    )
