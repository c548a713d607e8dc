"""Texts with the markup of reStructuredText and AsciiDoc: what nobody sees, and whom it is for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from index.document import AUDIENCE, TextOrigin
from index.parsing import HiddenContent, ParsingLimits, ParsingOptions, parse_file
from index.parsing.metadata.front_matter_audience import NOT_UNDERSTOOD
from index.parsing.parser import may_name_another_audience
from tests.index.parsing.conftest import Parse

_READ = ParsingOptions(hidden=frozenset({HiddenContent.COMMENTS}))
COMMENTED = {
    "a.rst": """Fees
====

.. The draft said 99.

..
   A longer one said 98,

   and 97.

The fee is 1 EUR. [1]_

.. note:: It may rise.
.. [1] By the board.
.. _board: https://board.example
.. |x| replace:: y

..

    A quotation of 2.
""",
    "a.adoc": """= Fees
// The draft said 99.
The fee is 1 EUR.

////
A longer one said 98.

And 97.
////
It may rise.

[comment]
--
Another said 96.
--

[comment]
One more said 95.

----
// 2 is code
////
----
""",
}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("name", COMMENTED)
def test_comments_are_not_read(parse: Parse, name: str, end: str) -> None:
    document = parse(name, COMMENTED[name].replace("\n", end))
    assert not re.search(r"9\d", document.text)
    assert "The fee is 1 EUR." in document.text
    assert "It may rise." in document.text
    assert "2" in document.text
    assert document.has_hidden
    number = 2 if name == "a.rst" else 4
    remark = f"{number} comments were not read (BRIEFING_READ_HIDDEN=comments)."
    assert document.remarks == (remark,)
    text = parse("a.txt", COMMENTED[name])
    assert "99" in text.text
    assert not text.has_hidden


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.rst", "* The fee is 1 EUR.\n\n  .. It was 99.\n     And 98.\n\n  It may rise.\n"),
        ("a.rst", ".. note::\n\n   .. It was 99.\n\n   The fee is 1 EUR.\n   It may rise.\n"),
        ("a.rst", "The fee is 1 EUR::\n\n  a\n\nIt may rise.\n\n* a\n\n  .. It was 99.\n"),
        ("a.adoc", "```sh\necho\n```\n\nThe fee is 1 EUR.\n// It was 99.\n\nIt may rise.\n"),
        ("a.adoc", "The fee is 1 EUR.\n\n[comment.draft]\nIt was 99.\n\nIt may rise.\n"),
    ],
)
def test_comments_within_something_else_are_not_read(parse: Parse, name: str, text: str) -> None:
    document = parse(name, text)
    assert not re.search(r"9\d", document.text)
    assert "The fee is 1 EUR." in document.text.replace("::", ".")
    assert "It may rise." in document.text
    assert document.has_hidden


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.rst", "As it is written::\n\n  .. fee of 99\n\nIt may rise.\n"),
        ("a.rst", ".. code-block:: rst\n\n   .. fee of 99\n\nIt may rise.\n"),
        ("a.adoc", "```rust\n// fee of 99\n```\n\nIt may rise.\n"),
    ],
)
def test_examples_of_comments_are_read(parse: Parse, name: str, text: str) -> None:
    document = parse(name, text)
    assert "99" in document.text
    assert not document.has_hidden


@pytest.mark.parametrize("name", COMMENTED)
def test_comments_that_are_read_are_told_as_such(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(COMMENTED[name])
    document = parse_file(tmp_path / name, name, limits=ParsingLimits(), options=_READ)
    assert "99" in document.text
    origins = {
        block.span.of(document.text): block.origin
        for block in document.blocks
        if "99" in block.span.of(document.text) or "may rise" in block.span.of(document.text)
    }
    assert sorted(origins.values()) == [TextOrigin.BODY, TextOrigin.COMMENT]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.rst", "Plan\n====\n\n:author: Ada\n:audience: planners\n\nWords.\n"),
        ("a.rst", "====\nPlan\n====\n\n:Audience: planners\n\nWords.\n"),
        ("a.adoc", "= Plan\nAda\n:audience: planners\n\nWords.\n"),
        ("a.asciidoc", "= Plan\n:audiance: planners\n\nWords.\n"),
        *((f"a.{end}", "---\naudience: planners\n---\n\nWords.\n") for end in ("rst", "adoc")),
        ("a.txt", "---\naudience: planners\n---\n\nWords.\n"),
        ("a.text", "---\nAudiense: planners\n---\n\nWords.\n"),
    ],
)
def test_what_seems_to_name_an_audience_is_closed_and_named(
    parse: Parse, name: str, text: str, end: str
) -> None:
    document = parse(name, text.replace("\n", end))
    assert document.metadata[AUDIENCE] == NOT_UNDERSTOOD
    (remark,) = document.remarks
    assert "nobody may see it until that is corrected." in remark


@pytest.mark.parametrize(
    "text",
    [
        "Plan\n====\n\nThe audience is large.\n",
        "Audience: all of us\n\nWords.\n",
        "---\n\nWords.\n",
    ],
)
def test_a_text_that_speaks_of_an_audience_is_open(parse: Parse, text: str) -> None:
    assert AUDIENCE not in parse("a.txt", text).metadata


def test_a_file_that_cannot_be_read_and_may_be_closed_by_now_does_not_answer(
    parse: Parse, tmp_path: Path
) -> None:
    before = parse("a.rst", "Plan\n====\n\nWords.\n")
    (tmp_path / "a.rst").write_text("Plan\n====\n\nWords, changed.\n")
    assert not may_name_another_audience(tmp_path / "a.rst", before)
    (tmp_path / "a.rst").write_text("---\naudience: planners\n---\nPlan\n====\n\nWords.\n")
    assert may_name_another_audience(tmp_path / "a.rst", before)
