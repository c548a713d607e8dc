"""Example questions, made from headings, figures, tables and dates of the documents."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import islice, zip_longest
from typing import NamedTuple, TypeVar

from bot.library.delicate import are_persons, is_delicate, says_delicate
from bot.library.matching import folded_words
from bot.library.viewing.headings import headings_of
from index.answering.understanding.language import language_of
from index.document import Block, BlockKind, Document, TextOrigin
from index.parsing.text.dates import dates_in
from index.store.catalog.document_table import DocumentRow
from index.store.words.lexical import content_words
from index.tables.table import Table, TableLine, read_table
from index.tables.units import canonical_unit

T = TypeVar("T")

_ABOUT = {
    "de": ("Was steht in „{title}“ zu {heading}?", "Und zu {heading}?"),
    "no": ("Hva står det i «{title}» om {heading}?", "Og om {heading}?"),
}
_ABOUT_IN_ENGLISH = "What does “{title}” say about {heading}?", "And about {heading}?"
"""A question, and what follows it up."""
_SAMPLE = 400
"""Characters by which a document's language is told."""

_NUMBERING = re.compile(r"^(?:\d+(?:\.\d+)*[.)]?|[A-Z][.)]|[IVX]+[.)])\s+")
_LONGEST_TITLE, _LONGEST_HEADING, _LONGEST_LABEL = 60, 50, 40
_LEAST_BELOW = 80
"""Characters that a section needs to be worth a question."""
_LOOKED_AT = 30
"""Documents to open at most: /help must not take seconds."""
_LOOKED_THROUGH = 400
"""Blocks of a document that are read for figures and dates, and rows of its tables."""
_LONGEST_SENTENCE = 400
_STEM = 6
"""So many letters of a word stand for its other forms."""
_SAYS_NOTHING = frozenset(
    "abstract agenda aim aims annex appendix background bibliography brief conclusion conclusions"
    " contents details discussion general glossary index introduction notes opening other overview"
    " part parts preface purpose references report result results review scope section sources"
    " summary table tables unit units welcome".split()
)
_NO_SUBJECT = re.compile(r"[:?!…]|^(?:who|what|when|where|why|how|which|if)\b", re.IGNORECASE)
_IS_QUESTION = re.compile(r"[A-ZÄÖÜÅÆØ][^?!.]{8,80}\?")
_FIGURE = re.compile(
    r"(?:^|(?<=[.!?]\s))The (?P<what>[a-z][\w-]*(?: [a-z][\w-]*){0,4}) (?P<verb>is|are|was|were) "
    r"(?!(?:a[st]|at|by|for|from|here|in|no|not|of|on|there|to|with)\b)(?P<value>[^.!?\n]{2,120})"
)
_TELLS = re.compile(r"\d|\b(?<![.!?]\s)[A-ZÄÖÜÅÆØ]\w{2,}")
"""What makes a value one to ask for: a number or a name."""
_NOT_ALONE = frozenset(
    "above aim below case example first following latter main next only other others problem reason"
    " rest result same second that these third this those thing way which who".split()
)
"""Words of what cannot be asked for without its sentence before."""
_COLUMN = re.compile(r"[A-Za-z][a-z]+(?: [a-z]+){0,3}")
_NO_COLUMN = re.compile(
    r"\b(?:what|who|where|when|how|why|which|to|from|by|of|in|per)\b|ed\b", re.IGNORECASE
)
_NAME = re.compile(r"[A-ZÄÖÜÅÆØ][\w .&/'’-]{1,39}")
_PERSONS = frozenset(
    "adviser advisor author chair contact coordinator director driver head host lead leader manager"
    " officer organiser owner speaker spokesperson supervisor".split()
)


class Example(NamedTuple):
    """A question, the document that it was made from, and what one may ask next; maybe nothing."""

    question: str
    document: str
    then: str = ""


