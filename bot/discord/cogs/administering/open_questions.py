"""Which unanswered questions /gaps may show, grouped by what they ask."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from bot.access import Viewer
from bot.discord.permissions.channel_readers import can_read
from bot.records import Exchange, UnsatisfiedQuestion
from bot.services import Services

__all__ = ["is_readable", "without_hidden"]


def is_readable(exchange: Exchange, person: discord.User | discord.Member) -> bool:
    """Return whether the person can read the channel in which the question was asked.

    A private question is not readable. Nor is one of a channel that the bot does not know: the
    channel is gone, or the thread is closed.
    """
    if exchange.private or not isinstance(person, discord.Member):
        return False
    channel = person.guild.get_channel_or_thread(exchange.channel)
    return channel is not None and can_read(person, channel)


def without_hidden(
    questions: Sequence[UnsatisfiedQuestion], services: Services, viewer: Viewer
) -> list[UnsatisfiedQuestion]:
    """Return the questions without words of documents that are hidden from the viewer. Blocks."""
    access = services.access
    return [
        question
        for question in questions
        if access.may_know_of_all(viewer, question.exchange.source_documents)
    ]
