"""The pairs of statements in tests/data/contradictions.jsonl (tests/data/contradictions.md)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.claims.contradiction import Contradiction, contradiction
from index.claims.statement import Statement, read_line, read_row

_FILE = Path(__file__).parents[2] / "data" / "contradictions.jsonl"


@dataclass(frozen=True)
class Pair:
    one: Statement
    other: Statement
    contradict: bool
    why: str
    part: str

    @property
    def found(self) -> Contradiction | None:
        return contradiction(self.one, self.other)


def pairs() -> list[Pair]:
    rows = map(json.loads, _FILE.read_text(encoding="utf-8").splitlines())
    return [
        Pair(
            _statement(row["one"], "one.md"),
            _statement(row["other"], "other.md"),
            row["contradict"],
            row["why"],
            row["part"],
        )
        for row in rows
    ]


def _statement(row: Mapping[str, Any], document: str) -> Statement:
    title, heading = row.get("title", ""), tuple(row.get("heading", ()))
    if "header" in row:
        found = read_row(row["text"].strip(), row["header"], document, 0, title, heading)
        assert found is not None, row
        return found
    return read_line(row["text"], document, 0, title, heading)
