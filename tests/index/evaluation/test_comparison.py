"""Two runs of the same questions, compared; small enough to work out by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from index.answering.answer import Verdict
from index.errors import BadEvaluationSet
from index.evaluation.comparison import compare
from index.evaluation.outcomes import Outcome, load_outcomes

RIGHT = Outcome(
    set="own", question="right", answerable=True, verdict=Verdict.ANSWERED, confidence=0.8, rank=1,
    document_first=True, document_shown=True, evidence=1.0, excerpts=1, verbatim=1, characters=100,
    gold_characters=50, milliseconds={"total": 40.0, "search": 5.0},
)  # fmt: skip
SILENT = replace(
    RIGHT, question="silent", answerable=False, verdict=Verdict.SILENT, confidence=0.1, rank=None,
    document_first=None, document_shown=None, evidence=None, gold_characters=0,
)  # fmt: skip


def named(question: str, like: Outcome = RIGHT, **changes: object) -> Outcome:
    return replace(like, question=question, **changes)  # type: ignore[arg-type]  # as given


def test_a_run_that_was_kept_is_read_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    kept = [RIGHT, SILENT, named("Ångström?\u2028", answerable=None)]
    path.write_text("".join(json.dumps(one.as_dict()) + "\n" for one in kept), encoding="utf-8")
    assert load_outcomes(path) == kept


@pytest.mark.parametrize(
    ("text", "said"),
    [("{}", r"line 1: set: Field required"), (None, r"cannot be read .* `eval --save`")],
)
def test_what_is_no_kept_run_is_refused(tmp_path: Path, text: str | None, said: str) -> None:
    path = tmp_path / "run.jsonl"
    if text is not None:
        path.write_text(text)
    with pytest.raises(BadEvaluationSet, match=said):
        load_outcomes(path)


def test_differences_are_over_what_both_runs_asked() -> None:
    before = [
        named("a", verdict=Verdict.SILENT),
        named("b"),
        named("c"),
        SILENT,
        named("only then"),
    ]
    after = [
        named("a", milliseconds={"total": 60.0}),
        named("b", milliseconds={"total": 60.0}),
        named("c", rank=2),
        named("silent", SILENT, verdict=Verdict.ANSWERED),
        named("only now"),
        named("only now too"),
    ]
    found = compare(before, after, "all")
    assert (found.paired, found.only_before, found.only_after) == (4, 1, 2)
    missed, wrong = found.differences["missed"], found.differences["wrong_answers"]
    assert missed.before == pytest.approx(1 / 3)
    assert (missed.after, missed.p) == (0.0, 1.0)
    assert missed.change.value == pytest.approx(-1 / 3)
    assert missed.change.n == 3
    assert missed.change.low is not None
    assert missed.change.low >= -1
    assert missed.change.high == 0.0
    assert (wrong.before, wrong.after, wrong.change.n) == (0.0, 1.0, 1)
    assert found.differences["passage@1"].after == pytest.approx(2 / 3)
    assert found.differences["shown"].p is None
    median = found.differences["milliseconds"]
    assert (median.before, median.after, median.p) == (40.0, 50.0, None)
    assert json.loads(json.dumps(found.as_dict()))["worse"][0] == {
        "question": "silent", "answerable": False, "answered": [False, True],
        "confidence": [0.1, 0.1], "evidence": [None, None], "rank": [None, None],
    }  # fmt: skip


def test_twenty_questions_that_all_turned_are_no_chance() -> None:
    before = [named(str(n), verdict=Verdict.SILENT) for n in range(20)]
    after = [named(str(n)) for n in range(20)]
    assert compare(before, after, "any").differences["missed"].p == 2 / 2**20
    assert "precision" not in compare(before, after, "any").differences


def test_what_turned_is_listed_the_most_changed_first() -> None:
    unmarked = named("unmarked", answerable=None)
    pairs = [
        (named("same"), named("same", confidence=0.9)),
        (named("rank", rank=5), named("rank", rank=2)),
        (named("evidence", evidence=0.0), named("evidence")),
        (named("a little evidence", evidence=0.75, rank=1), named("a little evidence", rank=3)),
        (named("found", verdict=Verdict.SILENT), named("found")),
        (named("silenced", SILENT, verdict=Verdict.ANSWERED), named("silenced", SILENT)),
        (named("lost"), named("lost", verdict=Verdict.SILENT, evidence=0.5)),
        (named("unranked"), named("unranked", rank=None)),
        (unmarked, replace(unmarked, verdict=Verdict.SILENT)),
    ]
    found = compare([was for was, _ in pairs], [is_now for _, is_now in pairs], "any")
    assert [change.after.question for change in found.better] == [
        "found", "silenced", "evidence", "a little evidence", "rank",
    ]  # fmt: skip
    assert [change.after.question for change in found.worse] == ["lost", "unranked"]


def test_a_question_of_which_something_else_is_expected_now_is_in_no_pair() -> None:
    before = [named("marked since", answerable=None), named("excerpt gone")]
    after = [named("marked since"), named("excerpt gone", answerable=None, evidence=None)]
    found = compare(before, after, "any")
    assert (found.paired, found.only_before, found.only_after) == (0, 2, 2)
    assert found.differences["missed"].change.value is None
    assert found.differences["milliseconds"].before is None


@pytest.mark.slow
def test_a_question_that_a_set_asks_twice_is_paired_in_order() -> None:
    before = [named("twice"), named("twice", verdict=Verdict.SILENT)]
    assert compare(before, before, "any").worse == ()
    assert compare(before, before, "any").paired == 2
    assert compare(before, before[:1], "any").paired == 1


def test_sets_do_not_mix() -> None:
    found = compare([replace(RIGHT, set="other")], [RIGHT], "any")
    assert (found.paired, found.only_before, found.only_after) == (0, 1, 1)
