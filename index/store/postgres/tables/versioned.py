"""Rows that hold from one generation until another: ended, let hold again, and removed."""

from __future__ import annotations

from collections.abc import Collection

from index.store.postgres.connection import Connection
from index.store.postgres.pgvector import remove_vectors, vector_tables

TABLES = (
    "files",
    "documents",
    "document_words",
    "passages",
    "particulars",
    "dated",
    "identities",
    "replacing",
    "figures",
    "history",
    "layouts",
    "segments",
)
_OPEN = 9_223_372_036_854_775_807


def end_all(db: Connection, number: int) -> None:
    """Let nothing hold in a generation that is made."""
    for table in TABLES:
        db.execute(
            f"UPDATE briefing_rows.{table} SET valid_until = %s WHERE valid_until = %s",
            (number, _OPEN),
        )


def revive(db: Connection, base: int, number: int) -> None:
    """Let what held in generation `base`, and nothing else, hold in one that is made."""
    for table in TABLES:
        columns = ", ".join(columns_of(db, table))
        db.execute(
            f"UPDATE briefing_rows.{table} SET valid_until = %s"
            " WHERE valid_until = %s AND valid_from > %s",
            (number, _OPEN, base),
        )
        db.execute(
            f"INSERT INTO briefing_rows.{table} ({columns})"
            f" SELECT {columns} FROM briefing_rows.{table}"
            " WHERE valid_from <= %s AND valid_until > %s AND valid_until < %s ORDER BY rowid",
            (base, base, _OPEN),
        )


def columns_of(db: Connection, table: str) -> list[str]:
    """Return the columns of a table that a catalog has too."""
    rows = db.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
        " AND NOT attisdropped AND attname <> ALL (%s) ORDER BY attnum",
        (f"briefing_rows.{table}", ["rowid", "valid_from", "valid_until"]),
    )
    return [name for (name,) in rows.fetchall()]


def forget_others(db: Connection, kept: Collection[int], still_asked: str) -> None:
    """Remove the generations that are not kept, and all that holds in none that is left.

    Those that were replaced only just now stay, as they are still asked.
    """
    with db.transaction():
        db.execute(
            "DELETE FROM briefing_rows.generations WHERE number <> ALL (%s)"
            " AND replaced_at <= now() - %s::interval",
            (sorted(kept), still_asked),
        )
        for table in TABLES:
            db.execute(
                f"DELETE FROM briefing_rows.{table} AS old WHERE valid_until < {_OPEN}"
                " AND NOT EXISTS (SELECT FROM briefing_rows.generations AS left_over"
                " WHERE old.valid_from <= left_over.number AND old.valid_until > left_over.number)"
            )
        db.execute(
            # What was made of several waits to be taken in: its names stand beside the pointers.
            "DELETE FROM briefing_rows.pieces WHERE NOT EXISTS"
            " (SELECT FROM briefing_rows.segments WHERE segments.name = pieces.name)"
            " AND NOT EXISTS (SELECT FROM briefing_rows.pointers"
            " WHERE pointers.name = 'MERGED' AND strpos(content, pieces.name) > 0)"
        )
        remove_vectors(db)


def vacuum(db: Connection) -> None:
    """Give the room of what was removed free, to be written over."""
    for table in (*TABLES, "pieces", "generations", *vector_tables(db)):
        db.execute(f"VACUUM briefing_rows.{table}")
