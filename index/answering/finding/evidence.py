"""Scores the sentences, items and rows of the best passages as evidence for a question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from index.answering.calibration import Logistic
from index.answering.finding.fields import fields_asked
from index.answering.finding.furniture import (
    has_verb,
    is_furniture,
    is_mail_header,
    states_something,
)
from index.answering.finding.key_figures import key_figures
from index.answering.scope import Candidate
from index.chunking.passage import Passage, Unit
from index.document import BlockKind
from index.parsing.text.heading_words import heading_words
from index.ports import UNSCORED, Vectors
from index.store.words.lexical import content_words
from index.store.words.tokens import tokens_of

_TITLE_BLOCKS = 2
"""Blocks of a document that may be the title that stands above it."""

UNIT_FEATURES = (
    "logit",
    "below best unit",
    "passage logit",
    "below best passage",
    "rank",
    "neighbour",
    "neighbour below best",
    "same passage as best",
    "distance to best",
    "first two apart",
    "first four apart",
    "factual",
    "factual x below best unit",
    "factual x below best passage",
    "descriptive",
    "descriptive x below best unit",
    "after heading",
)

# What questions look like that a few words answer, and those that take sentences.
FACTUAL = re.compile(
    r"\b(who|whom|whose|when|where|which|"
    r"how (many|much|long|old|far|big|large|tall|high|often|heavy|fast|wide|deep|late|early|soon)"
    r"|what (year|date|day|time|country|city|name|percentage|number|type|kind))\b",
    re.IGNORECASE,
)
DESCRIPTIVE = re.compile(
    r"\b(why|explain|describe|difference|purpose|roles?|meaning|mean|function"
    r"|how (does|do|did|is|are|was|were|can|to|would))\b|^what (is|are|was|were)\b",
    re.IGNORECASE,
)

_NO_NOUN = (
    r"(?:about|are|can|could|did|do|does|had|has|have|if|is|may|might|must|shall|should|this|was"
    r"|were|will|would)\b"
)
WANTS_ALL = re.compile(
    r"^(?:please |(?:can|could) you )?list\b|\b(?:list (?:of|all)|name all|all (?:of )?the|every"
    r"|enumerate|steps|types|kinds|examples)\b"
    rf"|\b(?:what|which)\s+(?:(?:are|were)\s+)?(?:the\s+)?(?:(?!{_NO_NOUN})\w+\s+){{0,2}}?"
    rf"(?!{_NO_NOUN})\w{{3,}}(?<!ss)(?<!us)(?<!is)s\b",
    re.IGNORECASE,
)
"""Who asks like this wants a whole list."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One unit of a passage, its logit, and the probability that a good answer quotes it."""

    candidate: Candidate
    unit: Unit
    logit: float
    probability: float

    @property
    def passage(self) -> Passage:
        return self.candidate.passage


def made_likeliest(evidence: Sequence[Evidence], at: int) -> list[Evidence]:
    """Return the evidence with that of index `at` likelier than all others."""
    most = max(piece.probability for piece in evidence)
    raised = list(evidence)
    raised[at] = replace(raised[at], probability=min(1.0, most + 0.01))
    return raised


@dataclass(frozen=True, slots=True)
class UnitScores:
    """The units of the best passages, in reading order, each with the rank of its passage.

    `logits` is float32 (n,); `features` is float64 (n, len(UNIT_FEATURES)).
    """

    units: tuple[tuple[int, Unit], ...]
    logits: Vectors
    features: NDArray[np.float64]


