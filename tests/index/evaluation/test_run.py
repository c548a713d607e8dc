"""Figures on a set small enough to work out by hand."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.answering.answer import Excerpt, Hit, Response, SearchResult, Verdict
from index.chunking.passage import Passage
from index.document import Span
from index.errors import BadEvaluationSet, BadQuestion
from index.evaluation.dataset import EvaluationQuestion, EvaluationSet, Gold, load_set, write_corpus
from index.evaluation.run import EvaluationReport, evaluate
from index.evaluation.statistics import Estimate, auroc, latency, ratio
from index.indexing.reindex import Reindexer
from index.ports import Vectors
from index.rewriting import Turn
from index.store.folder.store import IndexStore
from index.store.generation import Recipe
from testing.budget import amount

ISLANDS = "Two islands. One is green. One is red."
HARBOUR = "The harbour closes at nine."
DOCUMENTS = {"islands": ISLANDS, "north/harbour": HARBOUR}
RECIPE = Recipe(
    model="one", fingerprint="", query_prompt="", passage_prompt="", chunker=1, parser=1,
    target_tokens=192,
)  # fmt: skip


class OneVector:
    dimension = 1
    max_tokens = 254

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def embed_passages(
        self, texts: Sequence[str], embedded: Callable[[int], None] = lambda _: None
    ) -> Vectors:
        embedded(len(texts))
        return np.ones((len(texts), 1), dtype=np.float32)

    def embed_query(self, text: str) -> Vectors:
        return np.ones(1, dtype=np.float32)


def hit(rank: int, document: str, start: int, end: int) -> Hit:
    passage = Passage(
        id="", document=document, title="", heading=(), page=None, span=Span(start, end), text="",
        units=(),
    )  # fmt: skip
    return Hit(rank, -rank, passage)


def excerpt(document: str, start: int, end: int, quote: str) -> Excerpt:
    return Excerpt(1, quote, document, "", (), None, Span(start, end), "", 0.0)


def response(
    verdict: Verdict, confidence: float, *shown: Excerpt, **milliseconds: float
) -> Response:
    return Response("", verdict, confidence, 1, excerpts=shown, milliseconds=milliseconds)


class Scripted:
    """Answers what it was told to answer."""

    def __init__(self, script: dict[str, tuple[list[Hit], Response]]) -> None:
        self._script = script
        self.heard: dict[str, list[tuple[str, str]]] = {}

    def search(self, query: str, k: int = 10) -> SearchResult:
        if query not in self._script:
            raise BadQuestion("Ask something else.")
        return SearchResult(query, 1, {"total": 4.0}, tuple(self._script[query][0][:k]))

    def ask(self, question: str, *, conversation: Sequence[Turn] = ()) -> Response:
        if question not in self._script:
            raise BadQuestion("Ask something else.")
        self.heard[question] = [(turn.question, turn.reply) for turn in conversation]
        return replace(self._script[question][1], rewritten=question)


WHOLE_ISLANDS, NINE = hit(1, "islands.txt", 0, 38), hit(2, "north_harbour.txt", 0, 27)
SCRIPT: dict[str, tuple[list[Hit], Response]] = {
    # Right passage first; one of two gold sentences shown, and 13 characters beside it.
    "what colours": (
        [WHOLE_ISLANDS],
        response(
            Verdict.ANSWERED, 0.9, excerpt("islands.txt", 0, 26, ISLANDS[:26]), total=10.0, read=6.0
        ),
    ),
    # Right passage second; abstains, with the gold among what is closest.
    "when does it close": (
        [hit(1, "islands.txt", 0, 38), NINE],
        response(Verdict.UNSURE, 0.4, excerpt("north_harbour.txt", 0, 27, HARBOUR), total=20.0),
    ),
    # Unanswerable, and answered, with a quote that no document holds.
    "who lives there": (
        [WHOLE_ISLANDS],
        response(Verdict.ANSWERED, 0.4, excerpt("islands.txt", 0, 4, "Nine"), total=30.0),
    ),
    # Unanswerable, and nothing is found.
    "how deep": ([], response(Verdict.SILENT, 0.1, total=40.0)),
}
QUESTIONS: list[dict[str, object]] = [
    {"question": "what colours", "answerable": True, "doc_id": "islands",
     "gold": [[13, 26], [27, 38]]},
    {"question": "when does it close", "answerable": True, "doc_id": "north/harbour",
     "gold": [[22, 26]]},
    {"question": "who lives there", "answerable": False, "doc_id": "islands", "gold": []},
    {"question": "how deep", "answerable": False, "doc_id": None, "gold": [], "id": "q4"},
]  # fmt: skip


def write_set(folder: Path, questions: Sequence[object] = QUESTIONS) -> Path:
    folder.mkdir()
    documents = [{"id": name, "title": "", "text": text} for name, text in DOCUMENTS.items()]
    for name, rows in (("docs.jsonl", documents), ("dev.jsonl", questions)):
        lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
        (folder / name).write_text("\n".join(lines))
    return folder


def run(
    directory: Path, work: Path, questions: int | None = None, gold: Gold | None = None
) -> EvaluationReport:
    return evaluate(
        directory,
        reindexer_for=lambda corpus, index: Reindexer(
            corpus, IndexStore(index), RECIPE, lambda: OneVector()
        ),
        engine_for=lambda corpus, index: Scripted(SCRIPT),
        work=work,
        gold=gold,
        questions=questions,
    )


def test_every_figure_is_what_its_definition_says(tmp_path: Path) -> None:
    found = run(write_set(tmp_path / "tiny"), tmp_path / "work").as_dict()
    figures = found.pop("figures")
    assert isinstance(figures, dict)
    assert {name: (e["value"], e["n"]) for name, e in figures.items()} == {
        "passage@1": (0.5, 2),
        "passage@5": (1.0, 2),
        "passage@10": (1.0, 2),
        "doc@1": (0.5, 2),
        "doc_shown": (1.0, 2),
        "doc_quoted": (1.0, 2),
        "evidence": (0.75, 2),
        "precision": ((13 + 4) / (26 + 27), 2),
        "shown": (26.5, 2),
        "verbatim": (2 / 3, 4),
        "answered": (0.5, 4),
        "auroc": (3.5 / 4, 4),
        # Risks 0, 1/4 (either of two is the second), 1/3, 1/2.
        "aurc": ((0 + 1 / 4 + 1 / 3 + 1 / 2) / 4, 4),
        "wrong_answers": (0.5, 2),
        "missed": (0.5, 2),
        "not_silent": (1.0, 2),
        "rightly_silent": (0.5, 2),
        "wrong@15%missed": (0.5, 4),
    }
    assert all(e["low"] <= e["value"] <= e["high"] for e in figures.values())
    curves = found.pop("risk_coverage")
    assert isinstance(curves, dict)
    assert [point["threshold"] for point in curves["curve"]] == [0.9, 0.4, 0.1]
    assert found == {
        "set": "tiny",
        "gold": "all",
        "documents": 2,
        "embedded": 2,
        "questions": 4,
        "answerable": 2,
        "unmarked": 0,
        "unmarked_answered": 0,
        "unplaced": (),
        "milliseconds": {
            "total": {"median": 25.0, "p95": 38.5},
            "read": {"median": 6.0, "p95": 6.0},
            "search": {"median": 4.0, "p95": 4.0},
        },
    }


def test_of_alternatives_one_is_enough(tmp_path: Path) -> None:
    overlapping = {**QUESTIONS[0], "gold": [[13, 26], [20, 38]]}
    found = run(write_set(tmp_path / "tiny", [overlapping, *QUESTIONS[1:]]), tmp_path / "work")
    assert found.gold == "any"
    assert found.figures["evidence"].value == 1.0
    assert "precision" not in found.figures


@pytest.mark.slow
def test_how_gold_is_meant_can_be_said(tmp_path: Path) -> None:
    directory = write_set(tmp_path / "tiny")
    assert run(directory, tmp_path / "work", gold="any").figures["evidence"].value == 1.0
    assert run(directory, tmp_path / "work", gold="all").figures["evidence"].value == 0.75


@pytest.mark.slow
def test_a_second_run_embeds_nothing_and_finds_the_same(tmp_path: Path) -> None:
    directory = write_set(tmp_path / "tiny")
    first, second = run(directory, tmp_path / "work"), run(directory, tmp_path / "work")
    assert (first.embedded, second.embedded) == (2, 0)
    assert first.as_dict() == {**second.as_dict(), "embedded": 2}


@pytest.mark.slow
def test_an_index_that_cannot_be_used_is_built_anew(tmp_path: Path) -> None:
    directory = write_set(tmp_path / "tiny")
    first = run(directory, tmp_path / "work")
    index = tmp_path / "work" / "tiny" / "index"
    (index / "generations/000001/catalog.sqlite").write_text("damaged")
    assert run(directory, tmp_path / "work").as_dict() == first.as_dict()


def test_the_corpus_holds_exactly_the_texts_of_the_set(tmp_path: Path) -> None:
    chosen = load_set(write_set(tmp_path / "tiny"))
    folder = tmp_path / "corpus"
    assert write_corpus(chosen, folder) == 2
    (folder / "gone.txt").write_text("left over from an earlier version of the set")
    (folder / "islands.txt").write_text("something else")
    assert write_corpus(chosen, folder) == 1
    assert {path.name: path.read_text() for path in folder.iterdir()} == {
        "islands.txt": ISLANDS,
        "north_harbour.txt": HARBOUR,
    }


def test_what_is_not_seen_counts_in_no_offset(tmp_path: Path) -> None:
    directory = write_set(tmp_path / "tiny", [{**QUESTIONS[0], "gold": [[2, 18], [16, 28]]}])
    row = {"id": "islands", "text": "\ufeffTwo is\u00adlands. One\u200b is green."}
    (directory / "docs.jsonl").write_text(json.dumps(row))
    chosen = load_set(directory)
    text = chosen.documents["islands.txt"]
    assert text == "Two islands. One is green."
    spans = [span.of(text) for span in chosen.questions[0].spans]
    assert spans == ["wo islands. One", "ne is green"]


@given(answerable=st.lists(st.booleans(), min_size=1, max_size=60), size=st.integers(1, 70))
def test_a_sample_keeps_order_and_proportions(answerable: list[bool], size: int) -> None:
    rows = [
        json.dumps({"question": str(n), "answerable": yes, "doc_id": "d", "gold": [[0, 1]] * yes})
        for n, yes in enumerate(answerable)
    ]
    chosen = _set_of(rows)
    sample = chosen.sample(size)
    assert sample == chosen.sample(size)
    assert len(sample) == min(size, len(rows))
    numbers = [int(question.question) for question in sample]
    assert numbers == sorted(set(numbers))
    expected = sum(answerable) * len(sample) / len(rows)
    assert abs(sum(bool(question.answerable) for question in sample) - expected) <= 1


def _set_of(rows: list[str]) -> EvaluationSet:
    questions = tuple(EvaluationQuestion.model_validate_json(row) for row in rows)
    return EvaluationSet("made", {"d.txt": "text"}, questions, "all")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["{"], "dev.jsonl, line 1: Invalid JSON"),
        ([QUESTIONS[0], "", {"question": "?"}], "dev.jsonl, line 3: answerable: Field required."),
        ([{**QUESTIONS[0], "gold": [[1]]}], "dev.jsonl, line 1: gold.0.1: Field required."),
        ([{**QUESTIONS[0], "gold": [[30, 39]]}], "line 1: a gold span lies outside of its"),
        (
            [{**QUESTIONS[0], "gold": []}],
            "line 1: answerable, but without gold in a known document",
        ),
        ([{**QUESTIONS[0], "doc_id": "x"}], "line 1: answerable, but without gold in a known"),
        ([], "dev.jsonl holds no question."),
        ([{**QUESTIONS[3], "question": "unasked"}], "The question 'unasked': Ask something else."),
    ],
)
def test_a_malformed_set_is_refused_with_the_line(
    tmp_path: Path, rows: list[object], said: str
) -> None:
    with pytest.raises(BadEvaluationSet, match=re.escape(said)):
        run(write_set(tmp_path / "tiny", rows), tmp_path / "work")


def test_a_folder_that_is_no_set_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadEvaluationSet, match=r"a folder with docs\.jsonl and dev\.jsonl"):
        load_set(tmp_path)


def test_two_documents_for_one_file_are_refused(tmp_path: Path) -> None:
    directory = write_set(tmp_path / "tiny")
    rows = [{"id": "a/b", "text": "one"}, {"id": "a_b", "text": "two"}]
    (directory / "docs.jsonl").write_text("\n".join(map(json.dumps, rows)))
    with pytest.raises(BadEvaluationSet, match=r"line 2: another document .* a_b\.txt too"):
        load_set(directory)


@settings(max_examples=amount(40), deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4).map(lambda n: n / 4), st.booleans()), max_size=20))
def test_auroc_is_the_share_of_pairs_in_the_right_order(rows: list[tuple[float, bool]]) -> None:
    positives = [score for score, positive in rows if positive]
    negatives = [score for score, positive in rows if not positive]
    found = auroc([score for score, _ in rows], [positive for _, positive in rows])
    assert found.n == len(rows)
    if not positives or not negatives:
        assert found == Estimate(None, None, None, len(rows))
        return
    right = [(p > n) + (p == n) / 2 for p in positives for n in negatives]
    assert found.value == pytest.approx(sum(right) / len(right))
    assert found.low is not None
    assert found.high is not None
    assert 0 <= found.low <= found.high <= 1


def test_an_interval_is_the_same_each_time_and_covers_what_theory_says() -> None:
    values = [1.0] * 300 + [0.0] * 100
    found = ratio(values)
    assert found == ratio(values)
    error = 1.96 * (0.75 * 0.25 / 400) ** 0.5
    assert found.value == 0.75
    assert found.low == pytest.approx(0.75 - error, abs=0.01)
    assert found.high == pytest.approx(0.75 + error, abs=0.01)


def test_a_ratio_over_nothing_is_not_defined() -> None:
    assert ratio([]) == Estimate(None, None, None, 0)
    assert ratio([0, 0], [0, 0]) == Estimate(None, None, None, 2)


def test_latency_is_in_the_unit_it_was_given() -> None:
    times = latency([float(n) for n in range(101)])
    assert (times.median, times.p95) == (50.0, 95.0)


def test_a_conversation_is_held_and_any_context_answers(tmp_path: Path) -> None:
    previous = [
        {"speaker": "user", "text": "which islands"},
        {"speaker": "agent", "text": "Two of them."},
        {"speaker": "user", "text": "how deep"},
        {"speaker": "user", "text": "nobody can be asked this"},
    ]
    conversation = {
        "question": "what colours", "answerability": "ANSWERABLE",
        "contexts": ["north/harbour", "islands"], "previous": previous,
    }  # fmt: skip
    partly = {"question": "when does it close", "answerability": "PARTIAL", "contexts": []}
    engine = Scripted(SCRIPT)
    found = evaluate(
        write_set(tmp_path / "talks", [conversation, partly]),
        reindexer_for=lambda corpus, index: Reindexer(
            corpus, IndexStore(index), RECIPE, lambda: OneVector()
        ),
        engine_for=lambda corpus, index: engine,
        work=tmp_path / "work",
    )
    assert engine.heard["what colours"] == [("which islands", "Two of them."), ("how deep", "")]
    assert [outcome.answerable for outcome in found.outcomes] == [True, None]
    assert found.outcomes[0].document_quoted is True
    assert found.figures["doc_quoted"].n == 1


def test_a_context_must_be_a_document_of_the_set(tmp_path: Path) -> None:
    lost = {"question": "what", "answerability": "ANSWERABLE", "contexts": ["gone"]}
    with pytest.raises(BadEvaluationSet, match=r"line 1: no document is called gone\.txt"):
        run(write_set(tmp_path / "lost", [lost]), tmp_path / "work")
