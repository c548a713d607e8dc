"""Sends what was rendered, and replaces what was sent before."""

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
"""What sending raises where Discord refuses or cannot be reached, or the bot has been closed."""


async def reply(message: discord.Message, parts: Sequence[MessagePart]) -> list[int]:
    """Replies with the first part, and lets the others follow; the ids of what was sent."""
    sent = [
        await message.reply(
            content=parts[0].content or None, embeds=list(parts[0].embeds), view=_view(parts[0])
        )
    ]
    for part in parts[1:]:
        sent.append(await _send(message.channel, part))
    return [one.id for one in sent]


async def send(channel: discord.abc.Messageable, parts: Sequence[MessagePart]) -> list[int]:
    """The ids of what was sent."""
    return [(await _send(channel, part)).id for part in parts]


async def rewrite(
    message: discord.Message, old: Sequence[int], parts: Sequence[MessagePart]
) -> list[int]:
    """Puts the parts in place of `old`, earlier replies to the message; the ids of what is there.

    A reply that somebody has deleted meanwhile is sent anew.
    """
    new: list[int] = []
    for number, part in enumerate(parts):
        if number < len(old):
            there = _channel(message).get_partial_message(old[number])
            with suppress(discord.NotFound):
                await there.edit(
                    content=part.content or None, embeds=list(part.embeds), view=view_of(part.rows)
                )
                new.append(there.id)
                continue
        new.extend(await reply(message, [part]))
    for gone in old[len(parts) :]:
        with suppress(discord.NotFound):
            await _channel(message).get_partial_message(gone).delete()
    return new


async def follow_up(
    interaction: Interaction, parts: Sequence[MessagePart], *, private: bool
) -> list[int]:
    """Puts the parts in place of "thinking …"; the ids of what was sent."""
    first = await _put_first(interaction, parts[0])
    return [first, *await send_after(interaction, parts[1:], private=private)]


async def send_after(
    interaction: Interaction, parts: Sequence[MessagePart], *, private: bool
) -> list[int]:
    """Sends the parts below what was shown; the ids of what was sent."""
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
    return [one.id for one in sent]


async def turn_page(
    interaction: Interaction,
    work: Callable[Concatenate[Library, P], Sequence[MessagePart]],
    *args: P.args,
    **kwargs: P.kwargs,
) -> None:
    """Puts what `work` looks up in place of the message whose button was clicked.

    It is shown to whoever clicks, with their own rights at this moment.
    """
    await begin_turn(interaction)
    parts = await looked_up(interaction, work, *args, **kwargs)
    await follow_up(interaction, parts, private=True)


async def begin_turn(interaction: Interaction) -> None:
    """Lets a follow-up take the place of the message whose button was clicked.

    Of one that others see as well, whoever clicks gets a copy: nobody reads on in the same place.
    """
    if interaction.message is not None and interaction.message.flags.ephemeral:
        await interaction.response.defer()
    else:
        await interaction.response.defer(thinking=True, ephemeral=True)


async def _put_first(interaction: Interaction, part: MessagePart) -> int:
    """Puts the part in place of the interaction's first response."""
    edited = await interaction.edit_original_response(
        content=part.content or None, embeds=list(part.embeds), view=view_of(part.rows)
    )
    return edited.id


def _channel(message: discord.Message) -> discord.Thread | discord.DMChannel | discord.TextChannel:
    assert not isinstance(message.channel, discord.GroupChannel)  # no bot can be in one
    return message.channel  # type: ignore[return-value] # the others have the same methods


async def _send(channel: discord.abc.Messageable, part: MessagePart) -> discord.Message:
    return await channel.send(
        content=part.content or None, embeds=list(part.embeds), view=_view(part)
    )


def _view(part: MessagePart) -> discord.ui.View:
    """To send a message without buttons, discord.py wants nothing at all, and not None."""
    missing: discord.ui.View = discord.utils.MISSING
    return view_of(part.rows) or missing
