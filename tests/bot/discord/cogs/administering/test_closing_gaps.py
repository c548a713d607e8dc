"""Open questions that a reindex answers: out of /gaps, shown as closed, and told in the log."""

from __future__ import annotations

import gc
import re
from typing import Any

import discord
import pytest
import simcord

from bot.access import Audience, Policy
from bot.chat.watching import GapLook
from bot.config.guilds import GuildBook, GuildSettings
from bot.config.settings import Settings
from bot.discord.cogs.administering.closing_gaps import ClosingGaps
from bot.discord.rendering.answers.answers import TELL_ANSWER
from bot.errors import Busy
from bot.records import Exchange, Mark, UnsatisfiedQuestion
from bot.services import Services
from testing.services import BRIEFINGS, bot_of, services_of
from tests.bot.discord.conftest import Guild
from tests.bot.discord.helpers.briefings import reindex
from tests.bot.discord.helpers.canned import Canned
from tests.bot.discord.helpers.visible_text import seen

MAST = "who paints the harbour mast?"
FERRY = "which ferry brings the bread?"
LEASE = "who signs the lease of the warehouse?"
HARBOUR = {"harbour.md": "# Harbour rules\n\nWho paints the harbour mast is said by Ivar.\n"}


SETTINGS = {"keep_questions_days": 30}


async def closing_of(guild: Guild, services: Services) -> ClosingGaps:
    bot = bot_of(services)
    await guild.env.restart_bot(bot)
    found = bot.get_cog("ClosingGaps")
    assert isinstance(found, ClosingGaps)
    return found


async def gaps(guild: Guild, member: simcord.MemberActor | None = None) -> str:
    shown = await (member or guild.ada).slash(guild.channel, "gaps")
    assert shown.response is not None
    return re.sub(r"<t:\d+:R>", "<moment>", seen(shown.response))


async def ask(guild: Guild, *questions: str, private: bool = False) -> None:
    for question in questions:
        await guild.ann.slash(guild.channel, "ask", question=question, private=private)


async def test_what_is_answered_now_is_closed(guild: Guild, indexed: Settings) -> None:
    log = guild.handle.create_text_channel("log")
    book = GuildBook(GuildSettings(audit_channel=log.id), {})
    cog = await closing_of(guild, services_of(indexed, guilds=book))
    await ask(guild, MAST, FERRY)
    await cog.close()
    assert log.last_message is None
    reindex(indexed, HARBOUR)
    await cog.close()
    message = log.last_message
    assert message is not None
    assert message.content == (
        "**1 of 2 open questions are closed** by **Harbour rules**. `/gaps` shows what is left."
    )
    assert await gaps(guild) == (
        "**1 question of the last 30 days went without a sure answer or was marked down**, most "
        f"frequent first.\n\n**1×** {FERRY} (last <moment>)\nClose to it: "
        "**Norway's force** › Terms. What is missing would belong there.\n[Done]\n(Page 1 of 2)\n"
        "(Previous page) | [Next page]"
    )
    shown = await guild.ada.slash(guild.channel, "gaps")
    assert shown.response is not None
    last = await guild.ada.click(shown.response, label="Next page")
    assert last.response is not None
    assert (
        f"**1 more was open, and is answered by now**\n✅ {MAST} – answered by **Harbour rules**\n"
    ) in seen(last.response)
    await cog.close()
    assert log.last_message.id == message.id


async def test_what_closed_it_is_gone_again(guild: Guild, indexed: Settings) -> None:
    cog = await closing_of(guild, services_of(indexed))
    await ask(guild, MAST)
    reindex(indexed, HARBOUR)
    await cog.close()
    assert "is answered by now" in await gaps(guild)
    reindex(indexed, {"harbour.md": None})
    assert f"**1×** {MAST}" in await gaps(guild)
    await cog.close()
    assert f"**1×** {MAST}" in await gaps(guild)


async def test_only_what_may_be_answered_now_is_asked_again(
    guild: Guild, indexed: Settings
) -> None:
    engine = Canned(indexed, {})
    cog = await closing_of(guild, services_of(indexed, engine=engine))
    await ask(guild, MAST, MAST)
    for documents, asked in (
        ({}, 1),  # once for both
        ({"bread.md": "# Bread\n\nOlga bakes.\n"}, 1),
        ({"bread.md": "# Bread\n\nOlga bakes.\n\n"}, 0),
    ):
        before = len(engine.asked)
        reindex(indexed, documents)
        await cog.close()
        assert len(engine.asked) == before + asked


