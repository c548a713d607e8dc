"""What the records need of a database: transactions, one after the other, and reading."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol, TypeAlias, TypeVar

from pydantic import SecretStr

Place: TypeAlias = Path | SecretStr
"""Where records are: a file of SQLite's, or the URL of a server."""
Migrations: TypeAlias = Sequence[Sequence[str]]
"""Each entry has the statements that bring the tables from one version to the next."""
Parameters: TypeAlias = Mapping[str, object] | Sequence[object]
_T = TypeVar("_T")


class QueryResult(Protocol):
    """What a statement returned."""

    @property
    def rowcount(self) -> int: ...
    @property
    def description(self) -> Any: ...
    def fetchone(self) -> Any: ...
    def fetchall(self) -> list[Any]: ...
    def __iter__(self) -> Iterator[Any]: ...


class Transaction(Protocol):
    """All of it is done, or nothing. Statements are in the SQL that both kinds of database know."""

    def execute(self, sql: str, parameters: Parameters = ..., /) -> QueryResult: ...

    def executemany(self, sql: str, rows: Iterable[Parameters], /) -> None: ...

    def keep_only(
        self, table: str, condition: str, parameters: Parameters, *, anyway: bool = False
    ) -> None:
        """Remove all rows but those of the condition, and what may be left of those removed.

        The latter also where rows were removed or changed before, if `anyway`.
        """

    def announce(self, text: str) -> None:
        """Tell this to all who listen, once it is done; a file has nobody who does."""

    def last_id(self) -> int:
        """Return the highest id that any exchange ever had."""

    def raise_last_id(self, number: int) -> None:
        """Have no exchange get an id up to this one."""


class Snapshot(Protocol):
    """All that was there at one moment."""

    def rows(self, table: str, order: str) -> Iterator[dict[str, Any]]:
        """Yield the rows of a table, one after the other."""


class Database(Protocol):
    """Every method raises RecordsBlocked where something outside of the bot prevents it (the disk,
    the network, a missing right, another program), and RecordsDamaged.
    """

    def close(self) -> None: ...

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Do all that the `with` block does, and put it on the disk; or nothing, if it raises.

        Transactions follow one another, also those of other processes. The block must not use the
        database in any other way.
        """

    def read(self, make: Callable[[Any], _T], sql: str, parameters: Parameters = ...) -> list[_T]:
        """Return what `make` makes of each row."""

    def at_once(self, *statements: tuple[str, Parameters]) -> list[Any]:
        """Do all of these statements, which need not follow other transactions; return the rows of
        the last.

        They may be done a second time, where a connection was cut.
        """

    def last_id(self) -> int:
        """Return the highest id that any exchange ever had."""

    def snapshot(self) -> AbstractContextManager[Snapshot]:
        """Keep one moment in view, until the block ends; nothing else may be done meanwhile."""

    def listen(self, heard: Callable[[str], object]) -> None:
        """Call `heard` in another thread with all that is announced from now on, until `close`."""

    def holds(self, transaction: Transaction) -> bool:
        """Return whether that is a transaction in here."""

    def connections(self) -> dict[str, int]:
        """Return how many connections to a server are in which state; a file has none."""

    def wipe(self) -> None:
        """Take away what is left of what was removed, as far as that is quickly done."""

    def write_anew(self) -> None:
        """Take away all that is left of what was removed."""


def upsert(table: str, columns: str, key: str, values: str = "") -> str:
    """Return the statement that puts a row in place of one of the same key.

    `columns` and `key` are names with commas between; `values` is a SELECT with a WHERE, where they
    are not parameters.
    """
    names = [name.strip() for name in columns.split(",")]
    given = values or f"VALUES ({', '.join('?' * len(names))})"
    keys = {name.strip() for name in key.split(",")}
    set_to = ", ".join(f"{name} = excluded.{name}" for name in names if name not in keys)
    do = f"UPDATE SET {set_to}" if set_to else "NOTHING"
    return f"INSERT INTO {table} ({columns}) {given} ON CONFLICT ({key}) DO {do}"
