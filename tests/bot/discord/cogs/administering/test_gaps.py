"""/gaps, as admins see it."""

from __future__ import annotations

import re
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

import discord
import pytest
from simcord.backend.models import Overwrite
from simcord.enums import ChannelType, OverwriteType

from bot import messages
from bot.config.settings import Settings
from bot.discord.ui.paging import NEXT_PAGE, PREVIOUS_PAGE
from bot.records import Fault, Mark, Records
from bot.services import Services
from testing.layouts import walked
from testing.services import bot_of, services_of
from tests.bot.discord.conftest import Guild
from tests.bot.discord.helpers.actions import as_it_is, ids_of, press, replay, take_away
from tests.bot.discord.helpers.recorded import hiding_norway, plain, rate, unanswered
from tests.bot.discord.helpers.visible_text import seen

LEASE = "who signs the lease of the warehouse?"
HELICOPTERS = "which helicopters does Sweden own?"


SETTINGS = {"keep_questions_days": 365}


def asked(text: str) -> str:
    """Return the text without where answers would belong, and without the buttons beside gaps."""
    beside = r"\n(?:Close to it: |Nothing close|Nothing in the documents )[^\n]*|\n\[Done\]"
    return re.sub(beside, "", plain(text))


def with_id(message: Any, custom_id: str) -> Any:
    """Return the message with another id at its first button, as somebody might forge it."""
    forged = deepcopy(message)
    button: Any = next(one for one in walked(forged.components) if "custom_id" in one)
    button["custom_id"] = custom_id
    return forged


async def test_questions_are_grouped_by_likeness(guild: Guild, services: Services) -> None:
    for who, question in (
        (guild.ann, HELICOPTERS),
        (guild.bob, "which helicopters does *Sweden* own"),
        (guild.ann, LEASE),
    ):
        await who.slash(guild.channel, "ask", question=question)
    rated = rate(services, guild, Mark.DOWN, "That was in *May*")
    services.records.rate(rated.id, guild.ada.id, Mark.DOWN, fault=Fault.OUTDATED)
    shown = await guild.ada.slash(guild.channel, "gaps")
    assert shown.ephemeral
    assert asked(seen(shown.response)) == (
        "**3 questions of the last 30 days went without a sure answer or were marked down**, most"
        " frequent first.\n\n"
        "**2×** which helicopters does \\*Sweden\\* own (last <moment>)\n\n"
        "**1×** who signs the lease of the warehouse? (last <moment>)\n"
        "👎 1 outdated\n"
        "👎 That was in \\*May\\*"
    )


async def test_without_gaps(guild: Guild) -> None:
    await guild.ann.slash(guild.channel, "ask", question=LEASE)
    shown = await guild.ada.slash(guild.channel, "gaps", days=1)
    assert seen(shown.response) == (
        "**No question of the last day went without a sure answer or was marked down.**"
    )


async def test_only_so_many_days(guild: Guild, services: Services) -> None:
    old = Records(
        services.settings.records / "records.sqlite",
        clock=lambda: datetime.now(UTC) - timedelta(days=8),
        keep_questions=True,
    )
    unanswered(old, guild, HELICOPTERS)
    old.close()
    week = await guild.ada.slash(guild.channel, "gaps", days=7)
    assert "No question" in seen(week.response)
    more = await guild.ada.slash(guild.channel, "gaps", days=9)
    assert "helicopters" in seen(more.response)


async def test_words_that_were_not_for_all_are_counted_and_not_shown(
    guild: Guild, services: Services
) -> None:
    await guild.ann.slash(guild.channel, "ask", question=HELICOPTERS, private=True)
    closed = guild.handle.create_text_channel(
        "staff",
        overwrites={guild.handle.default_role: discord.PermissionOverwrite(view_channel=False)},
    )
    unanswered(services.records, guild, "Who is to be dismissed?", channel=closed.id)
    unanswered(services.records, guild, "What was asked in a channel that is gone?", channel=42)
    unanswered(services.records, guild, "What is for all?")
    shown = await guild.ada.slash(guild.channel, "gaps")
    assert asked(seen(shown.response)) == (
        "**1 question of the last 30 days went without a sure answer or was marked down**, most"
        " frequent first.\n\n"
        "**1×** What is for all? (last <moment>)\n\n"
        "3 more were asked in private, or where you cannot look (any more), so the words are not"
        " shown."
    )


