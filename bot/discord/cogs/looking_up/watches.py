"""Watching: a button below every answer, /watches, and the looks after each reindex."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import partial

import discord
from discord import app_commands
from discord.ext import commands

from bot.access import Viewer
from bot.chat.watching import NOT_ALONE, NOT_TO_BE_WATCHED
from bot.discord.cogs.bot_cog import BotCog, Work
from bot.discord.permissions.interaction import Interaction
from bot.discord.permissions.viewer_sources import thread_readers
from bot.discord.rendering.answers.watches import begun, end_button, watches_page
from bot.discord.rendering.message import Button, MessagePart
from bot.discord.ui.actions import Click, Shown, ShownParts
from bot.discord.ui.ages import with_age
from bot.discord.ui.answers.asked_words import question_of
from bot.discord.ui.answers.telling import WatchOutcome, look_and_tell
from bot.discord.ui.paging import page_of
from bot.discord.ui.sending import NOT_SENT, begin, follow_up
from bot.errors import Busy, NotAllowed
from bot.localization import N_, NP_, LazyText
from bot.records import Exchange
from bot.records.parts.watches import MOST_WATCHES, Baseline, Watch
from bot.services import Services
from bot.wording.command_names import without_off
from index.answering.answer import Verdict
from index.errors import BriefingError

TOO_MANY = LazyText(
    "You watch {most:,} questions already, which is the most. `/watches` ends some."
)
TOLD_AT_ONCE = LazyText("The documents answer it by now: I have just written to you directly.")
ENDED = LazyText("Ended. I no longer keep its words.")
ENDED_ALREADY = LazyText("That watch has ended already, or it is not yours.")
_TELL_HERE = LazyText("Tell everybody in this thread instead")
HERE_NOW = LazyText("I will tell it here, to everybody who can read this thread.")
_WRITTEN = LazyText("I have written to you.")
STILL_NOT = LazyText("I still cannot write to you. Your watch stays.")
_NOTHING_NOW = LazyText("There is nothing to tell any more: it is again as it was.")

_ON_A_PAGE = 5
_TRIES, _AGAIN = 288, 300.0
"""How often watches are looked at that could not be, and the seconds between two tries: a day."""
_log = logging.getLogger(__name__)


class Watches(BotCog):
    def background(self) -> Iterable[Work]:
        yield self.after_each_reindex("watches", self._keep)

    @app_commands.command(
        name=NP_("command", "watches"),
        description=N_("What you asked me to tell you, and how to end it"),
    )
    async def watches(self, interaction: Interaction) -> None:
        await begin(interaction)
        await follow_up(interaction, await _page(interaction, 1))

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        await self.services.admission.run_quick(
            self.services.records.watches.end_of_guild, guild.id
        )

    async def _keep(self) -> None:
        for attempt in range(_TRIES):
            if attempt:
                await asyncio.sleep(_AGAIN)
            if await self.keep():
                return

    async def keep(self) -> bool:
        """Look at all watches for which that is due; return whether all could be looked at."""
        services, watches = self.services, self.services.records.watches
        run_quick = services.admission.run_quick
        generation = await run_quick(services.current.generation)
        known: dict[int, Viewer] = {}
        done = True
        for number, person in await run_quick(watches.due, generation.number):
            # Not before its turn, which may come in hours.
            watch = await run_quick(watches.get, number, person)
            if watch is None or not services.settings.shard.has(watch.guild):
                continue
            try:
                await look_and_tell(self.bot, watch, known)
            except (BriefingError, *NOT_SENT) as exc:
                if services.admission.is_closing:
                    raise Busy(0) from exc
                done = False
                _log.warning("A watch could not be looked at: %s", type(exc).__name__)
        return done


async def _page(interaction: Interaction, number: int) -> list[MessagePart]:
    services, person = interaction.client.services, interaction.user.id
    viewer = await interaction.client.viewers.asker(interaction)

    def found() -> list[tuple[Watch, bool]]:
        return [
            (watch, services.access.may_know_of_all(viewer, watch.source_documents))
            for watch in services.records.watches.of_person(person)
        ]

    watches = await services.admission.run_quick(found)
    page = page_of(watches, number, _ON_A_PAGE)
    return watches_page(
        page.numbered(), number=len(watches), footer=page.footer, turns=page.turns("w:list:")
    )


class BeginWatch(Click, template=r"w:(?P<exchange>\d+)", shown=Shown.APART):
    """Below an answer: watches its question for the person who clicks."""

    async def clicked(self, interaction: Interaction, services: Services) -> ShownParts:
        run_quick, watches = services.admission.run_quick, services.records.watches
        person = interaction.user.id
        exchange = await self.exchange(interaction)
        if exchange.question_kind in NOT_ALONE:
            raise NotAllowed(NOT_TO_BE_WATCHED)
        question = await question_of(interaction, exchange)
        off = services.guilds.of(interaction.guild_id).commands_off
        too_many = without_off(TOO_MANY.format(most=MOST_WATCHES), off)
        if len(await run_quick(watches.of_person, person)) >= MOST_WATCHES:
            return too_many
        watch = watch_on(exchange, question, person)
        source = partial(interaction.client.viewers.directly, person)
        told = None
        if watch.awaits_answer:
            async with services.admission.turn(person):
                kept = await run_quick(watches.add, watch)
                if kept is not None:
                    told = await look_and_tell(interaction.client, kept, waited_for=True)
        else:
            watch = await services.watching.begin(watch, source, services.today(watch.guild))
            kept = await run_quick(watches.add, watch)
        if kept is None:
            return too_many
        if told is WatchOutcome.TOLD:
            return TOLD_AT_ONCE
        buttons = [end_button(kept)]
        is_public = not exchange.private and exchange.guild is not None
        if is_public and isinstance(interaction.channel, discord.Thread) and not kept.awaits_answer:
            buttons.append(Button(str(_TELL_HERE), f"w:here:{kept.id}"))
        part = MessagePart(without_off(begun(kept), off), rows=(tuple(buttons),))
        return [await with_age(interaction, part, exchange)]


def watch_on(exchange: Exchange, question: str, person: int) -> Watch:
    """Return the watch on an exchange, before anybody has looked what the documents say now."""
    now = datetime.now(UTC)  # the records say when it begins and ends
    return Watch(
        id=0,
        person=person,
        guild=exchange.guild,
        channel=exchange.channel,
        is_here=False,
        awaits_answer=exchange.verdict is not Verdict.ANSWERED,
        question=question,
        question_kind=exchange.question_kind,
        people=tuple({exchange.person, *exchange.source_people} - {person}),
        source_documents=exchange.source_documents,
        document=exchange.document,
        folder=exchange.folder,
        since=exchange.since,
        began=now,
        ends=now,
        baseline=Baseline(),
        checked=0,
    )


async def _theirs(click: Click, interaction: Interaction) -> Watch | None:
    """Return the watch of a button, if it is of the person who clicks."""
    services, number = interaction.client.services, click.number("watch")
    get = services.records.watches.get
    return await services.admission.run_quick(get, number, interaction.user.id)


class TellHere(Click, template=r"w:here:(?P<watch>\d+)"):
    """Below what is said of a new watch, in a thread: tells its readers instead of the person."""

    async def clicked(self, interaction: Interaction, services: Services) -> ShownParts:
        watch, thread = await _theirs(self, interaction), interaction.channel
        if watch is None or not isinstance(thread, discord.Thread) or watch.channel != thread.id:
            return ENDED_ALREADY
        source = thread_readers(interaction.client.viewers, thread)
        begun_here = await services.watching.begin(watch, source, services.today(watch.guild))
        tell_here = services.records.watches.tell_here
        await services.admission.run_quick(tell_here, watch.id, begun_here.baseline)
        return [MessagePart(str(HERE_NOW), rows=((end_button(watch),),))]


class EndWatch(Click, template=r"w:end:(?P<watch>\d+)", shown=Shown.APART):
    """Ends a watch of the person who clicks."""

    async def clicked(self, interaction: Interaction, services: Services) -> ShownParts:
        watch = await _theirs(self, interaction)
        if watch is not None:
            await services.admission.run_quick(services.records.watches.end, watch.id)
        return ENDED_ALREADY if watch is None else ENDED


class TellNow(Click, template=r"w:now:(?P<watch>\d+)", shown=Shown.APART):
    """In the list: tries again to write to a person who could not be written to."""

    async def clicked(self, interaction: Interaction, services: Services) -> ShownParts:
        watch = await _theirs(self, interaction)
        if watch is None:
            return ENDED_ALREADY
        async with services.admission.turn(interaction.user.id):
            told = await look_and_tell(interaction.client, watch, waited_for=True)
        said = {
            WatchOutcome.TOLD: _WRITTEN,
            WatchOutcome.NOT_TOLD: STILL_NOT,
            WatchOutcome.ENDED: ENDED_ALREADY,
        }
        return said.get(told, _NOTHING_NOW)


class TurnWatches(Click, template=r"w:list:(?P<page>\d+)"):
    """Shows another page of the list."""

    async def clicked(self, interaction: Interaction, services: Services) -> ShownParts:
        return await _page(interaction, self.number("page"))
