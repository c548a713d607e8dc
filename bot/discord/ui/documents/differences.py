"""Pages of what changed, and of what differs between two documents or versions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice

from bot.discord.permissions.admins import is_admin
from bot.discord.permissions.interaction import Interaction
from bot.discord.permissions.lookup import look_up, look_up_in_line
from bot.discord.rendering.colours import INFO
from bot.discord.rendering.documents.differences import (
    Sides,
    changed_line,
    difference_blocks,
    two_documents,
    versions,
)
from bot.discord.rendering.escape import bold, escape_line, timestamp
from bot.discord.rendering.limits import LAYOUT_AIM, units
from bot.discord.rendering.message import EMPTY_LINE, Button, MessagePart, in_rows, label_of, packed
from bot.discord.ui.actions import Click, ShownParts
from bot.discord.ui.audit_log import audit
from bot.discord.ui.paging import page_of, page_that_fits
from bot.library import ChangedDocument, Changes, Library, key_of
from bot.library.errors import UnknownFolder
from bot.localization import LazyText, _
from bot.services import Services
from bot.wording.differences import counted, summary
from bot.wording.standings import short_day
from index.comparing.comparison import Comparison, Relation
from index.comparing.stretches import Stretch, stretches
from index.errors import UnknownDocument
from index.store.catalog.history import ChangeKind

_ON_A_PAGE, _DIFFERENCES_ON_A_PAGE = 8, 6
_ROOM = LAYOUT_AIM - 900
"""Units for the differences on a page; the rest is for what stands above them."""
_MOST = 300
"""Differences of two documents that are shown."""
_LITTLE = 0.2
"""The share of a document that agrees with what it was, below which it was written anew."""
_NAME = 300

WITHHELD = LazyText("That change, and what was before it, is shown to nobody any more.")
SHOWN_AGAIN = LazyText("That change is shown again.")
NOT_CHANGED = LazyText("I know of no change in that time.")


# What changed


def changes_page(library: Library, start: datetime, folder: str, number: int) -> list[MessagePart]:
    """Return a page of the documents that changed since a moment, in a folder if one is named."""
    changes = library.changes()
    found = changes.since(start, folder=folder or None)
    page = page_of(found, number, _ON_A_PAGE)
    lines = [changed_line(at, each) for at, each in page.numbered()]
    openers = [
        Button(f"{at}", f"z:d:{_epoch(start)}:{key_of(each.name)}:1")
        for at, each in page.numbered()
        if each.became is ChangeKind.CHANGED
    ]
    where = key_of(folder) if folder else ""
    turns = page.turns(f"z:c:{_epoch(start)}:{where}:")
    head = _head(changes, start, found)
    return packed(
        [head, *lines],
        between=EMPTY_LINE,
        colour=INFO,
        footer=page.footer,
        rows=[*in_rows(openers), turns],
    )


def _head(changes: Changes, start: datetime, found: Sequence[ChangedDocument]) -> str:
    begins = changes.begins()
    all_known = begins <= start
    since = timestamp(start) if all_known else timestamp(begins, "f")
    if not found:
        if all_known:
            return _("**Nothing changed since {day}.**").format(day=since)
        return _("**Nothing changed since {day}.** Earlier changes are not known.").format(
            day=since
        )
    counts = counted([each.became for each in found])
    if all_known:
        head = _("**Since {day}**: {counts}")
    else:
        head = _("**Since {day}** (earlier changes are not known): {counts}")
    head = head.format(day=since, counts=counts)
    if any(each.became is ChangeKind.CHANGED for each in found):
        how = _("A number shows old beside new.")
        return f"{head}\n{how}"
    return head


def changes_button(start: datetime) -> Button:
    return Button(_("Old beside new"), f"z:c:{_epoch(start)}::1")


def version_button(name: str) -> Button:
    return Button(_("Old beside new"), f"z:d:0:{key_of(name)}:1")


def compare_button(one: str, other: str) -> Button:
    return Button(_("Compare"), f"z:p:{key_of(one)}:{key_of(other)}:1")


def version_page(
    library: Library, start: datetime, name: str, page: int, admin: bool
) -> list[MessagePart]:
    """Return a page of what a document says otherwise than it did at a moment."""
    changes = library.changes()
    try:
        changed = changes.document(name, start)
    except UnknownDocument:
        title = library.card(name).title
        said = f"{bold(title, _NAME)}\n{NOT_CHANGED}"
        return [MessagePart(said, rows=_beside(library, name, title))]
    comparison = changes.comparison(changed)
    hide = [Button(_("Do not show this"), f"z:h:{_epoch(changed.at)}:{key_of(name)}")]
    rows = [hide] if admin and changed.became is ChangeKind.CHANGED else []
    head = [bold(changed.title, _NAME)]
    if comparison is None:
        head.append(_without_text(changed))
        ways = [*_beside(library, name, changed.title), *rows]
        return packed(["\n".join(head)], colour=INFO, rows=ways)
    assert changed.held_until is not None
    head.append(
        _("As it was until {then}, beside what it is now.").format(
            then=timestamp(changed.held_until, "f")
        )
    )
    if comparison.agreement < _LITTLE:
        head.append(_("It was written anew: little of what it said is left."))
    before = f"z:d:{_epoch(start)}:{key_of(name)}:"
    return _differences(comparison, versions(), head, before, page, rows)


def _beside(library: Library, name: str, title: str) -> tuple[tuple[Button], ...]:
    """Return a button that compares a document with what it replaced, or one of its title."""
    if replaced := library.changes().predecessor(name):
        return ((compare_button(replaced, name),),)
    for each in library.suggest_documents(title):
        if each.title == title and each.name != name:
            one, other = sorted((name, each.name))
            said = _("Compare with {name}").format(name=each.name.rpartition("/")[2])
            return ((Button(label_of(said), f"z:p:{key_of(one)}:{key_of(other)}:1"),),)
    return ()


def _without_text(changed: ChangedDocument) -> str:
    if changed.became is ChangeKind.ADDED:
        return _("It is new since {day}.").format(day=timestamp(changed.at, "f"))
    if changed.became is ChangeKind.RENAMED:
        return _("It was renamed on {day}; what it says is the same.").format(
            day=timestamp(changed.at, "f")
        )
    return _("It changed on {day}. What it said before is not kept.").format(
        day=timestamp(changed.at, "f")
    )


def compared_page(library: Library, one: str, other: str, page: int) -> list[MessagePart]:
    """Return a page of what differs between two documents."""
    comparison = library.compared(one, other)
    old, new = comparison.old, comparison.new
    titles = [each.title.strip() or each.name for each in (old, new)]
    sides = titles
    if titles[0] == titles[1]:
        names = [each.name.rpartition("/")[2] for each in (old, new)]
        titles = names if names[0] != names[1] else [old.name, new.name]
        days = [short_day(each.metadata.get("date", "")) for each in (old, new)]
        sides = days if all(days) and days[0] != days[1] else titles
    head = [
        _("{one} beside {other}").format(one=bold(titles[0], _NAME), other=bold(titles[1], _NAME))
    ]
    if sides != titles:
        head = [
            "\n".join(
                _("{date}: {name}").format(date=bold(side), name=escape_line(name, _NAME))
                for side, name in zip(sides, titles, strict=True)
            )
        ]
    before = f"z:p:{key_of(one)}:{key_of(other)}:"
    return _differences(comparison, two_documents(*sides), head, before, page, [])


def _differences(
    comparison: Comparison,
    sides: Sides,
    head: Sequence[str],
    before: str,
    number: int,
    rows: Sequence[Sequence[Button]],
) -> list[MessagePart]:
    """Return a page of differences; `before` the page's number is the id of its button."""
    found = stretches(comparison)
    shown = [one for one in found if one.relation is not Relation.MOVED]
    blocks = list(_blocks(shown, sides))
    page = page_that_fits(
        blocks, number, _DIFFERENCES_ON_A_PAGE, lambda block: units(block) + 4, _ROOM
    )
    lines = [*head, summary(comparison, found, one_document=sides == versions())]
    if len(shown) > _MOST:
        lines.append(_("Only the first {number:,} are shown.").format(number=_MOST))
    return packed(
        ["\n".join(lines), *page.values],
        colour=INFO,
        footer=page.footer,
        rows=[*rows, page.turns(before)],
    )


