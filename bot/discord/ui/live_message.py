"""One message that shows how far something has come, and in the end what came of it."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import Sequence
from contextlib import suppress
from typing import Self

import discord

from bot import messages
from bot.discord.permissions.interaction import Interaction
from bot.discord.rendering.message import MessagePart, view_of
from bot.discord.ui.sending import NOT_SENT, follow_up

__all__ = ["LiveMessage"]

_EVERY = 1.5
"""Seconds between two edits: Discord takes five in five seconds, and people read no faster."""
_MARGIN = 60.0
"""Seconds before an interaction ends (15 minutes after it began) that no more is shown in it."""
_log = logging.getLogger(__name__)


class LiveMessage:
    """The first response of a deferred interaction. What ends after the interaction has ended is
    told to the person directly: nothing but an interaction can change an ephemeral message.
    """

    def __init__(self, interaction: Interaction) -> None:
        self._interaction = interaction
        self._loop = asyncio.get_running_loop()
        self._latest = MessagePart()
        self._news = asyncio.Event()
        self._editing = asyncio.Lock()
        self._keeping_up: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        # A bot that is told to go stops what this shows, but first lets it say so.
        self._answering = self._interaction.client.answering()
        self._answering.__enter__()
        self._keeping_up = asyncio.create_task(self._keep_up())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._keeping_up is not None
        self._keeping_up.cancel()
        self._answering.__exit__(None, None, None)

    def show(self, part: MessagePart) -> None:
        """From any thread; of what comes in quick succession only the last is shown."""
        with suppress(RuntimeError):  # the loop has ended, and with it whoever would look
            self._loop.call_soon_threadsafe(self._take, part)

    async def end(self, parts: Sequence[MessagePart], file: str = "") -> None:
        """Shows how it ended; nothing is shown after that. `file` is text that goes with it."""
        assert self._keeping_up is not None
        async with self._editing:  # an edit that is on its way must not arrive after this
            self._keeping_up.cancel()
            if not self._interaction.is_expired():
                try:
                    await follow_up(self._interaction, parts, private=True)
                    if file:
                        await self._interaction.followup.send(
                            messages.REINDEX_ALL_OF_IT, file=_file(file), ephemeral=True
                        )
                    return
                except NOT_SENT as exc:  # the person has closed the message
                    _log.info("The end could not be shown in its place: %s", exc)
        try:
            for part in parts:
                await self._interaction.user.send(
                    content=part.content or None, embeds=list(part.embeds)
                )
            if file:
                await self._interaction.user.send(messages.REINDEX_ALL_OF_IT, file=_file(file))
        except NOT_SENT as exc:  # they take no direct messages
            _log.warning("The end could not be told to whoever began it: %s", exc)

    def _take(self, part: MessagePart) -> None:
        self._latest = part
        self._news.set()

    async def _keep_up(self) -> None:
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._seconds_left()):
                    while True:
                        await self._news.wait()
                        self._news.clear()
                        await self._edit(self._latest)
                        await asyncio.sleep(_EVERY)
            await self._edit(MessagePart(messages.REINDEX_GOES_ON))
        except NOT_SENT as exc:
            _log.info("Progress could not be shown: %s", exc)

    def _seconds_left(self) -> float:
        left = self._interaction.expires_at - discord.utils.utcnow()
        return left.total_seconds() - _MARGIN

    async def _edit(self, part: MessagePart) -> None:
        async with self._editing:
            await self._interaction.edit_original_response(
                content=part.content or None, embeds=list(part.embeds), view=view_of(part.rows)
            )


def _file(text: str) -> discord.File:
    return discord.File(io.BytesIO(text.encode()), messages.REINDEX_FILE)
