"""`audience`: who can see a document, and what a person can see. Loads no model."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from bot.access.policy import FIELD
from bot.access.viewers import ChannelReaders
from bot.app import composition
from bot.cli.output import present
from bot.cli.session import Session, named, session_of
from bot.config.token import has_token
from bot.localization import LazyText, _
from bot.text import visible_line

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from rich.console import RenderableType

    from bot.access.policy import Audience, Policy
    from bot.access.viewers import Viewer
    from bot.discord.rest.explain_access import ChannelAccess, DiscordNames

    Shown = Iterable[RenderableType]

_OR = LazyText(" or ")
_id = partial(typer.Option, metavar="ID", min=1, max=2**63 - 1)


def audience(
    context: typer.Context,
    document: Annotated[
        str | None,
        typer.Argument(help="Its name, as `documents` lists it; leave it out to ask for a person."),
    ] = None,
    person: Annotated[int | None, _id(help="Somebody's id.")] = None,
    place: Annotated[
        int | None,
        _id(
            "--in",
            help="A channel or thread; Discord is asked for the person's rights there, and for "
            "who reads along.",
        ),
    ] = None,
    role: Annotated[list[int] | None, _id(help="A role that they have, once for each.")] = None,
    channel: Annotated[list[int] | None, _id(help="A channel that they can read.")] = None,
    guild: Annotated[list[int] | None, _id(help="A server that they are a member of.")] = None,
) -> None:
    """Say who can see a document, or which documents a person can see, by policy and index.

    With --person and --in, it is what the bot would show that person in that channel, alone and
    with everybody there; that takes the token, and disturbs no bot that runs.

    Else Discord is not asked what the person has. Whoever owns or administrates a server has all of
    its roles. Where the policy does not say whose the documents are, they are taken to be the given
    server's.
    """
    from bot.access import Access, Person, Policy

    if place is not None and (document or role or channel or guild or not person):
        raise typer.BadParameter(_("--in takes --person and nothing else: Discord knows the rest."))
    if not (document or person or role or channel or guild):
        raise typer.BadParameter(_("Name a document, or say who it is for: --person, --role …"))
    session = session_of(context)
    settings = session.settings
    policy = Policy.read(settings.policy)
    current = composition.current_generation(settings)
    access = Access(current, policy)
    if document is not None:
        found = current.document(named(session, current.generation(), document))
        names = _names(session, policy)
        audiences = access.audiences_of(found.name)
        session.screen.show(_who(policy, audiences, found.metadata.get(FIELD), names))
        return

    def seen_by(viewer: Viewer) -> Shown:
        rows = current.generation().catalog.rows(access.visible(viewer))
        return present.documents(rows) if rows else [Text(_("None of the documents."))]

    if place is not None and person is not None:
        from bot.discord.rest.explain_access import access_in

        current.generation()  # raises where there is no index; then Discord need not be asked
        rights = asyncio.run(access_in(settings, policy, person, place))
        session.screen.show(_there(rights, policy, seen_by))
        return
    guilds = frozenset(guild or ())
    viewer = Person(
        id=person or 0,
        roles=frozenset(role or ()) | guilds,
        channels=frozenset(channel or ()),
        guilds=guilds,
        at_home=bool(policy.guilds & guilds if policy.guilds else guilds),
    )
    session.screen.show(seen_by(viewer))


# Who sees a document


def _names(session: Session, policy: Policy) -> DiscordNames | None:
    """Return the names of what the policy names, by id.

    None where there is no token, or where Discord cannot be asked.
    """
    named = policy.everything
    if not (has_token(session.settings) and named.roles | named.channels | named.guilds):
        return None
    from bot.discord.rest.client import DiscordUnanswered
    from bot.discord.rest.explain_access import names_of
    from bot.errors import NoToken

    try:
        return asyncio.run(names_of(session.settings))
    except (NoToken, DiscordUnanswered) as exc:
        session.screen.note(_("Only ids are shown, without names. {reason}").format(reason=exc))
        return None


def _who(
    policy: Policy,
    audiences: Collection[Audience],
    written: str | None,
    names: DiscordNames | None,
) -> Iterator[Text]:
    members = sorted(_members(one, policy, names) for one in audiences)
    yield Text(_("Seen by whoever is in all of these:") if members[1:] else _("Seen by:"))
    yield from (Text(f"  {one}") for one in members)
    if unknown := policy.unknown_in(written):
        yield Text(
            _("Its front matter names what is no audience: {names}").format(
                names=visible_line(unknown)
            )
        )


def _members(audience: Audience, policy: Policy, names: DiscordNames | None) -> str:
    roles, channels, guilds = (names.roles, names.channels, names.guilds) if names else ({}, {}, {})
    home = _called(policy.guilds, guilds) or _("the one that the bot was in first")
    parts = (
        [_("members of the servers that the documents belong to ({home})").format(home=home)]
        if audience.home
        else []
    )
    named: Iterable[tuple[str, frozenset[int], Mapping[int, str]]] = (
        (_("who has role {ids}"), audience.roles, roles),
        (_("person {ids}"), audience.people, {}),
        (_("who can read channel {ids}"), audience.channels, channels),
        (_("members of server {ids}"), audience.guilds, guilds),
    )
    parts += [
        template.format(ids=_called(ids, known, str(_OR))) for template, ids, known in named if ids
    ]
    return "; ".join(parts) or _("nobody")


# What somebody sees in a channel


def _there(
    found: ChannelAccess, policy: Policy, seen_by: Callable[[Viewer], Shown]
) -> Iterator[RenderableType]:
    names = found.names
    channel = _called([found.channel], names.channels)
    if found.parent != found.channel:
        channel = _("{thread}, a thread of {channel}").format(
            thread=channel, channel=_called([found.parent], names.channels)
        )
    server = _called([found.guild], names.guilds)
    yield Text(
        _("{person} in {channel}, {server}").format(
            person=visible_line(found.called), channel=channel, server=server
        ),
        style="bold",
    )
    home = _called(found.home, names.guilds)
    if home:
        yield Text(_("The documents are those of {home}.").format(home=home))
    else:
        yield Text(_("The documents belong to no server yet: the policy can name one."))
    yield ""
    yield Text(_("In private, by their own rights:"), style="bold")
    if found.reads:
        yield from _rights(found, policy)
        yield from seen_by(found.person)
    else:
        yield Text(_("  Nothing, as they cannot read this channel."))
    yield ""
    yield Text(_("In public, where all who can read the channel see it:"), style="bold")
    yield Text(_("  read by {readers}").format(readers=_readers(found.readers, names)))
    yield from seen_by(found.readers)


def _rights(found: ChannelAccess, policy: Policy) -> Iterator[Text]:
    person, names = found.person, found.names
    if person.at_home:
        yield Text(_("  a member of a server that the documents belong to"))
    else:
        yield Text(_("  a member of no server that the documents belong to"))
    roles = _called(person.roles - person.guilds, names.roles)
    yield Text(_("  roles: {roles}").format(roles=roles or _("none")))
    if read := person.channels & policy.everything.channels:
        yield Text(
            _("  can read, of what the policy names: {channels}").format(
                channels=_called(read, names.channels)
            )
        )


def _readers(readers: Viewer, names: DiscordNames) -> str:
    if not isinstance(readers, ChannelReaders):
        return _("strangers, for all that is known")
    if readers.everybody:
        return _("everybody in the server")
    parts = []
    if readers.roles:
        roles = _called(readers.roles, names.roles, str(_OR))
        parts.append(_("who has role {ids}").format(ids=roles))
    if readers.people:
        parts.append(_("person {ids}").format(ids=_called(readers.people, {}, str(_OR))))
    return "; ".join([*parts, _("who owns or administrates the server")])


def _called(ids: Iterable[int], names: Mapping[int, str], between: str = ", ") -> str:
    """Return the ids, each with its name where that is known."""
    return between.join(
        f"{visible_line(names[number])} ({number})" if number in names else str(number)
        for number in sorted(ids)
    )
