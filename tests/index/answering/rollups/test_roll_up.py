"""Lists over all documents: their counts against a search through the texts, and their order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.answering.excerpts.verification import verify
from index.answering.list_requests import Lists, RollUpRequest
from index.answering.rollups import roll_up as module
from index.answering.rollups.roll_up import verified_roll_up
from index.answering.tuning import TUNING
from index.decisions import Decisions
from index.document import Document
from index.parsing.limits import ParsingLimits
from index.parsing.parser import parse_bytes
from index.parsing.text.dates import Period
from index.store.folder.store import IndexStore
from index.store.generation import Generation
from testing.budget import amount
from testing.fakes import document_of, publish

TODAY = date(2026, 6, 10)
WORDS = "convoy convoys depot crane harbour ferry ferries diesel prices price".split()
STEMS = {"convoys": "convoy", "ferries": "ferry", "prices": "price"}
LINES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join)
MARKS = st.sampled_from(["", "", "* ", "# "])


def generation_of(folder: Path, *documents: Document) -> Generation:
    store = IndexStore(folder)
    publish(store, *documents)
    return store.open(None)


@st.composite
def documents(draw: st.DrawFn) -> list[Document]:
    found = []
    for number in range(draw(st.integers(1, 6))):
        lines = [draw(MARKS) + line for line in draw(st.lists(LINES, min_size=1, max_size=8))]
        name = f"{draw(st.sampled_from(['a', 'hidden']))}/{number}.txt"
        title = draw(LINES)
        found.append(replace(document_of(*lines, name=name), title=title))
    return found


def stem(word: str) -> str:
    return STEMS.get(word, word)


def words_in(text: str) -> list[str]:
    return [stem(word) for word in text.lstrip("#* ").split()]


def found_in(document: Document, topic: Sequence[str], *, leads: bool) -> int:
    """Count the lines that hold a topic, read from the text alone.

    With `leads`, the line before a list goes with each of its items; it may be in another passage.
    """
    count, heading, lead, before = 0, list[str](), list[str](), list[str]()
    was_item = False
    for line in document.text.splitlines():
        words, is_heading, is_item = words_in(line), line.startswith("# "), line.startswith("* ")
        if is_item and not was_item:
            lead = before  # the line that introduces a list goes with each of its items
        above = {
            *words_in(document.title),
            *(heading if not is_heading else ()),
            *(lead if is_item and leads else ()),
        }
        heading = words if is_heading else heading
        before, was_item = ([] if is_heading or is_item else words), is_item
        in_sequence = any(words[at : at + len(topic)] == list(topic) for at in range(len(words)))
        telling = set(topic)
        apart = len(telling) > 1 and telling & set(words) and telling <= {*words, *above}
        count += bool(in_sequence or apart)
    return count


def called(document: Document, topic: Sequence[str]) -> bool:
    title = words_in(document.title)
    in_sequence = any(title[at : at + len(topic)] == list(topic) for at in range(len(title)))
    return in_sequence or (len(set(topic)) > 1 and set(topic) <= set(title))


@settings(max_examples=amount(60), deadline=None)
@given(documents(), LINES.map(lambda line: " ".join(line.split()[:2])))
def test_counts_are_those_of_a_search_through_all_texts_that_may_be_seen(
    tmp_path_factory: pytest.TempPathFactory, written: list[Document], about: str
) -> None:
    topic = [stem(word) for word in about.split()]
    seen = [each for each in written if each.name.startswith("a/")]
    texts = {each.text: each for each in reversed(seen)}  # of equal bytes, the first counts
    least, most = (
        {
            each.name: count
            for each in texts.values()
            if (count := found_in(each, topic, leads=leads)) or called(each, topic)
        }
        for leads in (False, True)
    )
    generation = generation_of(tmp_path_factory.mktemp("index"), *written)
    names = {each.name for each in seen}
    request = RollUpRequest(Lists.MENTIONS, about)
    found = verified_roll_up(request, generation, names, today=TODAY, most=100)
    verify((row.quote for row in found.rows if row.quote), generation.catalog)
    rows = {row.document: row.further + (row.quote is not None) for row in found.rows}
    if len({each.text for each in seen}) == len(seen):
        assert least.keys() <= rows.keys() <= most.keys()
        assert all(least.get(name, 0) <= count <= most[name] for name, count in rows.items())
        assert found.extent.statements == sum(rows.values())
    assert found.extent.documents == len(rows) == len(found.rows)
    generation.catalog.close()


@settings(max_examples=amount(20), deadline=None)
@given(documents(), st.sampled_from(list(Lists)), LINES)
def test_hidden_documents_change_no_list(
    tmp_path_factory: pytest.TempPathFactory, written: list[Document], lists: Lists, about: str
) -> None:
    more = [
        replace(document_of(f"{about} cost 5 euros, due by 12 June 2026", name=f"{place}/x.txt"))
        for place in ("a", "hidden")
    ]
    seen = [each for each in (*written, *more) if each.name.startswith("a/")]
    without = generation_of(tmp_path_factory.mktemp("index"), *seen)
    beside = generation_of(tmp_path_factory.mktemp("index"), *written, *more)
    request, names = RollUpRequest(lists, about), {each.name for each in seen}
    expected = verified_roll_up(request, without, names, today=TODAY)
    assert verified_roll_up(request, beside, names, today=TODAY) == expected
    assert repr(verified_roll_up(request, without, today=TODAY)) == repr(expected)


def names_of(
    generation: Generation, about: str, decisions: Iterable[tuple[str, str]] = ()
) -> list[str]:
    request = RollUpRequest(Lists.MENTIONS, about)
    confirmed = Decisions(confirmed=frozenset(decisions))
    found = verified_roll_up(request, generation, today=TODAY, decisions=confirmed)
    return [row.document for row in found.rows]


def test_replaced_documents_come_last_and_say_by_what(tmp_path: Path) -> None:
    old = document_of("The crane", "The crane", name="old.txt")
    new = document_of("A crane", name="new.txt")
    generation = generation_of(tmp_path, old, new)
    assert names_of(generation, "crane") == ["old.txt", "new.txt"]
    decided = [("old.txt", "new.txt")]
    assert names_of(generation, "crane", decided) == ["new.txt", "old.txt"]
    request = RollUpRequest(Lists.MENTIONS, "crane")
    confirmed = Decisions(confirmed=frozenset(decided))
    rows = verified_roll_up(request, generation, today=TODAY, decisions=confirmed).rows
    assert rows[1].replaced_by
    assert rows[1].replaced_by.document == "new.txt"
    hidden = verified_roll_up(request, generation, ["old.txt"], today=TODAY, decisions=confirmed)
    assert hidden.rows[0].replaced_by is None


def test_copies_are_one_and_are_named(tmp_path: Path) -> None:
    copies = [document_of("The crane", name=name) for name in ("b.txt", "a.txt", "c.txt")]
    generation = generation_of(tmp_path, *copies)
    request = RollUpRequest(Lists.MENTIONS, "crane")
    found = verified_roll_up(request, generation, today=TODAY)
    assert (found.extent.documents, found.extent.statements) == (1, 1)
    assert (found.rows[0].document, found.rows[0].copies) == ("a.txt", ("b.txt", "c.txt"))
    found = verified_roll_up(request, generation, ["b.txt"], today=TODAY)
    assert (found.rows[0].document, found.rows[0].copies) == ("b.txt", ())


def test_a_page_is_a_part_of_the_whole(tmp_path: Path) -> None:
    generation = generation_of(
        tmp_path, *(document_of(f"Crane number {n}", name=f"{n:02}.txt") for n in range(12))
    )
    request = RollUpRequest(Lists.MENTIONS, "crane")
    whole = verified_roll_up(request, generation, today=TODAY, most=100)
    page = verified_roll_up(request, generation, today=TODAY, first=6, most=5)
    assert page.rows == whole.rows[5:10]
    assert page.extent == whole.extent
    assert not verified_roll_up(request, generation, today=TODAY, first=13).rows


def test_what_is_too_much_to_read_is_at_least_so_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generation = generation_of(
        tmp_path, *(document_of(f"Crane number {n}", name=f"{n:02}.txt") for n in range(12))
    )
    monkeypatch.setattr(module, "TUNING", replace(TUNING, rolled_up_passages=5))
    for lists in (Lists.MENTIONS, Lists.FIGURES):
        request = RollUpRequest(lists, "crane")
        extent = verified_roll_up(request, generation, today=TODAY).extent
        assert (extent.documents, extent.is_whole) == (5, False)


def test_of_a_time_documents_without_a_date_are_told(tmp_path: Path) -> None:
    dated = document_of("Date: 12 May 2026", "The crane", name="a.txt")
    generation = generation_of(tmp_path, dated, document_of("A crane", name="b.txt"))
    period = Period(date(2026, 5, 1), date(2026, 5, 31))
    request = RollUpRequest(Lists.MENTIONS, "crane", period)
    extent = verified_roll_up(request, generation, today=TODAY).extent
    assert (extent.documents, extent.undated) == (1, 1)


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("The report is due by 12 June 2026.", "2026-06-12"),
        ("Send the list no later than 15 June 2026.", "2026-06-15"),
        ("Register until Friday, 19 June 2026.", "2026-06-19"),
        ("Deadline: 30 June 2026", "2026-06-30"),
        ("The report of 1 May 2026 is due by 12 June 2026.", "2026-06-12"),
        ("12 June 2026 is the deadline for offers.", "2026-06-12"),
        ("They stayed until 12 June 2026.", None),
        ("The ship came on 12 June 2026.", None),
        ("It was late due to fog on 12 June 2026.", None),
        ("He had moved by 4 June 2026.", None),
    ],
)
def test_a_day_is_a_deadline_by_the_words_around_it(
    tmp_path: Path, line: str, day: str | None
) -> None:
    generation = generation_of(tmp_path, document_of("Date: 1 May 2026", line))
    found = verified_roll_up(RollUpRequest(Lists.DEADLINES), generation, today=TODAY)
    assert [row.day.first.isoformat() for row in found.rows if row.day] == ([day] if day else [])


@pytest.mark.parametrize(
    ("line", "always", "in_december"),
    [
        ("Claims must be in by the end of each month.", True, True),
        ("The rent is due on the third working day of each month.", True, True),
        ("The report is due by the end of each quarter.", True, False),
        ("Requests must be made within 30 days of the event.", True, False),
        ("Complaints must be made within two working days.", True, False),
        ("Send the chart no later than two weeks before the meeting.", True, False),
        ("Tell them at least eight weeks before the leave begins.", True, False),
        ("The ships were back within two days of the storm.", False, False),
        ("The notice period is six weeks.", False, False),
        ("The store is open each month.", False, False),
    ],
)
def test_a_deadline_without_a_day_is_listed_where_it_holds(
    tmp_path: Path, line: str, always: bool, in_december: bool
) -> None:
    generation = generation_of(tmp_path, document_of(line))
    december = Period(date(2026, 12, 1), date(2026, 12, 31))
    for period, is_listed in ((None, always), (december, in_december)):
        request = RollUpRequest(Lists.DEADLINES, period=period)
        found = verified_roll_up(request, generation, today=TODAY)
        assert [row.quote.quote for row in found.rows if row.quote] == [line] * is_listed


def test_a_row_has_its_header_also_where_that_is_too_wide_for_one_passage(tmp_path: Path) -> None:
    names = ",".join(f"Measure {number} of the station" for number in range(40))
    rows = "".join(f"Station {row},{'7,' * 38}fine\n" for row in range(3))
    table = parse_bytes(f"{names}\n{rows}".encode(), "a.csv", ".csv", limits=ParsingLimits())
    request = RollUpRequest(Lists.MENTIONS, "fine")
    (row,) = verified_roll_up(request, generation_of(tmp_path, table), today=TODAY).rows
    assert row.quote is not None
    assert row.quote.header is not None
    assert row.quote.header.text == names.replace(",", " | ")
