"""Questions of every set, with the passages that the engine's retrieval finds for them.

A training file is made into what an evaluation set is: documents, and questions about them. The
product's own code splits, indexes and searches both, so that a reader is trained on the passages
that it will see.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.answering.finding.retrieval import fuse
from index.answering.tuning import TUNING
from index.chunking.chunker import CHUNKER_VERSION
from index.chunking.passage import Passage
from index.document import Span
from index.evaluation.dataset import load_set
from index.evaluation.run import reindex_cached
from index.indexing.reindex import Reindexer
from index.models.embedder import load_embedder
from index.models.registry import PACKAGED_EMBEDDER, fingerprint, model_directory
from index.parsing import PARSER_VERSION
from index.ports import Embedder
from index.store.current import CurrentGeneration
from index.store.folder.store import IndexStore
from index.store.generation import Generation, Recipe
from tools.training.reader.conversing import completing
from tools.training.reader.loading import (
    TrainingQuestion,
    TrainingSet,
    load_team,
    load_training,
    write_files,
)

EVALUATION_SETS = ("squad", "clapnq", "norway")
TRAINING_SETS = (
    "squad-train-slice",
    "selqa",
    "covid-qa",
    "nq-oracle",
    "policyqa",
    "wikitables",
    "qmsum",
    "time-sensitive-qa",
)
TEAMS = {
    f"teams/{path.name}": path
    for path in sorted((Path(__file__).resolve().parents[1] / "teams").iterdir())
    if path.is_dir()
}
"""Documents of invented teams and what is asked of them (tools/training/TEAMS.md), by the name of
the set that each is."""
SEEN_TEAMS = frozenset(
    f"teams/{name}"
    for name in ("care", "home", "learning", "office", "public", "science", "trade", "transport")
)
"""The teams that the reader learnt from before; the others are new to it."""
SHORT_ANSWERS = frozenset(
    {"squad", "squad-train-slice", "covid-qa", "nq-oracle", "time-sensitive-qa"}
)
"""The sets whose gold is the words of the answer, not the sentences that hold it."""

_KEPT = 10
"""Candidates kept for each question, in the order of the fused list."""
_ALIKE = frozenset({"policyqa"})
"""The sets whose documents all say much the same, so that no passage is known to be silent."""


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate passage.

    `gold` holds the gold spans inside it, in offsets of the document. `has_answer` says that the
    passage holds the words of an answer, even where no gold span is inside.
    """

    passage: Passage
    fused: float
    cosine: float
    lexical: float
    gold: tuple[Span, ...]
    has_answer: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the passages found for it, best first, and those that hold its gold."""

    set_name: str
    document: str
    question: str
    answerable: bool
    gold: tuple[Span, ...]
    answers: tuple[str, ...]
    found: tuple[Found, ...]
    coverage: dict[str, tuple[int, frozenset[int]]]
    """What `Catalog.coverage` returns for `keys`."""
    keys: tuple[int, ...]
    passages: int


def asked_of(name: str, source: Path, work: Path) -> list[Asked]:
    """Return the questions of one set; what was computed is kept below `work`.

    `source` is the folder of an evaluation set or of a team, or a gzipped training file.
    """
    kept = work / name / "asked.pickle"
    if kept.is_file():
        with kept.open("rb") as file:
            return list(pickle.load(file))
    chosen = _from(name, source)
    corpus = work / name / "corpus"
    write_files(chosen, corpus)
    embedder = load_embedder(PACKAGED_EMBEDDER)
    generation = indexed(corpus, work / name / "index", embedder)
    asked = list(_asked(name, chosen, generation, embedder))
    with kept.open("wb") as file:
        pickle.dump(asked, file)
    return asked


def folds(documents: Iterable[str]) -> dict[str, int]:
    """Return each document's fold, 0 or 1, by turns in the order of their names."""
    return {name: place % 2 for place, name in enumerate(sorted(set(documents)))}


def _from(name: str, source: Path) -> TrainingSet:
    """Return an evaluation set, a team or a training file as documents and questions."""
    if not source.is_dir():
        return load_training(name, source)
    if (source / "questions.jsonl").is_file():
        return load_team(source)
    chosen = load_set(source)
    texts = dict(chosen.documents)
    questions = [
        TrainingQuestion(q.question, q.document or "", q.spans if q.answerable else ())
        for q in chosen.questions
    ]
    return TrainingSet(texts, texts, questions)


def indexed(corpus: Path, index: Path, embedder: Embedder) -> Generation:
    """Return the index of a corpus, brought up to date."""
    recipe = Recipe(
        model=PACKAGED_EMBEDDER,
        fingerprint=fingerprint(model_directory(PACKAGED_EMBEDDER)),
        query_prompt="",
        passage_prompt="",
        chunker=CHUNKER_VERSION,
        parser=PARSER_VERSION,
        target_tokens=192,
    )
    store = IndexStore(index)
    reindex_cached(Reindexer(corpus, store, recipe, lambda: embedder))
    return CurrentGeneration(store, recipe).generation()


def _asked(
    name: str, chosen: TrainingSet, generation: Generation, embedder: Embedder
) -> Iterator[Asked]:
    completed = completing(chosen)
    for number, question in enumerate(chosen.questions):
        document = question.document
        text = chosen.texts.get(document, "")
        answers = tuple(dict.fromkeys(span.of(text) for span in question.gold))
        asked = completed(question, number % 2 == 0)
        vector = embedder.embed_query(asked)
        dense = dict(generation.vectors.search(vector, TUNING.candidates))
        lexical = dict(generation.catalog.search(asked, TUNING.candidates))
        fused = fuse(list(dense.items()), list(lexical.items()), TUNING)
        keys = list(fused)[:_KEPT]
        passages = generation.catalog.passages(keys)
        found = [
            _found(
                passages[key],
                fused[key],
                dense.get(key, 0.0),
                lexical.get(key, 0.0),
                question,
                answers,
                alike=name in _ALIKE,
            )
            for key in keys
        ]
        missing = _not_found(question, found, generation)
        yield Asked(
            set_name=name,
            document=document,
            question=asked,
            answerable=bool(question.gold),
            gold=question.gold,
            answers=answers,
            found=(*found, *missing),
            coverage=generation.catalog.coverage(asked, keys),
            keys=tuple(keys),
            passages=len(generation.vectors),
        )


def _not_found(
    question: TrainingQuestion, found: Sequence[Found], generation: Generation
) -> list[Found]:
    """Return a passage that holds gold, if retrieval found none, to train on."""
    if not question.gold or any(one.gold for one in found):
        return []
    holding = [
        _found(passage, 0.0, 0.0, 0.0, question, ())
        for passage in generation.catalog.passages_of(question.document)
    ]
    return [one for one in holding if one.gold][:1]


def _found(
    passage: Passage,
    fused: float,
    cosine: float,
    lexical: float,
    question: TrainingQuestion,
    answers: Sequence[str],
    *,
    alike: bool = False,
) -> Found:
    own = passage.document == question.document
    inside = tuple(span for span in question.gold if own and passage.span.contains(span))
    low = passage.text.lower()
    return Found(
        passage=passage,
        fused=fused,
        cosine=cosine,
        lexical=lexical,
        gold=inside,
        has_answer=bool(inside)
        or alike
        or (own and any(map(passage.span.overlaps, question.perhaps)))
        or any(answer.lower() in low for answer in answers),
    )
