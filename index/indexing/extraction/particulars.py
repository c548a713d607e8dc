"""What a document says of itself: its date, who made it, how long it holds, its next review."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from index.chunking.passage import Passage, Unit
from index.document import BlockKind, Document, Span, TextOrigin
from index.indexing.extraction import labels
from index.parsing.text.dates import WrittenDate, dates_in
from index.store.catalog.particulars import Origin, Particular, ParticularKind
from index.text import NO_TITLE

_HEAD = 1_500
"""Characters in which a document says when and by whom it was written."""
_LONGEST_LINE = 240
"""Characters of a line that says something of the document; a longer one is of its matter."""
_LONGEST_NAME = 80
_LONGEST_LABEL = 60
"""Characters of a line by itself, such as a title; a longer one is of running text."""
_FIRST_LINES = 200
_RUNS_ON = re.compile(
    r"(?:[,;(–—-]|\b(?:on|of|by|from|until|till|to|at|in|since|the|and|or|before|after|for|is|was"
    r"|are|were|am|vom|von|bis|seit|den|dem|der|die|das|und|oder|ist|war|fra|til|den|og|er|var))$",
    re.IGNORECASE,
)
"""How a line ends of which the sentence goes on in the next."""
_GAP = 2
_LONGEST_WHOLE = 600
_DAY_ENDS = re.compile(r"(?<!\d)\d{1,2}\.$")
_MONTH_BEGINS = re.compile(
    r"(?:jan|feb|m[aä]r|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[csz])[^\W\d]*\b", re.IGNORECASE
)

_SAYING = (BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.ROW, BlockKind.HEADING)
_NEW_LABEL = re.compile(r"\n(?=[^\S\n]*[^\W\d_][\w /-]{1,28}:\s)")
_PIECES = re.compile(
    r"\s*[|·•;]\s+|\s[–—]\s|(?<![:\s])(?:\s{3,}|\t)\s*"
    rf"|(?<=\w){NO_TITLE}\.\s+(?=[A-ZÀ-Þ])"
)
"""Between several things that one line says: "Owner: Moe | Version 2"."""
_TO = re.compile(r"\s*(?:[-–]|to|until|bis(?: zum)?|til)\s*", re.IGNORECASE)
_NAME_ENDS = re.compile(
    rf"[,;|<(\n]|(?<!\b[A-Z]){NO_TITLE}\.\s|\.$|\s(?:and (?:approved|adopted)|on|in)\s"
)
_GOES_ON = re.compile(r"\s*,\s*(?:the|it|he|she|they|this|a|an|his|her|its|their)\b", re.IGNORECASE)
_SIGNED = re.compile(
    r"(?:^|[,|(–—-])\s*+(?:(?:\w+(?:day|tag|dag)|mittwoch|sonnabend),?\s*+)?(?:(?:the|den)\s++)?$",
    re.IGNORECASE,
)
_AT_A_TIME = re.compile(
    r",?\s*(?:(?:at|from|um|ab|von|kl\.?|fra)\s+)?(?:\d{1,2}[:.]\d\d\b|\d{1,2}\s?(?:uhr|h|[ap]m)\b)",
    re.IGNORECASE,
)
"""Goes on after the day of a meeting, at the top of its minutes."""

_YEAR_IN_NAME = re.compile(r"(?<![^\W_])(?:19[5-9]\d|20[0-4]\d)(?![^\W_])")
_YEARS_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_/ –](\d\d)(?!\d)")
_MONTH_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_.](0[1-9]|1[0-2])(?!\d|[-_.]\d)")
_DAY_IN_NAME = re.compile(
    r"(?<!\d)((?:19|20)\d\d)[-_. ]?(0[1-9]|1[0-2])[-_. ]?(0[1-9]|[12]\d|3[01])(?!\d)"
)


@dataclass(frozen=True, slots=True)
class ContextLine:
    """A sentence, row or line of a document, with the headings above it."""

    text: str
    span: Span
    kind: BlockKind
    heading: tuple[str, ...]
    passage: int
    """Which passage of the document holds it first, from 0."""
    origin: TextOrigin = TextOrigin.BODY


def lines_of(document: Document, passages: Sequence[Passage]) -> list[ContextLine]:
    """Return the units of a document in order, each once; one with several labels line by line."""
    seen: set[Span] = set()
    lines: list[ContextLine] = []
    for number, passage in enumerate(passages):
        for unit in passage.units:
            if unit.span in seen:
                continue
            seen.add(unit.span)
            if lines and _is_cut(lines[-1], unit, document.text):
                # "3. Mai" is a day, where a sentence seems to end.
                last = lines.pop()
                whole = Span(last.span.start, unit.span.end)
                lines.append(replace(last, text=whole.of(document.text), span=whole))
                continue
            start = unit.span.start
            for piece in _NEW_LABEL.split(unit.span.of(document.text)):
                span = Span(start, start + len(piece))
                lines.append(
                    ContextLine(piece, span, unit.kind, passage.heading, number, unit.origin)
                )
                start = span.end + 1
    return lines


def _is_cut(last: ContextLine, unit: Unit, text: str) -> bool:
    """Return whether a line goes on in the next unit, after the number of a day."""
    return (
        last.kind is unit.kind
        and last.origin is unit.origin
        and 0 <= unit.span.start - last.span.end <= _GAP
        and _DAY_ENDS.search(last.text[-4:]) is not None
        and _MONTH_BEGINS.match(text, unit.span.start) is not None
        and len(last.text) + len(unit.span) <= _LONGEST_WHOLE
    )


def particulars_of(document: Document, lines: Sequence[ContextLine]) -> list[Particular]:
    """Return what a document says of itself, and where; its date comes first, and is one at most.

    What is stated in its text counts more than what its file says, since files are copied. The
    moment of reading is never a date.
    """
    head = [
        line
        for line in lines
        if (line.span.start < _HEAD or line.origin is TextOrigin.MARGIN)
        and len(line.text) <= _LONGEST_LINE
    ]
    found = [*_fields(document, lines), *_in_head(head), *_reviews(lines)]
    if not any(each.what is ParticularKind.VERSION for each in found):
        found += _version_of_name(document, head)
    date = _date(document, head, found)
    stated = {each.what for each in found if each.span}
    fields = {(each.what, each.span) for each in found if each.origin is Origin.FIELD}
    others = {
        (each.what, each.value, each.what is ParticularKind.REVIEW and each.span): each
        for each in reversed(found)
        if each.what is not ParticularKind.DATE
        and (each.span or each.what not in stated)
        and (each.origin is Origin.FIELD or (each.what, each.span) not in fields)
    }
    return [*([date] if date else []), *reversed(others.values())]


def _fields(document: Document, lines: Sequence[ContextLine]) -> Iterator[Particular]:
    """Yield what the front matter, the head of a mail and the file's properties say."""
    written = {
        _key(line.text.split(":", 1)[0]): line
        for line in lines
        if line.kind is BlockKind.FRONT_MATTER or (line.span.start < _HEAD and ":" in line.text)
    }
    for name, value in document.metadata.items():
        if (what := labels.FIELDS.get(_key(name))) and value:
            line = written.get(_key(name))
            if what in (ParticularKind.REVIEW, ParticularKind.FROM, ParticularKind.UNTIL):
                value = next((iso for iso in map(_iso, dates_in(value)) if iso), "")
            elif what is not ParticularKind.DATE:
                value = value.split("<")[0].strip().strip('"')
            origin = Origin.FIELD if line else Origin.PROPERTIES
            yield Particular(what, value, line.span if line else None, origin)


