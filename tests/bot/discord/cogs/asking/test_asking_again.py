"""Old answers: what is said of their age, "Ask again", and marks by themselves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import discord
import pytest
import simcord

from bot.access import Audience, Policy
from bot.config.guilds import GuildBook, GuildSettings
from bot.config.settings import Settings
from bot.discord.cogs.asking import marking
from bot.discord.cogs.asking.asking_on import ANSWERED_BELOW
from bot.discord.cogs.asking.feedback import THANKS_UP
from bot.discord.cogs.asking.marking import MARK, MOST_EDITS, Marking
from bot.discord.cogs.asking.sharing import NOT_TO_BE_SHARED, SHARE_ANSWER
from bot.discord.rendering.answers.answers import TELL_CHANGE
from bot.discord.ui.ages import CHANGED_SINCE, GONE_SINCE, MOVED_SINCE
from bot.discord.ui.answers.answers import QUESTION_FORGOTTEN
from bot.services import Services
from testing.layouts import buttons_of
from testing.services import BRIEFINGS, bot_of, services_of
from tests.bot.discord.conftest import Guild
from tests.bot.discord.helpers.briefings import reindex
from tests.bot.discord.helpers.visible_text import seen

LEASE = "who signs the lease of the warehouse?"
NEW = "The lease of the warehouse is signed by Olga Karsk."
CHANGED = {"warehouse.txt": f"The Karsk warehouse\n\n{NEW} Its roof was mended in May.\n"}
MOVED = {"warehouse.txt": BRIEFINGS["warehouse.txt"].replace("\n\n", "\n\nLook! ")}


async def answer_of(guild: Guild, question: str = LEASE) -> discord.Message:
    await guild.ann.send(guild.channel, f"{guild.me} {question}")
    return last_in(guild.channel)


def last_in(channel: simcord.ChannelHandle) -> discord.Message:
    message = channel.last_message
    assert message is not None
    return message


async def click(member: simcord.MemberActor, shown: Any, label: str = "", **by: str) -> Any:
    done = await member.click(shown, **({"label": label} if label else by))
    assert done.response is not None
    return done.response


@pytest.fixture
def forgetful(monkeypatch: pytest.MonkeyPatch, services: Services) -> None:
    """The words of questions are no longer in memory."""
    monkeypatch.setattr(services.records._recent, "get", lambda _: None)


# What is said


@pytest.mark.parametrize(
    ("documents", "line"),
    [
        (CHANGED, f"{CHANGED_SINCE}\n[Ask again]"),
        ({"warehouse.txt": None}, f"{GONE_SINCE}\n[Ask again]"),
        (MOVED, MOVED_SINCE),
        ({"bread.md": "# Bread\n\nBread.\n"}, ""),
    ],
    ids=["changed", "gone", "moved", "as it was"],
)
async def test_a_mark_says_how_old_the_answer_is(
    guild: Guild, indexed: Settings, documents: dict[str, str | None], line: str
) -> None:
    answer = await answer_of(guild)
    reindex(indexed, documents)
    up = await click(guild.bob, answer, custom_id=_id_of(answer, "f:", ":up"))
    assert seen(up) == f"{THANKS_UP}\n{line}".strip()


def _id_of(message: discord.Message, begins: str, ends: str = "") -> str:
    """Return the id of a button."""
    ids = [str(button["custom_id"]) for button in buttons_of(message.components)]
    return next(one for one in ids if one.startswith(begins) and one.endswith(ends))


async def test_a_source_that_is_replaced_says_by_which(
    guild: Guild, indexed: Settings, services: Services
) -> None:
    answer = await answer_of(guild)
    assert "replaced" not in seen(await click(guild.bob, answer, "Source"))
    reindex(indexed, {"yard.md": "# The new yard\n\nIt has two gates.\n"})
    services.records.decided.decide_succession(
        "warehouse.txt", "yard.md", confirmed=True, person=guild.ada.id
    )
    shown = seen(await click(guild.bob, answer, "Source"))
    assert "“The Karsk warehouse” is replaced by “The new yard”. Ask again for what holds" in shown
    assert shown.endswith("[Original file] | [Ask again]")


async def test_a_hidden_successor_is_not_named(guild: Guild, indexed: Settings) -> None:
    policy = Policy(
        guilds=frozenset({guild.handle.id}), folders=(("plans/", Audience(roles=frozenset({1}))),)
    )
    services = services_of(indexed, policy=policy)
    await guild.env.restart_bot(bot_of(services))
    answer = await answer_of(guild)
    before = seen(await click(guild.bob, answer, "Source"))
    reindex(indexed, {"plans/yard.md": "# The new yard\n\nIt has two gates.\n"})
    services.records.decided.decide_succession(
        "warehouse.txt", "plans/yard.md", confirmed=True, person=guild.ada.id
    )
    assert seen(await click(guild.bob, answer, "Source")) == before


async def test_a_watch_on_an_old_answer_says_so(guild: Guild, indexed: Settings) -> None:
    answer = await answer_of(guild)
    reindex(indexed, CHANGED)
    shown = seen(await click(guild.bob, answer, str(TELL_CHANGE)))
    assert shown.endswith(f"{CHANGED_SINCE}\n[Stop watching] | [Ask again]")


# Asked again


async def test_it_is_answered_below_for_all_who_saw_it(guild: Guild, indexed: Settings) -> None:
    answer = await answer_of(guild)
    reindex(indexed, CHANGED)
    opened = await click(guild.bob, answer, "Source")
    done = await guild.bob.click(opened, label="Ask again")
    assert done.response is not None
    assert seen(done.response) == ANSWERED_BELOW
    again = last_in(guild.channel)
    assert seen(again).startswith(f"-# Asked again by <@{guild.bob.id}>.\nQuestion: **{LEASE}**")
    assert NEW in seen(again)
    assert again.reference is not None
    assert again.reference.message_id == answer.id
    assert NEW in seen(await click(guild.ann, again, "Source"))  # its buttons work


async def test_where_the_old_answer_was_deleted(guild: Guild, indexed: Settings) -> None:
    answer = await answer_of(guild)
    reindex(indexed, CHANGED)
    opened = await click(guild.bob, answer, "Source")
    await guild.env.bot.get_channel(guild.channel.id).get_partial_message(answer.id).delete()  # type: ignore[union-attr]
    await guild.bob.click(opened, label="Ask again")
    assert NEW in seen(last_in(guild.channel))


async def test_what_was_private_stays_so(guild: Guild, indexed: Settings) -> None:
    asked = await guild.bob.slash(guild.channel, "ask", question=LEASE, private=True)
    reindex(indexed, CHANGED)
    refused = await click(guild.bob, asked.response, str(SHARE_ANSWER))
    assert seen(refused) == f"{NOT_TO_BE_SHARED}\n[Ask again]"
    done = await guild.bob.click(refused, label="Ask again")
    assert done.ephemeral
    assert done.response is not None
    assert NEW in seen(done.response)
    assert f"[{SHARE_ANSWER}]" in seen(done.response)


async def test_in_a_direct_message(guild: Guild, indexed: Settings) -> None:
    await guild.bob.send_dm(LEASE)
    direct = guild.bob.user.dm_channel
    reindex(indexed, CHANGED)
    opened = await guild.bob.user.click(last_in(direct), label="Source")
    await guild.bob.user.click(opened.response, label="Ask again")
    assert NEW in "\n".join(map(seen, direct.history()[-2:]))


@pytest.mark.usefixtures("forgetful")
async def test_words_that_are_not_kept_are_read_where_people_read_them(
    guild: Guild, indexed: Settings
) -> None:
    """In the message that asked, or above the answer."""
    answer = await answer_of(guild, f"*{LEASE}*")
    await guild.bob.slash(guild.channel, "ask", question=f"{LEASE} *now*")
    reindex(indexed, CHANGED)
    for one, words in ((answer, f"*{LEASE}*"), (last_in(guild.channel), f"{LEASE} *now*")):
        await guild.bob.click(await click(guild.bob, one, "Source"), label="Ask again")
        said = seen(last_in(guild.channel))
        assert f"Question: **{words}**".replace("*", "\\*")[:20] in said.replace("**", "\\*\\*")
        assert NEW in said


@pytest.mark.usefixtures("forgetful")
async def test_words_that_nobody_knows_any_more(guild: Guild, indexed: Settings) -> None:
    answer = await answer_of(guild)
    reindex(indexed, CHANGED)
    opened = await click(guild.bob, answer, "Source")
    for message in guild.channel.history():
        if not message.author.bot:
            guild.env.backend.messages[guild.channel.id].pop(message.id)
    done = await guild.bob.click(opened, label="Ask again")
    assert done.response is not None
    assert seen(done.response) == QUESTION_FORGOTTEN


# Marked by themselves


@pytest.fixture
def marks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marking, "_PAUSE", 0.0)


async def marking_of(guild: Guild, services: Services) -> Marking:
    bot = bot_of(services)
    await guild.env.restart_bot(bot)
    found = bot.get_cog("Marking")
    assert isinstance(found, Marking)
    return found


def setting(**more: Any) -> GuildBook:
    return GuildBook(GuildSettings(mark_outdated=True, **more), {})


@pytest.mark.usefixtures("marks")
async def test_an_old_answer_is_marked_once_and_keeps_its_buttons(
    guild: Guild, indexed: Settings
) -> None:
    services = services_of(indexed, guilds=setting())
    cog = await marking_of(guild, services)
    answer = await answer_of(guild)
    await guild.bob.slash(guild.channel, "ask", question=LEASE, private=True)
    await cog.mark()
    assert str(MARK) not in seen(last_in(guild.channel))
    reindex(indexed, CHANGED)
    for _ in range(2):
        await cog.mark()
        (marked,) = [one for one in guild.channel.history() if str(MARK) in seen(one)]
        assert marked.id == answer.id
        assert seen(marked) == f"{MARK}\n{seen(answer)} | [Ask again]"
    await guild.bob.click(marked, label="Ask again")
    assert NEW in seen(last_in(guild.channel))


@pytest.mark.usefixtures("marks")
async def test_an_answer_from_before_layouts_is_marked_and_its_buttons_work(
    guild: Guild, indexed: Settings
) -> None:
    services = services_of(indexed, guilds=setting())
    cog = await marking_of(guild, services)
    answer = await answer_of(guild)
    number = int(_id_of(answer, "f:", ":up").split(":")[1])
    channel = guild.env.bot.get_channel(guild.channel.id)
    assert isinstance(channel, discord.TextChannel)
    view = discord.ui.View(timeout=None)
    for label, custom_id in (("Sources", f"s:{number}:1"), ("1", f"s:{number}:01")):
        view.add_item(discord.ui.Button(label=label, custom_id=custom_id))
    old = await channel.send(embed=discord.Embed(description="> As it was"), view=view)
    services.records.set_replies(number, [old.id])
    first, second = [await click(guild.bob, old, label) for label in ("Sources", "1")]
    assert seen(first) == seen(second)
    assert "> " in seen(first)
    reindex(indexed, CHANGED)
    await cog.mark()
    (marked,) = [one for one in guild.channel.history() if str(MARK) in seen(one)]
    assert (marked.id, marked.content) == (old.id, str(MARK))
    assert [embed.description for embed in marked.embeds] == ["> As it was"]
    assert seen(marked).endswith("[Sources] | [1] | [Ask again]")


@pytest.mark.usefixtures("marks")
async def test_only_by_setting_and_only_what_all_readers_may_know(
    guild: Guild, indexed: Settings
) -> None:
    role = guild.handle.create_role("Planner")
    policy = Policy(
        guilds=frozenset({guild.handle.id}),
        folders=(("plans/", Audience(roles=frozenset({role.id}))),),
    )
    for book, documents, count in (
        (setting(), {"plans/yard.md": CHANGED["warehouse.txt"]}, 0),
        (GuildBook(GuildSettings(), {}), CHANGED, 0),
        (setting(), {"bread.md": "# Bread\n\nBread.\n"}, 1),
    ):
        cog = await marking_of(guild, services_of(indexed, guilds=book, policy=policy))
        if not guild.channel.history():
            await answer_of(guild)
        reindex(indexed, documents)
        await cog.mark()
        assert sum(str(MARK) in seen(one) for one in guild.channel.history()) == count


@pytest.mark.usefixtures("marks")
async def test_few_are_marked_at_a_time(
    guild: Guild, indexed: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = services_of(indexed, guilds=setting())
    cog = await marking_of(guild, services)
    for _ in range(MOST_EDITS + 1):
        await answer_of(guild)
    reindex(indexed, CHANGED)
    for count in (MOST_EDITS, MOST_EDITS + 1):
        await cog.mark()
        assert sum(str(MARK) in seen(one) for one in guild.channel.history()) == count
    await answer_of(guild)
    reindex(indexed, {"warehouse.txt": BRIEFINGS["warehouse.txt"]})
    later = datetime.now(UTC) + timedelta(days=31)
    monkeypatch.setattr(marking, "utc_now", lambda: later)
    await cog.mark()
    assert sum(str(MARK) in seen(one) for one in guild.channel.history()) == MOST_EDITS + 1
