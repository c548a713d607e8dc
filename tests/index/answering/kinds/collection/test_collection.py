"""What people type about the documents themselves, and what comes; and what only looks like it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from index.answering.answer import QuestionKind, Says
from index.answering.excerpts.verification import verify
from index.answering.kinds.collection.collection import answer_collection
from index.answering.scope import Findings, Scope
from index.decisions import Decisions, Review
from index.store.folder.store import IndexStore
from index.store.generation import Generation
from testing.fakes import document_of, publish
from testing.museum import FILES, museum
from tests.index.answering.scopes import scope_of

TODAY = date(2026, 11, 29)
POLICY, PLAN, SURVEY, MINUTES, BRIEF, LETTER, BOATS = FILES
ALL = list(FILES)
SKAGEN = [BRIEF, LETTER, MINUTES, BOATS, POLICY]


@pytest.fixture(scope="module")
def generation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generation]:
    generation = museum(tmp_path_factory.mktemp("index"))
    yield generation
    generation.catalog.close()


@pytest.fixture
def scope(generation: Generation) -> Scope:
    return scope_of(generation, today=TODAY)


def only(generation: Generation, *names: str) -> Scope:
    return scope_of(generation, names, TODAY)


def said(found: Findings | None) -> list[Says]:
    return [reply.says for reply in found.replies] if found else []


def names(found: Findings | None) -> list[str]:
    return [document.name for document in found.documents] if found else []


def shown(found: Findings | None) -> object:
    return found and (found.confidence, found.excerpts, found.replies, found.documents)


@pytest.mark.parametrize(
    ("typed", "says", "documents"),
    [
        # Which documents mention something
        ("Which documents mention Skagen?", Says.MENTIONED_IN, SKAGEN),
        ("which docs mention skagen", Says.MENTIONED_IN, SKAGEN),
        ("docs about skagen", Says.MENTIONED_IN, SKAGEN),
        ("skagen docs", Says.MENTIONED_IN, SKAGEN),
        ("any documents on the Lindgren room?", Says.MENTIONED_IN, [SURVEY, PLAN]),
        ("what briefings talk about the lindgren room", Says.MENTIONED_IN, [SURVEY, PLAN]),
        ("where is the Lindgren room mentioned", Says.MENTIONED_IN, [SURVEY, PLAN]),
        ("where do we mention slates", Says.MENTIONED_IN, [SURVEY]),
        ("in which document is the skylight mentioned?", Says.MENTIONED_IN, [SURVEY]),
        ("is the slipway mentioned anywhere?", Says.MENTIONED_IN, [PLAN]),
        ("does any document mention Soeren Agard", Says.MENTIONED_IN, [BRIEF, MINUTES]),
        ("do you have anything on insurance", Says.MENTIONED_IN, [POLICY]),
        ("do we have a note about the crane?", Says.MENTIONED_IN, [MINUTES]),
        ("anything about Brandt and Sons?", Says.MENTIONED_IN, [SURVEY]),
        ("what do we have on couriers", Says.MENTIONED_IN, [POLICY]),
        ("show me all documents that mention the scaffold", Says.MENTIONED_IN, [MINUTES, SURVEY]),
        ("which documents mention Skagen since June", Says.MENTIONED_IN, [BRIEF, LETTER]),
        ("mentions of the harbour master", Says.MENTIONED_IN, [BRIEF]),
        ("please list the files about the pilot boat", Says.MENTIONED_IN, [LETTER, MINUTES, BOATS]),
        ("which documents mention Oslo?", Says.NOT_MENTIONED, []),
        ("is the minister mentioned anywhere", Says.NOT_MENTIONED, []),
        # How many, and what there is
        ("How many documents are there?", Says.DOCUMENT_COUNT, []),
        ("how many briefings do you have", Says.DOCUMENT_COUNT, []),
        ("number of documents", Says.DOCUMENT_COUNT, []),
        ("how many documents mention Skagen", Says.MENTIONED_IN, SKAGEN),
        ("how many pages mention the scaffold?", Says.MENTIONED_IN, [MINUTES, SURVEY]),
        ("how many docs since June", Says.DOCUMENT_COUNT, [LETTER, BRIEF]),
        ("how many documents did Ines Aalto write?", Says.DOCUMENTS_BY, [BRIEF, POLICY]),
        ("how many files are in the policies folder", Says.DOCUMENT_COUNT, [PLAN, POLICY]),
        ("what do you have", Says.DOCUMENT_COUNT, ALL),
        ("what documents do you have?", Says.DOCUMENT_COUNT, ALL),
        ("list all documents", Says.DOCUMENT_COUNT, ALL),
        ("show me everything", Says.DOCUMENT_COUNT, ALL),
        ("documents", Says.DOCUMENT_COUNT, ALL),
        ("what's in the library?", Says.DOCUMENT_COUNT, ALL),
        ("which documents can you search", Says.DOCUMENT_COUNT, ALL),
        ("list the policies", Says.DOCUMENT_COUNT, [POLICY]),
        ("any spreadsheets?", Says.DOCUMENT_COUNT, [BOATS]),
        ("do you have any letters", Says.DOCUMENT_COUNT, [LETTER]),
        # The newest and the oldest
        ("what is the latest document", Says.LATEST, [LETTER]),
        ("newest briefing?", Says.LATEST, [LETTER]),
        ("which document is the oldest", Says.OLDEST, [POLICY]),
        ("the two oldest docs", Says.OLDEST, [POLICY, PLAN]),
        ("latest document on the lindgren room", Says.LATEST, [SURVEY]),
        ("what's the latest on Skagen", Says.LATEST, [LETTER]),
        # What is new
        ("anything new since June?", Says.NEW_SINCE, [LETTER, BRIEF]),
        ("new documents since 1 August 2026", Says.NEW_SINCE, [LETTER]),
        ("documents since june", Says.NEW_SINCE, [LETTER, BRIEF]),
        ("anything new on skagen since July", Says.NEW_SINCE, [LETTER]),
        ("what came in in August", Says.NEW_SINCE, [LETTER]),
        ("documents from March 2026", Says.NEW_SINCE, [SURVEY, PLAN]),
        ("which documents were written between May and July?", Says.NEW_SINCE, [BRIEF, MINUTES]),
        ("what came in last month?", Says.NOTHING_NEW, []),
        ("whats new", Says.LATEST, [LETTER, BRIEF, MINUTES, SURVEY, PLAN]),
        # Who
        ("who wrote the Skagen brief", Says.WRITTEN_BY, [BRIEF]),
        ("who prepared the roof survey?", Says.WRITTEN_BY, [SURVEY]),
        ("author of the loan policy", Says.WRITTEN_BY, [POLICY]),
        ("who owns the loan policy", Says.OWNED_BY, [POLICY]),
        ("who is responsible for the fire plan?", Says.OWNED_BY, [PLAN]),
        ("who approved the loan policy", Says.APPROVED_BY, [POLICY]),
        ("who approved the fire plan", Says.NOT_STATED, [PLAN]),
        ("documents by Ines", Says.DOCUMENTS_BY, [BRIEF, POLICY]),
        ("what did Tom Ekberg write", Says.DOCUMENTS_BY, [PLAN, SURVEY]),
        # When, and whether it still holds
        ("when was the roof survey written", Says.DATED, [SURVEY]),
        ("how old is the loan policy?", Says.DATED, [POLICY]),
        ("date of the Skagen brief", Says.DATED, [BRIEF]),
        ("is the fire plan still in force", Says.IN_FORCE_FROM, [PLAN]),
        ("is the loan policy still current?", Says.IN_FORCE_FROM, [POLICY]),
        ("when is the loan policy due for review", Says.REVIEW_OVERDUE, [POLICY]),
        ("when will the skagen brief be updated", Says.REVIEW_DUE, [BRIEF]),
        ("which version of the loan policy is current", Says.VERSION, [POLICY]),
        ("which documents are due for review?", Says.DUE_FOR_REVIEW, [POLICY]),
        ("which documents are late for review", Says.DUE_FOR_REVIEW, [POLICY]),
        # The document itself
        ("send me the Skagen brief", Says.CARD, [BRIEF]),
        ("can you show me the fire plan please", Says.CARD, [PLAN]),
        ("open the minutes of 7 May", Says.CARD, [MINUTES]),
        ("where is the loan policy?", Says.CARD, [POLICY]),
        ("skagen brief", Says.CARD, [BRIEF]),
        ("what is the current loan policy?", Says.CARD, [POLICY]),
    ],
)
def test_questions_about_the_documents(
    scope: Scope, typed: str, says: Says, documents: list[str]
) -> None:
    found = answer_collection(typed, scope)
    assert found is not None
    assert found.kind is QuestionKind.COLLECTION
    assert said(found)[0] is says
    assert sorted(names(found)) == sorted(documents)
    assert (found.confidence > 0.5) is (says not in (Says.NOT_MENTIONED, Says.NOT_STATED))
    quotes = [document.quote for document in found.documents if document.quote]
    verify((*found.excerpts, *quotes), scope.catalog)


def test_what_somebody_confirmed_is_not_due(scope: Scope) -> None:
    sha256 = scope.catalog.sha256(POLICY) or ""

    def says(question: str, review: Review) -> tuple[Says, str]:
        decided = replace(scope, decisions=Decisions(reviews={POLICY: review}))
        found = answer_collection(question, decided)
        assert found
        return found.replies[0].says, str(found.replies[0].values.get("date", ""))

    right = Review(sha256, "2026-11-01", "2027-11-01", by_owner=True)
    asked = "when is the loan policy due for review"
    assert says(asked, right) == (Says.REVIEW_DUE, "2027-11-01")
    assert says("which documents are due for review?", right)[0] is Says.NOTHING_DUE
    for other in (replace(right, sha256="of another text"), replace(right, until=None)):
        assert says(asked, other) == (Says.REVIEW_OVERDUE, "2026-09-01")
        assert says("which documents are due for review?", other)[0] is Says.DUE_FOR_REVIEW


def test_where_something_is_asks_for_no_document_that_is_called_so(tmp_path: Path) -> None:
    store = IndexStore(tmp_path / "index")
    mail = document_of("It is in Hall B.", name="mail.txt", title="Rehearsal of 9 December")
    publish(store, mail, document_of("One.", name="plan.md", title="Rehearsal plan"))
    generation = store.open(None)
    scope = scope_of(generation, today=TODAY)
    assert answer_collection("where is the rehearsal on 9 December?", scope) is None
    assert names(answer_collection("where is the rehearsal plan?", scope)) == ["plan.md"]
    assert names(answer_collection("where can I find the rehearsal plan?", scope)) == ["plan.md"]
    generation.catalog.close()


def test_who_confirmed_a_document_is_said(scope: Scope) -> None:
    review = Review(
        scope.catalog.sha256(POLICY) or "", "2026-11-01", until="2027-11-01", by_owner=True
    )
    decided = replace(scope, decisions=Decisions(reviews={POLICY: review}))
    for asked in ("who confirmed the loan policy?", "when was the loan policy last confirmed?"):
        found = answer_collection(asked, decided)
        assert found
        (reply,) = found.replies
        assert reply.says is Says.CONFIRMED
        assert reply.values["date"] == "2026-11-01"
        assert said(answer_collection(asked, scope)) == [Says.NOT_STATED]
    holds = answer_collection("is the loan policy still valid?", decided)
    assert said(holds)[0] is Says.CONFIRMED


def test_where_nothing_tells_whether_it_holds_the_newest_of_its_name_is_named(
    tmp_path: Path,
) -> None:
    store = IndexStore(tmp_path / "index")
    publish(
        store,
        *(
            document_of(f"Date: 14 October {year}", "We met in the yard.", name=name, title=title)
            for year, name, title in (
                (2024, "drill-2024.md", "Fire drill 2024"),
                (2025, "drill-2025.md", "Fire drill 2025"),
                (2026, "drill-2026.md", "Fire drill 2026"),
                (2026, "water-2026.md", "Water tests 2026"),
            )
        ),
    )
    generation = store.open(None)

    def says(year: int, *seen: str) -> list[tuple[Says, object]]:
        scope = scope_of(generation, seen or None, TODAY)
        found = answer_collection(f"is the fire drill of {year} still valid?", scope)
        assert found
        return [(each.says, each.values.get("title")) for each in found.replies]

    assert says(2024)[-1] == (Says.NEWER, "Fire drill 2026")
    assert says(2024, "drill-2024.md", "drill-2025.md")[-1] == (Says.NEWER, "Fire drill 2025")
    assert Says.NEWER not in dict(says(2026))
    generation.catalog.close()


@pytest.mark.parametrize(
    "typed",
    [
        "which documents do I need for a loan?",
        "whats the skagen brief about",
        "what's the skagen brief about?",
        "what documents must a courier carry",
        "how many documents does the borrower need",
        "what papers does a courier take along",
        "which documents are needed",
        "what documents are checked at the quay",
        "which report does the courier carry?",
        "which report must be filed",
        "documents for the courier",
        "copies of documents",
        "loan documents",
        "policy documents",
        "what does the loan policy say about Skagen",
        "what documents does the loan policy mention",
        "which policy covers visitors",
        "which plan applies in the Boathouse",
        "do we have a policy on pets",
        "who wrote off the crane",
        "who signs the agreement",
        "who prepared the boat",
        "who is responsible for the keys",
        "who keeps the keys",
        "who owns the tender",
        "who made the decision on the roof",
        "who approved the loan of the pilot boat",
        "who is the harbour master",
        "who is Søren Ågård",
        "what is the latest time to leave",
        "what is the oldest boat",
        "which boat is the newest",
        "what is the first thing a courier does",
        "what is the last day of the loan",
        "when was the boat built",
        "when was the roof mended",
        "when was the pilot boat lent",
        "when did the oldest boat come back",
        "how old is the pilot boat",
        "is the permit still valid",
        "has the permit expired",
        "when does the loan end",
        "is the scaffold still needed",
        "when is the list of wardens reviewed",
        "how many boats are there",
        "how many boats does the report list",
        "how many reports did the courier write",
        "what do you have to do when the alarm sounds",
        "what do we have to sign",
        "what came in through the skylight",
        "what is new about version 2 of the fire plan",
        "what changed in the loan policy",
        "send me the costs of the scaffold",
        "show me the boats",
        "list the boats in Skagen",
        "list all couriers",
        "give me the names of the wardens",
        "find the cheapest scaffold",
        "open the slipway",
        "where are the keys",
        "where is the pilot boat",
        "where is the insurance certificate kept",
        "pilot boat skagen",
        "loan policy visitors skagen",
        "what did Søren write off",
        "what happened to the crane",
        "thanks for the brief",
        "tell me about Skagen",
        "when did the museum decide to lend the boat",
        "what is the date of the second survey",
        "note the time of departure",
        "does the policy apply to visitors",
    ],
)
def test_questions_that_only_look_like_it(scope: Scope, typed: str) -> None:
    assert answer_collection(typed, scope) is None


def test_who_wrote_a_work_is_a_question_of_its_document(tmp_path: Path) -> None:
    poem = document_of("# Peer Gynt", "Ibsen wrote it in Italy.", name="gynt.md", title="Peer Gynt")
    minutes = document_of("# Minutes", "We met.", name="minutes.md", title="Harbour minutes")
    store = IndexStore(tmp_path)
    publish(store, poem, minutes)
    generation = store.open(None)
    everything = scope_of(generation, today=TODAY)
    assert answer_collection("who wrote peer gynt", everything) is None
    assert said(answer_collection("who wrote the harbour minutes", everything)) == [Says.NOT_STATED]
    generation.catalog.close()


def test_each_document_is_listed_with_the_sentence_that_mentions_it(scope: Scope) -> None:
    found = answer_collection("which documents mention the Lindgren room?", scope)
    assert found
    quotes = {each.name: each.quote.quote for each in found.documents if each.quote}
    assert quotes == {
        SURVEY: "The slates above the Lindgren room are loose.",
        PLAN: "The keys hang beside the Lindgren room.",
    }


def test_the_counts_are_those_of_the_documents_and_passages(scope: Scope) -> None:
    found = answer_collection("which documents mention skagen", scope)
    assert found
    assert found.replies[0].values["number"] == 5
    assert found.replies[0].values["mentions"] == sum(each.mentions for each in found.documents)


@pytest.mark.parametrize(
    ("typed", "quote"),
    [
        ("who wrote the loan policy", "author: Ines Aalto"),
        ("who wrote the roof survey", "Prepared by Tom Ekberg, 12 March 2026."),
        ("when was the letter sent", "Date: Mon, 03 Aug 2026 10:15:00 +0200"),
        ("when is the brief on skagen due for review", "This brief will be updated by 1 February"),
        ("is the fire plan in force", "Version 2, in force from 1 March 2026."),
    ],
)
def test_the_place_that_states_it_is_quoted(scope: Scope, typed: str, quote: str) -> None:
    found = answer_collection(typed, scope)
    assert found
    assert found.excerpts[0].quote.startswith(quote)


@pytest.mark.parametrize(
    "typed",
    [
        "which documents mention Skagen",
        "how many documents are there",
        "what is the latest document",
        "anything new since June",
        "which documents mention the ship",
        "documents by Ines",
        "which documents are due for review",
        "who wrote the Skagen brief",
        "secret docs",
        "list all documents",
        "documents mentioning Soeren Agard",
    ],
)
def test_documents_that_may_not_be_seen_have_no_influence(
    generation: Generation, tmp_path_factory: pytest.TempPathFactory, typed: str
) -> None:
    hidden = document_of(
        "# Brief on Skagen and the Secret ship",
        "Written by Ines Aalto, 24 November 2026. This brief will be updated by 1 October 2026.",
        "The Secret ship lies in Skagen. Soeren Agard knows.",
        name="briefs/secret-skagen-brief.md",
        title="Brief on Skagen and the Secret ship",
    )
    both = museum(tmp_path_factory.mktemp("both"), hidden)
    alone = shown(answer_collection(typed, only(generation, *ALL)))
    assert shown(answer_collection(typed, only(both, *ALL))) == alone
    assert shown(answer_collection(typed, only(both, *ALL, hidden.name))) != alone
    both.catalog.close()


def test_what_is_over_is_not_said_to_be_in_force(tmp_path: Path) -> None:
    store = IndexStore(tmp_path)
    lines = (
        "# Fees 2025",
        "Valid from 1 January 2025 to 31 December 2025.",
        "A boat pays 40 euros.",
    )
    publish(store, document_of(*lines, name="fees-2025.md", title="Fees 2025"))
    generation = store.open(None)
    now = scope_of(generation, today=TODAY)
    assert said(answer_collection("are the fees 2025 still valid?", now)) == [Says.EXPIRED]
    then = replace(now, today=date(2025, 5, 3))
    assert said(answer_collection("are the fees 2025 still valid?", then)) == [
        Says.IN_FORCE_FROM,
        Says.VALID_UNTIL,
    ]
    generation.catalog.close()
