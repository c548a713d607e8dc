"""Checks that Discord accepts the token and gives the bot the permissions that it needs."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeAlias

import discord
from discord import app_commands

from bot import messages
from bot.access import Policy
from bot.check_results import LEAST_ID, CheckResult
from bot.config.guilds import GuildBook
from bot.config.settings import Settings
from bot.discord.rest.client import DiscordUnanswered, over_rest
from bot.discord.rest.doing_without import USEFUL, done_without
from bot.errors import BadSettings, NoToken
from bot.localization import LazyText, _, ngettext

_USED = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "send_messages_in_threads": "Send Messages in Threads",
    "read_message_history": "Read Message History",  # without it there is no replying
    "embed_links": "Embed Links",
    "attach_files": "Attach Files",
}
"""The permissions that the bot needs, with Discord's names for them."""
PERMISSIONS = discord.Permissions(**dict.fromkeys({**_USED, **USEFUL}, True))
_REVIEWS = "Review channel"
_DIGESTS = "Digest channel"
_EXPERTS = "Experts' channel"
_MOST_NAMES = 10
_GRANT = LazyText("Grant that to its role there (Edit Channel, Permissions).")


async def find_in_discord(settings: Settings) -> list[CheckResult]:
    """Return findings about the bot's token, servers, channels and settings in Discord.

    Raises nothing, ends within seconds, and never shows the token. A settings file that cannot be
    read counts as empty here; `bot.app.checks` reports it.
    """
    found: list[CheckResult] = []
    try:
        async with over_rest(settings) as client:
            await _ask(client, settings, found)
    except NoToken as exc:
        found.append(CheckResult("Token", False, str(exc)))
    except DiscordUnanswered as exc:
        detail = _("Discord cannot be asked ({why}), so its side is not checked.").format(
            why=exc.why
        )
        remedy = _(
            "Let this machine reach https://discord.com, or leave that out: check --offline."
        )
        found.append(CheckResult("Discord", False, detail, remedy))
    return found


@dataclass(frozen=True, slots=True)
class _Server:
    """A server that the bot is in; `commands` says whether its invitation had that scope."""

    guild: discord.Guild
    me: discord.Member
    channels: Sequence[discord.abc.GuildChannel]
    commands: bool


_Places: TypeAlias = Mapping[int, tuple[_Server, discord.abc.GuildChannel]]
"""The server and channel of each channel id; a thread has the permissions of its channel."""


async def _ask(client: discord.Client, settings: Settings, found: list[CheckResult]) -> None:
    """Append findings to `found` one by one, so that a failure keeps the earlier ones."""
    book, policy = _read(settings)
    application = client.application
    assert application is not None
    found.append(CheckResult("Token", True, _("it is that of {user}").format(user=client.user)))
    found.extend(_application(application, book))
    invite = discord.utils.oauth_url(application.id, permissions=PERMISSIONS)
    tree = app_commands.CommandTree(client)
    guilds = [guild async for guild in client.fetch_guilds(limit=None, with_counts=False)]
    if not guilds:
        remedy = _("Invite it: {invite}").format(invite=invite)
        found.append(CheckResult("Servers", False, _("The bot is in none."), remedy))
        return
    servers = await asyncio.gather(*(_server(client, tree, guild.id) for guild in guilds))
    asking, telling = _configured_channels(book)
    named = asking.union(telling)
    places = {channel.id: (server, channel) for server in servers for channel in server.channels}
    places |= await _threads(client, named - places.keys(), places)
    for server in servers:
        if not server.commands:
            detail = _("{name}: invited without the scope applications.commands.")
            remedy = _("Invite it again: {invite}").format(invite=invite)
            detail = detail.format(name=server.guild.name)
            found.append(CheckResult("Commands", False, detail, remedy))
        found.extend(_open_channels(server, named))
    found.extend(_named_channels(book, places))
    found.extend(_done_without(servers, book))
    found.extend(_unknown(servers, book, policy))
    found.extend(_silent_roles(servers, book))


def _read(settings: Settings) -> tuple[GuildBook, Policy]:
    book, policy = GuildBook.read(None), Policy.read(None)
    with suppress(BadSettings):
        book = GuildBook.read(settings.guilds)
    with suppress(BadSettings):
        policy = Policy.read(settings.policy)
    return book, policy


def _application(application: discord.AppInfo, book: GuildBook) -> Iterator[CheckResult]:
    flags = application.flags
    reads = flags.gateway_message_content or flags.gateway_message_content_limited
    if book.reads_messages and not reads:
        yield CheckResult("Intents", False, str(messages.INTENT_MISSING))
    elif book.reads_messages:
        yield CheckResult(
            "Intents", True, _("Message Content is on, as channels for questions need it")
        )
    else:
        more = _(", and Message Content is on all the same") if reads else ""
        yield CheckResult("Intents", True, _("no privileged one is needed{more}").format(more=more))
    if application.interactions_endpoint_url:
        detail = _("Commands and clicks go to an Interactions Endpoint URL, and not to the bot.")
        remedy = _("Empty that field at your application's page (General Information).")
        yield CheckResult("Commands", False, detail, remedy)


