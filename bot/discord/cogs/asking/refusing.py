"""Refusals of questions while too many are asked: only the one who asked is told.

Others in the channel see a reaction at most. It is an hourglass, and goes when the message is
edited and answered.
"""

from __future__ import annotations

import logging
import time

import discord

from bot.discord.cogs.asking.small_talk import react, take_back
from bot.discord.rendering.message import MessagePart
from bot.discord.ui.errors import sentence_of
from bot.discord.ui.sending import reply, send
from bot.errors import Busy, TooMany

_LATER = "⏳"
_MOST_REACTIONS = 5
"""Reactions to messages of one person within `_PAUSE`; the channel would fill with them."""
_PAUSE = 60.0
"""Least seconds between two sentences to one person."""
_log = logging.getLogger(__name__)


class Refusals:
    """Refuses messages. Discord allows five messages in five seconds in a channel: a flood of
    refusals would delay the answers that others wait for there.
    """

    def __init__(self) -> None:
        self._told: dict[int, float] = {}
        """When each person was told last, in `time.monotonic()`."""
        self._reactions: dict[int, list[float]] = {}
        """When messages of each person were reacted to."""

    async def refuse(self, message: discord.Message, why: Busy | TooMany) -> None:
        """Tell the author of the message why it is not answered now, and nobody else."""
        now, person = time.monotonic(), message.author.id
        seen = message.guild is not None and await self._react(message, now)
        # Nothing is awaited between this look and the note that the person was told.
        if now - self._told.get(person, -_PAUSE) < _PAUSE:
            if message.guild is None:  # in a direct message, where the first refusal is a sentence
                await self._react(message, now)
            return
        self._told = {who: at for who, at in self._told.items() if now - at < _PAUSE}
        self._told[person] = now
        try:
            if message.guild is None:
                await reply(message, [MessagePart(sentence_of(why))])
                return
            direct = await message.author.create_dm()
            await send(direct, [MessagePart(f"{sentence_of(why)}\n-# {message.jump_url}")])
        except discord.Forbidden:
            _log.info("Somebody who is refused accepts no direct messages")
            # Whoever did nothing wrong, and can be told in no other way, is told in the channel.
            if message.guild is not None and not seen and isinstance(why, Busy):
                await reply(message, [MessagePart(sentence_of(why))])
        except BaseException:  # it was not sent, maybe since this task was cancelled
            self._told.pop(person, None)
            raise

    async def _react(self, message: discord.Message, now: float) -> bool:
        """React to the message; return whether its author sees a reaction of now."""
        self._reactions = {
            who: kept
            for who, times in self._reactions.items()
            if (kept := [at for at in times if now - at < _PAUSE])
        }
        times = self._reactions.setdefault(message.author.id, [])
        if len(times) < _MOST_REACTIONS:
            times.append(now)
            return await react(message, _LATER)
        return True

    async def lift(self, message: discord.Message, me: discord.ClientUser) -> None:
        """Take the reaction back from a message that is answered after all."""
        await take_back(message, me, {_LATER})
