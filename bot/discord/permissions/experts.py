"""Experts: the people who are asked what the documents do not answer, and who reads along."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

import discord

from bot.access import Viewer
from bot.chat.recheck import ViewerSource
from bot.config.guilds import GuildBook, GuildSettings, Owner
from bot.discord.permissions.channel_readers import can_view
from bot.discord.permissions.interaction import Interaction, ServingClient
from bot.discord.permissions.viewer_sources import readers_by_id
from bot.discord.rendering.audiences import mention_of
from bot.discord.rendering.escape import escape_line
from bot.documents.reviews import owner_of
from bot.errors import Busy
from bot.localization import _
from bot.records import Exchange, Kind
from bot.records.parts.handed import HandedQuestion
from bot.services import Services
from index.answering.answer import QuestionKind, Verdict
from index.errors import IndexUnavailable

_NOT_FOR_PEOPLE = frozenset({QuestionKind.TALK, QuestionKind.UNCLEAR, QuestionKind.COLLECTION})
"""Kinds of what the bot itself is asked."""
_NAME = 80
_RETRY_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Expert:
    """A person or a role of a server, and the channel where they are asked; None for directly."""

    guild: int
    owner: Owner
    channel: int | None

    def readers(self, client: ServingClient) -> ViewerSource:
        """Return who reads what they are asked, at any moment."""
        if self.channel is None:
            return partial(client.viewers.directly, self.owner.id)
        return readers_by_id(client.viewers, self.channel)


async def name_of(
    client: ServingClient, guild: int, someone: Owner, here: int | None = None
) -> str:
    """Return what a person or a role is called in `guild`, as markup for whoever reads it `here`.

    A mention would be a bare number where the reader's Discord does not know whom it is of.
    """
    server = client.get_guild(guild)
    if someone.is_role:
        role = server.get_role(someone.id) if server else None
        if role is None or here == guild:
            return mention_of(someone)
        return escape_line(f"@{role.name}", _NAME)
    known: discord.Member | discord.User | None = client.get_user(someone.id)
    with suppress(Busy):
        known = await member_of(client, guild, someone.id) or known
    return escape_line(known.display_name, _NAME) if known else _("somebody")


def can_be_handed(exchange: Exchange) -> bool:
    """Return whether a person can be asked what an exchange asked."""
    return exchange.kind is Kind.ASK and exchange.question_kind not in _NOT_FOR_PEOPLE


def has_experts(guilds: GuildBook, exchange: Exchange) -> bool:
    """Return whether anybody may be asked where an exchange was, by the settings.

    Directly, by those of any server: which of them the documents belong to is looked up on a click.
    """
    if exchange.guild is not None:
        return _asks(guilds.of(exchange.guild))
    return any(map(_asks, (guilds.default, *guilds.sections.values())))


async def expert_on(interaction: Interaction, exchange: Exchange) -> Expert | None:
    """Return who can be asked about an exchange and be reached, other than whoever clicks.

    The owner of the document that was quoted first is asked before whoever knows its folder, if who
    clicks may still know of the document. Raises Busy where Discord does not say who is there.
    """
    client, services = interaction.client, interaction.client.services
    viewer = await client.viewers.asker(interaction)
    # Directly, the experts of those servers are asked that the documents belong to.
    for number in sorted(client.viewers.home) if exchange.guild is None else [exchange.guild]:
        settings, guild = services.guilds.of(number), client.get_guild(number)
        if guild is None or not _asks(settings):
            continue
        found = await services.admission.run_quick(
            _candidates, services, settings, exchange, viewer
        )
        for owner in found:
            expert = await _reached(client, guild, settings.experts_channel, owner)
            if expert is not None and owner != Owner(interaction.user.id):
                return expert
    return None


async def may_answer(client: ServingClient, handed: HandedQuestion, person: int) -> bool:
    """Return whether a person is one whom a question was handed to, by their roles of this moment.

    Raises Busy where Discord does not say.
    """
    if not handed.is_role and person != handed.recipient:
        return False
    member = await member_of(client, handed.guild, person)
    if member is None or not handed.is_role:
        return member is not None
    return any(role.id == handed.recipient for role in member.roles)


async def member_of(client: ServingClient, guild: int, person: int) -> discord.Member | None:
    """Return a member of a server; of one that another process serves, as Discord tells it.

    Direct messages come to the first of these, whichever server they are about. Raises Busy where
    Discord does not say.
    """
    found = client.get_guild(guild)
    if found is None and not client.services.settings.shard.has(guild):
        try:
            found = await client.fetch_guild(guild, with_counts=False)
        except (discord.NotFound, discord.Forbidden):
            return None
        except discord.HTTPException as exc:
            raise Busy(_RETRY_SECONDS) from exc
    return None if found is None else await client.viewers.member_now(found, person)


def _asks(settings: GuildSettings) -> bool:
    return bool(settings.experts) or settings.experts_channel is not None


def _candidates(
    services: Services, settings: GuildSettings, exchange: Exchange, viewer: Viewer
) -> list[Owner]:
    """Return who can be asked, who knows best first. Blocks."""
    return list(dict.fromkeys(filter(None, _named(services, settings, exchange, viewer))))


def _named(
    services: Services, settings: GuildSettings, exchange: Exchange, viewer: Viewer
) -> Iterator[Owner | None]:
    quoted = [excerpt.document for excerpt in exchange.excerpts[:1]]
    documents = [each for each in quoted if services.access.may_know_of(viewer, each)]
    with suppress(IndexUnavailable):
        catalog = services.current.generation().catalog
        if exchange.verdict is not Verdict.SILENT:
            for document in documents:
                yield from sorted(settings.owners_of(owner_of(catalog, document)))
    for document in documents:
        yield settings.expert_on(document)
    yield settings.expert_on(exchange.document or exchange.folder)
    yield settings.expert_on(None)


async def _reached(
    client: ServingClient, guild: discord.Guild, channel: int | None, owner: Owner
) -> Expert | None:
    """Return how a person or a role is reached; None where they cannot be."""
    place = None if channel is None else guild.get_channel_or_thread(channel)
    if owner.is_role:
        known = guild.get_role(owner.id) is not None and place is not None
        return Expert(guild.id, owner, channel) if known else None
    member = await client.viewers.member_now(guild, owner.id)
    if member is None or member.bot:
        return None
    reads = place is not None and can_view(member, place)
    return Expert(guild.id, owner, channel if reads else None)
