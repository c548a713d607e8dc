"""Texts without the commands that a server has switched off."""

from __future__ import annotations

import pytest

from bot.localization import speaking
from bot.wording.command_names import without_off


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("I know none. `/list` has them all.", "I know none."),
        ("`/list` has them all. `/ask` asks.", "`/ask` asks."),
        ("**Ask**\n- `/list show` has them\n\nOne. Two.", "**Ask**\n\nOne. Two."),
        ("It is “a\\`/list\\` b”. Two.", "It is “a\\`/list\\` b”. Two."),
        ("`/lists` is another.", "`/lists` is another."),
    ],
)
def test_sentences_go_that_name_one(text: str, left: str) -> None:
    assert without_off(text, {"list"}) == left
    assert without_off(text, ()) == text


def test_it_is_known_by_its_name_in_each_language() -> None:
    with speaking("de"):
        assert without_off("Eins. `/liste` hat alle.", ["list"]) == "Eins."
