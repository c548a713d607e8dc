"""Each setting is the engine with one thing changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from index.answering.calibration import Calibration, Curve, CurvePoint, Logistic
from index.answering.engine import Engine
from index.answering.finding.confidence import CONFIDENCE_FEATURES
from index.answering.finding.evidence import UNIT_FEATURES
from index.answering.tuning import TUNING
from index.models.reranking_reader import RerankingReader
from index.store.current import CurrentGeneration
from index.store.folder.store import IndexStore
from testing.fakes import FakeReranker, WordEmbedder, document_of, publish, recipe_of
from tools.training.ablate import Setting, outcome
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
    curve=Curve(questions={}, points=(CurvePoint(threshold=0.5, wrong=0.2, missed=0.1),)),
    unsure_from=0.5,
)
_READER = RerankingReader(FakeReranker(), TUNING.evidence_passages)
_SHIPPED = Setting("as shipped", calibration=_CALIBRATION)


@pytest.fixture
def index(tmp_path: Path) -> CurrentGeneration:
    store = IndexStore(tmp_path / "index")
    publish(store, *(document_of(*lines, name=name) for name, lines in _SENTENCES.items()))
    return CurrentGeneration(store, recipe_of())


def _case(question: str, index: CurrentGeneration) -> Case:
    return Case(
        set_name="ships",
        question=question,
        answerable=False,
        document="force.txt",
        gold=(),
        wanted="all",
        generation=index.generation(),
        reader=_READER,
    )


@pytest.mark.parametrize(
    "question",
    ["who guards the border?", "what costs a million", "grain", "is there snow in the mountains?"],
)
def test_the_shipped_setting_answers_like_the_engine(
    question: str, index: CurrentGeneration
) -> None:
    response = Engine(index, WordEmbedder(), _READER, _CALIBRATION).ask(question)
    excerpts = response.excerpts or response.closest
    found = outcome(_case(question, index), _SHIPPED, WordEmbedder())
    assert found.answered is response.answered
    assert found.confidence == response.confidence
    assert (found.excerpts, found.characters) == (
        len(excerpts),
        sum(len(excerpt.quote) for excerpt in excerpts),
    )


def test_a_search_that_is_left_out_costs_no_time(index: CurrentGeneration) -> None:
    case = _case("who guards the border?", index)
    stages = {
        name: set(outcome(case, replace(_SHIPPED, tuning=tuning), WordEmbedder()).milliseconds)
        & {"embed", "dense", "lexical"}
        for name, tuning in {
            "no dense": replace(TUNING, dense_weight=0),
            "no lexical": replace(TUNING, lexical_weight=0),
        }.items()
    }
    assert stages == {"no dense": {"lexical"}, "no lexical": {"embed", "dense"}}


def test_with_fewer_passages_read_less_is_shown(index: CurrentGeneration) -> None:
    case = _case("who guards the border?", index)
    one_read = replace(_SHIPPED, tuning=replace(TUNING, read_passages=1))
    less = outcome(case, one_read, WordEmbedder())
    assert less.characters < outcome(case, _SHIPPED, WordEmbedder()).characters
