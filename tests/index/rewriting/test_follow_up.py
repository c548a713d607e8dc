"""Follow-ups: what is carried over, what is not, and what holds of any text."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.document import Span
from index.question import LONGEST_QUESTION
from index.rewriting import FollowUpKind, Turn, lacks_all, rewrite

ROLES = "what roles would Norway's force take"
DATA = Path(__file__).parents[2] / "data/conversations.jsonl"
CONVERSATIONS: list[dict[str, Any]] = [
    json.loads(line) for line in DATA.read_text("utf-8").splitlines()
]


@dataclass(frozen=True)
class Shown:
    document: str = "brief.md"
    span: Span = field(default_factory=lambda: Span(0, 0))
    title: str = "A brief"
    heading: tuple[str, ...] = ()
    quote: str = ""


def rewritten(question: str, *earlier: str) -> str:
    return rewrite(question, [Turn(text) for text in earlier]).question


@pytest.mark.parametrize(
    ("before", "typed", "expected"),
    [
        # pronouns
        (ROLES, "and how large would it be?", "how large would Norway's force be?"),
        (ROLES, "who leads them?", "who leads Norway's force?"),
        ("What is the Dayton Agreement?", "when was that signed?", "when was the Dayton Agreement"),
        ("Who drives the bus?", "How old is it", "How old is the bus"),
        ("Why was the Lipova office closed?", "who worked there?", "who worked at the Lipova offi"),
        ("Is diesel stocked in Karsk?", "who sells it there?", "who sells diesel in Karsk?"),
        ("Does Ingrid Solvang decide?", "what if she can't?", "what if Ingrid Solvang can't?"),
        ("Is the bridge open?", "what if it's closed?", "what if the bridge is closed?"),
        # possessives
        (ROLES, "what is its budget?", "what is the budget of Norway's force?"),
        (ROLES, "and its budget?", "what is the budget of Norway's force?"),
        ("When did Finland join?", "what is its capital?", "what is Finland's capital?"),
        # pointing
        ("Who signs the lease for the store?", "why that lease?", "why the lease for the store?"),
        ("Which bus is new?", "when does that bus leave?", "when does the bus leave?"),
        ("Where is the primary exit?", "and the alternate one?", "Where is the alternate exit?"),
        ("What is the peak temperature?", "and the lowest?", "What is the lowest temperature?"),
        # one phrase for another
        (ROLES, "what about Sweden?", "what roles would Sweden's force take?"),
        (ROLES, "And Sweden's?", "what roles would Sweden's force take?"),
        ("the Norwegian budget", "and Sweden?", "the Swedish budget?"),
        ("Who approves level 3 trips?", "level 4?", "Who approves level 4 trips?"),
        ("What does demurrage mean?", "and detention?", "What does detention mean?"),
        ("How much diesel is in Karsk?", "what about petrol?", "How much petrol is in Karsk?"),
        ("How much diesel is in Karsk?", "and in Velin?", "How much diesel is in Velin?"),
        ("Is the truce agreed?", "and the cost?", "what is the cost of the truce?"),
        # phrases and times
        ("How many came in 2023?", "and in 2024?", "How many came in 2024?"),
        ("How many came in January 2026?", "and in March?", "How many came in March 2026?"),
        ("How many came in January?", "and in 2024?", "How many came in 2024?"),
        ("How many came in June 2026?", "and in May?", "How many came in May?"),
        ("Is the hut open at Easter?", "and new year?", "Is the hut open at new year?"),
        ("Who joined in the new year?", "and in May?", "Who joined in May?"),
        (
            "When is the hut open?",
            "what about Easter Monday",
            "When is the hut open on Easter Monday",
        ),
        ("Who is on watch on 28 December?", "and on the 30th?", "Who is on watch on 30 December?"),
        ("Who is on watch on May 3rd?", "and the 4th", "Who is on watch on May 4?"),
        ("Who won the second round?", "and the first?", "Who won the first round?"),
        ("When does the move take place?", "for the medics?", "When does the move take place for"),
        ("What if the pass closes?", "and if the bridge closes?", "What if the bridge closes?"),
        # lone question words
        ("When was the office closed?", "why?", "why was the office closed?"),
        ("Is conscription back?", "since when?", "since when is conscription back?"),
        ("Were any doses rejected?", "how many?", "how many doses were rejected?"),
        ("Who signs the lease?", "by when?", "Who signs the lease, and by when?"),
        ("Would Norway send troops?", "why not?", "why would Norway not send troops?"),
        # words that tell things of one kind apart
        ("price of the cold lunch", "and warm?", "price of the warm lunch"),
        ("Who has the night shift on Friday?", "early?", "Who has the early shift on Friday?"),
        ("how much is a full plot?", "and half?", "how much is a half plot?"),
        ("how many Nobel Prizes have IBM's staff won?", "and Turing Awards?", "how many Turing A"),
        # times
        ("Who is on call on Sunday?", "who works late that day?", "who works late on Sunday?"),
        ("when may I drill?", "and on Saturdays?", "when may I drill on Saturdays?"),
        # persons, and what is done
        ("who is the treasurer?", "and before her?", "who is the treasurer before?"),
        ("who is the treasurer?", "how long did he do it?", "how long did the treasurer do it?"),
        ("who leads the tour?", "is it ok for wheelchairs?", "is the tour ok for wheelchairs?"),
        ("what does a protest cost?", "do I get that back?", "do I get a protest back?"),
        ("how much is the darkroom?", "deposit?", "what is the deposit of the darkroom?"),
        # one's own case, and what one means
        ("How do I file an order?", "I am in Oslo.", "How do I file an order in Oslo"),
        (
            "Which is the largest river in America?",
            'That was not my question. When I say "America," I\'m referring to the continent.',
            "Which is the largest river in America, the continent",
        ),
        # clauses
        (
            "who runs the depot?",
            "and if she cannot be reached?",
            "who runs the depot if she can",
        ),
        ("Who signs the lease?", "if the landlord refuses?", "Who signs the lease if the landlord"),
        # what does not say of what
        ("How long may one stay at level three?", "any exceptions?", "About level three: any exc"),
        (
            "How long may one stay at level three?",
            "what are the risks?",
            "what are the risks of lev",
        ),
        ("Who drives the bus?", "is there a deputy?", "About the bus: is there a deputy?"),
        ("Is football like rugby?", "how many teams?", "About football: how many teams?"),
        # the other one
        ("Who drives tanker 4?", "and the other one?", "Who drives the other tanker?"),
        (
            "Which tanker was repaired?",
            "what about the others?",
            "Which other tanker was repaired?",
        ),
        # more lone question words
        ("How long may one stay in Velin?", "why?", "How long may one stay in Velin, and why?"),
        ("When was the office closed?", "why is that?", "why was the office closed?"),
        ("When was the office closed?", "whats the reason?", "why was the office closed?"),
        ("Who signs the lease, and by when?", "where exactly?", "Who signs the lease, and where?"),
        # as people type
        (
            "what is the per diem in oslo",
            "wat about stockholm",
            "what is the per diem in stockholm",
        ),
        ("what is the per diem in oslo", "adn in norway?", "what is the per diem in norway?"),
        ("how many seats does heron 4 have", "who drives it?", "who drives heron 4?"),
        (
            "How many doses reached Dorosh?",
            "how much did that cost?",
            "About the doses: how much did that cost?",
        ),
        ("how many doses reached dorosh", "how much did that cost", "About the doses: how much"),
        # going on
        (ROLES, "tell me more", "tell me more about Norway's force"),
        (ROLES, "anything else?", "anything else about Norway's force?"),
        (ROLES, "who decides?", "About Norway's force: who decides?"),
        (ROLES, "who said that?", "About Norway's force: who said that?"),
    ],
)
def test_what_a_follow_up_lacks_comes_from_the_question_before(
    before: str, typed: str, expected: str
) -> None:
    found = rewrite(typed, [Turn(before)])
    assert found.question.startswith(expected)
    assert found.carried


@pytest.mark.parametrize(
    "typed",
    [
        "what is the hotel's wifi password?",
        "Under what condition would Norway's force go?",
        "coalition members",
        "hibernation",
        "Is it true that Finland never ended conscription?",
        "How long does it take to drive to Karsk?",
        "How many people are there in the plan?",
        "is there rest leave in Stanova?",
        "does the warehouse need its own generator?",
        "If a logger stops, what happens to it?",
        "Who said that Norway is ready?",
        "Which vendor could not name its subcontractors?",
        "what share of its budget does Sweden spend on defence",
        "what must a hotel have that comes onto the list?",
        "what about when a traveller is late?",
        "what do I do if I am detained?",
        "what is the plan for this year?",
        "How to avoid an accident?",
        "what is the notice period for contracts",
        "who is the security adviser?",
        "What do you mean by demurrage? I know detention. Is that the same?",
        "thanks!",
        "",
        "???",
    ],
)
def test_a_question_that_stands_alone_is_left_as_it_was_typed(typed: str) -> None:
    found = rewrite(typed, [Turn(ROLES)])
    assert (found.question, found.carried) == (typed, ())


def test_a_new_question_is_taken_at_its_word() -> None:
    found = rewrite("New question: how large is the fleet?", [Turn(ROLES)])
    assert (found.question, found.carried) == ("how large is the fleet?", ())


def test_the_department_it_is_no_pronoun() -> None:
    before = "what is the cheapest cold room?"
    assert rewritten("total budget of IT in 2026", before) == "total budget of IT in 2026"
    assert "cold room" in rewritten("WHAT DOES IT COST?", before)


def test_a_topic_is_carried_through_a_turn_that_took_it_from_another() -> None:
    second = rewrite("what about Sweden?", [Turn(ROLES)])
    third = rewrite("how large would it be?", [Turn(ROLES), Turn(second.question)])
    assert third.question == "how large would Sweden's force be?"


def test_the_latest_subject_counts_after_a_change() -> None:
    assert rewritten("and relocation?", ROLES, "What is hibernation?") == "What is relocation?"


def test_a_person_comes_from_the_answer_only_where_no_question_names_one() -> None:
    shown = (Shown(quote="Prime Minister Ada Lund: sign the lease by 5 June."),)
    asked = Turn("Who signs the lease?", shown)
    assert rewrite("when does she sign?", [asked]).question == "when does Ada Lund sign?"
    named = Turn("Does Olga Berg sign the lease?", shown)
    assert rewrite("when does she sign?", [named]).question == "when does Olga Berg sign?"


def test_of_several_people_in_an_answer_nobody_is_taken_for_the_one_who_was_meant() -> None:
    shown = (Shown(quote="Ada Lund and Olga Berg sign the lease."),)
    assert rewrite("when does she sign?", [Turn("Who signs the lease?", shown)]).carried == ()
    shown = (Shown(quote="Olga Berg: book lorries.\nAda Lund: sign the lease."),)
    found = rewrite("when does she sign?", [Turn("Who signs the lease?", shown)])
    assert found.question == "when does Ada Lund sign?"


def test_a_topic_comes_from_the_answer_only_where_no_question_has_one() -> None:
    turn = Turn("why?", (Shown(heading=("Closing", "The Lipova office")),))
    assert rewrite("tell me more", [turn]).question == "tell me more about The Lipova office"
    assert rewrite("tell me more", [Turn("why?")]).carried == ()


def test_a_person_comes_from_what_somebody_else_replied() -> None:
    asked = Turn("who founded it?", reply="It was founded in 2014. Ada Lund founded it in Oslo.")
    assert rewrite("what did she do next?", [asked]).question == "what did Ada Lund do next?"


def test_a_person_whom_only_the_excerpts_name_is_looked_for_around_them() -> None:
    found = rewrite("when does she sign?", [Turn("Who signs the lease?")])
    assert (found.carried, found.follow_up) == ((), FollowUpKind.ON)


def test_names_are_written_as_the_answer_writes_them() -> None:
    shown = (Shown(quote="The depot in Karsk holds diesel, and that in Velin does not."),)
    asked = Turn("how much diesel is in karsk", shown)
    assert rewrite("and velin?", [asked]).question == "how much diesel is in Velin?"


def test_a_word_in_a_longer_name_is_no_name() -> None:
    shown = (
        Shown(quote="Karsk | Diesel | 24700 | Low | Bystra Petrol | Delivery to Bystra Petrol"),
    )
    asked = Turn("How much diesel was in stock in Karsk?", shown)
    found = rewrite("what about petrol?", [asked])
    assert found.question == "How much petrol was in stock in Karsk?"


def test_what_stands_in_the_same_column_of_a_table_is_alike() -> None:
    shown = (Shown(quote="Site | Fuel\nKarsk | Diesel\nVelin | Petrol"),)
    asked = Turn("how much diesel is in karsk", shown)
    assert rewrite("and velin?", [asked]).question == "how much diesel is in velin?"
    assert rewrite("and petrol?", [asked]).question == "how much petrol is in karsk?"


@pytest.mark.parametrize(
    "typed",
    ["why?", "who decides that?", "how large would it be?", "any exceptions?", "since when?"],
)
def test_a_question_about_what_was_shown_is_also_put_as_it_was_typed(typed: str) -> None:
    assert rewrite(f"and {typed}", [Turn(ROLES)]).near == typed


def test_four_turns_are_carried_through() -> None:
    turns: list[Turn] = []
    for typed in ("who runs the Karsk depot", "when was it built?", "and the Velin one?"):
        turns.append(Turn(rewrite(typed, turns).question))
    assert rewrite("who built it?", turns).question == "who built the Velin depot?"


def test_the_same_question_again_stands_as_it_was_asked() -> None:
    turns = [Turn("what did she say?"), Turn("what is its budget?")]
    assert rewrite("what is its budget?", turns).question == "what is its budget?"


def test_a_question_asked_in_vain_is_completed_by_what_was_said_since() -> None:
    asked = "how old is it?"
    turns = [Turn(asked), Turn("Who drives the bus?")]
    assert rewrite(asked, turns).question == "how old is the bus?"


def test_what_was_carried_is_told() -> None:
    assert rewrite("how large is it?", [Turn(ROLES)]).carried == ("Norway's force",)


# Any text, and text that looks like a conversation.
_words = st.sampled_from(
    "what who how many when why the a its it that there them one and about for in Norway's force"
    " Sweden 2024 level 3 roles plan is would does take ? , : ' May more else".split()
)
_like_questions = st.lists(_words, max_size=12).map(" ".join)
_texts = st.one_of(st.text(max_size=200), _like_questions)
_turns = st.lists(
    st.builds(Turn, _texts, st.lists(st.builds(Shown, quote=_texts), max_size=2)), max_size=3
)


@given(_texts, _turns)
def test_rewriting_any_rewritten_text_changes_nothing(question: str, turns: list[Turn]) -> None:
    found = rewrite(question, turns)
    assert rewrite(found.question, turns).question == found.question
    assert rewrite(question, turns) == found


@given(_texts)
def test_without_a_conversation_nothing_changes(question: str) -> None:
    assert rewrite(question, []).question == question


@given(_texts, st.integers(min_value=1, max_value=60))
def test_nothing_grows_beyond_what_the_engine_takes(question: str, spare: int) -> None:
    long = "Norway's " + "x" * (LONGEST_QUESTION - spare) + " force"
    found = rewrite(question, [Turn(f"what roles would {long} take")])
    assert len(found.question) <= LONGEST_QUESTION


def test_a_long_question_is_no_follow_up() -> None:
    question = "and it " * 1_000
    assert rewrite(question, [Turn(ROLES)]).question == question


def test_the_conversations_are_as_many_and_as_mixed_as_the_figures_need() -> None:
    follow_ups = [turn for row in CONVERSATIONS for turn in row["turns"][1:]]
    assert len(CONVERSATIONS) >= 70
    assert sum(not turn["carries"] for turn in follow_ups) >= 20
    assert sum(row["kind"] == "change" for row in CONVERSATIONS) >= 10
    assert {row["half"] for row in CONVERSATIONS} == {"development", "held"}
    assert len({row["id"] for row in CONVERSATIONS}) == len(CONVERSATIONS)


@pytest.mark.parametrize("half", ["development", "held"])
def test_the_conversations_are_rewritten(half: str) -> None:
    """Without the engine: what is carried from answers is in the data."""
    decided = worded = count = 0
    for row in CONVERSATIONS:
        if row["half"] != half:
            continue
        turns: list[Turn] = []
        for asked in row["turns"]:
            question = asked["question"]
            if "carries" in asked:
                found = rewrite(question, turns)
                question = found.question
                count += 1
                decided += bool(found.carried) == asked["carries"]
                worded += _plain(question) in map(_plain, asked["expected"])
            answer = asked.get("answer", [])
            shown = [
                Shown(title=a["title"], heading=tuple(a["heading"]), quote=a["quote"])
                for a in answer
            ]
            turns.append(Turn(question, shown))
    # docs/QUALITY.md has the figures; below these floors something broke.
    assert decided / count >= 0.95
    assert worded / count >= 0.9


def _plain(question: str) -> str:
    return question.casefold().replace("’", "'").strip(" ?.!")


@pytest.mark.parametrize(
    ("before", "typed", "expected"),
    [
        ("per diem oslo", "and in Vienna?", "per diem Vienna?"),
        ("diesel stock karsk", "sorry, petrol", "petrol stock karsk"),
        ("tonnes karsk week 16", "velin?", "tonnes velin week 16?"),
    ],
)
def test_a_cell_takes_the_place_of_another_of_its_column(
    before: str, typed: str, expected: str
) -> None:
    columns = [
        frozenset(words.split()) for words in ("oslo vienna", "diesel petrol", "karsk velin")
    ]
    assert rewrite(typed, [Turn(before)], columns).question == expected


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        (
            "The depot in Velin opens at 7:00, the depot in Karsk at 8:00.",
            "hours of the Karsk depot",
        ),
        ("The Velin depot opens at 7:00, the Karsk depot at 8:00.", "hours of the Karsk depot"),
        ("The depots in Velin, Karsk and Dorosh open at 7:00.", "hours of the other depot"),
    ],
)
def test_the_other_one_is_told_by_its_name_where_the_answer_has_just_two(
    quote: str, expected: str
) -> None:
    turns = [Turn("hours of the Velin depot", [Shown(quote=quote)])]
    assert rewrite("no, the other depot", turns).question == expected


def test_a_thing_named_in_the_sentence_itself_is_meant_before_the_conversation() -> None:
    asked = "What if I make an encrypted image since the scanner can not read it?"
    assert rewritten(asked, "what is new in version 4?") == asked


@pytest.mark.parametrize(
    ("typed", "lacks"),
    [
        ("how much is it", True),
        ("when does it start?", True),
        ("what does that mean", True),
        ("who wrote this?", True),
        ("how does it end in Oslo?", False),
        ("is it raining", False),
        ("if a logger stops, what happens to it?", False),
        ("how long does it take to drive to the border", False),
        ("price", False),
    ],
)
def test_a_question_that_says_nothing_of_what_it_is_about(typed: str, lacks: bool) -> None:
    assert lacks_all(typed) is lacks
