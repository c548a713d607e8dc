from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.answering.answer import Excerpt, Successor
from index.answering.excerpts.quoting import excerpt_of
from index.answering.finding.evidence import Evidence
from index.answering.finding.validity.validity import Validity
from index.answering.scope import Candidate, Scope
from index.answering.scope.stopwatch import Stopwatch
from index.answering.tuning import TUNING, Tuning
from index.document import BlockKind, Document
from index.store.folder.store import IndexStore
from index.store.generation import Generation
from testing.fakes import document_of, publish

TODAY = date(2026, 11, 29)


def rule(name: str, *lines: str, **metadata: str) -> Document:
    return replace(document_of(*lines, name=name, title="Rules"), metadata=metadata)


DOCUMENTS = (
    rule("v1.md", "Version 1.0", "Date: 1 March 2024", "The limit is 30 euros."),
    rule("v2.md", "Version 2.0", "Date: 1 March 2025", "The limit is 40 euros."),
    rule("v3.md", "Version 3.0", "Date: 1 March 2026", "The limit is 50 euros."),
    rule("memo.md", "Date: 1 June 2026", "The limit is 60 euros."),
    rule("guests.md", "Date: 1 July 2026", "The fee of guests is 70 euros."),
    rule("undated.md", "The limit is 80 euros."),
    rule("property.md", "The limit is 90 euros.", created="2026-08-01"),
    rule("coming.md", "Date: 2 August 2026", "From 1 January 2027 the limit is 95 euros."),
    rule("expired.md", "Date: 1 May 2026", "Valid until: 31 July 2026", "The limit is 20 euros."),
    rule("amendment-2026.md", "Date: 14 September 2026", "The limit is 65 euros."),
    rule("review-2026.md", "# August 2026", "Date: 4 September 2026", "The limit is 64 euros."),
    rule("list-2025-26.md", "Date: 1 December 2025", "The limit is 45 euros."),
    rule("report-2024.md", "# Report 2024", "Date: 1 February 2025", "The limit is 25 euros."),
    rule("draft-2026.md", "Date: 2 November 2026", "The limit is 55 euros."),
    rule(
        "summer.md",
        "Date: 20 September 2026",
        "From 1 October 2026 until 31 October 2026 the limit is 75 euros.",
    ),
    rule(
        "later.md",
        "Date: 5 October 2026",
        "These rules replace the rules of 1 June 2026 from 1 January 2027.",
        "The limit is 99 euros.",
    ),
    rule("tariff-2026-27.md", "The limit is 46 euros."),
    rule("old.md", "Date: 1 March 2022", "The limit is 33 euros."),
    rule("parking-2024.md", "Cars cost 12 euros."),
)
SUCCESSOR = Successor("v3.md", "Rules", "2026-03-01")
REPLACED = {"v1.md": SUCCESSOR, "v2.md": SUCCESSOR}


@pytest.fixture(scope="module")
def generation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generation]:
    store = IndexStore(tmp_path_factory.mktemp("index"))
    publish(store, *DOCUMENTS)
    generation = store.open(None)
    yield generation
    generation.catalog.close()


def pieces(generation: Generation, likely: Mapping[str, float]) -> list[Evidence]:
    """Return the sentence on euros of each document, as likely as it is said to be."""
    return [
        Evidence(Candidate(key, passage, 1.0), unit, 0.0, probability)
        for key, (name, probability) in enumerate(likely.items())
        for passage in generation.catalog.passages_of(name)
        for unit in passage.units
        if unit.kind is BlockKind.PARAGRAPH and "euros" in passage.text_of(unit.span)
    ]


def first(
    generation: Generation,
    question: str,
    likely: Mapping[str, float],
    *,
    freshness: float = TUNING.freshness,
    replaced: Mapping[str, Successor] = REPLACED,
) -> str:
    """Return the document that comes first for a question."""
    scope = Scope(generation, None, None, TODAY, Stopwatch(), replaced=replaced)
    tuning = replace(TUNING, freshness=freshness)
    settled = Validity(question, scope, tuning).settle(pieces(generation, likely))
    best = max(settled.evidence, key=lambda piece: piece.probability)
    assert best.passage.document not in settled.outranked
    return best.passage.document


ASKED = "what is the limit?"


