"""Questions about what changed in the documents, and about two of them beside each other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from index.answering.answer import Excerpt, Says
from index.answering.kinds.changes import answer_changes
from index.answering.scope import Findings
from index.decisions import Decisions
from index.document import Span
from index.indexing.reindex import Reindexer
from index.store.folder.store import IndexStore
from index.store.generation import Generation
from testing.fakes import WordEmbedder, document_of, publish, recipe_of
from tests.index.answering.scopes import scope_of

TODAY = datetime.now(UTC).date()
FIRST = {
    "travel-policy.md": "# Travel policy\n\nEscorts get 40 EUR. They report at nine.\n",
    "april-brief.md": "# April brief\n\nFour roles are open. Oslo decides.\n",
    "january-brief.md": "# January brief\n\nThree roles are open. Oslo decides.\n",
}
THEN = {
    "travel-policy.md": "# Travel policy\n\nEscorts get 55 EUR. They report at nine.\n",
    "lease.md": "# Lease of the depot\n\nInes signs.\n",
}


@pytest.fixture(scope="module")
def generation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generation]:
    root = tmp_path_factory.mktemp("changes")
    store, embedder = IndexStore(root / "index"), WordEmbedder()
    for texts in (FIRST, THEN):
        for name, text in texts.items():
            path = root / "corpus" / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        Reindexer(root / "corpus", store, recipe_of(), lambda: embedder).run()
    generation = store.open(None)
    yield generation
    generation.catalog.close()


def ask(
    question: str, generation: Generation, *names: str, decisions: Decisions | None = None
) -> Findings | None:
    decided = decisions or Decisions()
    return answer_changes(question, scope_of(generation, names or None, TODAY, decisions=decided))


def said(found: Findings | None) -> tuple[Says | None, list[str]]:
    if found is None:
        return None, []
    return found.replies[0].says, [each.name for each in found.documents]


@pytest.mark.parametrize(
    "question",
    [
        "what changed since yesterday?",
        "which documents changed since last week?",
        "What has been updated in the documents?",
        "show me all changes since yesterday",
        "has anything changed since last month?",
    ],
)
def test_what_changed_in_a_time(question: str, generation: Generation) -> None:
    assert said(ask(question, generation)) == (Says.CHANGED_SINCE, ["lease.md", "travel-policy.md"])


@pytest.mark.parametrize(
    "question",
    [
        "what changed in the travel policy?",
        "how has the travel policy changed since yesterday?",
        "changes to the travel policy",
        "has the travel policy been updated?",
    ],
)
def test_what_changed_in_one_document(question: str, generation: Generation) -> None:
    assert said(ask(question, generation)) == (Says.CHANGED, ["travel-policy.md"])


@pytest.mark.parametrize(
    "question",
    [
        "compare the April brief with the January brief",
        "What is the difference between the April brief and the January brief?",
    ],
)
def test_two_documents_beside_each_other(question: str, generation: Generation) -> None:
    found = ask(question, generation)
    assert said(found) == (Says.COMPARED, ["april-brief.md", "january-brief.md"])
    assert found
    assert found.replies[0].values["agree"] == 1
    assert [(each.document, each.quote) for each in found.excerpts] == [
        ("january-brief.md", "Three roles are open."),
        ("april-brief.md", "Four roles are open."),
    ]
    assert [[spot.of(each.quote) for spot in _spots(each)] for each in found.excerpts] == [
        ["Three"],
        ["Four"],
    ]


def _spots(excerpt: Excerpt) -> list[Span]:
    start = excerpt.span.start
    return [Span(spot.start - start, spot.end - start) for spot in excerpt.emphasis]


@pytest.mark.parametrize(
    "question",
    [
        "what changed in Norway?",
        "what changed?",
        "what changed in the April brief?",
        "what is the difference between diesel and petrol?",
        "compare Oslo with Bergen",
        "who changed the lock of the depot?",
        "when was the travel policy last updated?",
        "what is new in Oslo since May?",
    ],
)
def test_in_doubt_the_documents_answer(question: str, generation: Generation) -> None:
    assert ask(question, generation) is None


def test_what_changed_since_the_last_visit_is_known_elsewhere(generation: Generation) -> None:
    found = ask("what is new since my last visit?", generation)
    assert said(found) == (Says.CHANGED_LAST_SEEN, [])


def test_nothing_changed_in_a_time(generation: Generation) -> None:
    found = ask("which documents changed in 1999?", generation)
    assert said(found) == (Says.NOTHING_CHANGED, [])


def test_what_may_not_be_seen_did_not_change(generation: Generation) -> None:
    found = ask("what changed since yesterday?", generation, "lease.md", "april-brief.md")
    assert said(found) == (Says.CHANGED_SINCE, ["lease.md"])
    assert ask("what changed in the travel policy?", generation, "lease.md") is None


def test_without_a_known_change_the_documents_tell_by_their_dates(generation: Generation) -> None:
    found = ask("what changed since 1 January 2020?", generation, "april-brief.md")
    assert said(found) == (Says.NOTHING_NEW, [])  # it has none


def test_what_is_withheld_did_not_change(generation: Generation) -> None:
    at = generation.catalog.history.events(["travel-policy.md"])[0].moment.at
    withheld = Decisions(withheld=frozenset({("travel-policy.md", at)}))
    found = ask("what changed since yesterday?", generation, decisions=withheld)
    assert said(found) == (Says.CHANGED_SINCE, ["lease.md"])


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generation]:
    """Three versions of a policy, each of which says what it replaces."""
    store = IndexStore(tmp_path_factory.mktemp("versions"))
    texts = (("1.0", "2024-02-10", 60), ("2.0", "2025-03-01", 75), ("3.0", "2026-04-15", 90))
    documents = []
    for number, (version, day, euros) in enumerate(texts, start=1):
        replaces = [f"This policy replaces version {number - 1}.0."] if number > 1 else []
        lines = (f"Version {version}", f"Date: {day}", *replaces, f"A permit costs {euros} euros.")
        name = f"parking-policy-v{number}.md"
        documents.append(document_of(*lines, name=name, title="Parking policy"))
    amendment = ("Date: 2026-10-01", "A permit for a trailer costs 30 euros.")
    title = "Amendment 1 to the parking policy"
    documents.append(document_of(*amendment, name="amendment.md", title=title))
    publish(store, *documents)
    generation = store.open(None)
    yield generation
    generation.catalog.close()


@pytest.mark.parametrize(
    ("question", "old", "new"),
    [
        ("what changed in the parking policy?", 2, 3),
        ("compare the parking policy v1 with the parking policy v2", 1, 2),
        ("compare parking policy v1 and v3", 1, 3),
        ("what is the difference between parking policy 2.0 and parking policy 3.0?", 2, 3),
        ("compare the parking policy 2024 with the parking policy 2026", 1, 3),
        ("what changed in the parking policy between version 1 and 2?", 1, 2),
        ("what has changed in the parking policy from revision 1.0 to revision 3?", 1, 3),
    ],
)
def test_versions_of_one_title_are_told_apart_by_their_numbers(
    versions: Generation, question: str, old: int, new: int
) -> None:
    found = ask(question, versions)
    names = [f"parking-policy-v{number}.md" for number in (old, new)]
    assert said(found) == (Says.COMPARED, names)
    assert found is not None
    assert {"written", "date"} <= found.replies[0].values.keys()
    euros = {1: 60, 2: 75, 3: 90}
    costs = [f"A permit costs {euros[number]} euros." for number in (new, old)]
    assert [each.quote for each in found.excerpts] == costs


def test_a_version_that_may_not_be_seen_changed_nothing(versions: Generation) -> None:
    names = ["parking-policy-v1.md", "parking-policy-v3.md"]
    assert said(ask("what changed in the parking policy?", versions, *names)) == (None, [])
    assert said(ask("what changed in the parking policy?", versions, names[1])) == (None, [])
    assert said(ask("compare parking policy v2 and v3", versions, *names)) == (None, [])
