"""`watches`: how many questions people watch, and since when; no words of them."""

from __future__ import annotations

import typer

from bot.cli.output import report
from bot.cli.output.as_json import kept as kept_as_json
from bot.cli.session import AsJson, session_of


def watches(
    context: typer.Context,
    json: AsJson = False,
) -> None:
    """Say how many questions people watch, and since when, without the words of them.

    Whoever watches a question is told once the documents answer it otherwise. `export` holds the
    watches of one person, and `forget` ends them.
    """
    session = session_of(context)
    found = []
    if session.has_records():
        with session.records() as records:
            found = records.watches.all()
    session.tell(kept_as_json.of_watches, report.watches, found, json=json, fill=False)
