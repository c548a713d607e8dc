"""Small talk: a reaction where every message is a question, words where the bot was spoken to."""

from __future__ import annotations

import discord
import pytest
import simcord

from bot.config.guilds import GuildBook, GuildSettings
from bot.config.settings import Settings
from bot.services import Services
from index.answering.answer import QuestionKind, Reply, Response, Says, Verdict
from testing.services import bot_of, services_of
from tests.bot.discord.conftest import Guild
from tests.bot.discord.helpers.canned import Canned
from tests.bot.discord.helpers.visible_text import seen

LEASE = "who signs the lease of the warehouse?"
TALK = {
    "thanks!": Says.THANKS,
    "ok great": Says.AGREEMENT,
    "good morning": Says.GREETING,
    "bye": Says.FAREWELL,
    "who are you?": Says.WHO,
    "that was wrong": Says.APOLOGY,
}
THANKED = "You are welcome. `/help` shows what else I can do."


def _talk(text: str, says: Says) -> Response:
    return Response(text, Verdict.ANSWERED, 1.0, 1, kind=QuestionKind.TALK, replies=(Reply(says),))


@pytest.fixture
async def talking(guild: Guild, indexed: Settings) -> Services:
    """Let every message in the channel be a question."""
    book = GuildBook(GuildSettings(question_channels=frozenset({guild.channel.id})), {})
    engine = Canned(indexed, {text: _talk(text, says) for text, says in TALK.items()})
    services = services_of(indexed, guilds=book, engine=engine)
    await guild.env.restart_bot(bot_of(services))
    return services


def reactions(guild: Guild, message: discord.Message) -> list[str]:
    stored = guild.env.backend.get_message(message.channel.id, message.id)
    return [str(one.emoji) for one in stored.reactions]


def said(guild: Guild, channel: simcord.ChannelHandle | None = None) -> list[str]:
    history = (channel or guild.channel).history()
    return [seen(m) for m in history if m.author.mention == guild.me]


@pytest.mark.parametrize(
    ("typed", "emoji"),
    [("thanks!", "🙏"), ("ok great", "👍"), ("good morning", "👋"), ("bye", "👋")],
)
async def test_in_a_channel_for_questions_a_reaction_is_enough(
    guild: Guild, talking: Services, typed: str, emoji: str
) -> None:
    message = await guild.ann.send(guild.channel, typed)
    assert reactions(guild, message) == [emoji]
    assert said(guild) == []


@pytest.mark.parametrize("typed", ["who are you?", "that was wrong"])
async def test_what_needs_words_gets_them(guild: Guild, talking: Services, typed: str) -> None:
    message = await guild.ann.send(guild.channel, typed)
    (answer,) = said(guild)
    assert answer
    assert "👍" not in answer
    assert reactions(guild, message) == []


async def test_without_the_right_to_react_it_keeps_silent(guild: Guild, talking: Services) -> None:
    me = guild.env.bot.user
    assert me is not None
    lacking = discord.PermissionOverwrite(add_reactions=False)
    channel = guild.handle.create_text_channel("questions", overwrites={me: lacking})
    talking.guilds.default.__dict__["question_channels"] = frozenset({channel.id})
    message = await guild.ann.send(channel, "thanks!")
    assert reactions(guild, message) == []
    assert said(guild, channel) == []
    assert not any("/reactions/" in request.path for request in guild.env.http_requests)
    await guild.ann.send(channel, LEASE)
    assert "Ines Vidal" in said(guild, channel)[0]


async def test_who_has_blocked_the_bot_is_no_error(guild: Guild, talking: Services) -> None:
    guild.env.inject_error("PUT", "/channels/*/messages/*/reactions/*", status=403, code=90001)
    message = await guild.ann.send(guild.channel, "thanks!")
    assert reactions(guild, message) == []
    assert said(guild) == []


async def test_it_does_not_pretend_to_write(guild: Guild, talking: Services) -> None:
    """The engine's own rules tell what is small talk before anything is looked up."""
    await guild.ann.send(guild.channel, "thanks!")
    sent = [r.path.rsplit("/", 1)[1] for r in guild.env.http_requests if r.method == "POST"]
    assert "messages" not in sent


async def test_who_speaks_to_the_bot_is_answered_in_words(guild: Guild, talking: Services) -> None:
    await guild.ann.send(guild.channel, f"{guild.me} thanks!")
    assert said(guild) == [THANKED]
    other = guild.handle.create_text_channel("other")
    await guild.ann.send(other, f"{guild.me} thanks!")
    assert said(guild, other) == [THANKED]
    await guild.ann.send_dm("thanks!")
    assert seen(guild.ann.user.dm_channel.last_message) == THANKED
    done = await guild.ann.slash(other, "ask", question="thanks!")
    assert seen(done.response) == f"Question: **thanks!**\n{THANKED}"
    private = await guild.ann.slash(other, "ask", question="thanks!", private=True)
    assert seen(private.response) == f"Question: **thanks!**\n{THANKED}"


async def test_in_a_thread_of_an_answer_it_reacts_too(guild: Guild, talking: Services) -> None:
    await guild.ann.send(guild.channel, LEASE)
    answer = guild.channel.last_message
    assert answer is not None
    begun = guild.env.backend.create_thread(
        guild.channel.id, "Lease", guild.ann.id, message_id=answer.id
    )
    thread = simcord.ChannelHandle(guild.env, guild.handle, begun)
    message = await guild.bob.send(thread, "thanks!")
    assert reactions(guild, message) == ["🙏"]
    assert said(guild, thread) == []


async def test_a_question_that_becomes_thanks_takes_its_answer_along(
    guild: Guild, talking: Services
) -> None:
    message = await guild.ann.send(guild.channel, LEASE)
    assert len(said(guild)) == 1
    await guild.ann.edit(message, "thanks!")
    assert said(guild) == []
    assert reactions(guild, message) == ["🙏"]
    await guild.ann.edit(message, LEASE)
    assert "Ines Vidal" in said(guild)[0]
    assert reactions(guild, message) == []


async def test_thanks_are_no_gap_and_no_question(guild: Guild, talking: Services) -> None:
    await guild.ann.send(guild.channel, "thanks!")
    assert talking.records.counts().exchanges == 0


async def test_a_claim_of_small_talk_is_none(guild: Guild, talking: Services) -> None:
    from bot.discord.cogs.looking_up.sources import FIND_SOURCES, NO_CLAIM

    message = await guild.bob.send(guild.channel, "thanks!")
    found = await guild.ann.context_menu(guild.channel, FIND_SOURCES, message)
    assert str(NO_CLAIM) in seen(found.response)
