"""Access: which of the indexed documents a viewer may see."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from bot.access.openings import Openings
from bot.access.policy import CLOSED, FIELD, Audience, Policy
from bot.access.viewers import Viewer
from bot.requests.narrowing import narrowed
from index.errors import IndexUnavailable
from index.ports import Filter
from index.store.cached_results import keep_results
from index.store.catalog.document_table import Version
from index.store.current import CurrentGeneration
from index.store.generation import Generation
from index.store.visibility import file_class

_VIEWS_KEPT = 64

_ANY_FILE = "file"
"""Stands for the name of any file of a folder: a policy goes by folders."""

Names = Set[str]


class Access:
    """The policy applied to the generation that answers now. Another may be set at any time.

    Safe to use from several threads. Every method may read files, so none of them belongs on an
    event loop.
    """

    def __init__(
        self, current: CurrentGeneration, policy: Policy, openings: Openings | None = None
    ) -> None:
        self.policy = policy
        self.openings = openings or Openings()
        self._current = current
        self._lock = threading.Lock()
        self._last: _Classes | None = None

    def visible(self, viewer: Viewer, *, fresh: bool = False) -> Names | None:
        """Return the names that the viewer may see in the current generation; None for all.

        With `fresh`, what was published or withheld a moment ago counts for certain. Raises
        IndexMissing, IndexMismatch, IndexDamaged.
        """
        return self.visible_in(self._current.generation(fresh=fresh), viewer)

    def visible_in(self, generation: Generation, viewer: Viewer) -> Names | None:
        """Return the documents and unreadable files that the viewer may see; None for all.

        A file that was never read has no front matter yet, so its folder decides.
        """
        classes = self._classes_of(generation)
        return classes.names(classes.open_to(viewer))

    def has_none(self, visible: Names | None) -> bool:
        """Return whether there is no document among the `visible`; raises what `visible` raises."""
        if visible is None:
            return not self._current.generation().manifest.documents
        return not visible

    def narrowed(
        self,
        visible: Names | None,
        *,
        document: str | None = None,
        folder: str | None = None,
        since: date | None = None,
    ) -> Names | None:
        """Return which of the `visible` documents a question is narrowed to; None for all.

        That is the one `document`, and those that `bot.requests.narrowing` finds by `folder` and
        `since`. Raises what `visible` raises.
        """
        if document is not None:
            named = frozenset((document,))
            visible = named if visible is None else named & visible
        if folder is None and since is None:
            return visible
        dates = self._classes_of(self._current.generation()).dates
        if visible is not None:  # others do not even cost time
            dates = {name: dates.get(name) for name in visible}
        return narrowed(dates, folder=folder, since=since)

    def audiences_of(self, name: str) -> frozenset[Audience]:
        """Return the audiences of a document; whoever is in all of them may see it."""
        return self._classes_of(self._current.generation()).audiences_of(name)

    def sees_more(self, viewer: Viewer, others: Viewer) -> bool:
        """Return whether the viewer may see a document that the others may not.

        Raises what `visible` raises.
        """
        return goes_beyond(self.visible(viewer), self.visible(others))

    def may_know_of(self, viewer: Viewer, name: str) -> bool:
        """Return whether the viewer may be told about a document.

        For a document that has been removed, only a viewer who sees every audience may.
        """
        try:
            generation = self._current.generation()
        except IndexUnavailable:
            return self.sees_all(viewer)
        return self._may_know_of(viewer, name, generation)

    def may_know_of_all(self, viewer: Viewer, names: Collection[str]) -> bool:
        """Return whether the viewer may be told about every one of these documents.

        For a text that holds words of them; they may have been removed since. False where no
        generation can be opened.
        """
        if not names:
            return True
        try:
            generation = self._current.generation()
        except IndexUnavailable:
            return False
        return all(self._may_know_of(viewer, name, generation) for name in names)

    def _may_know_of(self, viewer: Viewer, name: str, generation: Generation) -> bool:
        if self._classes_of(generation).has(name):
            return self.may_see(viewer, name, generation)
        # The policy alone decides: the answer must not depend on which documents are hidden now.
        return self.sees_all(viewer)

    def may_see(self, viewer: Viewer, name: str, generation: Generation | None) -> bool:
        """Return whether the viewer may see the document of that name.

        Where the generation does not have it, its folder decides. What is withheld nobody may see.
        """
        if generation is None:
            audiences = self.policy.audiences_of(name, None)
        elif name in generation.withheld:
            return False
        else:
            audiences = self._classes_of(generation).audiences_of(name)
        return all(map(viewer.is_in, audiences))

    def might_see(self, viewer: Viewer, places: Sequence[tuple[str, str | None]]) -> bool:
        """Return whether the viewer may see an earlier version of a document, by the policy of now.

        `places` are the document and what it lay in, the file first, each with the audience that it
        named then.
        """
        return all(map(viewer.is_in, self.policy.audiences_along(places)))

    def may_know_of_version(
        self, viewer: Viewer, file: str, documents: Sequence[tuple[str, str | None]]
    ) -> bool:
        """Return whether the viewer may be told of a version of a file that does not answer.

        `documents` are those that it was or held, each with the audience that it named; nothing is
        known of them where there are none.
        """
        named = dict(documents)
        return all(
            self.might_see(viewer, [(at, named.get(at)) for at in (file, *_places_within(file, n))])
            for n in (file, *named)
        ) and (bool(named) or self.sees_all(viewer))

    def become(self, policy: Policy, openings: Openings) -> None:
        """Let another policy count, with when it opened what."""
        self.openings = openings  # first: what it opens has no history to show
        self.policy = policy

    def opened(self, places: Sequence[tuple[str, str | None]]) -> datetime | None:
        """Return since when a document is for all who may see it, by the policies until now; None
        for always."""
        return self.openings.since(places)

    def may_see_whole(self, viewer: Viewer, file: str, generation: Generation) -> bool:
        """Return whether the viewer may see a file's document and all that lie in it.

        Only then may the file itself be handed out, replaced or removed.
        """
        names = (file, *generation.catalog.enclosed_in(file))
        return all(self.may_see(viewer, name, generation) for name in names)

    def seen_by_nobody(self) -> int:
        """Return how many documents name what is no audience, so that nobody else sees them."""
        metadata = self._current.generation().catalog.metadata()
        return sum(bool(self.policy.unknown_in(each.get(FIELD))) for each in metadata.values())

    def sees_all(self, viewer: Viewer) -> bool:
        """Return whether the viewer is in every audience of the policy, "closed" apart.

        Figures that cannot be divided by document are shown only to such viewers. The policy alone
        decides: whether something is hidden at this moment must not show either.
        """
        return all(viewer.is_in(one) for one in self.policy.named if one != CLOSED)

    def _classes_of(self, generation: Generation) -> _Classes:
        with self._lock:
            policy, last = self.policy, self._last
            if last is None or last.generation is not generation or last.policy is not policy:
                self._last = last = _Classes(generation, policy)
            return last


def goes_beyond(names: Names | None, others: Names | None) -> bool:
    """Return whether `names` has one that `others` has not; None stands for all names."""
    return others is not None and (names is None or not names <= others)


def _places_within(file: str, name: str) -> list[str]:
    """Return what lies in a file on the way to a document in it, down to the document itself."""
    ends = range(len(file) + 1, len(name) + 1)
    return [name[:end] for end in ends if name[end : end + 1] in ("/", "")]


class _Classes:
    """The documents of a generation in classes of equal audience: few classes, many documents.

    The visibility class of a file tells its audiences. Those of a document that lies in a file also
    depend on what that states, so each of these is looked at, and so is what is withheld.
    """

    def __init__(self, generation: Generation, policy: Policy) -> None:
        self.generation = generation
        self.policy = policy
        self._withheld = generation.withheld
        self._catalog = generation.catalog
        self._members: defaultdict[frozenset[Audience], _Members] = defaultdict(_Members)
        withheld = self._catalog.classes_of(self._withheld)
        single = set[str]()
        for written in self._catalog.class_sizes():
            described = file_class(written)
            if described is None or written in withheld:
                single.add(written)
                continue
            inside = f"{described.folder}/{_ANY_FILE}" if described.folder else _ANY_FILE
            audiences = policy.audiences_of(inside, described.audience)
            self._members[audiences].classes.add(written)
        named = self._catalog.names_in(single) if single else []
        for name, audiences in self._audiences_of_all(named):
            self._members[audiences].documents.add(name)
        for name in self._catalog.files_without_document() - self._withheld:
            self._members[policy.audiences_of(name, None)].files.add(name)
        self.names = keep_results(self._names, _VIEWS_KEPT)

    @cached_property
    def dates(self) -> Mapping[str, str | None]:
        """What each document states as its date; None where it states none."""
        metadata = self._catalog.metadata()
        return {
            name: each.get("date") for name, each in metadata.items() if name not in self._withheld
        }

    def has(self, name: str) -> bool:
        """Return whether it is a document or a file that is not withheld."""
        return name not in self._withheld and (
            self._catalog.sha256(name) is not None or bool(self._catalog.files([name]))
        )

    def audiences_of(self, name: str) -> frozenset[Audience]:
        if name in self._withheld:
            return frozenset({CLOSED})
        return self._audiences_of(name)

    def _audiences_of(self, name: str) -> frozenset[Audience]:
        """Return the audiences of a document, and of all that it lies in."""
        file = self._catalog.file_of(name) or name
        places = (file, *_places_within(file, name))
        return self._audiences_along(places, self._catalog.versions(places))

    def _audiences_of_all(
        self, names: Collection[str]
    ) -> Iterator[tuple[str, frozenset[Audience]]]:
        """Yield the same of many documents, but for those withheld, after two queries: on a server
        each is a round trip."""
        versions = self._catalog.versions(names) if names else {}
        outer = {each.file for each in versions.values() if each.file} - versions.keys()
        versions |= self._catalog.versions(outer) if outer else {}
        for name in names:
            if name not in self._withheld:
                file = versions[name].file or name
                places = (file, *_places_within(file, name))
                yield name, self._audiences_along(places, versions)

    def _audiences_along(
        self, places: Sequence[str], versions: Mapping[str, Version]
    ) -> frozenset[Audience]:
        def stated(place: str) -> str | None:
            there = place in versions and place not in self._withheld
            return versions[place].audience if there else None

        return self.policy.audiences_along([(place, stated(place)) for place in places])

    def open_to(self, viewer: Viewer) -> frozenset[frozenset[Audience]]:
        return frozenset(one for one in self._members if all(map(viewer.is_in, one)))

    def _names(self, seen: frozenset[frozenset[Audience]]) -> Names | None:
        if len(seen) == len(self._members) and not self._withheld:
            return None
        members = [self._members[one] for one in seen]
        return self._catalog.visible_names(
            Filter(
                frozenset(of for each in members for of in each.classes),
                frozenset(name for each in members for name in each.documents),
            ),
            frozenset(name for each in members for name in each.files),
        )


@dataclass(slots=True)
class _Members:
    """Who has the same audiences: whole visibility classes, documents of others, and files."""

    classes: set[str] = field(default_factory=set)
    documents: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
