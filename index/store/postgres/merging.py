"""Merging on a server: segments become one in the background, made by any machine that has a bot.

The plan and what was made of it stand beside the pointers. To make it takes no lock of those who
write: the files are fetched, made into one, and stored with the note that they are there in one
transaction, which finds the plan still standing. So it may be killed at any moment, and nothing of
what a purge removed comes back.
"""

from __future__ import annotations

import logging
import tempfile
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
from pydantic import BaseModel, ConfigDict, ValidationError

from index.errors import IndexUnavailable
from index.store.merger import make_planned
from index.store.postgres.block_store import BlockCache, ServerBlockStore
from index.store.postgres.connection import Connection, Server, problem_of
from index.store.postgres.reader import content_of
from index.store.segments.merging import MergePlan, Merging

_PLAN, _MADE = "MERGE", "MERGED"
"""The names of the plan, and of what was made of it, among the pointers."""
_LOCK = 4_207_849_487
"""Of those who make what is planned, one at a time."""
_log = logging.getLogger(__name__)


class _Made(BaseModel):
    """A segment that was made: the name of its words, and all of its files."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ServerMerging(Merging):
    """Merging of segments on a server, by whoever changes the index, in the same transaction."""

    connection: Connection

    def _standing_plan(self) -> MergePlan | None:
        return _plan(self.connection)

    def _stage_made(self) -> str | None:
        made = _made(self.connection)
        if made is None:
            return None
        for name in made.files:
            self.connection.execute("INSERT INTO briefing.segments VALUES (%s)", (name,))
        return made.name

    def _forget(self) -> None:
        forget_merge(self.connection)

    def _write(self, plan: MergePlan) -> None:
        _write(self.connection, _PLAN, plan)


def forget_merge(db: Connection) -> None:
    """Forget what is planned, and what was made of it."""
    db.execute("DELETE FROM briefing_rows.pointers WHERE name IN (%s, %s)", (_PLAN, _MADE))


def has_merge(db: Connection) -> bool:
    """Return whether something is planned that nobody has made."""
    return _plan(db) is not None and _made(db) is None


def merge_planned(server: Server) -> bool:
    """Make what is planned; return whether it was made now.

    Nothing is made where another process does it, or where what it is made of is damaged or gone.
    """
    try:
        with closing(server.session()) as db:
            row = db.execute("SELECT pg_try_advisory_lock(%s)", (_LOCK,)).fetchone()
            if row != (True,) or not has_merge(db):
                return False
            with tempfile.TemporaryDirectory() as folder:
                return _make(db, Path(folder))
    except psycopg.Error as exc:
        _log.warning("Segments could not be made into one: %s", problem_of(exc))
    except (IndexUnavailable, OSError) as exc:
        _log.warning("Segments could not be made into one: %s", exc)
    return False


def _make(db: Connection, folder: Path) -> bool:
    plan = _plan(db)
    if plan is None:
        return False
    blocks = ServerBlockStore(lambda use: use(db), BlockCache(0), 0)
    stored = db.execute("SELECT DISTINCT name FROM briefing_rows.segments").fetchall()
    for name in plan.files(name for (name,) in stored):
        with (folder / name).open("wb") as file:
            for piece in blocks.content(name):
                file.write(piece)
    made = folder / "made"
    words = make_planned(plan, folder, made)
    if words is None:
        return False
    files = sorted(made.iterdir())
    with db.transaction():
        # Whoever forgets the plan waits for this, or has done so: then nothing is stored.
        standing = db.execute(
            "SELECT content FROM briefing_rows.pointers WHERE name = %s FOR SHARE", (_PLAN,)
        ).fetchone()
        if standing != (plan.model_dump_json(),):
            return False
        for path in files:
            blocks.put_file(path.name, path)
        _write(db, _MADE, _Made(name=words, files=tuple(path.name for path in files)))
    return True


def _plan(db: Connection) -> MergePlan | None:
    with suppress(ValidationError):
        if (content := content_of(db, _PLAN)) is not None:
            return MergePlan.model_validate_json(content)
    return None


def _made(db: Connection) -> _Made | None:
    with suppress(ValidationError):
        if (content := content_of(db, _MADE)) is not None:
            return _Made.model_validate_json(content)
    return None


def _write(db: Connection, name: str, content: BaseModel) -> None:
    db.execute(
        "INSERT INTO briefing_rows.pointers (name, content) VALUES (%s, %s)",
        (name, content.model_dump_json()),
    )
