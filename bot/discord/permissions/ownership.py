"""The exchange that a button belongs to, if whoever clicks it may see it."""

from __future__ import annotations

import discord

from bot import messages
from bot.app.services import Services
from bot.errors import NotAllowed
from bot.records import Exchange, Kind

__all__ = ["channel_of", "exchange_of", "is_theirs"]


def channel_of(interaction: discord.Interaction) -> int:
    """Return the id of the channel that a command was used in."""
    assert interaction.channel_id is not None
    return interaction.channel_id


def exchange_of(
    interaction: discord.Interaction, services: Services, number: int, kind: Kind | None = None
) -> Exchange:
    """Of `kind`, if one is given.

    Raises NotAllowed where it is not kept any more, or belongs to another guild, channel or person.
    Blocks; what it raises does not tell the one from the other, since ids can be made up.
    """
    exchange = services.records.exchange(number)
    if (
        exchange is None
        or not is_theirs(exchange, interaction.user.id, interaction.guild_id, interaction.channel)
        or kind not in (None, exchange.kind)
    ):
        raise NotAllowed(messages.EXCHANGE_GONE)
    return exchange


def is_theirs(exchange: Exchange, person: int, guild: int | None, channel: object) -> bool:
    """Whether it may be shown to the person, or gone on with, in that channel of that guild.

    A message stays where it was sent, and whoever sees that channel may click and reply.
    """
    # Who clicks on the message that a thread began at may be in the thread.
    here = (getattr(channel, "id", None), getattr(channel, "parent_id", None))
    if exchange.guild != guild or exchange.channel not in here:
        return False
    alone = exchange.private or exchange.guild is None
    return not alone or exchange.person == person
