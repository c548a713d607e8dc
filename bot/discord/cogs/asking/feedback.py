"""👍 and 👎 below every answer, with what is wrong, and a reason if it may be kept.

A form, like a button, is known by its id alone. So a reason is accepted even if the person wrote
for long, or the bot was restarted meanwhile.
"""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from typing import Any

import discord

from bot import messages
from bot.discord.cogs.bot_cog import Buttons, FormCog
from bot.discord.permissions.admins import require_admin
from bot.discord.permissions.interaction import Interaction
from bot.discord.permissions.ownership import exchange_of
from bot.discord.rendering.message import MessagePart
from bot.discord.ui.ages import with_age
from bot.discord.ui.answers.ask_person import with_ask_person
from bot.discord.ui.answers.notices import NOTICES, tell_admins
from bot.discord.ui.buttons import Click
from bot.discord.ui.documents.removing import ask_removal
from bot.discord.ui.forms import SubmittedForm, filled
from bot.discord.ui.sending import begin_turn, follow_up, new
from bot.errors import NotAllowed
from bot.library import FileDocuments, Library
from bot.localization import LazyText, _
from bot.records import Exchange, Fault, FeedbackEntry, Kind, Mark
from bot.services import Services
from index.errors import BriefingError

__all__ = ["Feedback"]

THANKS_UP = LazyText("Thank you, that is noted.")
THANKS_DOWN = LazyText("Thank you. The admins see it.")
_THANKS_DOWN_COUNTED = LazyText("Thank you. It counts; the words of your question are not kept.")
_REASON_PLACEHOLDER = LazyText(
    "The wrong document, a missing line, an answer although there is none, …"
)

_PATIENCE = 1.5
"""Seconds in which the age of an answer is looked up; a click is to be answered within three."""
_LONGEST_REASON = 1_000
"""Characters."""
_FORM = re.compile(r"f:(?P<exchange>[0-9]{1,18}):reason")
_FIELD, _FAULT = "reason", "fault"


class Feedback(FormCog):
    form = _FORM

    def buttons(self) -> Buttons:
        return _BUTTONS

    async def sent(self, interaction: Interaction, form: SubmittedForm) -> None:
        """Record what a form says."""
        reason = filled(form.data["components"], _FIELD).strip()[:_LONGEST_REASON] or None
        chosen = filled(form.data["components"], _FAULT)
        fault = Fault(chosen) if chosen in list(Fault) else None
        number = int(form.found["exchange"])
        exchange, entry = await _rate(interaction, self.services, number, Mark.DOWN, reason, fault)
        await _thank(interaction, _thanks_down(self.services), exchange, ask_person=True)
        await tell_admins(self.bot, exchange, entry)


class Rate(Click, template=r"f:(?P<exchange>\d+):(?P<mark>up|down)"):
    """Marks an answer as helpful or not, and asks in a form what is wrong with it."""

    async def clicked(self, interaction: Interaction, services: Services) -> None:
        number, mark = self.number("exchange"), Mark(self.found["mark"])
        # Recorded first, so that the answer is marked down even if the form is closed.
        exchange, entry = await _rate(interaction, services, number, mark)
        if mark is Mark.UP:
            await _thank(interaction, str(THANKS_UP), exchange)
        else:
            form = _form(number, with_reason=services.records.keep_questions)
            await interaction.response.send_modal(form)
        await tell_admins(interaction.client, exchange, entry)


class AskRemoval(Click, template=r"x:ro:(?P<key>[\w-]{12})"):
    """Below what admins are told: asks whether a document shall be removed, as /remove does."""

    async def clicked(self, interaction: Interaction, services: Services) -> None:
        require_admin(interaction, services.guilds)
        await begin_turn(interaction)
        key = self.found["key"]
        parts = await ask_removal(interaction, lambda library: _file(library, key))
        await follow_up(interaction, parts)


def _file(library: Library, key: str) -> FileDocuments:
    return library.file_of(library.name_of(key))


async def _rate(
    interaction: Interaction,
    services: Services,
    number: int,
    mark: Mark,
    reason: str | None = None,
    fault: Fault | None = None,
) -> tuple[Exchange, FeedbackEntry]:
    """Record a mark; raise NotAllowed if the person may not rate that exchange."""
    person = interaction.user.id

    def rate() -> tuple[Exchange, FeedbackEntry]:
        # A search has no such button.
        exchange = exchange_of(interaction, services, number)
        known = exchange.kind is not Kind.SEARCH
        entry = known and services.records.rate(number, person, mark, reason, fault)
        if not entry:
            raise NotAllowed(messages.EXCHANGE_GONE)
        return exchange, entry

    return await services.admission.run_quick(rate)


async def _thank(
    interaction: Interaction, text: str, exchange: Exchange, *, ask_person: bool = False
) -> None:
    """Thank for a mark, and say whether the answer is old; Discord waits for a few seconds.

    With `ask_person` there is a button that asks a person instead.
    """
    part = MessagePart(text)
    if exchange.kind is Kind.ASK and exchange.excerpts:
        with suppress(TimeoutError, BriefingError):
            async with asyncio.timeout(_PATIENCE):
                part = await with_age(interaction, part, exchange)
    if ask_person:
        (part,) = with_ask_person(interaction.client.services, [part], exchange, anyway=True)
    await interaction.response.send_message(**new(part), ephemeral=True)


def _thanks_down(services: Services) -> str:
    return str(THANKS_DOWN if services.records.keep_questions else _THANKS_DOWN_COUNTED)


def _form(exchange: int, *, with_reason: bool) -> discord.ui.Modal:
    form = discord.ui.Modal(title=_("What was wrong?"), custom_id=f"f:{exchange}:reason")
    choice: discord.ui.RadioGroup[Any] = discord.ui.RadioGroup(custom_id=_FAULT)
    for fault, (label, description) in _faults().items():
        choice.add_option(label=label, value=fault, description=description)
    note = None if with_reason else _("Your choice is kept, and no words.")
    form.add_item(discord.ui.Label(text=_("The answer is …"), description=note, component=choice))
    if with_reason:
        field: discord.ui.TextInput[Any] = discord.ui.TextInput(
            custom_id=_FIELD,
            placeholder=str(_REASON_PLACEHOLDER),
            style=discord.TextStyle.paragraph,
            max_length=_LONGEST_REASON,
            required=False,
        )
        form.add_item(discord.ui.Label(text=_("A reason, if you like"), component=field))
    form.stop()  # otherwise discord.py would keep it in memory until it is submitted
    return form


def _faults() -> dict[Fault, tuple[str, str | None]]:
    """Return what can be chosen, as it is called and explained in the form."""
    return {
        Fault.WRONG: (_("wrong"), None),
        Fault.OUTDATED: (_("outdated"), _("It was right once.")),
        Fault.INCOMPLETE: (_("incomplete"), None),
        Fault.MISUNDERSTOOD: (_("not what I meant"), None),
        Fault.UNFIT: (
            _("not to be shown"),
            _("Admins hear of it at once, with the documents that it is from."),
        ),
    }


_BUTTONS = (Rate, AskRemoval, *NOTICES)
