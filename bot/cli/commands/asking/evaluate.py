"""`eval`: how good the answers are, by questions whose answers are known."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.app import composition
from bot.cli.output.curves import SUFFIXES, drawn, need_matplotlib
from bot.cli.output.figures import comparison, figures
from bot.cli.output.progress import shown_progress
from bot.cli.output.screen import json_line, write_file
from bot.cli.session import Session, session_of
from bot.errors import OutputNotWritten
from bot.localization import _, either

if TYPE_CHECKING:
    from bot.config.settings import Settings
    from index.evaluation.dataset import Gold
    from index.evaluation.run import EvaluationProgress, EvaluationReport


def evaluate(
    context: typer.Context,
    sets: Annotated[
        list[Path],
        typer.Argument(
            metavar="SET...",
            help="Folders with docs.jsonl and dev.jsonl, or .jsonl files of your own questions, "
            "which are asked of your own index; `questions` makes one.",
        ),
    ],
    questions: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="Ask only a sample of this size of each set."),
    ] = None,
    gold: Annotated[
        Literal["any", "all"] | None,
        typer.Option(
            help="Whether any of a question's gold spans will do or all are wanted; by default "
            "any, where some of them overlap. Questions of your own need any one place."
        ),
    ] = None,
    picture: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Draw what answering more questions costs, as .png or .svg."
        ),
    ] = None,
    save: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Keep what became of each question, a line of JSON each."
        ),
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Compare with what an earlier run kept by --save."),
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object for each set.")
    ] = False,
) -> None:
    """Ask questions whose answers are known, and print how good the answers are.

    The indexes of sets that bring their documents are kept in the index folder, under
    `evaluation`, for the next time.
    """
    from index.evaluation.comparison import compare
    from index.evaluation.outcomes import load_outcomes

    session = session_of(context)
    earlier = load_outcomes(against) if against else []
    if picture and picture.suffix not in SUFFIXES:
        raise typer.BadParameter(
            _("{picture} must end in {suffixes}.").format(
                picture=picture, suffixes=either(SUFFIXES)
            )
        )
    if picture:
        need_matplotlib()
    # Checked before the questions, which may take an hour, and not when the result is written.
    for file in (picture, save):
        if file and not file.absolute().parent.is_dir():
            raise OutputNotWritten(
                _("There is no folder {parent} to put {file} in.").format(
                    parent=file.absolute().parent, file=file
                )
            )
    done = []
    for place in sets:
        with shown_progress(session.screen.err) as progress:
            found = _evaluated(session, place, questions, gold, progress)
        done.append(found)
        before = [outcome for outcome in earlier if outcome.set == found.set]
        compared = compare(before, found.outcomes, found.gold) if against else None
        if json:
            against_earlier = {"against": compared.as_dict()} if compared else {}
            session.screen.write({**found.as_dict(), **against_earlier})
        else:
            session.screen.show(figures(found))
            if compared:
                session.screen.show(comparison(compared, str(against)))
    if save:
        rows = (
            json_line(outcome.as_dict())
            for figures_of_set in done
            for outcome in figures_of_set.outcomes
        )
        write_file(save, "".join(f"{row}\n" for row in rows).encode())
    if picture:
        write_file(picture, drawn(done, picture.suffix))


def _evaluated(
    session: Session,
    place: Path,
    questions: int | None,
    gold: Gold | None,
    progress: EvaluationProgress | None,
) -> EvaluationReport:
    from index.evaluation import run

    settings = session.settings
    if place.suffix == ".jsonl":
        return run.evaluate_team_questions(
            place,
            engine=session.engine(),
            catalog=composition.current_generation(settings).generation().catalog,
            questions=questions,
            progress=progress,
        )

    def elsewhere(corpus: Path, index: Path) -> Settings:
        return settings.model_copy(update={"corpus": corpus, "index": index})

    return run.evaluate(
        place,
        reindexer_for=lambda corpus, index: session.reindexer_for(elsewhere(corpus, index)),
        engine_for=lambda corpus, index: session.engine_for(elsewhere(corpus, index)),
        work=settings.index / "evaluation",
        gold=gold,
        questions=questions,
        progress=progress,
    )
