"""Chooses the shortest stretches of text that answer: sentences, whole lists, rows with headers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from index.answering.answer import Excerpt
from index.answering.evidence import DESCRIPTIVE, FACTUAL, Evidence, lead_of
from index.chunking.chunker import Passage, Unit
from index.document import BlockKind, Span
from index.errors import ExcerptMismatch
from index.store.catalog import Catalog

__all__ = ["merge", "select_excerpts", "verify"]

_CHARACTERS = 900
"""What a person reads in one go; a list that is asked for may be longer."""
_LONGEST_LIST = 4_000
_SHORT_LIST = 400
"""Shown whole even where one entry would do: it is as quickly read as it is cut."""
_GAP = 200
"""A sentence of up to this many characters between two chosen ones is shown with them."""
_EMPHASISED = 0.5
_SETTLED, _DESCRIBED = 1.5, 0.6
"""Times the threshold, where a short answer says all, and where a question asks for a description.
Chosen by hand on 376 questions of `squad` and 45 of `clapnq`, and measured on the same: with the
gap of 200, evidence .941 at 414 characters (.941 at 425 before) and .817 at 542 (.804 at 529).
On so few that is no proof; a search for better ones, cross-validated, did worse than none."""
_SURE = 1.0
"""Of a short answer's margin: from here on 101 of 108 that are set off overlap the gold of `squad`,
answerable questions only; chosen on the same questions."""

_WANTS_ALL = re.compile(
    r"\b(list|name all|all (of )?the|every|enumerate|steps|types|kinds|examples)\b"
    r"|\b(what|which)\s+(are\s+|were\s+)?(the\s+)?(\w+\s+){0,2}?\w{3,}(?<!ss)(?<!us)(?<!is)s\b",
    re.IGNORECASE,
)
_TURN = 300
"""Characters of a transcript before a sentence, up to which they are shown with it."""
_SPEAKER = re.compile(r"(?:Q|A|Question|Answer|[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ.'’ -]{2,40}):\s")
_QUESTION = re.compile(r"\?[\"'”’»)]*\s*$")
_WORD = re.compile(r"\w+(?:[-.,:'’]\w+)*")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch to be shown, and the evidence for which it is."""

    span: Span
    because: Evidence


def select_excerpts(
    question: str,
    evidence: Sequence[Evidence],
    threshold: float,
    catalog: Catalog,
) -> tuple[Excerpt, ...]:
    """The excerpts for a question: the best, then from the best document to the last what else
    bears on it, in reading order in each.

    At least the best unit is chosen, then every other with a probability of `threshold` or more,
    up to about 900 characters; fewer where a short answer settles the question, and more where it
    asks for a description. What is needed beyond the passages found, such as the rest of a
    list, comes from the catalog.
    """
    ranked = sorted(evidence, key=lambda e: -e.probability)
    if _short_answer(ranked[0]) is not None:
        threshold *= _SETTLED
    elif DESCRIPTIVE.search(question):
        threshold *= _DESCRIBED
    chosen = _within_budget(ranked, threshold)
    pieces: list[_Piece] = []
    for one in chosen:
        if any(p.span.contains(one.unit.span) and _same_document(p, one) for p in pieces):
            continue
        pieces.extend(_Piece(span, one) for span in _completed(one, evidence, question, catalog))
    merged: list[_Piece] = []
    for document in dict.fromkeys(piece.because.passage.document for piece in pieces):
        merged.extend(_merged([p for p in pieces if p.because.passage.document == document]))
    best = max(merged, key=lambda piece: piece.because.probability)
    ordered = [best, *(piece for piece in merged if piece is not best)]
    brief = bool(FACTUAL.search(question)) and not _WANTS_ALL.search(question)
    return tuple(_excerpts(ordered, chosen, brief, catalog))


def merge(found: Iterable[Sequence[Excerpt]], catalog: Catalog) -> tuple[Excerpt, ...]:
    """The excerpts of several questions as those of one, in their order; what overlaps is one."""
    kept: list[Excerpt] = []
    for excerpt in (excerpt for excerpts in found for excerpt in excerpts):
        shared = [other for other in kept if _overlap(other, excerpt)]
        if not shared:
            kept.append(excerpt)
            continue
        place = kept.index(shared[0])
        kept = [other for other in kept if other not in shared]
        kept.insert(place, _widened([*shared, excerpt], catalog))
    return tuple(replace(one, number=number) for number, one in enumerate(kept, start=1))


