"""Shares a private answer with everybody in the channel, if all may see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import discord

from bot.access import STRANGER, Viewer
from bot.discord.permissions.asked import asked_by
from bot.discord.permissions.interaction import Interaction, reply_language
from bot.discord.permissions.ownership import exchange_of
from bot.discord.rendering.message import Button, MessagePart, with_button
from bot.discord.ui.actions import Click, Shown, ShownParts
from bot.discord.ui.ages import with_ask_again
from bot.discord.ui.answers.answers import answer_parts
from bot.discord.ui.sending import follow_up, send_after
from bot.errors import NotAllowed
from bot.library import ExcerptStatus
from bot.localization import LazyText
from bot.records import Exchange, Kind
from bot.services import Services
from index.answering.answer import QuestionKind, Verdict

SHARE_ANSWER = LazyText("Share")
SHARED = LazyText("Shared: everybody in this channel can read it now.")
NOT_TO_BE_SHARED = LazyText(
    "This answer cannot be shared: not everybody here may see its documents, or they have "
    "changed since. Ask again to see what can be said here."
)
_SHARE_FORGOTTEN = LazyText(
    "I no longer know what was asked. Please ask again, and share that answer."
)
SHARED_BY = LazyText("-# Shared by {who}")


def with_share(parts: Sequence[MessagePart], exchange: Exchange) -> list[MessagePart]:
    """Return the messages of a private answer, with "share" in the last row of buttons."""
    *before, last = parts
    button = Button(str(SHARE_ANSWER), f"v:{exchange.id}", discord.ButtonStyle.primary)
    return [*before, with_button(last, button)]


def may_be_shared(services: Services, exchange: Exchange, readers: Viewer) -> bool:
    """Return whether all `readers` may see all of a private answer, and it is unchanged. Blocks."""
    library = services.libraries.of(readers)
    return (
        exchange.verdict is not Verdict.SILENT
        and exchange.question_kind is not QuestionKind.TALK
        and exchange.private
        and exchange.guild is not None
        and readers is not STRANGER
        and services.access.may_know_of_all(readers, exchange.documents)
        and all(
            library.locate(excerpt).status is ExcerptStatus.SAME for excerpt in exchange.excerpts
        )
    )


class Share(Click, template=r"v:(?P<exchange>\d+)", shown=Shown.APART):
    """Below a private answer: shows it to all who can read the channel, if they may see it."""

    async def clicked(self, interaction: Interaction, services: Services) -> ShownParts:
        readers = await interaction.client.viewers.here(interaction)
        await services.admission.count(interaction.user.id)
        private, may_be = await services.admission.run_quick(
            _shareable, interaction, self.number("exchange"), readers
        )
        if not may_be:
            return [with_ask_again(MessagePart(str(NOT_TO_BE_SHARED)), private)]
        asked = await asked_by(interaction, private.question, alone=False)
        asked = replace(asked, person=private.person, channel=private.channel, viewer=readers)
        # Asked again for all readers: even the confidence of the private answer depends on all
        # documents that its asker may see.
        shared = await services.answering.answer_again(asked, private)
        if shared is None:
            raise NotAllowed(NOT_TO_BE_SHARED)
        with reply_language(interaction, private=False):
            parts = await answer_parts(
                services, shared, asked.viewer_source, asked=private.question
            )
            said = SHARED_BY.format(who=interaction.user.mention)
        parts[0] = replace(parts[0], content=f"{said}\n{parts[0].content}")
        await follow_up(interaction, SHARED)
        sent = await send_after(interaction, parts, private=False)
        await services.admission.run_quick(services.records.set_replies, shared.exchange.id, sent)
        return None


def _shareable(interaction: Interaction, number: int, readers: Viewer) -> tuple[Exchange, bool]:
    """Return the private answer of that number, and whether it may be shared. Blocks.

    Raises NotAllowed.
    """
    services = interaction.client.services
    exchange = exchange_of(interaction, services, number, Kind.ASK)
    may_be = may_be_shared(services, exchange, readers)
    if may_be and not exchange.rewritten:
        raise NotAllowed(_SHARE_FORGOTTEN)
    return exchange, may_be
