"""Documents that are there and do not answer: quarantined ones, and those that nobody may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.access import Viewer
from bot.discord.permissions.interaction import Interaction
from bot.discord.rendering.colours import ALERT
from bot.discord.rendering.escape import bold
from bot.discord.rendering.message import Button, MessagePart, packed
from bot.discord.ui.paging import page_of
from bot.library import key_of
from bot.localization import _, ngettext
from bot.services import Services
from index.errors import BriefingError
from index.store.quarantine import QuarantinedVersion

HELD_PAGE = "x:hl:"
RELEASE = r"x:hr:(?P<key>[\w-]{12}):(?P<version>[0-9a-f]{8})"
"""The pattern of the id of the button that takes a file in again."""

_ON_A_PAGE = 4
_NAME = 400


async def held_back(interaction: Interaction) -> list[QuarantinedVersion]:
    """Return the files that stay out since a rollback, of those that the person may be told of.

    None where it cannot be found out; a reindex says why.
    """
    services = interaction.client.services
    viewer = await interaction.client.viewers.asker(interaction)
    return await services.admission.run_quick(_held_back, services, viewer)


def _held_back(services: Services, viewer: Viewer) -> list[QuarantinedVersion]:
    try:
        held = services.current.store.quarantine()
        if not (held.taken_back or held.unknown):  # then nobody waits for a look at the folder
            return []
        found = services.reindexer.run(dry_run=True).held
    except BriefingError:
        return []
    may_know = services.access.may_know_of_version
    return [each for each in found if may_know(viewer, each.name, each.documents)]


@dataclass(frozen=True, slots=True)
class AdminNotes:
    """What /documents says to admins beside the documents that answer."""

    held: Sequence[QuarantinedVersion] = ()
    unseen: str = ""


async def for_admins(interaction: Interaction) -> AdminNotes:
    return AdminNotes(await held_back(interaction), await _seen_by_nobody(interaction))


async def _seen_by_nobody(interaction: Interaction) -> str:
    """Say how many documents nobody sees, as they name what is no audience; empty for none, and for
    whoever does not see all."""
    services = interaction.client.services
    viewer = await interaction.client.viewers.asker(interaction)
    if not services.access.sees_all(viewer):
        return ""
    try:
        number = await services.admission.run_quick(services.access.seen_by_nobody)
    except BriefingError:
        return ""
    if not number:
        return ""
    return ngettext(
        "{n:,} document is seen by nobody: whom it names is no audience of the policy. "
        "`briefing-bot check` names it, and what to write.",
        "{n:,} documents are seen by nobody: whom they name is no audience of the policy. "
        "`briefing-bot check` names them, and what to write.",
        number,
    ).format(n=number)


def held_count(number: int) -> str:
    return ngettext(
        "{n:,} file kept out by a rollback", "{n:,} files kept out by a rollback", number
    ).format(n=number)


def held_button(held: Sequence[QuarantinedVersion]) -> list[Button]:
    """Return a button that leads to what stays out, if anything does."""
    return [Button(held_count(len(held)), f"{HELD_PAGE}1")] if held else []


def held_parts(held: Sequence[QuarantinedVersion], number: int = 1) -> list[MessagePart]:
    """Return a page of what stays out, with a button for each that takes it in again."""
    if not held:
        return packed([_("Nothing is kept out by a rollback.")], colour=ALERT)
    page = page_of(held, number, _ON_A_PAGE)
    said = _("They stay out until they change, or until an admin takes them in as they are now.")
    lines = [f"**{held_count(len(held))}**\n{said}"]
    lines += [f"**{number}.** {bold(each.name, _NAME)}" for number, each in page.numbered()]
    buttons = [
        Button(
            _("{number}: Take in").format(number=number),
            f"x:hr:{key_of(each.name)}:{each.sha256[:8]}",
        )
        for number, each in page.numbered()
    ]
    rows = [buttons, page.turns(HELD_PAGE)]
    return packed(lines, between="\n", colour=ALERT, rows=rows)
