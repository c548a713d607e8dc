"""Training files as documents and questions, the gold where the parser puts it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from index.document import Span
from testing.budget import one_in
from tools.training.reader.conversing import completing
from tools.training.reader.loading import (
    TrainingQuestion,
    TrainingSet,
    load_team,
    load_training,
    untokenized,
    write_files,
)
from tools.training.reader.sets import TEAMS

HEADER = ["Lorry", "Seats", "Depot"]
ROWS = [["Heron 4", "3", "Velin"], ["Gull", "5", "Dorosh"], ["", "", ""], ["Tern", "2", "Velin"]]


def loaded(folder: Path, name: str, **files: Sequence[Mapping[str, Any]]) -> TrainingSet:
    for file, rows in files.items():
        with gzip.open(folder / f"{file.replace('_', '-')}.jsonl.gz", "wt") as out:
            out.writelines(json.dumps(row) + "\n" for row in rows)
    return load_training(name, folder / f"{name}.jsonl.gz")


def golds(made: TrainingSet) -> list[tuple[str, list[str]]]:
    return [(q.question, [g.of(made.texts[q.document]) for g in q.gold]) for q in made.questions]


def tables(
    folder: Path, rows: Sequence[Sequence[str]], *asked: tuple[str, list[list[int]]]
) -> list[tuple[str, list[str]]]:
    """Return the questions' gold in a table that is written as CSV, and in one as records."""
    found = []
    for identity in ("one", "three"):  # the digest decides in which form
        made = loaded(
            folder,
            "wikitables",
            wikitables=[{"id": identity, "header": HEADER, "rows": rows}],
            wikitable_questions=[
                {"table": identity, "question": q, "answer": [], "cells": cells}
                for q, cells in asked
            ],
        )
        found += [
            (Path(one.document).suffix, g[1])
            for one, g in zip(made.questions, golds(made), strict=True)
        ]
    return found


def test_the_gold_of_a_table_is_the_row_and_of_records_the_cell(tmp_path: Path) -> None:
    rows = [row for row in ROWS if any(row)]
    found = tables(tmp_path, rows, ("seats of gull", [[2, 1]]), ("two at velin?", [[1, 0], [3, 0]]))
    assert set(map(str, found)) <= {
        "('.csv', ['Gull | 5 | Dorosh'])",
        "('.csv', ['Heron 4 | 3 | Velin', 'Tern | 2 | Velin'])",
        "('.md', ['- Seats: 5'])",
        "('.md', ['## Heron 4', '## Tern'])",
    }
    assert {suffix for suffix, _ in found} == {".csv", ".md"}


def test_an_empty_row_moves_no_other(tmp_path: Path) -> None:
    found = tables(tmp_path, ROWS, ("seats of tern", [[4, 1]]))
    assert (".csv", ["Tern | 2 | Velin"]) in found
    assert all(gold == ["Tern | 2 | Velin"] for suffix, gold in found if suffix == ".csv")


@pytest.mark.parametrize(
    ("question", "cells"),
    [("how many are there", [[1, 1]]), ("what is the total", [[2, 1]]), ("which is longest", [])],
)
def test_what_must_be_counted_is_left_out(
    tmp_path: Path, question: str, cells: list[list[int]]
) -> None:
    assert tables(tmp_path, ROWS[:2], (question, cells)) == []


def test_a_policy_is_asked_once_and_may_answer_elsewhere(tmp_path: Path) -> None:
    texts = ["We share your address with the police.", "Your name goes to our partners abroad."]
    made = loaded(
        tmp_path,
        "policyqa",
        policyqa=[
            {"title": "a.org", "context": texts[0], "question": "Who?", "gold": [[0, 38], [0, 2]]},
            {"title": "a.org", "context": texts[1], "question": "Who?", "gold": [[0, 38]]},
        ],
    )
    assert golds(made) == [("Who?", texts)]
    (one,) = made.questions
    assert [len(place) for place in one.perhaps] == [len(made.texts[one.document])]


