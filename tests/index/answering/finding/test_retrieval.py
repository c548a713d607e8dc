from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from index.answering.finding.retrieval import fuse, retrieve
from index.answering.scope import Candidate
from index.answering.scope.stopwatch import Stopwatch
from index.answering.tuning import TUNING
from index.models.reranking_reader import RerankingReader
from index.ports import UNSCORED
from index.store.folder.store import IndexStore
from index.store.generation import Generation
from testing.fakes import FakeReranker, WordEmbedder, document_of, publish

SCORES = st.lists(
    st.tuples(st.integers(0, 30), st.floats(0.01, 50, allow_subnormal=False)),
    max_size=20,
    unique_by=lambda pair: pair[0],
).map(lambda pairs: sorted(pairs, key=lambda pair: -pair[1]))


@given(SCORES, SCORES)
def test_fusion_keeps_every_candidate_and_its_order(
    dense: list[tuple[int, float]], lexical: list[tuple[int, float]]
) -> None:
    fused = fuse(dense, lexical, TUNING)
    assert set(fused) == {key for key, _ in dense} | {key for key, _ in lexical}
    assert list(fused.values()) == sorted(fused.values(), reverse=True)
    assert all(0 <= score <= 1 + 1e-9 for score in fused.values())
    assert dict(fuse(lexical, dense, TUNING)) == dict(fused)


@given(SCORES, SCORES, st.floats(0.1, 10))
def test_fusion_does_not_depend_on_a_list_s_unit(
    dense: list[tuple[int, float]], lexical: list[tuple[int, float]], unit: float
) -> None:
    scaled = fuse([(key, score * unit) for key, score in dense], lexical, TUNING)
    for key, score in fuse(dense, lexical, TUNING).items():
        assert abs(scaled[key] - score) < 1e-9


def test_fusion_by_hand() -> None:
    assert fuse([(1, 0.8), (2, 0.4)], [(2, 6.0), (3, 3.0)], TUNING) == {2: 0.75, 1: 0.5, 3: 0.25}
    assert fuse([(1, -0.2)], [], TUNING) == {}


def _retrieve(root: Path, question: str, *, read: int, kept: int) -> list[Candidate]:
    store = IndexStore(root)
    publish(
        store,
        document_of("alpha beta gamma", name="a"),
        document_of("alpha delta", name="b"),
        document_of("epsilon zeta", name="c"),
    )
    generation: Generation = store.open(None)
    return retrieve(
        question,
        generation,
        WordEmbedder(),
        RerankingReader(FakeReranker(), TUNING.evidence_passages),
        TUNING,
        read=read,
        kept=kept,
        stopwatch=Stopwatch(),
    )


def test_the_reader_decides_among_what_it_reads(tmp_path: Path) -> None:
    found = _retrieve(tmp_path, "alpha gamma", read=3, kept=3)
    assert [candidate.passage.document for candidate in found] == ["a", "b", "c"]
    # Four of -4 to 4: all words, half of them, none.
    assert [candidate.relevance for candidate in found] == [4.0, 0.0, -4.0]


def test_what_is_not_read_keeps_its_place_behind(tmp_path: Path) -> None:
    found = _retrieve(tmp_path, "alpha gamma", read=1, kept=3)
    assert [(c.passage.document, c.relevance) for c in found] == [
        ("a", 4.0),
        ("b", UNSCORED),
        ("c", UNSCORED),
    ]


def test_no_more_than_asked_for_is_kept(tmp_path: Path) -> None:
    assert len(_retrieve(tmp_path, "alpha", read=3, kept=1)) == 1


def test_the_same_words_in_reports_of_several_firms(tmp_path: Path) -> None:
    store = IndexStore(tmp_path)
    firms = "ALPHACO BETACO GAMMACO DELTACO EPSILONCO ZETACO ETACO THETACO".split()
    reports = [
        document_of(
            "Report of the year", f"Net sales were {n}{year}.", name=f"{firm}_{year}.txt", title="R"
        )
        for n, firm in enumerate(firms, start=1)
        for year in (2017, 2018)
    ]
    publish(store, *reports)
    found = retrieve(
        "What were the net sales of Gammaco in FY18?",
        store.open(None),
        WordEmbedder(),
        RerankingReader(FakeReranker(), TUNING.evidence_passages),
        TUNING,
        read=3,
        kept=3,
        stopwatch=Stopwatch(),
    )
    assert found[0].passage.document == "GAMMACO_2018.txt"
