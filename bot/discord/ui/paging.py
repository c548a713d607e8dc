"""Pages of a list, and the buttons that turn them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from bot.discord.rendering.message import Button
from bot.localization import LazyText

__all__ = ["page_buttons", "page_of", "pages_that_fit", "turn_button"]

PREVIOUS_PAGE = LazyText("Previous page")
NEXT_PAGE = LazyText("Next page")

T = TypeVar("T")


def page_of(values: Sequence[T], page: int, size: int) -> tuple[Sequence[T], int, int]:
    """Return the values on the page or the nearest one, its number, and the number of pages."""
    count = max(1, -(-len(values) // size))
    page = min(max(1, page), count)
    return values[(page - 1) * size : page * size], page, count


def pages_that_fit(
    values: Sequence[T], most: int, cost: Callable[[T], int], room: int
) -> list[list[T]]:
    """Return pages of at most `most` values that together cost at most `room`; one at least."""
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
    """Return buttons to the previous and the next page, or none if there is only one page.

    `before` and `after` surround the number of the page in a button's id.
    """
    if count == 1:
        return []
    return [
        turn_button(
            str(PREVIOUS_PAGE), f"{before}{page - 1}{after}" if page > 1 else None, "q:0:0"
        ),
        turn_button(
            str(NEXT_PAGE), f"{before}{page + 1}{after}" if page < count else None, "q:0:1"
        ),
    ]


def turn_button(label: str, custom_id: str | None, otherwise: str) -> Button:
    """Return a button; without `custom_id` it is disabled and has the id `otherwise`.

    A disabled button is shown so that the others keep their place.
    """
    return Button(label, custom_id or otherwise, disabled=custom_id is None)
