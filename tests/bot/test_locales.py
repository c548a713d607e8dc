"""Every text is translated into every language, says the same there, and fits where it is shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import bot
from bot.discord.cogs import CAPABILITIES
from bot.localization import LANGUAGES, SOURCE, speaking
from bot.wording.command_names import OPTIONS, command_name, option_name

_BOT = Path(bot.__file__).parent
_OTHERS = [language for language in LANGUAGES if language != SOURCE]
_KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    **{"_": None, "N_": None, "LazyText": None},
    "ngettext": (1, 2),
    "NP_": ((1, "c"), 2),
}
"""As in `make catalog`."""
_COMMANDS = {command.name for cog in CAPABILITIES for command in cog.__cog_app_commands__}
_NAMED = re.compile(r"(?<![\w<./:])/([a-z]+(?:-[a-z]+)*)\b(?![/.\w])")
"""A slash command in a text, and no path."""
_NAME = re.compile(r"[-_\w]{1,32}")
"""discord.com/developers/docs/interactions/application-commands#application-command-object"""


@cache
def _catalog(language: str) -> Catalog:
    with (_BOT / "locales" / language / "LC_MESSAGES" / "bot.po").open("rb") as file:
        return read_po(file, locale=language)


def _messages(language: str) -> Iterator[tuple[Message, tuple[str, ...], tuple[str, ...]]]:
    """Yield each text with its forms in English and in the language."""
    for message in _catalog(language):
        if message.id:
            yield message, _forms(message.id), _forms(message.string)


def _forms(text: Any) -> tuple[str, ...]:
    return tuple(text) if isinstance(text, list | tuple) else (text,)


def _fields(form: str) -> set[str]:
    parsed = Formatter().parse(form)
    return {f"{name}!{kind}:{spec}" for _, name, spec, kind in parsed if name is not None}


def test_no_text_is_left_out() -> None:
    """`make catalog` brings in what is new, to be translated."""
    found = {
        (context, text)
        for _, _, text, _, context in extract_from_dir(_BOT, keywords=_KEYWORDS)
        if text
    }
    for language in _OTHERS:
        there = {
            (message.context, tuple(ours) if len(ours) > 1 else ours[0])
            for message, ours, _ in _messages(language)
        }
        assert found - there == set(), language
        assert there - found == set(), language


@pytest.mark.parametrize("language", _OTHERS)
class TestTranslations:
    def test_each_text_has_all_its_forms(self, language: str) -> None:
        for message, _, theirs in _messages(language):
            assert all(theirs), message.id
            assert not message.fuzzy, message.id
            assert len(theirs) in (1, _catalog(language).num_plurals), message.id

    def test_each_form_fills_in_the_same(self, language: str) -> None:
        for _, ours, theirs in _messages(language):
            for number, form in enumerate(theirs):
                wanted = _fields(ours[min(number, len(ours) - 1)])
                optional = {one for one in wanted if one.startswith("n!") and number == 0}
                found = _fields(form)
                assert wanted - (optional if len(theirs) > 1 else set()) <= found <= wanted, form

    def test_marks_of_discord_are_the_same(self, language: str) -> None:
        for _, ours, theirs in _messages(language):
            for form in theirs:
                for mark in ("**", "`", "\n", "<@", "-# ", "> "):
                    assert form.count(mark) == ours[-1].count(mark), (ours, form)

    def test_what_is_put_together_keeps_its_ends(self, language: str) -> None:
        for _, ours, theirs in _messages(language):
            for form in theirs:
                assert form[:1].isspace() is ours[-1][:1].isspace(), form
                assert form[-1:].isspace() is ours[-1][-1:].isspace(), form

    def test_commands_go_by_their_names_there(self, language: str) -> None:
        """Whoever types it must find it."""
        with speaking(language):
            names = {name: command_name(name) for name in _COMMANDS}
        for _, ours, theirs in _messages(language):
            wanted = [names[name] for name in _NAMED.findall(ours[-1]) if name in names]
            for form in theirs:
                assert all(f"/{name}" in form for name in wanted), (form, wanted)

    def test_each_command_has_its_name(self, language: str) -> None:
        """Each is marked in its cog."""
        assert {text.id for text in _catalog(language) if text.context == "command"} == _COMMANDS

    def test_names_are_such_as_discord_takes(self, language: str) -> None:
        with speaking(language):
            commands, options = map(command_name, _COMMANDS), map(option_name, OPTIONS)
            for names in (list(commands), list(options)):
                assert len(set(names)) == len(names)
                assert all(_NAME.fullmatch(name) and name == name.lower() for name in names)


def test_no_language_is_there_without_its_name() -> None:
    assert sorted(path.name for path in (_BOT / "locales").iterdir()) == sorted(_OTHERS)


def test_another_command_is_noticed() -> None:
    assert _NAMED.findall("Use `/ask` or /forget-me, not bot/ask.py or https://x.org/ask.") == [
        "ask",
        "forget-me",
    ]
