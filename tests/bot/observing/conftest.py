"""The bot's services over the sample briefings."""

from __future__ import annotations

import pytest

from bot.app.services import Services
from bot.config.settings import Settings
from testing.services import services_of


@pytest.fixture
def services(indexed: Settings) -> Services:
    return services_of(indexed)
