from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.chunking.chunker import ChunkLimits, split
from index.chunking.passage import Passage
from index.document import BlockKind, Document
from index.parsing.text.heading_words import heading_words
from testing.fakes import count_words, document_of

LIMITS = ChunkLimits(target=20, most=30, short=5)
"""At most 10 words of context and 20 of text; a paragraph below 5 words is joined."""


def sentence(number: int, words: int) -> str:
    """Return a sentence of that many words, different from all others."""
    return " ".join([f"Word{number}", *(f"w{n}" for n in range(1, words - 1)), "end."])


def texts(document: Document, limits: ChunkLimits = LIMITS) -> list[str]:
    return [passage.text for passage in split(document, count_words, limits)]


def passages_of(*lines: str, pages: int = 0) -> list[Passage]:
    return split(document_of(*lines, pages=pages), count_words, LIMITS)


# Any document


PROSE = st.lists(
    st.tuples(st.integers(0, 99), st.integers(2, 28)).map(lambda pair: sentence(*pair)),
    min_size=1,
    max_size=5,
).map(" ".join)
WORDS = st.lists(
    st.sampled_from(["norway", "troops", "Støre", "😀", "a.b", "x" * 200, "漢字", "peace:", "3.5"]),
    min_size=1,
    max_size=30,
).map(" ".join)
ANY_TEXT = st.one_of(PROSE, WORDS, st.just("These are:"), st.text("ab \u00a0.!?#*", max_size=90))
LINE = st.builds(
    str.__add__,
    st.sampled_from(
        ["", "", "", "# ", "## ", "### ", "* ", "* ", "  * ", "! ", "| ", "| ", "> ", "% "]
    ),
    ANY_TEXT,
)
DOCUMENTS = st.builds(
    lambda lines, pages, title: document_of(*lines, pages=pages, title=title),
    st.lists(LINE, max_size=14),
    st.integers(0, 3),
    st.one_of(st.just(""), WORDS),
)
CUTTERS = st.builds(
    ChunkLimits, target=st.integers(1, 40), most=st.integers(1, 60), short=st.integers(0, 12)
)

REPEATED_THEN_SHORT = document_of(
    " ".join(sentence(n, words) for n, words in enumerate([13, 13, 13, 2, 2]))
)
LONG_LEAD_AND_ITEM = document_of(" ".join(["a"] * 9) + ":", "* " + " ".join(["b"] * 19), "* c")


@given(DOCUMENTS, CUTTERS)
@example(REPEATED_THEN_SHORT, LIMITS)
@example(LONG_LEAD_AND_ITEM, LIMITS)
def test_passages_cover_quote_and_fit(document: Document, limits: ChunkLimits) -> None:
    passages = split(document, count_words, limits)
    text = document.text
    units = [unit.span for passage in passages for unit in passage.units]
    covered = {at for span in units for at in range(span.start, span.end)}
    assert not [at for at in range(len(text)) if not text[at].isspace() and at not in covered]
    for passage in passages:
        assert 0 <= passage.span.start < passage.span.end <= len(text)
        assert passage.text == passage.span.of(text)
        assert passage.units[0].span.start == passage.span.start
        assert passage.units[-1].span.end == passage.span.end
        for one, two in pairwise(passage.units):
            assert one.span.end <= two.span.start
        for unit in (*passage.units, *passage.lead):
            assert document.blocks[unit.block].span.contains(unit.span)
            assert document.blocks[unit.block].kind is unit.kind
        for unit in passage.lead:
            assert unit.span.end <= passage.span.start
        assert count_words([passage.index_text])[0] <= max(limits.most, 1)
        assert passage.index_text.endswith(passage.text)
        assert passage.page == document.page_of(passage.span.start)
        assert (passage.document, passage.title) == (document.name, document.title)
    ids = [passage.id for passage in passages]
    assert ids == [passage.id for passage in split(replace(document), count_words, limits)]
    assert len(set(ids)) == len(ids)
    for before, after in pairwise(passages):  # in reading order, with a sentence in both at most
        assert before.span.start < after.span.start
        assert before.span.end < after.span.end
        assert after.span.start >= before.units[-1].span.start


@given(DOCUMENTS)
def test_the_heading_path_is_that_of_the_headings_above(document: Document) -> None:
    for passage in split(document, count_words, ChunkLimits(target=10_000, most=20_000)):
        body = [unit for unit in passage.units if unit.kind is not BlockKind.HEADING]
        at = body[0].span.start if body else passage.span.end
        path: list[tuple[int, str]] = []
        for block in document.blocks:
            if block.kind is BlockKind.HEADING and block.span.start < at:
                path = [h for h in path if h[0] < block.level]
                path.append((block.level, heading_words(block.span.of(document.text))))
        expected = [text for _, text in path]
        if expected and expected[0] == document.title:
            expected = expected[1:]
        assert list(passage.heading) == expected


