"""After each reindex: asks the open questions of /gaps again, and closes those that are answered.

A question is asked again for those who would have seen its answer: the readers of its channel, or
its asker alone. Whoever may read the question in /gaps is one of them, and may see what closed it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from datetime import timedelta

import discord
from discord.ext import commands

from bot.access import STRANGER, Viewer
from bot.chat.watching import GapLook
from bot.clock import utc_now
from bot.discord.permissions.interaction import ServingClient
from bot.discord.rendering.answers.unanswered import closed_now
from bot.discord.ui.sending import NOT_SENT
from bot.documents.reindexing.upkeep import after_each_reindex
from bot.localization import speaking
from bot.records import Exchange
from bot.records.parts.closed_gaps import GapCheck, is_closed
from index.answering.answer import Response
from index.errors import BriefingError

__all__ = ["ClosingGaps"]

_MOST_QUESTIONS = 1_000
"""The newest of a server; as many as /gaps shows."""
_log = logging.getLogger(__name__)


class ClosingGaps(commands.Cog):
    def __init__(self, bot: ServingClient) -> None:
        self.bot = bot
        self.services = bot.services
        self._closing: asyncio.Task[None] | None = None

    async def cog_load(self) -> None:
        services = self.services
        if services.settings.keep_questions_days is not None:
            self._closing = asyncio.create_task(
                after_each_reindex(
                    "gaps",
                    self._close,
                    services.records,
                    services.current,
                    shard=services.settings.shard,
                )
            )

    async def cog_unload(self) -> None:
        if self._closing is not None:
            self._closing.cancel()

    async def _close(self, _before: int | None, _now: int) -> None:
        await self.bot.wait_until_ready()
        await self.close()

    async def close(self) -> None:
        """Ask what is open in each server and in direct messages, and say what is closed now."""
        direct = [None] if self.services.settings.shard.has(None) else []
        for guild in (*self.bot.guilds, *direct):
            still_open, closed = await self._close_in(guild)
            if guild is not None and closed:
                await self._report(guild, still_open, closed)

    async def _close_in(
        self, guild: discord.Guild | None
    ) -> tuple[list[Exchange], list[tuple[Exchange, Response]]]:
        """Return what was open and is, and what was open and is closed now."""
        run_quick, records = self.services.admission.run_quick, self.services.records
        days = self.services.settings.keep_questions_days or 0
        since = utc_now() - timedelta(days=days)
        number = guild.id if guild else None
        found = (await run_quick(records.unsatisfied, number, since))[-_MOST_QUESTIONS:]
        checks = await run_quick(records.closed_gaps.checks)
        there = await run_quick(self._documents)
        still_open: list[Exchange] = []
        closed: list[tuple[Exchange, Response]] = []
        known: dict[object, GapLook | None] = {}
        for exchange in (question.exchange for question in found):
            check = checks.get(exchange.id)
            if is_closed(check, there):
                continue
            try:
                look = await self._look(exchange, check, known)
            except (BriefingError, *NOT_SENT) as exc:
                _log.warning("An open question could not be asked: %s", type(exc).__name__)
                look = None
            if look is not None:
                quoted = look.response.excerpts if look.response else ()
                names = list(dict.fromkeys(excerpt.document for excerpt in quoted))
                await run_quick(records.closed_gaps.put, exchange.id, look.world, look.units, names)
            if look is not None and look.response is not None:
                closed.append((exchange, look.response))
            else:
                still_open.append(exchange)
        return still_open, closed

    async def _look(
        self, exchange: Exchange, check: GapCheck | None, known: dict[object, GapLook | None]
    ) -> GapLook | None:
        """Look at a question, once for all who asked the same of the same documents."""
        viewer = await self._viewer(exchange)
        words = " ".join(exchange.rewritten.casefold().split())
        narrowed = exchange.document, exchange.folder, exchange.since
        key = words, narrowed, viewer, exchange.answered, check and (check.world, check.units)
        if key not in known:
            known[key] = await self.services.watching.look_at_gap(
                exchange, check, viewer, self.services.today(exchange.guild)
            )
        return known[key]

    async def _viewer(self, exchange: Exchange) -> Viewer:
        """Return who would see the answer to a question if it were asked now."""
        viewers = self.bot.viewers
        if exchange.guild is None:
            return await viewers.directly(exchange.person)
        if not exchange.private:
            return viewers.readers_in(exchange.channel)
        guild = self.bot.get_guild(exchange.guild)
        member = guild and await viewers.member_now(guild, exchange.person)
        return viewers.member(member) if member else STRANGER

    def _documents(self) -> frozenset[str]:
        return frozenset(self.services.current.generation().catalog.document_names())

    async def _report(
        self,
        guild: discord.Guild,
        still_open: Iterable[Exchange],
        closed: Iterable[tuple[Exchange, Response]],
    ) -> None:
        """Say in the audit channel how many are closed, of those that all its readers may read."""
        services = self.services
        channel = services.guilds.of(guild.id).audit_channel
        if channel is None:
            return
        readers = self.bot.viewers.readers_in(channel)
        shown = [pair for pair in closed if self._all_read(readers, pair[0])]
        others = sum(self._all_read(readers, exchange) for exchange in still_open)
        if not shown:
            return
        titles: dict[str, str] = {}
        for _, response in shown:
            titles.setdefault(response.excerpts[0].document, response.excerpts[0].title)
        names = frozenset(excerpt.document for _, each in shown for excerpt in each.excerpts)
        may_know = services.access.may_know_of_all
        if not await services.admission.run_quick(may_know, readers, names):
            return
        with speaking(self.bot.languages.here(guild)):
            text = closed_now(len(shown), len(shown) + others, list(titles.values()))
        try:
            await self.bot.get_partial_messageable(channel).send(content=text)
        except NOT_SENT as exc:  # the channel is gone, or closed to the bot
            _log.warning("What was closed could not be sent to channel %d: %s", channel, exc)

    def _all_read(self, readers: Viewer, exchange: Exchange) -> bool:
        """Return whether these readers can all read where a question was asked."""
        return not exchange.private and self.bot.viewers.all_can_read(readers, exchange.channel)
