"""Small talk where every message is a question: a reaction, or nothing, so that nobody is bothered.

Where the bot was spoken to, it answers in words instead.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence

import discord

from index.answering.answer import QuestionKind, Reply, Response, Says
from index.answering.kinds.talk.talk import answer_talk

_REACTIONS = {
    Says.GREETING: "👋",
    Says.THANKS: "🙏",
    Says.FAREWELL: "👋",
    Says.AGREEMENT: "👍",
}
_log = logging.getLogger(__name__)


def reaction_to(response: Response) -> str | None:
    """Return the emoji that is enough of a reply; None where words are needed."""
    return _emoji(response.replies) if response.kind is QuestionKind.TALK else None


def is_small_talk(text: str) -> bool:
    """Return whether a reaction will be enough, before anything is looked up."""
    found = answer_talk(text)
    return found is not None and _emoji(found.replies) is not None


def _emoji(replies: Sequence[Reply]) -> str | None:
    found = [_REACTIONS.get(reply.says) for reply in replies]
    return found[0] if found and None not in found else None


async def react(message: discord.Message, emoji: str) -> bool:
    """Add a reaction to a message; return whether the bot may. In direct messages it always may."""
    if message.guild is not None and not _may_react(message.channel, message.guild.me):
        return False
    try:
        await message.add_reaction(emoji)
    except (discord.Forbidden, discord.NotFound):  # its author has blocked the bot, or deleted it
        _log.info("A message could not be reacted to")
        return False
    return True


async def take_back(
    message: discord.Message,
    me: discord.ClientUser,
    emojis: Collection[str] = frozenset(_REACTIONS.values()),
) -> None:
    """Remove the bot's reactions with these emojis from an edited message."""
    for reaction in message.reactions:
        # Whose they are is not always told with an edited message.
        if str(reaction.emoji) in emojis:
            try:
                await message.remove_reaction(reaction.emoji, me)
            except (discord.Forbidden, discord.NotFound):
                _log.info("A reaction could not be taken back")


def _may_react(channel: discord.abc.MessageableChannel, me: discord.Member) -> bool:
    granted = channel.permissions_for(me)
    return granted.add_reactions and granted.read_message_history
