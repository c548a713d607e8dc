"""The button that asks a person what the documents do not answer."""

from __future__ import annotations

from collections.abc import Sequence

from bot.discord.permissions.experts import can_be_handed, has_experts
from bot.discord.rendering.message import Button, MessagePart, with_button
from bot.localization import _
from bot.records import Exchange
from bot.services import Services
from index.answering.answer import Verdict

__all__ = ["with_ask_person"]


def with_ask_person(
    services: Services, parts: Sequence[MessagePart], exchange: Exchange, *, anyway: bool = False
) -> list[MessagePart]:
    """Return the messages with the button in the last row, where the bot is not sure, or `anyway`.

    Without it where nobody can be asked.
    """
    wanted = anyway or exchange.verdict is not Verdict.ANSWERED
    if not (wanted and can_be_handed(exchange) and has_experts(services.guilds, exchange)):
        return list(parts)
    *before, last = parts
    return [*before, with_button(last, Button(_("Ask a person"), f"g:ask:{exchange.id}"))]
