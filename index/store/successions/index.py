"""Succession index: which documents are replaced by which, as documents state it.

What a statement names is looked for among the documents that may be seen; where it fits several
equally, it names none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence, Set
from typing import Any, TypeVar, cast

from index.store.cached_results import keep_results
from index.store.successions.likeness import likeness_of
from index.store.successions.successions import (
    Identities,
    Identity,
    Naming,
    Reach,
    Succession,
    Successions,
    SuccessionStatement,
)
from index.store.successions.versions import (
    folder_of,
    is_before,
    is_record,
    is_same_thing,
    order_of,
    shares_folder,
    times_of,
)
from index.store.visibility import VisibleNames

_CLASSES_KEPT = 32
"""Sets of documents that may be seen, which are kept."""
_MOST_FITTING = 64
"""Documents that may fit a statement; one that more would fit names none."""
_COPIES = 0.6
"""Likeness from which documents that fit a statement equally are copies of one."""

_RELATED = 0.2
"""Likeness from which documents in different folders are of one thing, if their names are."""

_MOST_KEPT = 16
"""Days and decisions of which is kept what follows from what is stated."""

_T = TypeVar("_T")
_Key = tuple[str, ...]
_Fitting = Mapping[_Key, Sequence[Identity]]


class StatedSuccessions:
    """The successions that are stated among the documents that may be seen.

    Of those `from_elsewhere` the newer document alone says so, and lies in another folder: they
    count once an admin confirms them, as whoever writes in a folder may not speak for another.
    """

    def __init__(
        self,
        successions: Sequence[Succession],
        identities: Identities,
        from_elsewhere: Sequence[Succession] = (),
    ) -> None:
        self.successions = successions
        self.from_elsewhere = from_elsewhere
        self.identities = identities
        self._kept: dict[Hashable, Any] = {}

    def kept(self, key: Hashable, make: Callable[[], _T]) -> _T:
        """Return what follows from it, made once for each key, and gone with its generation."""
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= _MOST_KEPT:
                self._kept = {}
            found = self._kept[key] = make()
        return cast(_T, found)


class SuccessionIndex:
    """The successions of a catalog that no longer changes."""

    def __init__(
        self,
        successions: Successions,
        standing: Callable[[Collection[str] | None], Callable[[str], Sequence[str]]],
    ) -> None:
        """Take what tells which documents of some names stand under a key (see `standing_of`)."""
        self.identities = Identities(successions)
        self._successions = successions
        self._standing = standing
        self._statements: defaultdict[str, list[SuccessionStatement]] = defaultdict(list)
        for each in successions.statements():
            self._statements[each.document].append(each)
        self._among = keep_results(self._find, _CLASSES_KEPT)

    def stated_among(self, names: Collection[str] | None = None) -> StatedSuccessions:
        """Return what is stated among documents of these names; None is for all."""
        kept = names if names is None or isinstance(names, VisibleNames) else frozenset(names)
        return self._among(kept)

    def statements_of(self, document: str) -> Sequence[SuccessionStatement]:
        """Return what a document states."""
        return self._statements.get(document, ())

    def called_like(self, document: str, names: Collection[str] | None) -> list[Identity]:
        """Return those of some documents that are called as one is, in order of version."""
        own = self.identities.get(document)
        if own is None:
            return []
        seen = names if names is None or isinstance(names, Set) else frozenset(names)
        key = "named", *_name(own.titled)
        fitting = self._fitting((key,), seen, Identities(self._successions, seen))
        return [each for each in fitting[key] if is_same_thing(own, each)]

    def _find(self, names: Set[str] | None) -> StatedSuccessions:
        visible = Identities(self._successions, names)
        saying = sorted(
            self._statements.keys() if names is None else names & self._statements.keys()
        )
        visible.read(saying)
        statements = [each for name in saying for each in self._statements[name]]
        wanted = {key for each in statements for key in _keys_of(each, visible[each.document])}
        fitting = self._fitting(wanted, names, visible) if wanted else {}
        found: dict[tuple[str, str], Succession] = {}
        elsewhere: dict[tuple[str, str], Succession] = {}
        for statement in statements:
            for each in _successions(statement, visible, fitting):
                may_say_so = not statement.is_newer or _lies_within(
                    visible[each.old], visible[each.new]
                )
                (found if may_say_so else elsewhere).setdefault((each.old, each.new), each)
        asked = [each for pair, each in elsewhere.items() if pair not in found]
        return StatedSuccessions(list(found.values()), visible, asked)

    def _fitting(
        self, wanted: Collection[_Key], names: Collection[str] | None, visible: Identities
    ) -> _Fitting:
        """Return the documents for each key that a statement asks for, in order of version."""
        standing_at = self._standing(names)
        standing = {key: standing_at(_written(key)) for key in wanted}
        visible.read({name for those in standing.values() for name in those})
        return {
            key: sorted((visible[name] for name in those), key=order_of)
            for key, those in standing.items()
        }


def _lies_within(one: Identity, other: Identity) -> bool:
    """Return whether a document lies in the folder of another, at any depth."""
    folder = folder_of(other)
    return not folder or f"{folder_of(one)}/".startswith(f"{folder}/")


def _successions(
    statement: SuccessionStatement, visible: Mapping[str, Identity], fitting: _Fitting
) -> Iterator[Succession]:
    """Yield what follows from a statement, among what may be seen."""
    identity = visible[statement.document]
    for other in _meant(statement, identity, fitting):
        old, new = (other, identity) if statement.is_newer else (identity, other)
        yield Succession(
            old.document,
            new.document,
            statement.basis,
            statement.since or new.since or None,
            statement.document if statement.span else None,
            statement.span,
        )


def _meant(statement: SuccessionStatement, identity: Identity, fitting: _Fitting) -> list[Identity]:
    """Return the document that a statement means, with its copies; none where it is not clear."""
    found: dict[str, Identity] = {}
    for key in _keys_of(statement, identity):
        near = fitting.get(key, ())
        if statement.reach is not Reach.NAMED:
            near = _around(identity, near)
        elif len(near) > _MOST_FITTING:
            return []
        found.update((each.document, each) for each in near)
    found.pop(identity.document, None)
    if statement.reach is not Reach.NAMED:
        return _relatives(statement, identity, list(found.values()))
    scores = {
        name: score
        for name, each in found.items()
        if (score := _fit(statement, identity, each)) > 0
    }
    best = max(scores.values(), default=0.0)
    tops = [found[name] for name, score in scores.items() if score == best]
    if any(likeness_of(tops[0].sketch, each.sketch) < _COPIES for each in tops[1:]):
        return []
    return tops


def _relatives(
    statement: SuccessionStatement, identity: Identity, near: Sequence[Identity]
) -> list[Identity]:
    """Return the version before or after, or all before, of the same thing."""

    def counts(each: Identity) -> bool:
        if not is_same_thing(identity, each) or (
            is_record(identity) and _times(identity) != _times(each)
        ):
            return False
        if not _is_near(identity, each) or not _is_called(statement.naming, each):
            return False
        return is_before(each, identity) if statement.is_newer else is_before(identity, each)

    found = sorted(filter(counts, near), key=order_of, reverse=statement.is_newer)
    if statement.reach is Reach.ALL or not found:
        return found
    return [
        each for each in found if not is_before(each, found[0]) and not is_before(found[0], each)
    ]


def _around(identity: Identity, near: Sequence[Identity]) -> Sequence[Identity]:
    """Return the documents next to one in order, which are as many as may fit."""
    if len(near) <= _MOST_FITTING:
        return near
    place = next((n for n, each in enumerate(near) if each is identity), len(near))
    return near[max(0, place - _MOST_FITTING // 2) : place + _MOST_FITTING // 2]


def _fit(statement: SuccessionStatement, identity: Identity, other: Identity) -> float:
    """Return how well a document fits what a statement names; 0 where it does not."""
    naming = statement.naming
    nearness = 0.5 if shares_folder(identity, other) else 0.0
    if statement.file:
        if _is_filed(statement.file, other):
            return 10.0 + nearness if _may_follow(statement, identity, other) else 0.0
        if naming.is_empty and not naming.version and not naming.dates:
            return 0.0
    has_version = bool(naming.version) and naming.version in _versions(other)
    if naming.version and not has_version and _versions(other):
        return 0.0
    times = times_of(other)
    has_time = any(date in times for date in naming.dates)
    if naming.dates and not has_time and not (has_version and not (other.is_stated and times)):
        return 0.0
    is_told = has_version or has_time
    if (naming.version or naming.dates) and not is_told:
        return 0.0
    fit = _fit_of_words(naming, identity, other, is_told)
    if not fit or not _may_follow(statement, identity, other):
        return 0.0
    return fit + nearness + has_version + has_time


def _fit_of_words(naming: Naming, identity: Identity, other: Identity, is_told: bool) -> float:
    """Return how well a document's names fit the words of a statement."""
    kinds = other.titled.kinds | other.filed.kinds
    if naming.head and kinds and naming.head not in kinds:
        return 0.0
    is_same = is_same_thing(identity, other)
    if is_record(identity) and not naming.dates and _times(identity) != _times(other):
        is_same = False
    if not naming.words:
        if is_same and (_is_near(identity, other) or naming.dates):
            return 5.0
        return 2.0 if is_told and naming.dates and _may_be_version(naming, identity, other) else 0.0
    for named in (other.titled, other.filed):
        if naming.words == named.words and (naming.head == named.head or not named.head):
            return 5.0
    if not is_told:
        return 0.0
    if naming.words <= (other.titled.words | other.filed.words):
        return 3.0
    known = identity.titled.words | identity.filed.words
    return 3.0 if is_same and naming.words <= known else 0.0


