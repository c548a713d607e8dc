"""`list`: everything of one sort over all documents. It loads no model."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.app import composition
from bot.cli.output.as_json import answers as answers_as_json
from bot.cli.session import AsJson, documents_in, session_of
from bot.clock import date_in
from bot.exports import MOST_EXPORTED, ExportFormat
from bot.localization import _, ngettext

_ROWS = 20
_SORTS = {
    "mentions": "mentions",
    "figures": "figures",
    "deadlines": "deadlines",
    "decisions": "decisions",
    "dates": "dates",
    "phones": "phone numbers",
    "addresses": "mail addresses",
}


def list_all(
    context: typer.Context,
    topic: Annotated[
        list[str] | None,
        typer.Argument(
            help="A word, a name, or what to list in words: all deadlines in the next 30 days."
        ),
    ] = None,
    kind: Annotated[
        str | None, typer.Option(metavar="KIND", help=f"What to list: {', '.join(_SORTS)}.")
    ] = None,
    since: Annotated[
        str | None, typer.Option(metavar="DATE", help="Only from then on, such as 2026-05.")
    ] = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="Only up to then.")] = None,
    folder: Annotated[
        str | None, typer.Option(metavar="FOLDER", help="Only the documents in this folder.")
    ] = None,
    first: Annotated[
        int, typer.Option(metavar="N", min=1, help="The number of the first row that is shown.")
    ] = 1,
    k: Annotated[
        int | None, typer.Option("-k", metavar="N", min=1, max=MOST_EXPORTED, help="How many rows.")
    ] = None,
    form: Annotated[
        ExportFormat | None, typer.Option("--format", help="Write all rows as a file of this form.")
    ] = None,
    json: AsJson = False,
) -> None:
    """List the documents that mention something, or all deadlines, decisions or figures on it.

    The counts are over all documents; `--format` and `--json` have all rows unless -k says how
    many.
    """
    from bot.cli.output import rolled_up as shown
    from bot.exports import export_list
    from bot.requests.lists import list_request
    from index.answering.list_requests import Lists
    from index.answering.rollups.roll_up import verified_roll_up

    session = session_of(context)
    if kind is not None and kind not in _SORTS:
        raise typer.BadParameter(_("KIND is one of {names}.").format(names=", ".join(_SORTS)))
    if form and json:
        raise typer.BadParameter(_("Give either --format or --json."))
    today = date_in(session.settings.timezone)
    lists = Lists(_SORTS[kind]) if kind else None
    request = list_request(" ".join(topic or ()), lists, since, until, today)
    generation = composition.current_generation(session.settings).generation()
    names = documents_in(session, folder)
    most = k or (MOST_EXPORTED if form or json else _ROWS)
    found = verified_roll_up(request, generation, names, today=today, first=first, most=most)
    if json:
        session.screen.write(answers_as_json.roll_up(found))
    elif form:
        session.screen.write_text(export_list(found, form).text)
    else:
        session.screen.show(shown.roll_up(found))
    left = found.extent.rows - (found.first - 1) - len(found.rows)
    if form and left > 0:
        left_out = ngettext("{n:,} more row was left out.", "{n:,} more rows were left out.", left)
        session.screen.note(left_out.format(n=left))
