"""Forms, and what people filled into them, which comes back as Discord has it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import discord

__all__ = ["SubmittedForm", "chosen", "filled", "form_in", "form_of", "text_field"]


@dataclass(frozen=True, slots=True)
class SubmittedForm:
    """A form that was sent: what its id says, and all that came with it."""

    found: re.Match[str]
    data: Mapping[str, Any]


def form_in(
    interaction: discord.Interaction[Any], template: re.Pattern[str]
) -> SubmittedForm | None:
    """Return the form whose id is of this template; None where it is another, or none."""
    if interaction.type is not discord.InteractionType.modal_submit:
        return None
    data: Mapping[str, Any] = interaction.data or {}
    found = template.fullmatch(data.get("custom_id", ""))
    return None if found is None else SubmittedForm(found, data)


def chosen(components: Iterable[Mapping[str, Any]], field: str) -> list[str]:
    """Return what was chosen in a list of a form, or the ids of its files; none where it is not."""
    return [str(value) for value in _sent(components, field).get("values") or ()]


def filled(components: Iterable[Mapping[str, Any]], field: str) -> str:
    """Return what a field of a form holds; empty where it is not."""
    return str(_sent(components, field).get("value") or "")


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
