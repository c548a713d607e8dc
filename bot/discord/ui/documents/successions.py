"""Which document replaces which: proposals and decisions, with the buttons that decide them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from discord import ButtonStyle

from bot import messages
from bot.discord.permissions.interaction import Interaction
from bot.discord.permissions.lookup import look_up
from bot.discord.rendering.documents.stewardship import (
    proposal_line,
    proposals_count,
    stated_line,
    succession_line,
    successions_list,
)
from bot.discord.rendering.escape import bold
from bot.discord.rendering.message import Button, MessagePart
from bot.discord.ui.actions import Click, LookUpClick, Shown
from bot.discord.ui.audit_log import audit
from bot.discord.ui.paging import page_of
from bot.discord.ui.sending import begin, begin_turn, follow_up
from bot.documents.successions import confirm, detail_of, known_successions, refuse
from bot.library import Library, key_of
from bot.localization import LazyText, _
from bot.services import Services
from index.answering.versions.proposals import Proposal, proposals

YES, NO, UNDO = LazyText("Yes, it replaces it"), LazyText("No"), LazyText("Undo")
_CONFIRMED = LazyText(
    "Recorded: {new} replaces {old}. From the next question on it comes first, and the older one "
    "is marked."
)
_REFUSED = LazyText("Recorded: {new} does not replace {old}. I do not propose it again.")
_UNDONE = LazyText("Undone: nothing is decided on {new} and {old}.")
_MORE_SUCCESSIONS = LazyText("There are more: `/documents show` lists them.")

_ON_A_PAGE = 4
"""Each has a row of buttons, and the last row turns pages."""
_NAME = 300
_PLACE = r"(?P<old>[\w-]{12}):(?P<new>[\w-]{12}):(?P<page>\d{1,6})"
"""Two documents, and the page that they were on; 0 for none."""


@dataclass(frozen=True, slots=True)
class _Decided:
    old: str
    new: str
    confirmed: bool


def proposals_button(library: Library) -> list[Button]:
    number = len(_proposals(library))
    return [Button(proposals_count(number), "x:sp:1")] if number else []


def successions_page(library: Library, number: int, content: str = "") -> list[MessagePart]:
    """Return the page of that number, or the nearest one: first proposals, then decisions."""
    entries: list[Proposal | _Decided] = [*_proposals(library), *_decided(library)]
    page = page_of(entries, number, _ON_A_PAGE)
    lines = [_line(at, entry) for at, entry in page.numbered()]
    rows = [_buttons(at, entry, page.number) for at, entry in page.numbered()]
    rows.append(page.turns("x:sp:"))
    return successions_list(lines, content=content, footer=page.footer, rows=rows)


def proposals_on(library: Library, names: Collection[str]) -> list[MessagePart]:
    """Return the first proposals on documents of these names; nothing where there are none."""
    found = [each for each in _proposals(library) if each.old in names or each.new in names]
    if not found:
        return []
    shown = list(enumerate(found[:_ON_A_PAGE], start=1))
    lines = [proposal_line(number, each) for number, each in shown]
    if len(found) > len(shown):
        lines.append(str(_MORE_SUCCESSIONS))
    return successions_list(lines, rows=[_buttons(number, each, 0) for number, each in shown])


def statements_on(library: Library, names: Collection[str]) -> list[MessagePart]:
    """Return what documents of these names say that they replace, or are replaced by."""
    generation, seen = library.generation_and_names()
    stated = generation.catalog.succession_index().stated_among(seen).successions
    refused = library.decisions().refused
    found = sorted(
        (each.old, each.new)
        for each in stated
        if (each.old in names or each.new in names) and (each.old, each.new) not in refused
    )
    if not found:
        return []
    shown = list(enumerate(found[:_ON_A_PAGE], start=1))
    lines = [stated_line(number, old, new) for number, (old, new) in shown]
    if len(found) > len(shown):
        lines.append(messages.and_more(number=len(found) - len(shown)))
    rows = [
        [Button(_("{number}: It does not").format(number=number), f"x:sn:{_place(old, new)}:0")]
        for number, (old, new) in shown
    ]
    return successions_list(lines, rows=rows)


def _place(old: str, new: str) -> str:
    return f"{key_of(old)}:{key_of(new)}"


def _proposals(library: Library) -> list[Proposal]:
    generation, names = library.generation_and_names()
    return proposals(generation.catalog, names, library.decisions())


def _decided(library: Library) -> list[_Decided]:
    """Return what was decided on documents that are there."""
    generation, names = library.generation_and_names()
    known = known_successions(generation.catalog, library.decisions(), names)
    return [
        _Decided(old, new, (old, new) in known.confirmed)
        for old, new in sorted((*known.confirmed, *known.refused))
    ]


def _line(number: int, entry: Proposal | _Decided) -> str:
    if isinstance(entry, Proposal):
        return proposal_line(number, entry)
    return succession_line(number, entry.old, entry.new, confirmed=entry.confirmed)


def _buttons(number: int, entry: Proposal | _Decided, page: int) -> list[Button]:
    place = f"{key_of(entry.old)}:{key_of(entry.new)}:{page}"
    if isinstance(entry, _Decided):
        return [Button(f"{number}: {UNDO}", f"x:su:{place}")]
    return [
        Button(f"{number}: {YES}", f"x:sy:{place}", ButtonStyle.primary),
        Button(f"{number}: {NO}", f"x:sn:{place}"),
    ]


class TurnSuccessions(LookUpClick, template=r"x:sp:(?P<page>\d{1,6})", admins=True):
    """Shows a page of proposals and decisions."""

    def found_in(self, library: Library, interaction: Interaction) -> list[MessagePart]:
        return successions_page(library, self.number("page"))


class DecideSuccession(
    Click, template=rf"x:s(?P<what>[ynu]):{_PLACE}", admins=True, shown=Shown.BY_ITSELF
):
    """Records that one document replaces another, or does not, or takes that back."""

    async def clicked(self, interaction: Interaction, services: Services) -> None:
        page = self.number("page")
        if page:
            await begin_turn(interaction)
        else:  # the report that it stands below stays
            await begin(interaction)
        keys = self.found["old"], self.found["new"]
        old, new = await look_up(interaction, _names_of, keys)
        confirmed = {"y": True, "n": False, "u": None}[self.found["what"]]
        await decide_and_tell(interaction, old, new, confirmed=confirmed, page=page)


async def decide_and_tell(
    interaction: Interaction, old: str, new: str, *, confirmed: bool | None, page: int = 0
) -> None:
    """Record what an admin decided on two documents that they may see; None takes it back.

    Then show the page that it was on, or for page 0 a line with a button that takes it back.
    """
    services = interaction.client.services

    def record() -> bool:
        decided, catalog = services.records.decided, services.current.generation().catalog
        if confirmed is None:
            return decided.undo_succession(old, new)
        (confirm if confirmed else refuse)(decided, catalog, old, new, interaction.user.id)
        return True

    done = await services.admission.run_quick(record)
    if done:
        detail = detail_of(old, new, confirmed=confirmed)
        await audit(interaction, "succession", detail, document=old, other=new)
    template = {True: _CONFIRMED, False: _REFUSED, None: _UNDONE}[confirmed]
    content = template.format(new=bold(new, _NAME), old=bold(old, _NAME))
    if page:
        parts = await look_up(interaction, successions_page, page, content)
    else:
        undo = Button(str(UNDO), f"x:su:{key_of(old)}:{key_of(new)}:0")
        parts = [MessagePart(content, rows=() if confirmed is None else ((undo,),))]
    await follow_up(interaction, parts)


def _names_of(library: Library, keys: tuple[str, str]) -> tuple[str, str]:
    return library.name_of(keys[0]), library.name_of(keys[1])
