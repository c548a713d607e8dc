"""Statements that are said to contradict each other and do not, or that do and are not found."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.chunking.chunker import ChunkLimits, split
from index.claims.contradiction import contradiction
from index.claims.keys import keys_of
from index.claims.reading import read, read_briefly
from index.claims.statement import Statement, read_line, read_row, statements_of
from index.claims.words import terms_of
from index.document import Span
from index.parsing.limits import ParsingLimits
from index.parsing.parser import parse_bytes
from testing.budget import amount
from testing.fakes import count_words, document_of
from tests.index.claims.pairs import pairs

PAIRS = pairs()
LEAST_PRECISION, LEAST_RECALL = 0.9, 0.5
WORDS = (
    "depot opens convoy holds diesel 8:00 12 litres not must is the of Karsk a | : - % €".split()
)
TEXTS = st.one_of(st.text(max_size=80), st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join))


@pytest.mark.parametrize("part", ["tuned", "last", "places", "places last", "ferries", "hospital"])
def test_those_found_are_right_and_more_than_half(part: str) -> None:
    of_part = [pair for pair in PAIRS if pair.part == part]
    assert len(of_part) >= 20
    found = [pair for pair in of_part if pair.found]
    right = [pair for pair in found if pair.contradict]
    assert len(right) / len(found) >= LEAST_PRECISION
    assert len(right) / sum(pair.contradict for pair in of_part) >= LEAST_RECALL


def test_half_of_the_pairs_only_seem_to_contradict() -> None:
    assert len(PAIRS) >= 300
    assert 0.4 <= sum(pair.contradict for pair in PAIRS) / len(PAIRS) <= 0.5


def test_what_differs_is_named_and_lies_in_the_statement() -> None:
    for pair in PAIRS:
        if (found := pair.found) and pair.contradict:
            assert found.kind == pair.why, pair
            for span, statement in ((found.one, pair.one), (found.other, pair.other)):
                assert statement.span.contains(span)
                assert span.of(statement.text).strip()


def test_what_is_valid_is_not_said_by_the_day_alone() -> None:
    one, other = "Valid from 1 January 2026.", "Valid from 1 February 2026."
    fees, prices = (
        read_line(one, "a.md", title="Berth fees"),
        read_line(other, "b.md", title="Price list"),
    )
    assert contradiction(fees, prices) is None


def test_it_is_symmetric_and_nothing_contradicts_itself() -> None:
    for pair in PAIRS:
        back = contradiction(pair.other, pair.one)
        assert bool(back) == bool(pair.found), pair
        if back and pair.found:
            assert back.kind == pair.found.kind, pair
        for each in (pair.one, pair.other):
            assert contradiction(each, replace(each, document="copy.md")) is None


def test_what_contradicts_has_a_key_in_common() -> None:
    found = [pair for pair in PAIRS if pair.found]
    apart = [pair for pair in found if not _are_compared(pair.one, pair.other)]
    assert len(apart) <= 0.01 * len(found), apart


def _are_compared(one: Statement, other: Statement) -> bool:
    """Return whether two statements have a key under which they may be of the same."""
    keys, keys_of_other = keys_of(one), keys_of(other)
    both = keys.keys() & keys_of_other.keys()
    return any(keys[key].may_be_of_the_same(keys_of_other[key]) for key in both)


def test_statements_of_other_things_are_told_apart_by_their_keys() -> None:
    one, other = of("The depot of Karsk holds 40 tents."), of("The depot holds 60 tents.", "two.md")
    assert _are_compared(one, other)  # only one of them says more than the other knows
    assert not _are_compared(one, of("The depot of Velin holds 60 tents.", "two.md"))
    old = "The depot of Karsk by the old harbour, now a shelter, holds 60 tents."
    assert not _are_compared(one, of(old, "two.md"))  # it says too much that the other does not
    assert _are_compared(of("Crew: 7", title="Bridge card Terne"), of("Terne has a crew of eight."))


def of(text: str, document: str = "one.md", title: str = "") -> Statement:
    return read_line(text, document, 0, title)


@given(TEXTS, TEXTS)
def test_any_two_texts_are_compared_the_same_both_ways(one: str, other: str) -> None:
    first, second = of(one), of(other, "other.md")
    assert bool(contradiction(first, second)) == bool(contradiction(second, first))
    assert contradiction(first, of(one, "copy.md")) is None


@given(
    st.integers(1, 400), st.sampled_from([("kg", "t", 1000), ("m", "km", 1000), ("min", "h", 60)])
)
def test_units_are_converted(number: int, units: tuple[str, str, int]) -> None:
    small, large, factor = units
    one = of(f"The crate of the expedition takes {number} {large}.")
    same = of(f"The crate of the expedition takes {number * factor} {small}.", "other.md")
    more = of(f"The crate of the expedition takes {number * factor * 3} {small}.", "other.md")
    assert contradiction(one, same) is None
    assert contradiction(one, more)


def test_a_question_makes_short_statements_comparable() -> None:
    one = of("The summer party is on 12 June.", title="Leave")
    other = of("The summer party is on 19 June.", "other.md", "Events")
    assert contradiction(one, other) is None
    assert contradiction(one, other, terms_of("When is the summer party?"))


@given(TEXTS)
def test_what_is_read_briefly_is_what_is_read(text: str) -> None:
    _check_brief(of(text))


def test_statements_are_read_briefly_as_they_are_read() -> None:
    for pair in PAIRS:
        _check_brief(pair.one)
        _check_brief(pair.other)


def _check_brief(statement: Statement) -> None:
    """Check that the key figures of an index are those that are compared."""
    assert [(each.terms, each.amounts, each.name) for each in read_briefly(statement)] == [
        (each.terms, each.amounts, each.name) for each in read(statement).clauses
    ]


def test_statements_of_one_document_must_be_of_the_same_word_for_word() -> None:
    one = of("The northern warehouse of the agency holds 400 tents.")
    other = replace(of("The northern warehouse of the agency holds 650 tents."), start=900)
    assert contradiction(one, other)
    assert (
        contradiction(of("The file has 4 pages."), replace(of("The file has 5 pages."), start=900))
        is None
    )


@pytest.mark.search
def test_what_was_read_takes_little_memory() -> None:
    tracemalloc.start()
    try:
        for number in range(2_000):
            read(
                of(f"The northern warehouse {number} of the agency in Karsk holds {number} tents.")
            )
        assert tracemalloc.get_traced_memory()[0] < 1_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("size", [amount(20)])
def test_long_texts_take_no_time(size: int) -> None:
    for text in ("1 " * 300, "the 5 km of " * 50, "not " * 150, "A " * 300, "8:00-" * 120):
        read(of((text * size)[:600]))


def test_what_the_question_names_is_not_set_against_another_thing() -> None:
    """Both answer "when is the next …?" alike, but of a drill and of a delivery."""
    asked = terms_of("when is the next fire drill?")
    drill, delivery, other = (
        read_line(f"The next {what}.", f"{number}.md")
        for number, what in enumerate(
            (
                "drill takes place on 10 December 2026",
                "delivery takes place on 12 October 2026",
                "drill takes place on 3 December 2026",
            )
        )
    )
    assert contradiction(drill, delivery, asked) is None
    assert contradiction(drill, other, asked) is not None


def test_rows_that_were_written_on_different_days_contradict_nothing() -> None:
    header = "Name | Extension | Updated"
    rows = [
        read_row(f"Petra Lind | {number} | {day}", header, f"{number}.csv", title="Telephones")
        for number, day in ((4433, "2024-05-01"), (4480, "2026-10-01"), (4490, "2026-10-01"))
    ]
    old, new, other = rows
    assert old is not None
    assert new is not None
    assert other is not None
    assert contradiction(old, new) is None
    assert contradiction(new, other) is not None


@pytest.mark.parametrize(
    ("one", "other", "differs"),
    [
        ("The curfew begins at 22:00.", "The curfew is from 21:00 to 05:00.", True),
        ("The curfew is from 21:00 to 05:00.", "The curfew ends at 06:00.", True),
        ("The shop opens at 8:00.", "The shop is open from 9:00 to 17:00.", True),
        ("The shop opens at 9:00.", "The shop is open from 9:00 to 17:00.", False),
        ("The shop opens at 8:00.", "The shop is open from 9:00 to 17:00 on Sundays.", False),
        ("The curfew begins at 22:00.", "The curfew ends at 05:00.", False),
    ],
)
def test_when_a_time_begins_is_held_against_from_when_to_when_it_is(
    one: str, other: str, differs: bool
) -> None:
    asked = terms_of("when is the curfew, and the shop open, begin and end?")
    found = contradiction(read_line(one, "a"), read_line(other, "b"), asked)
    assert bool(found) is differs


CALL = ("ANA: What is left?", "BEN: The budget of the depot is 5,000 euros.", "ANA: Thanks.")


@pytest.mark.parametrize(
    ("lines", "differs"),
    [(CALL, True), (CALL[1:], False), (CALL[:2], False)],
    ids=["a call", "nobody asks", "each once"],
)
def test_who_speaks_is_no_part_of_what_is_said(lines: tuple[str, ...], differs: bool) -> None:
    plan = read_line("The budget of the depot is 4,000 euros.", "plan.txt", title="Plan")
    limits = ChunkLimits(target=128, most=192, short=64)
    call = document_of("# Call", *lines, name="call.txt")
    statements = [s for p in split(call, count_words, limits) for s in statements_of(p)]
    assert any(contradiction(plan, statement) for statement in statements) is differs


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("The curfew is at 22:00 on weekdays.", "The curfew is at 23:00 on weekdays.", True),
        ("The gate closes at 22:00.", "The gate closes at 21:30.", True),
        ("Curfew: 20:00 to 5:00", "Curfew: 21:00 to 5:00", True),
        ("Check-in: 15:00", "Check-in: 14:00", False),
        ("The curfew is at 22:00 on weekdays.", "The curfew is at 23:00 on Saturdays.", False),
        ("The curfew is at 22:00 on weekdays.", "At Velin the curfew is at 19:00.", False),
        ("The meeting began at 9:00.", "The meeting began at 10:00.", False),
        ("The meeting is at 9:00.", "The meeting is at 10:00.", False),
    ],
)
def test_hours_of_the_same_rule_differ_whatever_stands_above(
    one: str, other: str, differ: bool
) -> None:
    first, second = (
        read_line(text, document=f"{title}.md", title=title)
        for text, title in ((one, "Life at the house"), (other, "Security briefing"))
    )
    assert bool(contradiction(first, second)) is differ


def test_each_sentence_is_a_statement_of_its_own() -> None:
    text = "- A pump stops at 6 mm/s. Dr. Faro tests it. See No. A 4. The tank holds 3.2 metres."
    limits = ChunkLimits(target=128, most=192, short=64)
    (passage,) = split(document_of(text, name="one.md"), count_words, limits)
    assert [(each.text, each.span) for each in statements_of(passage)] == [
        (piece, Span(text.index(piece), text.index(piece) + len(piece)))
        for piece in (
            "- A pump stops at 6 mm/s.",
            "Dr. Faro tests it.",
            "See No. A 4.",
            "The tank holds 3.2 metres.",
        )
    ]


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        (
            "Members send their forms by 31 January.",
            "Members send their forms by 15 January.",
            True,
        ),
        (
            "Members send their forms by 31 January.",
            "Members send their forms by 31 January.",
            False,
        ),
        ("By 3 May the shop sold 40 tickets.", "By 9 May the shop sold 40 tickets.", False),
        (
            "Members hear by 3 May which hall it is.",
            "Members hear by 9 May which hall it is.",
            False,
        ),
    ],
)
def test_until_when_something_is_to_be_done(one: str, other: str, differ: bool) -> None:
    assert bool(contradiction(of(one), of(other, "other.md"))) is differ


def test_what_goes_on_in_an_item_is_on_what_it_begins_with() -> None:
    text = b"- Films are lent for 7 days. The fine is 20 cents a day."
    item = parse_bytes(text, "one.md", ".md", limits=ParsingLimits())
    limits = ChunkLimits(target=128, most=192, short=64)
    (fine,) = (s for p in split(item, count_words, limits) for s in statements_of(p))
    assert contradiction(fine, of("The fine for films is 50 cents a day.", "other.md"))
    assert not contradiction(fine, of("The fine for books is 50 cents a day.", "other.md"))
