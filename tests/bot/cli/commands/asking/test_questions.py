"""`questions`: from what people asked to a file that `eval` takes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.config.settings import Settings
from bot.records import Exchange, Mark, Records
from index.answering.answer import Verdict
from index.evaluation.team_questions import load_questions
from testing.command import CommandLine
from testing.exchanges import ask
from testing.samples import ANSWER

ANN, BEN = 111111111111111111, 222222222222222222


SETTINGS = {"keep_questions_days": 365}


def asked(records: Records, question: str, *, verdict: Verdict = Verdict.ANSWERED) -> Exchange:
    return ask(
        records,
        "and there?",
        rewritten=question,
        person=ANN,
        verdict=verdict,
        excerpts=ANSWER.excerpts,
    )


def test_what_was_rated_or_unanswered_is_written(command: CommandLine, tmp_path: Path) -> None:
    records = Records(command.settings.records / "records.sqlite", keep_questions=True)
    asked(records, "never rated")
    asked(records, "liked later", verdict=Verdict.SILENT)
    for question in ("liked", "liked later"):
        records.rate(asked(records, question).id, ANN, Mark.UP)
    records.rate(asked(records, f"what did <@{BEN}> say").id, ANN, Mark.DOWN, "Wrong.")
    asked(records, "liked", verdict=Verdict.SILENT)
    asked(records, "unanswered", verdict=Verdict.SILENT)
    ask(records, "forgotten", person=BEN, verdict=Verdict.SILENT)
    records.forget_person(BEN)
    records.close()

    out = tmp_path / "own.jsonl"
    done = command("questions", str(out))
    assert (done.code, done.out) == (0, "")
    assert done.err == f"{out} has 4 questions, 2 of them with what to expect.\n"
    shown = {
        "document": "norway/force.pdf",
        "excerpt": "Observers check the truce.",
        "answerable": True,
    }
    nothing = {"document": None, "excerpt": None, "answerable": None}
    assert [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()] == [
        {"question": "liked later", **shown},
        {"question": "liked", **shown},
        {"question": "what did somebody say", **nothing},
        {"question": "unanswered", **nothing},
    ]
    assert str(ANN) not in out.read_text()
    assert out.stat().st_mode & 0o077 == 0
    assert len(load_questions(out)) == 4


@pytest.mark.parametrize("nasty", ["=HYPERLINK(A1)", "+1", "-1", "@SUM(A1)", "\t=1", "a\r\n=1"])
def test_what_looks_like_a_formula_stays_text(
    command: CommandLine, tmp_path: Path, nasty: str
) -> None:
    """No cell that a spreadsheet makes of it begins like a formula."""
    records = Records(command.settings.records / "records.sqlite", keep_questions=True)
    asked(records, nasty, verdict=Verdict.SILENT)
    records.close()
    out = tmp_path / "own.jsonl"
    command("questions", str(out))
    (line,) = out.read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["question"] == nasty
    assert line.startswith('{"')


def test_what_a_person_filled_in_is_not_overwritten(command: CommandLine, tmp_path: Path) -> None:
    with_one = Records(command.settings.records / "records.sqlite", keep_questions=True)
    asked(with_one, "unanswered", verdict=Verdict.SILENT)
    with_one.close()
    out = tmp_path / "own.jsonl"
    out.write_text("filled in by hand\n")
    done = command("questions", str(out))
    assert done.code == 1
    assert "is there already; name another file" in done.err
    assert out.read_text() == "filled in by hand\n"
    assert command("questions", str(tmp_path / "none" / "own.jsonl")).code == 1


def test_where_nothing_was_asked_nothing_is_written(command: CommandLine, tmp_path: Path) -> None:
    done = command("questions", str(tmp_path / "own.jsonl"))
    assert (done.code, done.out) == (0, "")
    assert "so nothing was written" in done.err
    assert list(tmp_path.iterdir()) == [command.settings.corpus]


def test_where_questions_are_not_kept_the_setting_is_named(settings: Settings) -> None:
    unkept = CommandLine(settings.model_copy(update={"keep_questions_days": None}))
    out = settings.corpus / "own.jsonl"
    done = unkept("questions", str(out))
    assert (done.code, done.out) == (0, "")
    assert done.err == (
        "Questions are not kept, so nothing was written. The setting BRIEFING_KEEP_QUESTIONS_DAYS "
        "keeps them from then on.\n"
    )
    assert not out.exists()
