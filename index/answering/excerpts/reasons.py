"""Reasons that stand in what was shown, or right beside it: what "why?" asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.answering.answer import Excerpt
from index.answering.excerpts.quoting import excerpt_of
from index.answering.excerpts.surroundings import Surroundings
from index.answering.scope import Scope
from index.chunking.passage import Passage, Unit
from index.document import BlockKind

_ASKS_WHY = re.compile(
    r"\W*(?:(?:and|but|so|ok|okay|hm+)\b\W*)*(?:why|how come|what for|for what reason)"
    r"(?: (?:is|was|are|were|do|does|did) (?:that|this|it|they|so)| so| not)?\W*",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\b(?:because|due to|owing to|so that|as a result of|for (?:this|that) reason|the reason"
    r"|that is why|that['’]s why|for fear|in order (?:to|that)"
    r"|since(?! (?:\d|the (?:start|beginning|end|first|last)|january|february|march|april|may|june"
    r"|july|august|september|october|november|december|then|last)\b))\b",
    re.IGNORECASE,
)
_AFTER = 2
"""Sentences after what was shown that may still give its reason."""
_PROSE = (BlockKind.PARAGRAPH, BlockKind.ITEM)


def asks_why(question: str) -> bool:
    """Return whether a question asks for the reason of what was shown, and for nothing else."""
    return bool(_ASKS_WHY.fullmatch(question))


def gives_reason(text: str) -> bool:
    """Return whether a text has a word that begins a reason."""
    return bool(_REASON.search(text))


def reason_beside(context: Surroundings, scope: Scope) -> Excerpt | None:
    """Return the sentence that gives a reason, of what was shown first or right after it."""
    for unit, passage in _units(context):
        if gives_reason(passage.text_of(unit.span)):
            return excerpt_of(unit.span, passage, scope.catalog)
    return None


def _units(context: Surroundings) -> Iterator[tuple[Unit, Passage]]:
    """Yield the sentences of the first excerpt that was shown, then those after it."""
    if not context.last:
        return
    shown = context.last[0].span
    placed = {
        unit.span: (unit, passage)
        for passage in context.near[0]
        for unit in passage.units
        if unit.kind in _PROSE
    }
    spans = sorted(placed)
    heading = next((p.heading for _, p in placed.values() if p.span.overlaps(shown)), ())
    own = [span for span in spans if span.overlaps(shown)]
    after = [span for span in spans if span.start >= shown.end][:_AFTER]
    yield from (placed[span] for span in own)
    yield from (placed[span] for span in after if placed[span][1].heading == heading)
