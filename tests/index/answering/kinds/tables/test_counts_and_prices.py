"""Counts below a header, prices in a currency, and who delivers what, by tables alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.answering.kinds.tables.tables import answer_table
from index.answering.scope import Findings
from index.answering.tuning import TUNING
from index.parsing.limits import ParsingLimits
from index.parsing.parser import parse_bytes
from index.store.generation import Generation
from testing.fakes import document_of
from tests.index.answering.scopes import scope_of

STOCK = """\
# Stock

| Article | Unit price EUR | Supplier |
| --- | --- | --- |
| Helmet | 14.50 | Nordsafe |
| Sea boots | 61.90 | Nordsafe |
| Gloves | 3.20 | Handverk |
"""
WATCH = """\
# Watch

| Date | Quay watch | Night watch | Cook |
| --- | --- | --- | --- |
| 28 December | Sato | Ruiz | Lind |
| 29 December | Ruiz | Ruiz | Moen |
| 30 December | Ruiz | Holm | Moen |
"""
RATES = """\
# Rates

| Boat | Kind | Day rate NOK | Week rate NOK |
| --- | --- | --- | --- |
| Tern | sailing | 2400 | 14500 |
| Gull | sailing | 4300 | 26000 |
| Skua | rowing | 300 | 1500 |
"""
CREW = """\
# Crew

| Name | Role | Cabin |
| --- | --- | --- |
| Ada Lund | Skipper | fore |
| Bo Krag | Skipper | aft |
| Cai Moe | Cook | aft |
"""
POSTS = """\
# Posts at the lock

| Date | Early post | Late post | Lock |
| --- | --- | --- | --- |
| 1 May 2026 | Ines Roth | Odd Vik | North |
| 2 May 2026 | Odd Vik | Ines Roth | South |
| 3 May 2026 | Lea Berg | Ines Roth | North |
| 4 June 2026 | Ines Roth | Lea Berg | South |
| 5 June 2026 | Odd Vik | Ines Roth | North |
"""
ACCOUNTS = """\
# Accounts

| | 2030 | 2031 |
| --- | --- | --- |
| Insurance | £1,240 | £1,395 |
| Moorings given | £400 | £900 |
"""
COURSES = """\
# Courses

| Course | Length | External fee | Internal fee | Capacity | Ends |
| --- | --- | --- | --- | --- | --- |
| Splicing rope | 1 h 45 | £30 | £20 | 12 | 3 March 2031 |
| Splicing wire | 2 h | £60 | £20 | 8 | 9 January 2031 |
| Charts | 90 min | £20 | £45 | 40 | 1 May 2031 |
"""
OFFICES = """\
# Offices

| Office | Elected | Votes |
| --- | --- | --- |
| Buoy keeper | not filled | 0 |
| Treasurer | Ada Lund | 40 |

# Tasks

| Who | What | By |
| --- | --- | --- |
| Bo Krag | Find a buoy keeper | May 2031 |
"""
FERRIES = """\
# Ferries

| Ferry | Repairs 2030 | Repairs 2031 | Next inspection | State | Berth |
| --- | --- | --- | --- | --- | --- |
| Auk | 1450 | 2310 | 14 May 2032 | in use | East |
| Dab | 6120 | 4890 | 30 March 2032 | in repair | West |
| Roe | 5230 | 7440 | 21 August 2032 | in use | East |
"""
CHANDLERY = """\
# Chandlery

| Ware | Quay | Quantity | Unit | Reorder level | Spoils | Unit price (GBP) |
| --- | --- | --- | --- | --- | --- | --- |
| Tar | Inner | 40 | tins | 60 | 28 February 2033 | 8.40 |
| Tar | Outer | 35 | tins | 40 | 31 January 2033 | 8.40 |
| Twine | Inner | 9 | reels | 10 | 30 June 2033 | 19.95 |
| Hemp twine | Outer | 4 | reels | 10 | 30 June 2034 | 3.10 |
| Deck bench | Inner | 6 | pieces | 2 | - | 6.10 |
| Deck bench | Outer | 5 | pieces | 2 | - | 6.10 |
"""
LENT = """\
# Lent

| Object | Borrower | Back on | Insured (EUR) |
| --- | --- | --- | --- |
| Astrolabe | Kunsthal | 26 June 2032 | 310,000 |
| Sextant | Seaman's house | 3 May 2032 | 42,000 |
"""
HIRE = """\
# Hire

| Vessel | Hour (EUR) | Day (EUR) |
| --- | --- | --- |
| Skiff | 12 | 70 |
| Yawl | 31 | 180 |
"""
TASKS = """\
# Chores

