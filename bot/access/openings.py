"""Openings: when the policy last showed documents to people who could not see them before.

What a document said before that was not written for them, though they may see it now.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar

from bot.access.policy import CLOSED, OPEN, Audience, Policy, names_in, wording_of
from bot.text import place_of

_T = TypeVar("_T")

_FACT = "what the policy opened"

_ANY_AUDIENCE = "*"
"""Stands for the audiences that the policy does not know."""
_ANY_HOME = "home any"
"""Stands for the home guilds where the policy names none."""
_DIGEST = 8
"""Bytes of a digest, which stands for an id: ids of people are kept nowhere but in the policy."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """For whom something is, and since when it is for some of them; empty for always."""

    who: frozenset[str] = frozenset()
    since: str = ""

    def becomes(self, who: frozenset[str], now: str) -> _Rule:
        more: set[str] | frozenset[str] = who - self.who  # only members of home guilds have roles
        if "home" in self.who:
            more = {each for each in more if not each.startswith("role ")}
        if _ANY_HOME in self.who:
            more = {each for each in more if not each.startswith("home ")}
        return _Rule(who, now if more else self.since)


@dataclass(frozen=True)
class Openings:
    """The rules of a policy, of folders and of audiences that front matter names."""

    folders: Mapping[str, _Rule] = field(default_factory=dict)
    audiences: Mapping[str, _Rule] = field(default_factory=dict)

    def under(self, policy: Policy, now: datetime) -> Openings:
        """Return them as they are once the policy counts; without any before, nothing was opened.

        A folder of which there was a rule stays among them.
        """
        at = now.isoformat()
        folders = {"": policy.default} | dict(policy.folders)
        known = {_ANY_AUDIENCE: OPEN}
        if policy.path:
            known = {_ANY_AUDIENCE: CLOSED, **policy.audiences, **policy.wordings}

        def ruled(place: str) -> frozenset[str]:
            return _ids(_longest(place, folders), policy)

        def named(name: str) -> frozenset[str]:
            return _ids(known.get(name, known[_ANY_AUDIENCE]), policy)

        if not self.folders:
            return Openings(
                {place: _Rule(ruled(place)) for place in folders},
                {name: _Rule(named(name)) for name in known},
            )
        return Openings(
            {
                place: _longest(place, self.folders).becomes(ruled(place), at)
                for place in {*folders, *self.folders}
            },
            {
                name: self._audience(name).becomes(named(name), at)
                for name in {*known, *self.audiences}
            },
        )

    def since(self, places: Sequence[tuple[str, str | None]]) -> datetime | None:
        """Return since when a document is for all who may see it; None for always.

        `places` are as in `Policy.audiences_along`.
        """
        rules = [_longest(place_of(place), self.folders) for place, _ in places if self.folders]
        for _, written in places:
            rules += self._rules_of(written) if written is not None else ()
        last = max((rule.since for rule in rules), default="")
        return datetime.fromisoformat(last) if last else None

    def as_json(self) -> str:
        return json.dumps(
            [
                {name: [sorted(rule.who), rule.since] for name, rule in sorted(rules.items())}
                for rules in (self.folders, self.audiences)
            ]
        )

    @classmethod
    def read(cls, stored: str | None) -> Openings:
        """Return what `as_json` wrote; none without it."""
        rules: list[dict[str, Any]] = json.loads(stored) if stored else [{}, {}]
        return cls(
            *(
                {name: _Rule(frozenset(who), since) for name, (who, since) in one.items()}
                for one in rules
            )
        )

    def _rules_of(self, written: str) -> Iterator[_Rule]:
        line = wording_of(written)
        yield from map(self._audience, {*names_in(written), *self.audiences.keys() & {line}})

    def _audience(self, name: str) -> _Rule:
        return self.audiences.get(name) or self.audiences.get(_ANY_AUDIENCE) or _Rule()


class _Facts(Protocol):
    """The part of `bot.records.Records` that is needed here."""

    def recall(self, key: str) -> str | None: ...

    def remember(self, key: str, value: str) -> None: ...


def openings_under(policy: Policy, facts: _Facts, now: datetime) -> Openings:
    """Return the openings once the policy counts, and keep them for the one after it."""
    stored = facts.recall(_FACT)
    openings = Openings.read(stored).under(policy, now)
    if (written := openings.as_json()) != stored:
        facts.remember(_FACT, written)
    return openings


def _longest(place: str, rules: Mapping[str, _T]) -> _T:
    """Return the rule of the innermost folder; there is one for all."""
    return rules[max(filter(place.startswith, rules), key=len)]


def _ids(audience: Audience, policy: Policy) -> frozenset[str]:
    kinds: dict[str, Iterable[int]] = {
        "role": audience.roles,
        "person": audience.people,
        "channel": audience.channels,
        "guild": audience.guilds,
        "home": policy.guilds if audience.home else (),
    }
    found = {f"{kind} {_digest(f'{kind} {each}')}" for kind, ids in kinds.items() for each in ids}
    home = {"home", *(() if policy.guilds else (_ANY_HOME,))} if audience.home else set[str]()
    return frozenset(found | home)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[: 2 * _DIGEST]
