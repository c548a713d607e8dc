"""Shows the answer to a command or click that asks a question, with more for its asker alone."""

from __future__ import annotations

import logging
from dataclasses import replace

import discord

from bot.access import Viewer
from bot.chat.answering import RecordedAnswer
from bot.chat.question import ChatQuestion
from bot.chat.recheck import ViewerSource
from bot.discord.cogs.asking.sharing import may_be_shared, with_share
from bot.discord.permissions.interaction import Interaction, reply_language
from bot.discord.permissions.viewer_sources import asker_alone
from bot.discord.rendering.message import MessagePart
from bot.discord.ui.answers.answers import answer_parts
from bot.discord.ui.answers.forum_tags import tag_post
from bot.discord.ui.sending import follow_up, send, send_after
from bot.localization import LazyText
from bot.records import Exchange
from bot.services import Services
from index.errors import BriefingError

ANSWERED_FURTHER = LazyText(
    "-# For you alone: not everybody who can read {where} may see what answers this best."
)

_log = logging.getLogger(__name__)


async def show_answer(
    interaction: Interaction,
    asked: ChatQuestion,
    answered: RecordedAnswer,
    question: str,
    why: str = "",
    thread: discord.Thread | None = None,
) -> None:
    """Show the answer to `question` in place of "thinking …", and record its messages.

    `why` says why the asker alone sees it. If others see it, the asker is shown besides what only
    they may see. With `thread`, which began at the first response, the answer is shown in it.
    """
    services, viewers = interaction.client.services, interaction.client.viewers
    if not await services.claiming.is_mine(is_acknowledged=True):
        return
    readers = await viewers.here(interaction)
    seen_by = asked.viewer_source
    with reply_language(interaction, private=asked.private):
        parts = await standalone_parts(services, answered, seen_by, question, readers, why)
    if thread is None:
        sent = await follow_up(interaction, parts, private=asked.private)
    else:
        sent = [thread.id, *await send(thread, parts)]
    await record_replies(services, answered.exchange, sent)
    if not asked.only_asker_sees:
        settings, person = services.guilds.of(asked.guild), interaction.user.id
        await tag_post(interaction.channel, settings, answered.response, person)
    await show_extra(interaction, asked, answered, question)


async def show_extra(
    interaction: Interaction, asked: ChatQuestion, answered: RecordedAnswer, question: str
) -> None:
    """Show the asker what only they may see beyond an answer that others see as well."""
    if asked.only_asker_sees:
        return
    services, viewers = interaction.client.services, interaction.client.viewers
    readers, asker = await viewers.here(interaction), await viewers.asker(interaction)
    alone = asker_alone(viewers, interaction)
    asked = replace(asked, viewer=asker, viewer_source=alone, private=True)
    if extra := await extra_answer(services, asked, answered.exchange, readers):
        why = ANSWERED_FURTHER.format(where=f"<#{asked.channel}>")
        parts = await standalone_parts(services, extra, alone, question, readers, why)
        sent = await send_after(interaction, parts, private=True)
        await record_replies(services, extra.exchange, sent)


async def standalone_parts(
    services: Services,
    answered: RecordedAnswer,
    seen_by: ViewerSource,
    question: str,
    readers: Viewer,
    why: str = "",
) -> list[MessagePart]:
    """Return the messages of an answer that does not stand below its question.

    A private answer that all `readers` of the channel may see gets a button that shares it.
    """
    exchange = answered.exchange
    parts = await answer_parts(services, answered, seen_by, asked=question)
    if why:
        parts[0] = replace(parts[0], content=f"{why}\n{parts[0].content}")
    run_quick = services.admission.run_quick
    if exchange.private and await run_quick(may_be_shared, services, exchange, readers):
        return with_share(parts, exchange)
    return parts


async def extra_answer(
    services: Services, asked: ChatQuestion, public: Exchange, readers: Viewer
) -> RecordedAnswer | None:
    """Return what the asker may see beyond the public answer; None also if that fails."""
    try:
        return await services.answering.answer_extra(asked, public, readers)
    except BriefingError as exc:
        _log.info("What one person may see beyond others was not looked up: %s", exc)
        return None


async def record_replies(services: Services, exchange: Exchange, sent: list[int]) -> None:
    await services.admission.run_quick(services.records.set_replies, exchange.id, sent)
