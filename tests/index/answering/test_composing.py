from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from index.answering.answer import Choice, QuestionKind, Reply, Says, Verdict
from index.answering.calibration import Calibration, Curve, CurvePoint, Logistic
from index.answering.composing import compose
from index.answering.excerpts.quoting import quoted
from index.answering.scope import Findings, Scope
from index.answering.tuning import TUNING
from index.answering.understanding.decomposition import QuestionPart
from index.document import Document, Span
from index.store.folder.store import IndexStore
from testing.fakes import document_of, publish
from tests.index.answering.scopes import scope_of

ANSWERED, UNSURE, SILENT = Verdict.ANSWERED, Verdict.UNSURE, Verdict.SILENT
REGRESSION = Logistic(features=("any",), weights=(1.0,), bias=0.0, threshold=0.8)
CALIBRATION = Calibration(
    evidence=REGRESSION,
    confidence=REGRESSION,
    curve=Curve(questions={}, points=(CurvePoint(threshold=0.8, wrong=0.1, missed=0.1),)),
    unsure_from=0.4,
)
SENTENCES = tuple(f"Depot {letter} is open." for letter in "ABCDEF")
NOTES = document_of(*SENTENCES)


@pytest.fixture
def scope(tmp_path: Path) -> Iterator[Scope]:
    store = IndexStore(tmp_path)
    publish(store, NOTES)
    generation = store.open(None)
    yield scope_of(generation, today=date(2026, 6, 1))
    generation.catalog.close()


def found(letters: str, confidence: float, scope: Scope) -> Findings:
    """Return the sentences on some depots, as what was found."""
    starts = [NOTES.text.index(f"Depot {letter}") for letter in letters]
    spans = [Span(at, at + len(SENTENCES[0])) for at in starts]
    excerpts = quoted(NOTES.name, spans, scope.catalog)
    return Findings(confidence=confidence, excerpts=excerpts)


@pytest.mark.parametrize(
    ("whole", "parts", "verdict", "shown", "closest", "uncovered"),
    [
        (("AB", 0.9), [], ANSWERED, "AB", "", ""),
        (("ABCD", 0.5), [], UNSURE, "ABC", "D", ""),
        (("AB", 0.1), [], SILENT, "", "AB", ""),
        (("A", 0.1), [("B", 0.9), ("C", 0.9)], ANSWERED, "BC", "", ""),
        (("A", 0.1), [("B", 0.9), ("C", 0.1)], ANSWERED, "B", "", "2"),
        (("A", 0.9), [("B", 0.9), ("C", 0.1)], ANSWERED, "BA", "", "2"),
        (("A", 0.9), [("B", 0.1), ("C", 0.1)], ANSWERED, "A", "", ""),
        (("A", 0.1), [("BC", 0.5), ("DE", 0.5)], UNSURE, "BD", "CE", ""),
        (("A", 0.1), [("B", 0.5), ("C", 0.1)], UNSURE, "B", "", "2"),
        (("A", 0.3), [("B", 0.1), ("C", 0.1)], SILENT, "", "A", ""),
    ],
)
def test_parts_are_shown_that_answer_and_the_whole_where_they_do_not(
    scope: Scope,
    whole: tuple[str, float],
    parts: list[tuple[str, float]],
    verdict: Verdict,
    shown: str,
    closest: str,
    uncovered: str,
) -> None:
    asked = [
        (QuestionPart(f"which is part {n}?", str(n)), found(*part, scope))
        for n, part in enumerate(parts, start=1)
    ]
    response = compose("q", found(*whole, scope), asked, scope, CALIBRATION, TUNING)
    assert response.verdict is verdict
    assert "".join(e.quote[6] for e in response.excerpts) == shown
    assert "".join(e.quote[6] for e in response.closest) == closest
    assert "".join(response.uncovered) == uncovered


def test_small_talk_beside_a_question_is_replied_to_first(scope: Scope) -> None:
    talk = Findings(QuestionKind.TALK, confidence=1.0, replies=(Reply(Says.WHO),))
    answer = Findings(confidence=0.9, replies=(Reply(Says.INSTEAD),))
    parts = [(QuestionPart("a", "a"), answer), (QuestionPart("b", "b"), talk)]
    response = compose("q", found("A", 0.1, scope), parts, scope, CALIBRATION, TUNING)
    assert [reply.says for reply in response.replies] == [Says.WHO, Says.INSTEAD]


