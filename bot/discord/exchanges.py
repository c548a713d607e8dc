"""The exchange that a button belongs to, if whoever clicks it may see it."""

from __future__ import annotations

from bot import words
from bot.discord.buttons import Interaction
from bot.errors import NotAllowed
from bot.records import Exchange, Kind
from bot.services import Services

__all__ = ["exchange_of"]


def exchange_of(
    interaction: Interaction, services: Services, number: int, kind: Kind | None = None
) -> Exchange:
    """Of `kind`, if one is given.

    Raises NotAllowed where it is not kept any more, or belongs to another guild, channel or person.
    Blocks; what it raises does not tell the one from the other, since ids can be made up.
    """
    exchange = services.records.exchange(number)
    if exchange is None or not _may_see(interaction, exchange) or kind not in (None, exchange.kind):
        raise NotAllowed(words.EXCHANGE_GONE)
    return exchange


def _may_see(interaction: Interaction, exchange: Exchange) -> bool:
    """A message with buttons stays where it was sent, and whoever sees that channel may click."""
    # Who clicks on the message that a thread began at may be in the thread.
    here = (interaction.channel_id, getattr(interaction.channel, "parent_id", None))
    if exchange.guild != interaction.guild_id or exchange.channel not in here:
        return False
    alone = exchange.private or exchange.guild is None
    return not alone or exchange.person == interaction.user.id
