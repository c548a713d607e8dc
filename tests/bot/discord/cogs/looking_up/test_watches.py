"""Watching: the button, what is told after a reindex and to whom, and /watches."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
import simcord
from simcord.enums import ChannelType

from bot.access import CLOSED, Audience, Policy
from bot.chat.watching import NOT_TO_BE_WATCHED
from bot.config.settings import Settings
from bot.discord.cogs.looking_up.watches import (
    ENDED,
    ENDED_ALREADY,
    HERE_NOW,
    STILL_NOT,
    TOLD_AT_ONCE,
    TOO_MANY,
    Watches,
)
from bot.discord.gateway.client import BriefingBot
from bot.discord.rendering.answers.answers import TELL_ANSWER, TELL_CHANGE
from bot.discord.rendering.answers.watches import ANSWERED_NOW, NOTHING_WATCHED
from bot.errors import RecordsBlocked
from bot.localization import LazyText
from bot.records.parts.watches import MOST_WATCHES, Watch
from bot.services import Services
from testing.services import BRIEFINGS, bot_of, services_of
from tests.bot.discord.conftest import Guild
from tests.bot.discord.helpers.actions import replay
from tests.bot.discord.helpers.briefings import forged, reindex
from tests.bot.discord.helpers.canned import Canned
from tests.bot.discord.helpers.visible_text import seen

LEASE = "who signs the lease of the warehouse?"
HARBOUR = "who paints the harbour mast?"
OLD = "The lease of the warehouse is signed by Ines Vidal."
NEW = "The lease of the warehouse is signed by Olga Karsk."
CHANGED = {"warehouse.txt": f"The Karsk warehouse\n\n{NEW} Its roof was mended in May.\n"}
MAST = {"harbour.md": "# Harbour\n\nThe harbour mast paints who, is said by Ivar.\n"}


def cog_of(guild: Guild) -> Watches:
    bot = guild.env.bot
    assert isinstance(bot, BriefingBot)
    found = bot.get_cog("Watches")
    assert isinstance(found, Watches)
    return found


async def looked_at(guild: Guild) -> None:
    assert await cog_of(guild).keep()


async def begin(
    guild: Guild,
    member: simcord.MemberActor,
    question: str = LEASE,
    label: LazyText | str = TELL_CHANGE,
) -> simcord.InteractionResult:
    """Let Ann ask in the channel, and the member click the button below the answer."""
    await guild.ann.send(guild.channel, f"{guild.me} {question}")
    answer = guild.channel.last_message
    assert answer is not None
    return await member.click(answer, label=str(label))


def told(member: simcord.MemberActor) -> list[str]:
    """Return what the bot wrote to somebody directly, the oldest first."""
    if member.id not in member._env.backend.dm_channels:
        return []
    return [seen(one) for one in member.user.dm_channel.history() if one.author.bot]


def said(done: simcord.InteractionResult) -> str:
    assert done.response is not None
    return seen(done.response)


def watch_of(services: Services, member: simcord.MemberActor) -> Watch:
    (watch,) = services.records.watches.of_person(member.id)
    return watch


def hiding(guild: Guild, indexed: Settings, *folders: str) -> tuple[Services, simcord.RoleHandle]:
    """Return services that keep folders for one role, and that role."""
    role = guild.handle.create_role("Planner")
    audience = Audience(roles=frozenset({role.id}))
    policy = Policy(
        guilds=frozenset({guild.handle.id}), folders=tuple((folder, audience) for folder in folders)
    )
    return services_of(indexed, policy=policy), role


# What is told


async def test_what_ended_while_it_was_looked_at_is_told_to_nobody(
    guild: Guild, indexed: Settings
) -> None:
    """A look waits in line behind those of others, and people change their minds meanwhile."""
    await begin(guild, guild.bob)
    services = cog_of(guild).services
    look = services.watching.look

    async def looked(*given: Any, **more: Any) -> object:
        found = await look(*given, **more)
        services.records.forget_person(guild.bob.id)
        return found

    reindex(indexed, CHANGED)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(services.watching, "look", looked)
        await looked_at(guild)
    assert not told(guild.bob)
    assert not services.records.of_person(guild.bob.id).exchanges


async def test_what_is_for_all_there_meanwhile_is_told_there(
    guild: Guild, indexed: Settings
) -> None:
    await begin(guild, guild.bob)
    services = cog_of(guild).services
    look = services.watching.look

    async def looked(watch: Watch, *given: Any, **more: Any) -> object:
        found = await look(watch, *given, **more)
        if not watch.is_here:
            services.records.watches.tell_here(watch.id, watch.baseline)
        return found

    reindex(indexed, CHANGED)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(services.watching, "look", looked)
        await looked_at(guild)
    assert not told(guild.bob)
    assert guild.channel.last_message is not None
    assert NEW in seen(guild.channel.last_message)


async def test_a_change_is_told_once_with_old_beside_new(guild: Guild, indexed: Settings) -> None:
    done = await begin(guild, guild.bob)
    assert done.ephemeral
    assert said(done).startswith("**I will write to you when this changes.**")
    assert "For that I keep your question and what I showed you" in said(done)
    reindex(indexed, CHANGED)
    await looked_at(guild)
    (message,) = told(guild.bob)
    assert message.startswith(f"**What you watch has changed.**\nQuestion: **{LEASE}**")
    assert message.index(OLD) < message.index(NEW)
    assert message.endswith("[👍] | [👎] | [Stop watching]")
    direct = guild.bob.user.dm_channel.last_message
    assert direct is not None
    opened = await guild.bob.user.click(direct, label="Source")
    assert NEW in said(opened)
    assert not told(guild.ann)
    await looked_at(guild)
    reindex(indexed, {"other.md": "# Bread\n\nBread is baked daily.\n"})
    await looked_at(guild)
    assert len(told(guild.bob)) == 1
    reindex(indexed, {"warehouse.txt": BRIEFINGS["warehouse.txt"]})
    await looked_at(guild)
    assert len(told(guild.bob)) == 2


@pytest.mark.parametrize(
    "documents",
    [
        {"warehouse.txt": f"The Karsk warehouse\n\nA new line. Two.\n\n{OLD}\nIts roof leaks.\n"},
        {"warehouse.txt": None, "store/warehouse.txt": BRIEFINGS["warehouse.txt"]},
        {"bread.md": "# Bread\n\nThe bread is baked daily by Olga.\n"},
        {"warehouse.txt": f"{BRIEFINGS['warehouse.txt']}\nThe yard has two gates.\n"},
    ],
    ids=["another place", "another name", "another document", "more below"],
)
async def test_what_is_no_change_is_not_told(
    guild: Guild, indexed: Settings, documents: dict[str, str | None]
) -> None:
    await begin(guild, guild.bob)
    reindex(indexed, documents)
    await looked_at(guild)
    assert not told(guild.bob)
    reindex(indexed, {"warehouse.txt": CHANGED["warehouse.txt"]})
    await looked_at(guild)
    assert len(told(guild.bob)) == 1


async def test_only_what_may_be_answered_otherwise_is_asked(
    guild: Guild, indexed: Settings
) -> None:
    engine = Canned(indexed, {})
    await guild.env.restart_bot(bot_of(services_of(indexed, engine=engine)))
    await begin(guild, guild.bob)
    asked = len(engine.asked)
    reindex(indexed, {"bread.md": "# Bread\n\nOlga bakes daily.\n"})
    await looked_at(guild)
    assert len(engine.asked) == asked + 1  # the corpus is small: all bears on the question
    reindex(indexed, {"bread.md": "# Bread\n\nOlga bakes daily.\n\n"})
    await looked_at(guild)
    assert len(engine.asked) == asked + 1
    reindex(indexed, CHANGED)
    await looked_at(guild)
    assert len(engine.asked) == asked + 2


async def test_the_first_answer_to_what_was_silent_ends_the_watch(
    guild: Guild, indexed: Settings, services: Services
) -> None:
    done = await begin(guild, guild.bob, HARBOUR, str(TELL_ANSWER))
    assert "**I will write to you once the documents answer this.**" in said(done)
    await looked_at(guild)
    reindex(indexed, {"bread.md": "# Bread\n\nThe bread is baked daily by Olga.\n"})
    await looked_at(guild)
    assert not told(guild.bob)
    reindex(indexed, MAST)
    await looked_at(guild)
    (message,) = told(guild.bob)
    assert message.startswith(f"{ANSWERED_NOW}\nQuestion: **{HARBOUR}**")
    assert "is said by Ivar" in message
    assert message.endswith(f"[{TELL_CHANGE}]")
    assert not services.records.watches.all()


async def test_what_is_answered_by_now_is_told_at_once(
    guild: Guild, indexed: Settings, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A click waits for no idle moment, which may not come while its interaction lives."""

    async def never(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(services.admission, "run_idle", never)
    await guild.ann.send(guild.channel, f"{guild.me} {HARBOUR}")
    answer = guild.channel.last_message
    assert answer is not None
    reindex(indexed, MAST)
    assert said(await guild.bob.click(answer, label=str(TELL_ANSWER))) == TOLD_AT_ONCE
    assert "is said by Ivar" in told(guild.bob)[0]


async def test_a_document_that_replaces_another_is_named(
    guild: Guild, indexed: Settings, services: Services
) -> None:
    await begin(guild, guild.bob)
    services.records.decided.decide_succession(
        "warehouse.txt", "yard.md", confirmed=True, person=guild.ada.id
    )
    reindex(indexed, {"yard.md": "# The new yard\n\nIt has two gates.\n"})
    await looked_at(guild)
    assert "**The Karsk warehouse** is replaced by **The new yard**." in told(guild.bob)[0]
    await looked_at(guild)
    reindex(indexed, {"bread.md": "# Bread\n\nBread.\n"})
    await looked_at(guild)
    assert len(told(guild.bob)) == 1


async def test_what_does_not_stand_alone_is_not_watched(guild: Guild, services: Services) -> None:
    asked = await guild.ann.slash(guild.channel, "ask", question="when does it end?")
    (exchange,) = services.records.of_person(guild.ann.id).exchanges
    assert "Tell me when" not in said(asked)
    assert await forged(guild, guild.ann, f"w:{exchange.id}") == NOT_TO_BE_WATCHED
    assert not services.records.watches.all()


# Rights


@pytest.mark.parametrize("way", ["removed", "closed"])
async def test_words_of_a_document_that_is_gone_are_not_shown(
    guild: Guild, indexed: Settings, way: str
) -> None:
    """Whether it was removed or closed cannot be told."""
    services, _ = hiding(guild, indexed, "secret/")
    await guild.env.restart_bot(bot_of(services))
    await begin(guild, guild.bob)
    moved = {"secret/warehouse.txt": BRIEFINGS["warehouse.txt"]} if way == "closed" else {}
    reindex(indexed, {"warehouse.txt": None, **moved})
    await looked_at(guild)
    (message,) = told(guild.bob)
    assert message.startswith("**The documents no longer say what you watch.**")
    assert "Some of what I showed you is no longer among what I can show you." in message
    assert "Vidal" not in message
    assert "warehouse.txt" not in message


async def test_a_document_that_is_hidden_makes_no_difference(
    guild: Guild, indexed: Settings
) -> None:
    """Neither is anything told, nor is the question asked again."""
    engine = Canned(indexed, {})
    role = guild.handle.create_role("Planner")
    policy = Policy(
        guilds=frozenset({guild.handle.id}),
        folders=(("plans/", Audience(roles=frozenset({role.id}))), ("none/", CLOSED)),
    )
    services = services_of(indexed, policy=policy, engine=engine)
    await guild.env.restart_bot(bot_of(services))
    await begin(guild, guild.bob)
    await begin(guild, guild.bob, HARBOUR, str(TELL_ANSWER))
    before = [replace(one, checked=0) for one in services.records.watches.all()]
    asked = len(engine.asked)
    hidden = {f"plans/{name}": text for name, text in {**CHANGED, **MAST}.items()}
    reindex(indexed, {**hidden, "none/lease.txt": CHANGED["warehouse.txt"]})
    await looked_at(guild)
    assert not told(guild.bob)
    assert len(engine.asked) == asked
    assert [replace(one, checked=0) for one in services.records.watches.all()] == before
    guild.env.backend.add_member_role(guild.handle.id, guild.bob.id, role.id)
    reindex(indexed, {"bread.md": "# Bread\n\nBread.\n"})
    await looked_at(guild)
    assert len(told(guild.bob)) == 2


async def test_who_left_the_server_is_told_nothing(
    guild: Guild, indexed: Settings, services: Services
) -> None:
    await begin(guild, guild.bob)
    reindex(indexed, CHANGED)
    guild.handle.remove_member(guild.bob)
    await looked_at(guild)
    assert not services.records.watches.all()
    assert guild.bob.id not in guild.env.backend.dm_channels


async def test_where_the_bot_is_removed_watches_end(guild: Guild, services: Services) -> None:
    await begin(guild, guild.bob)
    await cog_of(guild).on_guild_remove(guild.env.bot.guilds[0])
    assert not services.records.watches.all()


async def test_while_discord_does_not_say_who_is_a_member_nothing_is_told(
    guild: Guild, indexed: Settings, services: Services
) -> None:
    await begin(guild, guild.bob)
    reindex(indexed, CHANGED)
    guild.env.inject_error("GET", "/guilds/*/members/*", status=403, code=50001)
    assert not await cog_of(guild).keep()
    assert not told(guild.bob)
    await looked_at(guild)
    assert len(told(guild.bob)) == 1


# Told once, whatever happens


async def test_a_crash_after_it_was_sent_does_not_tell_it_twice(
    guild: Guild, indexed: Settings, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    await begin(guild, guild.bob)
    reindex(indexed, CHANGED)
    with monkeypatch.context() as broken:
        path = services.settings.records
        broken.setattr(services.records.watches, "told", _raising(RecordsBlocked(path, "killed")))
        assert not await cog_of(guild).keep()
    assert len(told(guild.bob)) == 1
    await looked_at(guild)
    assert len(told(guild.bob)) == 1
    assert watch_of(services, guild.bob).telling is None


async def test_a_crash_before_it_was_sent_loses_nothing(
    guild: Guild, indexed: Settings, services: Services
) -> None:
    await begin(guild, guild.bob)
    reindex(indexed, CHANGED)
    guild.env.inject_error("POST", "/channels/*/messages", status=400, code=0)
    assert not await cog_of(guild).keep()
    assert watch_of(services, guild.bob).telling is not None
    assert not told(guild.bob)
    await looked_at(guild)
    assert len(told(guild.bob)) == 1


async def test_after_a_restart_the_watch_goes_on(guild: Guild, indexed: Settings) -> None:
    await begin(guild, guild.bob)
    reindex(indexed, CHANGED)
    await guild.env.restart_bot(bot_of(services_of(indexed)))
    await looked_at(guild)
    assert len(told(guild.bob)) == 1


def _raising(error: Exception) -> Any:
    def work(*_: object) -> None:
        raise error

    return work


async def test_who_takes_no_direct_messages_finds_it_in_the_list(
    guild: Guild, indexed: Settings, services: Services
) -> None:
    await begin(guild, guild.bob)
    reindex(indexed, CHANGED)
    guild.env.inject_error("POST", "/channels/*/messages", status=403, code=50007)
    await looked_at(guild)
    assert watch_of(services, guild.bob).is_untold
    shown = await guild.bob.slash(guild.channel, "watches")
    assert "⚠️ It has changed, and I could not write to you." in said(shown)
    guild.env.inject_error("POST", "/channels/*/messages", status=403, code=50007)
    assert shown.response is not None
    again = await guild.bob.click(shown.response, label="Write 1 to me now")
    assert said(again) == STILL_NOT
    await guild.bob.click(shown.response, label="Write 1 to me now")
    assert NEW in told(guild.bob)[0]
    assert not watch_of(services, guild.bob).is_untold


# In a thread


async def test_a_thread_is_told_by_what_its_readers_may_see(
    guild: Guild, indexed: Settings
) -> None:
    services, role = hiding(guild, indexed, "plans/")
    await guild.env.restart_bot(bot_of(services))
    guild.env.backend.add_member_role(guild.handle.id, guild.bob.id, role.id)
    begun = guild.env.backend.create_thread(
        guild.channel.id, "lease", guild.ann.id, type=ChannelType.PUBLIC_THREAD
    )
    thread = simcord.ChannelHandle(guild.env, guild.handle, begun)
    await guild.ann.send(thread, f"{guild.me} {LEASE}")
    answer = thread.last_message
    assert answer is not None
    done = await guild.bob.click(answer, label=str(TELL_CHANGE))
    assert done.response is not None
    here = await guild.bob.click(done.response, label="Tell everybody in this thread instead")
    assert said(here).startswith(str(HERE_NOW))
    reindex(indexed, {"plans/lease.txt": CHANGED["warehouse.txt"]})
    await looked_at(guild)
    assert thread.last_message.id == answer.id  # type: ignore[union-attr]
    reindex(indexed, CHANGED)
    await looked_at(guild)
    message = thread.last_message
    assert message is not None
    assert seen(message).startswith(f"<@{guild.bob.id}> **What you watch has changed.**")
    assert not told(guild.bob)


# The list, and its end


async def test_the_list_ends_watches(guild: Guild, services: Services) -> None:
    assert said(await guild.bob.slash(guild.channel, "watches")) == NOTHING_WATCHED
    done = await begin(guild, guild.bob)
    await begin(guild, guild.bob, HARBOUR, str(TELL_ANSWER))
    await begin(guild, guild.bob)  # the same once more
    shown = await guild.bob.slash(guild.channel, "watches")
    assert shown.ephemeral
    assert said(shown).startswith(f"**You watch 2 questions**\n\n**1.** {LEASE}\nWatched for")
    assert "Watched until the documents answer it." in said(shown)
    assert said(shown).endswith("[Stop 1] | [Stop 2]")
    assert said(await guild.ann.slash(guild.channel, "watches")) == NOTHING_WATCHED
    assert shown.response is not None
    number = watch_of_question(services, LEASE).id
    stolen = await replay(guild.ann, done.response._message, f"w:end:{number}")  # type: ignore[union-attr]
    assert said(stolen) == ENDED_ALREADY
    assert said(await guild.bob.click(shown.response, label="Stop 1")) == ENDED
    assert watch_of(services, guild.bob).question == HARBOUR
    assert said(await guild.bob.click(shown.response, label="Stop 1")) == ENDED_ALREADY


def watch_of_question(services: Services, question: str) -> Watch:
    return next(one for one in services.records.watches.all() if one.question == question)


async def test_there_are_only_so_many_of_a_person(guild: Guild, services: Services) -> None:
    await begin(guild, guild.bob)
    watch = watch_of(services, guild.bob)
    for number in range(1, MOST_WATCHES):
        assert services.records.watches.add(replace(watch, question=f"Question {number}?"))
    assert services.records.watches.add(replace(watch, question="One more?")) is None
    assert said(await begin(guild, guild.bob, HARBOUR, str(TELL_ANSWER))) == TOO_MANY.format(
        most=MOST_WATCHES
    )
    page = await guild.bob.slash(guild.channel, "watches")
    assert said(page).count("**2") == 1
    assert "(Page 1 of 5)" in said(page)
    assert page.response is not None
    last = await guild.bob.click(page.response, label="Next page")
    assert "**6.** Question 5?" in said(last)


async def test_forget_me_ends_watches_of_and_on_a_person_s_words(
    guild: Guild, services: Services
) -> None:
    await begin(guild, guild.bob)
    await begin(guild, guild.ann, HARBOUR, str(TELL_ANSWER))
    asked = await guild.bob.slash(guild.channel, "forget-me")
    assert "- 1 question that you watch: its words, and what I showed you" in said(asked)
    assert asked.response is not None
    await guild.bob.click(asked.response, label="Delete it")
    assert [one.person for one in services.records.watches.all()] == [guild.ann.id]
    await begin(guild, guild.bob)
    services.records.forget_person(guild.ann.id)  # who asked it
    assert not services.records.watches.all()


async def test_words_are_kept_with_a_watch_alone(guild: Guild, services: Services) -> None:
    path = services.settings.records / "records.sqlite"

    def holds(words: str) -> bool:
        return any(words.encode() in file.read_bytes() for file in path.parent.glob("records*"))

    done = await begin(guild, guild.bob)
    assert holds(LEASE)
    assert done.response is not None
    await guild.bob.click(done.response, label="Stop watching")
    assert not holds(LEASE)


async def test_no_message_names_a_json_surprise(guild: Guild, services: Services) -> None:
    """What is stored comes back as it was."""
    await begin(guild, guild.bob)
    watch = watch_of(services, guild.bob)
    assert watch.baseline.shown[0].quote == OLD
    assert services.records.watches.get(watch.id, guild.bob.id) == watch
    assert json.dumps(watch.question)