def test_a_team_is_asked_about_files_of_any_format(tmp_path: Path) -> None:
    (tmp_path / "documents" / "fleet").mkdir(parents=True)
    (tmp_path / "documents" / "fleet" / "lorries.csv").write_text("Lorry,Depot\nTern,Velin\n")
    (tmp_path / "documents" / "rules.txt").write_text("Smoking is forbidden. So is singing.")
    rows = [
        {"document": "fleet/lorries.csv", "question": "tern where", "gold": ["Tern | Velin"]},
        {"document": "rules.txt", "question": "may I smoke", "gold": ["Smoking is forbidden."]},
        {"document": "rules.txt", "question": "who may sing", "gold": []},
    ]
    rows[1]["also"] = ["So is singing."]
    lines = (json.dumps({"also": []} | row) + "\n" for row in rows)
    (tmp_path / "questions.jsonl").write_text("".join(lines))
    made = load_team(tmp_path)
    assert golds(made) == [(row["question"], row["gold"]) for row in rows]
    assert [place.of(made.texts["rules.txt"]) for place in made.questions[1].perhaps] == [
        "So is singing."
    ]


def test_a_follow_up_is_completed_by_the_questions_before_it() -> None:
    text = "Dogs stay outside. Cats may come in, says Ada Holm."
    gold = (Span(19, len(text)),)
    may = TrainingQuestion("may cats come in?", "pets.txt", gold)
    who = TrainingQuestion("who says that?", "pets.txt", gold, previous=(may.question,))
    completed = completing(TrainingSet(texts={"pets.txt": text}, questions=[may, who]))
    assert completed(may, False) == completed(may, True) == "may cats come in?"
    assert completed(who, False) == "About cats: who says that?"
    assert completed(who, True) == "may cats come in? who says that?"


@pytest.mark.parametrize("team", one_in(4, TEAMS))
def test_every_quote_of_a_team_stands_in_its_document_once(team: str) -> None:
    made = load_team(TEAMS[team])
    assert {question.document for question in made.questions} == set(made.texts)
    for question in made.questions:
        for place in (*question.gold, *question.perhaps):
            text = made.texts[question.document]
            assert text.count(place.of(text)) == 1, question.question


def test_of_a_meeting_the_sentences_that_carry_the_answer(tmp_path: Path) -> None:
    made = loaded(
        tmp_path,
        "qmsum",
        qmsum=[
            {
                "meeting": [
                    "Chair: Hello {laugh} .",
                    "Anna: Yes . The remote control will be yellow plastic .",
                    "Ben: Mm .",
                ],
                "queries": [
                    {
                        "query": "What did Anna say of the control ?",
                        "turns": [[1, 2]],
                        "answer": "Anna said that the remote control is made of yellow plastic.",
                    },
                    {"query": "Summarize it all", "turns": [[0, 2]], "answer": "All."},
                ],
            }
        ],
    )
    assert golds(made) == [
        ("What did Anna say of the control?", ["The remote control will be yellow plastic."])
    ]
    assert "Chair: Hello." in next(iter(made.texts.values()))


def test_spans_follow_the_spaces_that_go(tmp_path: Path) -> None:
    paragraph = "In 1811 , ( after the war ) , George Peter 's son owned it ."
    start = paragraph.index("George")
    made = loaded(
        tmp_path,
        "time-sensitive-qa",
        time_sensitive_qa=[
            {
                "title": "House",
                "paragraphs": ["House", paragraph],
                "questions": [
                    {"question": "Who owned it?", "gold": [[1, start, start + 12]], "answers": []},
                    {"question": "Who owned it in 1700?", "gold": [], "answers": []},
                ],
            }
        ],
    )
    assert golds(made) == [("Who owned it?", ["George Peter"]), ("Who owned it in 1700?", [])]
    assert untokenized(paragraph) == "In 1811, (after the war), George Peter's son owned it."


def test_files_that_are_right_stay_and_others_go(tmp_path: Path) -> None:
    made = TrainingSet()
    made.add("ab/table.csv", "a,b\n1,2\n")
    (tmp_path / "old.txt").write_text("old")
    write_files(made, tmp_path)
    before = (tmp_path / "ab/table.csv").stat().st_mtime_ns
    write_files(made, tmp_path)
    assert (tmp_path / "ab/table.csv").stat().st_mtime_ns == before
    assert not (tmp_path / "old.txt").exists()
