"""The engine that is taken apart is the engine that ships."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.answering.answer import Answer
from index.answering.calibration import Calibration, Curve, Logistic, Point
from index.answering.confidence import CONFIDENCE_FEATURES
from index.answering.engine import Engine
from index.answering.evidence import UNIT_FEATURES, RerankingReader
from index.answering.retrieval import fuse
from index.store.current import CurrentGeneration
from index.store.folder import IndexStore
from testing.fakes import FakeReranker, WordEmbedder, document_of, publish, recipe_of
from tools.training.ablate import Posed, Variant, outcome_of, reciprocal_ranks
from tools.training.reader.cases import Case

_SENTENCES = {
    "force.txt": ("The force guards the border.", "It costs a million.", "Rain fell."),
    "ships.txt": ("Ships carry grain.", "A ship guards the harbour at the border."),
    "grain.txt": ("Grain costs a million.", "Nobody guards it."),
}


def _looks_at(features: tuple[str, ...], *looked_at: str) -> Logistic:
    weights = tuple(0.2 * (name in looked_at) for name in features)
    return Logistic(features=features, weights=weights, bias=0.0, threshold=0.5)


_CALIBRATION = Calibration(
    evidence=_looks_at(UNIT_FEATURES, "logit", "passage logit"),
    confidence=_looks_at(CONFIDENCE_FEATURES, "best unit", "coverage"),
    curve=Curve(questions={}, points=(Point(threshold=0.5, wrong=0.2, missed=0.1),)),
)
_READER = RerankingReader(FakeReranker())


@pytest.fixture
def live(tmp_path: Path) -> CurrentGeneration:
    store = IndexStore(tmp_path / "index")
    publish(store, *(document_of(*said, name=name) for name, said in _SENTENCES.items()))
    return CurrentGeneration(store, recipe_of())


def _posed(question: str, live: CurrentGeneration) -> Posed:
    generation = live.generation()
    case = Case(
        set_name="ships",
        question=question,
        answerable=False,
        document="force.txt",
        gold=(),
        wanted="all",
        generation=generation,
        reader=_READER,
    )
    vector = WordEmbedder().embed_query(question)
    return Posed(
        case, generation.vectors.search(vector, 50), generation.catalog.search(question, 50)
    )


@pytest.mark.parametrize(
    "question",
    ["who guards the border?", "what costs a million", "grain", "is there snow in the mountains?"],
)
def test_what_is_shipped_does_what_the_engine_does(question: str, live: CurrentGeneration) -> None:
    response = Engine(live, WordEmbedder(), _READER, _CALIBRATION).ask(question)
    excerpts = response.excerpts if isinstance(response, Answer) else response.closest
    found = outcome_of(_posed(question, live), Variant("as shipped", _CALIBRATION))
    assert found.answered is isinstance(response, Answer)
    assert found.confidence == pytest.approx(response.confidence, abs=1e-4)
    assert (found.excerpts, found.characters) == (
        len(excerpts),
        sum(len(excerpt.quote) for excerpt in excerpts),
    )


def test_with_nothing_found_nothing_is_answered(live: CurrentGeneration) -> None:
    nothing = Variant("nothing", _CALIBRATION, fused=lambda dense, lexical: {})
    found = outcome_of(_posed("who guards the border?", live), nothing)
    assert (found.answered, found.confidence, found.characters, found.rank) == (False, 0, 0, None)


def test_less_is_read(live: CurrentGeneration) -> None:
    posed = _posed("who guards the border?", live)
    one = outcome_of(posed, Variant("one", _CALIBRATION, read=1))
    all_ = outcome_of(posed, Variant("all", _CALIBRATION))
    assert one.characters < all_.characters


_LISTED = st.lists(st.integers(0, 20), unique=True, max_size=9).map(
    lambda keys: [(key, 1.0 - 0.1 * place) for place, key in enumerate(keys)]
)


@given(_LISTED, _LISTED)
def test_reciprocal_ranks(dense: list[tuple[int, float]], lexical: list[tuple[int, float]]) -> None:
    found = reciprocal_ranks(dense, lexical)
    assert set(found) == set(fuse(dense, lexical))
    assert list(found.values()) == sorted(found.values(), reverse=True)
    assert all(0 < score <= 1 for score in found.values())
    if dense and lexical and dense[0][0] == lexical[0][0]:
        assert found[dense[0][0]] == pytest.approx(1)
