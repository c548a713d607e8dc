"""Decides whether a message is meant for the bot, what it asks, and what it continues."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import Enum

import discord

from bot.config.guilds import GuildSettings
from bot.discord.permissions.ownership import is_theirs
from bot.localization import LazyText
from bot.records import Exchange
from bot.services import Services
from bot.wording.command_names import without_off

NOTHING_ASKED = LazyText(
    "Write your question after my name. `/ask` does the same. `/help` shows what else I can do."
)
ASKED_BY_FILE = LazyText(
    "I answer questions in words, and cannot read attachments. To add a document, an "
    "admin can use `/upload`."
)
ASKED_BY_POLL = LazyText("I cannot vote. Write your question as a message, and I will look it up.")
TYPED_COMMAND = LazyText(
    "That looks like a command. Type `/` and choose it from the list that Discord then shows."
)
CANNOT_READ = LazyText(
    "Discord hides the words of that message from me. Mention me in it, or leave your reply's "
    "ping on."
)

_COMMAND = re.compile(r"/[^\W\d_]{2,20}\b")
_ASKED_BY = frozenset({discord.MessageType.default, discord.MessageType.reply})


class AddressReason(Enum):
    """Why a message is meant for the bot; the first three leave no doubt."""

    DIRECT = "a direct message"
    MENTION = "it mentions the bot"
    REPLY = "it replies to an answer, or to what else the bot replied"
    CHANNEL = "a channel for questions"
    THREAD = "a thread that began at an answer"


@dataclass(frozen=True, slots=True)
class Address:
    """Why a message is meant for the bot, and its question, which may be empty."""

    why: AddressReason
    question: str

    @property
    def certain(self) -> bool:
        """Whether the message is meant for the bot without a doubt."""
        return self.why in (AddressReason.DIRECT, AddressReason.MENTION, AddressReason.REPLY)


def addressed(
    message: discord.Message,
    me: discord.ClientUser,
    settings: GuildSettings,
    *,
    replies_to_answer: bool,
    in_answer_thread: bool,
) -> Address | None:
    """Return why the message is meant for the bot, or None if the bot should keep silent.

    Other bots and webhooks are never answered, since two bots would talk for ever. Discord's own
    messages, such as "pinned a message", are not answered either. In a channel for questions,
    people may still talk to each other by a reply to or a mention of another person.
    """
    if message.author.bot or message.webhook_id or message.type not in _ASKED_BY:
        return None
    question = _question(message, me)
    bot_role = message.guild and message.guild.self_role
    if message.guild is None:
        return Address(AddressReason.DIRECT, question)
    if re.search(rf"<@!?{me.id}>", message.content) or (
        bot_role and f"<@&{bot_role.id}>" in message.content
    ):
        return Address(AddressReason.MENTION, question)
    if replies_to_answer or _replies_to_reply(message, me):
        return Address(AddressReason.REPLY, question)
    if message.reference or any(user.id != me.id for user in message.mentions):
        return None
    if in_answer_thread:
        return Address(AddressReason.THREAD, question)
    if settings.question_channels.intersection(_channels(message.channel)):
        return Address(AddressReason.CHANNEL, question)
    return None


def is_surely_asked(message: discord.Message, me: discord.ClientUser) -> bool:
    """Return whether the message is meant for the bot, whatever it may continue."""
    if message.reference is not None:
        return False
    found = addressed(message, me, GuildSettings(), replies_to_answer=False, in_answer_thread=False)
    return found is not None and found.certain


def _replies_to_reply(message: discord.Message, me: discord.ClientUser) -> bool:
    """Return whether the message replies to what the bot replied: advice, or a forgotten answer."""
    replied_to = message.reference.resolved if message.reference else None
    return (
        isinstance(replied_to, discord.Message)
        and replied_to.author.id == me.id
        and replied_to.type is discord.MessageType.reply
    )


def _channels(channel: discord.abc.MessageableChannel) -> Iterator[int]:
    """Yield the id of the channel, and of the one that a thread or a forum post belongs to."""
    yield channel.id
    if isinstance(channel, discord.Thread):
        yield channel.parent_id


def _question(message: discord.Message, me: discord.ClientUser) -> str:
    """Return the text of a message without the bot's mention, and with names for other mentions.

    A message without text asks about the message that it forwards or replies to.
    """
    text = _without_mention(message.content, message, me)
    if message.id == message.channel.id:  # the first message of a forum's post
        text = _with_title(getattr(message.channel, "name", ""), text)
    if not text and message.message_snapshots:
        text = message.message_snapshots[0].content.strip()
    replied_to = message.reference.resolved if message.reference else None
    if not text and isinstance(replied_to, discord.Message) and not replied_to.author.bot:
        text = _without_mention(replied_to.content, replied_to, me)
    return text


def _with_title(title: str, text: str) -> str:
    """Return what a post asks: its title, its text, or both where neither says it alone."""
    title = title.strip()
    if not text or (title.endswith("?") and "?" not in text):
        return title
    if not title or title.casefold() in text.casefold():
        return text
    return f"{title} {text}" if title[-1] in "?!.:" else f"{title}: {text}"


def _without_mention(text: str, message: discord.Message, me: discord.ClientUser) -> str:
    bot_role = message.guild and message.guild.self_role
    text = re.sub(rf"<@!?{me.id}>", " ", text)
    if bot_role:
        text = text.replace(f"<@&{bot_role.id}>", " ")
    for user in message.mentions:
        text = text.replace(f"<@{user.id}>", user.display_name)
        text = text.replace(f"<@!{user.id}>", user.display_name)
    return re.sub(r"[ \t]+", " ", text).strip()


def said_to_no_question(
    message: discord.Message, found: Address, off: Collection[str] = ()
) -> str | None:
    """Return what is said to a message that asks nothing, maybe nothing; None for a question.

    Commands that are `off` there are not named.
    """
    if found.question:
        return str(TYPED_COMMAND) if _COMMAND.match(found.question) else None
    if not found.certain:
        return ""
    if message.poll:
        return str(ASKED_BY_POLL)
    if message.attachments:
        return without_off(str(ASKED_BY_FILE), off)
    if message.reference and message.guild:
        # Without the message-content intent a reply that does not ping comes without its words.
        return str(CANNOT_READ)
    return without_off(str(NOTHING_ASKED), off)


async def replied_exchange(message: discord.Message, services: Services) -> Exchange | None:
    """Return the exchange that the message replies to, if its author may continue it."""
    replied_to = message.reference.message_id if message.reference else None
    return None if replied_to is None else await _answered_by(replied_to, message, services)


async def thread_exchange(message: discord.Message, services: Services) -> Exchange | None:
    """Return the exchange that the thread began at, by its answer or its question.

    The thread has the id of the message that it began at.
    """
    thread = message.channel
    if not isinstance(thread, discord.Thread):
        return None
    found = await _answered_by(thread.id, message, services)
    if found is not None or message.id == thread.id:
        return found
    # Or it began at the question: the bot opened it for the answer, or it is a forum's post.
    asked = await services.admission.run_quick(services.records.by_question, thread.id)
    return _if_theirs(asked, message)


def goes_on_in_thread(
    thread_of: Exchange | None, message: discord.Message, me: discord.ClientUser
) -> bool:
    """Return whether all that is written in a thread is meant for the bot.

    It is where the thread began at an answer, or the bot opened it for one.
    """
    thread = message.channel
    return (
        thread_of is not None
        and isinstance(thread, discord.Thread)
        and (thread.id in thread_of.replies or thread.owner_id == me.id)
    )


async def _answered_by(
    answer_id: int, message: discord.Message, services: Services
) -> Exchange | None:
    """Return the exchange of an answer, if the author of the message may continue it."""
    found = await services.admission.run_quick(services.records.by_reply, answer_id)
    return _if_theirs(found, message)


def _if_theirs(found: Exchange | None, message: discord.Message) -> Exchange | None:
    guild = message.guild.id if message.guild else None
    if found is None or not is_theirs(found, message.author.id, guild, message.channel):
        return None
    return found
