"""Who is on duty today, by a table whose rows hold from a day on."""

from __future__ import annotations

from datetime import date

import pytest

from index.answering.kinds.tables.rosters import answer_roster
from index.answering.scope import Findings
from index.parsing.limits import ParsingLimits
from index.parsing.parser import parse_bytes
from index.store.generation import Generation
from tests.index.answering.scopes import scope_of

ROSTER = """\
# Watch on the quay, winter

| Week | From | On watch | Deputy |
| --- | --- | --- | --- |
| 52 | 21 December | Ada Lund | Bo Krag |
| 53 | 28 December | Cai Moe | Ada Lund |
| 1 | 4 January | Dag Vik | Cai Moe |
"""
BOATS = """\
# Boats

| Boat | Built | Watch |
| --- | --- | --- |
| Tern | 2 May 2019 | none |
| Gull | 3 June 2020 | none |
"""
NIGHTS = """\
# Nights in the yard

| Week | Guard |
| --- | --- |
| 47 | Eli Hox |
| 48 | Fay Ilk |
"""
MONDAY = date(2026, 12, 28)


DOCUMENTS = [
    parse_bytes(text.encode(), name, ".md", limits=ParsingLimits())
    for name, text in (("roster.md", ROSTER), ("boats.md", BOATS), ("nights.md", NIGHTS))
]


@pytest.mark.parametrize(
    ("typed", "today", "weeks"),
    [
        ("who is on watch this week?", MONDAY, ["53"]),
        ("who's on watch today", MONDAY, ["53"]),
        ("whos deputy right now", MONDAY, ["53"]),
        ("on watch next week", MONDAY, ["1"]),
        ("who is on watch tomorrow", date(2027, 1, 3), ["1"]),
        ("who is on watch on 31 December 2026", date(2026, 11, 2), ["53"]),
        ("who is on watch on Friday", MONDAY, ["53"]),
        ("who is on watch today", date(2026, 12, 27), ["52"]),
        ("who is on watch next month", date(2026, 12, 7), ["53", "1"]),
        ("who is on watch today", date(2027, 2, 1), []),
        ("who was on watch last week", MONDAY, []),
        ("who is on watch", MONDAY, []),
        ("who is ill this week", MONDAY, []),
        ("who is on watch on the moon this week", MONDAY, []),
        ("what is new this week", MONDAY, []),
    ],
)
def test_the_row_that_holds_at_the_time(
    generation: Generation, typed: str, today: date, weeks: list[str]
) -> None:
    scope = scope_of(generation, today=today)
    found = answer_roster(typed, Findings(), scope)
    shown = found.excerpts if found else ()
    assert [excerpt.quote.split(" | ")[0].strip("| ") for excerpt in shown] == weeks
    assert all(excerpt.document == "roster.md" and excerpt.header for excerpt in shown)


@pytest.mark.parametrize(
    ("typed", "today", "guards"),
    [
        ("who is guard this week?", date(2026, 11, 16), ["47 | Eli Hox"]),
        ("guard next week", date(2026, 11, 22), ["48 | Fay Ilk"]),
        ("who is guard on 24 November", date(2026, 11, 2), ["48 | Fay Ilk"]),
        ("who is guard this week?", date(2026, 11, 30), []),
    ],
)
def test_weeks_may_have_numbers_alone(
    generation: Generation, typed: str, today: date, guards: list[str]
) -> None:
    found = answer_roster(typed, Findings(), scope_of(generation, today=today))
    shown = found.excerpts if found else ()
    assert [excerpt.quote.strip("| ") for excerpt in shown] == guards


def test_who_may_not_see_it_is_told_nothing(generation: Generation) -> None:
    scope = scope_of(generation, ["boats.md"], MONDAY)
    assert answer_roster("who is on watch this week?", Findings(), scope) is None
