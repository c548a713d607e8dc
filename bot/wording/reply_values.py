"""The values of a reply as its text names them: counts and periods."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from bot.localization import LazyText, _, ngettext

_OF_DAY = LazyText(" of {first}")
Values: TypeAlias = Mapping[str, str | int]
"""What a text names, ready to be shown; `help` says where the help is. `list`, `changes` and
`compare` are what people type for these commands, and are missing where nobody can use them."""


def period_text(values: Values, day: LazyText | str = _OF_DAY) -> str:
    """Say from when to when, after a space; nothing where no time was asked for.

    `day` says that it is one day, month or year.
    """
    first, last = values.get("first"), values.get("last")
    if first is None and last is None:
        return ""
    if last is None:
        text = _(" since {first}")
    elif first is None:
        text = _(" until {last}")
    else:
        text = str(day) if first == last else _(" from {first} to {last}")
    return text.format(first=first, last=last)


def count_in(values: Values) -> int:
    return int(values["number"])


def first_shown(number: int) -> str:
    return ngettext("Here is the first.", "Here are the first {n:,}.", number).format(n=number)