@pytest.mark.parametrize("from_all", [False, True])
async def test_a_question_with_words_of_a_hidden_document_is_not_there(
    guild: Guild, indexed: Settings, from_all: bool
) -> None:
    """The counts do not include it either."""
    planner = guild.handle.create_role("Planner")
    services = hiding_norway(guild, indexed, *([] if from_all else [planner]))
    await guild.env.restart_bot(bot_of(services))

    async def told() -> str:
        return asked(seen((await guild.ada.slash(guild.channel, "gaps")).response))

    unanswered(services.records, guild, "What is for all?")
    before = await told()
    for person in range(5):
        drawn = unanswered(
            services.records,
            guild,
            "And who pays it?",
            rewritten="And who pays the budget of Oslo?",
            person=person,
            source_documents=("warehouse.txt", "norway/force.md"),
        )
        services.records.rate(drawn.id, person, Mark.DOWN, "Oslo does not.")
    assert await told() == before
    assert before.startswith("**1 question ")
    assert before.endswith("**1×** What is for all? (last <moment>)")
    unanswered(services.records, guild, "Who leases it?", source_documents=("warehouse.txt",))
    assert "Who leases it?" in await told()
    guild.env.backend.add_member_role(guild.handle.id, guild.ada.id, planner.id)
    assert ("**5×** And who pays the budget of Oslo?" in await told()) != from_all


@pytest.mark.parametrize("policy", ["none", "closed to all", "closed to some"])
async def test_a_question_with_words_of_a_document_that_is_gone(
    guild: Guild, indexed: Settings, policy: str
) -> None:
    """Its audience is no longer known, so only those who see all documents are shown it."""
    planner = guild.handle.create_role("Planner")
    services = services_of(indexed)
    if policy != "none":
        services = hiding_norway(guild, indexed, *([planner] if "some" in policy else []))
    await guild.env.restart_bot(bot_of(services))
    unanswered(services.records, guild, "Who pays it?", source_documents=("gone.md",))
    said = seen((await guild.ada.slash(guild.channel, "gaps")).response)
    assert ("Who pays it?" in said) == (policy != "closed to some")
    assert "asked in private" not in said


@pytest.mark.parametrize("kind", [ChannelType.VOICE, ChannelType.STAGE_VOICE])
async def test_what_was_asked_beside_a_voice_channel_is_for_who_may_connect(
    guild: Guild, services: Services, kind: ChannelType
) -> None:
    connect = discord.Permissions(connect=True).value
    closed = Overwrite(guild.handle.id, OverwriteType.ROLE, deny=connect)
    for overwrites, may in (([], True), ([closed], False)):
        voice = guild.env.backend.create_channel(
            guild.handle.id, "talk", type=kind, overwrites=overwrites
        )
        unanswered(services.records, guild, f"Who may speak, {may}?", channel=voice.id)
    said = seen((await guild.ada.slash(guild.channel, "gaps")).response)
    assert "Who may speak, True?" in said
    assert "Who may speak, False?" not in said


async def test_what_was_asked_in_a_private_thread_is_for_who_manages_threads(
    guild: Guild, services: Services
) -> None:
    begun = guild.env.backend.create_thread(
        guild.channel.id, "aside", guild.ann.id, type=ChannelType.PRIVATE_THREAD
    )
    unanswered(services.records, guild, "Who knows of it?", channel=begun.id)
    for may in (False, True):
        said = seen((await guild.ada.slash(guild.channel, "gaps")).response)
        assert ("Who knows of it?" in said) == may
        permissions = discord.Permissions(manage_threads=True)
        steward = guild.handle.create_role("Steward", permissions=permissions)
        guild.env.backend.add_member_role(guild.handle.id, guild.ada.id, steward.id)


async def test_other_guilds_and_direct_messages_are_none_of_ours(
    guild: Guild, services: Services
) -> None:
    unanswered(services.records, guild, HELICOPTERS, guild=43)
    unanswered(services.records, guild, HELICOPTERS, guild=None)
    shown = await guild.ada.slash(guild.channel, "gaps")
    assert seen(shown.response).startswith("**No question")


async def test_many_gaps_take_several_pages(guild: Guild, services: Services) -> None:
    subjects = "alpha bravo charlie delta echo foxtrot golf".split()
    for number, subject in enumerate(subjects):
        for person in range(number + 1):
            unanswered(services.records, guild, subject, person=person)
    shown = await guild.ada.slash(guild.channel, "gaps", days=5)
    first = asked(seen(shown.response))
    assert re.findall(r"\*\*(\d×)\*\* (\w+)", first) == [
        ("7×", "golf"),
        ("6×", "foxtrot"),
        ("5×", "echo"),
        ("4×", "delta"),
        ("3×", "charlie"),
    ]
    assert first.endswith(f"(Page 1 of 2)\n({PREVIOUS_PAGE}) | [{NEXT_PAGE}]")
    await press(guild.ada, shown, str(NEXT_PAGE))
    second = asked(seen(shown.response))
    assert re.findall(r"\*\*(\d×)\*\* (\w+)", second) == [("2×", "bravo"), ("1×", "alpha")]
    assert "of the last 5 days" in second
    assert second.endswith(f"(Page 2 of 2)\n[{PREVIOUS_PAGE}] | ({NEXT_PAGE})")


async def test_a_page_made_up_is_the_nearest(guild: Guild, services: Services) -> None:
    for number in range(7):
        unanswered(services.records, guild, f"word{number}")
    shown = await guild.ada.slash(guild.channel, "gaps")
    before = as_it_is(shown)
    for custom_id in ("x:gp:0:0", "x:gp:99999:1", f"x:gp:{'9' * 40}:1", f"x:gp:7:{'9' * 40}"):
        await replay(guild.ada, with_id(before, custom_id), custom_id)
        assert "Page 1 of 2" in seen(shown.response)
    await replay(guild.ada, with_id(before, "x:gp:7:99"), "x:gp:7:99")
    assert "Page 2 of 2" in seen(shown.response)


