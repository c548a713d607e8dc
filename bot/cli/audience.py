"""`audience`: who can see a document, and what a person can see. Loads no model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from bot import wiring
from bot.access.policy import FIELD
from bot.cli import present
from bot.cli.session import session_of
from bot.visible import visible_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.access.policy import Audience, Policy

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    app.command()(audience)


def audience(
    context: typer.Context,
    document: Annotated[
        str | None,
        typer.Argument(help="Its name, as `documents` lists it; leave it out to ask for a person."),
    ] = None,
    person: Annotated[int, typer.Option(metavar="ID", help="Somebody's id.")] = 0,
    role: Annotated[
        list[int] | None, typer.Option(metavar="ID", help="A role that they have, once for each.")
    ] = None,
    channel: Annotated[
        list[int] | None, typer.Option(metavar="ID", help="A channel that they can read.")
    ] = None,
    guild: Annotated[
        list[int] | None, typer.Option(metavar="ID", help="A server that they are a member of.")
    ] = None,
) -> None:
    """Say who can see a document, or which documents a person can see, by policy and index.

    Whoever owns or administrates a server has all of its roles. Where the policy does not say whose
    the documents are, they are taken to be the given server's.
    """
    from bot.access import Access, Person, Policy

    session = session_of(context)
    settings = session.settings
    policy = Policy.read(settings.policy)
    live = wiring.live_index(settings)
    if document is not None:
        found = live.document(document)
        session.screen.show(_who(policy, found.name, found.metadata.get(FIELD)))
        return
    guilds = frozenset(guild or ())
    viewer = Person(
        id=person,
        roles=frozenset(role or ()) | guilds,
        channels=frozenset(channel or ()),
        guilds=guilds,
        at_home=bool(policy.guilds & guilds if policy.guilds else guilds),
    )
    visible = Access(live, policy).visible(viewer)
    rows = live.generation().catalog.rows(visible)
    session.screen.show(present.documents(rows) if rows else [Text("None of the documents.")])


def _who(policy: Policy, name: str, written: str | None) -> Iterator[Text]:
    audiences = [_members(one, policy) for one in policy.audiences_of(name, written)]
    yield Text("Seen by whoever is in all of these:" if audiences[1:] else "Seen by:")
    yield from (Text(f"  {members}") for members in sorted(audiences))
    if unknown := policy.unknown_in(written):
        yield Text(f"Its front matter names what is no audience: {visible_line(unknown)}")


def _members(audience: Audience, policy: Policy) -> str:
    home = ", ".join(map(str, sorted(policy.guilds))) or "the one that the bot was in first"
    parts = [f"members of the servers whose the documents are ({home})"] if audience.home else []
    named: Iterable[tuple[str, frozenset[int]]] = (
        ("who has role", audience.roles),
        ("person", audience.people),
        ("who can read channel", audience.channels),
        ("members of server", audience.guilds),
    )
    parts += [f"{what} {' or '.join(map(str, sorted(ids)))}" for what, ids in named if ids]
    return "; ".join(parts) or "nobody"
