"""`documents`, `show` and `status`: what the index holds. None of them loads a model."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Annotated

import typer

from bot.app import composition
from bot.cli.output import present, report, stewardship
from bot.cli.output.as_json import index as index_as_json
from bot.cli.output.as_json import stewardship as stewardship_as_json
from bot.cli.session import AsJson, Session, named, session_of
from bot.clock import date_in
from bot.errors import UnknownPage
from bot.localization import _

if TYPE_CHECKING:
    from index.store.generation import Generation


def documents(
    context: typer.Context,
    words: Annotated[
        str | None,
        typer.Argument(
            metavar="[FILTER]", help="Only those with this in their name or title; * and ? work."
        ),
    ] = None,
    overdue: Annotated[
        bool,
        typer.Option("--overdue", help="Only those that are overdue for a review, by owner."),
    ] = False,
    json: AsJson = False,
) -> None:
    """List the documents: what answers, and what could not be read and why."""
    from bot.library.visible_documents import rows_like
    from bot.records.parts.decisions import decisions_in
    from index.answering.versions.succession import successors_among

    session = session_of(context)
    generation = composition.current_generation(session.settings).generation()
    rows = rows_like(generation.catalog.rows(), words)
    if overdue:
        _overdue(session, generation, {row.name for row in rows}, json=json)
        return
    decisions = decisions_in(session.settings.records_place)
    today = date_in(session.settings.timezone)
    replaced = successors_among(generation.catalog, None, decisions, today)
    if json:
        session.screen.write(index_as_json.documents(generation.number, rows, replaced))
    else:
        session.screen.show(present.documents(rows, replaced))


def _overdue(
    session: Session, generation: Generation, names: Collection[str], *, json: bool
) -> None:
    from bot.documents.reviews import overdue
    from bot.records.parts.decisions import decisions_in

    decisions = decisions_in(session.settings.records_place)
    today = date_in(session.settings.timezone)
    found = [each for each in overdue(generation, None, decisions, today) if each.document in names]
    if json:
        session.screen.write(stewardship_as_json.overdue(generation.manifest.number, found))
    else:
        session.screen.show(stewardship.overdue(found), fill=False)


def show(
    context: typer.Context,
    document: Annotated[str, typer.Argument(help="Its name, as `documents` lists it.")],
    page: Annotated[
        int | None, typer.Option("--page", metavar="N", min=1, help="Only this page.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Show the text of a document, as it is stored and quoted."""
    session = session_of(context)
    if json and page:
        raise typer.BadParameter(_("--json has every page and its place; leave --page out."))
    current = composition.current_generation(session.settings)
    found = current.document(named(session, current.generation(), document))
    if page and page > len(found.pages):
        raise UnknownPage(found.name, page, len(found.pages))
    if json:
        session.screen.write(index_as_json.document(found))
    else:
        session.screen.show(present.document(found, page), fill=False)


def status(
    context: typer.Context,
    json: AsJson = False,
) -> None:
    """Show which generation of the index answers, and what has changed in the corpus since."""
    from bot.documents.reindexing.status import index_state

    session = session_of(context)
    settings = session.settings
    state = index_state(
        composition.index_store(settings),
        settings.corpus,
        lambda: session.reindexer().run(dry_run=True),
    )
    session.tell(index_as_json.state, report.state, state, json=json)
