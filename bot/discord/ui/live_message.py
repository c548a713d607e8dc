"""One message that shows the progress of some work, and then its result."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Self

import discord

from bot.discord.permissions.interaction import Interaction
from bot.discord.rendering.message import MessagePart
from bot.discord.ui.sending import NOT_SENT, follow_up, put, send
from bot.localization import LazyText

REINDEX_ALL_OF_IT = LazyText("The lists are long; all of them are in this file.")
REINDEX_GOES_ON = LazyText(
    "This takes longer than Discord lets me show it here. When it has ended, I send you a "
    "direct message."
)

_EVERY = 1.5
"""Seconds between two edits: Discord allows five in five seconds, and people read no faster."""
_MARGIN = 60.0
"""Seconds before the end of an interaction, which lasts 15 minutes, when edits stop."""
_log = logging.getLogger(__name__)


class LiveMessage:
    """Edits the first response of a deferred interaction.

    Only an interaction can edit an ephemeral message. A result that comes after the interaction
    has ended is therefore sent to the person directly.
    """

    def __init__(self, interaction: Interaction) -> None:
        self._interaction = interaction
        self._loop = asyncio.get_running_loop()
        self._latest = MessagePart()
        self._changed = asyncio.Event()
        self._editing = asyncio.Lock()
        self._updating: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        # When the bot is stopped, it ends the work and then waits until this message says so.
        self._answering = self._interaction.client.answering()
        self._answering.__enter__()
        self._updating = asyncio.create_task(self._update())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._updating is not None
        self._updating.cancel()
        self._answering.__exit__(None, None, None)

    def show(self, part: MessagePart) -> None:
        """Show progress, from any thread; if it comes quickly, only the last part is shown."""
        with suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(self._set_latest, part)

    async def end(self, parts: Sequence[MessagePart], file: str = "") -> None:
        """Show the result, and nothing after it; `file` is the text of an attached file."""
        assert self._updating is not None
        async with self._editing:  # an edit in progress must not arrive after the result
            self._updating.cancel()
            if not self._interaction.is_expired():
                try:
                    await follow_up(self._interaction, parts)
                    if file:
                        await self._interaction.followup.send(
                            str(REINDEX_ALL_OF_IT), file=_file(file), ephemeral=True
                        )
                    return
                except NOT_SENT as exc:  # the person has dismissed the message
                    _log.info("The result could not be shown in its message: %s", exc)
        try:
            await send(self._interaction.user, [replace(part, rows=()) for part in parts])
            if file:
                await self._interaction.user.send(str(REINDEX_ALL_OF_IT), file=_file(file))
        except NOT_SENT as exc:  # the person accepts no direct messages
            _log.warning("The result could not be sent to the person who started it: %s", exc)

    def _set_latest(self, part: MessagePart) -> None:
        self._latest = part
        self._changed.set()

    async def _update(self) -> None:
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._seconds_left()):
                    while True:
                        await self._changed.wait()
                        self._changed.clear()
                        await self._edit(self._latest)
                        await asyncio.sleep(_EVERY)
            await self._edit(MessagePart(str(REINDEX_GOES_ON)))
        except NOT_SENT as exc:
            _log.info("Progress could not be shown: %s", exc)

    def _seconds_left(self) -> float:
        left = self._interaction.expires_at - discord.utils.utcnow()
        return left.total_seconds() - _MARGIN

    async def _edit(self, part: MessagePart) -> None:
        async with self._editing:
            await put(self._interaction, part)


def _file(text: str) -> discord.File:
    return discord.File(io.BytesIO(text.encode()), "reindex.txt")
