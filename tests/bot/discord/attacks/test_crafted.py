"""Interactions that were made up, and not caused by the bot's buttons, forms or commands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as tried
from hypothesis import strategies as st

from bot import messages
from bot.discord.cogs.looking_up.sources import FIND_SOURCES
from bot.library import key_of
from bot.records import Mark
from testing.budget import amount, one_in
from tests.bot.discord.helpers.hidden_documents import (
    CANARY,
    DOCUMENTS,
    HIDDEN,
    OPEN,
    Siege,
    interact,
    is_planned,
    press_crafted,
    shown_by,
)

pytestmark = pytest.mark.slow

NUMBERS = (
    *"0123456789",
    *("-1", "00", "01", "0001", "1.0", "1e3", "0x1", "+1", " 1", ""),
    *("999999", str(2**63 - 1), str(2**63), "9" * 19, "9" * 40),
    *("\N{ARABIC-INDIC DIGIT ONE}", "\N{SUPERSCRIPT TWO}", "\N{FULLWIDTH DIGIT ONE}"),
)
KEYS = (key_of(HIDDEN), key_of(OPEN), "a" * 12, "-" * 12, "é" * 12)
TAILS = ("", "", "", "\n", " ", ":", ":1", "\0", "\N{RIGHT-TO-LEFT OVERRIDE}", "x" * 100)
SPAN = "0-99999999999:00000000"
KNOWN = [
    *("s:2:1", "e:2:1", "c:6", "c:2", "f:2:up", "f:6:down", "v:2", "v:1", "q:3:1", "q:2:1"),
    *("f:3:up", "v:3", "v:4", "s:4:1", "s:5:1", "f:5:up", "s:3:1"),
    *(f"o:{key_of(HIDDEN)}", f"d:{key_of(HIDDEN)}:1", f"d:{key_of(OPEN)}:1:e:2:1"),
    *(f"p:{key_of(HIDDEN)}:{SPAN}", f"t:{key_of(OPEN)}:{SPAN}", f"l:1:{CANARY}", "l:1:*plans*"),
    *(
        "x:drop",
        "x:no",
        "x:rb:1",
        f"x:rm:{key_of(OPEN)}:00000000",
        "x:gp:30:1",
        "x:up:00000000:TOKEN",
    ),
    *("x:nu:TOKEN", f"x:um:TOKEN:{key_of('plans')}", "x:uf:TOKEN", "x:hl:1"),
    f"x:hr:{key_of(HIDDEN)}:00000000",
]
"""Ids that the bot has made, or would make, for somebody else."""
PAGES = [
    *("m:1:0", "u:t:1:1-2:0", "q:3:0", "l:0:", "w:list:0", "x:hl:0", "x:gp:30:0", "x:gd:1:30:0"),
    *("x:od:0", "x:sp:0", "x:cf:0", "x:cd:0123456789abcdef:0", "z:c:1::0"),
    *(f"r:{form}m0:-::convoy" for form in "tx1"),
    *(f"x:{act}:{key_of(OPEN)}:00000000:0" for act in ("ok", "nr", "ur")),
    *(f"x:{act}:{key_of(OPEN)}:{key_of(HIDDEN)}:0" for act in ("sy", "sn", "su")),
    *(f"z:d:1:{key_of(OPEN)}:0", f"z:p:{key_of(OPEN)}:{key_of(OPEN)}:0"),
]


INDEXED = DOCUMENTS


def templates(siege: Siege) -> list[re.Pattern[str]]:
    """Return the templates of all buttons of the running bot, so that no new one is forgotten."""
    return list(siege.env.bot._connection._view_store._dynamic_items)


def crafted_id(data: st.DataObject, patterns: list[re.Pattern[str]]) -> str:
    """Return an id that a template matches, with other numbers, keys and endings."""
    pattern = data.draw(st.sampled_from(patterns))
    found = data.draw(st.from_regex(pattern, fullmatch=True))
    found = re.sub(r"\d+", lambda _: data.draw(st.sampled_from(NUMBERS)), found)
    found = re.sub(r"(?<=:)[\w-]{12}(?=:|\Z)", lambda _: data.draw(st.sampled_from(KEYS)), found)
    return (found + data.draw(st.sampled_from(TAILS)))[:100] or "?"


async def test_no_two_buttons_have_an_id_in_common(siege: Siege) -> None:
    patterns = templates(siege)
    assert len(patterns) > 15
    beginnings = [re.match(r"[a-z]:(?:[a-z]+)?", pattern.pattern) for pattern in patterns]
    assert len({found[0] for found in beginnings if found}) == len(patterns)
    assert all(pattern.flags & re.ASCII for pattern in patterns)


@pytest.mark.search
@tried(max_examples=amount(150), suppress_health_check=list(HealthCheck))
@given(data=st.data())
async def test_any_id_is_refused_in_a_sentence_and_changes_nothing(
    siege: Siege, data: st.DataObject
) -> None:
    custom_id = crafted_id(data, templates(siege))
    before = siege.state()
    done = await press_crafted(siege.guild.bob, siege.guild.channel, custom_id)
    assert is_planned(done), shown_by(done)
    assert CANARY not in shown_by(done).replace(custom_id, "")
    assert siege.state() == before
    rated = {exchange.id for _, exchange in siege.services.records.feedback()}
    assert rated <= {1}  # what was asked in public


async def test_what_is_somebody_else_s(siege: Siege) -> None:
    before = siege.state()
    for known in KNOWN:
        custom_id = known.replace("TOKEN", siege.token)
        done = await press_crafted(siege.guild.bob, siege.guild.channel, custom_id)
        assert is_planned(done), (custom_id, shown_by(done))
        assert CANARY not in shown_by(done), custom_id
        assert "Tromso" not in shown_by(done), custom_id
        if custom_id.startswith("x:"):
            assert shown_by(done) == messages.ADMINS_ONLY, custom_id
    assert siege.state() == before
    assert siege.services.records.feedback() == []


async def test_no_page_comes_before_the_first(siege: Siege) -> None:
    paged = [pattern for pattern in templates(siege) if "page" in pattern.groupindex]
    assert len(paged) > 15
    for pattern in paged:
        found = [known for known in PAGES if pattern.fullmatch(known)]
        assert found, f"which id has {pattern.pattern}?"
        for person in (siege.guild.ann, siege.guild.ada):
            done = await press_crafted(person, siege.guild.channel, found[0])
            assert is_planned(done), (found[0], shown_by(done))


async def test_one_s_own_search_and_claim_are_no_answers(siege: Siege) -> None:
    """Both have nothing to share, and a search has no feedback buttons either."""
    for custom_id in ("v:3", "v:4", "f:3:up", "s:3:1"):
        done = await press_crafted(siege.guild.ann, siege.guild.channel, custom_id)
        assert shown_by(done) == messages.EXCHANGE_GONE, custom_id
    assert siege.services.records.feedback() == []
    assert siege.services.records.exchange(7) is None


async def test_on_any_message(siege: Siege) -> None:
    other = {"id": "42", "username": "other", "discriminator": "0", "avatar": None, "bot": True}
    messages: list[dict[str, Any]] = [
        {"author": other},
        {"flags": 64},
        {"flags": 1 << 15},
        {"id": "1"},
        {"webhook_id": "42"},
        {"content": "", "embeds": [], "attachments": []},
    ]
    for message in messages:
        for custom_id in ("s:1:1", "s:2:1", "x:drop", "f:2:up"):
            done = await press_crafted(siege.guild.bob, siege.guild.channel, custom_id, **message)
            assert is_planned(done), (message, shown_by(done))
            assert CANARY not in shown_by(done)


async def test_an_id_that_is_not_on_the_message_does_nothing(siege: Siege) -> None:
    done = await press_crafted(siege.guild.bob, siege.guild.channel, "s:1:1", components=[])
    assert not done.acknowledged


# Forms


def field(value: object, name: str = "reason", kind: int = 4) -> dict[str, Any]:
    return {"type": kind, "custom_id": name, "value": value}


def submitted(custom_id: str, *components: Mapping[str, Any]) -> dict[str, Any]:
    return {"custom_id": custom_id, "components": list(components)}


@pytest.mark.search
@tried(max_examples=amount(60), suppress_health_check=list(HealthCheck))
@given(
    number=st.sampled_from([*NUMBERS, "1", "2", "5"]),
    value=st.one_of(st.text(max_size=20), st.just("x" * 6_000), st.none(), st.integers()),
    name=st.sampled_from(["reason", "other", ""]),
    nested=st.integers(0, 2),
    again=st.integers(0, 6),
)
@example(number="1", value="y" * 6_000, name="reason", nested=1, again=5)
async def test_a_form_that_was_never_opened(
    siege: Siege, number: str, value: object, name: str, nested: int, again: int
) -> None:
    component: dict[str, Any] = field(value, name)
    for _ in range(nested):
        component = {"type": 18, "component": component}
    before = siege.state()
    done = await interact(
        siege.guild.bob,
        siege.guild.channel,
        5,
        submitted(f"f:{number}:reason", *[component] * again),
    )
    assert is_planned(done), shown_by(done)
    assert siege.state() == before
    reason = str(value or "").strip()[:1_000] if name == "reason" and again else ""
    for mark, exchange in siege.services.records.feedback():
        assert (exchange.id, mark.mark) == (1, Mark.DOWN)
        assert len(mark.reason or "") <= 1_000
        if reason and re.fullmatch("0*1", number, re.ASCII):
            assert mark.reason == reason


async def test_forms_of_other_shapes(siege: Siege) -> None:
    shapes: list[list[dict[str, Any]]] = [
        [],
        [{}],
        [{"type": 1, "components": []}],
        [{"type": 1, "components": [field("No.")]}, {"type": 18, "component": field("Again.")}],
        [{"type": 18, "component": None}],
        [{"type": 3, "custom_id": "reason", "values": ["a"]}],
    ]
    for components in shapes:
        data = submitted("f:1:reason", *components)
        done = await interact(siege.guild.bob, siege.guild.channel, 5, data)
        assert is_planned(done), (components, shown_by(done))
    ((mark, _),) = siege.services.records.feedback()
    assert (mark.person, mark.reason) == (siege.guild.bob.id, "No.")


async def test_no_other_form_is_known(siege: Siege) -> None:
    for custom_id in ("f:1:reason\n", "f:-1:reason", "x:drop", "s:1:1", "", "f::"):
        done = await interact(
            siege.guild.bob, siege.guild.channel, 5, submitted(custom_id, field("No."))
        )
        assert not done.acknowledged, custom_id
    assert siege.services.records.feedback() == []


# Commands and what is offered


async def test_what_was_asked_in_vain_in_private_is_no_admin_s(siege: Siege) -> None:
    guild = siege.guild
    await guild.bob.slash(guild.channel, "ask", question="who paints lorries?")
    shown = shown_by(await guild.ada.slash(guild.channel, "gaps"))
    assert shown.startswith("**1 question of the last 30 days")
    assert "who paints lorries?" in shown
    assert CANARY not in shown


NAMES = (
    *(
        "../../etc/passwd",
        "..\\..\\boot.ini",
        "C:\\",
        "/etc/passwd",
        "\0",
        "a\0b",
        "file:///x",
        "~",
    ),
    *(HIDDEN, key_of(HIDDEN), "The convoy", "plans/", "*", "?", "[", "%", "'; DROP TABLE x; --"),
    *("\N{RIGHT-TO-LEFT OVERRIDE}txt.exe", "x" * 6_000, "é" * 100, "@everyone <@1> `x`", " ", ""),
)


async def test_a_document_that_was_never_offered(siege: Siege) -> None:
    guild, before = siege.guild, siege.state()
    more = {"ask": {"question": "x?"}, "search": {"words": "x"}}
    for command in ("source", "ask", "search", "remove"):
        member = guild.ada if command == "remove" else guild.bob
        for name in NAMES:
            done = await member.slash(
                guild.channel, command, document=name, **more.get(command, {})
            )
            assert is_planned(done), (command, name, shown_by(done))
            assert CANARY not in shown_by(done)
            assert "root:" not in shown_by(done)
    assert guild.env.errors
    assert siege.state() == before


async def test_a_place_that_there_is_not(siege: Siege) -> None:
    guild = siege.guild
    for place in ("-1", "0", "page 0", "9" * 40, "Gat\0es", "\u202e", "x" * 6_000):
        done = await guild.bob.slash(guild.channel, "source", document=OPEN, place=place)
        assert is_planned(done), (place, shown_by(done))
    assert guild.env.errors


@pytest.mark.search
@tried(max_examples=amount(60), suppress_health_check=list(HealthCheck))
@given(typed=st.one_of(st.sampled_from(NAMES), st.text(max_size=40)))
async def test_whatever_is_typed_nothing_hidden_is_offered(siege: Siege, typed: str) -> None:
    guild = siege.guild
    for command in ("source", "ask", "search"):
        offered = await guild.bob.autocomplete(guild.channel, command, "document", typed)
        assert {one["value"] for one in offered} <= {OPEN, "bread.md"}
    for document in (HIDDEN, key_of(HIDDEN), typed):
        offered = await guild.bob.autocomplete(
            guild.channel, "source", "place", typed, document=document
        )
        assert CANARY not in str(offered)
        assert "The convoy" not in {one["name"] for one in offered}


async def test_who_is_no_admin_is_offered_no_folder(siege: Siege) -> None:
    guild = siege.guild
    command = guild.env.backend.find_command("upload", None, type=1)
    assert command is not None
    option = {"name": "folder", "type": 3, "value": "", "focused": True}
    data = {"id": command["id"], "name": "upload", "type": 1, "options": [option]}
    done = await interact(guild.bob, guild.channel, 4, data)
    assert done.autocomplete_choices == []


async def test_commands_with_options_that_discord_would_not_let_through(siege: Siege) -> None:
    guild, before = siege.guild, siege.state()
    cases: list[tuple[str, list[dict[str, Any]]]] = [
        ("reindex", [{"name": "dry_run", "type": 5, "value": False}]),
        ("rollback", []),
        ("remove", [{"name": "document", "type": 3, "value": OPEN}]),
        ("status", []),
        ("gaps", [{"name": "days", "type": 4, "value": 10**12}]),
        ("gaps", [{"name": "days", "type": 4, "value": -1}]),
        ("gaps", [{"name": "days", "type": 3, "value": "all"}]),
        ("source", []),
        ("ask", [{"name": "question", "type": 3, "value": "x" * 7_000}]),
        ("ask", [{"name": "unknown", "type": 3, "value": "x"}]),
        ("ask", [{"name": "sub", "type": 1, "options": []}]),
        ("list", [{"name": "kind", "type": 3, "value": "x"}]),
        ("none-such", []),
        ("search", [{"name": "words", "type": 3, "value": ""}]),
        ("documents", [{"name": "filter", "type": 3, "value": "*" * 5_000}]),
    ]
    for name, options in cases:
        command = guild.env.backend.find_command(name, None, type=1) or {"id": "1"}
        data = {"id": command["id"], "name": name, "type": 1, "options": options}
        done = await interact(guild.bob, guild.channel, 2, data)
        assert is_planned(done), (name, options, shown_by(done))
    assert guild.env.errors
    assert siege.state() == before


@pytest.mark.parametrize(
    "custom_id",
    one_in(
        3,
        [
            'n:as:list:topic:AAAAAAAAAAAA:{"kind":"x"}',
            'n:as:list:topic:AAAAAAAAAAAA:{"kind":"deadlines"}',
            'n:as:documents:filter:AAAAAAAAAAAA:{"show":"x"}',
            "n:as:documents:show:AAAAAAAAAAAA:",
            'n:as:replaced:document:AAAAAAAAAAAA:{"by":"x","decision":"x"}',
            'n:as:source:document:AAAAAAAAAAAA:{"place":"99999999999999999999"}',
            'n:as:ask:question:AAAAAAAAAAAA:{"private":1}',
            "n:as:remove:document:AAAAAAAAAAAA:",
            "n:as:upload:folder:AAAAAAAAAAAA:",
            "n:as:gaps:days:AAAAAAAAAAAA:",
        ],
    ),
)
async def test_a_command_that_is_given_again_takes_what_discord_lets_through(
    siege: Siege, custom_id: str
) -> None:
    done = await press_crafted(siege.guild.bob, siege.guild.channel, custom_id)
    assert is_planned(done), shown_by(done)
    assert CANARY not in shown_by(done)


async def test_commands_of_another_kind(siege: Siege) -> None:
    """A command of a message's menu without a message, and a command of an unknown kind."""
    guild = siege.guild
    for kind in (2, 3):
        data = {"id": "1", "name": FIND_SOURCES, "type": kind, "target_id": "1"}
        done = await interact(guild.bob, guild.channel, 2, data)
        assert is_planned(done), shown_by(done)
    guild.env.errors.clear()
