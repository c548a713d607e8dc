"""/forget-me: shows what is kept of a person, and removes it."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot import messages
from bot.app.services import Services
from bot.discord.permissions.interaction import Interaction, ServingClient
from bot.discord.rendering.message import Button, MessagePart
from bot.discord.ui.buttons import Click
from bot.discord.ui.sending import begin_turn, follow_up
from bot.documents.uploads import CorpusChanges
from bot.records import Held

__all__ = ["Forgetting"]


class Forgetting(commands.Cog):
    def __init__(self, bot: ServingClient) -> None:
        self.bot = bot
        self.services = bot.services

    async def cog_load(self) -> None:
        self.bot.add_dynamic_items(Forget, KeepRecords)

    async def cog_unload(self) -> None:
        self.bot.remove_dynamic_items(Forget, KeepRecords)

    @app_commands.command(name="forget-me", description=messages.FORGET_DESCRIPTION)
    async def forget_me(self, interaction: Interaction) -> None:
        await interaction.response.defer(thinking=True, ephemeral=True)
        person = interaction.user.id
        held, uploads = await self.services.admission.run_quick(
            lambda: _held(self.services, person)
        )
        if held.exchanges or held.marks or uploads:
            said = messages.forget(
                exchanges=held.exchanges, worded=held.worded, marks=held.marks, uploads=uploads
            )
            yes = Button(messages.FORGET_ME, "y:forget", discord.ButtonStyle.danger)
            part = MessagePart(
                _with_actions(said, held), rows=((yes, Button(messages.CANCEL, "y:not")),)
            )
        else:
            part = MessagePart(_with_actions(messages.FORGET_NOTHING, held))
        await follow_up(interaction, [part], private=True)


class Forget(Click, template=r"y:forget"):
    """Removes what is kept of the person who clicks; its id names no person."""

    async def clicked(self, interaction: Interaction, services: Services) -> None:
        await begin_turn(interaction)
        person = interaction.user.id

        def forget() -> Held:
            changes = CorpusChanges(services.settings)
            for token in changes.waiting_of(person):
                changes.discard(token)
            services.records.forget_person(person)
            return services.records.held(person)

        held = await services.admission.run_quick(forget)
        await follow_up(
            interaction, [MessagePart(_with_actions(messages.FORGOTTEN, held))], private=True
        )


class KeepRecords(Click, template=r"y:not"):
    """Declines, and removes nothing."""

    async def clicked(self, interaction: Interaction, services: Services) -> None:
        await begin_turn(interaction)
        await follow_up(interaction, [MessagePart(messages.FORGET_NOT)], private=True)


def _held(services: Services, person: int) -> tuple[Held, int]:
    """Return what is kept of a person, and how many uploads wait for their confirmation."""
    uploads = len(CorpusChanges(services.settings).waiting_of(person))
    return services.records.held(person), uploads


def _with_actions(said: str, held: Held) -> str:
    if not held.actions:
        return said
    return f"{said}\n{messages.forget_not_actions(number=held.actions)}"
