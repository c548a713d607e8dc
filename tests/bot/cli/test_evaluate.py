"""`eval` with an engine that is a fake; how figures are computed is `index.evaluation`'s."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.bot.command import CommandLine


@pytest.fixture
def question_set(tmp_path: Path) -> Path:
    directory = tmp_path / "tiny"
    directory.mkdir()
    document = {"id": "force", "text": "Observers check the truce.\n"}
    question = {"question": "what?", "answerable": True, "doc_id": "force", "gold": [[0, 26]]}
    (directory / "docs.jsonl").write_text(json.dumps(document) + "\n")
    (directory / "dev.jsonl").write_text(json.dumps(question) + "\n")
    return directory


def test_for_machines(command: CommandLine, question_set: Path) -> None:
    done = command("eval", str(question_set), "--json")
    assert (done.code, done.err) == (0, "")
    found = json.loads(done.out)
    assert (found["set"], found["documents"], found["questions"]) == ("tiny", 1, 1)
    assert found["figures"]["missed"]["value"] == 0
    assert command.engine.asked == ["what?", "what?"]
    assert list((command.settings.index / "evaluation").iterdir()) == [
        command.settings.index / "evaluation/tiny"
    ]


def test_for_people(command: CommandLine, question_set: Path) -> None:
    done = command("eval", str(question_set), str(question_set), "--questions", "1")
    assert done.code == 0
    assert done.out.count("tiny: 1 document, 1 question, 1 of them answerable\n") == 2


def test_a_set_that_is_not_there(command: CommandLine) -> None:
    done = command("eval", "none")
    assert (done.code, done.out) == (1, "")
    assert "none" in done.err
