"""Errors as people are told them."""

from __future__ import annotations

import logging
from typing import Any, cast
from unittest.mock import AsyncMock, Mock

import discord
import pytest

from bot.discord.ui.errors import tell_error


def _http_error(code: int) -> discord.HTTPException:
    return discord.HTTPException(Mock(status=404), {"code": code, "message": "Unknown"})


@pytest.mark.parametrize(("code", "is_shown"), [(10015, False), (10008, False), (50035, True)])
async def test_an_interaction_that_has_ended_is_no_error_of_ours(
    code: int, is_shown: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody can be shown anything in it, so there is nothing to look for in the log either."""
    interaction = Mock(**{"response.is_done.return_value": False})
    interaction.response.send_message = AsyncMock()
    with caplog.at_level(logging.ERROR, "bot.discord.ui.errors"):
        await tell_error(cast(Any, interaction), _http_error(code))
    assert interaction.response.send_message.await_count == is_shown
    assert bool(caplog.records) is is_shown
