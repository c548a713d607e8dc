"""The texts of a package that gettext's tools find in its source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.extract import extract

__all__ = ["Text", "texts_of"]

_KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "ngettext": (1, 2)}


@dataclass(frozen=True, slots=True)
class Text:
    """Where a text stands, and its forms: one, or the singular and the plural."""

    path: Path
    line: int
    forms: tuple[str, ...]


def texts_of(folder: Path) -> Iterator[Text]:
    """Return every text that babel extracts from the Python files below the folder."""
    for path in sorted(folder.rglob("*.py")):
        with path.open("rb") as source:
            for line, forms, _, _ in extract("python", source, keywords=_KEYWORDS):
                yield Text(path, line, (forms,) if isinstance(forms, str) else tuple(forms))
