"""What people filled into forms, which come back as Discord has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

__all__ = ["chosen", "filled"]


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
