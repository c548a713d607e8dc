"""Which documents a question is narrowed to: one, those of a folder, those since a date."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date


def narrowed(
    dates: Mapping[str, str | None], *, folder: str | None = None, since: date | None = None
) -> frozenset[str]:
    """Return the documents in `folder`, or below it, that state a date on or after `since`.

    `dates` holds what each document states, by its name. In upper or lower case, the folder is the
    same. None does not narrow, and a document without a date is in no period.
    """
    start = "" if folder is None else _path(folder)
    return frozenset(
        name
        for name, stated in dates.items()
        if _path(name).startswith(start) and (since is None or _is_since(stated, since))
    )


def _path(name: str) -> str:
    """Return the name in small letters, with one slash at its end and none at its beginning."""
    path = name.replace("\\", "/").strip().strip("/").casefold()
    return f"{path}/" if path else ""


def _is_since(stated: str | None, since: date) -> bool:
    try:
        return stated is not None and date.fromisoformat(stated[:10]) >= since
    except ValueError:  # a date in words
        return False
