"""What was answered for a viewer, where they may still see as much when it is to be shown.

A question waits in line, for tens of seconds at worst. Meanwhile a role may have been taken away,
or a channel opened to more people.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TypeAlias, TypeVar, cast

import discord

from bot.access import STRANGER, Access, Viewer
from bot.app.services import Services
from bot.chat.answering import Asked
from bot.discord.permissions.viewers import Viewers
from bot.discord.ui.buttons import Interaction
from bot.errors import Busy

__all__ = ["Rights", "asker_now", "recheck"]

T = TypeVar("T")
Rights: TypeAlias = Callable[[], Awaitable[Viewer]]
"""Takes those of the moment."""

_MOST = 3
"""How often one question is answered while the rights to its answer grow fewer."""


async def recheck(
    services: Services,
    asked: Asked,
    rights: Rights,
    work: Callable[[Asked], Awaitable[T]],
) -> T:
    """What `work` brings, brought again where whoever is looking may see less by then.

    Raises Busy where that is less time after time, and whatever `work` raises.
    """
    for _ in range(_MOST):
        done = await work(asked)
        if done is None:
            return done
        before, asked = asked.viewer, replace(asked, viewer=await rights())
        if not await _sees_less(services, asked.viewer, before):
            return done
    raise Busy(1)


async def _sees_less(services: Services, now: Viewer, before: Viewer) -> bool:
    if now == before:
        return False
    return await services.admission.run_quick(lambda: _lost(services.access, now, before))


def _lost(access: Access, now: Viewer, before: Viewer) -> bool:
    """Whether something that was visible is so no more; blocks."""
    has, had = access.visible(now), access.visible(before)
    return has is not None and (had is None or not had <= has)


async def asker_now(viewers: Viewers, at: discord.Message | Interaction) -> Viewer:
    """Whoever asked, with the rights of this moment.

    What was asked came with the roles of that moment, and Discord does not tell the bot of one that
    was taken away since: it has to be asked.
    """
    person = at.user if isinstance(at, discord.Interaction) else at.author
    if at.guild is None:
        return await viewers.author(_said(person, None, at.channel))
    try:
        member = await at.guild.fetch_member(person.id)
    except discord.HTTPException:
        return STRANGER
    place = at.channel if _reads(member, at.channel) else None
    return await viewers.author(_said(member, at.guild, place))


def _reads(member: discord.Member, channel: object) -> bool:
    parent = channel.parent if isinstance(channel, discord.Thread) else channel
    return (
        isinstance(parent, discord.abc.GuildChannel) and parent.permissions_for(member).view_channel
    )


def _said(
    author: discord.User | discord.Member, guild: discord.Guild | None, channel: object
) -> discord.Message:
    """What Viewing looks at of a message."""
    return cast("discord.Message", _Said(author, guild, channel))


@dataclass(frozen=True, slots=True)
class _Said:
    author: discord.User | discord.Member
    guild: discord.Guild | None
    channel: object
