"""`forget`, `export` and `purge`: what is kept of a person or a document, shown and removed."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.app import composition
from bot.cli.output import report
from bot.cli.output.as_json import kept as kept_as_json
from bot.cli.session import AsJson, session_of

_Person = Annotated[
    int,
    typer.Argument(metavar="ID", min=1, max=2**63 - 1, help="The person's id in Discord."),
]


def forget(context: typer.Context, person: _Person, json: AsJson = False) -> None:
    """Remove all that is kept of a person, as their own /forget-me would; the bot may run.

    What they did as an admin stays in the log of what admins did; BRIEFING_KEEP_AUDIT_DAYS says for
    how long.
    """
    from bot.documents.uploads.uploads import Uploads
    from bot.records import PersonCounts

    session = session_of(context)
    uploads = Uploads(session.settings)
    waiting = uploads.waiting_of(person)
    for token in waiting:
        uploads.discard(token)
    held = PersonCounts(0, 0, 0, 0)
    if session.has_records():
        with session.records() as records:
            held = records.counts_of_person(person)
            records.forget_person(person)
    forms = kept_as_json.forgotten, report.forgotten
    session.tell(*forms, person, held, len(waiting), json=json, fill=False)


def export(context: typer.Context, person: _Person) -> None:
    """Print all that is kept of a person, as one JSON object.

    Words of other people, which may be part of a question that was completed by a conversation, are
    left out. So are the marks that other people gave. Messages are in Discord, not here.
    """
    from bot.documents.uploads.uploads import Uploads
    from bot.records import PersonData
    from bot.records.parts.decisions import DeciderData

    session = session_of(context)
    uploads = Uploads(session.settings)
    waiting = [uploads.waiting(token) for token in uploads.waiting_of(person)]
    found, decided, watches, handed = PersonData(), DeciderData(), [], []
    if session.has_records():
        with session.records() as records:
            found, decided = records.of_person(person), records.decided.of_person(person)
            watches = records.watches.of_person(person)
            handed = records.handed.of_person(person)
    session.screen.write(kept_as_json.of_person(person, found, decided, waiting, watches, handed))


def purge(
    context: typer.Context,
    document: Annotated[str, typer.Argument(help="Its name, as `documents` listed it.")],
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Also where nothing is known of that name.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Take a document out of all that is kept, for good, once its file is out of the corpus.

    It goes out of every generation of the index, so there is none to roll back to afterwards; out
    of the removed and replaced files and waiting uploads; and every question whose answer quoted
    or named it goes, with the marks on it. If it was interrupted, purge again.
    """
    from bot.documents.purge import purge as take_out
    from bot.documents.uploads.uploads import Uploads

    session = session_of(context)
    store = composition.index_store(session.settings)
    done = take_out(session.settings, store, Uploads(session.settings), document, anyway=anyway)
    session.tell(kept_as_json.purged, report.purged, done, json=json, fill=False)
