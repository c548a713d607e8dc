"""Interactions sent again in another person's name, and messages from bots and strangers."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import discord
import pytest
import simcord
from simcord.backend import serializers

from bot import messages
from testing.budget import one_in
from tests.bot.discord.helpers.hidden_documents import CANARY, DOCUMENTS, Siege
from tests.bot.discord.helpers.visible_text import seen

pytestmark = pytest.mark.slow

ASKED = "where is every convoy logged?"
SECRET = f"where does the {CANARY} convoy leave?"


INDEXED = DOCUMENTS


def said(siege: Siege, channel: simcord.ChannelHandle | None = None) -> list[str]:
    """Return what the bot has sent to the channel since the siege began."""
    history = (channel or siege.guild.channel).history(viewer=siege.guild.bob)
    mine = [seen(one) for one in history if one.author.mention == siege.guild.me]
    return mine if channel else mine[1:]


def payload(siege: Siege, message: discord.Message) -> dict[str, Any]:
    backend = siege.env.backend
    stored = backend.get_message(message.channel.id, message.id)
    return deepcopy(dict(serializers.message_payload(backend, stored)))


async def happen(siege: Siege, event: str, data: dict[str, Any]) -> None:
    siege.env.backend.emit(event, data)
    await siege.env.settle()


def written(siege: Siege, author: dict[str, Any], **other: Any) -> dict[str, Any]:
    """Return a question that mentions the bot, as the payload of MESSAGE_CREATE."""
    me = siege.env.bot.user
    assert me is not None
    mentioned = {"id": str(me.id), "username": "b", "discriminator": "0", "avatar": None}
    return {
        "id": "1456999999999999999",
        "channel_id": str(siege.guild.channel.id),
        "guild_id": str(siege.guild.handle.id),
        "author": {"username": "x", "discriminator": "0", "avatar": None} | author,
        "content": f"{siege.guild.me} {ASKED}",
        "timestamp": "2026-01-01T00:00:00+00:00",
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [mentioned],
        "mention_roles": [],
        "attachments": [],
        "embeds": [],
        "pinned": False,
        "type": 0,
    } | other


# Going on with what somebody else was told


@pytest.mark.parametrize("number", [2, 5, 6], ids=["private", "direct", "in vain"])
async def test_nobody_goes_on_with_another_s_private_answer(siege: Siege, number: int) -> None:
    """A reply may name any message; only Discord checks that its author could read it."""
    exchange = siege.services.records.exchange(number)
    assert exchange is not None
    siege.services.records.set_replies(number, [777])
    reference = {"type": 0, "channel_id": str(exchange.channel), "message_id": "777"}
    bob = {"id": str(siege.guild.bob.id)}
    follow_up = f"{siege.guild.me} and who leads it?"
    await happen(
        siege,
        "MESSAGE_CREATE",
        written(siege, bob, content=follow_up, type=19, message_reference=reference),
    )
    direct = siege.guild.bob.user.dm_channel
    message = written(siege, bob, content="and who leads it?", type=19, message_reference=reference)
    del message["guild_id"]
    await happen(siege, "MESSAGE_CREATE", message | {"channel_id": str(direct.id), "id": "99"})
    history = direct.history()
    told = said(siege) + [seen(one) for one in history if one.author.mention == siege.guild.me]
    assert len(told) == 2
    assert not any(CANARY in one or "Understood" in one for one in told)


async def test_what_was_said_in_a_channel_is_gone_on_with_only_there(siege: Siege) -> None:
    guild = siege.guild
    other = guild.handle.create_text_channel("other")
    (public,) = (one for one in guild.channel.history() if one.author.mention == guild.me)
    siege.services.records.set_replies(1, [public.id])
    reference = {"type": 0, "channel_id": str(guild.channel.id), "message_id": str(public.id)}
    for channel, number in ((other, 0), (guild.channel, 1)):
        message = written(
            siege,
            {"id": str(guild.bob.id)},
            id=str(1456999999999990000 + number),
            channel_id=str(channel.id),
            content=f"{guild.me} and who reads it?",
            type=19,
            message_reference=reference,
        )
        await happen(siege, "MESSAGE_CREATE", message)
    assert "Understood" not in said(siege, other)[-1]
    assert "Understood as" in said(siege)[-1]


# Editing and deleting in another's name


async def test_an_edit_in_another_s_name_changes_nothing(siege: Siege) -> None:
    guild = siege.guild
    asked = await guild.ann.send(guild.channel, f"{guild.me} {ASKED}")
    before = said(siege)
    forged = payload(siege, asked)
    now = discord.utils.utcnow().isoformat()
    forged |= {"content": f"{guild.me} who bakes the bread daily?", "edited_timestamp": now}
    stranger = {**forged["author"], "id": str(guild.bob.id)}
    await happen(siege, "MESSAGE_UPDATE", forged | {"author": stranger})
    assert said(siege) == before
    await happen(siege, "MESSAGE_UPDATE", forged)
    assert said(siege) != before


async def test_a_deletion_elsewhere_takes_no_answer_back(siege: Siege) -> None:
    guild = siege.guild
    other = guild.handle.create_text_channel("other")
    asked = await guild.ann.send(guild.channel, f"{guild.me} {ASKED}")
    direct = await guild.ann.send_dm(ASKED)
    before = said(siege), len(guild.ann.user.dm_channel.history())
    for one in (asked, direct):
        event = {"channel_id": str(other.id), "guild_id": str(guild.handle.id)}
        await happen(siege, "MESSAGE_DELETE", event | {"id": str(one.id)})
        await happen(siege, "MESSAGE_DELETE_BULK", event | {"ids": [str(one.id), "1"]})
    assert (said(siege), len(guild.ann.user.dm_channel.history())) == before


# Who is nobody


async def test_bots_webhooks_and_the_bot_itself_are_never_answered(siege: Siege) -> None:
    me = siege.env.bot.user
    assert me is not None
    cases: list[tuple[dict[str, Any], dict[str, Any]]] = [
        ({"id": "4242", "bot": True}, {}),
        ({"id": "4242", "bot": True}, {"webhook_id": "4242"}),
        ({"id": "4242"}, {"webhook_id": "4242"}),
        ({"id": str(me.id), "bot": True}, {}),
        ({"id": str(siege.guild.ann.id)}, {"type": 7}),
    ]
    for number, (author, other) in enumerate(cases):
        message = written(siege, author, id=str(1456999999999980000 + number), **other)
        await happen(siege, "MESSAGE_CREATE", message)
    assert said(siege) == []


async def test_an_author_who_is_no_member_sees_what_all_see(siege: Siege) -> None:
    question = f"{siege.guild.me} {SECRET}"
    stranger = {"id": "4242424242424242"}
    await happen(siege, "MESSAGE_CREATE", written(siege, stranger, content=question))
    assert not any("Tromso" in one for one in said(siege))
    outside = siege.env.create_user("eve")
    await outside.send_dm(SECRET)
    (told,) = [one for one in outside.dm_channel.history() if one.author.mention == siege.guild.me]
    assert "Tromso" not in seen(told)
    assert seen(told) == str(messages.NO_SHARED_SERVER)


# Names that are more than names


@pytest.mark.parametrize(
    "name", one_in(3, [r"\1", r"\g<0>", "a\\", "@everyone", "<@1>", "**x**", "[x](y)"])
)
async def test_whoever_is_mentioned_may_be_called_anything(siege: Siege, name: str) -> None:
    guild = siege.guild
    member = {"id": str(guild.bob.id), "username": "bob", "discriminator": "0", "avatar": None}
    mentioned = [member | {"global_name": name}]
    question = f"{guild.me} does <@{guild.bob.id}> know where every convoy is logged?"
    author = {"id": str(guild.ann.id)}
    message = written(siege, author, content=question, mentions=mentioned)
    await happen(siege, "MESSAGE_CREATE", message)
    (answer,) = said(siege)
    assert "yard book" in answer or "found nothing close" in answer
    exchange = siege.services.records.by_question(int(message["id"]))
    assert exchange is not None
    assert exchange.question == f"does {name} know where every convoy is logged?"
