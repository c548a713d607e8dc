"""What two documents have in common, and what differs."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.comparing import comparison
from index.comparing.alignment import aligned
from index.comparing.comparison import Comparison, Relation, compare
from index.comparing.stretches import stretches
from index.comparing.words import differing_words
from index.document import Document, Span
from index.parsing import ParsingLimits
from index.parsing.parser import parse_bytes
from testing.fakes import document_of

WORDS = "the convoy leaves at nine ten eleven depot Olga bread 40 55 EUR and".split()
SENTENCES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=7).map(
    lambda words: " ".join(words).capitalize() + "."
)
BLOCKS = st.one_of(
    SENTENCES,
    SENTENCES.map(lambda text: f"## {text}"),
    st.lists(SENTENCES, min_size=2, max_size=4).map(" ".join),
    st.lists(SENTENCES, min_size=1, max_size=3).map(
        lambda items: "\n".join(f"{n}. {item}" for n, item in enumerate(items, 1))
    ),
    st.lists(st.tuples(st.sampled_from(WORDS), st.integers(1, 99)), min_size=1, max_size=4).map(
        lambda rows: "\n".join(
            ["| What | Takes |", "| --- | --- |", *(f"| {what} | {n} |" for what, n in rows)]
        )
    ),
)
TEXTS = st.lists(BLOCKS, min_size=1, max_size=8).map("\n\n".join)


def document(text: str, name: str = "a.md") -> Document:
    return parse_bytes(text.encode(), name, ".md", limits=ParsingLimits())


def compared(old: str, new: str) -> Comparison:
    return compare(document(old), document(new))


def told(comparison: Comparison) -> list[tuple[str, str, str]]:
    return [(one.relation, one.old_text, one.new_text) for one in stretches(comparison)]


def test_a_sentence_that_changed_stands_beside_its_new_words() -> None:
    found = compared(
        "# Travel\n\nEscorts get 40 EUR a day. They report at nine.",
        "# Travel\n\nEscorts get 55 EUR a day. They report at nine.",
    )
    (one,) = stretches(found)
    assert (one.relation, one.heading) == (Relation.CHANGED, ())
    assert [span.of(one.old_text) for span in one.words[0]] == ["40"]
    assert [span.of(one.new_text) for span in one.words[1]] == ["55"]
    assert found.count(Relation.SAME) == 2


def test_what_the_documents_say_comes_before_their_front_matter() -> None:
    old = "---\ntitle: Plan\nauthor: Olga\n---\n# Plan\n\nThe convoy leaves at nine.\n"
    new = old.replace("author: Olga", "status: final").replace("nine", "ten")
    first, *others = told(compared(old, new))
    assert first == ("changed", "The convoy leaves at nine.", "The convoy leaves at ten.")
    assert others


def test_what_was_added_and_removed_has_its_section() -> None:
    old = "# Plan\n\n## Fuel\n\nDiesel is kept in tank 1.\n\n## Staff\n\nOlga leads the team.\n"
    new = old.replace(
        "Diesel is kept in tank 1.", "Petrol comes on Mondays by ferry.\n\nOlga signs for it."
    )
    removed, added = stretches(compared(old, new))
    assert (removed.relation, removed.old_text) == (Relation.REMOVED, "Diesel is kept in tank 1.")
    assert added.relation is Relation.ADDED
    assert added.new_text == "Petrol comes on Mondays by ferry.\n\nOlga signs for it."
    assert removed.heading == added.heading == ("Fuel",)


def test_the_one_sentence_of_a_section_stands_beside_the_one_that_is_there_now() -> None:
    old = "# Leave\n\n## Rest\n\nUp to 7 days may be kept for later.\n\n## Grief\n\nThree days.\n"
    new = "# Leave\n\n## Rest\n\nNo more than five go over.\n"
    assert told(compared(old, new)) == [
        ("removed", "## Grief\n\nThree days.", ""),
        ("changed", "Up to 7 days may be kept for later.", "No more than five go over."),
    ]


def test_a_section_that_moved_is_neither_removed_nor_added() -> None:
    one, two = "The convoy leaves at nine.", "Olga bakes the bread every day."
    found = compared(f"{one}\n\n{two}", f"{two}\n\n{one}")
    assert sorted(pair.relation for pair in found.pairs) == ["moved", "same"]
    assert found.agreement == 1


def test_a_sentence_that_moved_and_changed_is_recognised() -> None:
    filed = "They go to Olga, who files them. Nobody travels without a report."
    found = compared(
        f"Reports are due by Friday noon. {filed}", f"{filed} Reports are due by Thursday noon."
    )
    (one,) = stretches(found, Relation.CHANGED)
    assert (one.old_text, one.new_text) == (
        "Reports are due by Friday noon.",
        "Reports are due by Thursday noon.",
    )


def test_tables_are_compared_by_row() -> None:
    head = "| Tank | Litres |\n| --- | --- |\n"
    old = f"{head}| A | 10 |\n| B | 20 |\n| C | 30 |\n"
    new = f"{head}| C | 30 |\n| A | 15 |\n| D | 40 |\n"
    found = compared(old, new)
    by_row = {(one.old_text.strip("| "), one.new_text.strip("| ")): one for one in stretches(found)}
    changed = by_row["A | 10", "A | 15"]
    assert changed.relation is Relation.CHANGED
    assert "Litres" in changed.header
    assert ("B | 20", "") in by_row
    assert ("", "D | 40") in by_row


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("1. Bread\n2. Diesel\n", "1. Ferry\n2. Bread\n3. Diesel\n"),
        ("## 1.1 Bread\n\nOlga.\n", "## 1.2 Bread\n\nOlga.\n"),
        ("| A | B |\n| --- | --- |\n| x | y |\n", "| A   | B  |\n| --- | --- |\n| x   | y  |\n"),
        ("Two lines\nof text.", "Two lines of text."),
    ],
)
def test_numbering_and_layout_are_no_change(old: str, new: str) -> None:
    changed = {pair.relation for pair in compared(old, new).pairs}
    assert changed <= {Relation.SAME, Relation.ADDED}


def test_fields_of_front_matter_are_compared_by_name() -> None:
    found = compared("---\nowner: Moe\n---\n# A\n\nText.", "---\nowner: Lind\n---\n# A\n\nText.")
    assert told(found) == [("changed", "owner: Moe", "owner: Lind")]


def test_what_only_tells_versions_apart_and_marks_of_a_format_are_no_difference() -> None:
    old = document_of("Rules", "The gate closes at ten.", name="rules.txt")
    new = "---\ntitle: Rules\ndate: 2026-05-04\nversion: 2.0\nreplaces: rules.txt\n---\n\n"
    found = compare(old, document(f"{new}Rules\n\nThe gate closes at nine."))
    assert told(found) == [("changed", "The gate closes at ten.", "The gate closes at nine.")]
    assert told(compared("## **Gates** ##\n\nText.", "# Gates\n\nText.")) == []


@given(TEXTS, TEXTS)
def test_each_unit_is_accounted_for_once_and_gives_the_other_text(old: str, new: str) -> None:
    found = compared(old, new)
    before = [pair.old for pair in found.pairs if pair.old is not None]
    after = [pair.new for pair in found.pairs if pair.new is not None]
    assert sorted(before) == list(range(len(found.old_units)))
    assert after == list(range(len(found.new_units)))
    applied = [
        (
            found.old.text[
                found.old_units[pair.old].span.start : found.old_units[pair.old].span.end
            ]
            if pair.relation in (Relation.SAME, Relation.MOVED) and pair.old is not None
            else found.new_units[pair.new].span.of(found.new.text)
        )
        for pair in found.pairs
        if pair.new is not None
    ]
    wanted = [unit.span.of(found.new.text) for unit in found.new_units]
    assert [_bare(text) for text in applied] == [_bare(text) for text in wanted]


def _bare(text: str) -> str:
    return " ".join(re.sub(r"[#*_`]", " ", text).split()).lstrip("0123456789. ")


@given(TEXTS, TEXTS)
def test_it_is_the_same_the_other_way_round(old: str, new: str) -> None:
    there, back = compared(old, new), compared(new, old)
    assert set(there.pairs) == {pair.turned for pair in back.pairs}


@given(TEXTS)
def test_a_document_agrees_with_itself(text: str) -> None:
    assert stretches(compared(text, text)) == []


@given(TEXTS, TEXTS)
def test_stretches_hold_all_that_differs(old: str, new: str) -> None:
    found = compared(old, new)
    spans = [one.new for one in stretches(found) if one.new]
    for pair in found.pairs:
        if pair.relation is not Relation.SAME and pair.new is not None:
            assert any(span.contains(found.new_units[pair.new].span) for span in spans)


@given(st.lists(st.sampled_from(WORDS)), st.lists(st.sampled_from(WORDS)))
def test_what_is_left_of_both_without_the_words_that_differ_is_equal(
    old: list[str], new: list[str]
) -> None:
    ours, theirs = differing_words(" ".join(old), " ".join(new))
    rest, others = _cut(" ".join(old), ours), _cut(" ".join(new), theirs)
    assert rest.split() == others.split()
    assert differing_words(" ".join(new), " ".join(old)) == (theirs, ours)


def _cut(text: str, spans: Iterable[Span]) -> str:
    for span in reversed(tuple(spans)):
        text = text[: span.start] + text[span.end :]
    return text


@given(st.lists(st.sampled_from("abcde")), st.lists(st.sampled_from("abcde")))
def test_aligned_pairs_rise_and_are_equal(one: list[str], other: list[str]) -> None:
    pairs = aligned(one, other)
    assert all(one[at] == other[there] for at, there in pairs)
    assert all(a < c and b < d for (a, b), (c, d) in pairwise(pairs))


HOSTILE = {
    "the same line": lambda n: ["x"] * n,
    "two lines in turn": lambda n: ["x", "y"] * (n // 2),
    "each line anew": lambda n: [str(i) for i in range(n)],
    "shuffled": lambda n: [str(i) for i in random.Random(1).sample(range(n), n)],
    "rare among many": lambda n: [str(i % 97) for i in range(n)],
}


@pytest.mark.parametrize("one", HOSTILE)
@pytest.mark.parametrize("other", HOSTILE)
def test_alignment_is_bounded(one: str, other: str) -> None:
    ours, theirs = HOSTILE[one](20_000), HOSTILE[other](20_001)
    began = time.process_time()
    aligned(ours, theirs)
    assert time.process_time() - began < 2


@pytest.mark.search
@pytest.mark.parametrize("make", [lambda i: f"Row {i} says {i * 7}.", lambda i: f"a b c d {i % 9}"])
def test_comparing_is_bounded(make: object) -> None:
    assert callable(make)
    old = document("\n\n".join(make(i) for i in range(3_000)))
    new = document("\n\n".join(make(i * 3 + 1) for i in range(3_000)))
    began = time.process_time()
    stretches(compare(old, new))
    assert time.process_time() - began < 4


def test_no_more_pairs_are_held_than_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    made = 0

    def near(ours: Sequence[int], theirs: Sequence[int]) -> Iterator[tuple[int, int]]:
        nonlocal made
        for at in ours:
            for there in theirs:
                made += 1
                yield at, there

    monkeypatch.setattr(comparison, "_near", near)
    monkeypatch.setattr(comparison, "_MOST_LOOKED_AT", 30)
    for words, most in ((1, 32), (200, 7)):  # a long unit counts for several
        made = 0
        old, new = (
            "".join(f"- {letter}{n} " + "x " * words + "\n" for n in range(20)) for letter in "ab"
        )
        compared(old, new)
        assert 0 < made <= most
