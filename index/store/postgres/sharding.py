"""Sharding: passages and blocks divided over servers by postgres_fdw, by a hash.

All is asked and written as before, of the coordinator. What a shard has committed when the
coordinator fails is of a generation that was never published; the next one begins by taking it
back. With Citus the same tables would be distributed by the same columns; that is untested.
"""

from __future__ import annotations

from collections.abc import Sequence

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from index.errors import IndexNotDivided
from index.store.postgres.connection import Connection, Server, translated_errors
from index.store.postgres.tables.versioned import columns_of

_DIVIDED = {"passages": "document", "pieces": "name, number"}
"""Tables that are divided, and the columns that decide where a row is."""
_OPEN = 9_223_372_036_854_775_807
_COLUMNS = """SELECT attname, format_type(atttypid, atttypmod),
        CASE WHEN attcollation = 'pg_catalog."C"'::regcollation THEN ' COLLATE "C"' ELSE '' END
        || CASE WHEN attnotnull THEN ' NOT NULL' ELSE '' END,
        CASE WHEN attidentity <> '' THEN 'GENERATED ALWAYS AS IDENTITY'
            WHEN atthasdef THEN 'DEFAULT ' || pg_get_expr(adbin, adrelid) ELSE '' END
    FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum"""
_IDENTITY = "SELECT pg_postmaster_start_time(), current_database()"
_INDEXES = "SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = %s::regclass"


def is_divided(db: Connection) -> bool:
    """Return whether passages and blocks lie on shards."""
    row = db.execute(
        "SELECT relkind = 'p' FROM pg_class WHERE oid = 'briefing_rows.pieces'::regclass"
    ).fetchone()
    return row == (True,)


def divide(coordinator: Server, shards: Sequence[str]) -> None:
    """Move passages and blocks to the servers of these URLs, each an empty database.

    The user of the coordinator must be allowed to use postgres_fdw. Needs the lock of the store,
    and may be done again after a failure. Raises IndexNotDivided and DatabaseUnavailable.
    """
    with translated_errors(), coordinator.session() as db, db.transaction():
        _require_divisible(db, shards)
        try:
            db.execute("CREATE EXTENSION IF NOT EXISTS postgres_fdw")
        except (psycopg.errors.FeatureNotSupported, psycopg.errors.UndefinedFile) as exc:
            raise IndexNotDivided("the server has no postgres_fdw") from exc
        for number, url in enumerate(shards):
            _make_server(db, number, url)
        for table, columns in _DIVIDED.items():
            _divide(db, table, columns, shards)


def take_back(db: Connection, number: int) -> None:
    """Take back what shards have of a generation that was never published, or of a later one."""
    db.execute("DELETE FROM briefing_rows.passages WHERE valid_from >= %s", (number,))
    db.execute(
        f"UPDATE briefing_rows.passages SET valid_until = {_OPEN}"
        f" WHERE valid_until >= %s AND valid_until < {_OPEN}",
        (number,),
    )


def _require_divisible(db: Connection, shards: Sequence[str]) -> None:
    """Raise IndexNotDivided where a table with passages would be written over."""
    if is_divided(db):
        raise IndexNotDivided("it is divided already")
    if not shards:
        raise IndexNotDivided("no server is named")
    known = set[tuple[object, ...]]()
    for number, url in enumerate(shards, start=1):
        try:
            with psycopg.connect(url) as shard:
                place = shard.execute(_IDENTITY).fetchone()
                has_index = _has_index(shard)
        except psycopg.ProgrammingError as exc:  # its words may have parts of a password
            raise IndexNotDivided(f"URL {number} is none of a server") from exc
        if has_index or place is None or place in known:
            why = "has an index of its own" if has_index else "is named more than once"
            raise IndexNotDivided(f"the database of URL {number} {why}; name empty ones")
        known.add(place)


