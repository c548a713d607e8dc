"""What the services say of a guild."""

from __future__ import annotations

from datetime import date

import pytest

from bot import services as services_module
from bot.config.guilds import GuildBook, GuildSettings
from bot.config.settings import Settings
from testing.services import services_of


@pytest.mark.parametrize(
    ("guild", "timezone"), [(1, "Europe/Oslo"), (2, "Asia/Tokyo"), (None, "Asia/Tokyo")]
)
def test_today_is_by_the_time_zone_of_the_guild(
    guild: int | None, timezone: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = {"Europe/Oslo": date(2026, 6, 30), "Asia/Tokyo": date(2026, 7, 1)}
    monkeypatch.setattr(services_module, "date_in", days.__getitem__)
    book = GuildBook(GuildSettings(), {1: GuildSettings(timezone="Europe/Oslo")})
    found = services_of(settings.model_copy(update={"timezone": "Asia/Tokyo"}), guilds=book)
    assert found.today(guild) == days[timezone]
