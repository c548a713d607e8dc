"""A thread for each answer, and posts of a forum: where they are answered, and their tags."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, cast

import discord
import pytest
import simcord
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from bot.config.guilds import GuildBook, GuildSettings
from bot.config.settings import Settings
from testing.services import bot_of, services_of
from tests.bot.discord.conftest import Guild
from tests.bot.discord.helpers.visible_text import seen

LEASE = "who signs the lease of the warehouse?"
SIGNED = "The lease of the warehouse is signed by Ines Vidal."
VAIN = "which helicopters does Sweden own?"
Served = Callable[..., Awaitable[None]]


@pytest.fixture
def served(indexed: Settings, guild: Guild) -> Served:
    async def serve(**settings: object) -> None:
        book = GuildBook(GuildSettings.model_validate(settings), {})
        await guild.env.restart_bot(bot_of(services_of(indexed, guilds=book)))

    return serve


def in_channel(guild: Guild) -> list[str]:
    """Return what the bot has sent to the channel; simcord puts Discord's own lines there too."""
    mine = [m for m in guild.channel.history() if m.author.mention == guild.me]
    return [seen(m) for m in mine if m.type is not discord.MessageType.thread_created]


def thread_of(guild: Guild, number: int) -> simcord.ChannelHandle:
    return simcord.ChannelHandle(guild.env, guild.handle, guild.env.backend.get_channel(number))


def said_in(guild: Guild, place: simcord.ChannelHandle) -> list[str]:
    return [seen(m) for m in place.history() if m.author.mention == guild.me]


def forbid(guild: Guild, channel: simcord.ChannelHandle, name: str) -> None:
    """Take a permission away from the bot in a channel."""
    denied = discord.Permissions(**{name: True}).value
    me = Overwrite(guild.env.backend.bot_user.id, OverwriteType.MEMBER, deny=denied)
    guild.env.backend.edit_channel(channel.id, {}, overwrites=[me])


def give_tags(guild: Guild, forum: simcord.ChannelHandle, *names: str) -> None:
    tag = {"moderated": False, "emoji_id": None, "emoji_name": None}
    tags = [{**tag, "id": str(number), "name": name} for number, name in enumerate(names, 7)]
    guild.env.backend.edit_channel(forum.id, {"available_tags": tags})


# A thread for each answer


async def test_an_answer_is_put_into_a_thread_at_its_question(guild: Guild, served: Served) -> None:
    await served(answer_threads=True)
    asked = await guild.ann.send(guild.channel, f"{guild.me} {LEASE}")
    place = thread_of(guild, asked.id)
    assert place._channel.name == LEASE
    (answer,) = said_in(guild, place)
    assert SIGNED in answer
    assert in_channel(guild) == []


async def test_without_the_setting_and_in_other_channels_there_is_none(
    guild: Guild, served: Served
) -> None:
    other = guild.handle.create_text_channel("other")
    await served(answer_threads=[other.id])
    await guild.ann.send(guild.channel, f"{guild.me} {LEASE}")
    assert SIGNED in in_channel(guild)[-1]
    asked = await guild.ann.send(other, f"{guild.me} {LEASE}")
    assert SIGNED in said_in(guild, thread_of(guild, asked.id))[0]


@pytest.mark.parametrize("said", ["thanks!", "", "/ask me"])
async def test_no_thread_is_opened_for_what_is_no_question(
    guild: Guild, served: Served, said: str
) -> None:
    await served(answer_threads=True)
    await guild.ann.send(guild.channel, f"{guild.me} {said}")
    assert len(in_channel(guild)) == 1


async def test_what_is_asked_in_the_thread_is_answered_there_and_follows_up(
    guild: Guild, served: Served
) -> None:
    await served(answer_threads=True, question_channels=[1])
    asked = await guild.ann.send(guild.channel, f"{guild.me} {LEASE}")
    place = thread_of(guild, asked.id)
    await guild.bob.send(place, "and when was it mended?")
    assert said_in(guild, place)[-1].startswith("-# Understood as: when was the lease of")
    done = await guild.bob.slash(place, "ask", question="and of Norway?")
    assert done.response is not None
    assert in_channel(guild) == []


