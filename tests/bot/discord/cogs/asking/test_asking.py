"""Questions as people ask them: what they write, and what they see then."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import discord
import pytest
import simcord
from simcord.backend.models import Poll

from bot.chat.admission import AdmissionLimits
from bot.chat.answering import QuestionEngine
from bot.config.guilds import GuildBook, GuildSettings
from bot.config.settings import Settings
from bot.discord.cogs.asking.addressing import (
    ASKED_BY_FILE,
    ASKED_BY_POLL,
    CANNOT_READ,
    NOTHING_ASKED,
    TYPED_COMMAND,
)
from bot.discord.gateway.client import BriefingBot
from bot.discord.rendering.answers.answers import NO_ANSWER
from bot.discord.ui.errors import unexpected
from bot.services import Services
from index.answering.answer import Response
from testing.engines import Held
from testing.samples import ANSWER
from testing.services import bot_of, engine_of, services_of
from tests.bot.discord.conftest import Guild
from tests.bot.discord.helpers.actions import let_happen, not_waiting, until
from tests.bot.discord.helpers.visible_text import seen

LEASE = "who signs the lease of the warehouse?"
SIGNED = (
    "> The lease of the warehouse is signed by Ines Vidal.\n\n\\[1] **The Karsk warehouse**\n"
    "[Source]\n(Confidence 79%)\n[👍] | [👎] | [Tell me when this changes]"
)


def answers(guild: Guild) -> list[str]:
    """Return what the bot has sent to the channel."""
    return [seen(m) for m in guild.channel.history() if m.author.mention == guild.me]


def thread(
    guild: Guild, parent: simcord.ChannelHandle, name: str, *, message: int | None = None
) -> simcord.ChannelHandle:
    """Return a thread that Ann begins, at a message if one is given."""
    begun = guild.env.backend.create_thread(parent.id, name, guild.ann.id, message_id=message)
    return simcord.ChannelHandle(guild.env, guild.handle, begun)


# By message


async def test_a_mention_is_answered_by_a_reply(guild: Guild) -> None:
    question = await guild.ann.send(guild.channel, f"{guild.me} {LEASE}")
    answer = guild.channel.last_message
    assert answer is not None
    assert answer.reference is not None
    assert answer.reference.message_id == question.id
    assert seen(answer) == SIGNED
    assert answer.mentions == []


async def test_it_shows_that_it_is_working_before_it_answers(guild: Guild) -> None:
    await guild.ann.send(guild.channel, f"{guild.me} {LEASE}")
    sent = [r.path for r in guild.env.http_requests if r.method == "POST"]
    assert [path.rsplit("/", 1)[1] for path in sent] == ["typing", "messages"]


async def test_a_direct_message_needs_no_mention(guild: Guild) -> None:
    await guild.ann.send_dm(LEASE)
    answer = guild.ann.user.dm_channel.last_message
    assert answer is not None
    assert seen(answer) == SIGNED


async def test_what_the_documents_do_not_say_is_said_plainly(guild: Guild) -> None:
    await guild.ann.send(guild.channel, f"{guild.me} which helicopters does Sweden own?")
    (said,) = answers(guild)
    assert said.startswith("**I found nothing close in the documents.**")
    assert ">" not in said
    assert "[Closest passages] | [👍] | [👎]" in said


async def test_others_are_left_to_talk(guild: Guild) -> None:
    await guild.ann.send(guild.channel, LEASE)
    await guild.bob.send(guild.channel, f"{guild.ann.mention} {LEASE}")
    assert answers(guild) == []


async def test_a_mention_in_reply_to_somebody_asks_what_they_asked(guild: Guild) -> None:
    question = await guild.ann.send(guild.channel, f"{LEASE} {guild.me}")
    await guild.ann.delete(question)
    asked = await guild.ann.send(guild.channel, LEASE)
    await guild.bob.send(guild.channel, guild.me, reply_to=asked)
    said = answers(guild)[-1]
    # The words of a message that does not mention the bot come only with the intent.
    assert said == CANNOT_READ


@pytest.mark.parametrize(
    ("text", "attachments", "said"),
    [
        ("", (), NOTHING_ASKED),
        ("   ", (), NOTHING_ASKED),
        ("/serach quarry road", (), TYPED_COMMAND),
        ("", (("plan.pdf", b"%PDF"),), ASKED_BY_FILE),
        ("?!", (), "The question has no letter and no digit in it. Ask in words."),
    ],
)
async def test_what_is_no_question(
    guild: Guild, text: str, attachments: tuple[tuple[str, bytes], ...], said: str
) -> None:
    await guild.ann.send(guild.channel, f"{guild.me} {text}", attachments=attachments)
    assert answers(guild) == [said]
    # Whoever replies to such advice asks the bot.
    await guild.ann.send(guild.channel, "who signs the lease?", reply_to=guild.channel.last_message)
    assert "Ines Vidal" in answers(guild)[-1]


async def test_without_the_right_to_write_it_keeps_silent(guild: Guild) -> None:
    for way in ("typing", "messages"):
        guild.env.inject_error("POST", f"/channels/*/{way}", status=403, code=50013)
    await guild.ann.send(guild.channel, f"{guild.me} {LEASE}")
    assert answers(guild) == []


# Channels for questions, and threads


@pytest.fixture
def asked_in(indexed: Settings) -> Callable[..., BriefingBot]:
    def build(*channels: int) -> BriefingBot:
        book = GuildBook(GuildSettings(question_channels=frozenset(channels)), {})
        return bot_of(services_of(indexed, guilds=book))

    return build


async def test_in_a_channel_for_questions_every_message_is_one(
    guild: Guild, asked_in: Callable[..., BriefingBot]
) -> None:
    await guild.env.restart_bot(asked_in(guild.channel.id))
    first = await guild.ann.send(guild.channel, LEASE)
    assert answers(guild) == [SIGNED]
    await guild.bob.send(guild.channel, "I thought so", reply_to=first)
    await guild.bob.send(guild.channel, f"{guild.ann.mention} did you know?")
    await guild.bob.send(guild.channel, "", attachments=[("cat.png", b"png")])
    assert answers(guild) == [SIGNED]


async def test_a_post_in_a_forum_for_questions_is_answered_in_it(
    guild: Guild, asked_in: Callable[..., BriefingBot]
) -> None:
    forum = guild.handle.create_forum_channel("ask-here")
    await guild.env.restart_bot(asked_in(forum.id))
    post = thread(guild, forum, "The lease")
    await guild.ann.send(post, LEASE)
    assert post.last_message is not None
    assert seen(post.last_message) == SIGNED


async def test_a_thread_that_an_answer_began_goes_on_without_mentions(
    guild: Guild, asked_in: Callable[..., BriefingBot]
) -> None:
    await guild.env.restart_bot(asked_in(1))
    await guild.ann.send(guild.channel, f"{guild.me} {LEASE}")
    answer = guild.channel.last_message
    assert answer is not None
    begun = thread(guild, guild.channel, "The lease", message=answer.id)
    await guild.bob.send(begun, "and when was it mended?")
    assert begun.last_message is not None
    assert seen(begun.last_message).startswith("-# Understood as: when was the lease of")
    await guild.bob.send(begun, f"{guild.ann.mention} did you know?")
    assert begun.last_message.author.id == guild.bob.id


async def test_a_thread_of_other_people_is_left_alone(
    guild: Guild, asked_in: Callable[..., BriefingBot]
) -> None:
    await guild.env.restart_bot(asked_in(1))
    talk = thread(guild, guild.channel, "Lunch")
    await guild.ann.send(talk, LEASE)
    assert talk.last_message is not None
    assert talk.last_message.author.id == guild.ann.id


async def test_a_poll_is_no_question(guild: Guild) -> None:
    poll = Poll(
        question="Pizza?", answers=[], expiry="2030-01-01T00:00:00+00:00", allow_multiselect=False
    )
    backend = guild.env.backend
    backend.create_message(guild.channel.id, guild.ann.id, guild.me, poll=poll)
    await guild.env.settle()
    assert answers(guild) == [ASKED_BY_POLL]


async def test_message_content_is_asked_for_only_where_it_is_needed(
    guild: Guild, asked_in: Callable[..., BriefingBot]
) -> None:
    assert not guild.env.bot.intents.message_content
    assert asked_in(1).intents.message_content


# Conversation


async def test_a_reply_to_an_answer_is_understood_with_it(guild: Guild) -> None:
    await guild.ann.send(guild.channel, f"{guild.me} {LEASE}")
    answer = guild.channel.last_message
    assert answer is not None
    await guild.bob.send(guild.channel, f"{guild.me} and when was it mended?", reply_to=answer)
    first = answers(guild)[-1].splitlines()[0]
    assert first == "-# Understood as: when was the lease of the warehouse mended?"


# Deleting and editing


async def test_deleting_the_question_deletes_the_answer(guild: Guild) -> None:
    question = await guild.ann.send(guild.channel, f"{guild.me} {LEASE}")
    await guild.ann.delete(question)
    assert answers(guild) == []


async def test_editing_the_question_answers_again_in_the_same_message(guild: Guild) -> None:
    question = await guild.ann.send(guild.channel, f"{guild.me} which helicopters fly?")
    before = guild.channel.last_message
    await guild.ann.edit(question, f"{guild.me} {LEASE}")
    after = guild.channel.last_message
    assert before is not None
    assert after is not None
    assert before.id == after.id
    assert answers(guild) == [SIGNED]
    await guild.ann.edit(question, f"{guild.me} {LEASE} ")
    assert answers(guild) == [SIGNED]


async def test_an_edited_question_does_not_go_on_from_what_it_was(
    guild: Guild, services: Services
) -> None:
    question = await guild.ann.send(guild.channel, f"{guild.me} {LEASE}")
    await guild.ann.edit(question, f"{guild.me} and of Norway?")
    exchange = services.records.by_question(question.id)
    assert exchange is not None
    assert exchange.rewritten == "and of Norway?"


async def test_an_edit_that_takes_the_mention_out_takes_the_answer_back(guild: Guild) -> None:
    question = await guild.ann.send(guild.channel, f"{guild.me} {LEASE}")
    assert answers(guild) == [SIGNED]
    await guild.ann.edit(question, "Never mind, I asked Ines.")
    assert answers(guild) == []
    await guild.ann.edit(question, f"{guild.me} {LEASE}")
    assert answers(guild) == [SIGNED]


async def test_an_edit_that_takes_the_mention_out_stops_what_is_in_work(full: Guild) -> None:
    question = full.channel.history()[-1]
    await full.ann.edit(question, "Never mind.")
    await full.env.settle()
    assert answers(full) == []


async def test_what_another_edits_away_much_later_is_taken_back_as_well(guild: Guild) -> None:
    question = await guild.ann.send(guild.channel, f"{guild.me} {LEASE}")
    await guild.env.advance_time(86_400)
    await guild.ann.edit(question, "Never mind.")
    assert answers(guild) == []


async def test_a_question_that_is_edited_much_later_is_left_alone(guild: Guild) -> None:
    question = await guild.ann.send(guild.channel, f"{guild.me} which helicopters fly?")
    before = answers(guild)
    await guild.env.advance_time(600)
    await guild.ann.edit(question, f"{guild.me} {LEASE}")
    assert answers(guild) == before


class _Interrupting:
    """An engine during whose answer something happens in Discord."""

    def __init__(self) -> None:
        self.meanwhile: Callable[[], None] = lambda: None
        self.loop = asyncio.get_running_loop()
        self.asked: list[str] = []

    def ask(self, question: str, documents: object = None, **_: Any) -> Response:
        self.asked.append(question)
        if len(self.asked) == 1:
            let_happen(self.loop, self.meanwhile)
        return ANSWER

    def search(self, query: str, k: int = 10, documents: object = None) -> None: ...


async def test_a_question_that_is_deleted_while_it_is_answered_gets_no_answer(
    indexed: Settings, guild: Guild
) -> None:
    engine = _Interrupting()
    await guild.env.restart_bot(bot_of(services_of(indexed, engine=engine)))  # type: ignore[arg-type]

    def delete() -> None:
        (message,) = guild.env.backend.messages[guild.channel.id]
        guild.env.backend.delete_message(guild.channel.id, message)

    engine.meanwhile = delete
    await guild.ann.send(guild.channel, f"{guild.me} {LEASE}")
    assert engine.asked == [LEASE]
    assert answers(guild) == []


FORCE = "who decides how long the force stays?"
HELICOPTERS = "which helicopters does Sweden own?"


async def _asked(guild: Guild, indexed: Settings, *held: str) -> tuple[Held, int]:
    """Return the engine, and the message of Ann's question about the lease after its answer."""
    engine = Held(engine_of(indexed), held)
    await guild.env.restart_bot(bot_of(services_of(indexed, engine=engine)))
    question = await guild.ann.send(guild.channel, f"{guild.me} {LEASE}")
    assert answers(guild) == [SIGNED]
    return engine, question.id