def _is_called(naming: Naming, each: Identity) -> bool:
    """Return whether a document has the kind and the words of a naming."""
    heads = each.titled.head, each.filed.head
    return (not naming.head or naming.head in heads) and naming.words <= (
        each.titled.words | each.filed.words
    )


def _is_near(identity: Identity, other: Identity) -> bool:
    """Return whether documents of one name lie together, or have some text in common."""
    return shares_folder(identity, other) or likeness_of(identity.sketch, other.sketch) >= _RELATED


def _may_be_version(naming: Naming, identity: Identity, other: Identity) -> bool:
    """Return whether a document of the date that is named may be a version of this one.

    Its kind and folder are the same, and its name says no other thing.
    """
    heads = {identity.titled.head, identity.filed.head} & {other.titled.head, other.filed.head} - {
        ""
    }
    if (
        not heads
        or (naming.head and naming.head not in heads)
        or not shares_folder(identity, other)
    ):
        return False
    if is_record(identity) or not any(
        len(date) in (7, 10) and date.count("-") >= 2 for date in naming.dates
    ):
        return False
    one, two = identity.titled.words, other.titled.words
    return one <= two or two <= one


def _may_follow(statement: SuccessionStatement, identity: Identity, other: Identity) -> bool:
    """Return whether what is stated agrees with the order of versions and of stated dates."""
    old, new = (other, identity) if statement.is_newer else (identity, other)
    if old.version and new.version and is_same_thing(old, new) and old.version != new.version:
        return is_before(old, new)
    return not (old.is_stated and new.is_stated and is_before(new, old))


