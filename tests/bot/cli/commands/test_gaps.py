"""`gaps` over records and an index that needed no model."""

from __future__ import annotations

import json
from contextlib import closing

import pytest

from bot.records import Kind, Records
from index.answering.answer import Verdict
from testing.command import CommandLine


@pytest.fixture
def asked(command: CommandLine) -> CommandLine:
    command.settings = command.settings.model_copy(update={"keep_questions_days": 90})
    command.write("rules.md", "# Rules\n\nThe daily fee abroad is 68 euros.\n")
    assert command("reindex", "--quiet").code == 0
    path = command.settings.records / "records.sqlite"
    with closing(Records(path, keep_questions=True)) as records:
        for person, question, private in (
            (1, "Who dug the well?", False),
            (2, "who dug the well", False),
            (1, "What is it to us?", True),
        ):
            records.add(
                kind=Kind.ASK,
                person=person,
                guild=None,
                channel=3,
                question=question,
                generation=1,
                confidence=0.1,
                verdict=Verdict.SILENT,
                private=private,
            )
    return command


def test_for_people(asked: CommandLine) -> None:
    done = asked("gaps")
    assert done.code == 0
    assert done.out.startswith("1 question is open.\n\n2× ")
    assert "dug the well" in done.out
    assert "What is it to us" not in done.out


def test_for_machines_and_done(asked: CommandLine) -> None:
    found = json.loads(asked("gaps", "--json").out)
    assert found["count"] == 1
    (gap,) = found["gaps"]
    assert (gap["asked"], gap["silent"]) == (2, 2)
    assert gap["wordings"] == ["Who dug the well?", "who dug the well"]
    assert asked("gaps", "--done", str(gap["id"])).code == 0
    assert json.loads(asked("gaps", "--json").out) == {"count": 0, "gaps": []}
    assert asked("gaps", "--done", str(gap["id"])).code == 1


def test_without_questions_kept(command: CommandLine) -> None:
    command.write("rules.md", "# Rules\n\nThe daily fee abroad is 68 euros.\n")
    assert command("reindex", "--quiet").code == 0
    done = command("gaps")
    assert done.out == "0 questions are open.\n"
    assert "BRIEFING_KEEP_QUESTIONS_DAYS" in done.err
