"""`successions` and `confirm-review`: what is decided about documents. Loads no model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot.app import composition
from bot.cli.output import stewardship
from bot.cli.output.as_json import stewardship as stewardship_as_json
from bot.cli.session import AsJson, Session, named, session_of
from bot.clock import date_in
from bot.localization import _

if TYPE_CHECKING:
    from index.store.catalog.catalog import Catalog

_TERMINAL = 0
"""Stands in the log of what admins did for whoever runs the program."""
_Old = Annotated[str, typer.Argument(help="The older document, as `documents` lists it.")]
_New = Annotated[str, typer.Argument(help="The newer one.")]

group = typer.Typer(invoke_without_command=True)


@group.callback()
def successions(context: typer.Context, json: AsJson = False) -> None:
    """List which documents replace which: by what they say, what is decided, what is proposed."""
    from bot.documents.successions import known_successions
    from bot.records.parts.decisions import decisions_in

    if context.invoked_subcommand is not None:
        return
    session = session_of(context)
    decisions = decisions_in(session.settings.records_place)
    generation = composition.current_generation(session.settings).generation()
    found = known_successions(generation.catalog, decisions)
    if json:
        number = generation.manifest.number
        session.screen.write(stewardship_as_json.successions(number, found))
    else:
        session.screen.show(stewardship.successions(found), fill=False)


@group.command()
def confirm(context: typer.Context, old: _Old, new: _New, json: AsJson = False) -> None:
    """Say that NEW replaces OLD, whether or not anything proposes it."""
    _decide(session_of(context), old, new, confirmed=True, json=json)


@group.command()
def refuse(context: typer.Context, old: _Old, new: _New, json: AsJson = False) -> None:
    """Say that NEW does not replace OLD; it is proposed again only once one has become another."""
    _decide(session_of(context), old, new, confirmed=False, json=json)


@group.command()
def undo(context: typer.Context, old: _Old, new: _New, json: AsJson = False) -> None:
    """Take back what was decided on the two; the documents need not be there any more."""
    _decide(session_of(context), old, new, confirmed=None, json=json)


def confirm_review(
    context: typer.Context,
    document: Annotated[str, typer.Argument(help="Its name, as `documents` lists it.")],
    wrong: Annotated[
        bool, typer.Option("--wrong", help="Say that it is not right any more.")
    ] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Take back what was said of it.")] = False,
    json: AsJson = False,
) -> None:
    """Say that a document is still right, which pushes its review on: `documents --overdue`.

    It counts for the document as it is, and no longer once that has changed.
    """
    from bot.documents.reviews import reviewed

    if wrong and undo:
        raise typer.BadParameter(_("--wrong and --undo exclude each other."))
    session = session_of(context)
    catalog, found = _named(session, *(() if undo else (document,)))
    document = found[0] if found else document
    with session.records() as records:
        if undo:
            review, done = None, records.decided.withdraw_review(document)
            action = "review undone"
        else:
            today = date_in(session.settings.timezone)
            review = reviewed(catalog, document, today, is_right=not wrong, by_owner=False)
            records.decided.review(document, review, person=None)
            action, done = ("not right any more" if wrong else "still right"), True
        if done:
            records.audit(_TERMINAL, None, action, document, document)
    forms = stewardship_as_json.review, stewardship.review
    session.tell(*forms, document, review, json=json)


def _decide(session: Session, old: str, new: str, *, confirmed: bool | None, json: bool) -> None:
    from bot.documents import successions as deciding

    catalog, found = _named(session, *(() if confirmed is None else (old, new)))
    old, new = found or (old, new)
    with session.records() as records:
        decided, done = records.decided, True
        if confirmed is None:
            done = decided.undo_succession(old, new)
        else:
            decide = deciding.confirm if confirmed else deciding.refuse
            decide(decided, catalog, old, new, None)
        if done:
            detail = deciding.detail_of(old, new, confirmed=confirmed)
            records.audit(_TERMINAL, None, "succession", detail, document=old, other=new)
    forms = stewardship_as_json.decided, stewardship.decided
    session.tell(*forms, old, new, confirmed, json=json)


def _named(session: Session, *typed: str) -> tuple[Catalog, list[str]]:
    """Return the catalog, and the names of the documents that were typed."""
    generation = composition.current_generation(session.settings).generation()
    return generation.catalog, [named(session, generation, each, guess=False) for each in typed]
