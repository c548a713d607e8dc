"""`eval`: how good the answers to questions with known evidence are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.figures import figures
from bot.cli.progress import shown_progress
from bot.cli.session import session_of

if TYPE_CHECKING:
    from bot.settings import Settings

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    app.command("eval")(evaluate)


def evaluate(
    context: typer.Context,
    sets: Annotated[
        list[Path],
        typer.Argument(metavar="SET...", help="Folders with docs.jsonl and dev.jsonl."),
    ],
    questions: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="Ask only a sample of this size of each set."),
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object for each set.")
    ] = False,
) -> None:
    """Index each set's documents, ask its questions, and print how good the answers are.

    The sets' indexes are kept in the index folder, under `evaluation`, for the next time.
    """
    from index import evaluation

    session = session_of(context)
    settings = session.settings

    def elsewhere(corpus: Path, index: Path) -> Settings:
        return settings.model_copy(update={"corpus": corpus, "index": index})

    for directory in sets:
        with shown_progress(session.screen.err) as progress:
            found = evaluation.evaluate(
                directory,
                reindexer_for=lambda corpus, index: session.reindexer_for(elsewhere(corpus, index)),
                engine_for=lambda corpus, index: session.engine_for(elsewhere(corpus, index)),
                work=settings.index / "evaluation",
                questions=questions,
                progress=progress,
            )
        if json:
            session.screen.write(found.as_dict())
        else:
            session.screen.show(figures(found))
