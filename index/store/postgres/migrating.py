"""Migrating: brings a schema on the server to the version that this program knows, by Alembic."""

from __future__ import annotations

from pathlib import Path

import psycopg

from index.errors import IndexNewer
from index.store.postgres.connection import Connection, Server, translated_errors

NEWEST = "0001"
_SCHEMA, _TABLE = "briefing_rows", "schema_version"
_LOCK = 4_207_849_484
"""Of those who migrate, one at a time."""


def ensure_schema(server: Server) -> None:
    """Make the schema of the index, or bring it up to date.

    A later program may have made it newer: raises IndexNewer where that does not work with this
    one, and DatabaseUnavailable.
    """
    found, oldest = server.read(_versions)
    if found is not None and found > NEWEST:
        if oldest > NEWEST:
            raise IndexNewer("schema version", NEWEST, found)
    elif found != NEWEST:
        migrate(server, Path(__file__).parent / "migrations", _SCHEMA, _TABLE)


def _versions(connection: Connection) -> tuple[str | None, str]:
    try:
        row = connection.execute(
            f"SELECT version_num, oldest FROM {_SCHEMA}.{_TABLE}, {_SCHEMA}.works_with"
        ).fetchone()
    except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
        return None, ""
    return row or (None, "")


def migrate(server: Server, scripts: Path, schema: str, table: str) -> None:
    """Run the migrations that a folder has and a schema lacks, in one transaction.

    The schema is made where there is none; `table` in it says which were run.
    """
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import create_engine, text
    from sqlalchemy.exc import DBAPIError
    from sqlalchemy.pool import NullPool

    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    engine = create_engine(
        "postgresql+psycopg://", creator=lambda: psycopg.connect(server.url), poolclass=NullPool
    )
    with translated_errors():
        try:
            with engine.begin() as connection:
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
                connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {schema}"))
                config.attributes.update(connection=connection, schema=schema, version_table=table)
                command.upgrade(config, "head")
        except DBAPIError as exc:
            raise exc.orig or exc from exc
