"""Moves records and index from the folders to the server, or back, while no bot runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr

from bot.config.settings import Settings
from bot.errors import BadSettings
from bot.localization import _
from bot.records.databases.database import Place
from bot.records.databases.one_instance import one_instance
from bot.records.moving import TableDigest, move
from index.errors import IndexMissing

if TYPE_CHECKING:
    from index.store.postgres.moving import MovedIndex
    from index.store.postgres.store import PostgresStore


def migrate_records(
    settings: Settings,
    *,
    back: bool = False,
    progress: Callable[[str, int], None] = lambda _table, _rows: None,
) -> TableDigest:
    """Copy the records to the server that the settings name, or from there to the folder.

    What is at the source stays. Raises BadSettings where no server is named, AlreadyRunning,
    RecordsNotMoved and RecordsUnavailable.
    """
    server = _server_of(settings)
    path = settings.records / "records.sqlite"
    source, target = _ordered(path, server, back=back)
    with one_instance(settings.records):
        from bot.records.databases.standby import without_other_bots  # needs the extra

        with without_other_bots(server):
            return move(source, target, progress)


def migrate_index(settings: Settings, *, back: bool = False) -> MovedIndex | None:
    """Copy the index that answers to the server that the settings name, or from there to the
    folder; None where there is none.

    What is at the source stays. Raises BadSettings where no server is named, IndexBusy,
    IndexNotMoved, IndexNotWritten, and IndexUnavailable.
    """
    from index.store.folder.store import IndexStore
    from index.store.postgres.moving import to_folder, to_server

    in_folder = IndexStore(settings.index)
    with index_on(_server_of(settings)) as on_server, suppress(IndexMissing):
        if not back:
            return to_server(in_folder, on_server)
        with on_server.lock():
            return to_folder(on_server, in_folder)
    return None


def divide_index(settings: Settings, shards: Sequence[str]) -> None:
    """Divide passages and blocks of the index on the server over the servers of these URLs.

    Raises BadSettings where no server is named, IndexBusy, IndexNotDivided and
    DatabaseUnavailable.
    """
    from index.store.postgres.sharding import divide

    with index_on(_server_of(settings)) as store, store.lock():
        divide(store.server, shards)


@contextmanager
def index_on(url: SecretStr) -> Iterator[PostgresStore]:
    """Open the index on a server."""
    from index.store.postgres.connection import Server
    from index.store.postgres.store import PostgresStore

    server = Server(url.get_secret_value())
    try:
        yield PostgresStore(server)
    finally:
        server.close()


def _server_of(settings: Settings) -> SecretStr:
    if settings.database is None:
        raise BadSettings(
            _(
                "Nothing can be moved: BRIEFING_DATABASE names no server. Set it, as in "
                "postgresql://user:password@host/name."
            )
        )
    return settings.database


def _ordered(path: Path, server: SecretStr, *, back: bool) -> tuple[Place, Place]:
    return (server, path) if back else (path, server)
