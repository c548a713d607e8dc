"""Questions that another bot acknowledged and did not answer before it ended, heard once more."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

import discord

from bot.chat.claiming import Claiming, answer_for_another
from bot.discord.gateway.client import BriefingBot

_log = logging.getLogger(__name__)


class TakingOver:
    """Answers what was left behind as if Discord had just sent it, by the bot that is connected."""

    def __init__(self, claiming: Claiming) -> None:
        self._claiming = claiming
        self._hearing: set[asyncio.Task[None]] = set()
        self.bot: BriefingBot | None = None

    async def keep(self, token: str) -> None:
        """Look for such questions, until cancelled."""
        await self._claiming.keep_looking(token, self._is_ready, self._answer)

    def _is_ready(self) -> bool:
        return self.bot is not None and self.bot.is_ready() and not self.bot.is_closed()

    def _answer(self, what: str, event: Mapping[str, Any]) -> None:
        assert self.bot is not None
        hearing = asyncio.create_task(
            self._hear(self.bot, what, event), context=self.bot.context.copy()
        )
        self._hearing.add(hearing)
        hearing.add_done_callback(self._hearing.discard)

    async def _hear(self, bot: BriefingBot, what: str, event: Mapping[str, Any]) -> None:
        answer_for_another(what)
        name, data = event["name"], dict(event["data"])
        if name != "INTERACTION_CREATE":  # a message may have been edited or deleted meanwhile
            try:
                found = await bot.http.get_message(data["channel_id"], data["id"])
            except discord.HTTPException as exc:
                _log.info("What %s asked cannot be read: %s", what, exc)
                await self._claiming.drop(what)
                return
            data |= found
        bot._connection.parsers[name](data)
