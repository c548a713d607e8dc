"""Mails that quote older ones: what was said last comes before what it replies to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.answering.finding.evidence import Evidence
from index.answering.finding.furniture import is_furniture, is_mail_header
from index.chunking.passage import Unit
from index.document import BlockKind, Span, TextOrigin
from index.store.catalog.catalog import Catalog

_NOT_OWN = frozenset({TextOrigin.QUOTED, TextOrigin.CLOSING})
_WORD = re.compile(r"\w+")


def own_words(evidence: Sequence[Evidence], threshold: float) -> list[Evidence]:
    """Return the evidence that is no quotation, signature or disclaimer, where some of it is as
    likely as `threshold`; else all."""
    own = [piece for piece in evidence if piece.unit.origin not in _NOT_OWN]
    return own if any(piece.probability >= threshold for piece in own) else list(evidence)


def reply_to(
    piece: Evidence, evidence: Sequence[Evidence], catalog: Catalog, most: int
) -> tuple[Evidence, Span] | None:
    """Return what a mail says to a piece that it quotes, at most so many characters.

    It comes with the quotation, which is the piece itself or has its words. Of several mails the
    newest counts. None where nothing is quoted, or nothing said to it.
    """
    if piece.unit.origin is TextOrigin.QUOTED:
        quoting = [piece]
    else:
        words = _words(piece)
        quoting = [
            other
            for other in evidence
            if other.unit.origin is TextOrigin.QUOTED and words in _words(other)
        ]
        dates = {other.passage.document: catalog.date(other.passage.document) for other in quoting}
        quoting.sort(key=lambda other: dates[other.passage.document] or "", reverse=True)
    for quotation in quoting:
        said = _said_to(quotation, catalog)
        said = [unit for unit in said if unit.span.end - said[0].span.start <= most]
        if said:
            return quotation, Span(said[0].span.start, said[-1].span.end)
    return None


def _said_to(quotation: Evidence, catalog: Catalog) -> list[Unit]:
    """Return the sender's words right below a quotation, or else those above all of it."""
    units = list(_units(quotation.passage.document, catalog))
    place = next((n for n, (u, _) in enumerate(units) if u.span == quotation.unit.span), None)
    if place is None:
        return []
    below = place
    while below < len(units) and units[below][0].origin is TextOrigin.QUOTED:
        below += 1
    after = _run(units[below:])
    if after:
        return after
    above = place
    while above and units[above - 1][0].origin is not TextOrigin.BODY:
        above -= 1
    return _run(units[:above][::-1])[::-1]


def _run(units: Sequence[tuple[Unit, str]]) -> list[Unit]:
    """Return the first units, as far as they are the sender's words."""
    found: list[Unit] = []
    for unit, text in units:
        is_title = unit.kind is BlockKind.HEADING and unit.block == 0
        if unit.origin is not TextOrigin.BODY or is_title or is_mail_header(text):
            break
        if found or not is_furniture(text, unit.kind):
            found.append(unit)
    return found


def _units(document: str, catalog: Catalog) -> Iterator[tuple[Unit, str]]:
    end = -1
    for passage in catalog.passages_of(document):
        for unit in passage.units:
            if unit.span.start >= end:
                yield unit, passage.text_of(unit.span)
                end = unit.span.end


def _words(piece: Evidence) -> str:
    return " ".join(_WORD.findall(piece.passage.text_of(piece.unit.span).lower()))
