"""Before there is anything to answer from, or where it is not for this person."""

from __future__ import annotations

import asyncio
import threading

import pytest

from bot import messages
from bot.access import Audience, Policy
from bot.config.settings import Settings
from bot.discord.rendering.reports import FOLDER_EMPTY, STATUS_REINDEXING
from bot.services import Services
from testing.services import HereReindexing, services_of, write_corpus
from tests.bot.discord.conftest import Guild
from tests.bot.discord.helpers.visible_text import seen

ASKED = "who signs the lease of the warehouse?"
NONE_HERE = "There are no documents yet that may be shown here."


@pytest.fixture
def services(request: pytest.FixtureRequest, settings: Settings) -> Services:
    """Return services of an empty folder, or of the sample briefings, closed to all but a role."""
    if "indexed" not in request.fixturenames:
        return services_of(settings)
    closed = Policy(default=Audience(roles=frozenset({4_242})))
    return services_of(settings, policy=closed)


async def shown(guild: Guild, command: str, **options: str) -> str:
    """Return what Ann sees of a command, and Ada of those for admins."""
    who = guild.ada if command in ("status", "reindex") else guild.ann
    return seen((await who.slash(guild.channel, command, **options)).response)


async def said(guild: Guild) -> str:
    """Return the reply to Ann's question."""
    await guild.ann.send(guild.channel, f"{guild.me} {ASKED}")
    return seen(guild.channel.last_message)


async def test_while_documents_are_read_for_the_first_time(
    guild: Guild, services: Services
) -> None:
    assert isinstance(services.reindexing, HereReindexing)
    write_corpus(services.settings.corpus)
    go_on = threading.Event()
    services.reindexing.hold = lambda: go_on.wait(60)
    reading = asyncio.get_running_loop().run_in_executor(None, services.reindexing.run)
    try:
        while not services.reindexing.running:
            await asyncio.sleep(0.01)
        first = str(messages.FIRST_READING)
        assert await said(guild) == first
        for command, options in (
            ("ask", {"question": ASKED}),
            ("documents", {}),
            ("source", {"document": "warehouse"}),
        ):
            assert await shown(guild, command, **options) == first
        assert first in await shown(guild, "help")
        status = await shown(guild, "status")
        assert status.startswith(f"**{first}**\n")
        assert str(STATUS_REINDEXING) not in status
    finally:
        go_on.set()
        await reading
        guild.env.errors.clear()  # what people were told of
    assert "Ines Vidal" in await said(guild)


async def test_an_empty_folder(guild: Guild) -> None:
    assert await shown(guild, "reindex") == FOLDER_EMPTY
    assert (await said(guild)).startswith(NONE_HERE)
    assert await shown(guild, "documents") == messages.NOTHING_TO_SEE


@pytest.mark.usefixtures("indexed")
async def test_nothing_is_open_to_a_person(guild: Guild) -> None:
    assert (await said(guild)).startswith(NONE_HERE)
    assert NONE_HERE in await shown(guild, "ask", question=ASKED)
    for command, options in (
        ("search", {"words": "lease"}),
        ("documents", {}),
        ("list", {"topic": "lease"}),
        ("list", {"kind": "deadlines"}),
    ):
        assert await shown(guild, command, **options) == messages.NOTHING_TO_SEE
    assert str(messages.NOTHING_TO_SEE) in await shown(guild, "help")
    assert "like" not in await shown(guild, "documents", filter="like")
    assert guild.env.errors  # what Ann was told of
    await guild.ann.send(guild.channel, f"{guild.me} hello")
    assert seen(guild.channel.last_message).startswith("Hello!")
