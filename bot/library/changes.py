"""Changes: what became of the documents since a moment, as far as one viewer may know."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import MappingProxyType

from bot.access import Access, Viewer
from bot.library.errors import ChangesNotKept
from bot.requests.narrowing import narrowed
from index.answering.answer import Successor
from index.comparing.comparison import Comparison
from index.errors import UnknownDocument
from index.store.catalog.history import ChangeKind, DocumentEvent
from index.store.generation import Generation

Withheld = Collection[tuple[str, str]]
"""Documents, and the moments of their changes that are not to be shown."""
Compared = Callable[[str, str | int], Comparison]
"""Compares a document: with another one, or with the version that a generation replaced, before
what it is now."""


@dataclass(frozen=True, slots=True)
class ChangedDocument:
    """A document and what became of it.

    `became` is ADDED, CHANGED, REMOVED or RENAMED, and `at` when it last did. `before` is its name
    before it was renamed. `times` counts its changes. `replaced` is the generation that replaced
    the version with which it is compared, at `held_until`; None where no earlier text is kept.
    `successor` is the document that replaces it by now, as far as that may be seen.
    """

    name: str
    title: str
    became: ChangeKind
    at: datetime
    before: str = ""
    times: int = 1
    replaced: int | None = None
    held_until: datetime | None = None
    successor: Successor | None = None


class Changes:
    """What one viewer may know of the history of the documents, as if there were no others.

    A document that could not be seen before counts as added. One that is gone is known to those
    alone who see every audience. What an admin withheld is left out, and all that was before it;
    so is what was before the policy opened a document to others.
    """

    def __init__(
        self,
        generation: Generation,
        access: Access,
        viewer: Viewer,
        *,
        withheld: Withheld,
        compared: Compared,
        since: datetime | None = None,
        replaced: Mapping[str, Successor] = MappingProxyType({}),
    ) -> None:
        """`since` is the moment from which history may be shown at all; `replaced` are documents
        that others of those which the viewer may see replace.
        """
        self._generation = generation
        self._access = access
        self._viewer = viewer
        self._withheld = withheld
        self._compared = compared
        self._since = since
        self._replaced = replaced
        self._catalog = generation.catalog

    @property
    def generation(self) -> int:
        """The number of the generation up to which this goes."""
        return self._generation.number

    def begins(self) -> datetime:
        """Return the moment before which nothing is known; raises ChangesNotKept."""
        begins = self._catalog.history.begins()
        if begins is None:
            raise ChangesNotKept
        moment = _moment(begins)
        return moment if self._since is None else max(moment, self._since)

    def of_generation(self, number: int) -> datetime | None:
        """Return when that generation answered, for those who see every audience; else None."""
        if not self._access.sees_all(self._viewer):
            return None
        events = self._catalog.history.events()
        later = [each.moment.at for each in events if each.moment.generation > number]
        return _moment(min(later)) if later else datetime.now(UTC)

    def since(
        self,
        start: datetime,
        *,
        folder: str | None = None,
        document: str | None = None,
        after: int = 0,
    ) -> list[ChangedDocument]:
        """Return what changed at or after a moment, the last change first.

        With `after`, only what came with a later generation than that.
        """
        start = max(start, self.begins())
        by_name: defaultdict[str, list[DocumentEvent]] = defaultdict(list)
        for event in self._catalog.history.events(self._known(document)):
            if _moment(event.moment.at) >= start and event.moment.generation > after:
                by_name[event.name].append(event)
        if folder is not None:
            inside = narrowed(dict.fromkeys(by_name), folder=folder)
            by_name = defaultdict(list, {name: by_name[name] for name in inside})
        found = [
            replace(each, successor=self._replaced.get(name))
            for name in by_name
            if (each := self._net(name, by_name[name]))
        ]
        renamed = {each.before for each in found}
        kept = (each for each in found if each.name not in renamed)
        return sorted(
            kept, key=lambda each: (-each.at.timestamp(), each.title.casefold(), each.name)
        )

    def _known(self, document: str | None) -> Collection[str] | None:
        """Return the documents whose events are read, of those asked for; None for all.

        Events of others are not even passed over, so that their number does not show in the time.
        Of what is gone, those alone may know who see every audience.
        """
        if document is not None:
            return [document]
        if self._access.sees_all(self._viewer):
            return None
        return self._access.visible_in(self._generation, self._viewer)

    def document(self, name: str, start: datetime) -> ChangedDocument:
        """Return what became of one document since then; raises UnknownDocument for nothing."""
        for each in self.since(start, document=name):
            return each
        raise UnknownDocument(name, ())

    def has_earlier_text(self, name: str) -> bool:
        """Return whether a text is kept with which a document can be compared."""
        return any(each.replaced is not None for each in self.since(self.begins(), document=name))

    def comparison(self, changed: ChangedDocument) -> Comparison | None:
        """Return a changed document beside what it was; None where that is not kept."""
        return None if changed.replaced is None else self._compared(changed.name, changed.replaced)

    def predecessor(self, name: str) -> str | None:
        """Return the last document that one replaced, of those that the viewer may see."""
        dated = [
            (self._catalog.date(old) or "", old)
            for old, new in self._replaced.items()
            if new.document == name
        ]
        return max(dated, default=("", None))[1]

    def _net(self, name: str, events: Sequence[DocumentEvent]) -> ChangedDocument | None:
        """Return what all these events make of a document; None where that is nothing."""
        title = self._catalog.title(name)
        if title is None:
            return self._gone(name, events)
        if not self._access.may_see(self._viewer, name, self._generation):
            return None
        changes: list[DocumentEvent] = []
        for event in reversed(events):
            at = _moment(event.moment.at)
            known_before = bool(event.places) and self._access.might_see(self._viewer, event.places)
            if event.became is ChangeKind.RENAMED and known_before:
                if self._access.sees_all(self._viewer):
                    return ChangedDocument(name, title, ChangeKind.RENAMED, at, before=event.other)
                known_before = False
            if known_before and self._is_before_opening(event):
                break  # what was before was not written for all who may see it now
            if not known_before or event.became not in (ChangeKind.CHANGED, ChangeKind.REGARDED):
                if (name, event.moment.at) in self._withheld:
                    break
                return ChangedDocument(name, title, ChangeKind.ADDED, at)
            if (name, event.moment.at) in self._withheld:
                break
            if event.became is ChangeKind.CHANGED:
                changes.append(event)
        if not changes:
            return None
        with_text = [event for event in changes if event.has_text]
        first = with_text[-1] if with_text else None
        return ChangedDocument(
            name,
            title,
            ChangeKind.CHANGED,
            _moment(changes[0].moment.at),
            times=len(changes),
            replaced=first.moment.generation if first else None,
            held_until=_moment(first.moment.at) if first else None,
        )

    def _gone(self, name: str, events: Sequence[DocumentEvent]) -> ChangedDocument | None:
        last = events[-1]
        if (
            last.became is not ChangeKind.REMOVED
            or events[0].became in (ChangeKind.ADDED, ChangeKind.RENAMED)  # it came and went
            or (name, last.moment.at) in self._withheld
            or not self._access.sees_all(self._viewer)
            or not self._access.might_see(self._viewer, last.places)
            or self._is_before_opening(last)
        ):
            return None
        return ChangedDocument(name, last.title, ChangeKind.REMOVED, _moment(last.moment.at))

    def _is_before_opening(self, event: DocumentEvent) -> bool:
        """Return whether the policy opened a document after that, so that others saw it then."""
        opened = self._access.opened(event.places)
        return opened is not None and _moment(event.moment.at) <= opened


def _moment(at: str) -> datetime:
    return datetime.fromisoformat(at)
