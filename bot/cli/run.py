"""Runs a command and turns an error into a sentence and an exit code."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Sequence
from functools import cache
from importlib import metadata
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from typer.core import TyperGroup

from bot.cli.commands.asking import ask, evaluate, gaps, lists, questions, watches
from bot.cli.commands.documents import audience, changes, conflicts, documents, picture, stewardship
from bot.cli.commands.operating import backup, check, migrate, people, reindex, serve, work
from bot.cli.session import Session, session_of
from bot.config.wrong_values import wrong_value
from bot.documents.corpus_files import private_files
from bot.localization import _
from bot.text import visible_line
from index.errors import BriefingError


class _Commands(TyperGroup):
    def invoke(self, ctx: Any) -> Any:
        """Run the command, and say in our own words what is wrong with the value of an option."""
        try:
            return super().invoke(ctx)
        except typer.BadParameter as exc:
            if isinstance(exc.__cause__, ValidationError):
                exc.message = f"{wrong_value(exc.__cause__.errors()[0]).rstrip('.')}."
            raise


app = typer.Typer(
    name="briefing-bot",
    cls=_Commands,
    help="Answers questions from your own briefing documents, word for word.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
_NAMES = {evaluate.evaluate: "eval", lists.list_all: "list"}
"""Commands that Python would take for its own."""
for command in (
    *(ask.ask, ask.search, audience.audience, documents.documents, documents.show),
    *(documents.status, picture.picture, changes.changes, changes.compare, conflicts.conflicts),
    *(stewardship.confirm_review, backup.backup, backup.restore, migrate.migrate),
    *(reindex.reindex, work.work, evaluate.evaluate, lists.list_all, gaps.gaps),
    *(questions.questions, people.forget, people.export, people.purge, watches.watches),
    *(check.check, serve.run, serve.demo),
):
    app.command(_NAMES.get(command))(command)
app.add_typer(stewardship.group, name="successions")


_HALF = re.compile("[\ud800-\udfff]")
"""Stands in an argument for a byte that is no UTF-8, or for half of a sign."""


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"briefing-bot {metadata.version('briefing-bot')}")
        raise typer.Exit


@app.callback()
def _options(
    context: typer.Context,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show where an unexpected error came up.")
    ] = False,
    _: Annotated[
        bool,
        typer.Option("--version", help="Show the version.", callback=_version, is_eager=True),
    ] = False,
) -> None:
    session_of(context).debug |= debug


@cache
def _command() -> Callable[..., object]:
    """Build the commands of their functions once, which takes longer than many of them do."""
    return typer.main.get_command(app)


def main(arguments: Sequence[str] | None = None, session: Session | None = None) -> int:
    """Run one command and return its exit code.

    0: done; also where the documents do not answer a question. 1: an error, printed as a sentence.
    2: the command was mistyped. 130: interrupted.
    """
    session = session or Session()
    try:
        with private_files():
            _command()(args=arguments, prog_name="briefing-bot", obj=session)
    except SystemExit as exc:
        return exc.code if isinstance(exc.code, int) else 0
    except KeyboardInterrupt:
        return 130
    except BriefingError as exc:
        session.screen.error(str(exc))
    except Exception as exc:
        given = sys.argv[1:] if arguments is None else arguments
        strange = next((each for each in given if _HALF.search(each)), None)
        if isinstance(exc, UnicodeEncodeError) and strange is not None:
            text = visible_line(strange)
            session.screen.error(_("Nothing is called {text}: it is not UTF-8.").format(text=text))
            return 1
        # Its message may quote a document or a secret, so neither a log nor a terminal gets it.
        from bot.observing.logs import describe_error, traceback_of

        session.screen.error(
            _(
                "Something went wrong that should not have ({error}). Run it again as "
                "`briefing-bot --debug …` to see where."
            ).format(error=describe_error(exc))
        )
        if session.debug:
            for line in traceback_of(exc):
                session.screen.note(line)
    finally:
        _close_stdout()
    return 1


def _close_stdout() -> None:
    """Flush the output now: Python would do it at its end, and print an error where it fails."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
