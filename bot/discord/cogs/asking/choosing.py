"""The choices below an unclear question: a click asks the one that was meant."""

from __future__ import annotations

from bot.chat.question import ChatQuestion
from bot.discord.cogs.asking.interaction_answers import show_answer
from bot.discord.cogs.bot_cog import BotCog, Buttons
from bot.discord.permissions.interaction import Interaction
from bot.discord.permissions.ownership import channel_of, exchange_of
from bot.discord.permissions.viewer_sources import AskerAlone, EveryoneHere
from bot.discord.ui.answers.answers import ANSWERS
from bot.discord.ui.answers.more_rows import MORE_ROWS
from bot.discord.ui.buttons import Click
from bot.records import Kind
from bot.services import Services

__all__ = ["Choosing"]


class Choosing(BotCog):
    def buttons(self) -> Buttons:
        return (Choose, *ANSWERS, *MORE_ROWS)


class Choose(Click, template=r"a:(?P<exchange>\d+):(?P<number>\d+)"):
    """Below a question that was asked back: asks one reading of it, for the person who clicks.

    The answer is shown to those who saw the choices: to the asker alone if they were private.
    """

    async def clicked(self, interaction: Interaction, services: Services) -> None:
        viewers = interaction.client.viewers
        unclear = await services.admission.run_quick(
            exchange_of, interaction, services, self.number("exchange"), Kind.ASK
        )
        private = unclear.private
        if not private:
            services.admission.require_room(interaction.user.id)
        await interaction.response.defer(thinking=True, ephemeral=private)
        asked = ChatQuestion(
            question=unclear.question,
            person=interaction.user.id,
            guild=interaction.guild_id,
            channel=channel_of(interaction),
            viewer=await (viewers.asker if private else viewers.here)(interaction),
            viewer_source=(AskerAlone if private else EveryoneHere)(viewers, interaction),
            today=services.today(interaction.guild_id),
            private=private,
        )
        with interaction.client.answering():
            answered = await services.answering.choose(asked, unclear, self.number("number"))
            await show_answer(interaction, asked, answered, answered.exchange.question)