def _edit(guild: Guild, question: int, *wordings: str) -> None:
    """Edit a message several times at once, as after a resumed connection."""
    for wording in wordings:
        content = {"content": f"{guild.me} {wording}"}
        guild.env.backend.edit_message(guild.channel.id, question, content)


async def test_of_a_burst_of_edits_the_last_is_answered_once(
    indexed: Settings, guild: Guild
) -> None:
    engine, question = await _asked(guild, indexed)
    _edit(guild, question, HELICOPTERS, FORCE)
    await guild.env.settle()
    assert engine.asked == [LEASE, FORCE]
    (said,) = answers(guild)
    assert "Oslo decides alone" in said


async def test_a_question_that_is_edited_back_keeps_the_first_answer(
    indexed: Settings, guild: Guild
) -> None:
    engine, question = await _asked(guild, indexed, HELICOPTERS)
    with not_waiting(guild.env):
        _edit(guild, question, HELICOPTERS)
        await until(guild.env, lambda: HELICOPTERS in engine.asked)
        _edit(guild, question, LEASE)
        await guild.env.settle()
    engine.let.set()
    await guild.env.settle()
    assert answers(guild) == [SIGNED]
    assert engine.asked == [LEASE, HELICOPTERS]
    # What was dropped in the middle of its work is recorded, though nobody was shown it.
    _edit(guild, question, HELICOPTERS)
    await guild.env.settle()
    assert answers(guild)[-1].startswith(str(NO_ANSWER))


