"""Tables: where the catalog's SQL is run, in a file of SQLite or on a server."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

Parameters = Sequence[Any] | Mapping[str, Any]


class QueryResult(Protocol):
    """What a query returned."""

    def __iter__(self) -> Iterator[Any]: ...

    def fetchone(self) -> Any:
        """Return the next row; None where there is none."""
        ...

    def fetchall(self) -> list[Any]:
        """Return the rows that are left."""
        ...


class Tables(Protocol):
    """Runs SQL that SQLite and PostgreSQL both understand, but for what `dialect` translates."""

    def execute(self, sql: str, parameters: Parameters = ..., /) -> QueryResult: ...

    def executemany(self, sql: str, rows: Iterable[Parameters], /) -> object: ...

    def close(self) -> None: ...
