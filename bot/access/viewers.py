"""Who is looking: one person, or all who can read a channel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from bot.access.policy import Audience

__all__ = ["OPERATOR", "STRANGER", "Person", "Readers", "Viewer"]


class Viewer(Protocol):
    def is_in(self, audience: Audience) -> bool:
        """Whether everybody who is looking belongs to it, for certain."""
        ...


@dataclass(frozen=True, slots=True)
class Person:
    """`roles` are held in `guilds`; `channels` are some that the person can read, at least those
    that the policy names. `at_home` says that one of the guilds is one whose the documents are.

    Where the person is in one guild, only that guild counts: what is shown there is its own.
    """

    id: int
    roles: frozenset[int] = frozenset()
    channels: frozenset[int] = frozenset()
    guilds: frozenset[int] = frozenset()
    at_home: bool = False

    def is_in(self, audience: Audience) -> bool:
        return bool(
            (audience.home and self.at_home)
            or self.id in audience.people
            or self.roles & audience.roles
            or self.channels & audience.channels
            or self.guilds & audience.guilds
        )


@dataclass(frozen=True, slots=True)
class Readers:
    """All who can read a channel of `guild`, whoever they are, by what lets them in.

    `everybody` says that it takes no role. Else each of `roles` lets in whoever holds it, and
    `people` are let in by name; who has several roles gets in by one of these. `channels` are the
    channel and, of a thread, the one that it belongs to. Whoever owns or administrates the guild
    reads along, and can take any of its `guild_roles` and read any of its `guild_channels`.
    """

    guild: int
    channels: frozenset[int]
    everybody: bool
    roles: frozenset[int] = frozenset()
    people: frozenset[int] = frozenset()
    guild_roles: frozenset[int] = frozenset()
    guild_channels: frozenset[int] = frozenset()
    at_home: bool = False

    def is_in(self, audience: Audience) -> bool:
        if audience.home and self.at_home:
            return True
        if self.guild in audience.guilds | audience.roles:  # all have the role that is called so
            return True
        if self.channels & audience.channels:
            return True
        administrators = (
            self.guild_roles & audience.roles or self.guild_channels & audience.channels
        )
        return (
            bool(administrators)
            and not self.everybody
            and self.roles <= audience.roles
            and self.people <= audience.people
        )


class _Operator:
    """Whoever runs the program, and has its files."""

    def is_in(self, audience: Audience) -> bool:
        return True


OPERATOR: Final[Viewer] = _Operator()
STRANGER: Final[Viewer] = Person(0)
"""Somebody of whom nothing is known, and who therefore sees nothing."""