async def test_the_questions_are_not_all_in_memory_at_once(
    guild: Guild, indexed: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last one may have its turn in hours; what was forgotten by then is not asked."""
    services = services_of(indexed)
    cog = await closing_of(guild, services)
    await ask(guild, MAST, LEASE, FERRY)
    await guild.bob.slash(guild.channel, "ask", question="which harbour has a crane?")
    asked: list[str] = []
    look = services.watching.look_at_gap

    def in_memory() -> int:
        gc.collect()
        return sum(type(each) is UnsatisfiedQuestion for each in gc.get_objects())

    # Other tests of this process may have left some.
    before = in_memory()

    async def looked(exchange: Exchange, *given: Any) -> GapLook | None:
        asked.append(exchange.rewritten)
        services.records.forget_person(guild.bob.id)
        assert in_memory() <= before + 1
        return await look(exchange, *given)

    monkeypatch.setattr(services.watching, "look_at_gap", looked)
    await cog.close()
    assert asked == [MAST, FERRY]


async def test_it_ends_with_the_bot(
    guild: Guild, indexed: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    services = services_of(indexed)
    cog = await closing_of(guild, services)
    await ask(guild, MAST, FERRY)
    await services.admission.close(0)
    with pytest.raises(Busy):
        await cog.close()
    assert "could not be asked" not in caplog.text


async def test_an_answer_that_did_not_help_is_closed_by_another(
    guild: Guild, indexed: Settings
) -> None:
    services = services_of(indexed)
    cog = await closing_of(guild, services)
    await ask(guild, LEASE)
    (asked,) = services.records.of_person(guild.ann.id).exchanges
    services.records.rate(asked.id, guild.ann.id, Mark.DOWN)
    await cog.close()
    assert f"**1×** {LEASE}" in await gaps(guild)
    text = BRIEFINGS["warehouse.txt"].replace("Ines Vidal", "Olga Karsk")
    reindex(indexed, {"warehouse.txt": text})
    await cog.close()
    assert "is answered by now" in await gaps(guild)


async def test_a_hidden_document_closes_nothing_for_others(guild: Guild, indexed: Settings) -> None:
    """Neither what is asked in public, nor, for admins who may not see it, what is asked alone."""
    role = guild.handle.create_role("Planner")
    guild.env.backend.add_member_role(guild.handle.id, guild.ann.id, role.id)
    policy = Policy(
        guilds=frozenset({guild.handle.id}),
        folders=(("plans/", Audience(roles=frozenset({role.id}))),),
    )
    log = guild.handle.create_text_channel("log")
    book = GuildBook(GuildSettings(audit_channel=log.id), {})
    engine = Canned(indexed, {})
    services = services_of(indexed, policy=policy, guilds=book, engine=engine)
    cog = await closing_of(guild, services)
    await ask(guild, MAST)
    await ask(guild, MAST, private=True)
    await cog.close()
    before = await gaps(guild)
    reindex(indexed, {f"plans/{name}": text for name, text in HARBOUR.items()})
    await cog.close()
    assert await gaps(guild) == before
    assert log.last_message is None
    harbour = {"plans/harbour.md"}
    closed = services.records.closed_gaps.closed_by(harbour)
    assert [*closed.values()] == [("plans/harbour.md",)]  # for Ann alone
    services.records.forget_document("plans/harbour.md")
    assert not services.records.closed_gaps.closed_by(harbour)


async def test_the_log_counts_what_all_its_readers_may_read(
    guild: Guild, indexed: Settings
) -> None:
    role = guild.handle.create_role("Planner")
    me = guild.env.bot.user
    assert me is not None
    log = guild.handle.create_text_channel("log")
    hidden = discord.PermissionOverwrite(view_channel=False)
    seen_by = discord.PermissionOverwrite(view_channel=True)
    inner = guild.handle.create_text_channel(
        "inner", overwrites={guild.handle.default_role: hidden, role: seen_by}
    )
    guild.env.backend.add_member_role(guild.handle.id, guild.ann.id, role.id)
    book = GuildBook(GuildSettings(audit_channel=log.id), {})
    cog = await closing_of(guild, services_of(indexed, guilds=book))
    await guild.ann.slash(inner, "ask", question=MAST)
    reindex(indexed, HARBOUR)
    await cog.close()
    assert log.last_message is None
    await ask(guild, FERRY)
    await guild.ann.slash(inner, "ask", question="which harbour has a crane?")
    reindex(
        indexed,
        {
            "ferry.md": "# Ferries\n\nWhich ferry brings the bread is said by Olga.\n",
            "crane.md": "# Cranes\n\nWhich harbour has a crane is said by Olga.\n",
        },
    )
    await cog.close()
    message = log.last_message
    assert message is not None
    assert message.content.startswith("**1 of 1 open question is closed** by **Ferries**.")


async def test_who_waits_for_an_answer_is_told_as_well(guild: Guild, indexed: Settings) -> None:
    services = services_of(indexed)
    cog = await closing_of(guild, services)
    asked = await guild.ann.slash(guild.channel, "ask", question=MAST)
    assert asked.response is not None
    await guild.ann.click(asked.response, label=str(TELL_ANSWER))
    reindex(indexed, HARBOUR)
    await cog.close()
    watches = cog.bot.get_cog("Watches")
    assert watches is not None
    assert await watches.keep()  # type: ignore[attr-defined]
    told = guild.ann.user.dm_channel.last_message
    assert told is not None
    assert "is said by Ivar" in seen(told)
