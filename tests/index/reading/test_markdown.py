from __future__ import annotations

from typing import Any

import pytest

BRIEFING = """---
title: The force
date: 2026-01-06
tags: [norway, ukraine]
nested: {a: b}
---
# Aims *of* it ##

Intro text
goes on.

* one

  still one
  * nested
* two
  ```
  code
  ```
  after

> quote
>
> - listed
>   # heading

| A | B |
|---|---|
| 1 | 2 |

Setext
------

[a]: http://x
***
"""
OUTLINE = [
    ("heading", 1, "# Aims *of* it ##"),
    ("paragraph", 0, "Intro text\ngoes on."),
    ("item", 0, "* one\n\n  still one"),
    ("item", 1, "* nested"),
    ("item", 0, "* two"),
    ("code", 0, "```\n  code\n  ```"),
    ("paragraph", 0, "after"),
    ("paragraph", 0, "> quote\n>"),
    ("item", 0, "> - listed"),
    ("heading", 1, ">   # heading"),
    ("header", 0, "| A | B |\n|---|---|"),
    ("row", 0, "| 1 | 2 |"),
    ("heading", 2, "Setext\n------"),
    ("paragraph", 0, "[a]: http://x"),
    ("paragraph", 0, "***"),
]


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_blocks(read: Any, outline: Any, line_break: str) -> None:
    document = read("a.md", BRIEFING.replace("\n", line_break))
    found = [
        (kind, level, text.replace(line_break, "\n")) for kind, level, text in outline(document)
    ]
    assert found[0][0] == "front matter"
    assert found[1:] == OUTLINE
    assert document.title == "The force"
    assert document.metadata == {
        "title": "The force",
        "date": "2026-01-06",
        "tags": "norway, ukraine",
    }


def test_title_without_marks(read: Any) -> None:
    assert read("a.md", "## Aims of **the** [force](x.md) ##\n\ntext").title == "Aims of the force"
    assert read("a.md", "The snake_case_name\n===\n\ntext").title == "The snake_case_name"


def test_front_matter_that_is_not_yaml(read: Any) -> None:
    document = read("a.md", "---\na: [\n---\nwords")
    assert document.remarks == ("Its front matter is not valid YAML and was not understood.",)
    assert [block.kind for block in document.blocks] == ["front matter", "paragraph"]


def test_a_rule_is_no_front_matter(read: Any) -> None:
    document = read("a.md", "---\nJust words\n---\nmore")
    assert "front matter" not in {block.kind for block in document.blocks}


def test_yaml_that_explodes(read: Any) -> None:
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    assert read("a.md", "---\n" + "\n".join(lines) + "\n---\nwords").metadata == {"a0": "x, x"}


@pytest.mark.parametrize(
    ("front_matter", "audience"),
    [
        ("audience: board", "board"),
        ("Audience: [board, staff]", "board, staff"),
        ("audience:", "?"),
        ("audience: []", "?"),
        ("audience: {board: 1}", "?"),
        ("audience: board\ntitle: [", "?"),
        ("title: Board", None),
        ("title: [", None),
    ],
)
def test_who_it_is_for_is_not_lost(read: Any, front_matter: str, audience: str | None) -> None:
    document = read("a.md", f"---\n{front_matter}\n---\n\nText.\n")
    assert document.metadata.get("audience") == audience