def _overlap(one: Excerpt, other: Excerpt) -> bool:
    return one.document == other.document and one.span.overlaps(other.span)


def _widened(excerpts: Sequence[Excerpt], catalog: Catalog) -> Excerpt:
    """The first, made to hold the others."""
    first = excerpts[0]
    span = Span(min(e.span.start for e in excerpts), max(e.span.end for e in excerpts))
    return replace(
        first,
        quote=catalog.quote(first.document, span) or "",
        page=catalog.page_at(first.document, span.start),
        span=span,
        emphasis=tuple(sorted({spot for e in excerpts for spot in e.emphasis})),
    )


def verify(excerpts: Iterable[Excerpt], catalog: Catalog) -> None:
    """Raises ExcerptMismatch unless every excerpt is, word for word, what is stored."""
    for excerpt in excerpts:
        if catalog.quote(excerpt.document, excerpt.span) != excerpt.quote:
            raise ExcerptMismatch(
                f"An excerpt of {excerpt.document} at {excerpt.span.start} is not what the document"
                " says, so it is not shown. This is a defect of the program: please report it."
            )


def _same_document(piece: _Piece, evidence: Evidence) -> bool:
    return piece.because.passage.document == evidence.passage.document


def _within_budget(ranked: Sequence[Evidence], threshold: float) -> list[Evidence]:
    chosen: list[Evidence] = []
    characters = 0
    for one in ranked:
        if chosen and (
            one.probability < threshold or characters + len(one.unit.span) > _CHARACTERS
        ):
            break
        chosen.append(one)
        characters += len(one.unit.span)
    return chosen


def _completed(
    one: Evidence,
    evidence: Sequence[Evidence],
    question: str,
    catalog: Catalog,
) -> list[Span]:
    """The unit with what a reader needs to understand it."""
    unit, passage = one.unit, one.passage
    if unit.kind is BlockKind.ROW:
        return _row_with_header(unit, passage)
    if unit.kind is BlockKind.PARAGRAPH:
        return _with_its_turn(one, catalog) or _with_list_it_leads(one, catalog)
    if unit.kind is not BlockKind.ITEM:
        return [unit.span]
    whole = _whole_list(unit, passage, catalog)
    beside = [e.logit for e in evidence if e.unit.group == unit.group and e is not one]
    stands_out = bool(beside) and one.logit - max(beside) > 4
    if len(whole) <= _SHORT_LIST or (len(whole) <= _LONGEST_LIST and not stands_out):
        return [whole]
    if _WANTS_ALL.search(question) and len(whole) <= _LONGEST_LIST:
        return [whole]
    return [unit.span]


def _with_its_turn(one: Evidence, catalog: Catalog) -> list[Span]:
    """A sentence of a transcript with who says it, and with the question that it is the answer to;
    nothing where the text is no transcript."""
    passage, unit = one.passage, one.unit
    first = next(u for u in passage.units if u.block == unit.block)
    if not _SPEAKER.match(passage.text_of(first.span)):
        return []
    if unit.span.start - first.span.start > _TURN:
        return [unit.span]
    start = first.span.start
    document = passage.document
    asked = catalog.units_before(document, start)
    if asked and not _asks(unit, document, catalog) and _asks(asked[-1], document, catalog):
        whole = start - asked[0].span.start <= _TURN
        question = asked[0] if whole else asked[-1]
        start = question.span.start
    return [Span(start, unit.span.end)]


def _asks(unit: Unit, document: str, catalog: Catalog) -> bool:
    text = catalog.quote(document, unit.span) or ""
    return unit.kind is BlockKind.PARAGRAPH and bool(_QUESTION.search(text))


def _with_list_it_leads(one: Evidence, catalog: Catalog) -> list[Span]:
    """A sentence, and the list that it introduces, without which it says nothing."""
    units = one.passage.units
    after = [u for u in units if u.span.start >= one.unit.span.end]
    if not after or after[0].kind is not BlockKind.ITEM:
        return [one.unit.span]
    if not one.passage.text_of(one.unit.span).rstrip("*_ ").endswith((":", "：")):
        return [one.unit.span]
    whole = _whole_list(after[0], one.passage, catalog)
    return [whole if len(whole) <= _LONGEST_LIST else one.unit.span]


