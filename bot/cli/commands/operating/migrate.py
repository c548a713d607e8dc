"""`migrate`: from the folders of one machine to a server, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from bot import messages
from bot.cli.session import AsJson, session_of
from bot.localization import _, ngettext


def migrate(
    context: typer.Context,
    back: Annotated[bool, typer.Option("--back", help="From the server to the folders.")] = False,
    shards: Annotated[
        Path | None,
        typer.Option(
            "--shards",
            help="Only divide what is on the server over others: a file with a URL in each line.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    """Copy index and records to the server that BRIEFING_DATABASE names; stop all bots first.

    Each table is compared with what was sent. What was interrupted goes on where it was when you
    call it again. What was copied stays where it was, too.
    """
    from bot.documents.migration import divide_index, migrate_index, migrate_records

    session = session_of(context)
    if shards is not None:
        urls = shards.read_text(encoding="utf-8").split()
        divide_index(session.settings, urls)
        if json:
            session.screen.write({"shards": len(urls)})
        else:
            said = ngettext(
                "Passages and blocks of the index are all on the {number:,} server.",
                "Passages and blocks of the index are divided over the {number:,} servers.",
                len(urls),
            )
            session.screen.show([Text(said.format(number=len(urls)))])
        return
    index = migrate_index(session.settings, back=back)
    done = migrate_records(session.settings, back=back)
    if json:
        moved = index and {"generation": index.generation, "documents": index.documents}
        session.screen.write({"rows": done.rows, "sha256": done.sha256, "index": moved})
        return
    if index:
        arrived = _("Generation {generation} is there, with {documents}.").format(
            generation=index.generation, documents=messages.documents(index.documents)
        )
        session.screen.show([Text(arrived)])
    sentence = ngettext(
        "The records are copied, {n:,} row, and equal to what was sent. What is at the old "
        "place stays; remove it when the bot runs with the new one.",
        "The records are copied, {n:,} rows, and equal to what was sent. What is at the old "
        "place stays; remove it when the bot runs with the new one.",
        done.rows,
    ).format(n=done.rows)
    session.screen.show([Text(sentence)])
