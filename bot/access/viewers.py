"""Viewers: one person, or all who can read a channel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from bot.access.policy import Audience


class Viewer(Protocol):
    def is_in(self, audience: Audience) -> bool:
        """Return whether all of these people certainly belong to the audience."""
        ...


@dataclass(frozen=True, slots=True)
class Person:
    """One person, with the rights that count where something is shown to them.

    `roles` are held in `guilds`. `channels` are those of the policy that the person can read, and
    perhaps others. `at_home`: one of the guilds is one that the documents belong to. For what is
    shown within a guild, only that guild is in `guilds`.
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
class ChannelReaders:
    """All who can read a channel of `guild`, described by what gives them access to it.

    `everybody`: no role is needed. Otherwise each of `roles` gives access to all who hold it, and
    `people` have it by name. `channels` are the channel and, for a thread, its parent. Owner and
    administrators of the guild always read along; they can take any of its `guild_roles` and read
    any of its `guild_channels`.
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
        if self.guild in audience.guilds | audience.roles:  # @everyone has the guild's id
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
    """The person who runs the program, and can read its files anyway."""

    def is_in(self, audience: Audience) -> bool:
        return True


OPERATOR: Final[Viewer] = _Operator()
STRANGER: Final[Viewer] = Person(0)
"""A person of whom nothing is known, and who therefore sees nothing."""
