"""Discord gets the names and descriptions of commands in each language, within its limits."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from bot import localization
from bot.discord.gateway.client import BriefingBot
from bot.discord.gateway.translating import CommandTranslator
from bot.wording.command_names import OPTIONS
from tests.bot.discord.conftest import Guild

_NAME = re.compile(r"[-_'\w]{1,32}")
_LONGEST_DESCRIPTION = _LONGEST_CHOICE = 100
_LONGEST_IN_ALL = 8_000
_MESSAGE_MENU = 3


@pytest.fixture
async def payloads(guild: Guild) -> list[dict[str, Any]]:
    bot = guild.env.bot
    assert isinstance(bot, BriefingBot)
    tree = bot.tree
    assert isinstance(tree.translator, CommandTranslator)
    return [
        await command.get_translated_payload(tree, tree.translator)
        for command in tree.get_commands()
    ]


def _parts(payload: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield payload
    for option in payload.get("options", ()):
        yield option
        yield from option.get("choices", ())


async def test_the_event_loop_reads_no_language(monkeypatch: pytest.MonkeyPatch) -> None:
    reading = list[threading.Thread]()
    monkeypatch.setattr(
        localization, "_catalog", lambda _: reading.append(threading.current_thread())
    )
    await CommandTranslator().load()
    assert len(reading) == len(localization.LANGUAGES)
    assert threading.current_thread() not in reading


async def test_each_option_is_known(payloads: list[dict[str, Any]]) -> None:
    commands = [payload for payload in payloads if payload["type"] != _MESSAGE_MENU]
    options = [option for payload in commands for option in payload["options"]]
    assert {option["name"] for option in options} == set(OPTIONS)


async def test_all_is_there_in_each_language(payloads: list[dict[str, Any]]) -> None:
    for payload in payloads:
        for part in _parts(payload):
            assert set(part["name_localizations"]) == {"de", "no"}, part
            if part.get("description"):
                assert set(part["description_localizations"]) == {"de", "no"}, part


async def test_all_is_within_discords_limits(payloads: list[dict[str, Any]]) -> None:
    for payload in payloads:
        texts = []
        for part in _parts(payload):
            names = [part["name"], *part["name_localizations"].values()]
            is_name = part is not payload or payload["type"] != _MESSAGE_MENU
            if "value" in part or not is_name:
                assert all(0 < len(name) <= _LONGEST_CHOICE for name in names)
            else:
                assert all(_NAME.fullmatch(name) and name == name.lower() for name in names)
            told = part.get("description_localizations") or {}
            assert all(0 < len(text) <= _LONGEST_DESCRIPTION for text in told.values()), told
            texts += [*part["name_localizations"].values(), *told.values()]
        assert sum(map(len, texts)) < _LONGEST_IN_ALL


async def test_options_of_a_command_are_told_apart(payloads: list[dict[str, Any]]) -> None:
    for locale in ("de", "no"):
        for payload in payloads:
            names = [one["name_localizations"][locale] for one in payload.get("options", ())]
            assert len(set(names)) == len(names), payload["name"]


async def test_some(payloads: list[dict[str, Any]]) -> None:
    by_name = {payload["name"]: payload for payload in payloads}
    assert by_name["ask"]["name_localizations"] == {"de": "frag", "no": "spør"}
    assert by_name["Find sources"]["name_localizations"]["de"] == "Quellen finden"
    assert by_name["ask"]["options"][0]["name_localizations"]["no"] == "spørsmål"
