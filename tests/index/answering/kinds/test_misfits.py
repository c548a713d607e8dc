"""What cannot be the answer, however well it fits."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from index.answering.answer import Excerpt, Quote, Successor
from index.answering.kinds.misfits import is_misfit
from index.answering.scope import Candidate, Findings, Scope
from index.chunking.chunker import ChunkLimits, split
from index.document import Span
from index.store.folder.store import IndexStore
from testing.fakes import count_words, document_of, publish
from tests.index.answering.scopes import scope_of

ROW, HEADER = "Forklift | hour | 48.00", "Item | Unit | Members"


@pytest.fixture(scope="module")
def scope(tmp_path_factory: pytest.TempPathFactory) -> Scope:
    store = IndexStore(tmp_path_factory.mktemp("index"))
    known = document_of("Petra Voss and Ida Roth meet here.", name="voss.txt")
    publish(store, document_of(f"! {HEADER}", f"| {ROW}", name="prices.csv"), known)
    return scope_of(store.open(None))


@pytest.mark.parametrize(
    ("typed", "is_one"),
    [
        ("what is the maximum speed of the forklift", True),
        ("What's the weight of a forklift?", True),
        ("what is the cost of the forklift", False),
        ("what is the unit of the forklift", False),
        ("what is the number of the forklift", False),
        ("forklift", False),
        ("how much is the forklift", False),
        ("warranty of the forklift", True),
        ("price of the forklift", False),
        ("where is the forklift headquartered", True),
        ("why is the forklift 48", True),
        ("rate for a forklift by the hour", False),
    ],
)
def test_a_row_without_a_column_for_what_is_asked(scope: Scope, typed: str, is_one: bool) -> None:
    header = Quote(HEADER, Span(0, len(HEADER)))
    excerpt = Excerpt(
        1,
        ROW,
        "prices.csv",
        "Price list",
        (),
        None,
        Span(30, 30 + len(ROW)),
        "p",
        1.0,
        header=header,
    )
    assert is_misfit(typed, Findings(confidence=0.9, excerpts=(excerpt,)), scope) is is_one
    plain = Findings(
        confidence=0.9, excerpts=(Excerpt(1, ROW, "a", "a", (), None, Span(0, 3), "p", 1.0),)
    )
    assert not is_misfit(typed, plain, scope)


@pytest.mark.parametrize(
    ("typed", "is_one"),
    [("hvem har nattevakt på mandag", False), ("hvem har førerkort og hund", True)],
)
def test_words_of_grammar_are_not_missing_in_a_row(scope: Scope, typed: str, is_one: bool) -> None:
    row, header = "mandag | Nils", Quote("Dag | Nattevakt", Span(0, 15))
    excerpt = Excerpt(1, row, "v.md", "Vaktplan", (), None, Span(30, 43), "p", 1.0, header=header)
    assert is_misfit(typed, Findings(confidence=0.9, excerpts=(excerpt,)), scope) is is_one


@pytest.mark.parametrize(
    ("typed", "is_one"),
    [("extension of Idris Fall", False), ("who owns Tern", False), ("who approves Tern", False)],
)
def test_a_column_may_be_asked_for_in_another_form(scope: Scope, typed: str, is_one: bool) -> None:
    header = Quote("Boat | Owner | Phone | Approval", Span(0, 31))
    row = "Tern | Idris Fall | 2011 | Karim Soto"
    excerpt = Excerpt(1, row, "b.md", "Boats", (), None, Span(40, 77), "p", 1.0, header=header)
    assert is_misfit(typed, Findings(confidence=0.9, excerpts=(excerpt,)), scope) is is_one


@pytest.mark.parametrize(
    ("typed", "quote", "is_one"),
    [
        ("how many spills in 2031", "In 2030 eleven spills were reported.", True),
        ("how many spills in 2031", "In 2030 eleven spills were reported, in 2031 nine.", False),
        ("how many spills in 2030", "In 2030 eleven spills were reported.", False),
        ("how many spills", "In 2030 eleven spills were reported.", False),
        ("who holds the cup in 2031", "Ada has held the cup since 2030.", False),
    ],
)
def test_a_sentence_that_begins_with_its_year_is_of_no_other(
    scope: Scope, typed: str, quote: str, is_one: bool
) -> None:
    text = document_of(quote, "This procedure is valid from 1 May 2031.", name="sop.md")
    passage = split(text, count_words, ChunkLimits())[0]
    span = Span(0, len(quote))
    excerpt = Excerpt(1, quote, "sop.md", "SOP", (), None, span, passage.id, 1.0)
    found = Findings(confidence=0.9, excerpts=(excerpt,), candidates=(Candidate(1, passage, 1.0),))
    assert is_misfit(typed, found, scope) is is_one


@pytest.mark.parametrize(
    ("typed", "name", "is_one"),
    [
        ("how much did the crane lift in 2022", "v1.md", False),
        ("how much did the crane lift in 2019", "v1.md", True),
        ("how much did the crane lift in 2024", "v2.md", False),
        ("how much does the crane lift in 2031", "v2.md", True),
        ("how much did the crane lift in 2022", "v2.md", True),
        ("how much did the crane lift in 2022", "alone.md", True),
    ],
)
def test_a_version_is_of_each_year_in_which_it_held(
    tmp_path: Path, typed: str, name: str, is_one: bool
) -> None:
    store, lifts = IndexStore(tmp_path / "index"), "The crane lifts 25 tonnes."
    dated = {"v1.md": "12 May 2021", "v2.md": "3 June 2023", "alone.md": "12 May 2021"}
    publish(store, *(document_of(f"Date: {day}", lifts, name=each) for each, day in dated.items()))
    generation = store.open(None)
    replaced = {"v1.md": Successor("v2.md", "Limits", "2023-06-03")}
    scope = scope_of(generation, replaced=replaced)
    (passage,) = generation.catalog.passages_of(name)
    start = passage.text.index(lifts)
    span = Span(start, start + len(lifts))
    excerpt = Excerpt(1, lifts, name, "Limits", (), None, span, passage.id, 1.0)
    found = Findings(confidence=0.9, excerpts=(excerpt,), candidates=(Candidate(1, passage, 1.0),))
    assert is_misfit(typed, found, scope) is is_one
    generation.catalog.close()


CONTACTS = (
    "Ida Roth looks after the barges, extension 4417. For wages write to pay@harbour.example."
)


@pytest.mark.parametrize(
    ("typed", "quote", "is_one"),
    [
        ("what is Ida Roth's e-mail address", CONTACTS, True),
        ("e-mail address for wages", CONTACTS, False),
        ("email of Ida Roth", "Ask Ida Roth. She reads ida@harbour.example daily.", False),
        ("email of Ida Roth", "Ida Roth, office 3. E-mail: ida@harbour.example", False),
        ("phone number of Ms Roth", "Ms Ida Roth, office 3. Ms Vik: 0117 496 0155.", True),
        ("telefonnummer til Ida Roth", "Spør Ida Roth. Ved sykdom ringer du 55 01 22 33.", True),
        ("phone number of Petra Voss", "Treasurer: Wim Jansen, 07700 900 241", True),
        ("phone number of the treasurer", "Treasurer: Wim Jansen, 07700 900 241", False),
        ("council phone", "Harbour council: phone 5540, until 14.", False),
        ("Ida's mobile", "Ida Roth: French. Mobile on tour 07000 111 207.", False),
        ("harbour office phone", "The harbour office has the telephone 0117 496 0155.", False),
    ],
)
def test_an_address_belongs_to_who_is_asked_for(
    scope: Scope, typed: str, quote: str, is_one: bool
) -> None:
    excerpt = Excerpt(1, quote, "a.md", "Notes", (), None, Span(0, len(quote)), "p", 1.0)
    assert is_misfit(typed, Findings(confidence=0.9, excerpts=(excerpt,)), scope) is is_one


@pytest.mark.parametrize(
    ("typed", "is_one"),
    [
        ("who runs the Antwerp depot", True),
        ("who is cooking at the Antwerp depot", True),
        ("who is first aider in Antwerp", False),
        ("how many first aiders in Antwerp", False),
        ("total nights of the first aiders in Antwerp", True),
        ("first aiders after 3 May 2026", True),
        ("first aiders with more than 3 nights", True),
    ],
)
def test_rows_that_do_not_say_do_or_compare_what_is_asked(
    scope: Scope, typed: str, is_one: bool
) -> None:
    header = Quote("Role | Name | Depot | Night", Span(0, 27))
    rows = ["First aider | Jonas Piet | Antwerp | yes", "First aider | Lea Vik | Antwerp | no"]
    excerpts = tuple(
        Excerpt(n, row, "c.md", "Contacts", (), None, Span(30, 60), f"{n}", 1.0, header=header)
        for n, row in enumerate(rows, start=1)
    )
    assert is_misfit(typed, Findings(confidence=0.9, excerpts=excerpts), scope) is is_one


@pytest.mark.parametrize(
    ("typed", "quote", "is_one"),
    [
        ("hourly rate of the hall", "The hall costs 90 euro a day.", True),
        ("price of the hall per day", "The hall costs 90 euro a day.", False),
        ("price of the hall per day", "The hall costs 90 euro.", False),
        ("daily rate of the hall", "The day rate of the hall is 90 euro.", False),
        ("can the hall be a day off", "The hall costs 900 euro a month.", False),
        ("what does the hall cost", "The hall costs 90 euro a day.", False),
    ],
)
def test_a_rate_by_another_unit(scope: Scope, typed: str, quote: str, is_one: bool) -> None:
    passage = split(document_of(quote, name="h.md"), count_words, ChunkLimits())[0]
    excerpt = Excerpt(1, quote, "h.md", "Hall", (), None, passage.span, passage.id, 1.0)
    found = Findings(confidence=0.7, excerpts=(excerpt,), candidates=(Candidate(1, passage, 1.0),))
    assert is_misfit(typed, found, scope) is is_one


def test_the_sentence_that_is_shown_has_a_word_of_the_question_unless_it_is_sure(
    scope: Scope,
) -> None:
    text = document_of("The crane stays. From May the berths are let by post.", name="a.md")
    (passage,) = split(text, count_words, ChunkLimits())
    quote, span = passage.text_of(passage.units[1].span), passage.units[1].span
    excerpt = Excerpt(1, quote, "a.md", "Notes", (), None, span, passage.id, 1.0)
    found = Findings(confidence=0.7, excerpts=(excerpt,), candidates=(Candidate(1, passage, 1.0),))
    assert is_misfit("when is the crane sold", found, scope)
    assert not is_misfit("when are berths let", found, scope)
    assert not is_misfit("when is the crane sold", replace(found, confidence=0.9), scope)


@pytest.mark.parametrize(
    ("typed", "is_one"), [("when do the cleaners come", False), ("when do the painters come", True)]
)
def test_a_passage_has_the_words_of_a_question_in_some_form(
    scope: Scope, typed: str, is_one: bool
) -> None:
    text = document_of("The contractor cleans offices on weekdays after 18:00.", name="a.md")
    (passage,) = split(text, count_words, ChunkLimits())
    quote, span = passage.text, passage.span
    excerpt = Excerpt(1, quote, "a.md", "Agreement", (), None, span, passage.id, 1.0)
    found = Findings(confidence=0.9, excerpts=(excerpt,), candidates=(Candidate(1, passage, 1.0),))
    assert is_misfit(typed, found, scope) is is_one
