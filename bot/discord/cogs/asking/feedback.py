"""👍 and 👎 below every answer, with what is wrong, and a reason if it may be kept.

A form, like a button, is known by its id alone. So a reason is accepted even if the person wrote
for long, or the bot was restarted meanwhile.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import discord

from bot import messages
from bot.discord.permissions.interaction import Interaction
from bot.discord.permissions.ownership import exchange_of
from bot.discord.rendering.message import MessagePart
from bot.discord.ui.actions import Click, Form, Shown, ShownParts, form_of, text_field
from bot.discord.ui.ages import with_age
from bot.discord.ui.answers.answers import with_ask_person
from bot.discord.ui.answers.notices import tell_admins
from bot.discord.ui.documents.removing import ask_removal
from bot.discord.ui.sending import new
from bot.errors import NotAllowed
from bot.localization import LazyText, _
from bot.records import Exchange, Fault, FeedbackEntry, Kind, Mark
from bot.services import Services
from index.answering.answer import Verdict
from index.errors import BriefingError

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
_FIELD, _FAULT = "reason", "fault"


class Reason(Form, template=r"f:(?P<exchange>\d{1,18}):reason", shown=Shown.BY_ITSELF):
    """Records what is wrong with an answer."""

    async def sent(self, interaction: Interaction, services: Services) -> None:
        reason = self.filled(_FIELD).strip()[:_LONGEST_REASON] or None
        chosen = self.filled(_FAULT)
        fault = Fault(chosen) if chosen in list(Fault) else None
        number = self.number("exchange")
        exchange, entry = await _rate(interaction, services, number, Mark.DOWN, reason, fault)
        kept = services.records.keep_questions
        thanks = str(THANKS_DOWN if kept else _THANKS_DOWN_COUNTED)
        await _thank(interaction, thanks, exchange, ask_person=True)
        await tell_admins(interaction.client, exchange, entry)


class Rate(Click, template=r"f:(?P<exchange>\d+):(?P<mark>up|down)", shown=Shown.BY_ITSELF):
    """Marks an answer as helpful or not, and asks in a form what is wrong with it."""

    async def clicked(self, interaction: Interaction, services: Services) -> None:
        number, mark = self.number("exchange"), Mark(self.found["mark"])
        # Recorded first, so that the answer is marked down even if the form is closed.
        exchange, entry = await _rate(interaction, services, number, mark)
        if mark is Mark.UP:
            await _thank(interaction, str(THANKS_UP), exchange)
        else:
            form = _form(exchange, with_reason=services.records.keep_questions)
            await interaction.response.send_modal(form)
        await tell_admins(interaction.client, exchange, entry)


class AskRemoval(Click, template=r"x:ro:(?P<key>[\w-]{12})", admins=True):
    """Below what admins are told: asks whether a document shall be removed, as /remove does."""

    async def clicked(self, interaction: Interaction, services: Services) -> ShownParts:
        key = self.found["key"]
        return await ask_removal(interaction, lambda library: library.file_of(library.name_of(key)))


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


def _form(exchange: Exchange, *, with_reason: bool) -> discord.ui.Modal:
    choice: discord.ui.RadioGroup[Any] = discord.ui.RadioGroup(custom_id=_FAULT)
    for fault, (label, description) in _faults(exchange).items():
        choice.add_option(label=label, value=fault, description=description)
    note = None if with_reason else _("Your choice is kept, and no words.")
    labels = [discord.ui.Label(text=_("The answer is …"), description=note, component=choice)]
    if with_reason:
        field = text_field(
            _FIELD, _LONGEST_REASON, placeholder=str(_REASON_PLACEHOLDER), required=False
        )
        labels.append(discord.ui.Label(text=_("A reason, if you like"), component=field))
    return form_of(_("What was wrong?"), f"f:{exchange.id}:reason", *labels)


def _faults(exchange: Exchange) -> dict[Fault, tuple[str, str | None]]:
    """Return what can be chosen, as it is called and explained in the form.

    Where nothing close was found, nothing was said that could be wrong or outdated.
    """
    unfit = _("Admins hear of it at once, with the documents that it is from.")
    found = {
        Fault.WRONG: (_("wrong"), None),
        Fault.OUTDATED: (_("outdated"), _("It was right once.")),
        Fault.INCOMPLETE: (_("incomplete"), None),
        Fault.MISUNDERSTOOD: (_("not what I meant"), None),
        Fault.UNFIT: (_("not to be shown"), unfit),
    }
    if exchange.verdict is Verdict.SILENT:
        del found[Fault.WRONG], found[Fault.OUTDATED]
        found[Fault.INCOMPLETE] = _("incomplete"), _("The documents do answer it.")
        if not exchange.excerpts:  # nor are there passages that come closest
            del found[Fault.UNFIT]
    return found
