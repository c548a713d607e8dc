"""The exchange that a button belongs to, if whoever clicks it may see it."""

from __future__ import annotations

from bot import words
from bot.discord.buttons import Interaction
from bot.errors import NotAllowed
from bot.records import Exchange
from bot.services import Services

__all__ = ["exchange_of"]


def exchange_of(interaction: Interaction, services: Services, number: int) -> Exchange:
    """Raises NotAllowed where it is not kept any more, or is another guild's or person's.

    Blocks; what it raises does not tell the one from the other, since ids can be made up.
    """
    exchange = services.records.exchange(number)
    if exchange is None or exchange.guild != interaction.guild_id:
        raise NotAllowed(words.EXCHANGE_GONE)
    alone = exchange.private or exchange.guild is None
    if alone and exchange.person != interaction.user.id:
        raise NotAllowed(words.EXCHANGE_GONE)
    return exchange