async def test_an_edit_and_a_deletion_reach_the_thread(guild: Guild, served: Served) -> None:
    await served(answer_threads=True)
    asked = await guild.ann.send(guild.channel, f"{guild.me} {VAIN}")
    place = thread_of(guild, asked.id)
    await guild.ann.edit(asked, f"{guild.me} {LEASE}")
    (answer,) = said_in(guild, place)
    assert SIGNED in answer
    await guild.ann.edit(asked, f"{guild.me} thanks!")
    (thanked,) = said_in(guild, place)
    assert SIGNED not in thanked
    await guild.ann.edit(asked, "Never mind.")
    assert said_in(guild, place) == []
    await guild.ann.edit(asked, f"{guild.me} {LEASE}")
    assert len(said_in(guild, place)) == 1
    await guild.ann.delete(asked)
    assert said_in(guild, place) == []


async def test_buttons_in_the_thread_work(guild: Guild, served: Served) -> None:
    await served(answer_threads=True)
    asked = await guild.ann.send(guild.channel, f"{guild.me} {LEASE}")
    answer = thread_of(guild, asked.id).last_message
    done = await guild.bob.click(cast("Any", answer), custom_id="f:1:up")
    assert done.ephemeral
    assert seen(done.response).startswith("Thank")


async def test_a_command_s_answer_is_put_into_a_thread_at_its_question(
    guild: Guild, served: Served
) -> None:
    await served(answer_threads=True, question_channels=[1])
    done = await guild.ann.slash(guild.channel, "ask", question=LEASE)
    assert done.response is not None
    assert seen(done.response) == f"Question: **{LEASE}**"
    place = thread_of(guild, done.response.id)
    (answer,) = said_in(guild, place)
    assert SIGNED in answer
    await guild.bob.send(place, "and when was it mended?")
    assert said_in(guild, place)[-1].startswith("-# Understood as: when was the lease of")
    alone = await guild.ann.slash(guild.channel, "ask", question=LEASE, private=True)
    assert SIGNED in seen(alone.response)


@pytest.mark.parametrize("lacking", ["create_public_threads", "send_messages_in_threads"])
async def test_without_the_right_to_threads_answers_stay_in_the_channel(
    guild: Guild, served: Served, lacking: str
) -> None:
    forbid(guild, guild.channel, lacking)
    await served(answer_threads=True)
    await guild.ann.send(guild.channel, f"{guild.me} {LEASE}")
    assert SIGNED in in_channel(guild)[-1]
    done = await guild.ann.slash(guild.channel, "ask", question=LEASE)
    assert SIGNED in seen(done.response)


async def test_a_thread_that_discord_refuses_is_done_without(guild: Guild, served: Served) -> None:
    await served(answer_threads=True)
    for _ in range(2):
        guild.env.inject_error("POST", "/channels/*/messages/*/threads", status=400, code=160006)
    await guild.ann.send(guild.channel, f"{guild.me} {LEASE}")
    assert SIGNED in in_channel(guild)[-1]
    done = await guild.ann.slash(guild.channel, "ask", question=LEASE)
    assert SIGNED in seen(done.response)


async def test_a_thread_that_somebody_began_at_the_question_is_taken(
    guild: Guild, served: Served
) -> None:
    await served(answer_threads=True)
    asked = await guild.ann.send(guild.channel, LEASE)
    begun = guild.env.backend.create_thread(
        guild.channel.id, "x", guild.bob.id, message_id=asked.id
    )
    await guild.ann.edit(asked, f"{guild.me} {LEASE}")
    assert SIGNED in said_in(guild, thread_of(guild, begun.id))[0]


