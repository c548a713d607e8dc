"""Commands that a server has switched off."""

from __future__ import annotations

import re

from bot.config.guilds import GuildSettings
from bot.services import Services
from tests.bot.discord.conftest import Guild
from tests.bot.discord.helpers.actions import press
from tests.bot.discord.helpers.visible_text import seen

OFF = "That is switched off on this server."


def switch_off(guild: Guild, services: Services, *commands: str) -> None:
    services.guilds.sections[guild.handle.id] = GuildSettings.model_validate(
        {"commands_off": commands}
    )


async def test_a_command_is_off_for_everybody_there(guild: Guild, services: Services) -> None:
    switch_off(guild, services, "/Documents")
    for member in (guild.ann, guild.ada):
        shown = await member.slash(guild.channel, "documents")
        assert shown.ephemeral
        assert seen(shown.response) == OFF


async def test_others_are_on(guild: Guild, services: Services) -> None:
    switch_off(guild, services, "search")
    shown = await guild.ann.slash(guild.channel, "documents")
    assert "hostile.md" in seen(shown.response)
    del services.guilds.sections[guild.handle.id]
    found = await guild.ann.slash(guild.channel, "search", words="diesel")
    assert seen(found.response) != OFF


async def test_names_are_not_completed_for_it(guild: Guild, services: Services) -> None:
    offered = await guild.ann.autocomplete(guild.channel, "source", "document", "")
    assert offered
    switch_off(guild, services, "source")
    assert not await guild.ann.autocomplete(guild.channel, "source", "document", "")


async def test_nothing_that_is_said_names_it(guild: Guild, services: Services) -> None:
    off = ("ask", "documents", "search", "watches", "upload")
    switch_off(guild, services, *off)
    refused = await guild.ann.slash(guild.channel, "source", document="none of them")
    page = await guild.ann.slash(guild.channel, "help")
    texts = [seen(refused.response), seen(page.response)]
    for label in ("Ask", "Check an answer", "See what is new", "Find and list", "You and I"):
        page = await press(guild.ann, page, label)
        texts.append(seen(page.response))
    guild.env.errors.clear()  # simcord keeps them, though they were shown
    await guild.ann.send(guild.channel, guild.me)
    texts.append(seen(guild.channel.last_message))
    assert not [text for text in texts if re.search(rf"`/(?:{'|'.join(off)})\b", text)]
    assert "opens a document at a page or a heading" in "".join(texts)
    assert texts[0].startswith("I know no document called “none of them”.")
    assert texts[-1] == "Write your question after my name. `/help` shows what else I can do."
