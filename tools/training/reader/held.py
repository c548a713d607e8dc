"""What a new reader is measured on: questions that no training saw, and each fold's documents."""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from index.models.embedder import load_embedder
from index.models.reader import OnnxReader
from index.models.registry import PACKAGED_EMBEDDER
from index.ports import Reader
from tools.training.evaluate_reader import certainty, first_passages, first_units, judged_by
from tools.training.reader.cases import OWN, Readers, cases_of
from tools.training.reader.figures import shown
from tools.training.reader.sets import Asked

_HELD = frozenset({"nq-oracle", "selqa"})
_EVERY = 8
"""Every eighth document of these sets is left out of training."""
_MOST = 150
_READ = 6
"""Passages that are read of each question, as in the engine."""


def held_back(one: Asked) -> bool:
    """Return whether a question is kept for measuring, by its document."""
    if one.set_name not in _HELD:
        return False
    return int(hashlib.sha256(one.document.encode()).hexdigest(), 16) % _EVERY == 0


def held_figures(asked: Sequence[Asked], reader: Reader) -> tuple[float, float]:
    """Return how often the right passage is first, and a sentence that answers.

    Questions whose answer is in none of the passages read are left out.
    """
    right: list[tuple[bool, bool]] = []
    for one in asked:
        found = one.found[:_READ]
        if not any(f.gold for f in found):
            continue
        scores = reader.read(one.question, [f.passage for f in found])
        best = max(range(len(found)), key=lambda n: scores[n].relevance + scores[n].answerability)
        units = [
            (float(logit) + read.answerability, any(unit.span.overlaps(g) for g in f.gold))
            for f, read in zip(found, scores, strict=True)
            for unit, logit in zip(f.passage.units, read.evidence, strict=True)
        ]
        answers = bool(units) and max(units, key=lambda unit: unit[0])[1]
        right.append((bool(found[best].gold), answers))
    count = max(len(right), 1)
    return sum(p for p, _ in right) / count, sum(u for _, u in right) / count


def report(
    paths: Mapping[str, Path], asked: Sequence[Asked], sets: Path, work: Path, squad: int
) -> tuple[str, str]:
    """Return the figures as text for the model card, and which reader should be shipped.

    `paths` are readers by fold, "all" and "mean". Only these two may be shipped, where they are.
    """
    readers = {name: OnnxReader(path) for name, path in paths.items()}
    lines = ["On questions that no training saw (p@1 / sentence):", ""]
    lines += [f"| | {' | '.join(readers)} |", f"|---|{'---|' * len(readers)}"]
    sums = dict.fromkeys(readers, 0.0)
    for name in sorted({one.set_name for one in asked}):
        these = [one for one in asked if one.set_name == name][:_MOST]
        cells = []
        for key, reader in readers.items():
            first, sentence = held_figures(these, reader)
            sums[key] += first + sentence
            cells.append(f"{first:.3f} / {sentence:.3f}")
        lines.append(f"| {name}, {len(these)} questions | {' | '.join(cells)} |")
    if "fold0" in readers and "fold1" in readers:
        lines += ["", *_by_unseen(readers["fold0"], readers["fold1"], sets, work, squad)]
    shippable: list[str] = [name for name in ("mean", "all") if name in readers] or list(readers)
    return "\n".join(lines) + "\n", max(shippable, key=lambda name: sums[name])


def _by_unseen(fold0: Reader, fold1: Reader, sets: Path, work: Path, squad: int) -> list[str]:
    embedder = load_embedder(PACKAGED_EMBEDDER)
    options = argparse.Namespace(eval=sets, work=work / "measured", squad=squad, team=_MOST)
    # A fold's reader was trained without the documents of that number.
    cases = cases_of(options, Readers((fold0, fold1), fold0), embedder)
    judged = judged_by([c for c in cases if c.set_name != OWN], embedder, _READ)
    lines = [
        "By readers that have not seen the documents:",
        "",
        "| | questions | passage@1 | evidence@1, @3 | AUROC |",
        "|---|---|---|---|---|",
    ]
    for name in dict.fromkeys(one.case.set_name for one in judged):
        these = [one for one in judged if one.case.set_name == name]
        first, _ = first_passages(these)
        figures = [shown(first), ", ".join(map(shown, first_units(these))), shown(certainty(these))]
        lines.append(f"| {name} | {len(these)} | {' | '.join(figures)} |")
    return lines
