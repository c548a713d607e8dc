from __future__ import annotations

from datetime import date

import pytest

from index.answering.scope.moment import AskedMoment
from index.answering.understanding.moments import asked_moment, asks_whether_it_holds, is_version

TODAY = date(2026, 11, 29)


def moment(question: str) -> AskedMoment:
    return asked_moment(question, TODAY)


@pytest.mark.parametrize(
    "question",
    [
        "what is the allowance?",
        "what is the allowance now",
        "what is the latest allowance",
        "when does the desk open on Monday?",
        "is the desk open in December?",
        "how many people were trained since May?",
        "what must be done by 31 December 2026?",
        "who may book a flight?",
        "how old is the bridge?",
        "who restored the old harbour?",
    ],
)
def test_what_holds_today(question: str) -> None:
    assert moment(question).is_now


@pytest.mark.parametrize(
    ("question", "day", "rest"),
    [
        ("what was the limit as of May 2026?", date(2026, 5, 31), "what was the limit?"),
        ("what was the limit before 3 June 2026?", date(2026, 6, 2), "what was the limit?"),
        ("what was the limit last year?", date(2025, 12, 31), "what was the limit?"),
        ("what was the limit in June?", date(2026, 6, 30), "what was the limit?"),
        ("what will the limit be in 2027?", date(2027, 12, 31), "what will the limit be?"),
    ],
)
def test_a_day(question: str, day: date, rest: str) -> None:
    found = moment(question)
    assert (found.day, found.rest) == (day, rest)


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("what was the limit previously?", "what was the limit?"),
        ("what was the limit before the update?", "what was the limit?"),
        ("what was the limit in the old policy?", "what was the limit?"),
        ("the previous travel policy on trains", "the travel policy on trains"),
    ],
)
def test_what_was_replaced(question: str, rest: str) -> None:
    assert moment(question) == AskedMoment(before=True, rest=rest)


def test_a_version() -> None:
    assert moment("what was the limit in version 2?").version == "2"
    assert is_version("2.0", "2")
    assert is_version("v 2", "2.0")
    assert not is_version("2.1", "2")


def test_a_year_is_named_and_no_day_where_it_is_that_of_a_document() -> None:
    assert moment("the 2025 price list") == AskedMoment(years=frozenset({"2025"}))
    assert moment("what was spent in 2025?").years == {"2025"}
    assert moment("what was it last winter?").years == {"2025", "2026"}
    assert moment("the 2025/26 price list").years == {"2025", "2026"}
    assert moment("the list of 2026-05-01").years == {"2026"}
    assert moment("a grant of 2,025 euros or €2025").years == frozenset()


@pytest.mark.parametrize(
    "message",
    [
        "is this still current?",
        "Is that still valid",
        "and is it up to date?",
        "does this still apply?",
        "still valid?",
        "has it been replaced?",
        "how old is this?",
        "is it the latest version?",
        "are these outdated already?",
    ],
)
def test_a_follow_up_asks_whether_it_holds(message: str) -> None:
    assert asks_whether_it_holds(message)


@pytest.mark.parametrize(
    "message",
    [
        "is the pump still current?",
        "is this what applies to drivers?",
        "how old is the bridge?",
        "what is current?",
        "why is this still valid for visitors of the site?",
    ],
)
def test_another_follow_up_does_not(message: str) -> None:
    assert not asks_whether_it_holds(message)
