"""Errors as people are told them."""

from __future__ import annotations

import logging
from typing import Any, cast
from unittest.mock import AsyncMock, Mock

import discord
import pytest

from bot.config.guilds import GuildBook
from bot.discord.ui.errors import sentence_of, tell_error
from index.errors import (
    DatabaseUnavailable,
    IndexDamaged,
    IndexGone,
    IndexMissing,
    IndexNewer,
    IndexRemoved,
    IndexUnreadable,
)


def _http_error(code: int) -> discord.HTTPException:
    return discord.HTTPException(Mock(status=404), {"code": code, "message": "Unknown"})


@pytest.mark.parametrize(("code", "is_shown"), [(10015, False), (10008, False), (50035, True)])
async def test_an_interaction_that_has_ended_is_no_error_of_ours(
    code: int, is_shown: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody can be shown anything in it, so there is nothing to look for in the log either."""
    interaction = Mock(**{"response.is_done.return_value": False})
    interaction.client.services.guilds = GuildBook.read(None)
    interaction.client.services.claiming.leave.return_value = False
    interaction.response.send_message = AsyncMock()
    with caplog.at_level(logging.ERROR, "bot.discord.ui.errors"):
        await tell_error(cast(Any, interaction), _http_error(code))
    assert interaction.response.send_message.await_count == is_shown
    assert bool(caplog.records) is is_shown


@pytest.mark.parametrize(
    "error",
    [
        IndexMissing("There is no index in /srv/index yet. Run `briefing-bot reindex`."),
        IndexGone("/srv/index"),
        IndexNewer.__new__(IndexNewer),
        IndexDamaged("/srv/index/7", "is cut off"),
        IndexUnreadable("/srv/index/7", "too many open files"),
        DatabaseUnavailable("the connection was lost"),
        IndexRemoved(7),
    ],
    ids=lambda error: type(error).__name__,
)
def test_where_it_runs_and_how_it_is_built_is_told_to_nobody(error: Exception) -> None:
    said = sentence_of(error)
    assert not any(word in said for word in ("/srv", "briefing-bot", " index", "database", "7"))
    assert len(said) < 90
