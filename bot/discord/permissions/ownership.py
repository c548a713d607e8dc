"""Which person and place an exchange belongs to."""

from __future__ import annotations

import discord

from bot import messages
from bot.errors import NotAllowed
from bot.records import Exchange, Kind
from bot.services import Services


def channel_of(interaction: discord.Interaction) -> int:
    """Return the id of the channel that a command was used in."""
    assert interaction.channel_id is not None
    return interaction.channel_id


def exchange_of(
    interaction: discord.Interaction, services: Services, number: int, kind: Kind | None = None
) -> Exchange:
    """Return the exchange of that number, and of `kind` if given, that a button belongs to.

    Raises NotAllowed if it is no longer kept, or belongs to another guild, channel or person. The
    error is the same for all of these, since anybody can make up a number. Blocks.
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
    """Return whether the person may see and continue the exchange in that channel of that guild.

    An answer stays in its channel, and everybody who can read that channel may click and reply.
    """
    # A click on the message that a thread started from may come from within the thread.
    places = (getattr(channel, "id", None), getattr(channel, "parent_id", None))
    if exchange.guild != guild or exchange.channel not in places:
        return False
    alone = exchange.private or exchange.guild is None
    return not alone or exchange.person == person
