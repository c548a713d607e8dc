"""Tells the admins' channel of answers that people marked down, and lets admins act.

It goes by what all who can read that channel may see. An answer that not all of them can read, such
as a private one, is told of only to those who see everything, as the count of marks is; or where
something should not be shown, which somebody has to look at.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial

import discord

from bot.access import ChannelReaders, Viewer
from bot.chat.recheck import Found, rechecked
from bot.clock import utc_now
from bot.discord.permissions.interaction import Interaction, ServingClient
from bot.discord.permissions.lookup import look_up
from bot.discord.permissions.viewer_sources import readers_by_id
from bot.discord.rendering.answers.notices import concerned_line, notice
from bot.discord.rendering.audiences import mention_of
from bot.discord.rendering.layout import view_of
from bot.discord.rendering.message import Button, MessagePart, packed
from bot.discord.ui.actions import Click, ShownParts
from bot.discord.ui.documents.overdue import review_rows
from bot.discord.ui.documents.source_view import document_button
from bot.discord.ui.sending import NOT_SENT, send
from bot.documents.reviews import Overdue, owner_of
from bot.errors import NotAllowed
from bot.library import Library, key_of
from bot.localization import _, speaking
from bot.records import Exchange, Fault, FeedbackEntry, Mark
from bot.records.parts.notices import Notice
from bot.services import Services
from index.errors import BriefingError

_MOST_AN_HOUR = 20
"""Answers marked down by one person that are told of."""
_DOCUMENTS = 4
"""Each may have a row of buttons; the last is for what is not named."""
_TRIES = 3
_log = logging.getLogger(__name__)


async def tell_admins(client: ServingClient, exchange: Exchange, entry: FeedbackEntry) -> None:
    """Tell the channel for reviews, or else the audit channel, of a mark; raise nothing.

    What was told of an earlier mark of the same person on that answer is replaced.
    """
    services = client.services
    for guild in client.viewers.home if exchange.guild is None else (exchange.guild,):
        settings = services.guilds.of(guild)
        channel = settings.review_channel or settings.audit_channel
        if channel is None:
            continue
        try:
            with speaking(client.languages.here(client.get_guild(guild))):
                await _tell(client, exchange, entry, guild, channel)
        except (BriefingError, *NOT_SENT) as exc:  # the channel is gone, or closed to the bot
            _log.warning("A mark could not be told of in channel %d: %s", channel, exc)


async def _tell(
    client: ServingClient, exchange: Exchange, entry: FeedbackEntry, guild: int, channel: int
) -> None:
    services = client.services
    run_quick, notices = services.admission.run_quick, services.records.notices
    earlier = (await run_quick(notices.of, exchange.id, entry.person)).get(channel)
    if earlier is None:
        since = utc_now() - timedelta(hours=1)
        if entry.mark is Mark.UP or (
            await run_quick(notices.since, entry.person, since) >= _MOST_AN_HOUR
        ):
            return
    part = await _part(client, exchange, entry, guild, channel)
    if part is None:
        return
    target = client.get_partial_messageable(channel)
    if earlier is not None:
        try:
            message = target.get_partial_message(earlier.message)
            await message.edit(content=part.content, view=view_of(part))
            return
        except discord.NotFound:  # an admin has deleted it
            if entry.mark is Mark.UP:
                return
    (sent,) = await send(target, [part])
    await run_quick(notices.put, Notice(exchange.id, entry.person, channel, sent))


async def _part(
    client: ServingClient, exchange: Exchange, entry: FeedbackEntry, guild: int, channel: int
) -> MessagePart | None:
    """Return what all who can read the channel may be told; None for nothing."""
    services, viewers = client.services, client.viewers
    run_quick, source = services.admission.run_quick, readers_by_id(viewers, channel)

    async def find(readers: Viewer) -> Found[tuple[Viewer, MessagePart | None]]:
        if not isinstance(readers, ChannelReaders) or readers.guild != guild:
            return Found((readers, None), is_shown=False)
        readable = not exchange.private and viewers.all_can_read(readers, exchange.channel)
        names = await run_quick(services.access.visible, readers)
        told = partial(_told, services, guild, readers, exchange, entry, readable=readable)
        return Found((readers, await run_quick(told)), names)

    for _attempt in range(_TRIES):
        now = await source()
        readers, part = await rechecked(services.access, services.admission, source, now, find)
        if part is None or readers == await source():
            return part
    return None


def _told(
    services: Services,
    guild: int,
    readers: Viewer,
    exchange: Exchange,
    entry: FeedbackEntry,
    *,
    readable: bool,
) -> MessagePart | None:
    unfit = entry.fault is Fault.UNFIT and entry.mark is Mark.DOWN
    access = services.access
    if not (readable or unfit or access.sees_all(readers)):
        return None
    link = question = reason = None
    if readable:
        link = _link(exchange)
        if services.records.keep_questions and access.may_know_of_all(
            readers, exchange.source_documents
        ):
            question, reason = exchange.rewritten or None, entry.reason
    library = services.libraries.of(readers)
    found = list(_concerned(library, exchange)) if readable or unfit else []
    owners_of = services.guilds.of(guild).owners_of
    documents = [
        concerned_line(
            number, each.document, each.title, list(map(mention_of, sorted(owners_of(each.owner))))
        )
        for number, each in enumerate(found, start=1)
    ]
    rows: list[list[Button]] = []
    if entry.fault is Fault.OUTDATED:
        rows = review_rows(list(enumerate(found, start=1)), 0)
    elif unfit:
        rows = [_ways(number, each.document) for number, each in enumerate(found, start=1)]
        rows.append([Button(_("What does it concern?"), f"x:fd:{exchange.id}")])
    return notice(
        entry.mark,
        entry.fault,
        link=link,
        question=question,
        reason=reason,
        documents=documents,
        rows=rows,
    )


def _link(exchange: Exchange) -> str:
    """Return the address of an answer, or of its channel where the message is not known."""
    channel = f"https://discord.com/channels/{exchange.guild}/{exchange.channel}"
    last = exchange.replies[-1] if exchange.replies else exchange.message
    return channel if last is None else f"{channel}/{last}"


def _concerned(library: Library, exchange: Exchange) -> Iterator[Overdue]:
    """Yield the first documents that an answer showed words of, as they are now."""
    generation, names = library.generation_and_names()
    quoted = (excerpt.document for excerpt in exchange.shown)
    found = 0
    for name in dict.fromkeys((*quoted, *exchange.named_documents)):
        row = generation.catalog.beginning(name, 0)
        if row is None or not (names is None or name in names) or found == _DOCUMENTS:
            continue
        found += 1
        owner = owner_of(generation.catalog, name)
        yield Overdue(name, row.title, owner, row.sha256, exchange.at.date())


def _ways(number: int, document: str) -> list[Button]:
    take_out = Button(
        _("Take out {number} …").format(number=number),
        f"x:ro:{key_of(document)}",
        discord.ButtonStyle.danger,
    )
    return [document_button(number, document), take_out]


class ShowConcerned(Click, template=r"x:fd:(?P<exchange>\d+)", admins=True):
    """Below a notice: shows an admin the documents, as far as that admin may see them."""

    async def clicked(self, interaction: Interaction, services: Services) -> ShownParts:
        number, home = self.number("exchange"), interaction.client.viewers.home
        guild = interaction.guild_id

        def work(library: Library) -> list[MessagePart]:
            exchange = services.records.exchange(number)
            marks = services.records.feedback(exchange=number, mark=Mark.DOWN)
            is_told = any(entry.fault is Fault.UNFIT for entry, _exchange in marks)
            of_guild = exchange is not None and (
                guild == exchange.guild or (exchange.guild is None and guild in home)
            )
            if exchange is None or not (is_told and of_guild):
                raise NotAllowed(_("That mark is no longer kept, or was taken back."))
            return _concerned_parts(list(_concerned(library, exchange)))

        return await look_up(interaction, work)


def _concerned_parts(found: Sequence[Overdue]) -> list[MessagePart]:
    if not found:
        return [MessagePart(_("No document that you may see. Ask an admin who may see more."))]
    lines, rows = [_("**The answer showed words of**")], []
    for number, each in enumerate(found, start=1):
        lines.append(concerned_line(number, each.document, each.title))
        rows.append(_ways(number, each.document))
    return packed(lines, between="\n", rows=rows)