async def _server(
    client: discord.Client, tree: app_commands.CommandTree[discord.Client], number: int
) -> _Server:
    assert client.user is not None
    guild = await client.fetch_guild(number, with_counts=False)
    me, channels = await asyncio.gather(guild.fetch_member(client.user.id), guild.fetch_channels())
    try:
        await tree.fetch_commands(guild=guild)
    except discord.Forbidden:
        return _Server(guild, me, channels, commands=False)
    return _Server(guild, me, channels, commands=True)


async def _threads(client: discord.Client, numbers: Iterable[int], places: _Places) -> _Places:
    """Return the threads among these ids that the bot can see, with their server and channel."""
    found = {}
    for number in numbers:
        try:
            thread = await client.fetch_channel(number)
        except (discord.NotFound, discord.Forbidden):
            continue
        if isinstance(thread, discord.Thread) and thread.parent_id in places:
            found[number] = places[thread.parent_id]
    return found


def _configured_channels(book: GuildBook) -> tuple[frozenset[int], Mapping[int, str]]:
    """Return the question channels of all guilds, and those in which the bot speaks by itself, with
    what they are.
    """
    sections = [book.default, *book.sections.values()]
    asking = frozenset[int]().union(*(settings.question_channels for settings in sections))
    telling = {each.audit_channel: "Audit channel" for each in sections if each.audit_channel}
    telling |= {each.review_channel: _REVIEWS for each in sections if each.review_channel}
    telling |= {each.digest_channel: _DIGESTS for each in sections if each.digest_channel}
    telling |= {each.experts_channel: _EXPERTS for each in sections if each.experts_channel}
    return asking, telling


def _lacking(
    server: _Server, channel: discord.abc.GuildChannel, *, thread: bool = False
) -> tuple[str, ...]:
    """Return the permissions that the bot needs and lacks in a channel, or in its threads."""
    granted = _permissions(server, channel)
    not_needed = set()
    if thread or isinstance(channel, discord.ForumChannel):
        not_needed.add("send_messages")
    elif not isinstance(channel, discord.TextChannel):
        not_needed.add("send_messages_in_threads")
    return tuple(name for name in _USED if name not in not_needed and not getattr(granted, name))


def _permissions(server: _Server, channel: discord.abc.GuildChannel) -> discord.Permissions:
    # The method of the channel's own class would also count permissions that depend on others.
    return discord.abc.GuildChannel.permissions_for(channel, server.me)


def _open_channels(server: _Server, named: Collection[int]) -> Iterator[CheckResult]:
    """Yield findings about the channels that the guild settings do not name.

    A channel that is closed to @everyone and to the bot was closed on purpose.
    """
    fine = 0
    hidden: list[str] = []
    closed: list[str] = []
    lacking: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for channel in sorted(server.channels, key=lambda channel: channel.position):
        if isinstance(channel, discord.CategoryChannel):
            continue
        missing = _lacking(server, channel)
        everyone = channel.permissions_for(server.guild.default_role)
        if not missing:
            fine += 1
        elif channel.id in named:
            continue  # `_named_channels` reports each
        elif "view_channel" in missing and not everyone.view_channel:
            hidden.append(f"#{channel.name}")
        elif "send_messages" in missing and not everyone.send_messages:
            closed.append(f"#{channel.name}")
        else:
            lacking[missing].append(f"#{channel.name}")
    name = server.guild.name
    told = ngettext("{n:,} channel", "{n:,} channels", fine).format(n=fine)
    more = [_("; {channels} hidden from it").format(channels=_listed(hidden))] * bool(hidden)
    more += [_("; {channels} closed to writing").format(channels=_listed(closed))] * bool(closed)
    detail = "".join(
        [_("{name}: the bot can answer in {told}").format(name=name, told=told), *more]
    )
    yield CheckResult(
        "Channels", bool(fine), detail if fine else f"{detail}.", str("" if fine else _GRANT)
    )
    for missing, channels in lacking.items():
        detail = _("{name}: in {channels} the bot lacks {rights}.").format(
            name=name, channels=_listed(channels), rights=_rights(missing)
        )
        yield CheckResult("Channels", False, detail, str(_GRANT), needed=False)


