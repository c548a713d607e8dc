"""Of two bots with the same records, the second ends or waits; a killed one is in nobody's way."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.documents.backup import back_up
from bot.errors import AlreadyRunning, RecordsBlocked
from bot.records.databases.one_instance import LOCK, one_instance
from testing.command import CommandLine

_BOT = """
import sys, time
from pathlib import Path
from bot.records.databases.one_instance import one_instance
with one_instance(Path(sys.argv[1])):
    print("running", flush=True)
    time.sleep(60)
"""


@contextmanager
def another_bot(records: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", _BOT, str(records)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "running\n"
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_one_after_the_other(tmp_path: Path) -> None:
    for _ in range(2):
        with one_instance(tmp_path / "records"), one_instance(tmp_path / "others"):
            with pytest.raises(AlreadyRunning), one_instance(tmp_path / "records"):
                raise AssertionError
            with pytest.raises(AlreadyRunning), one_instance(tmp_path / "records", patience=0.1):
                raise AssertionError


@pytest.mark.processes
def test_the_second_process_ends_or_waits(command: CommandLine) -> None:
    records = command.settings.records
    token = {"discord_token": SecretStr("secret")}
    command.settings = command.settings.model_copy(update=token)
    with another_bot(records) as bot:
        done = command("run")
        assert (done.code, done.out) == (1, "")
        assert " ".join(done.err.split()) == (
            f"Another bot runs with the records in {records}, so this one ends: two would answer "
            "every question twice. Stop the other one, or set BRIEFING_WAIT_FOR_OTHER to the "
            "seconds that this one shall wait for its end, as in a rolling restart."
        )
        # The other commands work beside it.
        command.write("a.txt", "Some words.")
        assert command("reindex").code == 0
        assert command("forget", "1").code == 0
        assert command("purge", "none.txt", "--anyway").code == 0
        back_up(command.settings, records.parent / "backup.tar.gz")

        killed = threading.Event()

        def kill() -> None:
            killed.set()
            bot.kill()  # kill -9

        threading.Timer(0.3, kill).start()
        with one_instance(records, patience=60):
            assert killed.is_set()


def test_the_lock_is_in_no_backup(command: CommandLine, tmp_path: Path) -> None:
    command.write("a.txt", "Some words.")
    command("reindex")
    records = command.settings.records
    with one_instance(records):
        assert (records / LOCK).stat().st_mode & 0o077 == 0
        made = back_up(command.settings, tmp_path / "backup.tar.gz")
    assert not [name for name in made.files if LOCK in name]


def test_where_no_lock_can_be_made_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "records").touch()
    with pytest.raises(RecordsBlocked, match="File exists"), one_instance(tmp_path / "records"):
        raise AssertionError
