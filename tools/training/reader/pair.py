"""A question and a passage, to train on. Training needs nothing else of what made it."""

from __future__ import annotations

from dataclasses import dataclass

from index.document import Span


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and a passage.

    `units` and `answers` are offsets in `text`, and `evidence` says which units are needed. `spans`
    says whether `answers` are the words of the answer, or that there is none.
    """

    question: str
    context: str
    text: str
    units: tuple[Span, ...]
    evidence: tuple[bool, ...]
    answers: tuple[Span, ...]
    answerable: bool
    spans: bool
    original: bool = True
    """Whether question and passage are as found, so that the teacher's score applies."""