# Refusals


@pytest.mark.parametrize("may_react", [True, False])
async def test_a_refusal_that_cannot_be_sent_is_no_error(
    indexed: Settings, guild: Guild, caplog: pytest.LogCaptureFixture, may_react: bool
) -> None:
    """Whoever can be told in no other way, though the bot is busy with others, is told there."""
    engine = Held(engine_of(indexed), [LEASE])
    limits = AdmissionLimits(per_person=1, at_once=0)
    await guild.env.restart_bot(bot_of(services_of(indexed, engine=engine, limits=limits)))
    me = guild.env.bot.user
    assert me is not None
    rights = discord.PermissionOverwrite(add_reactions=may_react)
    channel = guild.handle.create_text_channel("asking", overwrites={me: rights})
    guild.env.inject_error("POST", "/channels/*/messages", status=403, code=50007)
    with not_waiting(guild.env):
        await guild.ann.send(channel, f"{guild.me} {LEASE}")
        await until(guild.env, lambda: engine.asked)
        for _ in range(2):
            await guild.ann.send(channel, f"{guild.me} {FORCE}")
        said = [seen(m) for m in channel.history() if m.author.mention == guild.me]
    told = "I am busy just now. Please try again in a second."
    assert said == ([] if may_react else [told])
    assert guild.ann.user.dm_channel.history() == []
    assert [one.getMessage() for one in caplog.records if one.levelname == "ERROR"] == []
    engine.let.set()
    await guild.env.settle()


