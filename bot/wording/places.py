"""Where words stand in their document, as a citation says it: page 41, slide 5, rows 12 to 14."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from bot import messages
from bot.localization import _, ngettext
from index.answering.answer import Excerpt, Hit
from index.answering.excerpts.clauses import clause_at, number_of
from index.document import Style, StyleKind, clip_styles

_SLIDES = frozenset(
    ".pptx .pptm .ppsx .ppsm .potx .potm .ppt .pps .pot .odp .otp".split(),
)
_SHEETS = frozenset(".xlsx .xlsm .xltx .xltm .xls .xlt .ods .ots".split())
_MOST_RUNS = 4


@dataclass(frozen=True, slots=True)
class Place:
    """Where words stand. `heading` are the headings above them, without the name of the sheet.

    `rows` are the first and the last of rows that follow each other in the sheet. `clause` is the
    number of their paragraph, or that of the heading above them, which then `is_in_heading`.
    """

    heading: tuple[str, ...] = ()
    page: int | None = None
    slide: int | None = None
    sheet: str = ""
    rows: tuple[tuple[int, int], ...] = ()
    clause: str = ""
    is_in_heading: bool = False

    @property
    def clause_below_heading(self) -> str:
        return "" if self.is_in_heading else self.clause

    @property
    def facts(self) -> tuple[str, ...]:
        """Return the place below its headings in words, as "sheet Offers" and "rows 12 to 14"."""
        said = []
        if self.sheet:
            said.append(_("sheet {name}").format(name=self.sheet))
        if self.rows:
            said.append(_rows_in_words(self.rows))
        if self.clause_below_heading:
            several = "–" in self.clause
            text = _("clauses {number}") if several else _("clause {number}")
            said.append(text.format(number=self.clause))
        if self.slide:
            said.append(_("slide {slide:,}").format(slide=self.slide))
        if self.page:
            said.append(_("page {page:,}").format(page=self.page))
        return tuple(said)


def page_words(document: str, page: int, pages: int | None = None) -> str:
    """Name a page by what it is in that document: "page 3", "slide 3 of 9", "sheet 3"."""
    suffix = _suffix(document)
    if suffix in _SLIDES:
        text = _("slide {page:,} of {pages:,}") if pages else _("slide {page:,}")
    elif suffix in _SHEETS:
        text = _("sheet {page:,} of {pages:,}") if pages else _("sheet {page:,}")
    else:
        text = _("page {page:,} of {pages:,}") if pages else _("page {page:,}")
    return text.format(page=page, pages=pages)


def pages_words(document: str, number: int) -> str:
    """Count the pages of a document as what they are there: "9 slides"."""
    suffix = _suffix(document)
    if suffix in _SLIDES:
        text = ngettext("{n:,} slide", "{n:,} slides", number)
    elif suffix in _SHEETS:
        text = ngettext("{n:,} sheet", "{n:,} sheets", number)
    else:
        return messages.pages(number)
    return text.format(n=number)


def place_of(excerpt: Excerpt) -> Place:
    return place_in(
        excerpt.document,
        excerpt.heading,
        excerpt.page,
        [style for style in excerpt.styles if style.span.overlaps(excerpt.span)],
        excerpt.clause,
    )


def place_of_hit(hit: Hit) -> Place:
    """Return where a passage stands that was found."""
    passage = hit.passage
    is_one = len({unit.block for unit in passage.units}) == 1
    clause = clause_at(passage, passage.span) if is_one else ""
    styles = clip_styles(hit.styles, passage.span)
    return place_in(passage.document, passage.heading, passage.page, styles, clause)


def place_in(
    document: str,
    heading: Sequence[str],
    page: int | None,
    styles: Iterable[Style] = (),
    clause: str = "",
) -> Place:
    """Return where a text stands, below these headings, with how it is set."""
    suffix = _suffix(document)
    heading = tuple(part.strip() for part in heading)
    sheet = ""
    if suffix in _SHEETS and (heading or page):
        # Its name stands above all that is on it, if it is not that of the document.
        sheet, *rest = heading or (str(page),)
        heading, page = tuple(rest), None
    is_slide = suffix in _SLIDES
    return Place(
        heading,
        None if is_slide else page,
        page if is_slide else None,
        sheet,
        _rows(styles),
        clause or next(filter(None, map(number_of, reversed(heading))), ""),
        is_in_heading=not clause,
    )


def _suffix(document: str) -> str:
    return PurePosixPath(document).suffix.lower()


def _rows(styles: Iterable[Style]) -> tuple[tuple[int, int], ...]:
    runs: list[tuple[int, int]] = []
    numbers = {int(s.text) for s in styles if s.kind is StyleKind.ROW and s.text.isdecimal()}
    for number in sorted(numbers):
        if runs and number == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return tuple(runs)


def _rows_in_words(runs: Sequence[tuple[int, int]]) -> str:
    """Name rows: "row 12", "rows 12 to 14", "rows 12, 14 to 16"; of many the first and last."""
    if len(runs) > _MOST_RUNS:
        runs = [(runs[0][0], runs[-1][1])]
    if len(runs) == 1 and runs[0][0] == runs[0][1]:
        return _("row {row:,}").format(row=runs[0][0])
    said = [
        f"{first:,}" if first == last else _("{first:,} to {last:,}").format(first=first, last=last)
        for first, last in runs
    ]
    return _("rows {rows}").format(rows=", ".join(said))
