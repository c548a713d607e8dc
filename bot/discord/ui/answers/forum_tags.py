"""Tags on posts of a forum: whether what was asked in them last is answered or open."""

from __future__ import annotations

import logging

import discord

from bot.config.guilds import GuildSettings
from index.answering.answer import QuestionKind, Response, Verdict

_MOST_TAGS = 20
"""Tags that a forum can have."""
_MOST_APPLIED = 5
"""Tags that a post can have."""
_log = logging.getLogger(__name__)


async def tag_post(
    channel: object, settings: GuildSettings, response: Response, asked_by: int
) -> None:
    """Tag a post by the answer to what was asked in it; do nothing anywhere else.

    Where the settings do not name the forum, only what its author asks counts, and no tag is made.
    Where the bot lacks a permission, the post stays as it is.
    """
    if response.kind is QuestionKind.TALK or not isinstance(channel, discord.Thread):
        return
    told = channel.parent_id in settings.question_channels
    if _counts(channel, settings, asked_by):
        answered = response.verdict is Verdict.ANSWERED
        name = settings.answered_tag if answered else settings.open_tag
        await _retag(channel, settings, name, may_make=told)


def _counts(post: discord.Thread, settings: GuildSettings, asked_by: int) -> bool:
    return post.parent_id in settings.question_channels or asked_by == post.owner_id


async def take_tags_off(channel: object, settings: GuildSettings, asked_by: int) -> None:
    """Take both tags off a post whose answer was taken back, if what was asked counted."""
    if isinstance(channel, discord.Thread) and _counts(channel, settings, asked_by):
        await _retag(channel, settings, "", may_make=False)


async def _retag(
    post: discord.Thread, settings: GuildSettings, name: str, *, may_make: bool
) -> None:
    forum = post.parent
    if not isinstance(forum, discord.ForumChannel):
        return
    granted = forum.permissions_for(post.guild.me)
    if not granted.manage_threads:
        return
    ours = {settings.answered_tag.casefold(), settings.open_tag.casefold()}
    others = [tag for tag in post.applied_tags if tag.name.casefold() not in ours]
    try:
        wanted = _known(forum, name)
        room = granted.manage_channels and len(forum.available_tags) < _MOST_TAGS
        if wanted is None and name and may_make and room:
            wanted = await forum.create_tag(name=name)
        tags = others if wanted is None else [*others[: _MOST_APPLIED - 1], wanted]
        if {tag.id for tag in tags} != {tag.id for tag in post.applied_tags}:
            await post.edit(applied_tags=tags)
    except discord.HTTPException as exc:  # it is archived, or was deleted
        _log.info("A post could not be tagged: %s", exc.code)


def _known(forum: discord.ForumChannel, name: str) -> discord.ForumTag | None:
    same = (tag for tag in forum.available_tags if tag.name.casefold() == name.casefold())
    return next(same, None)