@pytest.mark.parametrize(
    ("question", "name"),
    [
        (f"{LEASE}\n\nand   when?", f"{LEASE} and when?"),
        ("who " * 60, f"{('who ' * 23)}who…"),
        ("who is @everyone in **bold**?", "who is @everyone in **bold**?"),
    ],
)
async def test_a_thread_has_its_question_as_its_name(
    guild: Guild, served: Served, question: str, name: str
) -> None:
    await served(answer_threads=True)
    asked = await guild.ann.send(guild.channel, f"{guild.me} {question}")
    assert thread_of(guild, asked.id)._channel.name == name


# Posts of a forum


async def post(
    guild: Guild, forum: simcord.ChannelHandle, title: str, text: str
) -> simcord.ChannelHandle:
    """Write a post as Ann; simcord's people cannot, so its first message gets the post's id."""
    backend = guild.env.backend
    begun = backend.create_thread(forum.id, title, guild.ann.id, broadcast=False)
    backend.announce_thread_create(begun)
    snowflake = backend.snowflake
    ids = iter([begun.id])
    vars(backend)["snowflake"] = lambda: next(ids, None) or snowflake()
    try:
        await guild.ann.send(place := thread_of(guild, begun.id), text)
    finally:
        del vars(backend)["snowflake"]
    return place


def tags(guild: Guild, place: simcord.ChannelHandle) -> list[str]:
    known = {str(tag["id"]): tag["name"] for tag in _forum(guild, place).available_tags}
    return [known[str(number)] for number in place._channel.applied_tags]


def _forum(guild: Guild, place: simcord.ChannelHandle) -> Any:
    return guild.env.backend.get_channel(cast("int", place._channel.parent_id))


@pytest.fixture
def forum(guild: Guild) -> simcord.ChannelHandle:
    return guild.handle.create_forum_channel("ask-here")


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("The lease", LEASE),
        (LEASE, "We have to renew it soon."),
        ("Lease of the warehouse", "Who signs it?"),
    ],
)
async def test_a_post_is_answered_in_it_by_its_title_and_text(
    guild: Guild, served: Served, forum: simcord.ChannelHandle, title: str, text: str
) -> None:
    await served(question_channels=[forum.id], answer_threads=True)
    place = await post(guild, forum, title, text)
    (answer,) = said_in(guild, place)
    assert SIGNED in answer
    assert tags(guild, place) == ["answered"]


async def test_a_post_whose_text_only_names_the_bot_asks_its_title(
    guild: Guild, served: Served, forum: simcord.ChannelHandle
) -> None:
    await served()
    place = await post(guild, forum, LEASE, guild.me)
    assert SIGNED in said_in(guild, place)[0]
    assert tags(guild, place) == []  # the forum has none, and no setting names it
    assert _forum(guild, place).available_tags == []


async def test_what_follows_in_a_post_tags_it_anew(
    guild: Guild, served: Served, forum: simcord.ChannelHandle
) -> None:
    await served(question_channels=[forum.id], open_tag="Offen", answered_tag="Beantwortet")
    place = await post(guild, forum, "Helicopters", VAIN)
    assert tags(guild, place) == ["Offen"]
    await guild.bob.send(place, LEASE)
    assert tags(guild, place) == ["Beantwortet"]
    await guild.bob.send(place, "thanks")
    assert tags(guild, place) == ["Beantwortet"]
    await guild.ann.slash(place, "ask", question=VAIN, private=True)
    assert tags(guild, place) == ["Beantwortet"]
    await guild.ann.slash(place, "ask", question=VAIN)
    assert tags(guild, place) == ["Offen"]
    assert len(_forum(guild, place).available_tags) == 2


async def test_tags_that_are_there_are_taken_and_others_stay(
    guild: Guild, served: Served, forum: simcord.ChannelHandle
) -> None:
    give_tags(guild, forum, "Answered", "urgent", "open")
    await served(question_channels=[forum.id])
    place = await post(guild, forum, "Lease", LEASE)
    assert tags(guild, place) == ["Answered"]
    guild.env.backend.edit_channel(place.id, {"applied_tags": [7, 8]})
    await guild.bob.send(place, VAIN)
    assert tags(guild, place) == ["urgent", "open"]


