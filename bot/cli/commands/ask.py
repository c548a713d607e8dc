"""`ask` and `search`: one question, or a file of them."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.commands.batch import answer_lines, lines_of
from bot.cli.output import as_json, present
from bot.cli.session import session_of
from bot.localization import _

__all__ = ["register"]

_Batch = Annotated[
    str | None,
    typer.Option(
        metavar="FILE",
        help="Answer every line of FILE (- for the standard input): JSON with `question` or "
        "`query`, and an `id` that is echoed. One line of JSON comes out for each, in order.",
    ),
]
_Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def register(app: typer.Typer) -> None:
    app.command()(ask)
    app.command()(search)


def ask(
    context: typer.Context,
    question: Annotated[list[str] | None, typer.Argument(help="The question, in words.")] = None,
    json: _Json = False,
    batch: _Batch = None,
) -> None:
    """Answer a question with excerpts from the documents, each with its source.

    When the documents do not say, that is the answer, and the exit code is 0 too.
    """
    session = session_of(context)
    text = _one_of(question, batch, "QUESTION")
    if batch is not None:
        _run_batch(context, batch, None)
        return
    response = session.engine().ask(text)
    if json:
        session.screen.write(as_json.answer(response))
    else:
        session.screen.show(present.answer(response))


def search(
    context: typer.Context,
    query: Annotated[list[str] | None, typer.Argument(help="What to look for.")] = None,
    k: Annotated[
        int, typer.Option("-k", metavar="N", min=1, max=100, help="How many passages.")
    ] = 10,
    json: _Json = False,
    batch: _Batch = None,
) -> None:
    """Show the passages that a query finds, best first, without choosing an answer."""
    session = session_of(context)
    text = _one_of(query, batch, "QUERY")
    if batch is not None:
        _run_batch(context, batch, k)
        return
    result = session.engine().search(text, k)
    if json:
        session.screen.write(as_json.search(result))
    else:
        session.screen.show(present.search(result))


def _one_of(words: list[str] | None, batch_file: str | None, name: str) -> str:
    if (words is None) == (batch_file is None):
        raise typer.BadParameter(_("Give either {name} or --batch FILE.").format(name=name))
    return " ".join(words or ())


def _run_batch(context: typer.Context, file: str, k: int | None) -> None:
    session = session_of(context)
    with lines_of(file) as lines:
        engine = session.engine()
        answer = (
            (lambda text: as_json.answer(engine.ask(text)))
            if k is None
            else (lambda text: as_json.search(engine.search(text, k)))
        )
        failed = 0
        for line in answer_lines(lines, answer):
            session.screen.write(line)
            failed += "error" in line
    if failed:
        session.screen.note(
            _("{failed} of the lines could not be answered; each says why.").format(failed=failed)
        )
