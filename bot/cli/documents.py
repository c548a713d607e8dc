"""`documents`, `show` and `status`: what is indexed. None of them loads a model."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Annotated

import typer

from bot import wiring
from bot.cli import as_json, present, report
from bot.cli.session import session_of
from bot.errors import UnknownPage

if TYPE_CHECKING:
    from index.catalog import DocumentRow

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    app.command()(documents)
    app.command()(show)
    app.command()(status)


def documents(
    context: typer.Context,
    words: Annotated[
        str | None,
        typer.Argument(
            metavar="[FILTER]", help="Only those with this in their name or title; * and ? work."
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """List the documents: what answers, and what could not be read and why."""
    session = session_of(context)
    generation = wiring.live_index(session.settings).generation()
    rows = [row for row in generation.catalog.rows() if words is None or _matches(row, words)]
    if json:
        session.screen.write(as_json.documents(generation.number, rows))
    else:
        session.screen.show(present.documents(rows))


def _matches(row: DocumentRow, words: str) -> bool:
    texts = (row.name.lower(), (row.title or "").lower())
    if any(sign in words for sign in "*?"):
        pattern = words.lower().replace("[", "[[]")
        return any(fnmatchcase(text, pattern) for text in texts)
    return any(words.lower() in text for text in texts)


def show(
    context: typer.Context,
    document: Annotated[str, typer.Argument(help="Its name, as `documents` lists it.")],
    page: Annotated[
        int | None, typer.Option("--page", metavar="N", min=1, help="Only this page.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show the text of a document, as it is stored and quoted."""
    session = session_of(context)
    if json and page:
        raise typer.BadParameter("--json has every page and its place; leave --page out.")
    found = wiring.live_index(session.settings).document(document)
    if page and page > len(found.pages):
        raise UnknownPage(document, page, len(found.pages))
    if json:
        session.screen.write(as_json.document(found))
    else:
        session.screen.show(present.document(found, page), fill=False)


def status(
    context: typer.Context,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show which generation of the index answers, and what has changed in the corpus since."""
    from bot.state import index_state

    session = session_of(context)
    state = index_state(session.settings)
    if json:
        session.screen.write(as_json.state(state))
    else:
        session.screen.show(report.state(state))
