"""Sharing: an answer that one person was given alone, shown to all, where all may see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import discord
from discord.ext import commands

from bot import words
from bot.access import Viewer
from bot.discord.buttons import Click, Interaction
from bot.discord.client import BriefingBot
from bot.discord.exchanges import exchange_of
from bot.discord.rendering.answers import answer
from bot.discord.rendering.message import Button, Part
from bot.discord.sending import follow_up, send_after
from bot.errors import NotAllowed
from bot.library import Status
from bot.records import Exchange
from bot.services import Services
from index.answer import Answer

__all__ = ["Sharing", "may_be_shared", "with_share"]


class Sharing(commands.Cog):
    def __init__(self, bot: BriefingBot) -> None:
        self.bot = bot

    async def cog_load(self) -> None:
        self.bot.add_dynamic_items(Share)

    async def cog_unload(self) -> None:
        self.bot.remove_dynamic_items(Share)


def with_share(parts: Sequence[Part], exchange: Exchange) -> list[Part]:
    """The messages of a private answer, with the button in the last row of the last one."""
    *before, last = parts
    *rows, row = last.rows
    button = Button(words.SHARE_ANSWER, f"v:{exchange.id}", discord.ButtonStyle.primary)
    return [*before, replace(last, rows=(*rows, (*row, button)))]


def may_be_shared(services: Services, exchange: Exchange, among: Viewer) -> bool:
    """Whether all who are `among` may see all that is in the answer, and it still stands so.

    Blocks.
    """
    visible = services.access.visible(among)
    library = services.libraries.of(among)
    return (
        exchange.answered
        and exchange.private
        and exchange.guild is not None
        and (visible is None or visible.issuperset(exchange.drawn_from))
        and all(library.locate(one).status is Status.SAME for one in exchange.excerpts)
    )


class Share(Click, template=r"v:(?P<exchange>\d+)"):
    """Below a private answer: shows it to all who can read the channel, if it still may be."""

    async def clicked(self, interaction: Interaction, services: Services) -> None:
        await interaction.response.defer(thinking=True, ephemeral=True)
        among = await interaction.client.viewing.here(interaction)

        def recorded() -> tuple[Exchange, Exchange]:
            private = exchange_of(interaction, services, self.number("exchange"))
            if not may_be_shared(services, private, among):
                raise NotAllowed(words.NOT_TO_BE_SHARED)
            return private, services.records.add(
                kind=private.kind,
                person=private.person,
                guild=private.guild,
                channel=private.channel,
                question=private.question,
                understood=private.understood,
                generation=private.generation,
                confidence=private.confidence,
                answered=True,
                excerpts=private.excerpts,
                document=private.document,
                drawn_from=private.drawn_from,
            )

        private, public = await services.desk.look_up(recorded)
        response = Answer(
            private.understood, private.confidence, private.generation, private.excerpts
        )
        changed = private.understood.strip() != private.question.strip()
        parts = answer(
            response,
            exchange=public.id,
            asked=private.question,
            understood=private.understood if changed else None,
        )
        said = words.shared_by(who=interaction.user.mention)
        parts[0] = replace(parts[0], content=f"{said}\n{parts[0].content}")
        await follow_up(interaction, [Part(words.SHARED)], private=True)
        sent = await send_after(interaction, parts, private=False)
        await services.desk.look_up(lambda: services.records.set_replies(public.id, sent))
