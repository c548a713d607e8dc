"""/conflicts: where documents that hold now contradict each other."""

from __future__ import annotations

from datetime import date

from discord import app_commands

from bot.discord.cogs.bot_cog import BotCog
from bot.discord.permissions.admins import begin_for_admin, shown_to_admins
from bot.discord.permissions.interaction import Interaction
from bot.discord.permissions.lookup import look_up, look_up_in_line
from bot.discord.rendering.documents.conflicts import conflicts_page
from bot.discord.rendering.limits import LAYOUT_AIM
from bot.discord.rendering.message import Button, MessagePart, size
from bot.discord.ui.actions import Click, ShownParts
from bot.discord.ui.audit_log import audit
from bot.discord.ui.documents.source_view import passage_button
from bot.discord.ui.paging import page_that_fits
from bot.discord.ui.sending import follow_up
from bot.errors import UnknownConflict
from bot.library import Library
from bot.localization import N_, NP_, LazyText, _
from bot.records import Records
from bot.services import Services
from index.answering.conflicts import Conflict, Conflicts, Side

_ON_A_PAGE = 3
_ROOM = LAYOUT_AIM - 400
"""Units for the conflicts of a page, which is one message."""
_AUDITED = LazyText("settled a conflict")


class Conflicting(BotCog):
    @app_commands.command(
        name=NP_("command", "conflicts"),
        description=N_("Where documents contradict each other, to be settled"),
    )
    @shown_to_admins
    async def conflicts(self, interaction: Interaction) -> None:
        await begin_for_admin(interaction)
        await follow_up(interaction, await _page(interaction, 1))


class TurnConflicts(Click, template=r"x:cf:(?P<page>\d+)", admins=True):
    """Shows another page of /conflicts, as they are now."""

    async def clicked(self, interaction: Interaction, services: Services) -> ShownParts:
        return await _page(interaction, self.number("page"))


class SettleConflict(Click, template=r"x:cd:(?P<id>[0-9a-f]{16}):(?P<page>\d+)", admins=True):
    """Settles a conflict that this admin may see, and shows the page anew without it."""

    async def clicked(self, interaction: Interaction, services: Services) -> ShownParts:
        today = services.today(interaction.guild_id)
        conflict = await look_up(interaction, _open_one, services.records, today, self.found["id"])
        names = {side.excerpt.document for side in conflict.sides}
        await services.admission.run_quick(
            services.records.settled.settle, conflict.pairs, names, interaction.user.id
        )
        for name in sorted(names):
            await audit(interaction, str(_AUDITED), conflict.id, name)
        return await _page(interaction, self.number("page"))


async def _page(interaction: Interaction, page: int) -> list[MessagePart]:
    """Return a page of the conflicts that are open, among documents that the person may see.

    The first time after a reindex takes a while, in line with the questions.
    """
    services = interaction.client.services
    today = services.today(interaction.guild_id)
    return await look_up_in_line(interaction, _shown, services.records, today, page)


def _open(library: Library, records: Records, today: date) -> Conflicts:
    return library.conflicts(records.decided.decisions(), today).without(records.settled.pairs())


def _open_one(library: Library, records: Records, today: date, wanted: str) -> Conflict:
    """Return the open conflict of that id; raises UnknownConflict."""
    for conflict in _open(library, records, today).found:
        if conflict.id == wanted:
            return conflict
    raise UnknownConflict(wanted)


def _shown(library: Library, records: Records, today: date, number: int) -> list[MessagePart]:
    conflicts = _open(library, records, today)
    page = page_that_fits(
        conflicts.found,
        number,
        _ON_A_PAGE,
        lambda each: size(conflicts_page(conflicts, [(1, each)], opener=_opener)),
        _ROOM,
    )
    settle = [
        Button(_("Done with {number:,}").format(number=at), f"x:cd:{conflict.id}:{page.number}")
        for at, conflict in page.numbered()
    ]
    return conflicts_page(
        conflicts,
        page.numbered(),
        footer=page.footer,
        opener=_opener,
        rows=[settle, page.turns("x:cf:")],
    )


def _opener(number: int, side: Side) -> Button:
    shown = side.excerpt
    return passage_button(number, shown.document, shown.span, shown.quote)
