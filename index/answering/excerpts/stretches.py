"""Stretches of text to show, and which of them are read as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.answering.excerpts.beside import crosses_heading, ends_asking, with_question
from index.answering.finding.evidence import Evidence
from index.answering.finding.key_figures import with_label
from index.answering.tuning import Tuning
from index.document import BlockKind, Span


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of text to show, and the evidence that it is shown for."""

    span: Span
    evidence: Evidence

    def holds(self, piece: Evidence) -> bool:
        """Return whether the unit of other evidence lies inside."""
        is_same_document = self.evidence.passage.document == piece.passage.document
        return is_same_document and self.span.contains(piece.unit.span)

    def begins_asking(self) -> bool:
        """Return whether it begins with a question that it answers."""
        return with_question(self.evidence.unit, self.evidence.passage) == [self.span]


def joined(stretches: Sequence[Stretch], tuning: Tuning) -> list[Stretch]:
    """Return the stretches of a document in reading order; those that overlap or nearly touch
    become one."""
    whole: list[Stretch] = []
    for stretch in sorted(stretches, key=lambda s: (s.span, -s.evidence.probability)):
        last = whole[-1] if whole else None
        if last is None or not _joins(last, stretch, tuning):
            whole.append(stretch)
            continue
        span = Span(last.span.start, max(last.span.end, stretch.span.end))
        better = max(last, stretch, key=lambda s: s.evidence.probability)
        whole[-1] = Stretch(span, better.evidence)
    return whole


def _joins(last: Stretch, stretch: Stretch, tuning: Tuning) -> bool:
    if stretch.span.start <= last.span.end:
        return True
    if BlockKind.ROW in (last.evidence.unit.kind, stretch.evidence.unit.kind):
        return False
    if any(with_label(s.evidence.unit, s.evidence.passage) for s in (last, stretch)):
        return False
    passage = last.evidence.passage
    gap = Span(last.span.end, stretch.span.start)
    if stretch.span.start < stretch.evidence.unit.span.start and stretch.begins_asking():
        return False
    if ends_asking(stretch.evidence.unit, passage):
        return False
    if not passage.span.contains(gap):
        return False
    is_one_block = last.evidence.unit.block == stretch.evidence.unit.block
    most = tuning.joined_in_block if is_one_block else tuning.joined_gap
    is_short = len(passage.text_of(gap).strip()) <= most
    return is_short and not crosses_heading(passage, gap)
