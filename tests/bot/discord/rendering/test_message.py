"""A message as a value: packed, checked, and with buttons."""

from __future__ import annotations

from dataclasses import replace

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord.rendering.limits import units
from bot.discord.rendering.message import Button, MessagePart, check, packed, view_of

_BUTTON = Button("Yes", "y:1")
_EMBED = discord.Embed(description="x")


@given(st.lists(st.text("ab 😀\n", max_size=9000), max_size=12))
def test_everything_is_packed_in_order(blocks: list[str]) -> None:
    parts = packed(blocks, between="\n", content="first", rows=[[_BUTTON]], footer="end")
    for part in parts:
        check(replace(part, content="x"))
    text = "".join(embed.description or "" for part in parts for embed in part.embeds)
    assert text.replace("\n", "") == "".join(block for block in blocks if block.strip()).replace(
        "\n", ""
    ) or not all(block.strip() for block in blocks)
    assert [part.content for part in parts] == ["first"] + [""] * (len(parts) - 1)
    assert [bool(part.rows) for part in parts] == [False] * (len(parts) - 1) + [True]


def test_blocks_share_embeds_and_embeds_share_messages() -> None:
    parts = packed(["a" * 1500, "b" * 1500, "c" * 1500, "d" * 3500], footer="end")
    found = [[len(embed.description or "") for embed in part.embeds] for part in parts]
    assert found == [[3002, 1500], [3500]]
    assert [embed.footer.text for part in parts for embed in part.embeds] == [None, None, "end"]


def test_at_most_ten_embeds() -> None:
    blocks = ["x" * 10 + "y" * 3490] * 12
    assert all(len(part.embeds) <= 10 for part in packed(blocks))


@pytest.mark.parametrize(
    "part",
    [
        MessagePart(),
        MessagePart("x" * 2001),
        MessagePart("😀" * 1001),
        MessagePart("x", (discord.Embed(description="x" * 4097),)),
        MessagePart("x", (discord.Embed(description=" "),)),
        MessagePart("x", (discord.Embed(title="t", description="x"),)),
        MessagePart("x", (discord.Embed(description="x").set_footer(text="x" * 2049),)),
        MessagePart("x", (discord.Embed(description="x" * 3001),) * 2),
        MessagePart("x", (_EMBED,) * 11),
        MessagePart("x", rows=((_BUTTON,),) * 6),
        MessagePart("x", rows=((),)),
        MessagePart("x", rows=(tuple(Button("x", str(n)) for n in range(6)),)),
        MessagePart("x", rows=((_BUTTON, _BUTTON),)),
        MessagePart("x", rows=((Button("", "y"),),)),
        MessagePart("x", rows=((Button("x" * 81, "y"),),)),
        MessagePart("x", rows=((Button("x", "y" * 101),),)),
        MessagePart("x", rows=((Button("x", ""),),)),
    ],
)
def test_what_discord_would_refuse(part: MessagePart) -> None:
    with pytest.raises(AssertionError):
        check(part)


def test_half_a_surrogate_pair_is_refused() -> None:
    with pytest.raises(UnicodeEncodeError):
        check(MessagePart("\ud83d"))


def test_what_discord_takes() -> None:
    embed = discord.Embed(description="x" * 4096).set_footer(text="x" * 1904)
    row = tuple(Button("x" * 80, str(n)) for n in range(5))
    check(MessagePart("😀" * 1000, (embed,), (row,)))
    check(MessagePart("", (_EMBED,), ((Button("", "y", emoji="👍"),),)))


async def test_view_of() -> None:
    thumb = Button("", "f:1:up", emoji="👍", disabled=True)
    view = view_of([[_BUTTON], [thumb]])
    assert view is not None
    assert view.timeout is None
    assert [row["components"] for row in view.to_components()] == [
        [{"type": 2, "style": 2, "disabled": False, "label": "Yes", "custom_id": "y:1"}],
        [
            {
                "type": 2,
                "style": 2,
                "disabled": True,
                "custom_id": "f:1:up",
                "emoji": {"id": None, "name": "👍"},
            }
        ],
    ]
    assert view_of([]) is None
    assert view_of([[]]) is None
    assert units("👍") == 2