def _in_head(head: Iterable[ContextLine]) -> Iterator[Particular]:
    for line in head:
        is_field = line.kind is BlockKind.FRONT_MATTER
        if is_field and labels.IS_STATUS.match(line.text) and labels.REPLACED.match(line.text):
            yield Particular(ParticularKind.REPLACED, "", line.span, Origin.FIELD)
        if line.kind in (BlockKind.FRONT_MATTER, BlockKind.HEADER):
            continue
        pieces = [line.text] if line.kind is BlockKind.ROW else _PIECES.split(line.text)
        for piece in pieces:
            text = piece.lstrip("*_#>•- \t")
            for what, value in _said(text):
                yield Particular(what, value, line.span, Origin.TEXT)
        yield from _periods(line)


def _said(text: str) -> Iterator[tuple[ParticularKind, str]]:
    """Yield what a line, or one of several things on a line, says of its document."""
    for what, begins in labels.PEOPLE.items():
        place = begins.match(text) or (
            begins.search(text) if what is ParticularKind.APPROVER and _is_credit(text) else None
        )
        name = place and _NAME_ENDS.split(text[place.end() :], maxsplit=1)[0].strip(" *_.")
        if name and len(name) <= _LONGEST_NAME:
            yield what, name
    if version := labels.VERSION.match(text):
        yield ParticularKind.VERSION, version[1]
    if labels.REPLACED.match(text) or (
        labels.REPLACED.search(text) and labels.OF_THE_DOCUMENT.search(text)
    ):
        yield ParticularKind.REPLACED, ""
    if level := labels.CLASSIFIED.match(text):
        yield ParticularKind.CLASSIFICATION, (level["level"] or level["known"]).strip()
    elif labels.IS_CLASS.fullmatch(bare := text.strip(" *_.:!()[]-–—")) and (
        bare.isupper() or bare.lower() not in labels.EVERYDAY_CLASSES
    ):
        yield ParticularKind.CLASSIFICATION, bare


