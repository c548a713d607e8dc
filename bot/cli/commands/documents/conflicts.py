"""`conflicts`: where documents that hold now contradict each other."""

from __future__ import annotations

from typing import Annotated

import typer

from bot import messages
from bot.app import composition
from bot.cli.output.conflicts import conflicts_json, listed
from bot.cli.session import AsJson, session_of
from bot.clock import date_in
from bot.errors import UnknownConflict


def conflicts(
    context: typer.Context,
    done: Annotated[
        str | None,
        typer.Option("--done", metavar="ID", help="Settle one, so that it is not listed again."),
    ] = None,
    json: AsJson = False,
) -> None:
    """List where documents say different things of the same: figures, dates, names, yes and no.

    Documents that are replaced, or hold no longer or not yet, are left out. One that is done stays
    done until one of its statements changes.
    """
    from index.answering.conflicts import conflicts_in

    session = session_of(context)
    settings = session.settings
    generation = composition.current_generation(settings).generation()
    with session.records() as records:
        found = conflicts_in(
            generation,
            None,
            records.decided.decisions(),
            date_in(settings.timezone),
        ).without(records.settled.pairs())
        if done is not None:
            settled = next((each for each in found.found if each.id == done), None)
            if settled is None:
                raise UnknownConflict(done)
            names = {side.excerpt.document for side in settled.sides}
            records.settled.settle(settled.pairs, names, person=0)
            session.screen.note(str(messages.CONFLICT_DONE))
        elif json:
            session.screen.write(conflicts_json(found, generation.number))
        else:
            session.screen.show(listed(found), fill=False)
