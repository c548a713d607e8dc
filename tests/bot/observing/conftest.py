"""The bot's services over the sample briefings."""

from __future__ import annotations

import pytest

from bot.config.settings import Settings
from bot.services import Services
from testing.command import reindexer_of
from testing.world import services_of, write_corpus


@pytest.fixture
def indexed(settings: Settings) -> Settings:
    write_corpus(settings.corpus)
    reindexer_of(settings).run()
    return settings


@pytest.fixture
def services(indexed: Settings) -> Services:
    return services_of(indexed)