@pytest.fixture
def held(indexed: Settings) -> Held:
    return Held(engine_of(indexed), [LEASE])


@pytest.fixture
async def full(indexed: Settings, held: Held, guild: Guild) -> AsyncIterator[Guild]:
    """A server in which Ann has a question in work, and may have no second one."""
    engine, limits = held, AdmissionLimits(per_person=1)
    await guild.env.restart_bot(bot_of(services_of(indexed, engine=engine, limits=limits)))
    with not_waiting(guild.env):
        await guild.ann.send(guild.channel, f"{guild.me} {LEASE}")
        await until(guild.env, lambda: engine.asked)
        yield guild
    engine.let.set()
    await guild.env.settle()


def reactions(message: Any) -> list[str]:
    return [str(each.emoji) for each in message.reactions]


async def test_who_floods_a_channel_is_told_alone_and_once(full: Guild) -> None:
    sent = [await full.ann.send(full.channel, f"{full.me} {FORCE} {n}") for n in range(7)]
    await until(full.env, lambda: full.ann.user.dm_channel.history())
    (told,) = full.ann.user.dm_channel.history()
    assert told.content.startswith("That was a lot of questions in a short time.")
    assert sent[0].jump_url in told.content
    assert answers(full) == []
    marks = {m.id: reactions(m) for m in full.channel.history()}
    assert [marks[m.id] for m in sent] == [["⏳"]] * 5 + [[], []]


async def test_no_direct_message_is_met_with_silence(full: Guild) -> None:
    """The first refusal is a sentence, others within a minute are hourglasses."""
    for number in range(3):
        await full.ann.send_dm(f"{FORCE} {number}")
    direct = full.ann.user.dm_channel

    def marks() -> list[list[str]]:
        return [reactions(m) for m in direct.history() if m.content.startswith(FORCE)]

    await until(full.env, lambda: marks() == [[], ["⏳"], ["⏳"]])
    assert len(direct.history()) == 4


