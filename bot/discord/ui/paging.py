"""Lists that take several pages, turned by buttons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from bot.discord.rendering.message import Button
from bot.localization import _

__all__ = ["page_buttons", "page_of", "pages_that_fit", "turn_button"]

PREVIOUS_PAGE = _("Previous page")
NEXT_PAGE = _("Next page")

T = TypeVar("T")


def page_of(values: Sequence[T], page: int, size: int) -> tuple[Sequence[T], int, int]:
    """The values on the page, its number, and how many there are; the nearest page there is."""
    count = max(1, -(-len(values) // size))
    page = min(max(1, page), count)
    return values[(page - 1) * size : page * size], page, count


def pages_that_fit(
    values: Sequence[T], most: int, cost: Callable[[T], int], room: int
) -> list[list[T]]:
    """At most `most` values a page, and no more than together cost `room`; one page at least."""
    pages: list[list[T]] = [[]]
    left = room
    for value in values:
        costs = cost(value)
        if pages[-1] and (len(pages[-1]) == most or costs > left):
            pages.append([])
            left = room
        pages[-1].append(value)
        left -= costs
    return pages


def page_buttons(before: str, after: str, page: int, count: int) -> list[Button]:
    """To the page before and the next one; `before` and `after` stand around its number in an id.

    None where there is one page only.
    """
    if count == 1:
        return []
    return [
        turn_button(PREVIOUS_PAGE, f"{before}{page - 1}{after}" if page > 1 else None, "q:0:0"),
        turn_button(NEXT_PAGE, f"{before}{page + 1}{after}" if page < count else None, "q:0:1"),
    ]


def turn_button(label: str, custom_id: str | None, otherwise: str) -> Button:
    """A button that leads nowhere is shown all the same, so that the others keep their place; it
    needs an id of its own, `otherwise`."""
    return Button(label, custom_id or otherwise, disabled=custom_id is None)
