"""A team's own questions, asked of an engine that answers what it was told to."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from index.answering.answer import Excerpt, Hit, Response, SearchResult, Verdict
from index.chunking.passage import Passage
from index.document import Span
from index.errors import BadEvaluationSet
from index.evaluation.outcomes import Outcome
from index.evaluation.run import EvaluationReport, evaluate_team_questions
from index.rewriting import Turn
from index.store.catalog.catalog import Catalog
from index.store.folder.store import IndexStore
from testing.fakes import document_of, publish

FORCE = "Observers check the truce.\nAdvisers help\nto rebuild.\n"
HARBOUR = "The harbour closes at nine.\nAdvisers help to rebuild.\n"


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    store = IndexStore(tmp_path / "index")
    publish(
        store,
        document_of(*FORCE.rstrip("\n").split("\n"), name="force.md"),
        document_of(*HARBOUR.rstrip("\n").split("\n"), name="harbour.md"),
    )
    catalog = store.open(None).catalog
    yield catalog
    catalog.close()


class Showing:
    """Finds and shows one span of one document; answers nothing with "unknown" in it."""

    def __init__(self, document: str, text: str, start: int, end: int) -> None:
        self._excerpt = Excerpt(
            1, text[start:end], document, "", (), None, Span(start, end), "", 0.0
        )

    def search(self, query: str, k: int = 10) -> SearchResult:
        one = self._excerpt
        passage = Passage("", one.document, "", (), None, one.span, one.quote, ())
        return SearchResult(query, 1, {"total": 4.0}, (Hit(1, 1.0, passage),))

    def ask(self, question: str, *, conversation: Sequence[Turn] = ()) -> Response:
        verdict = Verdict.SILENT if "unknown" in question else Verdict.ANSWERED
        return Response(
            question, verdict, 0.5, 1, excerpts=(self._excerpt,), milliseconds={"total": 9.0}
        )


def asked(tmp_path: Path, catalog: Catalog, engine: Showing, *rows: object) -> EvaluationReport:
    path = tmp_path / "own.jsonl"
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    path.write_text("\n".join(lines), encoding="utf-8")
    return evaluate_team_questions(path, engine=engine, catalog=catalog)


def only(found: EvaluationReport) -> Outcome:
    (outcome,) = found.outcomes
    return outcome


ALL_OF_FORCE = Showing("force.md", FORCE, 0, 52)


def test_an_excerpt_is_found_whatever_its_white_space(tmp_path: Path, catalog: Catalog) -> None:
    row = {"question": "who?", "document": "force.md", "excerpt": " Advisers  help to\nrebuild."}
    found = only(asked(tmp_path, catalog, ALL_OF_FORCE, row))
    assert (found.set, found.answerable) == ("own.jsonl", True)
    assert (found.rank, found.evidence, found.document_first, found.document_shown) == (
        1, 1.0, True, True,
    )  # fmt: skip
    assert (found.excerpts, found.verbatim, found.characters) == (1, 1, 52)
    assert found.gold_characters == len("Advisers help\nto rebuild.")


def test_part_of_an_excerpt_is_not_the_excerpt(tmp_path: Path, catalog: Catalog) -> None:
    row = {"question": "who?", "document": "force.md", "excerpt": "truce. Advisers"}
    found = only(asked(tmp_path, catalog, Showing("force.md", FORCE, 0, 26), row))
    assert (found.rank, found.evidence, found.document_shown) == (None, 0.0, True)


def test_an_excerpt_without_a_document_may_stand_in_any(tmp_path: Path, catalog: Catalog) -> None:
    row = {"question": "who?", "excerpt": "Advisers help to rebuild."}
    for engine in (ALL_OF_FORCE, Showing("harbour.md", HARBOUR, 28, 53)):
        found = only(asked(tmp_path, catalog, engine, row))
        assert (found.evidence, found.document_first) == (1.0, True)


def test_a_document_alone_counts_by_document(tmp_path: Path, catalog: Catalog) -> None:
    found = asked(
        tmp_path, catalog, ALL_OF_FORCE,
        {"question": "one", "document": "force.md"},
        {"question": "two", "document": "harbour.md", "excerpt": None, "answerable": None},
    )  # fmt: skip
    assert {name: (e.value, e.n) for name, e in found.figures.items() if e.n} == {
        "doc@1": (0.5, 2),
        "doc_shown": (0.5, 2),
        "doc_quoted": (0.5, 2),
        "shown": (52.0, 2),
        "verbatim": (1.0, 2),
        "answered": (1.0, 2),
        "auroc": (None, 2),
        "aurc": (None, 2),
        "missed": (0.0, 2),
        "not_silent": (1.0, 2),
        "wrong@15%missed": (None, 2),
    }
    assert found.risk_coverage is None
    assert (found.documents, found.answerable, found.gold) == (2, 2, "any")


def test_what_is_not_answerable_should_be_left_unanswered(tmp_path: Path, catalog: Catalog) -> None:
    found = asked(
        tmp_path, catalog, ALL_OF_FORCE,
        {"question": "one", "answerable": False},
        {"question": "unknown", "answerable": False, "document": "force.md"},
    )  # fmt: skip
    assert found.figures["wrong_answers"].value == 0.5
    assert found.figures["doc@1"].n == 0


def test_of_what_nobody_has_marked_it_counts_whether_it_was_answered(
    tmp_path: Path, catalog: Catalog
) -> None:
    rows = [{"question": "one"}, {"question": "unknown"}, {"question": "two", "answerable": True}]
    found = asked(tmp_path, catalog, ALL_OF_FORCE, *rows)
    as_dict = found.as_dict()
    assert (as_dict["answerable"], as_dict["unmarked"], as_dict["unmarked_answered"]) == (1, 2, 1)
    assert found.figures["missed"].n == 1


def test_what_the_documents_no_longer_hold_is_told_and_stops_nothing(
    tmp_path: Path, catalog: Catalog
) -> None:
    found = asked(
        tmp_path, catalog, ALL_OF_FORCE,
        {"question": "one", "document": "force.md", "excerpt": "The harbour closes"},
        {"question": "two", "document": "gone.md"},
        {"question": "three", "excerpt": "Nobody wrote this."},
        {"question": "four", "document": "force.md", "excerpt": "Observers"},
    )  # fmt: skip
    own = tmp_path / "own.jsonl"
    assert found.unplaced == (
        f"{own}, line 1: the excerpt is not in force.md (any more).",
        f"{own}, line 2: no document gone.md is indexed (any more).",
        f"{own}, line 3: the excerpt is not in any document (any more).",
    )
    assert [outcome.answerable for outcome in found.outcomes] == [None, None, None, True]
    assert found.figures["missed"].n == 1


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["{"], "own.jsonl, line 1: Invalid JSON"),
        ([{"question": "one"}, {"answerable": True}], "line 2: question: Field required."),
        ([{"question": "one", "excerpt": " "}], "line 1: excerpt: String should match"),
        (
            [{"question": "one", "excerpt": "x", "answerable": False}],
            "line 1: it has an excerpt to show, but is not answerable.",
        ),
        ([], "own.jsonl holds no question."),
    ],
)
def test_a_malformed_file_is_refused_with_the_line(
    tmp_path: Path, catalog: Catalog, rows: list[object], said: str
) -> None:
    with pytest.raises(BadEvaluationSet, match=re.escape(said)):
        asked(tmp_path, catalog, ALL_OF_FORCE, *rows)


def test_a_file_that_is_not_there(tmp_path: Path, catalog: Catalog) -> None:
    with pytest.raises(BadEvaluationSet, match="cannot be read"):
        evaluate_team_questions(tmp_path / "none.jsonl", engine=ALL_OF_FORCE, catalog=catalog)
