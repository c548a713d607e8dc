"""Dialect: the SQL of the catalog, which is written for SQLite, in the words of PostgreSQL.

The tables and what is asked of them are the same on both. What PostgreSQL lacks are functions there
(`json_each`, `instr`), made with the schema; only what cannot be one is written otherwise here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from index.store.tables import Parameters

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

_NO_SIGN = re.compile("[\x00\ud800-\udfff]")
_ESCAPED = re.compile(
    r"\\u(?:0000|d[89ab]..(?!\\ud[c-f])|(?<!\\ud[89ab]..\\u)d[c-f]..)", re.IGNORECASE
)
"""Signs that PostgreSQL does not have, in JSON."""


@lru_cache(512)
def translated(sql: str) -> str:
    """Return SQL for PostgreSQL, with the placeholders of psycopg."""
    for pattern, instead in _REWRITTEN:
        sql = pattern.sub(instead, sql)
    return sql


def values_of(sql: str, parameters: Parameters) -> Parameters:
    """Return the parameters of SQL as values that PostgreSQL has.

    SQLite takes true for 1, and texts with any sign.
    """
    is_listed = "json_each" in sql
    if isinstance(parameters, Mapping):
        return {name: _value(each, is_listed) for name, each in parameters.items()}
    return [_value(each, is_listed) for each in parameters]


def _value(value: Any, is_listed: bool) -> Any:
    if isinstance(value, bool):
        return int(value)
    if not isinstance(value, str):
        return value
    text = _NO_SIGN.sub("\ufffd", value)
    return _ESCAPED.sub(r"\\ufffd", text) if is_listed and "\\u" in text else text
