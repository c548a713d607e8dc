from __future__ import annotations

import pytest

from index.parsing import ParsingLimits
from index.parsing.draft import Draft, Source
from index.parsing.formats.markdown import parser, stretches

LINES = {
    "paragraphs": "One *word*.\n\nSee [x].\n\n# Aims\n\nTwo\nlines.\n\n[x]: /url\n\nEnd.\n",
    "a quotation that begins with an empty line": "# Aims\n>\n> Two.\n>\n\nEnd.\n",
    "code": "One.\n\n```\ncode\n\ncode\n```\n\nTwo.\n",
    "a list": "- one\n- two\n\n  more\n  - inner\n- three\n- four\n",
    "a list with numbers": "0. one\n1. two\n1. three\n1. four\n1. five\n",
    "a table": "| a | b |\n|---|---|\n" + "".join(f"| {n} | x |\n" for n in range(9)) + "\nEnd.\n",
    "two tables": "| a |\n|---|\n| 1 |\n| 2 |\n| 3 |\n\n| b |\n|---|\n| 4 |\n| 5 |\n",
    "breaks of two characters": "One.\r\n\r\n- two\r\n- three\r\n\r\nFour.\r\n",
}


@pytest.mark.parametrize("length", [1, 20, 60])
@pytest.mark.parametrize("text", LINES.values(), ids=LINES)
def test_stretches_make_the_document_that_the_whole_makes(
    monkeypatch: pytest.MonkeyPatch, text: str, length: int
) -> None:
    whole = _read(text)
    monkeypatch.setattr(stretches, "_LENGTH", length)
    assert _read(text) == whole


def test_no_more_is_parsed_at_once_than_a_stretch() -> None:
    text = "| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * 1000
    found = list(stretches.stretches(text, 0, {}, length=500))
    assert max(len(stretch.starts) for stretch in found) < 60
    assert sum(stretch.continues for stretch in found) == len(found) - 1


def _read(text: str) -> Draft:
    return parser.parse(Source(text.encode(), ".md", "a", ParsingLimits()))
