"""Shows "typing …" in a channel while an answer is made."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import discord

from bot.discord.ui.sending import NOT_SENT

__all__ = ["typing_in"]


@asynccontextmanager
async def typing_in(channel: discord.abc.Messageable) -> AsyncIterator[None]:
    """Show "typing …" in the channel, from a task of its own.

    A question that is refused at once ends that task before it sends anything. Discord allows few
    such requests, and those of a flood would delay everybody's questions in that channel.
    """

    async def show() -> None:
        with suppress(*NOT_SENT):
            async with channel.typing():
                await asyncio.Event().wait()

    showing = asyncio.create_task(show())
    try:
        yield
    finally:
        showing.cancel()
