"""`eval` with a fake engine; tests of the figures are those of `index.evaluation`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.evaluation import statistics
from testing.budget import one_in
from testing.command import CommandLine

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _few_resamples(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw few questions anew; tests/index/evaluation has what the intervals are."""
    monkeypatch.setattr(statistics, "RESAMPLES", 30)


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


def test_how_gold_is_meant(command: CommandLine, question_set: Path) -> None:
    found = json.loads(command("eval", str(question_set), "--json", "--gold", "any").out)
    assert found["gold"] == "any"
    assert command("eval", str(question_set), "--gold", "some").code == 2


@pytest.fixture
def questions(command: CommandLine, tmp_path: Path) -> Path:
    """Return a file of questions; the fake engine answers all but "who?"."""
    command.write("norway/force.md", "Roles\n\nObservers check the truce.\n")
    command("reindex", "--quiet")
    rows = [
        {"question": "what?", "document": "norway/force.md", "excerpt": "Observers  check"},
        {"question": "who?", "answerable": False},
        {"question": "where?", "answerable": None},
        {"question": "when?", "document": "gone.md"},
    ]
    path = tmp_path / "own.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_questions_of_ones_own_are_asked_of_the_installed_index(
    command: CommandLine, questions: Path
) -> None:
    done = command("eval", str(questions), "--json")
    assert (done.code, done.err) == (0, "")
    found = json.loads(done.out)
    assert (found["set"], found["documents"], found["questions"]) == ("own.jsonl", 1, 4)
    assert (found["answerable"], found["unmarked"], found["unmarked_answered"]) == (1, 2, 2)
    assert found["unplaced"] == [f"{questions}, line 4: no document gone.md is indexed (any more)."]
    assert found["figures"]["auroc"]["value"] == 1
    assert found["risk_coverage"]["at_missed"]["0.15"]["wrong"] == 0
    assert not (command.settings.index / "evaluation").exists()


def test_team_questions_for_people(command: CommandLine, questions: Path) -> None:
    shown = command("eval", str(questions)).out
    assert shown.startswith("own.jsonl: 1 document, 4 questions, 1 of them answerable\n")
    assert "Of 2 questions nobody has said whether the documents answer them; 2 were" in shown
    assert "Not to be judged (1):" in shown


def test_questions_of_ones_own_need_an_index(command: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "own.jsonl"
    path.write_text('{"question": "what?"}\n')
    done = command("eval", str(path))
    assert done.code == 1
    assert "reindex" in done.err


def test_a_run_is_kept_and_compared_with(
    command: CommandLine, questions: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "run.jsonl"
    assert command("eval", str(questions), "--save", str(kept)).code == 0
    rows = [json.loads(line) for line in kept.read_text().splitlines()]
    assert [(row["set"], row["question"], row["verdict"]) for row in rows] == [
        ("own.jsonl", "what?", "answered"), ("own.jsonl", "who?", "silent"),
        ("own.jsonl", "where?", "answered"), ("own.jsonl", "when?", "answered"),
    ]  # fmt: skip
    assert rows[0]["milliseconds"]["total"] == 41.2
    rows[1]["verdict"] = "answered"
    kept.write_text("".join(json.dumps(row) + "\n" for row in rows[:3]))
    found = json.loads(command("eval", str(questions), "--json", "--against", str(kept)).out)[
        "against"
    ]
    assert (found["paired"], found["only_before"], found["only_after"]) == (3, 0, 1)
    assert found["differences"]["wrong_answers"]["change"]["value"] == -1
    assert [one["question"] for one in found["better"]] == ["who?"]
    # The same file may be read and then replaced.
    shown = command("eval", str(questions), "--against", str(kept), "--save", str(kept))
    assert "own.jsonl: 1 document" in shown.out
    # The file's path may be long, and broken anywhere.
    assert "run.jsonl:3questionsinbothruns" in "".join(shown.out.split())
    assert "wrongly answered → silent" in shown.out
    assert len(kept.read_text().splitlines()) == 4


def test_an_earlier_run_that_cannot_be_read(command: CommandLine, questions: Path) -> None:
    command.engine.asked.clear()
    done = command("eval", str(questions), "--against", "none.jsonl")
    assert done.code == 1
    assert "--save" in done.err
    assert command.engine.asked == []


@pytest.mark.parametrize(
    ("suffix", "begins"), one_in(2, [(".png", b"\x89PNG"), (".svg", b"<?xml")])
)
def test_a_picture(
    command: CommandLine, questions: Path, tmp_path: Path, suffix: str, begins: bytes
) -> None:
    pytest.importorskip("matplotlib")
    picture = tmp_path / f"curve{suffix}"
    assert command("eval", str(questions), "--picture", str(picture)).code == 0
    first = picture.read_bytes()
    assert first.startswith(begins)
    command("eval", str(questions), "--picture", str(picture))
    assert picture.read_bytes() == first


def test_what_cannot_be_written_is_said_before_anything_is_asked(
    command: CommandLine, questions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = command("eval", str(questions), "--save", "no/such/folder/run.jsonl")
    assert (done.code, "There is no folder" in done.err) == (1, True)
    assert command("eval", str(questions), "--picture", "curve.jpg").code == 2
    monkeypatch.setattr("bot.cli.output.curves.find_spec", lambda name: None)
    done = command("eval", str(questions), "--picture", str(tmp_path / "curve.png"))
    assert (done.code, '".[eval]"' in done.err) == (1, True)
    assert command.engine.asked == []


def test_a_disk_that_takes_nothing(command: CommandLine, questions: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    done = command("eval", str(questions), "--save", str(tmp_path / "taken"))
    assert done.code == 1
    assert "could not be written" in done.err