@pytest.mark.parametrize(
    ("likely", "found"),
    [
        ({"v2.md": 0.9, "v3.md": 0.3}, "v3.md"),
        ({"v2.md": 0.9, "v1.md": 0.8, "v3.md": 0.1}, "v3.md"),
        ({"v2.md": 0.9, "v3.md": 0.0002}, "v2.md"),  # the newer one is silent
        ({"v1.md": 0.9, "v2.md": 0.8, "v3.md": 0.0002}, "v2.md"),  # and the newest that is not
        ({"v3.md": 0.9, "memo.md": 0.6}, "memo.md"),
        ({"v3.md": 0.9, "guests.md": 0.3}, "v3.md"),  # of something else
        ({"memo.md": 0.86, "undated.md": 0.9}, "memo.md"),
        ({"memo.md": 0.3, "undated.md": 0.9}, "undated.md"),
        ({"memo.md": 0.9, "coming.md": 0.95}, "memo.md"),
        ({"v3.md": 0.5, "expired.md": 0.9}, "v3.md"),
        ({"guests.md": 0.3, "coming.md": 0.6}, "coming.md"),  # nothing today is on the limit
        ({"v3.md": 0.5, "draft-2026.md": 0.9}, "v3.md"),
        ({"v3.md": 0.5, "summer.md": 0.9}, "v3.md"),  # a rule whose time is over
        ({"memo.md": 0.9, "later.md": 0.95}, "memo.md"),  # it replaces the memo next year
        ({"list-2025-26.md": 0.8, "tariff-2026-27.md": 0.7}, "tariff-2026-27.md"),
    ],
)
def test_what_holds_comes_first(
    generation: Generation, likely: dict[str, float], found: str
) -> None:
    assert first(generation, ASKED, likely) == found


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("what was the limit as of May 2025?", "v2.md"),
        ("what was the limit before March 2025?", "v1.md"),
        ("what was the limit in version 1?", "v1.md"),
        ("what was the limit previously?", "v2.md"),
        ("what was the limit before version 3?", "v2.md"),
        ("what was the limit before revision 2.0?", "v1.md"),
        ("what will the limit be in 2027?", "v3.md"),
        (ASKED, "v3.md"),
    ],
)
def test_what_held_at_the_time_that_is_asked_for_comes_first(
    generation: Generation, question: str, found: str
) -> None:
    likely = {"v1.md": 0.6, "v2.md": 0.6, "v3.md": 0.6}
    assert first(generation, question, likely) == found


def test_the_year_in_the_name_of_one_of_several_versions_is_that_of_its_beginning(
    generation: Generation,
) -> None:
    scope = Scope(generation, None, None, TODAY, Stopwatch(), replaced=REPLACED)
    asked = Validity("what was the limit in January 2026?", scope, TUNING)
    of_version = next(quotes(generation, "v2.md"))
    assert asked.held_then(replace(of_version, title="Rules of 2025"))
    assert not asked.held_then(replace(of_version, heading=("Rules of 2025",)))
    assert not asked.held_then(next(quotes(generation, "report-2024.md")))


def quotes(generation: Generation, name: str) -> Iterator[Excerpt]:
    for each in pieces(generation, {name: 0.5}):
        yield excerpt_of(each.unit.span, each.passage, generation.catalog)


def test_what_is_to_come_is_found_where_it_is_asked_for(generation: Generation) -> None:
    likely = {"memo.md": 0.7, "coming.md": 0.6}
    assert first(generation, "what will the limit be in 2027?", likely) == "coming.md"


def test_what_names_the_year_that_is_asked_for_comes_first(generation: Generation) -> None:
    likely = {"v2.md": 0.8, "report-2024.md": 0.5}
    assert first(generation, "what was the limit in 2024?", likely) == "report-2024.md"


def test_what_began_after_the_time_that_is_asked_for_does_not_count_for_its_year(
    generation: Generation,
) -> None:
    likely = {"v3.md": 0.5, "amendment-2026.md": 0.8}
    assert first(generation, "what was the limit in August 2026?", likely) == "v3.md"
    assert first(generation, "what was the limit in October 2026?", likely) == "amendment-2026.md"
    likely = {"v3.md": 0.6, "review-2026.md": 0.7}
    assert first(generation, "what was the limit in August 2026?", likely) == "review-2026.md"


def test_a_name_of_two_years_is_of_both(generation: Generation) -> None:
    likely = {"list-2025-26.md": 0.5, "amendment-2026.md": 0.8}
    assert first(generation, "what was the limit last winter?", likely) == "list-2025-26.md"


def test_a_rule_of_some_weeks_comes_first_in_these_alone(generation: Generation) -> None:
    likely = {"v3.md": 0.8, "summer.md": 0.6}
    assert first(generation, "what was the limit in October 2026?", likely) == "summer.md"
    assert first(generation, "what was the limit in September 2026?", likely) == "v3.md"


def test_a_year_in_the_name_of_something_else_does_not_count(generation: Generation) -> None:
    likely = {"old.md": 0.5, "parking-2024.md": 0.2}
    assert first(generation, "what was the limit in 2024?", likely) == "old.md"


def test_what_held_in_that_year_counts_as_of_it(generation: Generation) -> None:
    likely = {"v1.md": 0.9, "v2.md": 0.95, "report-2024.md": 0.6}
    assert first(generation, "what was the limit in 2024?", likely) == "v1.md"


