"""Documents that a class of viewers may see in a generation, with what is computed of them once."""

from __future__ import annotations

import base64
import hashlib
import threading
import zlib
from collections.abc import Callable, Hashable, Iterable, Iterator, Set
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from functools import lru_cache, partial
from pathlib import Path, PurePosixPath
from typing import TypeVar
from weakref import WeakValueDictionary

from bot.library.examples import Example, examples
from bot.library.matching import Matcher
from bot.library.viewing.pictures import PictureCache
from bot.library.viewing.views import DocumentViews
from index.answering.conflicts import Conflicts, conflicts_in
from index.comparing.comparison import Comparison, compare
from index.decisions import Decisions
from index.errors import UnknownDocument
from index.store.cached_results import keep_results
from index.store.catalog.document_table import DocumentRow
from index.store.current import CurrentGeneration
from index.store.generation import Generation

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

_BOOKS_KEPT_OPEN = 32
_EXAMINED = 200_000
"""Characters at a document's beginning that are looked through for an example of a question."""
_CONFLICTS_KEPT = 4
_COMPARISONS_KEPT = 8
_CLASSES_KEPT = 16
"""Viewers fall into few classes by what they may see; what each may see is computed once."""
_MOST_OFFERED = 5
_SIMILAR = 3
"""Documents that are offered where what was typed is none, but like some."""


@dataclass(frozen=True, slots=True)
class DocumentMatch:
    """The document that what was typed names; `guessed`: in other words than its own."""

    name: str
    title: str
    guessed: bool = False


class GenerationCache:
    """The current generation with what was computed from it, which all libraries share."""

    def __init__(self, current: CurrentGeneration) -> None:
        self._current = current
        self._lock = threading.Lock()
        self._last: OpenGeneration | None = None

    def opened(self) -> OpenGeneration:
        generation = self._current.generation()
        with self._lock:
            if self._last is None or self._last.generation is not generation:
                self._last = OpenGeneration(generation)
            return self._last


class OpenGeneration:
    """One generation, with what was computed from it."""

    def __init__(self, generation: Generation) -> None:
        self.generation = generation
        self.pictures = PictureCache()
        # Of the generation alone: with methods of its own it would keep itself, and mapped files.
        # People turn pages: dividing the document anew for each would be a waste.
        self.book = _made_once(_BOOKS_KEPT_OPEN, partial(_book, generation))
        self.visible_documents = _made_once(
            _CLASSES_KEPT, partial(VisibleDocuments, generation, self.book)
        )
        self.conflicts = _made_once(_CONFLICTS_KEPT, partial(_conflicts, generation))
        self._comparison = _made_once(_COMPARISONS_KEPT, partial(_compare, generation))

    def compared(self, name: str, other: str | int) -> Comparison:
        """Compare two documents, or with a number the version that this generation replaced with
        what the document is now."""
        return self._comparison((name, other))


