"""`list` over an index that needed no model."""

from __future__ import annotations

import csv
import io
import json

import pytest

from testing.command import CommandLine

INDEXED = {
    "a/one.md": "---\ndate: 2026-05-12\n---\n# One\n\nThe crane is old.\n",
    "b/two.md": "# Two\n\n=A crane.\x1b[2J\n\nIt is due by 12 June 2031.\n",
    "b/three.md": "# Three\n\nNothing.\n",
}


def names(done: str) -> list[str]:
    return [row["document"] for row in json.loads(done)["rows"]]


def test_a_topic_for_machines(indexed: CommandLine) -> None:
    found = json.loads(indexed("list", "cranes", "--json").out)
    assert (found["list"], found["documents"], found["statements"]) == ("mentions", 2, 2)
    assert names(indexed("list", "cranes", "--json").out) == ["a/one.md", "b/two.md"]
    assert names(indexed("list", "cranes", "--json", "--folder", "b").out) == ["b/two.md"]
    assert names(indexed("list", "cranes", "--json", "-k", "1", "--first", "2").out) == ["b/two.md"]
    since = json.loads(indexed("list", "cranes", "--since", "2026", "--json").out)
    assert (since["documents"], since["undated"]) == (1, 1)


def test_for_people(indexed: CommandLine) -> None:
    shown = indexed("list", "which documents mention cranes?").out
    assert shown.startswith("2 documents mention cranes.\n")
    assert "“The crane is old.”" in shown
    assert "\x1b" not in shown
    assert "1 more; --first 2" in indexed("list", "cranes", "-k", "1").out
    assert "I found 1 deadline, in 1 document." in indexed("list", "all", "deadlines").out
    assert "2031-06-12" in indexed("list", "--kind", "deadlines").out


def test_files(indexed: CommandLine) -> None:
    lines = indexed("list", "cranes", "--format", "jsonl").out.splitlines()
    assert json.loads(lines[2])["quote"].startswith("=A crane.")
    cells = list(csv.DictReader(io.StringIO(indexed("list", "cranes", "--format", "csv").out)))
    assert cells[1]["quote"].startswith("'=A crane.")
    assert "# 2 documents mention cranes." in indexed("list", "cranes", "--format", "md").out


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("x", "--since", "soon"),
        ("x", "--since", "2027", "--until", "2026"),
        ("x", "--folder", "none"),
        ("x" * 201,),
        ("x", "--kind", "dragons"),
        ("x", "--json", "--format", "md"),
    ],
)
def test_what_cannot_be_listed(indexed: CommandLine, arguments: tuple[str, ...]) -> None:
    done = indexed("list", *arguments)
    assert done.code in (1, 2)
    assert not done.out