def _named_channels(book: GuildBook, places: _Places) -> Iterator[CheckResult]:
    """Yield findings about channels that the guild settings name wrongly, or the bot cannot use."""
    asking, telling = _configured_channels(book)
    for number in sorted(asking.union(telling)):
        what = "Question channel" if number in asking else telling[number]
        if number not in places:
            detail = _("{number} does not exist, or is in no server of the bot's.").format(
                number=number
            )
            yield CheckResult(what, False, detail, _("Correct it in the guild settings."))
            continue
        server, channel = places[number]
        thread = channel.id != number
        missing = _lacking(server, channel, thread=thread)
        if number not in asking:  # in an audit channel, a line of text is all that is sent
            needed = {"view_channel", "send_messages_in_threads" if thread else "send_messages"}
            needed |= {"embed_links"} if what in (_REVIEWS, _DIGESTS) else set()
            needed |= {"read_message_history"} if what == _EXPERTS else set()
            missing = tuple(name for name in missing if name in needed)
        if missing:
            name = f"#{channel.name} in {server.guild.name}"
            detail = _("{name}: the bot lacks {rights}.").format(name=name, rights=_rights(missing))
            yield CheckResult(what, False, detail, str(_GRANT))
        elif number in asking and number not in book.of(server.guild.id).question_channels:
            detail = _("#{channel} is in {server}, and named for another server.").format(
                channel=channel.name, server=server.guild.name
            )
            remedy = _("Name it under [guild.{id}] in the guild settings.").format(
                id=server.guild.id
            )
            yield CheckResult(what, False, detail, remedy)


def _done_without(servers: Sequence[_Server], book: GuildBook) -> Iterator[CheckResult]:
    """Yield findings about what is useful in channels, where the bot can answer."""
    for server in servers:
        settings = book.of(server.guild.id)
        for channel in sorted(server.channels, key=lambda channel: channel.position):
            if isinstance(channel, discord.CategoryChannel) or _lacking(server, channel):
                continue
            granted = _permissions(server, channel)
            yield from done_without(channel, granted, settings, str(_GRANT))


def _unknown(servers: Sequence[_Server], book: GuildBook, policy: Policy) -> Iterator[CheckResult]:
    """Yield findings about ids in the settings and the policy that the bot can see nowhere."""
    guilds = {server.guild.id for server in servers}
    roles = {role.id for server in servers for role in server.guild.roles}
    channels = {channel.id for server in servers for channel in server.channels}
    sections = [book.default, *book.sections.values()]
    admins = frozenset[int]().union(*(settings.admin_roles for settings in sections))
    named_roles = (
        one for each in sections for one in (*each.owners.values(), *each.experts.values())
    )
    owners = {one.id for one in named_roles if one.is_role}
    added = {number for each in sections for number in each.add_to}
    named = policy.everything
    for where, sentence, numbers in (
        ("Guild settings", _("The bot is not in server {number}."), book.sections.keys() - guilds),
        (
            "Guild settings",
            _("No server of the bot's has role {number}."),
            (admins | owners) - roles,
        ),
        (
            "Guild settings",
            _("No server of the bot's has channel {number}."),
            added - channels,
        ),
        ("Policy", _("The bot is not in server {number}."), named.guilds - guilds),
        ("Policy", _("No server of the bot's has role {number}."), named.roles - roles),
        ("Policy", _("No server of the bot's has channel {number}."), named.channels - channels),
    ):
        for number in sorted(numbers):
            if number >= LEAST_ID:  # `bot.app.checks` reports what cannot be an id
                yield CheckResult(where, False, sentence.format(number=number), needed=False)


def _silent_roles(servers: Sequence[_Server], book: GuildBook) -> Iterator[CheckResult]:
    """Yield findings about roles that the bot cannot remind of a review or ask, or not ping."""
    for server in servers:
        settings = book.of(server.guild.id)
        may_ping = server.me.guild_permissions.mention_everyone
        for what, named, channel, detail, remedy, silent in (
            (
                _REVIEWS,
                settings.owners,
                settings.review_channel,
                _("{name}: role {role} is not reminded, as no channel is named for it."),
                _("Name a review_channel in the guild settings."),
                _("{name}: role {role} can be named in a reminder, but not pinged."),
            ),
            (
                _EXPERTS,
                settings.experts,
                settings.experts_channel,
                _("{name}: role {role} cannot be asked, as no channel is named for it."),
                _("Name an experts_channel in the guild settings."),
                _("{name}: role {role} can be asked, but not pinged."),
            ),
        ):
            if channel is not None:
                detail, remedy = silent, _("Let anyone mention it (Server Settings, Roles).")
            ids = [one.id for one in sorted(set(named.values())) if one.is_role]
            for role in filter(None, map(server.guild.get_role, ids)):
                if channel is None or not (may_ping or role.mentionable):
                    said = detail.format(name=server.guild.name, role=role.name)
                    yield CheckResult(what, False, said, remedy, needed=False)


def _rights(names: Iterable[str]) -> str:
    return ", ".join(_USED[name] for name in names)


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMES
    shown = ", ".join(names[:_MOST_NAMES])
    return f"{shown} {messages.and_more(number=more)}" if more > 0 else shown
