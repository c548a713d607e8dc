"""Commands that the manuals show exist, and those that exist are shown."""

from __future__ import annotations

import re

import pytest
from typer.main import get_command

from bot.cli.run import app
from bot.config.settings import PREFIX, Settings
from bot.discord.cogs import CAPABILITIES
from tests.docs.markdown import MANUALS, code_in, section, text_of

TERMINAL = {
    command.name or getattr(command.callback, "__name__", "").replace("_", "-")
    for command in app.registered_commands
} | {group.name for group in app.registered_groups}
_COMMANDS = get_command(app).commands  # type: ignore[attr-defined]
DISCORD = {command.name for cog in CAPABILITIES for command in cog.__cog_app_commands__}
TARGETS = set(re.findall(r"^([a-z-]+):", text_of("Makefile"), re.MULTILINE))


@pytest.mark.parametrize("name", MANUALS)
def test_commands_of_the_terminal_exist(name: str) -> None:
    for code in code_in(text_of(name)):
        shown = re.findall(r"(?<!-r )\bbriefing-bot ([a-z][a-z-]*)", code)
        assert set(shown) <= TERMINAL, code


@pytest.mark.parametrize("name", MANUALS)
def test_options_of_the_terminal_exist(name: str) -> None:
    for code in code_in(text_of(name)):
        for command, rest in re.findall(r"(?<!-r )\bbriefing-bot ([a-z][a-z-]*)([^#&|]*)", code):
            known = {option for each in _COMMANDS[command].params for option in each.opts}
            assert set(re.findall(r"(?<!\S)--[a-z-]+", rest)) <= known, code


@pytest.mark.parametrize("name", MANUALS)
def test_targets_of_make_exist(name: str) -> None:
    for code in code_in(text_of(name)):
        assert set(re.findall(r"(?:^|\$ |sudo )make ([a-z-]+)", code)) <= TARGETS, code


@pytest.mark.parametrize("name", MANUALS)
def test_settings_exist(name: str) -> None:
    known = {f"{PREFIX}{field.upper()}" for field in Settings.model_fields}
    shown = set(re.findall(rf"{PREFIX}[A-Z_]*[A-Z]", text_of(name)))
    assert shown <= known


def test_the_readme_has_every_command_of_the_terminal() -> None:
    table = section(text_of("README.md"), "## At the terminal")
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    assert {code.split()[0] for row in rows for code in code_in(row)} == TERMINAL


def test_the_readme_has_every_command_of_discord() -> None:
    text = section(text_of("README.md"), "## In Discord")
    shown = {name for code in code_in(text) for name in re.findall(r"^/([a-z-]+)", code)}
    assert shown == DISCORD
