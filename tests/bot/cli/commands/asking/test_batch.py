"""JSON Lines in, JSON Lines out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli.commands.asking.batch import BatchLine, answer_lines, lines_of
from bot.errors import BadBatch
from index.errors import BadQuestion, IndexMissing


def _shout(asked: BatchLine) -> dict[str, object]:
    if not asked.text:
        raise BadQuestion("It is empty.")
    return {"said": asked.text.upper()}


def test_one_object_a_line_in_order_with_the_id_first() -> None:
    lines = [
        b'\xef\xbb\xbf{"question": "a", "id": 1}\n',
        b"  \n",
        b'{"query": "b"}\n',
        b'{"query": "no", "question": "c", "id": {"any": [null]}}\n',
        '{"id": null, "question": "ø"}'.encode(),
    ]
    found = list(answer_lines(lines, _shout))
    assert found == [
        {"id": 1, "said": "A"},
        {"said": "B"},
        {"id": {"any": [None]}, "said": "C"},
        {"id": None, "said": "Ø"},
    ]
    assert list(found[0]) == ["id", "said"]


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        (b"not json", {"error": "Line 1 is not JSON."}),
        (b'{"question": "\xff"}', {"error": "Line 1 is not JSON."}),
        (b"[" * 100_000, {"error": "Line 1 is not JSON."}),
        (b'"text"', {"error": "Line 1 is not a JSON object."}),
        (b'{"id": 3}', {"id": 3, "error": "Line 1 has no text under `question` or `query`."}),
        (b'{"question": 5}', {"error": "Line 1 has no text under `question` or `query`."}),
        (b'{"id": "x", "question": ""}', {"id": "x", "error": "It is empty."}),
    ],
)
def test_a_bad_line_stops_no_other(line: bytes, answer: dict[str, object]) -> None:
    assert list(answer_lines([line, b'{"question": "a"}'], _shout)) == [answer, {"said": "A"}]


@pytest.mark.parametrize(
    ("previous", "said"),
    [
        (None, []),
        ([], []),
        (["who?", "why?"], [("user", "who?"), ("user", "why?")]),
        (
            ["who?", {"speaker": "agent", "text": "Ann."}, {"speaker": "user", "text": "why?"}],
            [("user", "who?"), ("agent", "Ann."), ("user", "why?")],
        ),
    ],
)
def test_what_was_said_before(previous: object, said: list[tuple[str, str]]) -> None:
    line = json.dumps({"question": "a", "previous": previous}).encode()

    def of(asked: BatchLine) -> dict[str, object]:
        return {"said": [(one.speaker, one.text) for one in asked.previous]}

    assert list(answer_lines([line], of)) == [{"said": said}]


@pytest.mark.parametrize(
    "previous",
    [5, {}, [5], [None], [["who?"]], [{"speaker": "bot", "text": "a"}], [{"speaker": "user"}],
     [{"text": "a"}], [{"speaker": "agent", "text": 5}]],
)  # fmt: skip
def test_what_nobody_can_have_said(previous: object) -> None:
    line = json.dumps({"id": 1, "question": "a", "previous": previous}).encode()
    (found,) = answer_lines([line], _shout)
    assert found == {
        "id": 1,
        "error": "Line 1 has something else under `previous` than texts, or objects with "
        "`speaker`, user or agent, and `text`.",
    }


def test_each_line_is_answered_before_the_next_is_read() -> None:
    order: list[str] = []

    def lines() -> Iterator[bytes]:
        for number in range(2):
            order.append(f"read {number}")
            yield json.dumps({"question": f"q{number}"}).encode()

    for answer in answer_lines(lines(), _shout):
        order.append(str(answer["said"]))
    assert order == ["read 0", "Q0", "read 1", "Q1"]


def test_without_an_index_the_run_ends() -> None:
    def fail(_: BatchLine) -> dict[str, object]:
        raise IndexMissing("There is no index.")

    with pytest.raises(IndexMissing):
        list(answer_lines([b'{"question": "a"}'], fail))


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    with (
        pytest.raises(BadBatch, match="cannot be opened: No such file or directory"),
        lines_of(str(tmp_path / "none")),
    ):
        pass
