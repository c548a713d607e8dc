"""/forget-me: shows what is kept of a person, and removes it."""

from __future__ import annotations

from collections.abc import Iterator

import discord
from discord import app_commands

from bot import messages
from bot.discord.cogs.bot_cog import BotCog
from bot.discord.permissions.interaction import Interaction
from bot.discord.rendering.message import Button, MessagePart
from bot.discord.ui.actions import Click, ShownParts
from bot.discord.ui.sending import begin, follow_up
from bot.localization import N_, NP_, LazyText, _, ngettext
from bot.records import PersonCounts
from bot.services import Services

FORGET_NOTHING = LazyText("I keep nothing of you.")
FORGET_NOT = LazyText("Nothing was deleted.")
FORGOTTEN = LazyText("Deleted. I keep nothing of you any more.")


class Forgetting(BotCog):
    @app_commands.command(
        name=NP_("command", "forget-me"),
        description=N_("See what I keep of you, and have it deleted"),
    )
    async def forget_me(self, interaction: Interaction) -> None:
        await begin(interaction)
        person = interaction.user.id
        held, kept = await self.services.admission.run_quick(_held, self.services, person)
        if kept:
            said = "\n".join([_("**Delete what I keep of you?**"), *kept, _stays()])
            yes = Button(_("Delete it"), "y:forget", discord.ButtonStyle.danger)
            part = MessagePart(
                _with_actions(said, held), rows=((yes, Button(str(messages.CANCEL), "y:not")),)
            )
        else:
            part = MessagePart(_with_actions(str(FORGET_NOTHING), held))
        await follow_up(interaction, [part])


class Forget(Click, template=r"y:forget"):
    """Removes what is kept of the person who clicks; its id names no person."""

    async def clicked(self, interaction: Interaction, services: Services) -> ShownParts:
        person = interaction.user.id

        def forget() -> PersonCounts:
            for token in services.uploads.waiting_of(person):
                services.uploads.discard(token)
            services.records.forget_person(person)
            return services.records.counts_of_person(person)

        interaction.client.languages.forget(person)
        held = await services.admission.run_quick(forget)
        return _with_actions(str(FORGOTTEN), held)


class KeepRecords(Click, template=r"y:not"):
    """Declines, and removes nothing."""

    async def clicked(self, interaction: Interaction, services: Services) -> ShownParts:
        return FORGET_NOT


def _held(services: Services, person: int) -> tuple[PersonCounts, list[str]]:
    """Return what is kept of a person, with a line on each sort of it. Blocks."""
    records = services.records
    held = records.counts_of_person(person)
    lines = list(
        _lines(
            held,
            uploads=len(services.uploads.waiting_of(person)),
            decided=len(records.decided.of_person(person)),
            visited=records.visits.last(person) is not None,
        )
    )
    return held, lines


def _with_actions(said: str, held: PersonCounts) -> str:
    if not held.actions:
        return said
    stay = ngettext(
        "{n:,} line about you stays in the log of what admins did, which says who changed the "
        "documents for everybody.",
        "{n:,} lines about you stay in the log of what admins did, which says who changed the "
        "documents for everybody.",
        held.actions,
    ).format(n=held.actions)
    return f"{said}\n{stay}"


def _lines(held: PersonCounts, *, uploads: int, decided: int, visited: bool) -> Iterator[str]:
    words = _("the words of {worded:,} of them") if held.worded else _("without the words")
    asked = ngettext(
        "- {n:,} question or search: when and where you asked, what I quoted, {words}",
        "- {n:,} questions and searches: when and where you asked, what I quoted, {words}",
        held.exchanges,
    )
    marks = ngettext(
        "- {n:,} mark that you gave, with your reasons where they are kept",
        "- {n:,} marks that you gave, with your reasons where they are kept",
        held.marks,
    )
    watched = ngettext(
        "- {n:,} question that you watch: its words, and what I showed you",
        "- {n:,} questions that you watch: their words, and what I showed you",
        held.watches,
    )
    handed = ngettext(
        "- {n:,} question that you had handed to a person, or answered",
        "- {n:,} questions that you had handed to people, or answered",
        held.handed,
    )
    waiting = ngettext(
        "- {n:,} upload that waits for your yes", "- {n:,} uploads that wait for your yes", uploads
    )
    said_of = ngettext(
        "- that it was you who said something of {n:,} document; what you said stays",
        "- that it was you who said something of {n:,} documents; what you said stays",
        decided,
    )
    for number, said in (
        (held.exchanges, asked),
        (held.marks, marks),
        (held.watches, watched),
        (held.handed, handed),
        (uploads, waiting),
        (decided, said_of),
    ):
        if number:
            yield said.format(n=number, words=words.format(worded=held.worded))
    if visited:
        yield _("- when you last looked at `/changes`")


def _stays() -> str:
    return _(
        "My answers stay, but their buttons stop working. To have one gone, delete its question "
        "first. Copies in backups go when whoever runs me deletes those."
    )
