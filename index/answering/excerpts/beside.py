"""What a unit needs beside it to be understood: its question, its parts, its label."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from index.answering.finding.evidence import Evidence
from index.chunking.passage import Passage, Unit
from index.document import BlockKind, Span
from index.store.catalog.catalog import Catalog

_FEW_WORDS = 4
"""Words of a heading that hardly says what it is of, such as "31,250 euros"."""
_HASHES = re.compile(r"#{1,6}\s+")
ASKS = re.compile(r"\?[\"'”’»)*_]*\s*$")
"""What ends a question."""


def answers(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Return the evidence, with the answer in place of a question that it follows, as in a FAQ."""
    kept: list[Evidence] = []
    for piece in evidence:
        before = kept[-1] if kept else None
        if before and before.passage is piece.passage and _follows_question(piece, before):
            kept.pop()
            logit = max(piece.logit, before.logit)
            probability = max(piece.probability, before.probability)
            piece = replace(piece, logit=logit, probability=probability)
        kept.append(piece)
    return kept


def _follows_question(piece: Evidence, before: Evidence) -> bool:
    asking = with_question(piece.unit, piece.passage)
    return bool(asking) and asking[0].start == before.unit.span.start


def with_question(unit: Unit, passage: Passage) -> list[Span]:
    """Return a sentence with the question right before it in its paragraph, as in a FAQ."""
    before = [each for each in passage.units if each.block == unit.block and each.span < unit.span]
    if len(before) != 1 or not ASKS.search(passage.text_of(before[0].span)):
        return []
    return [Span(before[0].span.start, unit.span.end)]


def ends_asking(unit: Unit, passage: Passage) -> bool:
    """Return whether a unit is a question at the end of its paragraph."""
    if unit.kind is not BlockKind.PARAGRAPH or not ASKS.search(passage.text_of(unit.span)):
        return False
    return not any(u.block == unit.block and u.span.start >= unit.span.end for u in passage.units)


def with_answer(unit: Unit, passage: Passage, catalog: Catalog, most: int) -> list[Span]:
    """Return a question that ends its paragraph with the paragraph after it, up to a length.

    In a transcript the answer may stand in the next passage. Of other text nothing is returned.
    """
    if not ends_asking(unit, passage):
        return []
    around = catalog.passages_around(passage.document, unit.span).values()
    units = {u.span: u for p in around for u in p.units if u.span.start >= unit.span.end}
    after = [units[span] for span in sorted(units)]
    if not after or after[0].kind is not BlockKind.PARAGRAPH:
        return []
    ends = [u.span.end for u in after if u.block == after[0].block]
    within = [end for end in ends if end - after[0].span.start <= most] or ends[:1]
    return [Span(unit.span.start, within[-1])]


def with_parts(item: Unit, passage: Passage) -> Span:
    """Return an entry of a list with the deeper entries right below it."""
    end = item.span.end
    for unit in passage.units:
        if unit.span.start < end or unit.group != item.group:
            continue
        if unit.level <= item.level:
            break
        end = unit.span.end
    return Span(item.span.start, end)


def with_heading(heading: Unit, passage: Passage) -> Span:
    """Return a heading without its mark, with the one right above it: what a figure is of."""
    text = passage.text_of(heading.span)
    mark = _HASHES.match(text)
    start = heading.span.start + (mark.end() if mark else 0)
    before = [unit for unit in passage.units if unit.span.end <= heading.span.start][-1:]
    if before and before[0].kind is BlockKind.HEADING and len(text.split()) <= _FEW_WORDS:
        start = before[0].span.start
    return Span(start, heading.span.end)


def follows_directly(lead: Unit, start: int, passage: Passage) -> bool:
    if not passage.span.contains(lead.span):
        return True
    return not passage.text_of(Span(lead.span.end, start)).strip()


def crosses_heading(passage: Passage, gap: Span) -> bool:
    return any(u.kind is BlockKind.HEADING and gap.overlaps(u.span) for u in passage.units)
