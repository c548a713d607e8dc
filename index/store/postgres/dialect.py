"""Dialect: the SQL of the catalog, which is written for SQLite, in the words of PostgreSQL.

The tables and what is asked of them are the same on both. What PostgreSQL lacks are functions there
(`json_each`, `instr`), made with the schema; only what cannot be one is written otherwise here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

__all__ = ["Parameters", "translated", "values_of"]

Parameters = Sequence[Any] | Mapping[str, Any]

_REWRITTEN: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"%"), "%%"),
    (re.compile(r"\?"), "%s"),
    (re.compile(r"(?<![:\w]):([a-z_]+)"), r"%(\1)s"),
    # Elements of JSON are texts.
    (
        re.compile(r"\b(key|passage) IN \(SELECT value FROM json_each\("),
        r"\1 IN (SELECT CAST(value AS bigint) FROM json_each(",
    ),
    (re.compile(r"\bmain\."), ""),
    # Hints for the planner of SQLite.
    (re.compile(r"\bCROSS JOIN (\w+(?: AS \w+)?) (?:INDEXED BY \w+ )?(?=ON|USING)"), r"JOIN \1 "),
    (re.compile(r"(?<=[ (])\+(?=[a-z_]+ )"), ""),
    (re.compile(r"^INSERT OR IGNORE (.*)$", re.S), r"INSERT \1 ON CONFLICT DO NOTHING"),
)


@lru_cache(512)
def translated(sql: str) -> str:
    """Return SQL for PostgreSQL, with the placeholders of psycopg."""
    for pattern, instead in _REWRITTEN:
        sql = pattern.sub(instead, sql)
    return sql


def values_of(parameters: Parameters) -> Parameters:
    """Return parameters as values that PostgreSQL has: SQLite takes true for 1."""
    if isinstance(parameters, Mapping):
        return {name: _value(each) for name, each in parameters.items()}
    return [_value(each) for each in parameters]


def _value(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    return str(value) if isinstance(value, str) else value  # members of enums are texts too
