"""Base of the cogs: commands in menus and work that are there while a cog is loaded."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from typing import Any

from discord import app_commands
from discord.ext import commands

from bot.discord.permissions.interaction import ServingClient
from bot.documents.reindexing.upkeep import after_each_reindex

Menus = Sequence[app_commands.ContextMenu]
Work = Coroutine[Any, Any, None]


class BotCog(commands.Cog):
    def __init__(self, bot: ServingClient) -> None:
        self.bot = bot
        self.services = bot.services
        self._tasks: list[asyncio.Task[None]] = []

    def menus(self) -> Menus:
        """Return the commands in the menu of a message."""
        return ()

    def background(self) -> Iterable[Work]:
        return ()

    def after_each_reindex(self, name: str, work: Callable[[], Awaitable[object]]) -> Work:
        """Return `work` as what the bot does for its servers after each reindex, once connected."""

        async def when_ready(_before: int | None, _now: int) -> None:
            await self.bot.wait_until_ready()
            await work()

        services = self.services
        shard = services.settings.shard
        return after_each_reindex(name, when_ready, services.records, services.current, shard=shard)

    async def cog_load(self) -> None:
        for menu in self.menus():
            self.bot.tree.add_command(menu)
        self._tasks = [asyncio.create_task(each) for each in self.background()]

    async def cog_unload(self) -> None:
        for task in self._tasks:
            task.cancel()