async def test_the_hourglass_goes_once_the_message_is_edited_and_answered(
    held: Held, full: Guild
) -> None:
    sent = await full.ann.send(full.channel, f"{full.me} {FORCE}")
    await until(full.env, lambda: reactions(full.channel.history()[-1]))
    held.let.set()
    await until(full.env, lambda: answers(full))
    await full.ann.edit(sent, f"{full.me} {FORCE} Who?")
    await until(full.env, lambda: len(answers(full)) == 2)
    await full.env.settle()
    (question,) = (m for m in full.channel.history() if m.id == sent.id)
    assert reactions(question) == []


async def test_a_command_that_is_one_too_many_is_refused_to_its_asker_alone(full: Guild) -> None:
    done = await full.ann.slash(full.channel, "ask", question=FORCE)
    await until(full.env, lambda: done.response)
    assert done.response is not None
    assert done.response.ephemeral
    assert "a lot of questions" in done.response.content
    full.env.errors.clear()


# By command


async def test_the_command_shows_the_question_to_all(guild: Guild) -> None:
    done = await guild.ann.slash(guild.channel, "ask", question=LEASE)
    assert done.acknowledged
    assert not done.ephemeral
    assert done.response is not None
    assert seen(done.response) == f"Question: **{LEASE}**\n{SIGNED}"


async def test_private_is_for_their_eyes_only(guild: Guild) -> None:
    done = await guild.ann.slash(guild.channel, "ask", question=LEASE, private=True)
    assert done.ephemeral
    assert guild.channel.history(viewer=guild.bob) == []


async def test_within_one_document(guild: Guild) -> None:
    question = "who decides how long the force stays?"
    found = await guild.ann.slash(
        guild.channel, "ask", question=question, document="norway/force.md"
    )
    assert found.response is not None
    assert "Oslo decides alone" in seen(found.response)
    other = await guild.ann.slash(guild.channel, "ask", question=question, document="warehouse.txt")
    assert other.response is not None
    assert "I found nothing close" in seen(other.response)


async def test_documents_are_offered_while_typing(guild: Guild) -> None:
    offered = await guild.ann.autocomplete(guild.channel, "ask", "document", "norwa", question="x")
    assert [(c["name"], c["value"]) for c in offered] == [
        ("Norway's force (norway/force.md)", "norway/force.md")
    ]


async def test_an_unknown_document_is_a_sentence(guild: Guild) -> None:
    done = await guild.ann.slash(guild.channel, "ask", question=LEASE, document="the warehuose")
    told = done.response
    assert told is not None
    assert told.ephemeral
    assert told.content == (
        "I am not sure which document “the warehuose” is. Did you mean warehouse.txt? "
        "`/documents` lists them all."
    )
    assert guild.channel.history(viewer=guild.bob) == []
    assert len(guild.env.errors) == 1


async def test_a_question_as_long_as_a_page_is_refused(guild: Guild) -> None:
    done = await guild.ann.slash(guild.channel, "ask", question="w" * 6_000)
    assert done.response is not None
    assert done.response.content == (
        "The question has 6,000 characters; 2,000 is the most. Ask for one thing at a time."
    )
    assert len(guild.env.errors) == 1


async def test_before_anything_is_indexed(settings: Settings, guild: Guild) -> None:
    elsewhere = settings.model_copy(update={"index": settings.index / "none"})
    await guild.env.restart_bot(bot_of(services_of(elsewhere)))
    await guild.ann.send(guild.channel, f"{guild.me} {LEASE}")
    assert answers(guild) == [
        "I have not read any documents yet. An admin has me read them with `/reindex`."
    ]


async def test_a_document_s_words_do_nothing_in_discord(guild: Guild) -> None:
    await guild.ann.send(guild.channel, f"{guild.me} The password is hunter2 and code")
    answer = guild.channel.last_message
    assert answer is not None
    assert "\\|\\|hunter2\\|\\|" in seen(answer)
    assert not answer.mention_everyone
    assert answer.mentions == []


async def test_a_defect_is_told_by_number_and_logged(
    indexed: Settings, guild: Guild, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken:
        def ask(self, question: str, documents: object = None, **_: object) -> Response:
            raise ZeroDivisionError("secret")

        def search(self, query: str, k: int = 10, documents: object = None) -> None: ...

    broken: QuestionEngine = Broken()  # type: ignore[assignment]
    await guild.env.restart_bot(bot_of(services_of(indexed, engine=broken)))
    await guild.ann.send(guild.channel, f"{guild.me} {LEASE}")
    (said,) = answers(guild)
    number = said.rsplit(" ", 1)[1]
    assert said == unexpected(number)
    assert f"Error {number}" in caplog.text
