"""`ask` and `search`, with a fake engine."""

from __future__ import annotations

import io
import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.cli.commands.asking import ask as ask_command
from bot.cli.output.as_json import answers as answers_as_json
from bot.clock import date_in
from index.answering.answer import Response
from index.rewriting import Turn
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
    assert done.out.startswith("I found nothing close in the documents.\n")


@pytest.mark.parametrize(("question", "answer"), [("what roles?", ANSWER), ("who won?", NO_ANSWER)])
def test_an_answer_for_machines(question: str, answer: Response, command: CommandLine) -> None:
    done = command("ask", "--json", question)
    assert done.out.endswith("\n")
    assert json.loads(done.out) == answers_as_json.answer(answer, question)


@pytest.fixture
def two_folders(command: CommandLine) -> CommandLine:
    command.write("norway/force.md", "---\ndate: 2026-01-19\n---\n\nObservers check the truce.\n")
    command.write("norway/notes.txt", "Nobody knows when this was written.\n")
    command.write("plan.md", "---\ndate: 2026-05-22\n---\n\nWe go north.\n")
    assert command("reindex").code == 0
    return command


@pytest.mark.parametrize(
    ("options", "documents"),
    [
        ([], None),
        (["--folder", "norway"], {"norway/force.md", "norway/notes.txt"}),
        (["--folder", "/NORWAY/"], {"norway/force.md", "norway/notes.txt"}),
        (["--since", "2026-01-19"], {"norway/force.md", "plan.md"}),
        (["--since", "2026-02"], {"plan.md"}),
        (["--since", "February 2026"], {"plan.md"}),
        (["--since", "2026", "--folder", "norway"], {"norway/force.md"}),
    ],
)
def test_a_question_of_some_documents(
    options: list[str], documents: set[str] | None, two_folders: CommandLine
) -> None:
    assert two_folders("ask", "what?", *options).code == 0
    assert two_folders.engine.documents == documents


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--folder", "nor"], "There is no document in a folder nor.\n"),
        (["--since", "2027"], "There is no document that is dated 2027-01-01 or later.\n"),
        (
            ["--since", "nonsense"],
            "I do not understand that date. Write a day, a month or a year: 2026-05-01, 12 May "
            "2026, May 2026 or 2026.\n",
        ),
        (
            ["--folder", "norway", "--since", "2026-02"],
            "There is no document in a folder norway that is dated 2026-02-01 or later.\n",
        ),
    ],
)
def test_a_question_of_no_document(options: list[str], said: str, two_folders: CommandLine) -> None:
    done = two_folders("ask", "what?", *options)
    assert (done.code, done.out, done.err) == (1, "", said)
    assert two_folders.engine.asked == []


def test_the_date_is_that_of_the_time_zone(
    command: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    night = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    monkeypatch.setattr(ask_command, "date_in", lambda zone: date_in(zone, lambda: night))
    for zone, today in (("UTC", date(2026, 6, 30)), ("Europe/Oslo", date(2026, 7, 1))):
        command.settings = command.settings.model_copy(update={"timezone": zone})
        assert command("ask", "what?").code == 0
        assert command.engine.today == today


def test_a_conversation_is_held_again(command: CommandLine, tmp_path: Path) -> None:
    batch = tmp_path / "questions.jsonl"
    previous = [
        "what roles?",
        "what does Norway pay?",
        {"speaker": "agent", "text": "Nothing."},
        "what now?",
    ]
    batch.write_text(json.dumps({"question": "what of it?", "previous": previous}))
    done = command("ask", "--batch", str(batch))
    assert json.loads(done.out)["question"] == "what of it?"
    # What an agent answered is not asked again.
    assert command.engine.asked == ["what roles?", "what now?", "what of it?"]
    assert command.engine.conversation == (
        Turn("what roles?", ANSWER.excerpts),
        Turn("what does Norway pay?", reply="Nothing."),
        Turn("what now?", ANSWER.excerpts),
    )


def test_search(command: CommandLine) -> None:
    assert json.loads(command("search", "truce", "--json").out) == answers_as_json.search(SEARCH)
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
    assert json.loads(done.out) == {"id": "é", **answers_as_json.search(SEARCH)}
    assert (done.code, done.err) == (0, "")


def test_a_batch_file_that_is_not_there(command: CommandLine) -> None:
    done = command("ask", "--batch", "none.jsonl")
    assert (done.code, done.out) == (1, "")
    assert done.err == "The batch file none.jsonl cannot be opened: No such file or directory.\n"
