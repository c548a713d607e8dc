"""/help, the complete text."""

from __future__ import annotations

import pytest
import simcord
from discord import app_commands

from bot.chat.answering import QuestionEngine
from bot.config.guilds import GuildBook, GuildSettings
from bot.config.settings import Settings
from bot.discord.gateway.client import BriefingBot
from bot.services import Services
from index.answering.answer import Response
from testing.samples import ANSWER, NO_ANSWER
from testing.services import bot_of, services_of
from tests.bot.discord.conftest import Guild
from tests.bot.discord.helpers.briefings import reindex
from tests.bot.discord.helpers.visible_text import seen

LINE = "\n\n"
INTRODUCTION = (
    "**I answer from the briefing documents, word for word.** Every quote is compared with the "
    "stored document before you see it. Where I am not sure, or find nothing close, I say so."
)
CHECKING = (
    "**Check an answer**\n"
    "**Sources** below an answer, or the number of an excerpt, shows it in its place, "
    "with the text around it and the original file.\n"
    "`/source` opens a document at a page or a heading, `/search` finds passages.\n"
    "Right-click a message (on a phone, press it long), *Apps*, *Find sources*: "
    "passages about what somebody wrote."
)
CURRENT = (
    "**What holds, and what is new**\n"
    "Newer documents come first; one that was replaced says so. Where two say different "
    "things, I show both.\n"
    "`/changes` shows what changed since you looked last, old beside new; `/compare` two "
    "documents beside each other.\n"
    "**Tell me when this changes**, below an answer: I write to you. `/watches` lists what you "
    "watch."
)
LISTS = (
    "**See it all**\n"
    "`/list` finds every document that mentions a word, or *deadlines in the next 30 days*, also "
    "as a file.\n"
    "`/documents` lists what I know, and with `show` what is overdue for a review."
)
YOURS = (
    "**You and I**\n"
    "👍 and 👎 tell the admins what works.\n"
    "`/forget-me` shows what I keep of you, and deletes it."
)
REST = LINE.join((CHECKING, CURRENT, LISTS, YOURS))
ADMINS = (
    "**For admins**\n"
    "`/reindex` takes in what changed, `/upload` and `/remove` change the documents, "
    "`/rollback` goes back one state.\n"
    "`/documents show` lists which documents seem to replace others, `/replaced` says that one "
    "does, `/conflicts` lists where they contradict each other.\n"
    "`/status` shows how I am, `/gaps` what people asked in vain, `/access` who sees a folder."
)


def asking(guild: Guild, also: str = "") -> str:
    return (
        "**Ask**\n"
        f"Mention {guild.me}, write to me directly, or use `/ask`; `private` shows the answer to "
        f"you alone.{also}\n"
        "Ask for facts, lists, tables and summaries, or about the documents themselves: *what is "
        "new since May?*\n"
        "Reply to an answer to go on: *and how large would it be?*\n"
        "Edit your question, and I answer again; delete it, and the answer goes."
    )


async def help_for(guild: Guild, member: simcord.MemberActor) -> str:
    done = await member.slash(guild.channel, "help")
    assert done.ephemeral
    assert done.followups == []
    return seen(done.response)


class Choosy:
    """An engine that answers questions about roses only."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def ask(self, question: str, documents: object = None, **_: object) -> Response:
        self.asked.append(question)
        return ANSWER if "roses" in question else NO_ANSWER

    def search(self, query: str, k: int = 10, documents: object = None) -> None: ...


def garden(name: str, flowers: str) -> str:
    """Return a document of which one heading makes a good question."""
    said = f"Planting {flowers} takes time. It is done in spring, by hand and with gloves on."
    return f"# {name}\n\n## Planting {flowers}\n\n{said}\n\n{said}\n"


GARDENS = {
    f"{letter}.md": garden(f"Garden {letter}", "tulips" if letter == "a" else "roses")
    for letter in "abcdef"
}
TRY = "**Try**\n" + "\n".join(
    f"- What is said about Planting roses in “Garden {letter}”?" for letter in "bcd"
)


@pytest.fixture
def choosy() -> Choosy:
    return Choosy()


@pytest.fixture
def indexed(settings: Settings) -> Settings:
    reindex(settings, GARDENS)
    return settings


@pytest.fixture
def services(indexed: Settings, choosy: Choosy) -> Services:
    engine: QuestionEngine = choosy  # type: ignore[assignment]
    return services_of(indexed, engine=engine)


async def test_one_screen(guild: Guild) -> None:
    assert await help_for(guild, guild.ann) == LINE.join([INTRODUCTION, TRY, asking(guild), REST])


async def test_admins_see_their_commands(guild: Guild) -> None:
    assert await help_for(guild, guild.ada) == LINE.join(
        [INTRODUCTION, TRY, asking(guild), REST, ADMINS]
    )


async def test_every_command_is_named(guild: Guild) -> None:
    page = await help_for(guild, guild.ada)
    assert isinstance(guild.env.bot, BriefingBot)
    for command in guild.env.bot.tree.get_commands():
        name = f"`/{command.name}`" if isinstance(command, app_commands.Command) else command.name
        assert name in page or command.name == "help"


async def test_in_a_direct_message(guild: Guild) -> None:
    done = await guild.ann.user.slash("help")
    assert seen(done.response) == LINE.join([INTRODUCTION, TRY, asking(guild), REST])


async def test_before_anything_is_indexed(guild: Guild, settings: Settings) -> None:
    nowhere = settings.model_copy(update={"index": settings.index / "none"})
    await guild.env.restart_bot(bot_of(services_of(nowhere)))
    assert await help_for(guild, guild.ann) == LINE.join([INTRODUCTION, asking(guild), REST])


async def test_channels_for_questions_and_admins_by_setting(
    guild: Guild, settings: Settings, choosy: Choosy
) -> None:
    book = GuildBook(
        GuildSettings(
            question_channels=frozenset({guild.channel.id, 42}),
            admin_people=frozenset({guild.bob.id}),
        ),
        {},
    )
    engine: QuestionEngine = choosy  # type: ignore[assignment]
    await guild.env.restart_bot(bot_of(services_of(settings, engine=engine, guilds=book)))
    also = f" In <#{guild.channel.id}> every message is a question."
    page = LINE.join([INTRODUCTION, TRY, asking(guild, also), REST])
    assert await help_for(guild, guild.ann) == page
    assert await help_for(guild, guild.bob) == f"{page}{LINE}{ADMINS}"


async def test_examples_are_tried_once_a_generation(
    guild: Guild, settings: Settings, services: Services, choosy: Choosy
) -> None:
    for member in (guild.ann, guild.bob, guild.ann):
        await help_for(guild, member)
    assert [question[-3] for question in choosy.asked] == ["a", "b", "c", "d"]
    assert services.records.counts().exchanges == 0
    reindex(settings, {"b.md": garden("Garden b", "thistles")})
    assert "“Garden e”" in await help_for(guild, guild.ann)
    assert [question[-3] for question in choosy.asked[4:]] == ["a", "b", "c", "d", "e"]