def test_what_is_not_sure_is_not_said_but_that_nothing_mentions_a_name_is(scope: Scope) -> None:
    unsaid = Findings(replies=(Reply(Says.INSTEAD),))
    silent = Findings(QuestionKind.COLLECTION, replies=(Reply(Says.NOT_MENTIONED, {"name": "X"}),))
    assert compose("q", unsaid, (), scope, CALIBRATION, TUNING).replies == ()
    assert compose("q", silent, (), scope, CALIBRATION, TUNING).replies == silent.replies


def test_only_a_question_of_one_part_is_asked_back(scope: Scope) -> None:
    choices = (Choice("A", "which A?"), Choice("B", "which B?"))
    whole = Findings(QuestionKind.UNCLEAR, confidence=0.9, choices=choices)
    part = (QuestionPart("a", "a"), Findings(confidence=0.9))
    assert compose("q", whole, (), scope, CALIBRATION, TUNING).choices == choices
    assert compose("q", whole, [part], scope, CALIBRATION, TUNING).choices == ()


def test_beside_a_document_on_both_things_that_are_compared_no_other_speaks_of_one(
    tmp_path: Path,
) -> None:
    kites = document_of("A kite is lighter than a glider.", name="kites.txt")
    song = document_of("Glider is a song.", name="song.txt")
    store = IndexStore(tmp_path)
    publish(store, kites, song)
    generation = store.open(None)
    scope = scope_of(generation, today=date(2026, 6, 1))

    def on(document: Document) -> Findings:
        whole = Span(0, len(document.text))
        return Findings(confidence=0.9, excerpts=quoted(document.name, [whole], scope.catalog))

    parts = [
        (QuestionPart(f"What is a {name}?", name, True), on(document))
        for name, document in (("kite", kites), ("glider", song))
    ]
    response = compose("kite or glider?", on(kites), parts, scope, CALIBRATION, TUNING)
    assert [excerpt.document for excerpt in response.excerpts] == ["kites.txt"]
    generation.catalog.close()


def test_what_does_not_name_one_of_two_things_that_are_compared_is_not_shown(scope: Scope) -> None:
    whole = found("A", 0.9, scope)
    parts = [
        (
            QuestionPart("What is an open depot?", "open depot", compared=True),
            found("B", 0.5, scope),
        ),
        (
            QuestionPart("What is a lemon depot?", "lemon depot", compared=True),
            found("C", 0.5, scope),
        ),
    ]
    response = compose("difference?", whole, parts, scope, CALIBRATION, TUNING)
    assert [excerpt.quote for excerpt in response.excerpts] == [SENTENCES[1], SENTENCES[0]]


@pytest.mark.parametrize(
    ("name", "verdict", "confidence"), [("lemon depot", SILENT, 0.1), ("op depot", SILENT, 0.1),
    ("ope depot", ANSWERED, 0.9)],
)  # fmt: skip
def test_what_does_not_name_it_makes_no_answer_sure_and_a_beginning_names_it(
    scope: Scope, name: str, verdict: Verdict, confidence: float
) -> None:
    parts = [
        (QuestionPart(f"What is {name}?", name, compared=True), found("B", 0.9, scope)),
        (
            QuestionPart("What is a shut depot?", "shut depot", compared=True),
            found("C", 0.1, scope),
        ),
    ]
    response = compose("difference?", found("A", 0.1, scope), parts, scope, CALIBRATION, TUNING)
    assert (response.verdict, response.confidence) == (verdict, confidence)


def test_a_silent_reply_has_something_of_each_passage_that_was_close(scope: Scope) -> None:
    silent = replace(found("A", 0.1, scope), closest=found("ABC", 0.1, scope).excerpts)
    closest = compose("?", silent, [], scope, CALIBRATION, TUNING).closest
    assert [excerpt.quote for excerpt in closest] == list(SENTENCES[:3])
    part = replace(found("B", 0.3, scope), closest=found("BCD", 0.1, scope).excerpts)
    parts = [(QuestionPart("?", "1"), found("A", 0.9, scope)), (QuestionPart("?", "2"), part)]
    shown = compose("?", silent, parts, scope, CALIBRATION, TUNING).excerpts
    assert [excerpt.quote for excerpt in shown] == list(SENTENCES[:2])
