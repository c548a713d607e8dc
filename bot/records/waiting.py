"""Records that wait in memory while the disk takes none, and how they get there afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.records.databases.database import Transaction, upsert
from bot.records.databases.sqlite import SqliteDatabase
from bot.records.schema import MIGRATIONS

_MOST_BYTES = 16 * 2**20
"""Some thousands of exchanges."""
_TABLES = ("exchanges", "replies", "wordings", "feedback", "reasons", "audit", "facts")

_MARKS = """(SELECT exchange, person, mark, feedback.at AS at, reason, fault
    FROM feedback LEFT JOIN reasons USING (exchange, person)) ORDER BY at"""
_IS_IN_AUDIT = (
    "SELECT 1 FROM audit WHERE at = :at AND person = :person AND action = :action"
    " AND detail = :detail"
)
"""As after a commit of which nobody could tell what became of it."""


def waiting_room(*, most_bytes: int = _MOST_BYTES) -> SqliteDatabase:
    """Return records in memory, of the same tables, for what cannot be written now.

    Raises RecordsBlocked where they would become larger than that.
    """
    return SqliteDatabase.in_memory(MIGRATIONS, most_bytes=most_bytes)


def write_waiting(waiting: Transaction, disk: Transaction) -> None:
    """Move all that waits to the disk, in the order in which it came.

    What belongs to an exchange that has been forgotten meanwhile is dropped; what is there already
    stays once.
    """
    for exchange in _rows(waiting, "exchanges ORDER BY id"):
        if exchange["follows"] is not None and not is_there(disk, exchange["follows"]):
            exchange["follows"] = None
        if not is_there(disk, exchange["id"]):
            _put(disk, "exchanges", exchange)
    shown: dict[int, list[int]] = {}
    for reply in _rows(waiting, "replies ORDER BY exchange, position"):
        shown.setdefault(reply["exchange"], []).append(reply["message"])
    for number, messages in shown.items():
        if is_there(disk, number):
            disk.execute("DELETE FROM replies WHERE exchange = ?", (number,))
            put_replies(disk, number, messages)
    for words in _rows(waiting, "wordings"):
        if is_there(disk, words["exchange"]):
            _put(disk, "wordings", words)
    for mark in _rows(waiting, _MARKS):
        if is_there(disk, mark["exchange"]):
            given = (mark["exchange"], mark["person"])
            put_mark(disk, given, mark["mark"], mark["at"], mark["reason"], mark["fault"])
    for entry in _rows(waiting, "audit ORDER BY id"):
        del entry["id"]
        if not disk.execute(_IS_IN_AUDIT, entry).fetchone():
            _put(disk, "audit", entry)
    for fact in _rows(waiting, "facts"):
        _put(disk, "facts", fact)
    for table in _TABLES:
        waiting.execute(f"DELETE FROM {table}")


def is_there(db: Transaction, exchange: int) -> bool:
    """Return whether there is such an exchange."""
    return bool(db.execute("SELECT 1 FROM exchanges WHERE id = ?", (exchange,)).fetchone())


def put_replies(db: Transaction, exchange: int, messages: Sequence[int]) -> None:
    """Store the messages that show an exchange's answer, in order."""
    db.executemany(
        upsert("replies", "message, position, exchange", "message"),
        [(message, position, exchange) for position, message in enumerate(messages)],
    )


def put_mark(
    db: Transaction,
    given: tuple[int, int],
    mark: str,
    at: int,
    reason: str | None,
    fault: str | None = None,
) -> None:
    """Set the mark that was `given` to an exchange by a person.

    An earlier reason is kept if the mark stays the same and no new reason comes with it; so is an
    earlier fault.
    """
    before = db.execute(
        "SELECT mark FROM feedback WHERE exchange = ? AND person = ?", given
    ).fetchone()
    db.execute(
        """
        INSERT INTO feedback (exchange, person, mark, at, fault) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (exchange, person) DO UPDATE SET mark = excluded.mark, at = excluded.at,
            fault = coalesce(
                excluded.fault, CASE WHEN feedback.mark = excluded.mark THEN feedback.fault END
            )
        """,
        (*given, mark, at, fault),
    )
    if reason or before != (mark,):
        db.execute("DELETE FROM reasons WHERE exchange = ? AND person = ?", given)
    if reason:
        db.execute("INSERT INTO reasons VALUES (?, ?, ?, ?)", (*given, reason, at))


def _rows(db: Transaction, tables: str) -> list[dict[str, Any]]:
    cursor = db.execute(f"SELECT * FROM {tables}")
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _put(db: Transaction, table: str, row: dict[str, Any]) -> None:
    names, values = ", ".join(row), ", ".join(f":{name}" for name in row)
    key = {"wordings": "exchange", "facts": "key"}.get(table)
    instead = f" ON CONFLICT ({key}) DO UPDATE SET " + ", ".join(
        f"{name} = excluded.{name}" for name in row if name != key
    )
    db.execute(f"INSERT INTO {table} ({names}) VALUES ({values}){instead if key else ''}", row)
