"""`ask` and `search`: one question, or a file of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.commands.asking.batch import BatchLine, answer_lines, lines_of
from bot.cli.output import present
from bot.cli.output.as_json import answers as answers_as_json
from bot.cli.session import AsJson, Session, documents_in, session_of
from bot.clock import date_in
from bot.localization import _

if TYPE_CHECKING:
    from bot.chat.answering import QuestionEngine
    from bot.cli.output.as_json.answers import Json
    from index.answering.answer import Response
    from index.rewriting import Turn

_Batch = Annotated[
    str | None,
    typer.Option(
        metavar="FILE",
        help="Answer every line of FILE (- for the standard input): JSON with `question` or "
        "`query`, and an `id` that is echoed. One line of JSON comes out for each, in order. For "
        "`ask`, `previous` may hold what was said before, the oldest first: texts, which are asked "
        'again, or objects with `speaker` ("user" or "agent") and `text`.',
    ),
]


def ask(
    context: typer.Context,
    question: Annotated[list[str] | None, typer.Argument(help="The question, in words.")] = None,
    folder: Annotated[
        str | None, typer.Option(metavar="FOLDER", help="Ask only the documents in this folder.")
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="DATE",
            help="Ask only documents that are dated on this day or later, such as 2026-05-22 or "
            "2026-05.",
        ),
    ] = None,
    json: AsJson = False,
    batch: _Batch = None,
) -> None:
    """Answer a question with excerpts from the documents, each with its source.

    Where it is not sure, or found nothing close, it says so, and the exit code is 0 too.
    """
    from bot.requests.periods import beginning

    session = session_of(context)
    text = _one_of(question, batch, "QUESTION")
    today = date_in(session.settings.timezone)
    documents = documents_in(
        session, folder, beginning(since, today) if since is not None else None
    )
    asking = _Asking(session.engine(), documents, today)
    if batch is not None:
        _run_batch(session, batch, asking.answer)
        return
    response = asking.ask(text)
    if json:
        session.screen.write(answers_as_json.answer(response, text))
    else:
        session.screen.show(present.answer(response))


@dataclass(frozen=True, slots=True)
class _Asking:
    """An engine that is asked about some documents, on one day."""

    engine: QuestionEngine
    documents: Collection[str] | None
    today: date

    def ask(self, question: str, *, conversation: Sequence[Turn] = ()) -> Response:
        return self.engine.ask(
            question, self.documents, conversation=conversation, today=self.today
        )

    def answer(self, request: BatchLine) -> Json:
        from index.answering.conversation import replay

        turns = replay(self, request.previous)
        return answers_as_json.answer(self.ask(request.text, conversation=turns), request.text)


def search(
    context: typer.Context,
    query: Annotated[list[str] | None, typer.Argument(help="What to look for.")] = None,
    k: Annotated[
        int, typer.Option("-k", metavar="N", min=1, max=100, help="How many passages.")
    ] = 10,
    json: AsJson = False,
    batch: _Batch = None,
) -> None:
    """Show the passages that a query finds, best first, without choosing an answer."""
    session = session_of(context)
    text = _one_of(query, batch, "QUERY")
    if batch is not None:
        engine = session.engine()
        _run_batch(session, batch, lambda one: answers_as_json.search(engine.search(one.text, k)))
        return
    result = session.engine().search(text, k)
    session.tell(answers_as_json.search, present.search, result, json=json)


def _one_of(words: list[str] | None, batch_file: str | None, name: str) -> str:
    if (words is None) == (batch_file is None):
        raise typer.BadParameter(_("Give either {name} or --batch FILE.").format(name=name))
    return " ".join(words or ())


def _run_batch(session: Session, file: str, answer: Callable[[BatchLine], Json]) -> None:
    with lines_of(file) as lines:
        failed = 0
        for line in answer_lines(lines, answer):
            session.screen.write(line)
            failed += "error" in line
    if failed:
        session.screen.note(
            _("{failed} of the lines could not be answered; each says why.").format(failed=failed)
        )
