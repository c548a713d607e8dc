"""Actions, by buttons and forms, that work as long as their message: an id says what is to be done.

An id has one letter for the action and then what it applies to, separated by colons, in at most
100 characters. Nothing is kept in memory, so a button still works weeks later and after a restart.
By then whatever it names may be gone. Nothing in an id is trusted, since anybody can send any id.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Self, TypeAlias

import discord

from bot.discord.permissions.admins import require_admin
from bot.discord.permissions.interaction import Interaction, enter, require_on
from bot.discord.permissions.lookup import look_up
from bot.discord.permissions.ownership import exchange_of
from bot.discord.rendering.message import MessagePart
from bot.discord.ui.errors import tell_error
from bot.discord.ui.sending import begin, begin_turn, follow_up
from bot.library import Library
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


# Buttons


class Click(
    Action, discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=re.compile("(?!)")
):
    """Base of all buttons: a subclass gives its id's `template` and implements `clicked`."""

    kinds: ClassVar[list[type[Click]]] = []
    """All buttons of the modules that are loaded."""

    def __init_subclass__(cls, *, template: str = "", **options: Any) -> None:
        super().__init_subclass__(template=re.compile(template or r"(?!)", re.ASCII), **options)
        if template:
            Click.kinds.append(cls)

    def __init__(self, found: re.Match[str]) -> None:
        super().__init__(discord.ui.Button(custom_id=found.string))
        self.found = found

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(match)

    async def callback(self, interaction: discord.Interaction[Any], /) -> None:
        await self.act(interaction, self.clicked)

    async def clicked(self, interaction: Interaction, services: Services) -> ShownParts:
        """Do what the button is for, and return what the person is shown."""
        raise NotImplementedError


class LookUpClick(Click):
    """A button that looks up something in the library of whoever clicks."""

    async def clicked(self, interaction: Interaction, services: Services) -> ShownParts:
        return await look_up(interaction, self.found_in, interaction)

    def found_in(self, library: Library, interaction: Interaction) -> list[MessagePart]:
        """Return what is found. Blocks."""
        raise NotImplementedError


def ids_in(message: discord.Message) -> set[str]:
    """Return the ids of a message's buttons, wherever in its layout they stand."""
    ids = (getattr(one, "custom_id", None) for one in _walked(message.components))
    return {custom_id for custom_id in ids if custom_id}


def content_of(message: discord.Message) -> str:
    """Return the text above the frames of a message, laid out or not."""
    first = message.components[0] if message.components else None
    laid_out = first.content if isinstance(first, discord.TextDisplay) else ""
    return message.content or laid_out


def texts_in(message: discord.Message) -> list[str]:
    """Return the markup that a message lays out, from the top."""
    return [one.content for one in _walked(message.components) if hasattr(one, "content")]


def _walked(components: Iterable[Any]) -> Iterator[Any]:
    for one in components:
        yield one
        yield from _walked(getattr(one, "children", ()))
        yield from filter(None, [getattr(one, "accessory", None)])


# Forms


class Form(Action):
    """Base of all forms: a subclass gives its id's `template` and implements `sent`.

    discord.py knows forms by their objects, which a restart would lose. `data` is all that came
    with it, as Discord has it.
    """

    kinds: ClassVar[list[type[Form]]] = []
    template: ClassVar[re.Pattern[str]]

    def __init_subclass__(cls, *, template: str, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls.template = re.compile(template, re.ASCII)
        Form.kinds.append(cls)

    def __init__(self, found: re.Match[str], data: Mapping[str, Any]) -> None:
        self.found = found
        self.data = data

    @staticmethod
    async def submit(interaction: Interaction) -> None:
        """Do what a form is for that somebody has sent; nothing where it is none of ours."""
        data: Mapping[str, Any] = interaction.data or {}
        for kind in Form.kinds:
            if found := kind.template.fullmatch(data.get("custom_id", "")):
                form = kind(found, data)
                await form.act(interaction, form.sent)

    async def sent(self, interaction: Interaction, services: Services) -> ShownParts:
        """Do what the form is for, and return what the person is shown."""
        raise NotImplementedError

    def filled(self, field: str) -> str:
        """Return what a field holds; empty where it is not."""
        return str(_sent(self.data["components"], field).get("value") or "")

    def chosen(self, field: str) -> list[str]:
        """Return what was chosen in a list, or the ids of its files; none where it is not."""
        return [str(value) for value in _sent(self.data["components"], field).get("values") or ()]


def _sent(components: Iterable[Mapping[str, Any]], field: str) -> Mapping[str, Any]:
    """Return what came of a field, wherever Discord puts it."""
    for component in components:
        inner = [*component.get("components", ()), *filter(None, [component.get("component")])]
        found = component if component.get("custom_id") == field else _sent(inner, field)
        if found:
            return found
    return {}


def text_field(name: str, most: int, **how: Any) -> discord.ui.TextInput[Any]:
    """Return a field for words, of at most so many characters, in several lines."""
    return discord.ui.TextInput(
        custom_id=name, style=discord.TextStyle.paragraph, max_length=most, **how
    )


def form_of(title: str, custom_id: str, *labels: discord.ui.Label[Any]) -> discord.ui.Modal:
    form = discord.ui.Modal(title=title, custom_id=custom_id)
    for label in labels:
        form.add_item(label)
    form.stop()  # otherwise discord.py would keep it in memory until it is submitted
    return form
