"""The words of a question that was asked before, also where they are no longer kept.

They are in Discord then: above the answer, or in the message that it replies to. Whoever can click
the answer can read them there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress

import discord

from bot.discord.permissions.interaction import Interaction
from bot.discord.rendering.answers.answers import ASKED, REWRITTEN
from bot.discord.ui.actions import content_of
from bot.discord.ui.answers.answers import QUESTION_FORGOTTEN
from bot.errors import NotAllowed
from bot.localization import LANGUAGES, speaking
from bot.records import Exchange

_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_ISOLATES = re.compile("[\u2066-\u2069]")
_NOT_THERE = (discord.NotFound, discord.Forbidden)


async def question_of(interaction: Interaction, exchange: Exchange) -> str:
    """Return the question as it stands alone; raises NotAllowed where nobody knows it any more."""
    if exchange.rewritten:
        return exchange.rewritten
    shown = interaction.message  # the first may stand above the thread that holds the answer
    if shown is None or shown.id not in exchange.replies:
        shown = await _message(interaction, exchange, exchange.replies[:2])
    words = question_in(content_of(shown)) if shown is not None else None
    if words is None and exchange.message is not None:
        asked = await _message(interaction, exchange, (exchange.message,))
        words = _said_to(interaction, asked) if asked is not None else None
    if not words:
        raise NotAllowed(QUESTION_FORGOTTEN)
    return words


def question_in(content: str) -> str | None:
    """Return the question that stands above an answer; None where it does not, or not whole.

    What it was understood as says more than how it was asked.
    """
    for form in _forms():
        before, _, after = form.partition("{question}")
        for line in content.splitlines():
            text = line.removeprefix("-# ")
            if not (text.startswith(before) and text.endswith(after)):
                continue
            text = text[len(before) : len(text) - len(after)]
            if text.startswith("**") and text.endswith("**"):
                text = text[2:-2]
            text = _ISOLATES.sub("", _ESCAPED.sub(r"\1", text)).replace("\N{NO-BREAK SPACE}", " ")
            return None if text.endswith("…") else text
    return None


def _forms() -> Iterator[str]:
    """Yield what a question is shown as; whoever asked it may speak another language."""
    for form in (REWRITTEN, ASKED):
        for each in LANGUAGES:
            with speaking(each):
                text = str(form)
            yield text


async def _message(
    interaction: Interaction, exchange: Exchange, ids: tuple[int, ...]
) -> discord.Message | None:
    channel = interaction.client.get_partial_messageable(exchange.channel)
    for number in ids:
        with suppress(*_NOT_THERE):
            return await channel.fetch_message(number)
    return None


def _said_to(interaction: Interaction, message: discord.Message) -> str:
    me = interaction.client.user
    text = message.content if me is None else re.sub(rf"<@!?{me.id}>", " ", message.content)
    for person in message.mentions:
        text = re.sub(rf"<@!?{person.id}>", person.display_name, text)
    return " ".join(text.split())