def test_a_date_that_only_the_file_has_counts_little(generation: Generation) -> None:
    likely = {"property.md": 0.5, "memo.md": 0.9}
    assert first(generation, ASKED, likely) == "memo.md"


def test_what_holds_later_says_so_itself(generation: Generation) -> None:
    scope = Scope(generation, None, None, date(2026, 5, 1), Stopwatch())
    validity = Validity(ASKED, scope, TUNING)
    asked = ("memo.md", "property.md", "v3.md", "undated.md")
    assert [validity.is_to_come(name) for name in asked] == [True, False, False, False]


def test_without_weight_only_the_text_counts(generation: Generation) -> None:
    likely = {"v2.md": 0.9, "v3.md": 0.85, "memo.md": 0.8}
    assert first(generation, ASKED, likely, freshness=0) == "v2.md"
    assert first(generation, ASKED, likely, freshness=1) == "memo.md"


def test_a_version_that_may_not_be_seen_is_as_if_it_were_not_there(
    generation: Generation,
) -> None:
    def order(names: tuple[str, ...] | None) -> str:
        scope = Scope(generation, names, None, TODAY, Stopwatch(), replaced=REPLACED)
        return Validity(ASKED, scope, TUNING).holding_version("v1.md")

    assert order(None) == "v3.md"
    assert order(("v1.md", "v2.md")) == "v1.md"


@given(
    likely=st.dictionaries(
        st.sampled_from([each.name for each in DOCUMENTS]),
        st.floats(0.0, 1.0),
        min_size=1,
    ),
    question=st.sampled_from((ASKED, "what was the limit in 2024?", "the limit in version 2")),
    freshness=st.floats(0.0, 1.0),
)
def test_nothing_gets_likelier_and_only_what_a_version_that_holds_says_as_surely_is_left_out(
    generation: Generation, likely: dict[str, float], question: str, freshness: float
) -> None:
    tuning: Tuning = replace(TUNING, freshness=freshness)
    scope = Scope(generation, None, None, TODAY, Stopwatch(), replaced=REPLACED)
    before = pieces(generation, likely)
    settled = Validity(question, scope, tuning).settle(before)
    old = {each.passage.document: each.probability for each in before}
    for each in settled.evidence:
        assert each.probability <= old.pop(each.passage.document)
    assert old.keys() <= REPLACED.keys()
    assert settled.outranked < set(likely)
    assert bool(settled.outranked) <= bool(freshness)


def test_a_replaced_version_is_left_out_beside_one_that_says_as_surely(
    generation: Generation,
) -> None:
    scope = Scope(generation, None, None, TODAY, Stopwatch(), replaced=REPLACED)
    likely = {"v1.md": 0.7, "v3.md": 0.6, "memo.md": 0.5}
    settled = Validity(ASKED, scope, TUNING).settle(pieces(generation, likely))
    assert [each.passage.document for each in settled.evidence] == ["v3.md", "memo.md"]
    then = Validity("the limit in version 1", scope, TUNING).settle(pieces(generation, likely))
    assert len(then.evidence) == 3


@pytest.mark.parametrize("second", [0.96, 0.94])
def test_what_comes_after_is_in_order_of_its_dates(generation: Generation, second: float) -> None:
    scope = Scope(generation, None, None, TODAY, Stopwatch(), replaced=REPLACED)
    likely = {"v1.md": 0.97, "v2.md": second, "v3.md": 0.8}
    settled = Validity(ASKED, scope, TUNING).settle(pieces(generation, likely))
    ordered = sorted(settled.evidence, key=lambda piece: -piece.probability)
    assert [piece.passage.document for piece in ordered] == ["v3.md", "v2.md", "v1.md"]


@pytest.mark.parametrize(
    ("likely", "order"),
    [
        ({"memo.md": 0.9, "v1.md": 0.7, "v3.md": 0.4}, ["memo.md", "v3.md", "v1.md"]),
        ({"memo.md": 0.9, "v2.md": 0.7, "v1.md": 0.8, "v3.md": 0.4}, ["memo.md", "v3.md", "v2.md"]),
        ({"memo.md": 0.9, "v1.md": 0.7, "v3.md": 0.0001}, ["memo.md", "v1.md", "v3.md"]),
    ],
    ids=["two of a family", "three of a family", "the newest is silent"],
)
def test_a_replaced_version_that_is_surer_stands_after_the_one_that_holds(
    generation: Generation, likely: dict[str, float], order: list[str]
) -> None:
    scope = Scope(generation, None, None, TODAY, Stopwatch(), replaced=REPLACED)
    settled = Validity(ASKED, scope, TUNING).settle(pieces(generation, likely))
    ranked = sorted(settled.evidence, key=lambda piece: -piece.probability)
    assert [piece.passage.document for piece in ranked][:3] == order