def _blocks(shown: Sequence[Stretch], sides: Sides) -> Iterator[str]:
    for number, stretch in enumerate(islice(shown, _MOST), 1):
        yield from difference_blocks(stretch, sides, number)


def _epoch(moment: datetime) -> int:
    return int(moment.timestamp())


class _Turn(Click, command="changes"):
    """Shows another page of a list, looked up anew by the rights of whoever clicks."""

    async def clicked(self, interaction: Interaction, services: Services) -> ShownParts:
        return await look_up_in_line(interaction, self.page, is_admin(interaction, services.guilds))

    def page(self, library: Library, admin: bool) -> list[MessagePart]:
        raise NotImplementedError

    def moment(self) -> datetime:
        """Return the moment in the button's id, or the earliest where there is none like it."""
        try:
            return datetime.fromtimestamp(self.number("start"), UTC)
        except (OverflowError, ValueError, OSError):
            return datetime.fromtimestamp(0, UTC)


class TurnChanges(_Turn, template=r"z:c:(?P<start>\d+):(?P<folder>[\w-]*):(?P<page>\d+)"):
    """Shows another page of what changed."""

    def page(self, library: Library, admin: bool) -> list[MessagePart]:
        key, folder = self.found["folder"], ""
        if key:
            named = (each for each in library.folders() if key_of(each) == key)
            folder = next(named, "")
            if not folder:
                raise UnknownFolder("")
        return changes_page(library, self.moment(), folder, self.number("page"))