def examples(
    rows: Sequence[DocumentRow], document: Callable[[str], Document | None], n: int, day: date
) -> list[Example]:
    """Return at most `n` questions about documents of as many folders and of as many sorts as
    possible; the same documents give the same questions for a day. None is about a delicate one.
    """
    by_title: dict[str, Document] = {}
    for row in islice(_diverse(rows, day), _LOOKED_AT):
        if (found := document(row.name)) and not is_delicate(found):
            by_title.setdefault(folded_words(found.title), found)
    documents = list(by_title.values())
    sorts = (_asked_headings, _figures, _cells, _about, _days, _summaries)
    by_sort = ([_of_day(sort(each, day), day, each.name) for each in documents] for sort in sorts)
    # One of each document before a second one of any; one of each sort before a second one.
    lists = [[one for round_ in zip_longest(*found) for one in round_ if one] for found in by_sort]
    mixed = (one for round_ in zip_longest(*lists) for one in round_ if one)
    return list(islice(dict.fromkeys(mixed), n))


def _diverse(rows: Sequence[DocumentRow], day: date) -> Iterator[DocumentRow]:
    """Yield a document of each folder, then another one of each, and so on, in an order of the
    day's own."""
    folders: dict[str, list[DocumentRow]] = {}
    for row in sorted(rows, key=lambda row: _rank(row.name, day)):
        if row.passages:
            folders.setdefault(row.name.rpartition("/")[0], []).append(row)
    for round_ in zip_longest(*(folders[folder] for folder in sorted(folders))):
        yield from (row for row in round_ if row is not None)


def _rank(text: str, day: date) -> bytes:
    return hashlib.sha256(f"{day.isoformat()} {text}".encode(errors="surrogatepass")).digest()


def _of_day(questions: Iterable[_Asked], day: date, name: str) -> list[Example]:
    """Return the questions about a document in an order of the day's own."""
    then = {question: after for question, after in questions if not says_delicate(question)}
    return [
        Example(one, name, "" if says_delicate(then[one]) else then[one])
        for one in sorted(then, key=lambda one: _rank(one, day))
    ]


# Sorts of questions

_Asked = tuple[str, str]
"""A question, and what may follow it up; maybe nothing."""


def _asked_headings(document: Document, _day: date) -> Iterator[_Asked]:
    """Yield headings that are questions, as they stand."""
    for heading in headings_of(document):
        words = _NUMBERING.sub("", " ".join(heading.text.split()))
        if _IS_QUESTION.fullmatch(words):
            yield words, ""


def _figures(document: Document, _day: date) -> Iterator[_Asked]:
    """Yield questions for what is said to be a number or a name."""
    things = []
    for text in _sentences(document):
        for found in _FIGURE.finditer(text):
            what, words = found["what"], found["what"].split()
            if len(words) > 1 and _NOT_ALONE.isdisjoint(words) and _TELLS.search(found["value"]):
                things.append((found["verb"], what))
    for (verb, what), (_verb, other) in _each_with_the_next(things):
        yield f"What {verb} the {what}?", f"And the {other}?" if other != what else ""


def _each_with_the_next(values: Sequence[T]) -> Iterator[tuple[T, T]]:
    """Yield pairs of values that follow each other, the first one behind the last one."""
    return zip(values, [*values[1:], *values[:1]], strict=True)


def _cells(document: Document, _day: date) -> Iterator[_Asked]:
    """Yield questions for cells of tables, by the names of their row and column."""
    for table in _tables(document):
        names = table.label_column
        labels = [row.cells[names].text for row in table.rows[:_LOOKED_THROUGH]]
        if are_persons(table.headers[names], labels):
            continue
        for number, header in enumerate(table.headers):
            column = re.sub(r"\([^()]*\)", "", header).strip(" *_")
            said = _as_said(column, document.text) if _COLUMN.fullmatch(column) else ""
            # One with a great letter is a name, as in a table that is turned by a quarter.
            if number == names or not said[:1].islower() or _NO_COLUMN.search(said):
                continue
            if not set(content_words(said)) - _SAYS_NOTHING:
                continue
            cells = [
                (row.cells[names].text.strip("*_ "), row.cells[number].text)
                for row in table.rows[:_LOOKED_THROUGH]
                if not row.is_total
            ]
            named = [(label, value) for label, value in cells if _NAME.fullmatch(label)]
            told = [(label, value) for label, value in named if len(value) > 1]
            for (label, value), (other, _value) in _each_with_the_next(told):
                yield _of_cell(said, label, value), f"And {other}?" if other != label else ""