@pytest.mark.parametrize("most", [1, 2, 3, 30])
def test_a_string_without_spaces_is_split_to_fit_the_model(most: int) -> None:
    """A long unknown word is counted by its characters."""

    def count_characters(texts: list[str]) -> list[int]:
        return [len("".join(text.split())) for text in texts]

    document = document_of("x" * 1000, title="-")
    passages = split(document, count_characters, ChunkLimits(target=20, most=most))  # type: ignore[arg-type] # a list will do
    assert max(count_characters([passage.index_text for passage in passages])) <= most
    covered = {at for p in passages for at in range(p.span.start, p.span.end)}
    assert covered == set(range(1000))


def test_a_long_word_that_is_one_token_to_the_model_is_split() -> None:
    found = split(document_of("x" * 50_000 + " end."), count_words, LIMITS)
    assert max(len(passage.text) for passage in found) <= LIMITS.most * 51
    assert sum(passage.text.count("x") for passage in found) >= 50_000


# Ids


def test_an_id_changes_with_name_place_and_text_and_with_nothing_else() -> None:
    (one,) = passages_of("alpha beta gamma")
    (titled,) = split(document_of("alpha beta gamma", title="Other"), count_words, LIMITS)
    (named,) = split(document_of("alpha beta gamma", name="b.txt"), count_words, LIMITS)
    (moved,) = passages_of("", "alpha beta gamma")
    (changed,) = passages_of("alpha beta delta")
    assert titled.id == one.id
    assert len({one.id, named.id, moved.id, changed.id}) == 4


def test_the_id_of_a_known_passage_is_what_it_was() -> None:
    (passage,) = passages_of("alpha beta gamma")
    # If this fails, the version of the chunker must be raised: stored indexes have the old ids.
    assert passage.id == "689fa55dc776c2964473"


# Paragraphs


_SHORT, _LONG = ([sentence(n, words) for n in range(6)] for words in (5, 9))
_UNENDED = [f"w{n}" for n in range(10, 40)]


@pytest.mark.parametrize(
    ("paragraphs", "passages"),
    [
        # Short ones are joined, longer ones stand alone, and what would not fit is not joined.
        (
            ["One two.", "Three four.", sentence(1, 8), sentence(2, 9), "Five."],
            [f"One two.\nThree four.\n{sentence(1, 8)}", f"{sentence(2, 9)}\nFive."],
        ),
        (["One two.", sentence(1, 19)], ["One two.", sentence(1, 19)]),
        # A long one is split evenly, with a sentence in both parts unless that is long.
        ([" ".join(_SHORT)], [" ".join(_SHORT[at : at + 3]) for at in (0, 2, 4)]),
        ([" ".join(_LONG[:4])], [" ".join(_LONG[:2]), " ".join(_LONG[2:4])]),
        # A sentence longer than a passage is split between words.
        ([" ".join(_UNENDED)], [" ".join(_UNENDED[:15]), " ".join(_UNENDED[15:])]),
    ],
)
def test_paragraphs(paragraphs: list[str], passages: list[str]) -> None:
    assert texts(document_of(*paragraphs)) == passages


def test_a_passage_never_holds_a_sentence_twice() -> None:
    """Its pieces are 13, 13, and 13 with 2 words; what is left is short and joins the last."""
    *_, last = split(REPEATED_THEN_SHORT, count_words, LIMITS)
    spans = [unit.span for unit in last.units]
    assert spans == sorted(set(spans))


# Headings


def test_a_heading_stands_with_what_is_below_it_and_is_the_path_of_all_of_it() -> None:
    one, two, three = passages_of(
        "# Aid", "## Ships", sentence(1, 9), sentence(2, 9), "## Money", sentence(3, 9)
    )
    assert one.text == f"# Aid\n## Ships\n{sentence(1, 9)}"
    assert two.text == sentence(2, 9)
    assert three.text == f"## Money\n{sentence(3, 9)}"
    assert [one.heading, two.heading, three.heading] == [
        ("Aid", "Ships"),
        ("Aid", "Ships"),
        ("Aid", "Money"),
    ]


def test_the_index_text_begins_with_the_title_and_the_headings_that_the_text_lacks() -> None:
    document = document_of("# Aid", sentence(1, 9), sentence(2, 9), title="Briefing")
    one, two = split(document, count_words, LIMITS)
    assert one.context == "Briefing → notes"
    assert two.index_text == f"Briefing → notes → Aid\n{sentence(2, 9)}"


def test_the_title_is_left_out_of_the_path() -> None:
    document = document_of("# Briefing", "## Aid", sentence(1, 9), title="Briefing")
    (passage,) = split(document, count_words, LIMITS)
    assert passage.heading == ("Aid",)


def test_the_words_of_the_name_and_its_folders_stand_below_the_title() -> None:
    document = document_of(
        sentence(1, 9), title="Arvik Shipping", name="reports/2031/arvik-annual.pdf"
    )
    (passage,) = split(document, count_words, LIMITS)
    assert passage.context == "Arvik Shipping → reports 2031 annual"


