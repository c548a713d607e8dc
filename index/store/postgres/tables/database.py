"""The tables of one generation on a server, asked and written as those in a file of SQLite are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import psycopg

from index.errors import IndexRemoved
from index.store.postgres.connection import Connection
from index.store.postgres.replica import Reading
from index.store.postgres.tables.copies import Copies, statements
from index.store.postgres.tables.dialect import translated, values_of
from index.store.tables import Parameters

_BATCH_ROWS = 200
"""Statements of one round trip."""
_LASTS = "SELECT EXISTS (SELECT FROM briefing_rows.generations WHERE number = %s)"


class FetchedRows:
    """What a query returned."""

    def __init__(self, rows: Sequence[tuple[Any, ...]] = ()) -> None:
        self._rows = iter(rows)

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return self._rows

    def fetchone(self) -> tuple[Any, ...] | None:
        return next(self._rows, None)

    def fetchall(self) -> list[tuple[Any, ...]]:
        return list(self._rows)


class StoredTables:
    """The tables of a published generation, which do not change. Safe to use from several threads.

    A generation may be removed while it is asked. So each query is followed by a look at whether it
    is still there: what is gone is an error, never an answer without it.
    """

    def __init__(self, server: Reading, generation: int) -> None:
        self.server = server
        self.generation = generation
        self._copies = Copies()
        self._whole: dict[str, list[tuple[Any, ...]]] = {}

    def execute(self, sql: str, parameters: Parameters = ()) -> FetchedRows:
        """Run a query; raises DatabaseUnavailable, and IndexRemoved once the generation is gone.

        What is asked of a document that was copied needs no round trip, nor does a count of all
        that was asked before.
        """
        if sql.startswith("PRAGMA"):
            return FetchedRows()
        if not parameters and (known := self._whole.get(sql)) is not None:
            return FetchedRows(known)
        if (copied := self._copies.answer(sql, parameters)) is not None:
            return FetchedRows(copied)
        (rows,) = self._ask([(translated(sql), values_of(sql, parameters))])
        if not parameters and len(rows) == 1:
            self._whole[sql] = rows
        return FetchedRows(rows)

    def copy(self, names: Collection[str]) -> None:
        """Copy the rows of documents that are about to be looked into, unless they are large.

        It takes one round trip, or none. Raises what `execute` raises.
        """
        if missing := self._copies.missing(names):
            sizes, *tables = self._ask(statements(missing))
            self._copies.put(sizes, tables)

    def _ask(self, queries: Sequence[tuple[str, Parameters]]) -> list[list[tuple[Any, ...]]]:
        """Return the rows of some queries, all asked in one round trip."""

        def asked(connection: Connection) -> list[list[tuple[Any, ...]]] | None:
            cursor = psycopg.ClientCursor(connection)
            wanted = [cursor.mogrify(sql, parameters) for sql, parameters in queries]
            lasts = cursor.mogrify(_LASTS, [self.generation])
            cursor.execute(
                f"SET LOCAL briefing.generation = '{self.generation}';"
                f" SET LOCAL search_path = briefing; {'; '.join((*wanted, lasts))}"
            )
            cursor.nextset()
            found = []
            for _ in wanted:
                cursor.nextset()
                found.append(cursor.fetchall())
            cursor.nextset()
            return found if cursor.fetchone() == (True,) else None

        found = self.server.read(asked)
        if found is None:
            raise IndexRemoved(self.generation)
        return found

    def executemany(self, sql: str, rows: Iterable[Parameters]) -> None:
        """Raise a defect: what is published is not written to."""
        raise AssertionError(sql)

    def close(self) -> None:
        """Do nothing: connections are the server's."""


class StagedTables:
    """The tables of a generation that is made, in a transaction that only its publication ends."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def execute(self, sql: str, parameters: Parameters = ()) -> FetchedRows:
        """Run a statement; raises psycopg.Error."""
        if sql.startswith("PRAGMA"):
            return FetchedRows()
        cursor = self._connection.execute(translated(sql), values_of(sql, parameters))
        return FetchedRows(cursor.fetchall() if cursor.description else ())

    def executemany(self, sql: str, rows: Iterable[Parameters]) -> None:
        """Run a statement for each of some rows; raises psycopg.Error."""
        cursor = psycopg.ClientCursor(self._connection)
        statement, rest = translated(sql), iter(rows)
        while some := list(islice(rest, _BATCH_ROWS)):
            cursor.execute(
                "; ".join(cursor.mogrify(statement, values_of(sql, row)) for row in some)
            )

    def close(self) -> None:
        """Do nothing: the connection is the store's."""
