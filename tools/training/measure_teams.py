"""Measures what teams get for the questions that they type, and what they get where none answers.

    .venv/bin/python -m tools.training.measure_teams [FOLDER ...] [--questions N]

A folder holds `documents/` and `questions.jsonl`, as those of tools/training/teams do. Without one,
they are those of tools/training/examination: documents and questions that nothing was trained or
fitted on, and that nobody who changes the code should read. Each folder is asked by the shipped
reader in an index of its own, follow-ups in their conversation. An excerpt is right where it shares
at least half of itself, or of a gold quote, with that quote.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from bot.app import composition
from bot.config.settings import Settings
from index.answering.answer import Excerpt, Response, Verdict
from index.answering.conversation import Message, replay
from index.answering.engine import Engine
from index.evaluation.dataset import sample_of
from index.evaluation.run import reindex_cached
from index.evaluation.statistics import ratio
from tools.training.reader.figures import shown
from tools.training.reader.loading import TrainingQuestion, load_team

EXAMINATIONS = sorted(Path(__file__).with_name("examination").iterdir())
_ROWS = {
    "right": "answered, and an excerpt is right",
    "wrong": "answered, and no excerpt is right",
    "unsure": "unsure, and an excerpt is right",
    "unsure, wrong": "unsure, and no excerpt is right",
    "silent": "silent",
}
_WITHOUT_ANSWER = {
    "answered": "answered, though no document answers",
    "doubted": "unsure, where no document answers",
    "rightly silent": "silent, where no document answers",
}


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="*", default=EXAMINATIONS)
    parser.add_argument("--questions", type=int, metavar="N", help="a sample of each folder's")
    options = parser.parse_args(arguments)
    for folder in options.folders:
        team = load_team(folder)
        with tempfile.TemporaryDirectory() as work:
            engine = _engine(folder / "documents", Path(work))
            asked = sample_of(team.questions, options.questions)
            found = [judged(one, _answered(one, engine)) for one in asked]
        _report(folder.name, found)
        if any(one.previous for one in asked):
            pairs = list(zip(asked, found, strict=True))
            _report(f"{folder.name}, alone", [each for one, each in pairs if not one.previous])
            _report(f"{folder.name}, follow-ups", [each for one, each in pairs if one.previous])


def _answered(asked: TrainingQuestion, engine: Engine) -> Response:
    """Return the answer to a question, in the conversation that it belongs to."""
    turns = replay(engine, [Message("user", text) for text in asked.previous])
    return engine.ask(asked.question, conversation=turns)


def judged(asked: TrainingQuestion, response: Response) -> str:
    """Return what became of a question: a key of the rows that are reported."""
    if not asked.answerable:
        named = {Verdict.ANSWERED: "answered", Verdict.UNSURE: "doubted"}
        return named.get(response.verdict, "rightly silent")
    is_right = any(_shows(excerpt, asked) for excerpt in response.excerpts)
    if response.verdict is Verdict.ANSWERED:
        return "right" if is_right else "wrong"
    if response.verdict is Verdict.UNSURE:
        return "unsure" if is_right else "unsure, wrong"
    return "silent"


def _shows(excerpt: Excerpt, asked: TrainingQuestion) -> bool:
    if excerpt.document != asked.document:
        return False
    span = excerpt.span
    return any(
        2 * (min(span.end, gold.end) - max(span.start, gold.start)) >= min(len(span), len(gold))
        for gold in asked.gold
    )


def _engine(documents: Path, work: Path) -> Engine:
    settings = Settings(corpus=documents, index=work / "index")
    reindex_cached(composition.reindexer(settings))
    return composition.engine(settings)


def _report(name: str, found: Sequence[str]) -> None:
    counts = Counter(found)
    print(f"\n## {name}: {len(found)} questions\n\n| | questions | share |\n|---|---|---|")
    for rows in (_ROWS, _WITHOUT_ANSWER):
        among = [key for key in found if key in rows]
        for key, label in rows.items():
            share = shown(ratio([each == key for each in among]))
            print(f"| {label} | {counts[key]} | {share} |")


if __name__ == "__main__":
    main()
