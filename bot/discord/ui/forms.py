"""What people filled into forms, which come back as Discord has them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import discord

__all__ = ["SubmittedForm", "chosen", "filled", "form_in"]


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
    for component in components:
        inner = [*component.get("components", ()), *filter(None, [component.get("component")])]
        if component.get("custom_id") == field:
            return [str(value) for value in component.get("values") or ()]
        if inner and (found := chosen(inner, field)):
            return found
    return []


def filled(components: Iterable[Mapping[str, Any]], field: str) -> str:
    """Return what a field of a form holds, wherever Discord puts it; empty where it is not."""
    for component in components:
        inner = [*component.get("components", ()), *filter(None, [component.get("component")])]
        if component.get("custom_id") == field:
            return str(component.get("value") or "")
        if inner and (found := filled(inner, field)):
            return found
    return ""