def _whole_list(item: Unit, passage: Passage, catalog: Catalog) -> Span:
    """The list's lead-in and all its entries, also those in other passages."""
    units = [u for u in passage.units if u.group == item.group]
    whole = Span(min(u.span.start for u in units), max(u.span.end for u in units))
    runs_on = bool(passage.lead) or units[-1] is passage.units[-1]
    if runs_on:
        whole = catalog.span_of_group(passage.document, item.group) or whole
    lead = lead_of(passage, item)
    if lead is not None and _follows_directly(lead, whole.start, passage):
        return Span(lead.span.start, whole.end)
    return whole


def _follows_directly(lead: Unit, start: int, passage: Passage) -> bool:
    if not passage.span.contains(lead.span):
        return True
    return not passage.text_of(Span(lead.span.end, start)).strip()


def _row_with_header(row: Unit, passage: Passage) -> list[Span]:
    header = lead_of(passage, row)
    if header is None or header.kind is not BlockKind.HEADER:
        return [row.span]
    if row.span.start - header.span.end <= _SHORT_LIST:
        return [Span(header.span.start, row.span.end)]
    return [header.span, row.span]


def _merged(pieces: Sequence[_Piece]) -> list[_Piece]:
    """In reading order; overlapping ones, and those with next to nothing between, made one."""
    merged: list[_Piece] = []
    for piece in sorted(pieces, key=lambda p: (p.span, -p.because.probability)):
        last = merged[-1] if merged else None
        if last is None or not _joins(last, piece):
            merged.append(piece)
            continue
        span = Span(last.span.start, max(last.span.end, piece.span.end))
        better = max(last, piece, key=lambda p: p.because.probability)
        merged[-1] = _Piece(span, better.because)
    return merged


def _joins(last: _Piece, piece: _Piece) -> bool:
    if piece.span.start <= last.span.end:
        return True
    passage = last.because.passage
    gap = Span(last.span.end, piece.span.start)
    if not passage.span.contains(gap):
        return False
    return len(passage.text_of(gap).strip()) <= _GAP and not _crosses_heading(passage, gap)


def _crosses_heading(passage: Passage, gap: Span) -> bool:
    return any(u.kind is BlockKind.HEADING and gap.overlaps(u.span) for u in passage.units)


def _excerpts(
    pieces: Sequence[_Piece], chosen: Sequence[Evidence], brief: bool, catalog: Catalog
) -> Iterable[Excerpt]:
    """Where documents say the same in the same words, only the better placed one is shown.

    `brief` says that a few words may be the answer.
    """
    shown: set[str] = set()
    for piece in pieces:
        passage = piece.because.passage
        quote = _quote(piece, catalog)
        words = " ".join(quote.split())
        if words in shown:
            continue
        shown.add(words)
        yield Excerpt(
            number=len(shown),
            quote=quote,
            document=passage.document,
            title=passage.title,
            heading=passage.heading,
            page=catalog.page_at(passage.document, piece.span.start),
            span=piece.span,
            passage=passage.id,
            score=piece.because.logit,
            emphasis=_emphasis(piece, chosen, brief),
        )


def _quote(piece: _Piece, catalog: Catalog) -> str:
    passage = piece.because.passage
    if passage.span.contains(piece.span):
        return passage.text_of(piece.span)
    return catalog.quote(passage.document, piece.span) or ""


def _emphasis(piece: _Piece, chosen: Sequence[Evidence], brief: bool) -> tuple[Span, ...]:
    """The short answers in the piece, else the units that answer most likely: the best of all, and
    any above even odds.

    None where they are more than half of it, since that would set nothing off.
    """
    document = piece.because.passage.document
    units = [
        one
        for rank, one in enumerate(chosen)
        if one.passage.document == document
        and piece.span.contains(one.unit.span)
        and (rank == 0 or one.probability >= _EMPHASISED)
    ]
    answers = {answer for one in units if brief and (answer := _short_answer(one))}
    spans = answers or {one.unit.span for one in units}
    return tuple(sorted(spans)) if sum(map(len, spans)) <= len(piece.span) / 2 else ()


def _short_answer(one: Evidence) -> Span | None:
    """The reader's, in whole words, where it is likely right and stands in the unit."""
    read = one.candidate.impression
    if read is None or read.answer is None or read.margin < _SURE:
        return None
    unit, text = one.unit.span, one.passage.text_of(one.unit.span)
    if not unit.contains(read.answer):
        return None
    start, end = read.answer.start - unit.start, read.answer.end - unit.start
    words = [m for m in _WORD.finditer(text) if m.start() < end and m.end() > start]
    if not words:
        return None
    return Span(unit.start + min(start, words[0].start()), unit.start + max(end, words[-1].end()))
