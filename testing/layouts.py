"""The words and buttons of a message as Discord carries it, plain or laid out in components."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

LAYOUT = 1 << 15
"""The flag of a message that is laid out."""


def is_laid_out(payload: Mapping[str, Any]) -> bool:
    """Return whether a message shows more than a sentence: components, or once embeds."""
    return bool(int(payload.get("flags") or 0) & LAYOUT or payload.get("embeds"))


def text_of(payload: Mapping[str, Any]) -> str:
    """Return the words of a message, from the top."""
    embeds = (str(embed.get("description") or "") for embed in payload.get("embeds") or ())
    inner = (str(one.get("content") or "") for one in walked(payload.get("components") or ()))
    # Each is a paragraph of its own: nothing of a quote goes on in what stands below it.
    return "\n\n".join(filter(None, [payload.get("content"), *embeds, *inner]))


def buttons_of(components: Iterable[Any]) -> list[dict[str, Any]]:
    """Return the buttons among components, from the top."""
    raw = [one if isinstance(one, dict) else one.to_dict() for one in components]
    return [dict(one) for one in walked(raw) if "custom_id" in one]


def walked(components: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Yield components, each before those within it."""
    for one in components:
        yield one
        yield from walked([*one.get("components", ()), *filter(None, [one.get("accessory")])])
