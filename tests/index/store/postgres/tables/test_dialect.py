"""What is asked of SQLite, in the words of PostgreSQL."""

from __future__ import annotations

import json

import pytest

from index.document import BlockKind
from index.store.postgres.tables.dialect import translated, values_of
from index.store.rows import compact_json


@pytest.mark.parametrize(
    ("sqlite", "postgres"),
    [
        ("SELECT a FROM t WHERE b = ? LIMIT ?", "SELECT a FROM t WHERE b = %s LIMIT %s"),
        ("a = :name AND b::text = '%'", "a = %(name)s AND b::text = '%%'"),
        (
            "key IN (SELECT value FROM json_each(?))",
            "key IN (SELECT CAST(value AS bigint) FROM json_each(%s))",
        ),
        ("name IN (SELECT value FROM json_each(?))", "name IN (SELECT value FROM json_each(%s))"),
        (
            "seen CROSS JOIN dated INDEXED BY d ON dated.document = seen.name",
            "seen JOIN dated ON dated.document = seen.name",
        ),
        ("taken CROSS JOIN main.files AS t ON a = b", "taken JOIN files AS t ON a = b"),
        ("WHERE +what = :what", "WHERE what = %(what)s"),
        (
            "INSERT OR IGNORE INTO main.t VALUES (?)",
            "INSERT INTO t VALUES (%s) ON CONFLICT DO NOTHING",
        ),
    ],
)
def test_sql(sqlite: str, postgres: str) -> None:
    assert translated(sqlite) == postgres


def test_values() -> None:
    values = values_of("", [True, BlockKind.ROW, None, 1.5, b"a"])
    assert values == [1, "row", None, 1.5, b"a"]
    assert [type(each) for each in values] == [int, str, type(None), float, bytes]
    assert values_of("", {"a": False}) == {"a": 0}


def test_signs_that_the_server_does_not_have_are_replaced() -> None:
    assert values_of("", ["a\0b\ud800😀", r"\u0000"]) == ["a�b�😀", r"\u0000"]
    names = compact_json(["\0", "😀", "\ud800", "\udc00a", "\ud83d\ud83d\ude00"])
    (listed,) = values_of("json_each(?)", [names])
    assert json.loads(listed) == ["�", "😀", "�", "�a", "�😀"]
