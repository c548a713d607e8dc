"""Moves the records from the folder to the server, or back, while no bot runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pydantic import SecretStr

from bot.config.settings import Settings
from bot.errors import BadSettings
from bot.localization import _
from bot.records.database import Place
from bot.records.moving import Moved, move
from bot.records.one_instance import one_instance

__all__ = ["migrate_records"]


def migrate_records(
    settings: Settings,
    *,
    back: bool = False,
    progress: Callable[[str, int], None] = lambda _table, _rows: None,
) -> Moved:
    """Copy the records to the server that the settings name, or from there to the folder.

    What is at the source stays. Raises BadSettings where no server is named, AlreadyRunning,
    RecordsNotMoved and RecordsUnavailable.
    """
    server = settings.database
    if server is None:
        raise BadSettings(
            _(
                "Nothing can be moved: BRIEFING_DATABASE names no server. Set it, as in "
                "postgresql://user:password@host/name."
            )
        )
    path = settings.records / "records.sqlite"
    source, target = _ordered(path, server, back=back)
    with one_instance(settings.records):
        from bot.records.standby import alone  # needs the extra

        with alone(server):
            return move(source, target, progress)


def _ordered(path: Path, server: SecretStr, *, back: bool) -> tuple[Place, Place]:
    return (server, path) if back else (path, server)