def standing_of(each: Identity) -> list[str]:
    """Return the keys under which a document stands, for statements that may mean it."""
    told = (*_versions(each), *times_of(each))
    words = each.titled.words | each.filed.words
    heads = {each.titled.head, each.filed.head} - {""}
    keys: set[_Key] = {("named", *_name(named)) for named in (each.titled, each.filed)}
    keys.update(("file", name) for name in _files(each))
    keys.update(("word", word, one) for word in words for one in told)
    keys.update(("kind", head, one) for head in heads for one in told)
    return [_written(key) for key in keys]


def _written(key: _Key) -> str:
    return "\0".join(key)


def _keys_of(statement: SuccessionStatement, identity: Identity) -> Iterator[_Key]:
    """Yield where the documents stand that a statement may mean."""
    naming = statement.naming
    if statement.file:
        yield "file", statement.file
    told = (naming.version, *naming.dates)
    if statement.reach is not Reach.NAMED or not naming.words:
        yield from {("named", *_name(identity.titled)), ("named", *_name(identity.filed))}
    if naming.words:
        yield "named", *_name(naming)
        yield from (("word", min(naming.words), each) for each in told if each)
    elif naming.dates:
        heads = {naming.head} if naming.head else {identity.titled.head, identity.filed.head} - {""}
        yield from (("kind", head, date) for head in sorted(heads) for date in naming.dates)


def _name(naming: Naming) -> tuple[str, ...]:
    return (*sorted(naming.words), "|", *sorted(naming.kinds))


def _versions(each: Identity) -> set[str]:
    return {each.version, each.titled.version, each.filed.version} - {""}


def _times(each: Identity) -> set[str]:
    return {*each.titled.dates, *each.filed.dates}


def _files(each: Identity) -> set[str]:
    path = each.document.lower()
    base = path.rpartition("/")[2]
    return {path, base, base.rpartition(".")[0] or base}


def _is_filed(file: str, each: Identity) -> bool:
    return file in _files(each)
