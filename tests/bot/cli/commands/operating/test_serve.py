"""`run` and `demo`, as far as they go without Discord and without a browser."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import messages
from bot.demo.page import copy_settings
from testing.command import CommandLine


@pytest.mark.parametrize("token", [None, "", "  "])
def test_without_a_token_it_says_how_to_get_one(command: CommandLine, token: str | None) -> None:
    if token is not None:
        Path(".env").write_text(f"DISCORD_TOKEN={token}\n")
    done = command("run")
    assert (done.code, done.out) == (1, "")
    assert " ".join(done.err.split()) == messages.TOKEN_MISSING
    assert "make demo" in done.err


def test_the_demo_changes_copies_only(command: CommandLine, tmp_path: Path) -> None:
    original = command.write("a.txt", "Some words.")
    command("reindex")
    settings = copy_settings(command.settings, tmp_path / "demo")
    (settings.corpus / "a.txt").write_text("Others.")
    assert original.read_text() == "Some words."
    assert (settings.index / "CURRENT").is_file()
    assert settings.records.is_relative_to(tmp_path / "demo")
