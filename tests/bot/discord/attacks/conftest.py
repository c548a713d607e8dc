"""A guild where some documents and some answers are not for everybody."""

from __future__ import annotations

import pytest

from bot.config.settings import Settings
from tests.bot.discord.conftest import Guild
from tests.bot.discord.helpers.hidden_documents import Siege, besieged


@pytest.fixture
async def siege(guild: Guild, indexed: Settings, parsing_here: None) -> Siege:
    return await besieged(guild, indexed)
