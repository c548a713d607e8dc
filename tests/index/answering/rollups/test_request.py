"""Which list is asked for in so many words, and what only looks like it."""

from __future__ import annotations

from datetime import date

import pytest

from index.answering.kinds.listings import list_of
from index.answering.list_requests import Lists
from index.answering.rollups.request import parse_list_request

TODAY = date(2026, 6, 10)


@pytest.mark.parametrize(
    ("typed", "lists", "about", "days"),
    [
        ("list every phone number", Lists.PHONES, "", {}),
        ("what phone numbers do we have?", Lists.PHONES, "", {}),
        ("all contact numbers for Karsk", Lists.PHONES, "Karsk", {}),
        ("which e-mail addresses are mentioned", Lists.ADDRESSES, "", {}),
        ("show me all email addresses of the partners", Lists.ADDRESSES, "partners", {}),
        ("all deadlines in the next 30 days", Lists.DEADLINES, "", ("2026-06-10", "2026-07-10")),
        ("what deadlines are coming up", Lists.DEADLINES, "", {}),
        (
            "which deadlines do we have this month",
            Lists.DEADLINES,
            "",
            ("2026-06-01", "2026-06-30"),
        ),
        ("deadlines in July", Lists.DEADLINES, "", ("2026-07-01", "2026-07-31")),
        ("what's due next week?", Lists.DEADLINES, "", ("2026-06-15", "2026-06-21")),
        ("list deadlines for the donor report", Lists.DEADLINES, "donor report", {}),
        ("every figure on people reached", Lists.FIGURES, "people reached", {}),
        ("what figures do we have on people reached", Lists.FIGURES, "people reached", {}),
        ("Please give me every number about trips", Lists.FIGURES, "trips", {}),
        ("all decisions since May", Lists.DECISIONS, "", ("2026-05-01", None)),
        ("what decisions were made since May", Lists.DECISIONS, "", ("2026-05-01", None)),
        ("everything that was decided about the ferry", Lists.DECISIONS, "ferry", {}),
        ("list all dates in June", Lists.DATES, "", ("2026-06-01", "2026-06-30")),
        ("could you give me a list of all deadlines?", Lists.DEADLINES, "", {}),
    ],
)
def test_what_is_listed(typed: str, lists: Lists, about: str, days: object) -> None:
    found = parse_list_request(typed, TODAY)
    assert found
    assert (found.lists, found.about) == (lists, about)
    told = found.days()
    assert (told and (told.get("first"), told.get("last"))) == days


@pytest.mark.parametrize(
    "typed",
    [
        "what is the deadline for the report",
        "who decided to move the warehouse",
        "what was decided on 7 May",
        "what decisions were made on 7 May",
        "what are the decisions of the meeting of 7 May",
        "what is the phone number of Ines Vidal",
        "how many people were reached in March",
        "give me the number of vehicles",
        "what is the figure for March",
        "what is due to the weather",
        "list all escorts",
        "which numbers are on the trucks",
        "every day of the week",
        "what date is the meeting",
        "list the steps to change a tyre",
        "list all figures",
    ],
)
def test_what_asks_for_no_list(typed: str) -> None:
    assert parse_list_request(typed, TODAY) is None


@pytest.mark.parametrize(
    ("typed", "lists", "about"),
    [
        ("decisions", Lists.DECISIONS, ""),
        ("Decisions about the ferry", Lists.DECISIONS, "ferry"),
        ("dates", Lists.DATES, ""),
        ("phone numbers", Lists.PHONES, ""),
        ("mail addresses", Lists.ADDRESSES, ""),
        ("figures on people reached", Lists.FIGURES, "people reached"),
    ],
)
def test_a_sort_alone_is_all_of_it(typed: str, lists: Lists, about: str) -> None:
    found = list_of(typed, TODAY)
    assert (found.lists, found.about) == (lists, about)


@pytest.mark.parametrize(
    ("typed", "about", "first"),
    [
        ("Norway", "Norway", None),
        ("data protection", "data protection", None),
        ("escorts since May 2026", "escorts", "2026-05-01"),
        ("everywhere we mention diesel prices", "diesel prices", None),
        ("every briefing that mentions Norway", "Norway", None),
        ("list all places where Karsk is mentioned", "Karsk", None),
        ('which documents mention "people reached"?', '"people reached"', None),
        ("what mentions the ferry?", "ferry", None),
    ],
)
def test_all_else_is_a_topic(typed: str, about: str, first: str | None) -> None:
    found = list_of(typed, TODAY)
    assert (found.lists, found.about) == (Lists.MENTIONS, about)
    assert found.days().get("first") == first
