"""Looks at a watch, and tells whoever it is for what differs.

What is told is recorded in three steps: the answer, that it is being told, and that it was. So
after a crash between two of them it is told all the same, and not twice: the bot looks whether its
message is there.
"""

from __future__ import annotations

import enum
import logging
from dataclasses import replace
from functools import partial

import discord

from bot.access import Viewer
from bot.chat.question import ChatQuestion
from bot.chat.recheck import ViewerSource
from bot.chat.watching import WatchLook
from bot.config.guilds import Owner
from bot.discord.permissions.interaction import ServingClient
from bot.discord.permissions.viewer_sources import thread_readers
from bot.discord.rendering.answers.answers import feedback_id
from bot.discord.rendering.answers.watches import changed
from bot.discord.ui.actions import ids_in
from bot.discord.ui.answers.answers import answer_parts
from bot.discord.ui.sending import direct_channel, pings_of, send
from bot.localization import speaking
from bot.records.parts.watches import Watch

_LOOKED_BACK = 20
"""Messages in which one that was sent before a crash is looked for."""
_log = logging.getLogger(__name__)


class WatchOutcome(enum.Enum):
    """What came of a look."""

    NOTHING = "nothing"
    """There was nothing to tell."""
    TOLD = "told"
    NOT_TOLD = "not told"
    """There is something to tell, and no way to."""
    ENDED = "ended"
    """The person is no longer there, or the place is not, or the person has ended it."""


async def look_and_tell(
    client: ServingClient,
    watch: Watch,
    known: dict[int, Viewer] | None = None,
    *,
    waited_for: bool = False,
) -> WatchOutcome:
    """Look at a watch, tell what differs, and record both.

    `known` holds what people might see a moment ago, by their ids; it is filled here. `waited_for`
    is as in `Watching.look`. Raises Busy, IndexUnavailable, RecordsUnavailable and what discord.py
    raises while Discord cannot be reached.
    """
    services, watches = client.services, client.services.records.watches
    run_quick = services.admission.run_quick
    guild = None if watch.guild is None else client.get_guild(watch.guild)
    if watch.guild is not None and guild is None:
        return WatchOutcome.NOTHING  # the watch ends when the bot learns that it was removed there
    source = await source_of(client, watch)
    if source is None:
        await run_quick(watches.end, watch.id)
        return WatchOutcome.ENDED
    viewer = await _viewer(watch, source, {} if known is None else known)
    today = services.today(watch.guild)
    look = await services.watching.look(watch, viewer, source, today, waited_for=waited_for)
    if look.change is None:
        await run_quick(watches.checked, watch.id, look.generation, look.baseline)
        return WatchOutcome.NOTHING
    # Only now, since Discord has to be asked for each person.
    if guild is not None and await client.viewers.member_now(guild, watch.person) is None:
        await run_quick(watches.end, watch.id)
        return WatchOutcome.ENDED
    now = await run_quick(watches.get, watch.id, watch.person)
    if now is None:  # its words are not to be kept again, nor said
        return WatchOutcome.ENDED
    if now.is_here != watch.is_here:  # others are to be told, who may see other documents
        return await look_and_tell(client, now, known, waited_for=waited_for)
    try:
        channel = await _channel(client, watch)
        if not await _was_told(client, channel, watch):
            languages = client.languages
            person = None if watch.is_here else watch.person
            spoken = languages.here(guild) if person is None else languages.of_person(person, guild)
            with client.answering(), speaking(spoken):
                await _tell(client, channel, watch, look, source)
    except (discord.Forbidden, discord.NotFound):
        _log.info("Somebody watches a question, and cannot be written to")
        await run_quick(watches.not_told, watch.id, look.generation)
        return WatchOutcome.NOT_TOLD
    if watch.awaits_answer:
        await run_quick(watches.end, watch.id)
    else:
        assert look.baseline is not None
        await run_quick(watches.told, watch.id, look.generation, look.baseline)
    return WatchOutcome.TOLD


async def source_of(client: ServingClient, watch: Watch) -> ViewerSource | None:
    """Return who would be told now; None where there is no such place any more."""
    if not watch.is_here:
        return partial(client.viewers.directly, watch.person)
    channel = client.get_channel(watch.channel)
    if channel is None:  # a thread that was archived
        try:
            channel = await client.fetch_channel(watch.channel)
        except (discord.NotFound, discord.Forbidden):
            return None
    if isinstance(channel, discord.abc.PrivateChannel):
        return None
    return thread_readers(client.viewers, channel)


async def _viewer(watch: Watch, source: ViewerSource, known: dict[int, Viewer]) -> Viewer:
    """Return who would be told; a person is looked up once for all that they watch."""
    if watch.is_here:
        return await source()
    if watch.person not in known:
        known[watch.person] = await source()
    return known[watch.person]


async def _channel(
    client: ServingClient, watch: Watch
) -> discord.DMChannel | discord.PartialMessageable:
    """Return where it is told. Raises Forbidden and NotFound."""
    if watch.is_here:
        return client.get_partial_messageable(watch.channel, guild_id=watch.guild)
    return await direct_channel(client, watch.person)


async def _tell(
    client: ServingClient,
    channel: discord.DMChannel | discord.PartialMessageable,
    watch: Watch,
    look: WatchLook,
    source: ViewerSource,
) -> None:
    services = client.services
    assert look.response is not None
    assert look.change is not None
    asked = ChatQuestion(
        question=watch.question,
        person=watch.person,
        guild=watch.guild if watch.is_here else None,
        channel=channel.id,
        viewer=await source(),
        viewer_source=source,
        document=watch.document,
        folder=watch.folder,
        since=watch.since,
        private=not watch.is_here,
    )
    answered = await services.answering.record(
        asked, look.response, watch.source_documents, watch.people
    )
    run_quick, records = services.admission.run_quick, services.records
    await run_quick(records.watches.begin_telling, watch.id, str(answered.exchange.id))
    answer = await answer_parts(services, answered, source)
    parts = changed(watch, look.change, look.response.verdict, answer)
    if watch.is_here:
        parts[0] = replace(parts[0], content=f"<@{watch.person}> {parts[0].content}")
        sent = await send(channel, parts, pings_of(Owner(watch.person)))
    else:
        sent = await send(channel, parts)
    await run_quick(records.set_replies, answered.exchange.id, sent)


async def _was_told(client: ServingClient, channel: discord.abc.Messageable, watch: Watch) -> bool:
    """Return whether what was being told when the program ended is there."""
    if watch.telling is None:
        return False
    wanted = feedback_id(int(watch.telling), helpful=True)
    async for message in channel.history(limit=_LOOKED_BACK):
        if client.user is None or message.author.id != client.user.id:
            continue
        if wanted in ids_in(message):
            await client.services.admission.run_quick(
                client.services.records.set_replies, int(watch.telling), [message.id]
            )
            return True
    return False