def _periods(line: ContextLine) -> Iterator[Particular]:
    """Yield from when and until when a line says that its document holds."""
    text = line.text.lstrip("*_#>•- \t")
    begun: WrittenDate | None = None
    for date in dates_in(line.text):
        before = line.text[: date.start]
        iso = _iso(date)
        if iso and begun and _TO.fullmatch(line.text[begun.end : date.start]):
            yield Particular(ParticularKind.UNTIL, iso, line.span, Origin.TEXT)
        elif iso and labels.FROM.search(before):
            begun = date
            yield Particular(ParticularKind.FROM, iso, line.span, Origin.TEXT)
        elif iso and (until := labels.UNTIL.search(before)):
            is_label = not before[: until.start()].strip(" *_#>•-|")
            if is_label or labels.OF_THE_DOCUMENT.search(before) or labels.VERSION.match(text):
                yield Particular(ParticularKind.UNTIL, iso, line.span, Origin.TEXT)


def _version_of_name(document: Document, head: Sequence[ContextLine]) -> Iterator[Particular]:
    """Yield the version with which the title or the name of the file ends."""
    for line in head:
        if line.kind is BlockKind.HEADING and (found := labels.VERSION_AT_END.search(line.text)):
            yield Particular(ParticularKind.VERSION, found[1], line.span, Origin.TEXT)
            return
    found = labels.VERSION_AT_END.search(document.title) or labels.VERSION_IN_NAME.search(
        PurePosixPath(document.name).stem
    )
    if found:
        yield Particular(ParticularKind.VERSION, found[1], None, Origin.NAME)


def _is_credit(text: str) -> bool:
    """Return whether a line names who made a document: it begins with one of them."""
    return any(begins.match(text) for begins in labels.PEOPLE.values())


def _reviews(lines: Sequence[ContextLine]) -> Iterator[Particular]:
    for line in lines:
        if line.kind not in _SAYING or len(line.text) > _LONGEST_LINE:
            continue
        isos = [iso for iso in map(_iso, dates_in(line.text)) if iso]
        if not isos and line.kind in (BlockKind.HEADING, BlockKind.ROW):
            continue
        below = isos and line.heading and labels.REVIEW_HEADING.match(line.heading[-1])
        if not (below or labels.may_tell_review(line.text)):
            continue
        if (below or labels.REVIEW.search(line.text)) and not labels.PAST.search(line.text):
            yield Particular(
                ParticularKind.REVIEW, isos[-1] if isos else "", line.span, Origin.TEXT
            )


def _date(
    document: Document, head: Sequence[ContextLine], found: Sequence[Particular]
) -> Particular | None:
    given = next((each for each in found if each.what is ParticularKind.DATE), None)
    if given and given.span:
        return given
    if stated := _stated_date(head):
        return stated
    named = _date_of_name(document)
    if given and (named is None or _is_of_later_years(given, named) or _is_within(given, named)):
        return given
    # What a name says is written by somebody, a property by a program.
    if named:
        return named
    begins = next((each for each in found if each.what is ParticularKind.FROM and each.value), None)
    return begins and Particular(ParticularKind.DATE, begins.value, begins.span, begins.origin)


def _is_of_later_years(given: Particular, named: Particular) -> bool:
    """Return whether a name tells a year that the file only looks ahead to: "Strategy 2030"."""
    days = next(iter(dates_in(given.value)), None)
    is_year = len(named.value) == len("2026")
    return is_year and (days is None or days.year is None or int(named.value) > days.year + 1)


def _is_within(given: Particular, named: Particular) -> bool:
    """Return whether a property tells the day of the month that a name tells."""
    days = next(iter(dates_in(given.value)), None)
    return days is not None and (_iso(days) or "").startswith(named.value)


