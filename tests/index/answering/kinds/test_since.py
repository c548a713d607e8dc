"""Questions since when something holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from index.answering.answer import QuestionKind, Says, Successor
from index.answering.excerpts.quoting import quoted
from index.answering.kinds import since
from index.answering.kinds.since import asked_without_when, say_since_when, says_all
from index.answering.scope import Findings, Scope
from index.answering.scope.stopwatch import Stopwatch
from index.answering.tuning import TUNING
from index.document import Span
from index.store.folder.store import IndexStore
from index.store.generation import Generation
from testing.fakes import document_of, publish

TODAY = date(2026, 11, 29)
FUEL, GATE = "Fuel is kept in Hall A.", "The gate opens at six."
VERSIONS = (
    ("2024-02-10", "The gate opens at eight.", "Fuel is kept in the yard."),
    ("2025-03-01", "The gate opens at seven.", FUEL),
    ("2026-04-15", GATE, FUEL),
)
LAST = "v3.md"
REPLACED = {name: Successor(LAST, "Rules", "2026-04-15") for name in ("v1.md", "v2.md")}


@pytest.fixture(scope="module")
def generation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generation]:
    store = IndexStore(tmp_path_factory.mktemp("since"))
    publish(
        store,
        *(
            document_of(f"Date: {day}", *lines, name=f"v{number}.md", title="Rules")
            for number, (day, *lines) in enumerate(VERSIONS, start=1)
        ),
    )
    generation = store.open(None)
    yield generation
    generation.catalog.close()


def ask(question: str, sentence: str, generation: Generation, *names: str) -> Findings:
    """Return what is said where the last version answers with this sentence."""
    document = generation.catalog.document(LAST)
    assert document is not None
    start = document.text.index(sentence)
    excerpts = quoted(LAST, [Span(start, start + len(sentence))], generation.catalog)
    seen = {old: new for old, new in REPLACED.items() if not names or old in names}
    scope = Scope(generation, names or None, None, TODAY, Stopwatch(), replaced=seen)
    return say_since_when(question, Findings(QuestionKind.FACT, 0.9, excerpts=excerpts), scope)


@pytest.mark.parametrize(
    ("question", "sentence", "values", "quotes"),
    [
        (
            "since when does the gate open at six?",
            GATE,
            {"date": "2026-04-15", "written": "2025-03-01"},
            [GATE, "The gate opens at seven."],
        ),
        (
            "Did the gate always open at six?",
            GATE,
            {"date": "2026-04-15", "written": "2025-03-01"},
            [GATE, "The gate opens at seven."],
        ),
        (
            "since when does the gate open at six?",
            f"Date: 2026-04-15\n{GATE}",
            {"date": "2026-04-15", "written": "2025-03-01"},
            [f"Date: 2026-04-15\n{GATE}", "The gate opens at seven."],
        ),
        (
            "since when is fuel kept in Hall A?",
            f"{GATE}\n{FUEL}",
            {"date": "2025-03-01", "written": "2024-02-10"},
            [f"{GATE}\n{FUEL}", "Fuel is kept in the yard."],
        ),
        (
            "And from what date is fuel kept in Hall A?",
            FUEL,
            {"date": "2025-03-01", "written": "2024-02-10"},
            [FUEL, "Fuel is kept in the yard."],
        ),
    ],
)
def test_the_oldest_version_in_a_row_that_says_it_counts(
    question: str, sentence: str, values: dict[str, str], quotes: list[str], generation: Generation
) -> None:
    found = ask(question, sentence, generation)
    (reply,) = found.replies
    assert reply.says is Says.SAID_SINCE
    assert reply.values == {"title": "Rules", **values}
    assert [(each.number, each.quote) for each in found.excerpts] == list(enumerate(quotes, 1))


def test_the_thing_itself_is_asked_and_must_be_said_in_every_word(generation: Generation) -> None:
    thing = asked_without_when("Since when does the gate open at six?")
    assert thing == "does the gate open at six?"
    assert asked_without_when("was the gate always open?") == "was the gate open?"
    for other in ("does the gate open since June?", "must the gate always be closed?"):
        assert asked_without_when(other) == ""
    (excerpt,) = ask(thing, GATE, generation).excerpts
    assert says_all(thing, excerpt)
    assert says_all("do gates open at six?", excerpt)
    assert not says_all("does the gate open at seven?", excerpt)


def test_a_version_that_may_not_be_seen_says_nothing(generation: Generation) -> None:
    (reply,) = ask("since when is fuel there?", FUEL, generation, LAST).replies
    assert reply.values == {"title": "Rules", "date": "2026-04-15"}
    (reply,) = ask("since when is fuel there?", FUEL, generation, LAST, "v2.md").replies
    assert reply.values == {"title": "Rules", "date": "2025-03-01"}


def test_of_versions_that_are_too_long_to_compare_nothing_is_claimed(
    generation: Generation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(since, "TUNING", replace(TUNING, compared_characters=50))
    assert not ask("since when does the gate open at six?", GATE, generation).replies
    monkeypatch.setattr(since, "compare", None)  # the same words need no comparison
    (reply,) = ask("since when is fuel there?", FUEL, generation, LAST, "v2.md").replies
    assert reply.values == {"title": "Rules", "date": "2025-03-01"}


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("where is fuel kept since June?", FUEL),
        ("since when is it 2026?", "Date: 2026-04-15"),
        ("from when to when is the gate open?", GATE),
        ("ab wann bis wann ist das Tor offen?", GATE),
    ],
)
def test_other_questions_and_what_names_its_day_are_left(
    question: str, sentence: str, generation: Generation
) -> None:
    assert not ask(question, sentence, generation).replies