def score_units(question: str, candidates: Sequence[Candidate]) -> UnitScores:
    """Return the logits and features of the units of the candidates that may be evidence.

    The candidates come best first. Headings that name what follows are left out, and so are the
    header of a table, the furniture of a page, and the fields of a mail or of front matter, but for
    the field that is asked for. A key figure and its label count as one.
    """
    units, evidence = [], []
    figures: dict[Unit, bool] = {}
    for rank, candidate in enumerate(candidates):
        if candidate.passage_scores is not None:
            passage, logits = candidate.passage, candidate.passage_scores.evidence
            labels = key_figures(passage)
            by_unit = dict(zip(passage.units, logits.tolist(), strict=True))
            for unit, logit in by_unit.items():
                if label := labels.get(unit):
                    figures[unit] = is_asked = _is_asked(question, label, passage)
                    logit = (max if is_asked else min)(logit, by_unit[label])
                elif unit in labels.values() or not _may_be_evidence(unit, passage, question):
                    continue
                units.append((rank, unit))
                evidence.append(logit)
    if any(figures.values()):  # the others are of something else
        kept = [figures.get(unit, True) for _, unit in units]
        units, evidence = list(compress(units, kept)), list(compress(evidence, kept))
    unit_logits = np.array(evidence, dtype=np.float32)
    passage_logits = np.array([candidate.relevance for candidate in candidates])
    features = unit_features(question, units, unit_logits, passage_logits)
    return UnitScores(tuple(units), unit_logits, features)


def _is_asked(question: str, label: Unit, passage: Passage) -> bool:
    """Return whether a question has a word of the label of a key figure."""
    asked = {tokens_of(word) for word in content_words(question)}
    told = {tokens_of(word) for word in content_words(passage.text_of(label.span))}
    return bool(asked & told)


def _may_be_evidence(unit: Unit, passage: Passage, question: str) -> bool:
    text = passage.text_of(unit.span)
    if unit.kind is BlockKind.HEADER:
        return False
    if unit.kind is BlockKind.HEADING:
        is_title = unit.block < _TITLE_BLOCKS and heading_words(text) == passage.title
        return has_verb(text) if is_title else states_something(text)
    if unit.kind is BlockKind.FRONT_MATTER or is_mail_header(text):
        return bool(fields_asked(question, text, unit.span))
    return not is_furniture(text, unit.kind)


def score_evidence(
    scores: UnitScores, candidates: Sequence[Candidate], model: Logistic
) -> list[Evidence]:
    """Return the units as evidence, in reading order."""
    probabilities = model.probability(scores.features)
    return [
        Evidence(candidates[rank], unit, float(logit), float(probability))
        for (rank, unit), logit, probability in zip(
            scores.units, scores.logits, probabilities, strict=True
        )
    ]


def unit_features(
    question: str,
    units: Sequence[tuple[int, Unit]],
    logits: Vectors,
    passage_logits: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the features of each unit: (len(units), len(UNIT_FEATURES)).

    `units` pairs each unit with the rank of its passage. A neighbour that does not exist counts as
    UNSCORED, like a text that has nothing to do with the question.
    """
    if not units:
        return np.zeros((0, len(UNIT_FEATURES)))
    best = int(np.argmax(logits))
    best_logit, best_passage = float(logits[best]), float(passage_logits.max())
    ordered = np.sort(logits)[::-1]
    factual = float(bool(FACTUAL.search(question)))
    descriptive = float(bool(DESCRIPTIVE.search(question)))
    rows = []
    for index, ((rank, unit), logit) in enumerate(zip(units, logits, strict=True)):
        neighbours = [
            float(logits[other])
            for other in (index - 1, index + 1)
            if 0 <= other < len(units) and units[other][0] == rank
        ]
        neighbour = max(neighbours, default=UNSCORED)
        same = rank == units[best][0]
        after_heading = index == 0 or units[index - 1][0] != rank
        below, passage_below = best_logit - logit, best_passage - passage_logits[rank]
        rows.append(
            (
                logit,
                below,
                passage_logits[rank],
                passage_below,
                int(np.sum(logits > logit)),
                neighbour,
                best_logit - neighbour,
                float(same),
                abs(index - best) if same else 0,
                ordered[0] - ordered[min(1, len(ordered) - 1)],
                ordered[0] - ordered[min(3, len(ordered) - 1)],
                factual,
                factual * below,
                factual * passage_below,
                descriptive,
                descriptive * below,
                float(after_heading and unit.level == 0),
            )
        )
    return np.array(rows, dtype=np.float64)