@pytest.mark.parametrize("lacking", ["manage_threads", "manage_channels"])
async def test_without_the_right_to_tag_a_post_is_answered_all_the_same(
    guild: Guild, served: Served, forum: simcord.ChannelHandle, lacking: str
) -> None:
    forbid(guild, forum, lacking)
    await served(question_channels=[forum.id])
    place = await post(guild, forum, "Lease", LEASE)
    assert SIGNED in said_in(guild, place)[0]
    assert tags(guild, place) == []
    assert _forum(guild, place).available_tags == []


async def test_in_a_forum_that_no_setting_names_its_author_s_mention_counts(
    guild: Guild, served: Served, forum: simcord.ChannelHandle
) -> None:
    give_tags(guild, forum, "answered", "open")
    await served()
    place = await post(guild, forum, "Helicopters", f"{guild.me} {VAIN}")
    assert tags(guild, place) == ["open"]
    await guild.bob.send(place, f"{guild.me} {LEASE}")
    assert SIGNED in said_in(guild, place)[-1]
    assert tags(guild, place) == ["open"]
    await guild.bob.send(place, LEASE)
    assert len(said_in(guild, place)) == 2


async def test_an_answer_that_is_taken_back_takes_its_tag_along(
    guild: Guild, served: Served, forum: simcord.ChannelHandle
) -> None:
    await served(question_channels=[forum.id])
    other = guild.handle.create_forum_channel("other")
    give_tags(guild, other, "answered", "open")
    place = await post(guild, other, "Lease", f"{guild.me} {LEASE}")
    assert tags(guild, place) == ["answered"]
    (first,) = (m for m in place.history() if m.author.id == guild.ann.id)
    await guild.ann.edit(first, "Never mind.")
    assert said_in(guild, place) == tags(guild, place) == []


async def test_what_another_takes_back_leaves_the_tag_of_a_post(
    guild: Guild, served: Served, forum: simcord.ChannelHandle
) -> None:
    """In a forum that no setting names, what others ask does not count, nor that they take it
    back."""
    give_tags(guild, forum, "answered", "open")
    await served()
    place = await post(guild, forum, "Lease", f"{guild.me} {LEASE}")
    asked = await guild.bob.send(place, f"{guild.me} {VAIN}")
    await guild.bob.edit(asked, "Never mind.")
    assert len(said_in(guild, place)) == 1
    assert tags(guild, place) == ["answered"]


# Going on from the answer of a command


async def test_a_reply_without_words_is_met_with_a_form(guild: Guild, served: Served) -> None:
    await served()
    done = await guild.ann.slash(guild.channel, "ask", question=LEASE)
    assert done.response is not None
    await guild.bob.send(guild.channel, "and when was it mended?", reply_to=done.response)
    advice = guild.channel.last_message
    assert advice is not None
    assert "Mention me in it" in seen(advice)
    clicked = await guild.bob.click(cast("Any", advice), label="Ask on")
    asked = await guild.bob.submit_modal(clicked, {"question": "and when was it mended?"})
    assert not asked.ephemeral
    assert "-# Understood as: when was the lease of" in seen(asked.response)


async def test_a_form_that_is_filled_with_nothing_asks_nothing(
    guild: Guild, served: Served
) -> None:
    await served()
    done = await guild.ann.slash(guild.channel, "ask", question=LEASE)
    await guild.bob.send(guild.channel, "and now?", reply_to=cast("Any", done.response))
    clicked = await guild.bob.click(cast("Any", guild.channel.last_message), label="Ask on")
    asked = await guild.bob.submit_modal(clicked, {"question": "   "})
    assert asked.ephemeral
    assert seen(asked.response) == "There was no question in that form."
