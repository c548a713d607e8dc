"""Sends rendered messages, and replaces earlier ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Concatenate, ParamSpec

import aiohttp
import discord

from bot.discord.permissions.interaction import Interaction
from bot.discord.permissions.lookup import looked_up
from bot.discord.rendering.message import MessagePart, view_of
from bot.library import Library

__all__ = [
    "NOT_SENT",
    "begin_turn",
    "follow_up",
    "reply",
    "rewrite",
    "send",
    "send_after",
    "turn_page",
]

P = ParamSpec("P")

NOT_SENT = (discord.HTTPException, aiohttp.ClientError, OSError, RuntimeError)
"""Raised by sending if Discord refuses or cannot be reached, or if the bot has been closed."""


async def reply(
    message: discord.Message | discord.PartialMessage, parts: Sequence[MessagePart]
) -> list[int]:
    """Reply with the first part, send the others after it, and return the ids of all."""
    sent = [
        await message.reply(
            content=parts[0].content or None, embeds=list(parts[0].embeds), view=_view(parts[0])
        )
    ]
    for part in parts[1:]:
        sent.append(await _send(message.channel, part))
    return [message.id for message in sent]


async def send(
    channel: discord.abc.Messageable,
    parts: Sequence[MessagePart],
    pings: discord.AllowedMentions | None = None,
) -> list[int]:
    """Send the parts, and return the ids of the messages; nobody is pinged but by `pings`."""
    return [(await _send(channel, part, pings)).id for part in parts]


async def rewrite(
    message: discord.Message, old: Sequence[int], parts: Sequence[MessagePart]
) -> list[int]:
    """Replace `old`, the earlier replies to the message, with the parts, and return the new ids.

    A reply that somebody has deleted meanwhile is sent again.
    """
    new: list[int] = []
    for number, part in enumerate(parts):
        if number < len(old):
            earlier = _channel(message).get_partial_message(old[number])
            with suppress(discord.NotFound):
                await earlier.edit(
                    content=part.content or None, embeds=list(part.embeds), view=view_of(part.rows)
                )
                new.append(earlier.id)
                continue
        new.extend(await reply(message, [part]))
    for gone in old[len(parts) :]:
        with suppress(discord.NotFound):
            await _channel(message).get_partial_message(gone).delete()
    return new


async def follow_up(
    interaction: Interaction, parts: Sequence[MessagePart], *, private: bool
) -> list[int]:
    """Show the parts in place of "thinking …", and return the ids of the messages."""
    first = await _put_first(interaction, parts[0])
    return [first, *await send_after(interaction, parts[1:], private=private)]


async def send_after(
    interaction: Interaction, parts: Sequence[MessagePart], *, private: bool
) -> list[int]:
    """Send the parts after the first response, and return the ids of the messages."""
    sent = [
        await interaction.followup.send(
            content=part.content,
            embeds=list(part.embeds),
            ephemeral=private,
            wait=True,
            view=_view(part),
        )
        for part in parts
    ]
    return [message.id for message in sent]


async def turn_page(
    interaction: Interaction,
    work: Callable[Concatenate[Library, P], Sequence[MessagePart]],
    *args: P.args,
    **kwargs: P.kwargs,
) -> None:
    """Replace the message whose button was clicked with what `work` looks up.

    It is shown to the person who clicks, by their own rights at this moment.
    """
    await begin_turn(interaction)
    parts = await looked_up(interaction, work, *args, **kwargs)
    await follow_up(interaction, parts, private=True)


async def begin_turn(interaction: Interaction) -> None:
    """Prepare for a follow-up that replaces the message whose button was clicked.

    If others can see that message as well, the person gets a private copy instead.
    """
    if interaction.message is not None and interaction.message.flags.ephemeral:
        await interaction.response.defer()
    else:
        await interaction.response.defer(thinking=True, ephemeral=True)


async def _put_first(interaction: Interaction, part: MessagePart) -> int:
    """Replace the interaction's first response with the part, and return its id."""
    edited = await interaction.edit_original_response(
        content=part.content or None, embeds=list(part.embeds), view=view_of(part.rows)
    )
    return edited.id


def _channel(message: discord.Message) -> discord.Thread | discord.DMChannel | discord.TextChannel:
    assert not isinstance(message.channel, discord.GroupChannel)  # a bot cannot be in a group
    return message.channel  # type: ignore[return-value] # the others have the same methods


async def _send(
    channel: discord.abc.Messageable,
    part: MessagePart,
    pings: discord.AllowedMentions | None = None,
) -> discord.Message:
    return await channel.send(
        content=part.content or None,
        embeds=list(part.embeds),
        view=_view(part),
        allowed_mentions=pings or discord.AllowedMentions.none(),
    )


def _view(part: MessagePart) -> discord.ui.View:
    """Return the buttons for a new message; without any, discord.py wants MISSING and not None."""
    missing: discord.ui.View = discord.utils.MISSING
    return view_of(part.rows) or missing
