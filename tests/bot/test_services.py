"""What the services say of a guild, and let go of."""

from __future__ import annotations

import gc
import weakref
from datetime import UTC, date, datetime

import pytest

from bot import services as services_module
from bot.access import OPERATOR
from bot.config.guilds import GuildBook, GuildSettings
from bot.config.settings import Settings
from bot.services import Services
from index.decisions import Decisions
from testing.command import reindexer_of
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


def used(services: Services) -> list[weakref.ref[object]]:
    """Use a generation in the ways that keep something of it; return what has its files open."""
    library, today = services.libraries.of(OPERATOR), date(2026, 1, 1)
    one, other, *_ = (row.name for row in library.rows())
    library.suggest_documents("w")
    library.examples(3, today)
    library.compared(one, other)
    library.conflicts(Decisions(), today)
    library.view(one, 1)
    library.changes()
    visible = services.access.visible(OPERATOR)
    services.access.narrowed(visible, folder="plans")
    services.watching._engine.ask("who signs the lease of the warehouse?", visible)
    services.watching.replaced_since([one], visible, datetime(2026, 1, 1, tzinfo=UTC))
    catalog = services.current.generation().catalog
    return [weakref.ref(each) for each in (catalog, catalog.lexical(), catalog.succession_index())]


def test_a_generation_that_was_replaced_is_gone_at_once(indexed: Settings) -> None:
    """It has mapped files, and caches, which would stay until Python looks for circles."""
    services = services_of(indexed)
    gc.collect()
    gc.disable()
    try:
        before = used(services)
        (indexed.corpus / "new.md").write_text("# New\n\nThe lease has a new number.\n")
        reindexer_of(indexed).run()
        used(services)
        assert [each() for each in before] == [None, None, None]
    finally:
        gc.enable()
