"""Sends rendered messages, and replaces earlier ones."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, Protocol, cast

import aiohttp
import discord

from bot.chat.claiming import message_nonce
from bot.config.guilds import Owner
from bot.discord.permissions.interaction import Interaction
from bot.discord.rendering.layout import layout_of, view_of
from bot.discord.rendering.message import MessagePart
from bot.localization import LazyText

NOT_SENT = (discord.HTTPException, aiohttp.ClientError, OSError, RuntimeError)
"""Raised by sending if Discord refuses or cannot be reached, or if the bot has been closed."""


def pings_of(someone: Owner) -> discord.AllowedMentions:
    """Return that this person or role is pinged, and nobody else."""
    pinged = [discord.Object(someone.id)]
    return discord.AllowedMentions(
        everyone=False,
        replied_user=False,
        users=[] if someone.is_role else pinged,
        roles=pinged if someone.is_role else [],
    )


async def direct_channel(client: discord.Client, person: int) -> discord.DMChannel:
    """Return where a person is written to directly. Raises Forbidden and NotFound."""
    return await (client.get_user(person) or await client.fetch_user(person)).create_dm()


async def reply(
    message: discord.Message | discord.PartialMessage,
    parts: Sequence[MessagePart],
    nonce: str | None = None,
) -> list[int]:
    """Reply with the first part, send the others after it, and return the ids of all.

    What is sent a second time with the same `nonce` is there once.
    """
    sent = [await message.reply(**new(parts[0], nonce))]
    for part in parts[1:]:
        sent.append(await _send(message.channel, part))
    return [message.id for message in sent]


async def send(
    channel: discord.abc.Messageable,
    parts: Sequence[MessagePart],
    pings: discord.AllowedMentions | None = None,
    nonce: str | None = None,
) -> list[int]:
    """Send the parts, and return the ids of the messages; nobody is pinged but by `pings`.

    What is sent a second time with the same `nonce`, a single part, is there once.
    """
    return [(await _send(channel, part, pings, nonce)).id for part in parts]


async def rewrite(
    message: discord.Message,
    old: Sequence[int],
    parts: Sequence[MessagePart],
    place: discord.abc.Messageable | None = None,
) -> AsyncIterator[int]:
    """Replace `old`, the earlier replies to the message, with the parts; yield the id of each.

    A reply that somebody has deleted meanwhile is sent again. `place` is the thread that they
    stand in, where they do not stand in the message's channel.
    """
    channel = cast(_WithMessages, place or message.channel)
    is_reply = place is None
    for number, part in enumerate(parts):
        if number < len(old):
            earlier = channel.get_partial_message(old[number])
            with suppress(discord.NotFound):
                await earlier.edit(**_changed(part))
                yield earlier.id
                continue
        nonce = message_nonce(number)
        if is_reply:
            ids = await reply(message, [part], nonce)
        else:
            ids = await send(place or message.channel, [part], nonce=nonce)
        # The others stand below the first that is new, also where the message is gone by then.
        is_reply = False
        yield ids[0]
    for gone in old[len(parts) :]:
        with suppress(discord.NotFound):
            await channel.get_partial_message(gone).delete()


async def follow_up(
    interaction: Interaction, shown: Sequence[MessagePart] | LazyText | str, *, private: bool = True
) -> list[int]:
    """Show parts, or a text, in place of "thinking …", and return the ids of the messages."""
    parts = [MessagePart(str(shown))] if isinstance(shown, str | LazyText) else shown
    first = await put(interaction, parts[0])
    return [first, *await send_after(interaction, parts[1:], private=private)]


async def send_after(
    interaction: Interaction, parts: Sequence[MessagePart], *, private: bool
) -> list[int]:
    """Send the parts after the first response, and return the ids of the messages."""
    sent = [
        await interaction.followup.send(**new(part), ephemeral=private, wait=True) for part in parts
    ]
    return [message.id for message in sent]


async def begin(interaction: Interaction) -> None:
    """Prepare for a follow-up that the person alone sees, in a message of its own."""
    await interaction.response.defer(thinking=True, ephemeral=True)


async def begin_turn(interaction: Interaction) -> None:
    """Prepare for a follow-up that replaces the message whose button was clicked.

    If others can see that message as well, the person gets a private copy instead.
    """
    if interaction.message is not None and interaction.message.flags.ephemeral:
        await interaction.response.defer()
    else:
        await begin(interaction)


async def put(interaction: discord.Interaction[Any], part: MessagePart) -> int:
    """Replace the interaction's first response with the part, and return its id.

    A message that is laid out stays so, which Discord demands.
    """
    clicked = interaction.message
    replaces = interaction.response.type is discord.InteractionResponseType.deferred_message_update
    if replaces and clicked is not None and clicked.flags.components_v2:
        interaction.extras[_LAID_OUT] = True
    if part.frames or interaction.extras.get(_LAID_OUT):
        interaction.extras[_LAID_OUT] = True
        how = _changed(part)
    else:
        how = {"content": part.content, "view": view_of(part)}
    return (await interaction.edit_original_response(**how)).id


_LAID_OUT = "laid out"
"""In an interaction's extras: that its first response is a layout."""


def new(part: MessagePart, nonce: str | None = None) -> dict[str, Any]:
    """Return how discord.py sends a new message."""
    view = view_of(part)
    how: dict[str, Any] = {} if view is None else {"view": view}
    if nonce is not None:
        how["nonce"] = nonce
    return how if part.frames else {"content": part.content, **how}


def _changed(part: MessagePart) -> dict[str, Any]:
    """Return how discord.py edits a message that was plain or laid out before."""
    return {"content": None, "embeds": [], "view": layout_of(part)}


class _WithMessages(Protocol):
    """A channel that hands out its messages by their ids, as all but a group do."""

    def get_partial_message(self, message_id: int, /) -> discord.PartialMessage: ...


async def _send(
    channel: discord.abc.Messageable,
    part: MessagePart,
    pings: discord.AllowedMentions | None = None,
    nonce: str | None = None,
) -> discord.Message:
    pings = pings or discord.AllowedMentions.none()
    return await channel.send(**new(part, nonce), allowed_mentions=pings)


@asynccontextmanager
async def typing_in(channel: discord.abc.Messageable) -> AsyncIterator[None]:
    """Show "typing …" in the channel, from a task of its own.

    A question that is refused at once ends that task before it sends anything. Discord allows few
    such requests, and those of a flood would delay everybody's questions in that channel.
    """

    async def show() -> None:
        with suppress(*NOT_SENT):
            async with channel.typing():
                await asyncio.Event().wait()

    showing = asyncio.create_task(show())
    try:
        yield
    finally:
        showing.cancel()
