"""`changes` and `compare`: what changed in the documents, and what differs between two."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from bot.cli.output import differences
from bot.cli.output.as_json import differences as differences_as_json
from bot.cli.session import AsJson, Session, named, session_of
from bot.clock import date_in
from bot.localization import _
from index.errors import BriefingError

if TYPE_CHECKING:
    from bot.library import Library

_EPOCH = datetime.fromtimestamp(0, UTC)


def changes(
    context: typer.Context,
    since: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SINCE]",
            help="A day, month or year, `last week`, `3 days ago`, `generation 7`; without it, as "
            "far back as is known.",
        ),
    ] = None,
    folder: Annotated[
        str | None, typer.Option(metavar="FOLDER", help="Only documents in this folder.")
    ] = None,
    document: Annotated[
        str | None, typer.Option(metavar="DOCUMENT", help="Only this document.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Show which documents are new, changed, removed or renamed, old beside new."""
    session = session_of(context)
    library = session.library()
    start = _start(session, library, " ".join(since or ()))
    known = library.changes()
    found = known.since(
        start,
        folder=library.find_folder(folder) if folder else None,
        document=_named(session, library, document) if document else None,
    )
    beside = [(each, known.comparison(each)) for each in found]
    start = max(start, known.begins()) if start == _EPOCH else start
    forms = differences_as_json.changes, differences.changes
    session.tell(*forms, start, known.begins(), beside, json=json)


def compare(
    context: typer.Context,
    document: Annotated[str, typer.Argument(metavar="A", help="The one, or older, document.")],
    other: Annotated[
        str | None,
        typer.Argument(
            metavar="[B]",
            help="The other; without it, A is compared with what it was, or what it replaces.",
        ),
    ] = None,
    since: Annotated[
        str | None, typer.Option(metavar="SINCE", help="Without B: with what A was then.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Show what differs between two documents, or between a document and what it was before.

    Where no earlier text of it is kept, that is the document that it replaces.
    """
    session = session_of(context)
    library = session.library()
    one = _named(session, library, document)
    two = _named(session, library, other) if other else one
    held_until = None
    if one != two:
        comparison = library.compared(one, two)
    else:
        known = library.changes()
        found = known.since(_start(session, library, since or ""), document=one)
        before = known.comparison(found[0]) if found else None
        replaced = None if since else known.predecessor(one)
        if before is not None:
            comparison, held_until = before, found[0].held_until
        elif replaced is not None:
            comparison, one = library.compared(replaced, one), replaced
        else:
            raise BriefingError(_("No earlier text of {name!r} is kept.").format(name=one))
    if json:
        session.screen.write(differences_as_json.compared(comparison, held_until))
    else:
        session.screen.show(differences.compared(comparison, one_document=one == two))


def _start(session: Session, library: Library, typed: str) -> datetime:
    """Return the moment that was typed; raises BadPeriod."""
    from bot.requests.periods import beginning, generation_in

    if not typed.strip():
        return _EPOCH
    number = generation_in(typed)
    if number is not None and (answered := library.changes().of_generation(number)):
        return answered
    timezone = session.settings.timezone
    return datetime.combine(beginning(typed, date_in(timezone)), time(), ZoneInfo(timezone))


def _named(session: Session, library: Library, typed: str) -> str:
    return named(session, library.generation_and_names()[0], typed)
