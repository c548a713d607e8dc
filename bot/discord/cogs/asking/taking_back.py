"""Takes answers back whose question was deleted, or edited into a message for others."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import discord

from bot.chat.in_flight import InFlight
from bot.discord.cogs.asking.interaction_answers import record_replies
from bot.discord.cogs.asking.small_talk import take_back
from bot.discord.permissions.interaction import ServingClient
from bot.discord.ui.answers.forum_tags import take_tags_off
from bot.errors import RecordsUnavailable
from bot.records import Exchange
from bot.services import Services


async def delete_answers(
    bot: ServingClient, in_flight: InFlight, message_id: int, channel_id: int
) -> None:
    await in_flight.withdraw(message_id)
    services = bot.services
    found = await services.admission.run_quick(_exchanges, services, message_id, channel_id)
    for exchange in found:
        await delete_messages(bot, exchange)
    await _settle(services, found)


async def withdraw_answers(
    bot: ServingClient, in_flight: InFlight, message: discord.Message, me: discord.ClientUser
) -> None:
    """Delete the answers to a message that its author has made one for others."""
    await in_flight.withdraw(message.id)
    services, channel = bot.services, message.channel
    found = await services.admission.run_quick(_exchanges, services, message.id, channel.id)
    for exchange in found:
        if exchange.person == message.author.id:
            await delete_messages(bot, exchange)
            await record_replies(services, exchange, [])
    await _settle(services, found)
    await take_back(message, me)
    if found and message.guild is not None:
        settings = services.guilds.of(message.guild.id)
        await take_tags_off(channel, settings, message.author.id)


async def delete_messages(bot: ServingClient, exchange: Exchange) -> None:
    channel = bot.get_partial_messageable(exchange.channel)
    for sent in exchange.replies:
        with suppress(discord.NotFound, discord.Forbidden):
            await channel.get_partial_message(sent).delete()


def _exchanges(services: Services, message_id: int, channel_id: int) -> list[Exchange]:
    """Return the public answer to a message, and the extra one for its author. Blocks."""
    public, extra = (
        services.records.by_question(message_id, private=private) for private in (False, True)
    )
    if public is None or public.channel not in (channel_id, message_id):  # or its thread
        return []
    return [public] if extra is None else [public, extra]


async def _settle(services: Services, exchanges: Sequence[Exchange]) -> None:
    """Keep that these are no open questions any more: their asker has taken them back."""
    settle = services.records.closed_gaps.settle
    with suppress(RecordsUnavailable):
        await services.admission.run_quick(settle, [each.id for each in exchanges])
