"""Excerpts with their sources, rows of a table together, and what was computed from cells."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import groupby

from bot import messages
from bot.discord.rendering.answers.excerpts import number_mark, quoted, source_line
from bot.discord.rendering.answers.rows import ShortRows, below_header, lines_of, short_rows
from bot.discord.rendering.escape import bold, escape_line
from bot.discord.rendering.message import Block, Button, Section, in_rows
from bot.localization import _, ngettext
from bot.wording.columns import is_wide
from bot.wording.standings import owner
from index.answering.answer import CitedCell, Computed, Excerpt, Response, Standing
from index.document import clip_styles

Opener = Callable[[Excerpt], Button]
More = Callable[[Sequence[Excerpt]], Button]

_ROWS, _LENGTH = 10, 1_000
"""Most rows of a table that stand together, and most of their characters."""
_LINES = 24
"""Lines of a phone that rows of a table take at once."""
_SHORT, _SHORT_LINES = 150, 5
"""About how many characters and lines a row takes of which only the columns that count are shown.
"""
_DOT = " · "
_SIDE = 200
"""Most units of the words that differ."""
_CELLS, _CELL, _NAME = 25, 120, 80
"""Most cells that are named, most units of a cell, and of the names of its row and column."""


def cited(
    excerpts: Sequence[Excerpt],
    *,
    emphasised: bool = True,
    standings: Sequence[Standing] = (),
    owned: Collection[str] = (),
    today: date | None = None,
    opener: Opener | None = None,
    more: More | None = None,
    table: Opener | None = None,
    question: str = "",
) -> Iterator[Block]:
    """Yield blocks with the excerpts, each with its number, its source and its button.

    Rows of one table that follow each other stand in one quote, below the table's header, with a
    button for each. The source says by `standings` how old its document is, whether it holds, and
    of those `owned` who owns them.
    `opener` makes the button of an excerpt, and `more` that of the rows of a long table that are
    left for later; without it, all are shown. Of a very wide row there are the columns that count
    for the `question`; `table` makes the button that shows the others.
    """
    standing_of = {each.document: each for each in standings}
    for _table, group in groupby(excerpts, _table_of):
        rows = list(group)
        first = pages_of_rows(rows)[0] if more else rows
        rest = rows[len(first) :]
        together = list(_together(first))
        for number, some in enumerate(together, start=1):
            left = [more(rest)] if more and rest and number == len(together) else []
            shown = short_rows(some, question, emphasised=emphasised)
            if shown and table:
                left = [table(some[0]), *left]
            yield from _cited_together(
                some, shown, emphasised, standing_of, owned, today, opener, left
            )


def pages_of_rows(rows: Sequence[Excerpt]) -> list[list[Excerpt]]:
    """Return rows of a table in pages that a phone shows without much turning, two at least on
    each, where there are two."""
    pages: list[list[Excerpt]] = [[]]
    lines = 0
    for row in rows:
        takes = lines_of(row.quote, row.header, is_record=bool(row.emphasis))
        takes = min(takes, _SHORT_LINES) if is_wide(row) else takes
        if len(pages[-1]) > 1 and lines + takes > _LINES:
            pages.append([])
            lines = 0
        pages[-1].append(row)
        lines += takes
    if len(pages) > 1 and len(pages[-1]) == 1:
        last = pages.pop()
        pages[-1] += last
    return pages


def _together(rows: Iterable[Excerpt]) -> Iterator[list[Excerpt]]:
    """Yield as many rows of a table at once as fit into one quote, with a button for each."""
    some, length = list[Excerpt](), 0
    for row in rows:
        takes = min(len(row.quote), _SHORT) if is_wide(row) else len(row.quote)
        if some and (len(some) == _ROWS or length + takes > _LENGTH):
            yield some
            some, length = [], 0
        some.append(row)
        length += takes
    yield some


def computed(values: Sequence[Computed], excerpts: Sequence[Excerpt]) -> Iterator[str]:
    """Yield a block for each computed value: that it is computed, and from which cells.

    A cell names the excerpt that holds it by its number, or else its document.
    """
    titles = {excerpt.document: excerpt.title for excerpt in excerpts}
    for value in values:
        said = bold(messages.computed(operation=value.operation, value=value.value), _CELL)
        marks = [_mark_of(cell, excerpts) for cell in value.cells]
        if len(marks) > 1 and all(marks) and len({cell.column for cell in value.cells}) == 1:
            yield f"{said}\n{_in_one_line(value.cells, marks)}"
            continue
        lines = [said, *(_cell(cell, excerpts, titles) for cell in value.cells[:_CELLS])]
        if len(value.cells) > _CELLS:
            lines.append(f"- {messages.and_more(number=len(value.cells) - _CELLS)}")
        yield "\n".join(lines)


def differing(response: Response) -> Iterator[str]:
    """Yield a line for each matter on which documents differ: what each says, by its number."""
    for difference in response.differences:
        yield "\n".join(
            f"- {bold(' '.join(value.text.split()), _SIDE)} {number_mark(excerpt.number)}"
            for excerpt, value in zip(difference.excerpts, difference.values, strict=True)
        )


def _table_of(excerpt: Excerpt) -> object:
    """Return what is the same for the rows of one table, and differs between other excerpts."""
    if excerpt.header is None:
        return excerpt.number
    return excerpt.document, excerpt.header.span, excerpt.heading, excerpt.page, excerpt.origin


def _cited_together(
    rows: Sequence[Excerpt],
    short: ShortRows | None,
    emphasised: bool,
    standing_of: Mapping[str, Standing],
    owned: Collection[str],
    today: date | None,
    opener: Opener | None,
    more: Sequence[Button],
) -> Iterator[Block]:
    first = rows[0]
    source = source_line(
        title=first.title,
        heading=first.heading,
        page=first.page,
        document=first.document,
        origin=first.origin,
        standing=standing_of.get(first.document),
        today=today,
        clause=first.clause,
        styles=[style for row in rows for style in clip_styles(row.styles, row.span)],
    )
    left_out = ""
    if short is not None:
        quotes = ["\n".join(f"> {line}" for line in short.markup.split("\n"))]
        if short.left_out > 0:
            left_out = f"-# {_columns_left(short.left_out)}\n"
    else:
        shown = below_header(rows, emphasised=emphasised)
        quotes = list(
            quoted(shown.text, styles=shown.styles, emphasis=shown.emphasis, number=first.number)
        )
    standing = standing_of.get(first.document)
    if standing and standing.owner and first.document in owned:
        source += _DOT + owner(standing.owner, partial(escape_line, most=_NAME))
    *before, last = quotes
    yield from before
    source = f"{left_out}-# {_marks([row.number for row in rows])} {source}"
    buttons = [opener(row) for row in rows] if opener else []
    if not buttons:
        yield f"{last}\n\n{source}"  # the empty line ends the quote
    elif len(buttons) == 1 and not more:
        yield (last, Section(source, buttons[0]))
    else:
        yield (last, source, *in_rows([*buttons, *more]))


def _columns_left(number: int) -> str:
    return ngettext("… and {n:,} more column", "… and {n:,} more columns", number).format(n=number)


def _marks(numbers: Sequence[int]) -> str:
    if len(numbers) > 3 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"{number_mark(numbers[0])}–{number_mark(numbers[-1])}"
    return " ".join(map(number_mark, numbers))


def _cell(cell: CitedCell, excerpts: Sequence[Excerpt], titles: Mapping[str, str]) -> str:
    place = _place(row=cell.row if cell.row != cell.text else "", column=cell.column)
    title = titles.get(cell.document, "")
    source = _mark_of(cell, excerpts) or source_line(
        title=title, heading=(), page=None, document=cell.document
    )
    return "- " + " ".join(filter(None, [_words(cell), place, source]))


def _words(cell: CitedCell) -> str:
    return _("“{cell}”").format(cell=escape_line(cell.text, _CELL))


def _in_one_line(cells: Sequence[CitedCell], marks: Sequence[str]) -> str:
    """Return cells of one column whose rows are shown below, each with the number of its row."""
    shown = [f"{_words(cell)} {mark}" for cell, mark in zip(cells[:_CELLS], marks, strict=False)]
    if len(cells) > _CELLS:
        shown.append(messages.and_more(number=len(cells) - _CELLS))
    column = bold(cells[0].column, _NAME)
    return f"{column}: {_DOT.join(shown)}" if column else _DOT.join(shown)


def _mark_of(cell: CitedCell, excerpts: Sequence[Excerpt]) -> str:
    """Return the number of the excerpt that holds a cell; nothing where none does."""
    holds = (
        number_mark(excerpt.number)
        for excerpt in excerpts
        if excerpt.document == cell.document and excerpt.span.contains(cell.span)
    )
    return next(holds, "")


def _place(*, row: str, column: str) -> str:
    """Say in which row and column a cell stands, by their names, which may be empty."""
    row, column = escape_line(row, _NAME), escape_line(column, _NAME)
    if row and column:
        return _("({row}, {column})").format(row=row, column=column)
    return _("({name})").format(name=row or column) if row or column else ""
