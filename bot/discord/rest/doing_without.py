"""What the bot does without in a channel, as long as it lacks a permission that is useful there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import discord

from bot.check_results import CheckResult
from bot.config.guilds import GuildSettings
from bot.localization import LazyText, _

USEFUL: Mapping[str, str] = {
    "add_reactions": "Add Reactions",
    "create_public_threads": "Create Public Threads",
    "manage_threads": "Manage Threads",
}
"""Permissions that are not needed, with Discord's names for them."""
_WITHOUT: Mapping[str, LazyText] = {
    "add_reactions": LazyText("{channel}: the bot lacks {right}, so it says nothing to thanks."),
    "create_public_threads": LazyText(
        "{channel}: the bot lacks {right}, so its answers are not put into threads."
    ),
    "manage_threads": LazyText("{channel}: the bot lacks {right}, so it does not tag posts."),
}
_NO_TAG = LazyText(
    "{channel}: there is no tag called {tag}, and the bot makes none without Manage Channels."
)


def done_without(
    channel: discord.abc.GuildChannel,
    granted: discord.Permissions,
    settings: GuildSettings,
    remedy: str,
) -> Iterator[CheckResult]:
    """Yield findings about what a channel's settings ask for and the bot may not do there."""
    asked_in = channel.id in settings.question_channels
    forum = asked_in and isinstance(channel, discord.ForumChannel)
    threads = isinstance(channel, discord.TextChannel) and settings.has_answer_threads(channel.id)
    name = "Question channel" if asked_in else "Channels"
    where = f"#{channel.name} in {channel.guild.name}"
    for right, wanted in (
        ("add_reactions", asked_in),
        ("create_public_threads", threads),
        ("manage_threads", forum),
    ):
        if wanted and not getattr(granted, right):
            detail = _WITHOUT[right].format(channel=where, right=USEFUL[right])
            yield CheckResult(name, False, detail, remedy, needed=False)
    if isinstance(channel, discord.ForumChannel) and asked_in and granted.manage_threads:
        known = {tag.name.casefold() for tag in channel.available_tags}
        for tag in filter(None, (settings.answered_tag, settings.open_tag)):
            if tag.casefold() not in known and not granted.manage_channels:
                said, cure = _NO_TAG.format(channel=where, tag=tag), _("Make it in the forum.")
                yield CheckResult(name, False, said, cure, needed=False)
