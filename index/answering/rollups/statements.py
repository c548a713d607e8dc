"""Statements that are listed, as they are gathered: without their text, of which there may be much.

What is read for a list is bounded; where there is more, the list says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from index.answering.rollups.rows import ListedFigure
from index.answering.rollups.topic import HeadingContext, Topic
from index.answering.scope import Scope
from index.chunking.passage import Passage, Unit
from index.document import BlockKind, Span
from index.parsing.text.dates import Period

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


class Gathering:
    """Gathers what a list shows: each statement once, and documents listed without one.

    Passages are read a few at a time, and no more than `most` for each thing that is looked for;
    `is_whole` is false where there were more. With a topic, `is_on_topic` tells what is of it.
    """

    def __init__(self, scope: Scope, most: int, topic: Topic | None = None) -> None:
        self.scope = scope
        self.most = most
        self.topic = topic
        self.above = HeadingContext(scope.catalog, topic)
        self.found: dict[tuple[str, Span], ListedStatement] = {}
        self.titled: set[str] = set()
        self.is_whole = True

    def add(
        self,
        key: int,
        passage: Passage,
        unit: Unit,
        *,
        span: Span | None = None,
        rank: tuple[int, ...] | None = None,
        day: Period | None = None,
        values: Sequence[ListedFigure] = (),
    ) -> None:
        """Add a unit of a passage, or a `span` of it, unless it is there: two passages may have it.

        Without a `rank`, sentences come before rows.
        """
        place, is_row = span or unit.span, int(unit.kind is BlockKind.ROW)
        rank = (is_row, place.start) if rank is None else rank
        found = ListedStatement(passage.document, key, place, rank, day, tuple(values))
        self.found.setdefault((found.document, found.span), found)

    def is_on_topic(self, unit: Unit, passage: Passage) -> bool:
        """Return whether a unit holds the topic, if there is one."""
        return self.topic is None or self.topic.is_in(unit, passage, self.above) is not None

    def passages(self, keys: Sequence[int], read: int = 0) -> Iterator[tuple[int, Passage]]:
        """Yield the passages of these keys, in order; `read` were read for the same before."""
        for some in self._batches(keys, _BATCH, self.most - read):
            found = self.scope.catalog.passages(some)
            yield from ((key, found[key]) for key in some)

    def texts(self, keys: Sequence[int]) -> Iterator[tuple[int, str]]:
        """Yield the texts of the passages of these keys, in order of key."""
        for some in self._batches(keys, 10 * _BATCH, self.most):
            yield from self.scope.catalog.texts(some).items()

    def _batches(self, keys: Sequence[int], size: int, left: int) -> Iterable[Sequence[int]]:
        self.is_whole = self.is_whole and len(keys) <= left
        keys = keys[: max(0, left)]
        return (keys[at : at + size] for at in range(0, len(keys), size))
