"""Opening the records: a file of SQLite's, or a server where the settings name one."""

from __future__ import annotations

from pathlib import Path

from bot.errors import BadSettings
from bot.localization import _
from bot.records.databases.database import Database, Migrations, Place


def open_database(place: Place, migrations: Migrations, *, first_version: int = 1) -> Database:
    """Open the database and bring it up to date, or make it.

    Raises RecordsBlocked, RecordsDamaged, RecordsNewer and RecordsOutdated.
    """
    if isinstance(place, Path):
        from bot.records.databases.sqlite import SqliteDatabase

        return SqliteDatabase(place, migrations, first_version=first_version)
    try:
        from bot.records.databases.postgres import PostgresDatabase
    except ModuleNotFoundError as exc:
        raise BadSettings(
            _(
                "BRIEFING_DATABASE needs a package that is not installed: {name}. It comes with "
                "the extra `postgres`: make install WITH=[postgres]"
            ).format(name=exc.name)
        ) from exc
    return PostgresDatabase(place, migrations, first_version=first_version)


def are_there(place: Place) -> bool:
    """Return whether there are records; a server has some as soon as they are opened."""
    return not isinstance(place, Path) or place.is_file()
