"""`watches`: how many questions people watch, and since when; no words of them."""

from __future__ import annotations

from contextlib import closing
from typing import Annotated

import typer

from bot.cli.output import report
from bot.cli.output.as_json import kept as kept_as_json
from bot.cli.session import session_of

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    app.command()(watches)


def watches(
    context: typer.Context,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Say how many questions people watch, and since when, without the words of them.

    Whoever watches a question is told once the documents answer it otherwise. `export` holds the
    watches of one person, and `forget` ends them.
    """
    from bot.records import Records
    from bot.records.databases.opening import are_there

    session = session_of(context)
    place = session.settings.records_place
    found = []
    if are_there(place):
        with closing(Records(place)) as records:
            found = records.watches.all()
    if json:
        session.screen.write(kept_as_json.of_watches(found))
    else:
        session.screen.show(report.watches(found), fill=False)
