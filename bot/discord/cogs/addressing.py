"""Whether a message is meant for the bot, and what it asks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

import discord

from bot.config.guilds import GuildSettings

__all__ = ["Addressed", "Why", "addressed"]

_ASKED_BY = frozenset({discord.MessageType.default, discord.MessageType.reply})


class Why(Enum):
    """What makes a message the bot's business. The first three are meant for it without a doubt."""

    DIRECT = "a direct message"
    MENTION = "it mentions the bot"
    REPLY = "it replies to an answer"
    CHANNEL = "a channel for questions"
    THREAD = "a thread that an answer began"


@dataclass(frozen=True, slots=True)
class Addressed:
    """`question` may be empty: a message can be meant for the bot and ask nothing."""

    why: Why
    question: str

    @property
    def surely(self) -> bool:
        return self.why in (Why.DIRECT, Why.MENTION, Why.REPLY)


def addressed(
    message: discord.Message,
    me: discord.ClientUser,
    settings: GuildSettings,
    *,
    replies_to_answer: bool,
    in_answer_thread: bool,
) -> Addressed | None:
    """None where the bot should keep silent.

    Other bots and webhooks are never answered, or two bots would talk for ever; nor are Discord's
    own messages, such as "pinned a message". In a channel for questions people may still talk to
    each other, by replying to or mentioning someone else.
    """
    if message.author.bot or message.webhook_id or message.type not in _ASKED_BY:
        return None
    question = _question(message, me)
    own_role = message.guild and message.guild.self_role
    if message.guild is None:
        return Addressed(Why.DIRECT, question)
    if re.search(rf"<@!?{me.id}>", message.content) or (
        own_role and f"<@&{own_role.id}>" in message.content
    ):
        return Addressed(Why.MENTION, question)
    if replies_to_answer:
        return Addressed(Why.REPLY, question)
    if message.reference or any(user.id != me.id for user in message.mentions):
        return None
    if in_answer_thread:
        return Addressed(Why.THREAD, question)
    if settings.question_channels.intersection(_channels(message.channel)):
        return Addressed(Why.CHANNEL, question)
    return None


def _channels(channel: discord.abc.MessageableChannel) -> Iterator[int]:
    """The channel, and the one that a thread or a forum post belongs to."""
    yield channel.id
    if isinstance(channel, discord.Thread):
        yield channel.parent_id


def _question(message: discord.Message, me: discord.ClientUser) -> str:
    """What was written, without the bot's name; others are named as people see them.

    Where the message itself holds nothing, what it forwards or replies to is asked about.
    """
    text = _without_mention(message.content, message, me)
    if not text and message.message_snapshots:
        text = message.message_snapshots[0].content.strip()
    replied_to = message.reference.resolved if message.reference else None
    if not text and isinstance(replied_to, discord.Message) and not replied_to.author.bot:
        text = _without_mention(replied_to.content, replied_to, me)
    return text


def _without_mention(text: str, message: discord.Message, me: discord.ClientUser) -> str:
    own_role = message.guild and message.guild.self_role
    text = re.sub(rf"<@!?{me.id}>", " ", text)
    if own_role:
        text = text.replace(f"<@&{own_role.id}>", " ")
    for user in message.mentions:
        text = text.replace(f"<@{user.id}>", user.display_name)
        text = text.replace(f"<@!{user.id}>", user.display_name)
    return re.sub(r"[ \t]+", " ", text).strip()
