"""A message as discord.py sends it, and as simcord accepts it."""

from __future__ import annotations

from typing import Any

import discord
import pytest
from simcord.components import validate_components

from bot.discord.rendering.layout import layout_of, view_of
from bot.discord.rendering.message import RULE, Button, Container, MessagePart, Section
from testing.layouts import LAYOUT, text_of

YES = Button("Yes", "y:1")
THUMB = Button("", "f:1:up", emoji="👍", disabled=True)
_YES = {"type": 2, "style": 2, "disabled": False, "label": "Yes", "custom_id": "y:1"}
_THUMB = {
    "type": 2,
    "style": 2,
    "disabled": True,
    "custom_id": "f:1:up",
    "emoji": {"id": None, "name": "👍"},
}


def _sent(view: discord.ui.LayoutView) -> Any:
    return view.to_components()  # type: ignore[no-untyped-call]


async def test_text_and_buttons_are_a_plain_message() -> None:
    view = view_of(MessagePart("Look.", rows=((YES,), (THUMB,))))
    assert isinstance(view, discord.ui.View)
    assert [row["components"] for row in view.to_components()] == [[_YES], [_THUMB]]
    assert view_of(MessagePart("Look.")) is None


async def test_frames_are_a_layout() -> None:
    frame = Container(
        ("> Quote", Section("[1] Title", YES), RULE, (THUMB,)), discord.Colour(0x2F6F4F)
    )
    view = view_of(MessagePart("Look.", (frame,), ((Button("No", "n:1"),),)))
    assert isinstance(view, discord.ui.LayoutView)
    validated = validate_components(_sent(view), flags=LAYOUT)
    assert [one["type"] for one in validated] == [10, 17, 1]
    assert validated[1]["accent_color"] == 0x2F6F4F
    quote, section, line, row = validated[1]["components"]
    assert [one["type"] for one in (quote, section, line, row)] == [10, 9, 14, 1]
    assert section["accessory"]["custom_id"] == "y:1"
    assert text_of({"components": validated}) == "Look.\n\n> Quote\n\n[1] Title"


@pytest.mark.parametrize("part", [MessagePart("Look."), MessagePart("Look.", rows=((YES,),))])
async def test_text_alone_can_take_the_place_of_a_layout(part: MessagePart) -> None:
    assert validate_components(_sent(layout_of(part)), flags=LAYOUT)


async def test_no_view_waits_for_clicks() -> None:
    """discord.py would keep it in memory for ever."""
    for part in (
        MessagePart("x", rows=((YES,),)),
        MessagePart("x", (Container(("y",)),), ((YES,),)),
    ):
        view = view_of(part)
        assert view is not None
        assert view.is_finished()
        assert view.timeout is None
