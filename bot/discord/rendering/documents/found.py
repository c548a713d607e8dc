"""Shows of a found passage the rows, or the sentences, that hold the words of a query.

It stands there word for word; the rest is a button away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.discord.rendering.answers.excerpts import quoted
from bot.discord.rendering.answers.rows import LaidOut, laid_out, lines_of, short_record
from bot.discord.rendering.escape import quote_of_part
from index.answering.answer import Hit, Quote
from index.chunking.passage import Unit
from index.document import BlockKind, Span

_LINES, _LINE = 12, 32
"""Lines of a phone that a passage takes, if it can be shortened, and characters of a line."""
_LENGTH, _BEFORE = 400, 120
"""Most characters of sentences that stand together, and of a long one before what was found."""
_RECORD = 400
"""Most units of a row with the names of its columns."""
_TABLE = (BlockKind.HEADER, BlockKind.ROW)


@dataclass(frozen=True, slots=True)
class ShownPassage:
    """A passage as quotes, or the parts of it at `spans`; `rows_left` counts rows of its table."""

    quotes: tuple[str, ...]
    spans: tuple[Span, ...]
    rows_left: int = 0


def shown_passage(hit: Hit) -> ShownPassage:
    """Return what is shown of a passage: all of it if that is short."""
    passage = hit.passage
    names = len(hit.header.text) if hit.header else 0
    if not passage.units or _lines(passage.text) + names // _LINE <= _LINES:
        whole = _laid_out(hit, [passage.span])
        quotes = quoted(whole.text, styles=whole.styles, number=hit.rank)
        return ShownPassage(tuple(quotes), (passage.span,))
    best = max(passage.units, key=lambda unit: _words(hit, unit.span))
    if best.kind in _TABLE:
        rows = [unit for unit in passage.units if unit.group == best.group]
        if rows := [unit for unit in rows if unit.kind is BlockKind.ROW]:
            return _rows(hit, rows)
    return _sentences(hit, best)


# Rows


def _rows(hit: Hit, rows: Sequence[Unit]) -> ShownPassage:
    """Return the rows with the most words of the query, these first."""
    header = _header(hit, rows[0])
    best_first = sorted(rows, key=lambda row: -_words(hit, row.span))
    most = _words(hit, best_first[0].span)
    chosen, lines = list[Unit](), 0
    for row in best_first:
        lines += lines_of(hit.passage.text_of(row.span), header, is_record=False)
        if chosen and (lines > _LINES or (most and not _words(hit, row.span))):
            break
        chosen.append(row)
    spans = tuple(row.span for row in chosen)
    shown = _laid_out(hit, spans, header)
    if len(chosen) == 1:
        record = short_record(shown, _RECORD, emphasised=False)
        quotes = ["\n".join(f"> {line}" for line in record.split("\n"))]
    else:
        quotes = list(quoted(shown.text, styles=shown.styles, number=hit.rank))
    return ShownPassage(tuple(quotes), spans, len(rows) - len(chosen))


def _header(hit: Hit, row: Unit) -> Quote | None:
    """Return the header of the table that a row of a passage stands in."""
    for unit in hit.passage.units:
        if unit.kind is BlockKind.HEADER and unit.group == row.group:
            return Quote(hit.passage.text_of(unit.span), unit.span)
    return hit.header if row.group == hit.passage.units[0].group else None


# Sentences


def _sentences(hit: Hit, best: Unit) -> ShownPassage:
    """Return the sentences around that with the most words of the query."""
    passage = hit.passage
    span = _around(best, passage.units)
    if len(span) > _LENGTH:
        span = _within(hit, span)
    shown = _laid_out(hit, [span])
    text = "\n".join(quoted(shown.text, styles=shown.styles))
    around = Span(passage.span.start, span.start), Span(span.end, passage.span.end)
    before, after = (bool(passage.text_of(each).strip()) for each in around)
    return ShownPassage((quote_of_part(text, before=before, after=after),), (span,))


def _around(best: Unit, units: Sequence[Unit]) -> Span:
    """Return a unit with those after and before it that have room, as one span."""
    first = last = units.index(best)
    while True:
        for before, after in ((first, last + 1), (first - 1, last)):
            if not 0 <= before <= after < len(units):
                continue
            added = units[before if before < first else after]
            span = Span(units[before].span.start, units[after].span.end)
            if added.kind not in _TABLE and len(span) <= _LENGTH:
                first, last = before, after
                break
        else:
            return Span(units[first].span.start, units[last].span.end)


def _within(hit: Hit, span: Span) -> Span:
    """Return a part of a long sentence, between words, with the first word of the query."""
    text, begins = hit.passage.text_of(span), span.start
    found = next((word.start - begins for word in hit.matches if span.contains(word)), 0)
    start = 0
    if found > _BEFORE:
        start = next((at + 1 for at in range(found - _BEFORE, found) if text[at].isspace()), found)
    end = min(len(text), start + _LENGTH)
    if end < len(text):
        last = max(start, found)
        end = next((at for at in range(end, last, -1) if text[at].isspace()), end)
    return Span(begins + start, begins + end)


# Both


def _words(hit: Hit, span: Span) -> int:
    """Return how many different words of the query stand in a span."""
    text = hit.passage.text_of
    return len({text(word).lower() for word in hit.matches if span.contains(word)})


def _laid_out(hit: Hit, spans: Sequence[Span], header: Quote | None = None) -> LaidOut:
    """Return parts of a passage, below the header of their table."""
    head = header or (hit.header if spans[0] == hit.passage.span else None)
    quotes = [Quote(hit.passage.text_of(span), span) for span in spans]
    return laid_out((quote, hit.styles, hit.matches) for quote in ([head] if head else []) + quotes)


def _lines(text: str) -> int:
    """Return about how many lines of a phone a text takes."""
    return sum(1 + len(line) // _LINE for line in text.split("\n"))
