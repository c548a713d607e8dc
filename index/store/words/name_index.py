"""Name index: what documents are called, by title, file name, folder and date."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.number_words import MONTH_NUMBERS, QUARTERS
from index.store.words.tokens import tokens_of
from index.text import words_of

__all__ = ["DocumentName", "NameIndex", "joined_terms", "name_terms", "terms_of_document"]

_MONTHS = {name: f"m{number:02}" for name, number in MONTH_NUMBERS.items()}
_MONTH = "|".join(_MONTHS)
_QUARTER = "|".join(QUARTERS)
_YEAR = r"(?:19|20)\d\d"
_ISO = re.compile(rf"(?<!\d)({_YEAR})[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)")
_ISO_MONTH = re.compile(rf"(?<!\d)({_YEAR})[-_.](0[1-9]|1[0-2])(?![^\W_])")
_SPAN = re.compile(rf"(?<!\d)({_YEAR})[-_/–]((?:19|20)?\d\d)(?!\d)")
_FISCAL = re.compile(r"(?<![^\W\d_])fy[\s_-]?(?:20)?(\d\d)(?!\d)", re.I)
_DAY_MONTH = re.compile(
    rf"(?<![^\W_])([0-3]?\d)(?:st|nd|rd|th|\.)?[\s_-]+(?:of\s+)?({_MONTH})(?![^\W\d_])", re.I
)
_MONTH_DAY = re.compile(rf"(?<![^\W_])({_MONTH})[\s_.-]+([0-3]?\d)(?:st|nd|rd|th)?(?![^\W_])", re.I)
_FORM = re.compile(r"(?<![^\W_])(10|8|20|6)[-\s]?([kqf])(?![^\W_])", re.I)
_WRITTEN_QUARTER = re.compile(rf"\b({_QUARTER})[\s_-]+quarter\b", re.I)
_NUMBERED_QUARTER = re.compile(r"(?<![^\W\d_])q[\s_-]?([1-4])(?![^\W_])", re.I)
_BEFORE_CAPITAL = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})")
_BESIDE_YEAR = re.compile(
    rf"(?<=[^\W\d_])(?={_YEAR}(?!\d))|(?<=19\d\d)(?=[^\W\d_])|(?<=20\d\d)(?=[^\W\d_])"
)
_SHORTEST_JOINED = 6
"""Letters that two neighbouring words need together, to be found written as one."""

_Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class DocumentName:
    """What a document is called; `date` is in ISO 8601, None where none is stated."""

    name: str
    title: str
    date: str | None

    @property
    def day(self) -> str:
        """The stated day; empty where none is stated."""
        return (self.date or "")[:10]

    @property
    def told_date(self) -> str | None:
        """The date, or the one in its name; only a month or a year where no more is told."""
        if self.date:
            return self.date
        terms = name_terms(f"{self.name} {self.title}")
        year = max((term for term in terms if re.fullmatch(_YEAR, term)), default=None)
        if year is None:
            return None
        month = next((term[1:] for term in terms if re.fullmatch(r"m\d\d", term)), None)
        quarter = next((f"{int(t[1]) * 3:02}" for t in terms if re.fullmatch(r"q\d", t)), None)
        day = next((term[1:] for term in terms if re.fullmatch(r"d\d\d", term)), None)
        return "-".join(filter(None, (year, month or quarter, day if month else None)))


class NameIndex:
    """Which documents have a word in their title or file name, in their folder, or as date."""

    def __init__(self, documents: Sequence[DocumentName], terms: Sequence[tuple[str, str]]) -> None:
        """Take the documents in order of name, with the terms of `terms_of_document` of each, with
        spaces between."""
        self.documents = documents
        self._row_of = {document.name: row for row, document in enumerate(documents)}
        names: dict[str, list[int]] = defaultdict(list)
        places: dict[str, list[int]] = defaultdict(list)
        for row, (called, placed) in enumerate(terms):
            for term in called.split():
                names[term].append(row)
            for term in placed.split():
                places[term].append(row)
        self._names = _as_rows(names)
        self._files: dict[str, list[int]] = defaultdict(list)
        self._suffixes: dict[str, list[int]] = defaultdict(list)
        for row, document in enumerate(documents):
            file = document.name.lower()
            stem, dot, suffix = file.rpartition(".")
            for name in {file, stem, file.rpartition("/")[2], stem.rpartition("/")[2]}:
                self._files[name].append(row)
            self._suffixes[dot + suffix].append(row)
        self._places = _as_rows(places)

    def seen(self, names: Collection[str] | None) -> NDArray[np.bool_]:
        """Return which documents count, (documents,); None allows all."""
        if names is None:
            return np.ones(len(self.documents), dtype=np.bool_)
        seen = np.zeros(len(self.documents), dtype=np.bool_)
        seen[[self._row_of[name] for name in names if name in self._row_of]] = True
        return seen

    def called(self, names: Collection[str]) -> list[DocumentName]:
        """Return the documents of these names, in order."""
        return [self.documents[row] for row in sorted(self._row_of[name] for name in names)]

    def filed(self, name: str, seen: NDArray[np.bool_]) -> _Rows:
        """Return the rows of the documents whose file is called so, with or without its ending."""
        return _only(np.array(self._files.get(name, ()), dtype=np.intp), seen)

    def suffixed(self, suffixes: Sequence[str], seen: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return which documents are files with one of these endings, (documents,)."""
        found = np.zeros(len(self.documents), dtype=np.bool_)
        for suffix in suffixes:
            found[_only(np.array(self._suffixes.get(suffix, ()), dtype=np.intp), seen)] = True
        return found

    def named(self, term: str, seen: NDArray[np.bool_]) -> _Rows:
        """Return the rows of the documents with this term in their title or file name."""
        return _only(self._names.get(term), seen)

    def placed(self, term: str, seen: NDArray[np.bool_]) -> _Rows:
        """Return the rows of the documents with this term in their folder's name or as date."""
        return _only(self._places.get(term), seen)


