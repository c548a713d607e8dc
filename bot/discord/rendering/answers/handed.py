"""Questions that are handed to people: what they are asked, and what the asker is told."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from bot import messages
from bot.discord.rendering.answers.answers import ASKED
from bot.discord.rendering.answers.evidence import cited
from bot.discord.rendering.colours import INFO
from bot.discord.rendering.escape import bold, escape_line, quote, timestamp
from bot.discord.rendering.limits import split
from bot.discord.rendering.message import Block, Button, MessagePart, packed
from bot.localization import _
from bot.records.parts.handed import HandedQuestion, HandedState
from index.answering.answer import Excerpt, Response, Verdict

_QUESTION, _NAME = 900, 80
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_EXCERPTS = 3
_PIECE = 1_000
"""Characters of an answer that are quoted together; escaped, they fit into a message."""


def confirmation(*, who: str, where: str | None, question: str, is_public: bool) -> str:
    """Ask whether a question shall be handed over: who will read it, and where the answer goes.

    `who` names a person or a role, as markup; `where` is a mention of the channel in which they are
    asked, None where a person is asked directly.
    """
    if where is None:
        readers = _("Nobody else reads it.")
    else:
        readers = _("Everybody who can read {where} will read it.").format(where=where)
    goes = (
        _("The answer is shown here, to everybody who can read this channel.")
        if is_public
        else _("The answer comes to you alone, directly.")
    )
    return "\n".join(
        (
            _("**Hand your question to {who}?** {readers}").format(who=who, readers=readers),
            ASKED.format(question=bold(" ".join(question.split()), _QUESTION)),
            _(
                "They are told your name, and shown what the documents say to it as far as they "
                "may see it; not what I showed you. {goes}"
            ).format(goes=goes),
        )
    )


def handed_over(handed: HandedQuestion, *, who: str, where: str | None) -> str:
    place = _(" in {where}").format(where=where) if where else ""
    said = _("**I have asked {who}{place}.**").format(who=who, place=place)
    goes = (
        _("I show the answer here, and ping you then.")
        if handed.is_public
        else _("I write the answer to you directly.")
    )
    kept = _("Until then I keep the words of the question, for 30 days at most.")
    return f"{said} {goes}\n-# {kept}"


def still_open(handed: HandedQuestion, *, who: str, is_theirs: bool) -> str:
    """Say that a question waits for an answer already."""
    when = timestamp(handed.began, "R")
    if is_theirs:
        return _("You asked {who} {when}; there is no answer yet.").format(who=who, when=when)
    return _(
        "Somebody asked {who} {when} already. The answer will be shown here, for everybody."
    ).format(who=who, when=when)


def handed_head(handed: HandedQuestion, mention: str, asker: str, answered_by: str = "") -> str:
    """Return what stands above a question that somebody is asked, as things are now."""
    if handed.state is HandedState.WITHDRAWN:
        return _("-# {asker} needs no answer any more.").format(asker=asker)
    lines = [
        _("{who}, {asker} asks:").format(who=mention, asker=asker),
        bold(" ".join(handed.question.split()), _QUESTION),
        _("-# Asked in {where}, where your answer is shown with your name.").format(
            where=_where(handed)
        )
        if handed.is_public
        else _("-# Asked in private: your answer goes to them alone, with your name."),
    ]
    if handed.state is HandedState.ANSWERED:
        lines.append(_("✅ Answered by {who}.").format(who=answered_by))
    else:
        lines.append(
            _(
                "-# **Reply** to this message with its ping left on, or use the button. Only words "
                "are passed on, as yours."
            )
        )
    return "\n".join(lines)


def _where(handed: HandedQuestion) -> str:
    if handed.reply_to is None:
        return f"<#{handed.channel}>"
    link = f"https://discord.com/channels/{handed.guild}/{handed.channel}/{handed.reply_to}"
    return _("<#{channel}> ([my answer]({link}))").format(channel=handed.channel, link=link)


def asked_of_them(
    handed: HandedQuestion,
    mention: str,
    asker: str,
    response: Response | None,
    *,
    opener: Callable[[Excerpt], Button],
    row: Sequence[Button],
) -> MessagePart:
    """Return the message that asks a person or a role; it pings in the content alone.

    `asker` names who asks, as markup. `response` is what the documents say to all who will read it;
    None for nothing. `opener` makes the button of an excerpt.
    """
    content = handed_head(handed, mention, asker)
    blocks = list(_said(response, opener))
    parts = packed(blocks, content=content, colour=INFO, rows=[row])
    while len(parts) > 1:  # what does not fit into one message is left out
        blocks.pop()
        parts = packed(blocks, content=content, colour=INFO, rows=[row])
    return parts[0]


def _said(response: Response | None, opener: Callable[[Excerpt], Button]) -> Iterator[Block]:
    if response is None or not response.excerpts:
        yield str(messages.NOTHING_CLOSE)
        return
    if response.verdict is Verdict.UNSURE:
        yield str(messages.NOT_SURE)
    yield from cited(
        response.excerpts[:_EXCERPTS],
        standings=response.standings,
        today=response.today,
        opener=opener,
    )


def answered(handed: HandedQuestion, *, name: str, words: str, here: bool) -> list[MessagePart]:
    """Return what the asker is told: a person's words, named as that person's.

    `here`: it stands below the question, in the channel.
    """
    head = _(
        "<@{asker}> **{name} answers your question.** These are a person's words, not the "
        "documents'."
    ).format(asker=handed.person, name=escape_line(name, _NAME))
    lines = [head]
    if not here:
        question = bold(" ".join(handed.question.split()), _QUESTION)
        lines.append(ASKED.format(question=question))
    blocks = [_emphasised(quote(piece)) for piece in split(words, _PIECE)]
    return packed(blocks, content="\n".join(lines), colour=INFO)


def _emphasised(escaped: str) -> str:
    """Return markup in which the writer's own bold and italics work, and nothing else."""
    return _ESCAPED.sub(lambda found: found[1] if found[1] in "*_" else found[0], escaped)
