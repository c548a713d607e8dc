"""What reaches a terminal, and what does not."""

from __future__ import annotations

import io
import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console, RenderableType
from rich.text import Text

from bot.cli.output.screen import Screen, json_line
from bot.errors import OutputNotWritten

_HARMFUL = {"Cc", "Cs", "Zl", "Zp"}
_BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@given(st.dictionaries(st.text(), st.text(st.characters(codec=None))))
def test_json_says_the_same_on_one_line(value: dict[str, str]) -> None:
    line = json_line(value)
    assert json.loads(line) == value
    assert not any(c in _BIDI or unicodedata.category(c) in _HARMFUL for c in line)
    assert line.encode()


def test_json_leaves_other_characters_as_they_are() -> None:
    assert json_line({"a": "Støre 👍 \x1b \x9b \u2028"}) == (
        '{"a": "Støre 👍 \\u001b \\u009b \\u2028"}'
    )


def test_json_is_utf_8_whatever_the_locale() -> None:
    file = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    console = Console(file=file)
    Screen(console, console).write({"a": "é"})
    assert file.buffer.getvalue() == '{"a": "é"}\n'.encode()


class _Full(io.StringIO):
    def write(self, text: str) -> int:
        raise OSError(28, "No space left on device")


def test_a_full_disk_is_told_of() -> None:
    screen = _screen(_Full(), height=2)
    with pytest.raises(OutputNotWritten, match="not be written: No space left on device"):
        screen.write({"a": 1})
    with pytest.raises(OutputNotWritten):
        screen.show(["text"])


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def paged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was given to the pager."""
    shown: list[str] = []
    monkeypatch.setattr("pydoc.pager", shown.append)
    monkeypatch.delenv("NO_COLOR", raising=False)
    return shown


def _screen(file: io.StringIO, height: int) -> Screen:
    console = Console(
        file=file,
        width=20,
        height=height,
        force_terminal=file.isatty(),
        color_system="standard" if file.isatty() else None,
        highlight=False,
    )
    return Screen(console, console)


_FIVE_LINES: list[RenderableType] = [Text("red", style="red"), "2", "3", "4", "5"]


def test_what_is_taller_than_a_terminal_is_paged(paged: list[str]) -> None:
    terminal = _Terminal()
    _screen(terminal, height=4).show(_FIVE_LINES)
    assert (paged, terminal.getvalue()) == (["\x1b[31mred\x1b[0m\n2\n3\n4\n5\n"], "")


def test_what_fits_is_not_paged(paged: list[str]) -> None:
    terminal = _Terminal()
    _screen(terminal, height=5).show(_FIVE_LINES)
    assert (paged, terminal.getvalue()) == ([], "\x1b[31mred\x1b[0m\n2\n3\n4\n5\n")


def test_a_file_gets_plain_text_and_no_pager(paged: list[str]) -> None:
    file = io.StringIO()
    _screen(file, height=2).show([Text("red  ", style="red"), "2"])
    assert (paged, file.getvalue()) == ([], "red\n2\n")


def test_long_lines_are_left_alone_when_asked() -> None:
    file = io.StringIO()
    _screen(file, height=2).show([Text("words " * 9)], fill=False)
    assert file.getvalue() == ("words " * 9).rstrip() + "\n"


def test_an_error_is_one_line() -> None:
    file = io.StringIO()
    _screen(file, height=2).error("A sentence longer than the screen, [bold]\x1b[2J\nall the same.")
    assert file.getvalue() == "A sentence longer than the screen, [bold]␛[2J␤all the same.\n"
