"""Overdue documents, what people say of them, and what admins decide on successions."""

from __future__ import annotations

import pytest

from bot.config.settings import Settings
from testing.command import reindexer_of
from testing.services import write_corpus
from tests.bot.discord.conftest import Guild
from tests.bot.discord.helpers.visible_text import seen

POLICY = "---\ntitle: Travel policy\ndate: 2025-01-10\nowner: Ann Moe\nreview: 2025-07-10\n---\n\n# Travel\n\nWe go by train.\n"


@pytest.fixture
def indexed(settings: Settings) -> Settings:
    write_corpus(settings.corpus, {"travel.md": POLICY, "bread.md": "# Bread\n\nBaked daily.\n"})
    reindexer_of(settings).run()
    return settings


async def test_try(guild: Guild) -> None:
    shown = await guild.ada.slash(guild.channel, "documents")
    print(seen(shown.response))
    shown = await guild.ada.slash(guild.channel, "documents", show="overdue")
    print(seen(shown.response))
    done = await guild.ada.click(shown.response, label="1: Still right")
    print(seen(done.response))
    shown = await guild.ada.slash(guild.channel, "documents")
    print(seen(shown.response))
    shown = await guild.ada.slash(guild.channel, "source", document="travel.md")
    print(seen(shown.response))
    shown = await guild.ada.slash(guild.channel, "status")
    print(seen(shown.response))
    shown = await guild.ada.slash(guild.channel, "replaced", document="bread.md", by="travel.md")
    print(seen(shown.response))
    assert 0
