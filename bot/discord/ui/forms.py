"""Forms, and what people filled into them, which comes back as Discord has it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

import discord

from bot.discord.permissions.interaction import Interaction
from bot.discord.ui.actions import Action, ShownParts
from bot.services import Services


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
