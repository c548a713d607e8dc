"""`backup` and `restore`: everything into one file, and back from it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from bot import messages
from bot.cli.output.present import moment
from bot.cli.session import session_of
from bot.localization import _


def backup(
    context: typer.Context,
    to: Annotated[Path, typer.Argument(metavar="FILE", help="A .tar.gz file that is not there.")],
) -> None:
    """Write documents, index and records to one file; the bot may go on running."""
    from bot.documents.backup import back_up

    session = session_of(context)
    made = back_up(session.settings, to)
    held = f"{messages.files(len(made.files))}, {made.bytes / 1e6:,.1f} MB"
    session.screen.show(
        [
            Text(
                _("{to} holds {held}, and is {size:,.1f} MB.").format(
                    to=to, held=held, size=to.stat().st_size / 1e6
                )
            )
        ]
    )


def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `backup` wrote.")],
) -> None:
    """Put a backup back; stop the bot first. Folders that hold anything are refused."""
    from bot.documents.backup import restore as put_back

    session = session_of(context)
    found = put_back(session.settings, file)
    sentence = _("{files} of {moment} are back.").format(
        files=messages.files(len(found.files)), moment=moment(found.created_at)
    )
    session.screen.show([Text(sentence)])
