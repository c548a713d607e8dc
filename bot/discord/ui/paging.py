"""Pages of a list, and the buttons that turn them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot import messages
from bot.discord.rendering.message import Button
from bot.localization import LazyText

PREVIOUS_PAGE = LazyText("Previous page")
NEXT_PAGE = LazyText("Next page")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """The values on one page of a list, `number` of `count`; the first has the number `first`."""

    values: Sequence[T]
    number: int = 1
    count: int = 1
    first: int = 1

    @property
    def footer(self) -> str | None:
        """Return the line that says which page it is; None where there is only one."""
        return (
            messages.results_page(number=self.number, count=self.count) if self.count > 1 else None
        )

    def numbered(self) -> list[tuple[int, T]]:
        return list(enumerate(self.values, start=self.first))

    def turns(self, before: str, after: str = "") -> list[Button]:
        """Return buttons to the previous and the next page, or none if there is only one page.

        `before` and `after` surround the number of the page in a button's id.
        """
        if self.count == 1:
            return []
        return [
            turn_button(str(label), f"{before}{number}{after}" if is_there else None, otherwise)
            for label, number, is_there, otherwise in (
                (PREVIOUS_PAGE, self.number - 1, self.number > 1, "q:0:0"),
                (NEXT_PAGE, self.number + 1, self.number < self.count, "q:0:1"),
            )
        ]


def page_of(values: Sequence[T], number: int, size: int) -> Page[T]:
    """Return the page of that number, or the nearest one, where each has `size` values."""
    count = max(1, -(-len(values) // size))
    number = min(max(1, number), count)
    start = (number - 1) * size
    return Page(values[start : start + size], number, count, start + 1)


def page_that_fits(
    values: Sequence[T], number: int, most: int, cost: Callable[[T], int], room: int
) -> Page[T]:
    """Return the page of that number, or the nearest one, where each has as many values as fit."""
    pages = pages_that_fit(values, most, cost, room)
    number = min(max(1, number), len(pages))
    return Page(pages[number - 1], number, len(pages), 1 + sum(map(len, pages[: number - 1])))


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


def turn_button(label: str, custom_id: str | None, otherwise: str) -> Button:
    """Return a button; without `custom_id` it is disabled and has the id `otherwise`.

    A disabled button is shown so that the others keep their place.
    """
    return Button(label, custom_id or otherwise, disabled=custom_id is None)
