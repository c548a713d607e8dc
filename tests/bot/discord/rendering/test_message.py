"""A message as a value: packed, checked, and with buttons."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord.rendering.message import (
    RULE,
    Block,
    Button,
    Container,
    MessagePart,
    Section,
    in_rows,
    packed,
)
from tests.bot.discord.rendering.sent import buttons_of, check, texts_of

_BUTTON = Button("Yes", "y:1")
_FRAME = Container(("x",))


@given(st.lists(st.text("ab 😀\n", max_size=9000), max_size=12))
def test_everything_is_packed_in_order(blocks: list[str]) -> None:
    parts = packed(blocks, between="\n", content="first", rows=[[_BUTTON]], footer="end")
    for part in parts:
        check(replace(part, content="x"))
    text = "".join(text for part in parts for text in texts_of(part))
    text = text.removeprefix("first").removesuffix("-# end").replace("\n", "")
    shown = [block for block in blocks if block.strip()]
    assert text == "".join(shown).replace("\n", "") or len(shown) < len(blocks)
    assert [part.content for part in parts] == ["first"] + [""] * (len(parts) - 1)
    assert [bool(part.rows) for part in parts] == [False] * (len(parts) - 1) + [True]


def test_blocks_share_a_text_and_go_on_in_further_messages() -> None:
    parts = packed(["a" * 1500, "b" * 1500, "c" * 1500, "d" * 3200], footer="end")
    found = [[len(text) for text in texts_of(part)] for part in parts]
    assert found == [[3002], [1500], [3200, 6]]


_BLOCKS = st.one_of(
    st.text("ab 😀\n", min_size=1, max_size=4000),
    st.tuples(
        st.text("ab😀", min_size=1, max_size=2400),
        st.text("ab😀", min_size=1, max_size=700),
        st.integers(1, 10),
    ),
)


@given(
    st.lists(_BLOCKS, max_size=12),
    st.text("a", max_size=1800),
    st.lists(st.integers(1, 5), max_size=3),
)
def test_any_blocks_with_buttons_can_be_sent(
    blocks: list[str | tuple[str, str, int]], content: str, rows: list[int]
) -> None:
    """Also when a line is put above them and a button below, as callers do."""
    packed_, names = list[Block](), (str(number) for number in count())
    for block in blocks:
        if isinstance(block, str):
            packed_.append(block)
            continue
        above, beside, number = block
        buttons = [Button(name, name) for name, _ in zip(names, range(number), strict=False)]
        one = (above, Section(beside, buttons[0]))
        packed_.append(one if number == 1 else (above, *in_rows(buttons)))
    below = [[Button("x", f"{at}:{one}") for one in range(row)] for at, row in enumerate(rows)]
    parts = packed(packed_, content=content, rows=below, footer="end")
    wanted = {button.custom_id for block in packed_ for button in _buttons(block)}
    assert wanted <= {button.custom_id for part in parts for button in buttons_of(part)}
    *_, last = parts
    for part in (*parts, replace(last, rows=(*last.rows[:4], (Button("y", "y"),)))):
        check(replace(part, content=f"x{'y' * 200}\n{part.content}"))


def _buttons(block: Block) -> list[Button]:
    return [] if isinstance(block, str) else buttons_of(MessagePart(frames=(Container(block),)))


def test_a_line_parts_things_with_buttons() -> None:
    def one(name: str) -> Block:
        return (name, Section(f"of {name}", Button(name, name)))

    (part,) = packed(["Look:", one("a"), one("b"), "End."])
    (frame,) = part.frames
    assert frame.items == ("Look:", *one("a"), RULE, *one("b"), "End.")


@pytest.mark.parametrize(
    "part",
    [
        MessagePart(),
        MessagePart("x" * 2001),
        MessagePart("😀" * 1001),
        MessagePart("", (_FRAME, Container(("x" * 4000,)))),
        MessagePart("x", (Container(("😀" * 2000,)),)),
        MessagePart("x", (Container((" ",)),)),
        MessagePart("x", (Container(()),)),
        MessagePart("x", (Container((Section("", _BUTTON),)),)),
        MessagePart("x", (Container((Section("y", _BUTTON),)),), ((_BUTTON,),)),
        MessagePart("x", (Container(("y",) * 39),)),
        MessagePart("x", (Container((Section("y", _BUTTON),) * 13),)),
        MessagePart("x", (Container(((),)),)),
        MessagePart("x", (Container((tuple(Button("x", str(n)) for n in range(6)),)),)),
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
    row = tuple(Button("x" * 80, str(n)) for n in range(5))
    check(MessagePart("😀" * 1000, rows=(row,)))
    check(MessagePart("", (_FRAME,), ((Button("", "y", emoji="👍"),),)))
    check(MessagePart("x" * 1000, (Container(("x" * 2000, Section("x" * 1000, _BUTTON))),)))
    rows = [tuple(Button("x", f"{at}:{n}") for n in range(5)) for at in range(5)]
    check(MessagePart("x", (Container(tuple("abcdefgh")),), tuple(rows)))
