"""How a run ends: exit codes, and one sentence for an error."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.core import TyperOption

from bot.cli.run import app
from bot.config.settings import Settings
from index.answering.answer import Response
from testing.command import CommandLine
from testing.samples import FakeEngine


class _Failing(FakeEngine):
    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self.error = error

    def ask(self, question: str, *_: object, **__: object) -> Response:
        raise self.error


def test_the_version(command: CommandLine, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("--version").code == 0
    assert capsys.readouterr().out == f"briefing-bot {metadata.version('briefing-bot')}\n"


@pytest.mark.parametrize(
    "words",
    [
        ("purge", "{}"),
        ("show", "{}"),
        ("compare", "{}", "notes.txt"),
        ("successions", "confirm", "{}", "notes.txt"),
        ("confirm-review", "{}"),
        ("audience", "{}"),
    ],
)
def test_a_name_that_is_no_text_is_of_nothing(indexed: Settings, words: tuple[str, ...]) -> None:
    for name, shown in (("pl\udcff.md", "pl‹U+DCFF›.md"), ("x\ud800", "x‹U+D800›")):
        done = CommandLine(indexed)(*(word.format(name) for word in words))
        assert (done.code, done.out) == (1, "")
        assert done.err.strip() == f"Nothing is called {shown}: it is not UTF-8."


def test_an_unexpected_error_is_one_sentence(
    command: CommandLine, capfd: pytest.CaptureFixture[str]
) -> None:
    command.engine = _Failing(KeyError("lost"))
    done = command("ask", "what?")
    assert done.code == 1
    assert done.err == (
        "Something went wrong that should not have (KeyError). "
        "Run it again as `briefing-bot --debug …` to see where.\n"
    )
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("by", ["option", "setting"])
def test_debug_shows_where_and_not_what(
    by: str, command: CommandLine, capfd: pytest.CaptureFixture[str]
) -> None:
    error = ValueError("who\x1b[31m signs?")
    error.__cause__ = KeyError("who signs?")
    command.engine = _Failing(error)
    if by == "option":
        done = command("--debug", "ask", "what?")
    else:
        command.settings = command.settings.model_copy(update={"debug": True})
        done = command("ask", "what?")
    assert "in ask\n" in done.err
    assert "raise self.error" in done.err
    assert "KeyError" in done.err
    assert "signs" not in done.err
    assert "\x1b" not in done.err
    assert capfd.readouterr().err == ""


def test_an_interruption(command: CommandLine) -> None:
    command.engine = _Failing(KeyboardInterrupt())
    assert command("ask", "what?").code == 130


def test_a_reader_that_has_gone(command: CommandLine, capfd: pytest.CaptureFixture[str]) -> None:
    command.engine = _Failing(BrokenPipeError(32, "Broken pipe"))
    done = command("ask", "what?")
    assert (done.code, done.out, done.err) == (1, "", "")
    assert capfd.readouterr().err == ""


def test_no_command_shows_help(command: CommandLine, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("--help").code == 0
    shown = capsys.readouterr().out
    for name in ("ask", "search", "documents", "show", "status", "reindex", "eval", "check"):
        assert f" {name} " in shown
    assert command("no-such-command").code == 2
    assert "No such command" in capsys.readouterr().err


def test_help_needs_no_settings(command: CommandLine, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("BRIEFING_NONSENSE=1\n")
    assert command("ask", "--help").code == 0


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("search", "-k", "0", "rota"), "Invalid value for '-k': it must be 1 or more."),
        (("search", "-k", "rota"), "Invalid value for '-k': it must be a whole number."),
        (("audience", "--role", "x"), "Invalid value for '--role': it must be a whole number."),
        (("list", "--format", "x"), "Invalid value for '--format': 'x' is not one of 'md',"),
        (("export", "0"), "Invalid value for 'ID': it must be 1 or more."),
        (("audience",), "Name a document, or say who it is for: --person, --role …"),
    ],
)
def test_a_wrong_value_is_one_plain_sentence(
    typed: tuple[str, ...], said: str, command: CommandLine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(*typed).code == 2
    assert said in capsys.readouterr().err


def test_a_wrong_number_of_any_command_is_told_in_our_words(
    command: CommandLine, capsys: pytest.CaptureFixture[str]
) -> None:
    numbers = 0
    for path, each in _commands([], typer.main.get_command(app)):
        for option in each.params:
            if isinstance(option, TyperOption) and option.metavar in ("ID", "N"):
                command(*path, option.opts[-1], "x")
                told = capsys.readouterr().err
                assert "Input should" not in told
                numbers += "it must be a whole number." in told
    assert numbers > 10


def _commands(path: list[str], command: Any) -> Iterator[tuple[list[str], Any]]:
    for name, each in getattr(command, "commands", {}).items():
        yield from _commands([*path, name], each)
    yield path, command