async def test_long_questions_and_many_reasons_stay_on_the_page(
    guild: Guild, services: Services
) -> None:
    for number in range(5):
        exchange = unanswered(services.records, guild, f"*{number}{chr(97 + number) * 30}* " * 60)
        for person in range(5):
            reason = f"{number}{person}" + "_" * 900
            services.records.rate(exchange.id, person, Mark.DOWN, reason)
    shown = await guild.ada.slash(guild.channel, "gaps")
    marks, more = 0, 0
    for _ in range(5):
        said = seen(shown.response)
        marks += said.count("👎 ")
        more += said.count("\n2 more reasons")
        if f"[{NEXT_PAGE}]" not in said:
            break
        await press(guild.ada, shown, str(NEXT_PAGE))
    assert (marks, more) == (15, 5)


# Where the answers would belong


async def test_what_is_close_is_told_apart_from_what_is_not(
    guild: Guild, services: Services
) -> None:
    marked = unanswered(services.records, guild, "and how wrong was that?")
    services.records.rate(marked.id, 1, Mark.DOWN)
    for question in ("who signs the lease of the warehouse?", "zyzzy xyloph quux"):
        unanswered(services.records, guild, question)
    said = plain(seen((await guild.ada.slash(guild.channel, "gaps")).response))
    assert "warehouse? (last <moment>)\nClose to it: **" in said
    assert "quux (last <moment>)\nNothing " in said
    assert "wrong was that? (last <moment>)\n[Done]" in said


async def test_no_hidden_document_is_where_an_answer_would_belong(
    guild: Guild, indexed: Settings
) -> None:
    planner = guild.handle.create_role("Planner")
    services = hiding_norway(guild, indexed, planner)
    await guild.env.restart_bot(bot_of(services))
    unanswered(services.records, guild, "how many soldiers are in the Norwegian force?")
    assert "orway" not in seen((await guild.ada.slash(guild.channel, "gaps")).response).replace(
        "Norwegian force?", ""
    )
    guild.env.backend.add_member_role(guild.handle.id, guild.ada.id, planner.id)
    assert "orway" in seen((await guild.ada.slash(guild.channel, "gaps")).response).replace(
        "Norwegian force?", ""
    )


# Done


async def test_what_is_done_is_gone_until_it_is_asked_again(
    guild: Guild, services: Services
) -> None:
    for question in (HELICOPTERS, "Which helicopters does Sweden own", "who dug the well?"):
        unanswered(services.records, guild, question)
    shown = await guild.ada.slash(guild.channel, "gaps")
    assert "**2×** Which helicopters" in seen(shown.response)
    await replay(guild.ada, as_it_is(shown), ids_of(shown)[0])
    assert "helicopters" not in seen(shown.response)
    assert "who dug the well?" in seen(shown.response)
    unanswered(services.records, guild, HELICOPTERS)
    again = seen((await guild.ada.slash(guild.channel, "gaps")).response)
    assert "**1×** which helicopters" in again


async def test_what_is_not_shown_is_not_settled(guild: Guild, services: Services) -> None:
    hidden = unanswered(services.records, guild, HELICOPTERS, private=True)
    unanswered(services.records, guild, "who dug the well?")
    shown = await guild.ada.slash(guild.channel, "gaps")
    before = as_it_is(shown)
    forged = f"x:gd:{hidden.id}:30:1"
    await replay(guild.ada, with_id(before, forged), forged)
    assert len(services.records.unsatisfied(guild.handle.id, datetime(2026, 1, 1, tzinfo=UTC))) == 2
    clicked = await replay(guild.ann, with_id(before, forged), forged)
    assert seen(clicked.response) == messages.ADMINS_ONLY


async def test_a_question_that_was_deleted_is_no_gap(guild: Guild) -> None:
    question = await guild.ann.send(guild.channel, f"{guild.me} {HELICOPTERS}")
    assert "helicopters" in seen((await guild.ada.slash(guild.channel, "gaps")).response)
    await guild.ann.delete(question)
    assert "No question" in seen((await guild.ada.slash(guild.channel, "gaps")).response)


# The right


async def test_pages_are_not_turned_without_the_right(guild: Guild, services: Services) -> None:
    for number in range(7):
        unanswered(services.records, guild, f"word{number}")
    shown = await guild.ada.slash(guild.channel, "gaps")
    following = ids_of(shown)[-1]
    clicked = await replay(guild.ann, as_it_is(shown), following)
    assert seen(clicked.response) == messages.ADMINS_ONLY
    take_away(guild.ada, guild.handle.roles["Manager"])
    clicked = await replay(guild.ada, as_it_is(shown), following)
    assert seen(clicked.response) == messages.ADMINS_ONLY
    assert "Page 1 of 2" in seen(shown.response)
