"""Files that settings name are read without waiting, whatever lies there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.access.policy import Policy
from bot.config.files import text_of
from bot.config.guilds import GuildBook
from bot.config.settings import Settings
from bot.config.token import token_of
from bot.errors import BadSettings, NoToken


def _token(path: Path) -> str:
    return token_of(Settings.model_construct(discord_token=None, discord_token_file=path))


def _said(path: Path) -> set[str]:
    """Return what is said of a file that cannot be used, as each of the settings that name one."""
    said = set()
    for read in (Policy.read, GuildBook.read, _token):
        with pytest.raises((BadSettings, NoToken)) as refused:
            read(path)
        said.add(str(refused.value).rpartition(": ")[2])
    return said


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_neither_a_pipe_nor_a_device_is_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero")):
        assert _said(path) == {"it is not an ordinary file."}
    assert _said(tmp_path) == {"Is a directory."}


def test_what_is_far_too_large_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "large").open("wb") as file:
        file.truncate(10**12)  # of holes
    assert _said(tmp_path / "large") == {"File too large."}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_beside_the_program_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / ".env")
    with pytest.raises(NoToken):
        token_of(Settings.model_construct(discord_token=None, discord_token_file=None))


def test_the_mark_that_windows_puts_before_a_text_is_none_of_it(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b'\xef\xbb\xbfdefault = "closed"\n')
    assert text_of(tmp_path / "file") == 'default = "closed"\n'
    assert Policy.read(tmp_path / "file").default == Policy.read(None).audiences["closed"]


@pytest.mark.parametrize("value", ["[" * 5_000, "{a=" * 5_000, f"[{'9' * 5_000}]"])
def test_what_the_parser_of_toml_fails_on_is_a_mistake_too(tmp_path: Path, value: str) -> None:
    (tmp_path / "file").write_text(f"guilds = {value}")
    for read in (Policy.read, GuildBook.read):
        with pytest.raises(BadSettings, match=r"a mistake: a number is too long|not valid TOML"):
            read(tmp_path / "file")