def _stated_date(head: Sequence[ContextLine]) -> Particular | None:
    """Return the date of the line that dates the document best."""
    best: tuple[int, Particular] | None = None
    for line in head:
        if line.kind in (BlockKind.FRONT_MATTER, BlockKind.ROW, BlockKind.HEADER):
            continue
        for text, span in _written_lines(line):
            if (dated := _dating(text, span)) and (best is None or dated[0] < best[0]):
                iso = dated[1]
                best = dated[0], Particular(ParticularKind.DATE, iso, span, Origin.TEXT)
    return best and best[1]


def _dating(text: str, span: Span) -> tuple[int, str] | None:
    """Return how well a line dates its document, 0 the best, and the date; None where it does not.

    A month alone does where it is all of one of the first lines.
    """
    best: tuple[int, str] | None = None
    for place, date in enumerate(dates_in(text)):
        iso = _iso(date)
        before, after = text[: date.start], text[date.end :]
        is_alone = not before.strip(" *_(") and not after.strip(" .)*_")
        is_written_out = date.day is not None or (date.month and before.rstrip().endswith(":"))
        if iso is None or labels.NOT_DATING.search(before):
            continue
        if not is_written_out:
            if date.month and is_alone and span.start < _FIRST_LINES:
                best = best or (len(labels.DATED) + 1, iso)
            continue
        rank = next((n for n, cue in enumerate(labels.DATED) if cue.match(text)), None)
        is_held = rank == len(labels.DATED) - 1
        is_cut_short = _GOES_ON.match(after) or (len(after) > 40 and not is_held)
        if place or is_cut_short:
            rank = None  # a word such as "Signed" at the beginning dates the first date alone
        is_of_meeting = span.start < _FIRST_LINES and _AT_A_TIME.match(after)
        if rank is None and len(text) <= 100 and (is_of_meeting or not after.strip(" .)*_")):
            rank = len(labels.DATED) if _SIGNED.search(before) and _has_no_verb(before) else None
        if rank is not None and (best is None or rank < best[0]):
            best = rank, iso
    return best


def _written_lines(line: ContextLine) -> Iterator[tuple[str, Span]]:
    """Yield a paragraph, then each line of it by itself that no sentence runs on from."""
    mark = "*_#>•- \t"
    yield line.text.lstrip(mark), line.span
    if line.kind is not BlockKind.PARAGRAPH or "\n" not in line.text:
        return
    before, start = "", line.span.start
    for text in line.text.split("\n"):
        is_whole = len(before) <= _LONGEST_LABEL and not _RUNS_ON.search(before)
        if text.strip() and is_whole and len(text) <= _LONGEST_LABEL:
            yield text.lstrip(mark).rstrip(), Span(start, start + len(text))
        before, start = text, start + len(text) + 1


def _has_no_verb(before: str) -> bool:
    """Return whether words are a signature, such as "Oslo" or "Hanna Lindqvist, policy desk"."""
    words = before.replace(",", " ").split()
    return len(words) <= 8 and (not words or words[0][:1].isupper() or words[0][:1] in "(|–—")


def _date_of_name(document: Document) -> Particular | None:
    """Return the date in a document's title or file name."""
    stem = PurePosixPath(document.name).stem
    if match := _DAY_IN_NAME.search(stem):
        return Particular(ParticularKind.DATE, "-".join(match.groups()), None, Origin.NAME)
    spaced = re.sub(r"[-_.]+", " ", stem)
    for text in (document.title, stem.replace("_", " "), spaced):
        if isos := [iso for date in dates_in(text) if date.month and (iso := _iso(date))]:
            return Particular(ParticularKind.DATE, isos[-1], None, Origin.NAME)
    if (years_of := _YEARS_IN_NAME.search(stem)) and years_of[2] == str(int(years_of[1]) + 1)[2:]:
        return Particular(ParticularKind.DATE, str(int(years_of[1]) + 1), None, Origin.NAME)
    if month := _MONTH_IN_NAME.search(stem):
        return Particular(ParticularKind.DATE, "-".join(month.groups()), None, Origin.NAME)
    years = _YEAR_IN_NAME.findall(stem)
    if len(years) == 1 and len(re.findall(r"\d{3,}", stem)) == 1:
        return Particular(ParticularKind.DATE, years[0], None, Origin.NAME)
    return None


def _iso(date: WrittenDate) -> str | None:
    """Return a written date as precisely as it is written; None without a year."""
    period = date.period()
    if period is None:
        return None
    if date.day is not None:
        return period.first.isoformat()
    return period.last.isoformat()[:7] if date.month else str(date.year)


def _key(name: str) -> str:
    return re.sub(r"[\s-]+", "_", name.strip().lower())