class TurnVersion(_Turn, template=r"z:d:(?P<start>\d+):(?P<key>[\w-]+):(?P<page>\d+)"):
    """Shows another page of what a document says otherwise than before."""

    def page(self, library: Library, admin: bool) -> list[MessagePart]:
        name = library.name_of(self.found["key"])
        return version_page(library, self.moment(), name, self.number("page"), admin)


class TurnCompared(
    _Turn, template=r"z:p:(?P<one>[\w-]+):(?P<other>[\w-]+):(?P<page>\d+)", command="compare"
):
    """Shows another page of what differs between two documents."""

    def page(self, library: Library, admin: bool) -> list[MessagePart]:
        one, other = (library.name_of(self.found[key]) for key in ("one", "other"))
        return compared_page(library, one, other, self.number("page"))


# What an admin does not want to be shown


class Withhold(Click, template=r"z:(?P<what>[hs]):(?P<at>\d{1,11}):(?P<key>[\w-]+)", admins=True):
    """Has a change, and what was before it, shown to nobody any more, or shown again."""

    async def clicked(self, interaction: Interaction, services: Services) -> ShownParts:
        name = await look_up(interaction, Library.name_of, self.found["key"])
        at = datetime.fromtimestamp(self.number("at"), UTC).isoformat(timespec="seconds")
        withheld, run_quick = services.records.withheld, services.admission.run_quick
        if self.found["what"] == "s":
            await run_quick(withheld.show_again, name, at)
            await audit(interaction, "show change again", at, name)
            return SHOWN_AGAIN
        await run_quick(withheld.withhold, name, at)
        await audit(interaction, "withhold change", at, name)
        again = Button(_("Show it again"), f"z:s:{self.found['at']}:{self.found['key']}")
        return [MessagePart(str(WITHHELD), rows=((again,),))]
