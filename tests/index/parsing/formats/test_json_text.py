from __future__ import annotations

import json
from typing import Any

import pytest

from index.parsing import ParsingLimits
from index.parsing.draft import Source
from index.parsing.formats import json_text


@pytest.mark.parametrize(
    ("content", "stored"),
    [
        (
            '{"id": "00042", "rate": 1.50, "big": 12345678901234567890123, "e": 1e-7, "no": null,'
            ' "ok": true, "tags": ["a", "b"]}',
            ["id | 00042", "rate | 1.50", "big | 12345678901234567890123", "e | 1e-7",
             "no | null", "ok | true", "tags | a, b"],
        ),
        (
            '[{"ship": "Hauk", "size": {"l": 10.0}}, {"ship": "Ran", "cargo": "Coal"}]',
            ["= ship | size l | cargo", "Hauk | 10.0 |", "Ran |  | Coal"],
        ),
        (
            '{"2030": {"in": 4, "out": 5}, "2031": {"in": 6, "out": 7}}',
            ["= | in | out", "2030 | 4 | 5", "2031 | 6 | 7"],
        ),
        ('{"b": {"c": 1}, "a": 2}', ["a | 2", "# b", "c | 1"]),
        ('{"a": 1, "a": 2}', ["a | 1", "a | 2"]),
        ("[[1, 2], [3, 4]]", ["1 | 2", "3 | 4"]),
        ('{"notes": ["It rains.", "It snows."]}', ["# notes", "• It rains.", "• It snows."]),
        (
            '{"body": "<p>10<sup>6</sup> <b>litres</b></p><ul><li>x</ul>"}',
            ["# body", "10⁶ litres", "• x"],
        ),
        (
            '[{"name": "Ida", "log": [{"a": [1, [2]]}]}, {"name": "Kari"}]',
            ["# Ida", "name | Ida", "## log", "1", "#### a", "• 1", "• 2", "# Kari",
             "name | Kari"],
        ),
        (
            '[{"name": "Ida", "of": {"team": "IT", "no": 2}, "log": [{"a": 1}]}, {"name": "Kari"}]',
            ["# Ida", "name | Ida", "of team | IT", "of no | 2", "## log", "= a", "1", "# Kari",
             "name | Kari"],
        ),
        ('{"a": 1}\n{"a": 2}\n', ["= a", "1", "2"]),
        ('"Words."', ["Words."]),
        ('{"a": "x", "p": "data:image/png;base64,' + "iVBORw0K" * 999 + '"}', ["a | x"]),
    ],
)  # fmt: skip
def test_blocks(parse: Any, outline: Any, content: str, stored: list[str]) -> None:
    for encoding in ("utf-8", "utf-16"):
        found = []
        for kind, level, text in outline(parse("a.json", content.encode(encoding))):
            mark = {"header": "= ", "heading": "#" * level + " "}.get(kind, "")
            found.append((mark + text).replace("= |", "= |"))
        assert found == stored


def test_title_and_date(parse: Any) -> None:
    document = parse("a.json", '{"title": "Plan", "date": "2 May 2031", "audience": "x"}')
    assert (document.title, document.metadata) == ("Plan", {"date": "2031-05-02"})
    assert parse("ops.json", '{"guild": {"name": "Karsk"}, "messages": [{"a": 1}]}').title == "ops"


def test_what_is_no_json_is_read_as_it_stands(parse: Any) -> None:
    document = parse("a.json", '{"a": 1,\n "b": [1, 2\n')
    assert document.text == '{"a": 1,\n "b": [1, 2'
    assert document.remarks == ("It is not valid JSON (line 3) and was read as it stands.",)


def test_deep_nesting_is_refused(refused: Any) -> None:
    assert "nested too deeply" in refused("a.json", "[" * 200_000)
    assert "nested too deeply" in refused("a.json", '{"a":' * 5_000 + "1" + "}" * 5_000)


@pytest.mark.parametrize("suffix", [".json", ".jsonl"])
@pytest.mark.parametrize("name", ["Ship{}" + " " * 60, "<p><b><i>Ship{}</i></b></p>"])
def test_what_is_not_stored_of_a_long_list_takes_no_room(suffix: str, name: str) -> None:
    rows = [json.dumps({"ship": name.format(number)}) for number in range(40)]
    written = "\n".join(rows) if suffix == ".jsonl" else f"[{', '.join(rows)}]"
    source = Source(written.encode(), suffix, "a", ParsingLimits(max_characters=900))
    draft = json_text.parse(source)
    assert "Ship39" in draft.text
    assert draft.remarks == ()