def _has_index(shard: Connection) -> bool:
    """Return whether a database has an index, or a part of one; tables of a try that failed are
    empty.
    """
    has = "SELECT to_regclass(%s) IS NOT NULL"
    if shard.execute(has, ("briefing_rows.generations",)).fetchone() == (True,):
        return True
    return any(
        shard.execute(has, (f"briefing_rows.{table}",)).fetchone() == (True,)
        and shard.execute(f"SELECT EXISTS (SELECT FROM briefing_rows.{table})").fetchone()
        == (True,)
        for table in _DIVIDED
    )


def _make_server(db: Connection, number: int, url: str) -> None:
    parts = {name: str(value) for name, value in conninfo_to_dict(url).items()}
    known = {name: parts.pop(name) for name in list(parts) if name in ("user", "password")}
    shard = sql.Identifier(_shard(number))
    db.execute(sql.SQL("DROP SERVER IF EXISTS {} CASCADE").format(shard))
    db.execute(
        sql.SQL(
            "CREATE SERVER {} FOREIGN DATA WRAPPER postgres_fdw OPTIONS ({}, fetch_size '1000',"
            " batch_size '200', async_capable 'true', use_remote_estimate 'true')"
        ).format(shard, _options(parts))
    )
    db.execute(
        sql.SQL("CREATE USER MAPPING FOR CURRENT_USER SERVER {} OPTIONS ({})").format(
            shard, _options(known)
        )
    )


def _divide(db: Connection, table: str, columns: str, shards: Sequence[str]) -> None:
    base, whole = f"briefing_rows.{table}", f"briefing_rows.{table}_whole"
    described = db.execute(_COLUMNS, (base,)).fetchall()
    indexes = [made for (made,) in db.execute(_INDEXES, (base,)).fetchall()]
    for url in shards:
        _make_table(url, base, described, indexes)
    db.execute(f"ALTER TABLE {base} RENAME TO {table}_whole")
    made = ", ".join(" ".join(each) for each in described)
    db.execute(f"CREATE TABLE {base} ({made}) PARTITION BY HASH ({columns})")
    for number in range(len(shards)):
        db.execute(
            f"CREATE FOREIGN TABLE {base}_{number} PARTITION OF {base}"
            f" FOR VALUES WITH (MODULUS {len(shards)}, REMAINDER {number})"
            f" SERVER {_shard(number)}"
            f" OPTIONS (schema_name 'briefing_rows', table_name '{table}')"
        )
    db.execute(f"INSERT INTO {base} OVERRIDING SYSTEM VALUE SELECT * FROM {whole}")
    if table == "passages":
        db.execute(
            f"SELECT setval(pg_get_serial_sequence('{base}', 'rowid'),"
            f" (SELECT coalesce(max(rowid), 1) FROM {whole}))"
        )
        listed = ", ".join(columns_of(db, table))
        generation = "(SELECT current_setting('briefing.generation')::bigint)"
        db.execute(
            f"CREATE OR REPLACE VIEW briefing.{table} AS SELECT {listed}, rowid FROM {base}"
            f" WHERE valid_from <= {generation} AND valid_until > {generation}"
        )
        # The keys of passages go on from where they were.
        db.execute(f"ALTER SEQUENCE {base}_key OWNED BY NONE")
    db.execute(f"DROP TABLE {whole}")


def _make_table(
    url: str, base: str, described: Sequence[tuple[str, ...]], indexes: Sequence[str]
) -> None:
    """Make an empty table on a shard, with the indexes that it has on the coordinator."""
    made = ", ".join(f"{name} {of}{more}" for name, of, more, _ in described)
    with psycopg.connect(url) as shard:
        shard.execute("CREATE SCHEMA IF NOT EXISTS briefing_rows")
        shard.execute(f"DROP TABLE IF EXISTS {base}")
        shard.execute(f"CREATE TABLE {base} ({made})")
        if "bytes" in {name for name, *_ in described}:
            shard.execute(f"ALTER TABLE {base} ALTER COLUMN bytes SET STORAGE EXTERNAL")
        for index in indexes:
            shard.execute(index.encode())


def _options(parts: dict[str, str]) -> sql.Composable:
    return sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(name), sql.Literal(value))
        for name, value in parts.items()
    )


def _shard(number: int) -> str:
    return f"briefing_shard_{number}"
