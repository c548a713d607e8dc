"""Questions with known evidence, each with its index and a reader that never saw its document.

Our own reader was trained on documents of the evaluation sets. So there are two twins of it, each
trained without the documents, and the teams, of one fold and asked about just these. On our own
corpus (tests/data/corpus-questions.jsonl) nothing was trained.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.answering.tuning import TUNING
from index.chunking.passage import Passage, Unit
from index.document import Span
from index.evaluation.dataset import Gold, load_set, sample_of, write_corpus
from index.models.embedder import load_embedder
from index.models.reader import OnnxReader
from index.models.registry import (
    PACKAGED_EMBEDDER,
    PACKAGED_READER,
    model_directory,
    weights_sha256,
)
from index.models.reranker import load_reranker
from index.models.reranking_reader import RerankingReader
from index.ports import Embedder, Reader
from index.store.generation import Generation
from tools.training.reader.conversing import completing
from tools.training.reader.kept import KeptReader, KeptReranker
from tools.training.reader.loading import load_team, write_files
from tools.training.reader.sets import EVALUATION_SETS, SEEN_TEAMS, TEAMS, folds, indexed

ROOT = Path(__file__).resolve().parents[3]
OWN = "own"
"""The name of the set of questions over our own corpus."""
FOLLOW_UPS = "follow-ups"
"""The name of the set of what the invented teams ask after another question."""


@dataclass(frozen=True, slots=True)
class Case:
    """A question; `wanted` says whether any span of `gold` in `document` will do, or all.

    Of a follow-up, `question` is completed and `other` is the wording that it is read in too.
    """

    set_name: str
    question: str
    answerable: bool
    document: str
    gold: tuple[Span, ...]
    wanted: Gold
    generation: Generation
    reader: Reader
    other: str = ""

    @property
    def group(self) -> str:
        """The group that must not be on both sides of a fold: the questions of one document.

        A question about no document is a group of its own.
        """
        return f"{self.set_name}/{self.document or self.question}"

    def holds_gold(self, passage: Passage) -> bool:
        """Return whether a gold span lies inside the passage."""
        return passage.document == self.document and any(map(passage.span.contains, self.gold))

    def is_evidence(self, passage: Passage, unit: Unit) -> bool:
        """Return whether a unit of the passage holds a gold span or lies in one."""
        return passage.document == self.document and any(
            unit.span.contains(gold) or gold.contains(unit.span) for gold in self.gold
        )


@dataclass(frozen=True, slots=True)
class Readers:
    """The readers to ask: twins by the fold they were not trained on, and that of our corpus."""

    twins: tuple[Reader, ...]
    shipped: Reader


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--reader", type=Path, nargs="+", metavar="ONNX", help="twins, by fold")
    parser.add_argument(
        "--shipped",
        type=Path,
        default=model_directory(PACKAGED_READER) / "model.onnx",
        metavar="ONNX",
        help="what is asked about our own corpus",
    )
    parser.add_argument("--squad", type=int, default=600, metavar="N", help="of its questions")
    parser.add_argument("--team", type=int, default=250, metavar="N", help="of each team's")
    parser.add_argument("--eval", type=Path, required=True, help="folder of evaluation sets")
    parser.add_argument("--work", type=Path, default=ROOT / ".index" / "calibrate")


def readers_of(options: argparse.Namespace) -> Readers:
    """Return the twins of our own reader that --reader names, and the one of --shipped."""
    paths: list[Path] = options.reader
    if not paths:
        raise SystemExit("Name twins by --reader: what is shipped was trained on these documents.")
    readers = {path: _kept(path, options.work) for path in (*paths, options.shipped)}
    return Readers(tuple(readers[path] for path in paths), readers[options.shipped])


def _kept(path: Path, work: Path) -> Reader:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return KeptReader(OnnxReader(path), work / "kept" / f"{digest[:16]}.sqlite")


def reranking_readers(model: str, embedder: Embedder, work: Path) -> Readers:
    """Return a reranker, or "none", as reader for all: it was trained on none of these sets."""
    weights = weights_sha256(model_directory(PACKAGED_EMBEDDER if model == "none" else model))
    reranker = KeptReranker(
        load_reranker(model, lambda: embedder), work / "kept" / f"{weights[:16]}.sqlite"
    )
    reader = RerankingReader(reranker, TUNING.evidence_passages)
    return Readers((reader, reader), reader)


def cases_of(
    options: argparse.Namespace, readers: Readers, embedder: Embedder | None = None
) -> list[Case]:
    """Return a sample of each evaluation set, and all questions over our own corpus.

    With one twin, the documents of the other fold are left out.
    """
    embedder = embedder or load_embedder(PACKAGED_EMBEDDER)
    cases = []
    for name in EVALUATION_SETS:
        chosen = load_set(options.eval / name)
        corpus = options.work / name / "corpus"
        write_corpus(chosen, corpus)
        generation = indexed(corpus, options.work / name / "index", embedder)
        fold = folds(question.document or "" for question in chosen.questions)
        for question in chosen.sample(options.squad if name == "squad" else None):
            document = question.document or ""
            if question.answerable is not None and fold[document] < len(readers.twins):
                cases.append(
                    Case(
                        set_name=name,
                        question=question.question,
                        answerable=question.answerable,
                        document=document,
                        gold=question.spans,
                        wanted=chosen.gold,
                        generation=generation,
                        reader=readers.twins[fold[document]],
                    )
                )
    cases += _of_teams(options, readers, embedder)
    return [*cases, *_own(indexed(ROOT / "corpus", options.work / OWN, embedder), readers.shipped)]


def _of_teams(options: argparse.Namespace, readers: Readers, embedder: Embedder) -> Iterator[Case]:
    """Yield the questions of the invented teams, each team in an index of its own.

    Teams that both twins have learnt from, by way of their start, tell nothing.
    """
    new = {name: folder for name, folder in TEAMS.items() if name not in SEEN_TEAMS}
    for number, (name, folder) in enumerate(new.items()):
        if number % 2 >= len(readers.twins):
            continue
        team = load_team(folder)
        corpus = options.work / name / "corpus"
        write_files(team, corpus)
        generation = indexed(corpus, corpus.with_name("index"), embedder)
        alone = [question for question in team.questions if not question.previous]
        following = [question for question in team.questions if question.previous]
        completed = completing(team)
        for question in (*sample_of(alone, options.team), *sample_of(following, options.team)):
            yield Case(
                set_name=FOLLOW_UPS if question.previous else "teams",
                question=completed(question, False),
                answerable=bool(question.gold),
                document=question.document,
                gold=question.gold,
                wanted="all",
                generation=generation,
                reader=readers.twins[number % 2],
                other=completed(question, True) if question.previous else "",
            )


def _own(generation: Generation, reader: Reader) -> Iterator[Case]:
    with (ROOT / "tests" / "data" / "corpus-questions.jsonl").open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            document = row["document"] or ""
            stored = generation.catalog.document(document) if document else None
            yield Case(
                set_name=OWN,
                question=row["question"],
                answerable=row["answerable"],
                document=document,
                gold=_found(row["expected"], stored.text) if stored else (),
                wanted="all",
                generation=generation,
                reader=reader,
            )


def _found(expected: Sequence[str], text: str) -> tuple[Span, ...]:
    starts = ((text.find(one), len(one)) for one in expected)
    return tuple(Span(start, start + length) for start, length in starts if start >= 0)
