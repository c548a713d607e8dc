"""What a line of the log looks like, and what never gets into one."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import threading
import time
import unicodedata
from collections.abc import Iterator
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config.settings import LogForm
from bot.errors import RecordsBlocked
from bot.observing.logs import formatter, log_to_stderr

FORMS: tuple[LogForm, ...] = get_args(LogForm)
TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcDE.dGhpcyBpcyBub3QgYSB0b2tlbiBidXQgaXQgaXM"
ODD = st.text(st.characters(), max_size=60)


def line(
    form: LogForm, message: object, *args: object, secrets: tuple[str, ...] = (), **fields: object
) -> str:
    error = fields.pop("error", None)
    record = logging.getLogger("bot.sample").makeRecord(
        "bot.sample",
        fields.pop("level", logging.WARNING),  # type: ignore[arg-type]
        "sample.py",
        1,
        message,
        args,
        (type(error), error, error.__traceback__) if isinstance(error, BaseException) else None,
        extra=fields,
    )
    return formatter(form, secrets).format(record)


def raised(error: Exception) -> Exception:
    secret_local = f"local {error}"
    try:
        raise error
    except type(error):
        return error
    finally:
        del secret_local


def test_for_people() -> None:
    assert line("human", "Slow: %d s", 3, kind="ask", seconds=0.5).partition(" ")[2].partition(" ")[
        2
    ] == ("WARNING bot.sample: Slow: 3 s kind=ask seconds=0.5")


@pytest.mark.parametrize(
    ("zone", "said"), [("UTC", "+0000"), ("Asia/Tokyo", "+0900"), ("America/St_Johns", "-0")]
)
def test_the_time_zone_is_stated(zone: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    assert line("human", "Slow").split(" ")[1][8:].startswith(said)


def test_for_machines() -> None:
    found = json.loads(line("json", "Slow: %d s", 3, kind="ask", seconds=0.5))
    assert found.pop("timestamp").endswith("Z")
    assert found == {
        "event": "Slow: 3 s",
        "level": "warning",
        "logger": "bot.sample",
        "kind": "ask",
        "seconds": 0.5,
    }


@given(message=ODD, argument=ODD, field=ODD)
@pytest.mark.parametrize("form", FORMS)
def test_nothing_can_pass_for_another_line(
    form: LogForm, message: str, argument: str, field: str
) -> None:
    made = line(form, message.replace("%", "%%") + " %s", argument, field=field)
    assert len(made.splitlines()) == 1
    if form == "human":
        assert not [one for one in made if unicodedata.category(one) in ("Cc", "Cs", "Zl", "Zp")]
    else:
        assert made.isascii()
        assert json.loads(made)["field"] == field


@pytest.mark.parametrize("form", FORMS)
class TestErrors:
    def test_the_place_without_the_message(self, form: LogForm) -> None:
        made = line(form, "Error %s", "a1", error=raised(ValueError("who signs the lease?")))
        assert "ValueError" in made
        assert "in raised" in made
        assert "lease" not in made
        assert "secret_local = f" not in made  # only the line that raised

    def test_the_cause_as_well(self, form: LogForm) -> None:
        error = RuntimeError("outer")
        error.__cause__ = raised(KeyError("inner"))
        made = line(form, "Error", error=raised(error))
        assert made.index("KeyError") < made.index("RuntimeError")
        assert "inner" not in made

    def test_one_that_is_its_own_cause(self, form: LogForm) -> None:
        first, second = raised(KeyError()), raised(ValueError())
        first.__context__, second.__context__ = second, first
        assert "KeyError" in line(form, "Error", error=first)

    def test_as_an_argument(self, form: LogForm) -> None:
        made = line(form, "Not shown: %s, %r", ValueError("lease"), ValueError("lease"))
        assert "ValueError" in made
        assert "lease" not in made

    def test_what_the_machine_says_is_kept(self, form: LogForm, tmp_path: object) -> None:
        blocked = RecordsBlocked(tmp_path, "the disk is full")  # type: ignore[arg-type]
        made = line(form, "%s; %s", OSError(28, "No space left on device"), blocked)
        assert "No space left on device" in made
        assert "the disk is full" in made

    def test_what_discord_refused_by_its_numbers(self, form: LogForm) -> None:
        class Refused(Exception):
            status, code = 400, 50035

        assert "Refused (status 400, code 50035)" in line(form, "%s", Refused("lease"))

    def test_what_asyncio_adds_is_left_out(self, form: LogForm) -> None:
        record = logging.LogRecord(
            "asyncio",
            logging.ERROR,
            "",
            1,
            "Task exception was never retrieved\nfuture: <Task exception=ValueError('lease')>",
            (),
            None,
        )
        made = formatter(form).format(record)
        assert "never retrieved" in made
        assert "lease" not in made


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "text",
    [
        TOKEN,
        f"https://discord.com/api/v10/webhooks/123/{'aW50' * 20}/messages/@original",
        f"https://discord.com/api/v10/interactions/123/{'aW50' * 20}/callback",
    ],
)
def test_tokens_are_cut_out(form: LogForm, text: str) -> None:
    made = line(form, f"to {text} and %s", text, field=text, error=raised(OSError(1, text)))
    assert TOKEN not in made
    assert "aW50aW50" not in made
    assert made.count("[redacted]") >= 4


@pytest.mark.parametrize("form", FORMS)
def test_the_token_is_cut_out_whatever_it_looks_like(form: LogForm) -> None:
    made = line(form, "hunter2-hunter2", secrets=("hunter2-hunter2", "e"))
    assert "hunter2" not in made
    assert "event" in made or form == "human"


def test_other_handlers_see_what_was_logged() -> None:
    record = logging.LogRecord("x", logging.ERROR, "", 1, "%s", (ValueError("lease"),), None)
    formatter("json").format(record)
    assert record.getMessage() == "lease"


class TestSettingUp:
    @pytest.fixture(autouse=True)
    def _as_it_was(self) -> Iterator[None]:
        root, names = logging.getLogger(), ("bot", "index", "discord", "asyncio", "discord.client")
        before = root.handlers[:], root.level
        hooks = threading.excepthook, sys.unraisablehook
        levels = {name: logging.getLogger(name).level for name in names}
        filters = logging.getLogger("discord.client").filters[:]
        yield
        root.handlers[:], root.level = before
        threading.excepthook, sys.unraisablehook = hooks
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
        logging.getLogger("discord.client").filters[:] = filters

    @pytest.mark.parametrize("terminal", [True, False])
    def test_without_a_form_it_goes_by_who_reads(
        self, terminal: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)
        log_to_stderr(None)
        logging.getLogger("bot.sample").info("said")
        written = capsys.readouterr().err
        assert "said" in written
        assert written.startswith("{") is not terminal

    def test_discord_speaks_in_the_same_stream(self, capsys: pytest.CaptureFixture[str]) -> None:
        log_to_stderr("json", debug=True, secrets=[TOKEN])
        logging.getLogger("discord.gateway").warning("Shard ID %s was lost with %s", 0, TOKEN)
        logging.getLogger("discord.http").debug("what was asked")
        logging.getLogger("some.library").debug("what was asked")
        logging.getLogger("discord.client").warning("voice will NOT be supported")
        logging.getLogger("index.sample").debug("ours")
        found = [json.loads(one) for one in capsys.readouterr().err.splitlines()]
        assert [one["event"] for one in found] == ["Shard ID 0 was lost with [redacted]", "ours"]

    def test_what_nobody_caught(self, capsys: pytest.CaptureFixture[str]) -> None:
        asked = "who signs the lease?"  # a traceback shows the lines that raise

        class Unwilling:
            def __del__(self) -> None:
                raise ValueError(asked)

        def die() -> None:
            raise KeyError(asked)

        log_to_stderr("human")
        thread = threading.Thread(target=die)
        thread.start()
        thread.join()
        Unwilling()
        written = capsys.readouterr().err
        assert "KeyError" in written
        assert "ValueError" in written
        assert "signs" not in written

    async def test_what_a_task_dies_of(self, capsys: pytest.CaptureFixture[str]) -> None:
        log_to_stderr("human")

        async def die(of: Exception) -> None:
            raise of

        task = asyncio.create_task(die(ValueError("who signs the lease?")))
        await asyncio.sleep(0)
        del task
        written = capsys.readouterr().err
        assert "ValueError" in written
        assert "signs" not in written
