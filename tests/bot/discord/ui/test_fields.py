"""Forms and suggestions, within Discord's limits in every language."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from bot.discord.cogs.asking import asking_on, experts, feedback
from bot.discord.rendering.limits import shortened, units
from bot.discord.ui.choices import _choice
from bot.library import DocumentMatch
from bot.localization import LANGUAGES, speaking
from index.answering.answer import Verdict
from testing.exchanges import exchange
from tests.bot.discord.rendering.every_kind import HANDED
from tests.bot.discord.rendering.texts import any_text

_LONGEST_ID = 10**18
EXCHANGE = exchange("", id=_LONGEST_ID, verdict=Verdict.SILENT)


@given(name=any_text.filter(str.strip), title=any_text)
def test_a_document_can_be_suggested_whatever_it_is_called(name: str, title: str) -> None:
    for is_only in (True, False):
        choice = _choice(DocumentMatch(name, title or name), is_only=is_only)
        for text in (choice.name, choice.value):
            assert 1 <= units(text) <= 100
            text.encode()
    assert units(shortened(title * 9, 100)) <= 100  # a heading


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_form_can_be_sent(language: str) -> None:
    with speaking(language):
        forms = [
            *(
                feedback._form(replace(EXCHANGE, verdict=verdict), with_reason=with_reason)
                for verdict in Verdict
                for with_reason in (True, False)
            ),
            asking_on._form(_LONGEST_ID),
            experts._form(HANDED),
        ]
    for form in (each.to_dict() for each in forms):
        assert 1 <= units(form["title"]) <= 45
        assert 1 <= units(form["custom_id"]) <= 100
        assert 1 <= len(form["components"]) <= 5
        for label in form["components"]:
            assert 1 <= units(label["label"]) <= 45
            assert units(label.get("description") or "") <= 100
            field = label["component"]
            assert units(field.get("placeholder") or "") <= 100
            assert 1 <= len(field.get("options", "x")) <= 25
            for option in field.get("options", ()):
                assert 1 <= units(option["label"]) <= 100
                assert units(option.get("description") or "") <= 100
