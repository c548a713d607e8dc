"""Asks the question of an old answer again, below it, with the rights of today."""

from __future__ import annotations

import discord

from bot.chat.question import ChatQuestion
from bot.discord.cogs.asking.interaction_answers import record_replies, show_extra, standalone_parts
from bot.discord.cogs.bot_cog import BotCog, Buttons
from bot.discord.permissions.interaction import Interaction, reply_language
from bot.discord.permissions.ownership import exchange_of
from bot.discord.permissions.viewer_sources import AskerAlone, EveryoneHere
from bot.discord.rendering.message import MessagePart
from bot.discord.ui.answers.asked_words import question_of
from bot.discord.ui.buttons import Click
from bot.discord.ui.sending import follow_up, reply, send_after
from bot.localization import LazyText
from bot.records import Exchange, Kind
from bot.services import Services

__all__ = ["AskingAgain"]

ASKED_AGAIN = LazyText("-# Asked again by {who}.")
ANSWERED_BELOW = LazyText("Answered again, below the old answer.")


class AskingAgain(BotCog):
    def buttons(self) -> Buttons:
        return (AskAgain,)


class AskAgain(Click, template=r"w:again:(?P<exchange>\d+)"):
    """Where an old answer is said to be old: answers anew, for those who saw the old one."""

    async def clicked(self, interaction: Interaction, services: Services) -> None:
        await interaction.response.defer(thinking=True, ephemeral=True)
        viewers = interaction.client.viewers
        before = await services.admission.run_quick(
            exchange_of, interaction, services, self.number("exchange"), Kind.ASK
        )
        question = await question_of(interaction, before)
        alone = before.private or before.guild is None
        asked = ChatQuestion(
            question=question,
            person=interaction.user.id,
            guild=before.guild,
            channel=before.channel,
            viewer=await (viewers.asker if alone else viewers.here)(interaction),
            viewer_source=(AskerAlone if alone else EveryoneHere)(viewers, interaction),
            today=services.today(before.guild),
            private=before.private,
        )
        with interaction.client.answering():
            answered = await services.answering.ask_anew(asked, before)
            readers = await viewers.here(interaction)
            with reply_language(interaction, private=before.private):
                why = "" if alone else ASKED_AGAIN.format(who=interaction.user.mention)
                parts = await standalone_parts(
                    services, answered, asked.viewer_source, question, readers, why
                )
            if before.private:
                sent = await follow_up(interaction, parts)
            else:
                sent = await _below(interaction, before, parts)
            await record_replies(services, answered.exchange, sent)
            await show_extra(interaction, asked, answered, question)


async def _below(interaction: Interaction, before: Exchange, parts: list[MessagePart]) -> list[int]:
    """Send the parts as a reply to the old answer; where that is gone, in its channel."""
    channel = interaction.client.get_partial_messageable(before.channel)
    if before.replies:
        try:
            sent = await reply(channel.get_partial_message(before.replies[-1]), parts)
        except discord.HTTPException as exc:
            if exc.status not in (400, 403, 404):
                raise
        else:
            await follow_up(interaction, str(ANSWERED_BELOW))
            return sent
    await follow_up(interaction, str(ANSWERED_BELOW))
    return await send_after(interaction, parts, private=False)
