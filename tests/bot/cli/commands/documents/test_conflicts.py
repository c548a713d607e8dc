"""`conflicts` over an index that needed no model."""

from __future__ import annotations

import json

from testing.command import CommandLine

RULES = (
    "---\ndate: 2026-04-28\nowner: Anna Berg\n---\n# Rules\n\nThe daily fee abroad is {} euros.\n"
)


INDEXED = {
    "rules.md": RULES.format(72),
    "book.md": "# Book\n\nThe daily fee abroad is 68 euros.\n",
}


def test_for_people(indexed: CommandLine) -> None:
    done = indexed("conflicts")
    assert done.code == 0
    assert done.out.startswith("1 contradiction between documents")
    assert (
        "“The daily fee abroad is 72 euros.”\n    Rules, 28 Apr 2026, owner: Anna Berg" in done.out
    )


def test_for_machines_and_done(indexed: CommandLine) -> None:
    (conflict,) = json.loads(indexed("conflicts", "--json").out)["conflicts"]
    assert conflict["kind"] == "money"
    assert [side["value"]["text"] for side in conflict["sides"]] == ["72 euros", "68 euros"]
    assert indexed("conflicts", "--done", conflict["id"]).code == 0
    assert json.loads(indexed("conflicts", "--json").out)["conflicts"] == []
    assert indexed("conflicts", "--done", conflict["id"]).code == 1
    indexed.write("rules.md", RULES.format(75))
    assert indexed("reindex", "--quiet").code == 0
    assert json.loads(indexed("conflicts", "--json").out)["conflicts"]


def test_a_document_that_is_gone_contradicts_nothing(indexed: CommandLine) -> None:
    indexed.write("book.md", "# Book\n\nNothing.\n")
    assert indexed("reindex", "--quiet").code == 0
    assert json.loads(indexed("conflicts", "--json").out)["conflicts"] == []
