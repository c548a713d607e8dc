"""Statements that are listed, as they are gathered: without their text, of which there may be much.

What is read for a list is bounded; where there is more, the list says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from index.answering.rollups.rows import ListedFigure
from index.chunking.passage import Passage
from index.document import Span
from index.parsing.text.dates import Period
from index.store.catalog.catalog import Catalog

_BATCH = 200


@dataclass(frozen=True, slots=True)
class ListedStatement:
    """A sentence, item or row that is listed.

    `key` is that of a passage that holds it. Of the statements of a document, that of the least
    `rank` says most. `day` is the time that it states, and `values` are its figures.
    """

    document: str
    key: int
    span: Span
    rank: tuple[int, ...] = ()
    day: Period | None = None
    values: tuple[ListedFigure, ...] = ()


@dataclass(slots=True)
class GatheredStatements:
    """What was gathered: each statement once, and documents that are listed without one.

    `is_whole` is false where not all could be read.
    """

    found: dict[tuple[str, Span], ListedStatement] = field(default_factory=dict)
    titled: set[str] = field(default_factory=set)
    is_whole: bool = True

    def add(self, statement: ListedStatement) -> None:
        """Add a statement unless it is there, as one that stands in two passages is."""
        self.found.setdefault((statement.document, statement.span), statement)


class PassageReader:
    """Reads passages a few at a time, and no more than `most` of them in all."""

    def __init__(self, catalog: Catalog, most: int) -> None:
        self._catalog = catalog
        self._left = most
        self.is_whole = True

    def passages(self, keys: Sequence[int]) -> Iterator[tuple[int, Passage]]:
        """Yield the passages of these keys, in their order."""
        for some in self._batches(keys, _BATCH):
            found = self._catalog.passages(some)
            yield from ((key, found[key]) for key in some)

    def texts(self, keys: Sequence[int]) -> Iterator[tuple[int, str]]:
        """Yield the texts of the passages of these keys, in order of key."""
        for some in self._batches(keys, 10 * _BATCH):
            yield from self._catalog.texts(some).items()

    def _batches(self, keys: Sequence[int], size: int) -> Iterable[Sequence[int]]:
        if len(keys) > self._left:
            keys, self.is_whole = keys[: self._left], False
        self._left -= len(keys)
        return (keys[at : at + size] for at in range(0, len(keys), size))
