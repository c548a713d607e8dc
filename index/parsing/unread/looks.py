"""How texts look, as far as that decides whether anybody sees them."""

from __future__ import annotations

from typing import NamedTuple

WHITE = "ffffff"
NAMED_COLOURS = {"white": WHITE, "black": "000000"}
_SMALLEST = 1
"""Points of a font that nobody can read."""


class Look(NamedTuple):
    """Colours of a text and of what is behind it, and its size in points; None where not said."""

    colour: str | None = None
    background: str | None = None
    size: float | None = None

    def over(self, below: Look) -> Look:
        """Return this look, filled up by another one where it says nothing."""
        return Look(
            below.colour if self.colour is None else self.colour,
            below.background if self.background is None else self.background,
            below.size if self.size is None else self.size,
        )


def is_unseen(colour: str | None, background: str | None, size: float | None) -> bool:
    """Return whether a text has the colour of what is behind it, or a size that nobody can read.

    Colours are six hexadecimal digits in lower case, empty where they are not known.
    """
    return bool(colour and colour == background) or (size is not None and size <= _SMALLEST)
