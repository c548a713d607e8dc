"""Misfits among rates: paid or done by another unit of time than the one asked for."""

from __future__ import annotations

import re

from index.answering.scope import Findings, Scope

_ASKS_RATE = re.compile(
    r"\b(?:how (?:much|many)|costs?|prices?|rates?|fees?|paid|pay|salary|wage|rents?|allowance)\b",
    re.IGNORECASE,
)
_UNIT = r"(hour|day|night|week|month|year)"
_BY_UNIT = re.compile(
    rf"\b(?:per|an?) {_UNIT}\b|/ ?{_UNIT}\b|\b{_UNIT}[ -](?:rates?|price|fee|rent|pass)\b"
    r"|\b(hourly|daily|weekly|monthly|yearly)\b",
    re.IGNORECASE,
)


def is_by_another_unit(question: str, found: Findings, scope: Scope) -> bool:
    """Return whether a rate is shown, and none by the unit asked for: by the hour, not the day."""
    if not _ASKS_RATE.search(question):
        return False
    shown = [each.quote for each in found.excerpts]
    shown += [each.header.text for each in found.excerpts if each.header]
    asked, told = _units(question), _units("\n".join(shown))
    return bool(asked and told) and asked.isdisjoint(told)


def _units(text: str) -> frozenset[str]:
    """Return the units by which something is paid: the day of "a day", "daily" and "day rate"."""
    found = (next(filter(None, match.groups())).lower() for match in _BY_UNIT.finditer(text))
    return frozenset("day" if unit == "daily" else unit.removesuffix("ly") for unit in found)