| Chore | Due |
| --- | --- |
| Scrub the hull | 1 January 2031 |
| Paint the mast | 2 January 2031 |
"""
ARTICLES = [
    document_of(f"Article {n} of the charter is an article on article {n}.", name=f"{n}.txt")
    for n in range(4)
]
"""More that have the word than are searched for tables at first."""
FEW = replace(TUNING, table_passages=3)


_FILES = {
    "stock.md": STOCK,
    "watch.md": WATCH,
    "rates.md": RATES,
    "crew.md": CREW,
    "p.md": POSTS,
    "accounts.md": ACCOUNTS,
    "courses.md": COURSES,
    "offices.md": OFFICES,
    "ferries.md": FERRIES,
    "chandlery.md": CHANDLERY,
    "chores.md": TASKS,
    "lent.md": LENT,
    "hire.md": HIRE,
}
_TABLES = [
    parse_bytes(text.encode(), name, ".md", limits=ParsingLimits()) for name, text in _FILES.items()
]
DOCUMENTS = [*_TABLES, *ARTICLES]


@pytest.mark.parametrize(
    ("typed", "firsts", "computed"),
    [
        ("how many articles does Nordsafe supply", ["Helmet", "Sea boots"], ["2"]),
        ("how many night watches does Ruiz have", ["28 December", "29 December"], ["2"]),
        ("how many quay watches does Ruiz have", ["29 December", "30 December"], ["2"]),
        ("how many late posts has Ines", ["2 May 2026", "3 May 2026", "5 June 2026"], ["3"]),
        ("how many late posts has Ines in May", ["2 May 2026", "3 May 2026"], ["2"]),
        ("how many late posts has Ines Roth in June", ["5 June 2026"], ["1"]),
        ("how many late posts do Ines and Lea have", None, []),
        ("which day has Ines Roth the late post", ["2 May 2026", "3 May 2026", "5 June 2026"], []),
        ("when does Lea Berg have the early post", ["3 May 2026"], []),
        ("which day has Lea the early post", ["3 May 2026"], []),
        ("who delivers sea boots", ["Sea boots"], []),
        ("articles under 20 euro", ["Helmet", "Gloves"], []),
        ("cheapest article", ["Gloves"], ["3.20"]),
        ("how many sailing boats are there", ["Tern", "Gull"], ["2"]),
        ("how many skippers are there", ["Ada Lund", "Bo Krag"], ["2"]),
        ("cheapest boat", ["Skua"], ["300"]),
        ("how much more was paid for insurance in 2031 than in 2030", ["Insurance"], ["155 GBP"]),
        ("difference in moorings between 2030 and 2031", ["Moorings given"], ["500 GBP"]),
        ("insurance 2031 compared to 2030", ["Insurance"], []),
        ("longest course", ["Splicing wire"], ["2 h"]),
        ("most expensive course for external users", ["Splicing wire"], ["£60"]),
        ("cheapest external splicing course", ["Splicing rope"], ["£30"]),
        ("which course ends first", ["Splicing wire"], ["9 January 2031"]),
        ("which course ends last", ["Charts"], ["1 May 2031"]),
        ("which course holds fewer than 10 people", ["Splicing wire"], []),
        ("ferry with the highest repairs 2031", ["Roe"], ["7440"]),
        ("which ferry is in repair", ["Dab"], []),
        ("which ferry is inspected first", ["Dab"], ["30 March 2032"]),
        ("which ferry is painted first", None, []),
        ("which ferry was inspected longest ago", ["Dab"], ["30 March 2032"]),
        ("what comes back first", ["Sextant"], ["3 May 2032"]),
        ("what did the sextant cost", None, []),
        ("daily rate of the skiff", ["Skiff"], []),
        ("hourly fee for a skiff", ["Skiff"], []),
        ("what is the sextant insured for", ["Sextant"], []),
        ("who is the buoy keeper", ["Buoy keeper"], []),
        ("how many tern are there", None, []),
        ("how many watches does Ruiz have", None, []),
        ("how many night watches does Berg have", None, []),
        ("how many night watches does Moen have", None, []),
        ("who mends sea boots", None, []),
        ("how many tins of tar do we have", ["Tar", "Tar"], ["75"]),
        ("how many tar tins in total", ["Tar", "Tar"], ["75"]),
        ("how many deck benches are there", ["Deck bench", "Deck bench"], ["11"]),
        ("how many tins of tar do we need", None, []),
        ("how many tar buyers do we have", None, []),
        ("how many reels do we have", ["Twine", "Hemp twine"], ["13"]),
        ("what spoils first", ["Tar"], ["31 January 2033"]),
        ("most expensive ware", ["Twine"], ["19.95"]),
        ("articles under 20 dollars", None, []),
    ],
)
def test_what_tables_answer(
    generation: Generation, typed: str, firsts: list[str] | None, computed: list[str]
) -> None:
    scope = scope_of(generation)
    found = answer_table(typed, Findings(), scope, FEW)
    if firsts is None:
        assert found is None
        return
    assert found is not None
    assert [each.quote.strip("| ").split(" | ")[0] for each in found.excerpts] == firsts
    assert [each.value for each in found.computed] == computed
