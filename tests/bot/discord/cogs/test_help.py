"""/help: the first page, the others, and the examples on it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import simcord
from discord import app_commands

from bot import messages
from bot.chat.answering import QuestionEngine
from bot.config.guilds import GuildBook, GuildSettings
from bot.config.settings import Settings
from bot.discord.gateway.client import BriefingBot
from bot.services import Services
from index.answering.answer import Response
from testing.samples import ANSWER, NO_ANSWER
from testing.services import bot_of, services_of
from tests.bot.discord.conftest import Guild
from tests.bot.discord.helpers.actions import as_it_is, press, replay
from tests.bot.discord.helpers.briefings import reindex
from tests.bot.discord.helpers.visible_text import seen

INTRODUCTION = (
    "**I answer from the briefing documents, word for word.** Where I am not sure, or find nothing "
    "close, I say so."
)
BUTTONS = "(Start) | [Ask] | [Check an answer] | [See what is new] | [Find and list]\n[You and I]"
GENERAL = "**Try**\n- Which documents do you have?\n- What is new this month?"


def first_page(guild: Guild, *blocks: str, also: str = "", buttons: str = BUTTONS) -> str:
    how = (
        "**How**\n"
        f"Mention {guild.me} or write to me directly. `/ask` does the same.{also}\n"
        "Reply to an answer to go on."
    )
    return "\n\n".join([INTRODUCTION, *blocks, how]) + f"\n{buttons}"


async def help_for(guild: Guild, member: simcord.MemberActor) -> str:
    done = await member.slash(guild.channel, "help")
    assert done.ephemeral
    assert done.followups == []
    return seen(done.response)


class Choosy:
    """An engine that answers questions about what it `knows`, and about nothing else."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.knows = "roses"

    def ask(self, question: str, documents: object = None, **_: object) -> Response:
        self.asked.append(question)
        if self.knows not in question:
            return NO_ANSWER
        (letter,) = re.findall(r"“Garden (.)”", question)
        return replace(ANSWER, excerpts=(replace(ANSWER.excerpts[0], document=f"{letter}.md"),))

    def search(self, query: str, k: int = 10, documents: object = None) -> None: ...


def garden(name: str, flowers: str) -> str:
    """Return a document of which one heading makes a good question."""
    said = f"Planting {flowers} takes time. It is done in spring, by hand and with gloves on."
    return f"# {name}\n\n## Planting {flowers}\n\n{said}\n\n{said}\n"


GARDENS = {
    f"{letter}.md": garden(f"Garden {letter}", "tulips" if letter == "a" else "roses")
    for letter in "abcdef"
}


def tried(page: str) -> list[str]:
    return re.findall(r"^- (.*)$", page, re.MULTILINE)


@pytest.fixture
def choosy() -> Choosy:
    return Choosy()


INDEXED = GARDENS


@pytest.fixture
def services(indexed: Settings, choosy: Choosy) -> Services:
    engine: QuestionEngine = choosy  # type: ignore[assignment]
    return services_of(indexed, engine=engine)


async def test_the_first_page(guild: Guild) -> None:
    page = await help_for(guild, guild.ann)
    examples = tried(page)
    assert len(examples) == 4
    for one in examples:
        assert re.fullmatch(r"What does “Garden [b-f]” say about Planting roses\?", one)
    lines = "\n".join(f"- {one}" for one in examples)
    assert page == first_page(guild, f"**Try**\n{lines}")


async def test_pages_are_turned(guild: Guild) -> None:
    done = await guild.ann.slash(guild.channel, "help")
    await press(guild.ann, done, "Check an answer")
    said = seen(done.response)
    assert said.startswith("**Check an answer**\nEvery quote is compared")
    assert "[Start] | [Ask] | (Check an answer) | " in said
    await press(guild.ann, done, "Start")
    assert seen(done.response).startswith(INTRODUCTION)


async def test_admins_see_their_commands_and_others_do_not(guild: Guild) -> None:
    done = await guild.ada.slash(guild.channel, "help")
    assert seen(done.response).endswith("[You and I] | [For admins]")
    await press(guild.ada, done, "For admins")
    assert "`/gaps` shows what people asked in vain" in seen(done.response)
    refused = await replay(guild.ann, as_it_is(done), "x:hp:admins")
    assert seen(refused.response) == messages.ADMINS_ONLY


async def test_every_command_is_named(guild: Guild) -> None:
    done = await guild.ada.slash(guild.channel, "help")
    pages = seen(done.response)
    for label in ("Ask", "Check an answer", "See what is new", "Find and list", "You and I"):
        await press(guild.ada, done, label)
        pages += seen(done.response)
    await press(guild.ada, done, "For admins")
    pages += seen(done.response)
    assert isinstance(guild.env.bot, BriefingBot)
    for command in guild.env.bot.tree.get_commands():
        name = f"`/{command.name}`" if isinstance(command, app_commands.Command) else command.name
        assert name in pages or command.name == "help"


async def test_in_a_direct_message(guild: Guild) -> None:
    done = await guild.ann.user.slash("help")
    assert len(tried(seen(done.response))) == 4


async def test_before_anything_is_indexed(guild: Guild, settings: Settings) -> None:
    nowhere = settings.model_copy(update={"index": settings.index / "none"})
    await guild.env.restart_bot(bot_of(services_of(nowhere)))
    assert await help_for(guild, guild.ann) == first_page(
        guild, "I have not read any documents yet. An admin has me read them with `/reindex`."
    )
    assert str(messages.FIRST_DOCUMENTS) in await help_for(guild, guild.ada)


async def test_general_examples_where_none_is_answered(guild: Guild, choosy: Choosy) -> None:
    choosy.knows = "cacti"
    assert await help_for(guild, guild.ann) == first_page(guild, GENERAL)


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
    choosy.knows = "cacti"
    engine: QuestionEngine = choosy  # type: ignore[assignment]
    await guild.env.restart_bot(bot_of(services_of(settings, engine=engine, guilds=book)))
    also = f" In <#{guild.channel.id}> every message is a question."
    page = first_page(guild, GENERAL, also=also)
    assert await help_for(guild, guild.ann) == page
    assert await help_for(guild, guild.bob) == f"{page} | [For admins]"


async def test_examples_are_tried_once_a_generation(
    guild: Guild, settings: Settings, services: Services, choosy: Choosy
) -> None:
    first = tried(await help_for(guild, guild.ann))
    number = len(choosy.asked)
    for member in (guild.bob, guild.ann):
        assert tried(await help_for(guild, member)) == first
    assert len(choosy.asked) == number
    assert services.records.counts().exchanges == 0
    (gone,) = re.findall(r"“Garden (.)”", first[0])
    reindex(settings, {f"{gone}.md": garden(f"Garden {gone}", "thistles")})
    again = tried(await help_for(guild, guild.ann))
    assert again[:3] == first[1:]
    assert len(again) == 4