def test_a_long_path_loses_its_outermost_words_first() -> None:
    document = document_of(
        "# " + " ".join(f"a{n}" for n in range(10)), sentence(1, 9), sentence(2, 9), title="T"
    )
    second = split(document, count_words, LIMITS)[1]
    assert second.context == "T a1 a2 a3 a4 a5 a6 a7 a8 a9"
    longer = document_of(
        "# " + " ".join(f"a{n}" for n in range(12)), sentence(1, 9), sentence(2, 9), title="T"
    )
    assert split(longer, count_words, LIMITS)[-1].context == "T a3 a4 a5 a6 a7 a8 a9 a10 a11"


def test_a_model_that_reads_little_still_sees_some_context() -> None:
    """Of 126 tokens, 25 are for title and headings though a passage is aimed at 192."""
    assert (ChunkLimits(most=126).context, ChunkLimits(most=126).body) == (25, 101)
    assert (ChunkLimits(most=254).context, ChunkLimits(most=254).body) == (62, 192)
    assert (ChunkLimits(most=510).context, ChunkLimits(most=510).body) == (170, 192)


# Lists and tables


ROLES = ["* Monitoring and verification", "* Security sector reform", "* Border security"]


def test_a_list_keeps_the_whole_paragraph_that_leads_in_where_it_fits() -> None:
    for lead in ("Roles would be:", "It is so. Roles would be:"):
        (passage,) = passages_of(lead, *ROLES)
        assert passage.text == "\n".join([lead, *ROLES])
        assert passage.lead == ()
        assert {unit.kind for unit in passage.units} == {BlockKind.PARAGRAPH, BlockKind.ITEM}


def test_a_paragraph_without_a_colon_leads_in_nothing() -> None:
    one, two = passages_of("These five words stand here.", *(f"* {sentence(n, 9)}" for n in (1, 2)))
    assert one.text == "These five words stand here."
    assert two.lead == ()


def test_a_list_that_does_not_fit_repeats_its_lead_in() -> None:
    items = [f"* {sentence(n, 6)}" for n in range(5)]
    document = document_of("It is so. Roles would be:", *items, title="T")
    passages = split(document, count_words, LIMITS)
    assert [passage.text for passage in passages] == [
        "\n".join(["It is so. Roles would be:", *items[:2]]),
        "\n".join(items[2:4]),
        items[4],
    ]
    lead_ins = [[unit.span.of(document.text) for unit in p.lead] for p in passages]
    assert lead_ins == [[], ["Roles would be:"], ["Roles would be:"]]
    assert passages[1].context == "T → notes → Roles would be:"


def test_a_lead_in_beside_which_the_first_item_does_not_fit_stands_before_it() -> None:
    lead, item, last = (" ".join(["a"] * 9) + ":", "* " + " ".join(["b"] * 19), "* c")
    passages = split(document_of(lead, item, last, title="T"), count_words, LIMITS)
    assert [passage.text for passage in passages] == [lead, item, last]
    assert [len(passage.lead) for passage in passages] == [0, 1, 1]


def test_a_table_that_does_not_fit_repeats_its_header_row_and_its_lead_in() -> None:
    rows = [f"| {sentence(n, 7)}" for n in range(4)]
    for lead, kinds in (([], []), (["Costs:"], [BlockKind.PARAGRAPH])):
        document = document_of(*lead, "! name value", *rows, title="T")
        one, two = split(document, count_words, LIMITS)
        assert one.text == "\n".join([*lead, "! name value", *rows[:2]])
        assert two.text == "\n".join(rows[2:])
        assert [unit.kind for unit in two.lead] == [*kinds, BlockKind.HEADER]
        assert two.context.endswith("! name value")


def test_neighbouring_lists_are_not_taken_for_one() -> None:
    one, two = passages_of(
        *(f"* {sentence(n, 7)}" for n in range(2)), *(f"| {sentence(n, 7)}" for n in range(2))
    )
    assert (one.units[0].group, two.units[0].group) == (1, 2)


# Pages


def test_a_passage_is_on_the_page_where_it_begins() -> None:
    lines = [sentence(n, 12) for n in range(4)]
    assert [passage.page for passage in passages_of(*lines, pages=2)] == [1, 1, 2, 2]
    assert [passage.page for passage in passages_of(*lines)] == [None] * 4


def test_an_empty_document_has_no_passages() -> None:
    assert passages_of() == []


# Texts that nobody writes


@pytest.mark.parametrize(
    "text",
    ["word " * 20_000, "x" * 100_000, "(" * 100_000, "a. " * 30_000, "\u200b" * 100_000],
    ids=["no full stop", "one word", "no words", "full stops", "invisible"],
)
def test_the_work_and_the_passages_are_in_proportion_to_the_text(text: str) -> None:
    counted = 0

    def counter(texts: Sequence[str]) -> list[int]:
        nonlocal counted
        counted += sum(map(len, texts))
        return [len(text.replace("\u200b", "").replace("(", "( ").split()) for text in texts]

    passages = split(document_of(text.strip()), counter, ChunkLimits())
    assert counted < 6 * len(text)
    assert len(passages) < len(text) / 80


def test_units_of_nothing_visible_fill_a_passage_too() -> None:
    passages = split(document_of(*["\u200b"] * 3_000, "x"), lambda texts: [0] * len(texts), LIMITS)
    assert max(len(passage.units) for passage in passages) <= LIMITS.body
