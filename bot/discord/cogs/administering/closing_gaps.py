"""After each reindex: asks the open questions of /gaps again, and closes those that are answered.

A question is asked again for those who would have seen its answer: the readers of its channel, or
its asker alone. Whoever may read the question in /gaps is one of them, and may see what closed it.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

import discord

from bot.access import STRANGER, Viewer
from bot.chat.watching import GapLook
from bot.clock import utc_now
from bot.discord.cogs.bot_cog import BotCog, Work
from bot.discord.rendering.answers.unanswered import closed_now
from bot.discord.ui.sending import NOT_SENT
from bot.errors import Busy
from bot.localization import speaking
from bot.records import Exchange
from bot.records.parts.closed_gaps import GapCheck
from index.answering.outlook import digest_of
from index.errors import BriefingError

_MOST_QUESTIONS = 1_000
"""The newest of a server; as many as /gaps shows."""
_LOOKS_KEPT = 64
"""The digests of one are some twenty kilobytes."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Looked:
    """What came of a server's questions, by the channel of each, None for those asked in private.

    `looks` are the last ones, by all that decides what comes of one.
    """

    still_open: Counter[int | None] = field(default_factory=Counter)
    closed: list[tuple[int | None, GapLook]] = field(default_factory=list)
    looks: dict[object, GapLook | None] = field(default_factory=dict)


class ClosingGaps(BotCog):
    def background(self) -> Iterable[Work]:
        if self.services.settings.keep_questions_days is not None:
            yield self.after_each_reindex("gaps", self.close)

    async def close(self) -> None:
        """Ask what is open in each server and in direct messages, and say what is closed now."""
        direct = [None] if self.services.settings.shard.has(None) else []
        for guild in (*self.bot.guilds, *direct):
            looked = await self._close_in(guild)
            if guild is not None and looked.closed:
                await self._report(guild, looked)

    async def _close_in(self, guild: discord.Guild | None) -> _Looked:
        """Look at each open question when its turn comes, which may be in hours: it may be gone by
        then, and the words of all of them would fill the memory meanwhile.
        """
        run_quick, records = self.services.admission.run_quick, self.services.records
        days = self.services.settings.keep_questions_days or 0
        since = utc_now() - timedelta(days=days)
        number = guild.id if guild else None
        found = (await run_quick(records.unsatisfied_ids, number, since))[-_MOST_QUESTIONS:]
        looked = _Looked()
        for id_ in found:
            question = await run_quick(records.unsatisfied_question, id_, since)
            if question is None:
                continue
            exchange = question.exchange
            check = await run_quick(records.closed_gaps.check, id_)
            if check is not None and check.is_closed(await run_quick(self._documents)):
                continue
            closed = await self._close_question(exchange, check, looked)
            asked_in = None if exchange.private else exchange.channel
            if closed is None:
                looked.still_open[asked_in] += 1
            else:
                looked.closed.append((asked_in, closed))
        return looked

    async def _close_question(
        self, exchange: Exchange, check: GapCheck | None, looked: _Looked
    ) -> GapLook | None:
        """Keep what comes of a look at a question; return that if something answers it now.

        Raises Busy where the bot ends.
        """
        try:
            look = await self._look(exchange, check, looked)
        except (BriefingError, *NOT_SENT) as exc:
            if self.services.admission.is_closing:
                raise Busy(0) from exc
            _log.warning("An open question could not be asked: %s", type(exc).__name__)
            return None
        if look is None:
            return None
        put = self.services.records.closed_gaps.put
        await self.services.admission.run_quick(
            put, exchange.id, look.world, look.units, look.names
        )
        return look if look.names else None

    async def _look(
        self, exchange: Exchange, check: GapCheck | None, looked: _Looked
    ) -> GapLook | None:
        """Look at a question, once for all who asked the same of the same documents of late."""
        viewer = await self._viewer(exchange)
        words = digest_of(exchange.rewritten.casefold())  # the words may be forgotten meanwhile
        narrowed = exchange.document, exchange.folder, exchange.since
        key = words, narrowed, viewer, exchange.answered, check and (check.world, check.units)
        if key not in looked.looks:
            if len(looked.looks) == _LOOKS_KEPT:
                looked.looks.clear()
            looked.looks[key] = await self.services.watching.look_at_gap(
                exchange, check, viewer, self.services.today(exchange.guild)
            )
        return looked.looks[key]

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

    async def _report(self, guild: discord.Guild, looked: _Looked) -> None:
        """Say in the audit channel how many are closed, of those that all its readers may read."""
        services = self.services
        channel = services.guilds.of(guild.id).audit_channel
        if channel is None:
            return
        readers = self.bot.viewers.readers_in(channel)
        shown = [answer for asked_in, answer in looked.closed if self._all_read(readers, asked_in)]
        others = sum(
            number
            for asked_in, number in looked.still_open.items()
            if self._all_read(readers, asked_in)
        )
        if not shown:
            return
        titles: dict[str, str] = {}
        for answer in shown:
            titles.setdefault(answer.names[0], answer.title)
        names = frozenset(name for answer in shown for name in answer.names)
        may_know = services.access.may_know_of_all
        if not await services.admission.run_quick(may_know, readers, names):
            return
        with speaking(self.bot.languages.here(guild)):
            text = closed_now(len(shown), len(shown) + others, list(titles.values()))
        try:
            await self.bot.get_partial_messageable(channel).send(content=text)
        except NOT_SENT as exc:  # the channel is gone, or closed to the bot
            _log.warning("What was closed could not be sent to channel %d: %s", channel, exc)

    def _all_read(self, readers: Viewer, channel: int | None) -> bool:
        """Return whether these readers can all read where a question was asked, None in private."""
        return channel is not None and self.bot.viewers.all_can_read(readers, channel)
