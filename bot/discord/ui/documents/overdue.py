"""Documents that are overdue for a review, and buttons that say whether they are still right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from discord import ButtonStyle

from bot.access import Person
from bot.config.guilds import Owner
from bot.discord.permissions.admins import is_admin
from bot.discord.permissions.interaction import Interaction
from bot.discord.permissions.lookup import look_up
from bot.discord.rendering.documents.stewardship import overdue_count, overdue_list
from bot.discord.rendering.escape import bold
from bot.discord.rendering.message import Button, MessagePart, with_button
from bot.discord.ui.actions import Click
from bot.discord.ui.audit_log import audit
from bot.discord.ui.paging import page_of
from bot.discord.ui.sending import follow_up
from bot.documents.reviews import Overdue, overdue, owner_of, reviewed
from bot.errors import NotAllowed
from bot.library import Library, key_of
from bot.localization import LazyText, _
from bot.services import Services
from bot.wording.standings import short_day

STILL_RIGHT, NOT_RIGHT = LazyText("Still right"), LazyText("No longer right")
REVIEW_OVERTAKEN = LazyText(
    "That document has changed since, so nothing was recorded. Look at it anew."
)
REVIEW_NOT_YOURS = LazyText("That is for the document's owner and for admins.")
_RECORDED = LazyText("Recorded: {title} is still right. I ask again after {day}.")
_RECORDED_WRONG = LazyText(
    "Recorded: {title} is not right any more, and admins are told. It still answers until "
    "somebody puts a new version in its place (`/upload`), says what replaces it (`/replaced`) "
    "or takes it out (`/remove`)."
)
_WITHDRAWN = LazyText("Undone: what was said of {title} does not count any more.")
_UNDO = LazyText("Undo")

_ON_A_PAGE = 4
"""Each has a row of buttons, and the last row turns pages."""
_TITLE = 300
_PLACE = r"(?P<key>[\w-]{12}):(?P<version>[0-9a-f]{8}):(?P<page>\d{1,6})"
"""A document as it was when it was shown, and the page that it was on; 0 for none."""


@dataclass(frozen=True, slots=True)
class Steward:
    """Somebody who may act on documents: an admin on all, an owner on theirs."""

    is_admin: bool
    person: int
    roles: frozenset[int]
    owners_of: Callable[[str | None], frozenset[Owner]]

    def owns(self, named: str | None) -> bool:
        """Return whether they are, or have the role of, the owner that a document names."""
        return any(
            owner.id in self.roles if owner.is_role else owner.id == self.person
            for owner in self.owners_of(named)
        )

    def may_act(self, named: str | None) -> bool:
        return self.is_admin or self.owns(named)


async def steward_of(interaction: Interaction) -> Steward:
    """Return what the person may act on; in a direct conversation, by all home guilds."""
    client = interaction.client
    guilds, viewers, guild = client.services.guilds, client.viewers, interaction.guild_id
    viewer = await viewers.asker(interaction)
    places = viewers.home if guild is None else [guild]
    return Steward(
        is_admin(interaction, guilds),
        interaction.user.id,
        viewer.roles if isinstance(viewer, Person) else frozenset(),
        lambda named: guilds.owners_of(places, named),
    )


def overdue_button(library: Library, today: date) -> list[Button]:
    number = len(_overdue(library, today))
    return [Button(overdue_count(number), "x:od:1")] if number else []


def overdue_page(
    library: Library, steward: Steward, today: date, number: int, content: str = ""
) -> list[MessagePart]:
    """Return the page of that number, or the nearest one, below `content`."""
    page = page_of(_overdue(library, today), number, _ON_A_PAGE)
    theirs = [(at, each) for at, each in page.numbered() if steward.may_act(each.owner)]
    rows = [*review_rows(theirs, page.number), page.turns("x:od:")]
    return overdue_list(page.numbered(), content=content, footer=page.footer, rows=rows)


async def overdue_shown(
    interaction: Interaction, page: int, content: str = ""
) -> list[MessagePart]:
    """Return a page of what is overdue, as whoever asks may see it and act on it."""
    steward = await steward_of(interaction)
    today = interaction.client.services.today(interaction.guild_id)
    return await look_up(interaction, overdue_page, steward, today, page, content)


def review_rows(shown: Sequence[tuple[int, Overdue]], page: int) -> list[list[Button]]:
    """Return a row of buttons for each document, which say whether it is still right."""
    rows = []
    for number, each in shown:
        place = f"{key_of(each.document)}:{each.sha256[:8]}:{page}"
        yes, no = (f"{number}: {label}" for label in (STILL_RIGHT, NOT_RIGHT))
        rows.append(
            [Button(yes, f"x:ok:{place}", ButtonStyle.success), Button(no, f"x:nr:{place}")]
        )
    return rows


def _overdue(library: Library, today: date) -> list[Overdue]:
    generation, names = library.generation_and_names()
    return overdue(generation, names, library.decisions(), today)


class TurnOverdue(Click, template=r"x:od:(?P<page>\d{1,6})"):
    """Shows a page of what is overdue."""

    async def clicked(self, interaction: Interaction, services: Services) -> None:
        await _show(interaction, max(1, self.number("page")))


class Review(Click, template=rf"x:(?P<what>ok|nr):{_PLACE}"):
    """Records that a document is still right, or is not right any more."""

    async def clicked(self, interaction: Interaction, services: Services) -> None:
        steward, is_right = await steward_of(interaction), self.found["what"] == "ok"
        name, title, owner = await look_up(interaction, _found, self, steward)
        today, by_owner = services.today(interaction.guild_id), steward.owns(owner)

        def record() -> str:
            catalog = services.current.generation().catalog
            review = reviewed(catalog, name, today, is_right=is_right, by_owner=by_owner)
            services.records.decided.review(name, review, person=interaction.user.id)
            return short_day(review.until) if review.until else ""

        day = await services.admission.run_quick(record)
        detail = _("{name}, by its owner") if by_owner else "{name}"
        action = "still right" if is_right else "not right any more"
        await audit(interaction, action, detail.format(name=name), document=name)
        said = (_RECORDED if is_right else _RECORDED_WRONG).format(
            title=bold(title, _TITLE), day=day
        )
        place = self.found[0].split(":", 2)[2]
        await _show(interaction, self.number("page"), said, Button(str(_UNDO), f"x:ur:{place}"))


class WithdrawReview(Click, template=rf"x:ur:{_PLACE}"):
    """Takes back what was said of a document."""

    async def clicked(self, interaction: Interaction, services: Services) -> None:
        steward = await steward_of(interaction)
        name, title, _owner = await look_up(interaction, _found, self, steward)
        if await services.admission.run_quick(services.records.decided.withdraw_review, name):
            await audit(interaction, "review undone", name, document=name)
        said = _WITHDRAWN.format(title=bold(title, _TITLE))
        await _show(interaction, self.number("page"), said)


async def _show(
    interaction: Interaction, page: int, content: str = "", undo: Button | None = None
) -> None:
    """Show a page of what is overdue below `content`, or that alone for page 0."""
    if not page:
        part = MessagePart(content, rows=((undo,),) if undo else ())
        await follow_up(interaction, [part])
        return
    parts = await overdue_shown(interaction, page, content)
    if undo is not None:
        parts[-1] = with_button(parts[-1], undo)
    await follow_up(interaction, parts)


def _found(library: Library, click: Click, steward: Steward) -> tuple[str, str, str | None]:
    """Return name, title and owner of the document of a button, as it was shown."""
    name = library.name_of(click.found["key"])
    catalog = library.generation_and_names()[0].catalog
    document = catalog.beginning(name, 0)
    if document is None or document.sha256[:8] != click.found["version"]:
        raise NotAllowed(REVIEW_OVERTAKEN)
    owner = owner_of(catalog, name)
    if not steward.may_act(owner):
        raise NotAllowed(REVIEW_NOT_YOURS)
    return name, document.title, owner
