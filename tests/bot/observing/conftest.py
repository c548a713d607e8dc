"""The bot's services over the sample briefings."""

from __future__ import annotations

import pytest

from bot.config.settings import Settings
from bot.services import Services
from testing.services import services_of


@pytest.fixture
def services(indexed: Settings) -> Services:
    return services_of(indexed)
