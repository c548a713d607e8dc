"""Where the token comes from, and what is said where it is not there."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from bot import messages
from bot.config.settings import Settings, load_settings
from bot.config.token import TOKEN_MALFORMED, has_token, require_form, token_of
from bot.errors import NoToken


def test_the_first_place_that_has_it_counts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert not has_token(Settings())
    (tmp_path / "discord_token").write_text("of systemd\n")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert token_of(load_settings()) == "of systemd"
    (tmp_path / "mine").write_text("  of a file\n\n")
    monkeypatch.setenv("DISCORD_TOKEN_FILE", str(tmp_path / "mine"))
    assert token_of(load_settings()) == "of a file"
    monkeypatch.setenv("DISCORD_TOKEN", "of the environment")
    assert token_of(load_settings()) == "of the environment"
    assert has_token(load_settings())


def _refused(settings: Settings) -> str:
    with pytest.raises(NoToken) as refused:
        token_of(settings)
    return str(refused.value)


@pytest.mark.parametrize("blank", [None, "", "  "])
def test_without_one_it_says_how_to_get_one(blank: str | None) -> None:
    token = None if blank is None else SecretStr(blank)
    assert _refused(Settings().model_copy(update={"discord_token": token})) == (
        messages.TOKEN_MISSING
    )


def test_a_file_that_is_not_as_it_should_be(tmp_path: Path) -> None:
    settings = Settings().model_copy(update={"discord_token_file": tmp_path / "token"})
    assert has_token(settings)
    assert _refused(settings).endswith("token cannot be read: No such file or directory.")
    (tmp_path / "token").write_text("\n")
    assert _refused(settings).endswith("token is empty.")
    (tmp_path / "token").write_bytes(b"\xff\xfe")
    assert _refused(settings) == TOKEN_MALFORMED


@pytest.mark.parametrize("place", ["environment", "file"])
@pytest.mark.parametrize(
    "name",
    [
        *("DISCORD_TOKN", "DISCORD_TOKENS", "DISCORDTOKEN", "DISCORD_TOEKN", "DISCROD_TOKEN"),
        *("discord-token", "DISCORD_BOT_TOKEN", "BOT_TOKEN", "TOKEN", "DISCORD_TOKENFILE"),
    ],
)
def test_a_mistyped_name_is_named(name: str, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if place == "file":
        Path(".env").write_text(f"# TOKEN=x\nexport {name} = hunter2\nOTHER=1\n")
    else:
        monkeypatch.setenv(name, "hunter2")
    said = _refused(Settings.model_construct(discord_token=None, discord_token_file=None))
    assert said.startswith(f"DISCORD_TOKEN is not set, but {name} is.")
    assert "hunter2" not in said


@pytest.mark.parametrize("name", ["GITHUB_TOKEN", "DISCORD_WEBHOOK", "TOKENS_PER_DAY", "DISCO"])
def test_a_name_of_something_else_is_not(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "x")
    assert _refused(Settings()) == messages.TOKEN_MISSING


def test_the_form() -> None:
    require_form("MTEwMDAwMDAwMDAwMDAwMDAwMQ.GaBcDe.no-token-that-discord-has-ever-given-out")
    with pytest.raises(NoToken):
        require_form("hunter2")
