"""Name index: what documents are called, by title, file name, folder and date."""

from __future__ import annotations

import enum
import hashlib
import json
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.number_words import MONTH_NUMBERS, QUARTERS
from index.store.cached_results import keep_results
from index.store.segments.segments import Segments, VisibleRows
from index.store.tables import Tables
from index.store.words.tokens import tokens_of
from index.text import words_of

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

_CACHED_TERMS = 128
"""Terms of which the rows are kept: those of one question, which asks for them several times."""
_COLUMNS = "SELECT name, title, metadata FROM documents"
_BY_KEY = f"{_COLUMNS} WHERE key IN (SELECT value FROM json_each(?)) ORDER BY name"
_BY_NAME = f"{_COLUMNS} WHERE name IN (SELECT value FROM json_each(?)) ORDER BY name"

Mask = NDArray[np.bool_]
_Rows = NDArray[np.int64]


class _Kind(enum.StrEnum):
    """What a term may be of a document."""

    CALLED = "c"
    PLACED = "p"
    FILE = "f"
    SUFFIX = "s"
    STANDING = "v"


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
    """Which documents have a word in their title or file name, in their folder, or as date.

    Documents are known by their rows in all segments, those that may not be seen among them.
    """

    def __init__(
        self,
        db: Tables,
        segments: Segments,
        visible: Callable[[Collection[str] | None], VisibleRows],
    ) -> None:
        """Take what tells which documents of some names may be seen."""
        self._db = db
        self._segments = segments
        self._seen = visible
        self._begins = [0, *segments.document_ends.tolist()]
        self._rows = keep_results(self._read, _CACHED_TERMS)

    def __len__(self) -> int:
        return len(self._segments.document_keys)

    def visible_mask(self, names: Collection[str] | None) -> Mask:
        """Return which documents count, (documents,); None allows all."""
        visible = np.zeros(len(self), dtype=np.bool_)
        visible[self._seen(names).documents.rows()] = True
        return visible

    def at(self, rows: _Rows) -> list[DocumentName]:
        """Return the documents of these rows, in order of name."""
        return self._named(_BY_KEY, self._segments.document_keys[rows].tolist())

    def called(self, names: Collection[str]) -> list[DocumentName]:
        """Return the documents of these names, in order."""
        return self._named(_BY_NAME, sorted(names))

    def filed(self, name: str, visible: Mask) -> _Rows:
        """Return the rows of the documents whose file is called so, with or without its ending."""
        return self._only(_Kind.FILE, name, visible)

    def suffixed(self, suffixes: Sequence[str], visible: Mask) -> Mask:
        """Return which documents are files with one of these endings, (documents,)."""
        found = np.zeros(len(self), dtype=np.bool_)
        for suffix in suffixes:
            found[self._only(_Kind.SUFFIX, suffix, visible)] = True
        return found

    def named(self, term: str, visible: Mask) -> _Rows:
        """Return the rows of the documents with this term in their title or file name."""
        return self._only(_Kind.CALLED, term, visible)

    def placed(self, term: str, visible: Mask) -> _Rows:
        """Return the rows of the documents with this term in their folder's name or as date."""
        return self._only(_Kind.PLACED, term, visible)

    def standing(self, names: Collection[str] | None) -> Callable[[str], list[str]]:
        """Return what tells which documents of these names, None for all, stand under a key of
        successions, in order of name."""
        visible = self.visible_mask(names)
        return lambda key: [each.name for each in self.at(self._only(_Kind.STANDING, key, visible))]

    def _only(self, kind: _Kind, term: str, visible: Mask) -> _Rows:
        rows = self._rows(_digest(kind, term))
        found: _Rows = rows[visible[rows]]
        return found

    def _read(self, digest: int) -> _Rows:
        found = [each.names.rows(digest) for each in self._segments.all]
        firsts = self._begins[: len(found)]
        rows = [each.astype(np.int64) + first for each, first in zip(found, firsts, strict=True)]
        return np.concatenate((np.zeros(0, np.int64), *rows))

    def _named(self, query: str, wanted: Sequence[int] | Sequence[str]) -> list[DocumentName]:
        return [
            DocumentName(name, title, json.loads(metadata).get("date"))
            for name, title, metadata in self._db.execute(query, (json.dumps(wanted),)).fetchall()
        ]


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


def digests_of_names(
    name: str, called: str, placed: str, standing: Collection[str] = ()
) -> set[int]:
    """Return by what a document is found in the index: its name, the terms that
    `terms_of_document` returned, with spaces between, and its keys of successions."""
    file = name.lower()
    stem, dot, suffix = file.rpartition(".")
    files = {file, stem, file.rpartition("/")[2], stem.rpartition("/")[2]}
    terms = {
        _Kind.CALLED: called.split(),
        _Kind.PLACED: placed.split(),
        _Kind.FILE: files,
        _Kind.SUFFIX: [dot + suffix],
        _Kind.STANDING: standing,
    }
    return {_digest(kind, term) for kind, those in terms.items() for term in those}


def _digest(kind: _Kind, term: str) -> int:
    content = f"{kind}{term}".encode(errors="surrogatepass")
    return int.from_bytes(hashlib.blake2b(content, digest_size=8).digest(), "little")