def name_terms(text: str) -> list[str]:
    """Return the terms of a name or of words that may name something, in order.

    They are stems; "q2" is a quarter, "m03" a month and "d12" a day, however they are written.
    "BestBuy_FY17" is three terms.
    """
    text = _BESIDE_YEAR.sub(" ", _BEFORE_CAPITAL.sub(" ", text))
    text = _FORM.sub(r"\1\2", text)
    text = _FISCAL.sub(r" 20\1 ", text)
    text = _ISO.sub(r" \1 m\2 d\3 ", text)
    text = _ISO_MONTH.sub(r" \1 m\2 ", text)
    text = _SPAN.sub(lambda m: f" {m[1]} {m[2] if len(m[2]) == 4 else m[1][:2] + m[2]} ", text)
    text = _DAY_MONTH.sub(lambda m: f" d{int(m[1]):02} {m[2]} ", text)
    text = _MONTH_DAY.sub(lambda m: f" {m[1]} d{int(m[2]):02} ", text)
    text = _WRITTEN_QUARTER.sub(lambda m: f" q{QUARTERS[m[1].lower()]} ", text)
    text = _NUMBERED_QUARTER.sub(r" q\1 ", text)
    return [
        term
        for word in words_of(text.replace("_", " "))
        for term in ([_MONTHS[word]] if word in _MONTHS else tokens_of(word))
    ]


def joined_terms(text: str, most: int = 2) -> list[str]:
    """Return the terms of two to `most` neighbouring words written as one, as in file names."""
    words = words_of(_BEFORE_CAPITAL.sub(" ", text).replace("_", " "))
    runs = [
        "".join(words[at : at + n]) for n in range(2, most + 1) for at in range(len(words) - n + 1)
    ]
    joined = dict.fromkeys(run for run in runs if run.isalpha() and len(run) >= _SHORTEST_JOINED)
    return [term for run in joined for term in tokens_of(run)]


def terms_of_document(document: DocumentName) -> tuple[list[str], list[str]]:
    """Return the terms of a document's title and file name, and those of its folder and date."""
    folder, _, file = document.name.rpartition("/")
    stem = file.rpartition(".")[0] or file
    called = [
        term for text in (document.title, stem) for term in (*name_terms(text), *joined_terms(text))
    ]
    return called, [*name_terms(folder), *name_terms(document.day)]


def _as_rows(found: Mapping[str, Sequence[int]]) -> dict[str, _Rows]:
    return {term: np.unique(np.array(rows, dtype=np.intp)) for term, rows in found.items()}


def _only(rows: _Rows | None, seen: NDArray[np.bool_]) -> _Rows:
    return np.zeros(0, dtype=np.intp) if rows is None else rows[seen[rows]]
