"""Actions, by buttons and forms, that work as long as their message: an id says what is to be done.

An id has one letter for the action and then what it applies to, separated by colons, in at most
100 characters. Nothing is kept in memory, so a button still works weeks later and after a restart.
By then whatever it names may be gone. Nothing in an id is trusted, since anybody can send any id.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, ClassVar, TypeAlias

from bot.discord.permissions.admins import require_admin
from bot.discord.permissions.interaction import Interaction, enter, require_on
from bot.discord.permissions.ownership import exchange_of
from bot.discord.rendering.message import MessagePart
from bot.discord.ui.errors import tell_error
from bot.discord.ui.sending import begin, begin_turn, follow_up
from bot.localization import LazyText
from bot.records import Exchange, Kind
from bot.services import Services

ShownParts: TypeAlias = Sequence[MessagePart] | LazyText | str | None
"""What a person is shown at last; None where that was done already."""


class Shown(enum.Enum):
    """Where the person is shown what comes of a click, which acknowledges it."""

    IN_PLACE = "in the message that was clicked, or a private one where others see that"
    APART = "in a private message of its own"
    BY_ITSELF = "as the click itself says"


class Action:
    """What buttons and forms share. What is for `admins` is refused to others, and what belongs to
    a `command` where that is switched off; then the interaction is acknowledged as `shown` says.

    `found` is the match of the template on the id; `\\d` and `\\w` match ASCII only.
    """

    for_admins: ClassVar = False
    command: ClassVar[str | None] = None
    shown: ClassVar = Shown.IN_PLACE
    found: re.Match[str]

    def __init_subclass__(
        cls,
        *,
        admins: bool = False,
        command: str | None = None,
        shown: Shown | None = None,
        **rest: Any,
    ) -> None:
        super().__init_subclass__(**rest)
        cls.for_admins = admins
        cls.command = command or cls.command
        cls.shown = shown or cls.shown

    def number(self, name: str) -> int:
        """Return a group of digits as a number, or 0 if it is longer than any number of ours."""
        digits = self.found[name]
        return int(digits) if len(digits) < 19 else 0

    async def exchange(self, interaction: Interaction, kind: Kind | None = Kind.ASK) -> Exchange:
        """Return the exchange that the id names, of `kind` if given; raises NotAllowed."""
        services = interaction.client.services
        return await services.admission.run_quick(
            exchange_of, interaction, services, self.number("exchange"), kind
        )

    async def act(
        self,
        interaction: Interaction,
        work: Callable[[Interaction, Services], Awaitable[ShownParts]],
    ) -> None:
        """Do `work`, and show what it returns; an error is shown to the person as a sentence."""
        services = interaction.client.services
        try:
            await enter(interaction)
            if self.for_admins:
                require_admin(interaction, services.guilds)
            if self.command:
                require_on(interaction, self.command)
            if self.shown is Shown.IN_PLACE:
                await begin_turn(interaction)
            elif self.shown is Shown.APART:
                await begin(interaction)
            if (parts := await work(interaction, services)) is not None:
                await follow_up(interaction, parts)
        except Exception as exc:
            await tell_error(interaction, exc)