def _of_cell(column: str, label: str, value: str) -> str:
    words = column.split()
    if words[-1].endswith("s") and not words[-1].endswith("ss"):
        is_counted = value.isdigit() and canonical_unit(words[-1]) == words[-1]
        return (
            f"How many {column} does {label} have?"
            if is_counted
            else f"What are the {column} of {label}?"
        )
    return f"{'Who' if words[-1].lower() in _PERSONS else 'What'} is the {column} of {label}?"


def _about(document: Document, _day: date) -> Iterator[_Asked]:
    heading, other = _best_headings(document)
    title = _title_of(document)
    if not heading or title is None:
        return
    spoken = language_of(document.text[:_SAMPLE]) or ""
    form, next_form = _ABOUT.get(spoken, _ABOUT_IN_ENGLISH)
    yield form.format(title=title, heading=heading), next_form.format(heading=other) * bool(other)


def _days(document: Document, day: date) -> Iterator[_Asked]:
    """Yield questions about days that are past."""
    for text in _sentences(document):
        for found in dates_in(text):
            if found.year and found.month and found.day:
                told = _date(found.year, found.month, found.day)
                if told and told <= day:
                    yield f"What happened on {told.day} {told:%B} {told.year}?", ""


def _summaries(document: Document, _day: date) -> Iterator[_Asked]:
    if title := _title_of(document):
        yield f"Summarise “{title}”", ""


def _title_of(document: Document) -> str | None:
    """Return the title as it is named in a question; None for one that nobody would type."""
    title = " ".join(document.title.split())
    if len(title) > _LONGEST_TITLE or title.isupper():
        return None
    return title.replace("“", "‘").replace("”", "’")


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


# What they are made of


def _in_body(document: Document, *kinds: BlockKind) -> Iterator[Block]:
    found = (
        block
        for block in document.blocks
        if block.kind in kinds and block.origin is TextOrigin.BODY
    )
    return islice(found, _LOOKED_THROUGH)


def _sentences(document: Document) -> Iterator[str]:
    """Yield the beginnings of paragraphs and items on one line, without signs that set them."""
    for block in _in_body(document, BlockKind.PARAGRAPH, BlockKind.ITEM):
        text = block.span.of(document.text)[:_LONGEST_SENTENCE]
        yield " ".join(re.sub(r"[*_`]", "", text).split())


def _tables(document: Document) -> Iterator[Table]:
    groups: dict[int, list[Block]] = {}
    for block in _in_body(document, BlockKind.HEADER, BlockKind.ROW):
        groups.setdefault(block.group, []).append(block)
    for blocks in groups.values():
        header, *rows = (TableLine(block.span.of(document.text), block.span) for block in blocks)
        table = read_table(document.name, "", header, rows, is_whole=True)
        if blocks[0].kind is BlockKind.HEADER and table:
            yield table


def _best_headings(document: Document) -> tuple[str, str]:
    """Return the heading that most likely has an answer below it, and the next best; nothing where
    there is none.

    It is the first of those with the most content words, up to two, of which the text below uses
    the most, up to two: such questions were answered twice as often as others.
    """
    text = document.text
    headings = list(headings_of(document))
    graded: list[tuple[int, str]] = []
    for heading, following in zip_longest(headings, headings[1:]):
        end = following.span.start if following else len(text)
        words = _NUMBERING.sub("", heading.text).rstrip(" .")
        below = text[heading.span.end : end].strip()
        telling = set(content_words(words)) - _SAYS_NOTHING
        if (
            not telling
            or folded_words(words) == folded_words(document.title)
            or len(words) > _LONGEST_HEADING
            or len(below) < _LEAST_BELOW
            or words.isupper()
            or _NO_SUBJECT.search(words)
        ):
            continue
        used = sum(word[:_STEM] in below.casefold() for word in telling)
        grade = min(len(telling), 2) + min(used, 2)
        graded.append((grade, _as_said(words, text)))
    best = sorted(graded, key=lambda each: -each[0])
    named = [heading for _grade, heading in best if not says_delicate(heading)]
    first, second, *_ = [*dict.fromkeys(named), "", ""]
    return first, second


def _as_said(words: str, text: str) -> str:
    """Return the words with a small first letter if the text writes the first one so: no name."""
    first = words.split()[0]
    small = first.lower()
    # Its first letters stand for its other forms.
    if first.isupper() or re.search(rf"\b{re.escape(small[:_STEM])}", text) is None:
        return words
    return small + words[len(first) :]