class VisibleDocuments:
    """The documents of a generation that one class of viewers may see."""

    def __init__(
        self,
        generation: Generation,
        book: Callable[[str], DocumentViews | None],
        visible: Set[str] | None,
    ) -> None:
        self._book = book
        self._catalog = generation.catalog
        self.rows = self._catalog.rows(visible)
        answering = [row for row in self.rows if row.title is not None]
        self.rows_by_name = {row.name: row for row in answering}
        self.files = {row.file or row.name for row in answering}
        self.names = {key_of(name): name for name in self.files.union(self.rows_by_name)}
        self.newest = sorted(answering, key=lambda row: row.indexed_at or "", reverse=True)
        self.folders = sorted({folder for row in answering for folder in folders_of(row.name)})
        self._answering = answering
        self._matcher = Matcher(
            (row.name, Path(row.name).name, Path(row.name).stem, row.title or "")
            for row in answering
        )
        self._kept_examples = keep_results(self._examples, 4)

    def like(self, typed: str, limit: int) -> list[DocumentRow]:
        return [self._answering[match.index] for match in self._matcher.best(typed, limit)]

    def find(self, typed: str, *, guess: bool = True) -> DocumentMatch:
        """Return the document whose name, key, title or file name was typed.

        Without a folder, with typing errors, or only the beginnings of its words, it is a guess.
        Raises UnknownDocument, with those that are near, where there is none, or more than one, or
        where it would be a guess and none is wanted.
        """
        for name in (typed, self.names.get(typed)):
            if name in self.rows_by_name:
                return DocumentMatch(name, self.rows_by_name[name].title or name)
        exact, meant = self._matcher.best_matches(typed)
        rows = [self._answering[index] for index in meant]
        if len(rows) == 1 and (exact or guess):
            return DocumentMatch(rows[0].name, rows[0].title or rows[0].name, guessed=not exact)
        near = rows[:_MOST_OFFERED] or self.like(typed, _SIMILAR)
        raise UnknownDocument(typed, tuple(row.name for row in near))

    def book(self, name: str) -> DocumentViews | None:
        return self._book(name) if name in self.rows_by_name else None

    def has_whole(self, file: str) -> bool:
        """Return whether all that lies in a file is here."""
        return all(name in self.rows_by_name for name in self._catalog.enclosed_in(file))

    def has_hidden(self, file: str) -> bool:
        """Return whether a file, or what is here of it, has hidden content that was not read."""
        names = [row.name for row in self.rows if file in (row.name, row.file)]
        return self._catalog.have_hidden(names)

    def version(self, file: str) -> str:
        """Return the SHA-256 of a file as it was indexed."""
        return self._catalog.sha256(file) or self._catalog.file_sha256(file) or ""

    def examples(self, n: int, day: date) -> list[Example]:
        return self._kept_examples(n, day)

    def _examples(self, n: int, day: date) -> list[Example]:
        catalog = self._catalog
        return examples(self._answering, lambda name: catalog.beginning(name, _EXAMINED), n, day)


def _book(generation: Generation, name: str) -> DocumentViews | None:
    document = generation.catalog.document(name)
    return DocumentViews(document) if document else None


def _compare(generation: Generation, what: tuple[str, str | int]) -> Comparison:
    name, other = what
    catalog = generation.catalog
    if isinstance(other, int):
        old, new = catalog.history.version(name, other), catalog.document(name)
    else:
        old, new = catalog.document(name), catalog.document(other)
    if old is None or new is None:
        raise UnknownDocument(name, ())
    return compare(old, new)


def _conflicts(generation: Generation, of: tuple[Set[str] | None, Decisions, date]) -> Conflicts:
    return conflicts_in(generation, *of)


def _made_once(kept: int, make: Callable[[K], V]) -> Callable[[K], V]:
    """Return `make` with its last values kept; a value that several threads want is made once."""
    cached = lru_cache(kept)(make)
    making: WeakValueDictionary[K, threading.Lock] = WeakValueDictionary()
    looking = threading.Lock()

    def made(key: K) -> V:
        with looking:
            own_turn = making.setdefault(key, threading.Lock())
        with own_turn:
            return cached(key)

    return made


def key_of(name: str) -> str:
    """Return 72 bits of the name's hash, enough for no two names to share a key."""
    digest = hashlib.sha256(name.encode(errors="surrogatepass")).digest()
    return base64.urlsafe_b64encode(digest[:9]).decode()


def find_in(generation: Generation, typed: str, *, guess: bool = True) -> DocumentMatch:
    """Return the document that was typed, as `VisibleDocuments.find` does, for any viewer."""
    return OpenGeneration(generation).visible_documents(None).find(typed, guess=guess)


def folders_of(name: str) -> Iterator[str]:
    """Yield the folder of a document, and those that it lies in."""
    return (str(parent) for parent in PurePosixPath(name).parents if parent.name)


def checksum(text: str) -> str:
    """Return what tells a text from what a document says later at its place."""
    return f"{zlib.crc32(text.encode(errors='surrogatepass')):08x}"


def rows_like(rows: Iterable[DocumentRow], words: str | None) -> list[DocumentRow]:
    """Return the rows with `words` in name or title; with `*` or `?` it must match all of it."""
    return [row for row in rows if words is None or _matches(row, words)]


def _matches(row: DocumentRow, words: str) -> bool:
    texts = (row.name.lower(), (row.title or "").lower())
    if any(sign in words for sign in "*?"):
        pattern = words.lower().replace("[", "[[]")
        return any(fnmatchcase(text, pattern) for text in texts)
    return any(words.lower() in text for text in texts)
