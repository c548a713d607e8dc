"""Example questions, made from the titles and headings of the documents."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice, zip_longest

from bot.library.headings import headings_of
from bot.library.matching import folded_words
from index.document import Document
from index.store.catalog import DocumentRow
from index.store.lexical import content_words

__all__ = ["examples"]

ABOUT_HEADING = "What is said about {heading} in “{title}”?"
"""Of six wordings, the engine answered this one best over our corpus."""
ABOUT_TITLE = "What is said about {title}?"
"""For a document without headings."""

_NUMBERING = re.compile(r"^(?:\d+(?:\.\d+)*[.)]?|[A-Z][.)]|[IVX]+[.)])\s+")
_LONGEST_TITLE, _LONGEST_HEADING = 70, 50
_LEAST_BELOW = 80
"""Characters that a section needs to be worth a question."""
_LOOKED_AT = 30
"""Documents to open at most: /help must not take seconds."""
_SAYS_NOTHING = frozenset(
    "abstract agenda aim aims annex appendix background bibliography brief conclusion conclusions"
    " contents details discussion general glossary index introduction notes opening other overview"
    " part parts preface purpose references report result results review scope section sources"
    " summary table tables welcome".split()
)
_NO_SUBJECT = re.compile(r"[:?!…]|^(?:who|what|when|where|why|how|which|if)\b", re.IGNORECASE)


def examples(
    rows: Sequence[DocumentRow], document: Callable[[str], Document | None], n: int
) -> list[str]:
    """Return at most `n` questions about different documents, from as many folders as possible.

    The same documents give the same questions; the most likely to be answered come first.
    """
    by_title: dict[str, Document] = {}
    for row in islice(_diverse(rows), _LOOKED_AT):
        if found := document(row.name):
            by_title.setdefault(folded_words(found.title), found)
    asked: list[tuple[int, str]] = []
    for one in by_title.values():
        if len(one.title) > _LONGEST_TITLE:
            continue
        title = one.title.replace("“", "‘").replace("”", "’")
        grade, heading = _best_heading(one) or (0, None)
        form = ABOUT_HEADING if heading else ABOUT_TITLE
        asked.append((grade, form.format(title=title, heading=heading)))
    return [question for _, question in sorted(asked, key=lambda pair: -pair[0])][:n]


def _diverse(rows: Sequence[DocumentRow]) -> Iterator[DocumentRow]:
    """Yield the longest document of each folder, then the second longest of each, and so on."""
    folders: dict[str, list[DocumentRow]] = {}
    for row in sorted(rows, key=lambda row: (-row.passages, row.name)):
        if row.passages:
            folders.setdefault(row.name.rpartition("/")[0], []).append(row)
    for round_ in zip_longest(*(folders[folder] for folder in sorted(folders))):
        yield from (row for row in round_ if row is not None)


def _best_heading(document: Document) -> tuple[int, str] | None:
    """Return the heading that most likely has an answer below it, and how likely, from 1 to 4.

    It is the first of those with the most content words, up to two, of which the text below uses
    the most, up to two: such questions were answered twice as often as others.
    """
    text = document.text
    headings = list(headings_of(document))
    best: tuple[int, str] | None = None
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
        # The first letters stand for a stem.
        used = sum(word[:5] in below.casefold() for word in telling)
        grade = min(len(telling), 2) + min(used, 2)
        if best is None or grade > best[0]:
            best = grade, _as_said(words, text)
    return best


def _as_said(words: str, text: str) -> str:
    """Return the words with a small first letter if the text writes the first word so: no name."""
    first = words.split()[0]
    small = first.lower()
    if first.isupper() or re.search(rf"\b{re.escape(small)}\b", text) is None:
        return words
    return small + words[len(first) :]
