"""`ask` and `search`, with a fake engine."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from bot.cli.output import as_json
from testing.command import CommandLine
from testing.samples import ANSWER, NO_ANSWER, SEARCH


def test_an_answer_for_people(command: CommandLine) -> None:
    done = command("ask", "what", "roles?")
    assert command.engine.asked == ["what roles?"]
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("[1] “Observers check the truce.”\n")


def test_no_answer_is_no_failure(command: CommandLine) -> None:
    done = command("ask", "who won?")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("The documents do not say.\n")


@pytest.mark.parametrize(("question", "answer"), [("what roles?", ANSWER), ("who won?", NO_ANSWER)])
def test_an_answer_for_machines(question: str, answer: object, command: CommandLine) -> None:
    done = command("ask", "--json", question)
    assert done.out.endswith("\n")
    assert json.loads(done.out) == as_json.answer(answer)  # type: ignore[arg-type]  # a Response


def test_search(command: CommandLine) -> None:
    assert json.loads(command("search", "truce", "--json").out) == as_json.search(SEARCH)
    assert command("search", "-k", "3", "the", "truce").out.startswith("[1] Observers")
    assert command.engine.asked == ["truce", "the truce"]


def test_a_bad_question_is_one_sentence(command: CommandLine) -> None:
    for arguments in (("ask", ""), ("ask", "--json", " "), ("search", "")):
        done = command(*arguments)
        assert (done.code, done.out, done.err) == (1, "", "The question is empty.\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ("ask",),
        ("search",),
        ("ask", "what", "--batch", "-"),
        ("search", "-k", "0", "what"),
        ("search", "-k", "101", "what"),
    ],
)
def test_misuse(
    arguments: tuple[str, ...], command: CommandLine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(*arguments).code == 2
    assert "Usage: briefing-bot" in capsys.readouterr().err
    assert command.engine.asked == []


def test_a_batch_from_a_file(command: CommandLine, tmp_path: Path) -> None:
    batch = tmp_path / "questions.jsonl"
    batch.write_text('{"question": "what?", "id": 1}\nnonsense\n{"query": "who?"}\n')
    done = command("ask", "--batch", str(batch))
    first, second, third = (json.loads(line) for line in done.out.splitlines())
    assert (first["id"], first["question"], first["answered"]) == (1, "what?", True)
    assert second == {"error": "Line 2 is not JSON."}
    assert (third["question"], third["answered"]) == ("who?", False)
    assert done.code == 0
    assert done.err == "1 of the lines could not be answered; each says why.\n"


def test_a_batch_from_the_standard_input(
    command: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    stdin = io.TextIOWrapper(io.BytesIO(b'{"question": "truce", "id": "\xc3\xa9"}\n'))
    monkeypatch.setattr(sys, "stdin", stdin)
    done = command("search", "--batch", "-", "-k", "1")
    assert json.loads(done.out) == {"id": "é", **as_json.search(SEARCH)}
    assert (done.code, done.err) == (0, "")


def test_a_batch_file_that_is_not_there(command: CommandLine) -> None:
    done = command("ask", "--batch", "none.jsonl")
    assert (done.code, done.out) == (1, "")
    assert done.err == "The batch file none.jsonl cannot be opened: No such file or directory.\n"
