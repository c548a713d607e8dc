from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.library.viewing.parts import LONGEST_VIEW
from bot.library.viewing.views import DocumentViews, View
from index.document import Block, BlockKind, Document, Span, StyleKind
from index.parsing.limits import ParsingLimits
from index.parsing.parser import parse_bytes
from testing.fakes import document_of

_LINE = st.one_of(
    st.text(st.sampled_from("ab .\u2028é😀"), max_size=80),
    st.builds(
        lambda mark, word, times: f"{mark}{word * times}".rstrip(),
        st.sampled_from(["", "# ", "## ", "* ", "! ", "| ", "> ", "% "]),
        st.sampled_from(["word ", "A sentence. ", "unbroken", "x\u3000"]),
        st.integers(1, 400),
    ),
    st.just(" " * 1_500),
)
_DOCUMENTS = st.builds(
    lambda lines, pages: document_of(*lines, pages=min(pages, len(lines))),
    st.lists(_LINE, max_size=12),
    st.integers(0, 4),
)


@given(_DOCUMENTS)
def test_the_views_are_the_text(document: Document) -> None:
    book = DocumentViews(document)
    views = [book.view(number) for number in range(1, len(book.spans) + 1)]
    assert "".join(view.before for view in views) == document.text
    assert [view.span for view in views] == book.spans
    for number, view in enumerate(views, start=1):
        assert view.before == view.span.of(document.text)
        assert (view.number, view.count) == (number, len(views))
        assert view.previous == (number - 1 or None)
        assert view.following == (number + 1 if number < len(views) else None)
        assert len(view.before.strip()) <= LONGEST_VIEW
        assert view.before.strip() or not document.blocks
        assert all(book.number_at(at) == number for at in (view.span.start, view.span.end - 1))


@given(_DOCUMENTS, st.integers(-5, 6_000), st.integers(0, 3_000))
def test_an_excerpt_is_whole_with_text_around_it(
    document: Document, start: int, length: int
) -> None:
    book, text = DocumentViews(document), document.text
    view = book.around(Span(start, start + length))
    assert view.before + view.excerpt + view.after == view.span.of(text)
    if start >= 0 and start + length <= len(text):
        assert view.excerpt == text[start : start + length]
        assert view.span.start + len(view.before) == start
    assert len(view.before) <= 750
    assert len(view.after) <= 750
    begins_with_heading = any(
        block.kind is BlockKind.HEADING and block.span.start == view.span.start
        for block in document.blocks
    )
    assert begins_with_heading or len(view.before) >= min(250, max(0, min(start, len(text))))
    if view.previous is None:
        assert view.span.start == 0
    else:
        assert book.spans[view.previous - 1].start < view.span.start
        assert book.spans[view.previous - 1].end >= view.span.start
    if view.following is not None:
        assert book.spans[view.following - 1].start <= view.span.end


def test_an_excerpt_is_shown_from_the_headings_of_its_section_to_the_end_of_a_sentence() -> None:
    before, long = "Some words. " * 20, f"It goes {'on and ' * 90}on."
    document = document_of(
        "# Title", before, "## One", "### Two", "First. Second.", long, "## Three", before
    )
    start = document.text.index("Second.")
    view = DocumentViews(document).around(Span(start, start + len("Second.")))
    assert view.before == "## One\n### Two\nFirst. "
    assert view.after == f"\n{long}"


def test_views_end_where_blocks_do_and_headings_stay_with_their_text() -> None:
    paragraph = "Some words. " * 50 + "The end."
    document = document_of(
        "# Title", paragraph, "## One", paragraph, "## Two", paragraph, paragraph, title="Title"
    )
    book = DocumentViews(document)
    views = [book.view(number) for number in (1, 2)]
    assert book.spans == [view.span for view in views]
    assert [view.before.split("\n")[0] for view in views] == ["# Title", "## Two"]
    assert [view.heading for view in views] == [(), ("Two",)]
    assert book.view(0) == views[0]
    assert book.view(9) == views[1]


def test_each_page_begins_a_view() -> None:
    document = document_of("# One", "two", "# Three", "four", title="Deck", pages=2)
    document = replace(document, metadata={"date": "2026-01-06"})
    book = DocumentViews(document)
    assert [replace(book.view(number), styles=()) for number in (1, 2)] == [
        View(
            document="notes.txt",
            title="Deck",
            heading=("One",),
            page=1,
            pages=2,
            date="2026-01-06",
            before="# One\ntwo\n",
            excerpt="",
            after="",
            number=1,
            count=2,
            span=Span(0, 10),
            following=2,
        ),
        View(
            document="notes.txt",
            title="Deck",
            heading=("Three",),
            page=2,
            pages=2,
            date="2026-01-06",
            before="# Three\nfour\n",
            excerpt="",
            after="",
            number=2,
            count=2,
            span=Span(10, 23),
            previous=1,
        ),
    ]


def test_a_long_table_is_cut_between_rows_and_keeps_its_columns() -> None:
    rows = [f"| row {number} has {'many words ' * 10}".rstrip() for number in range(30)]
    book = DocumentViews(document_of("! site and stock", *rows))
    views = [book.view(number) for number in range(1, len(book.spans) + 1)]
    assert all(line in rows for view in views[1:] for line in view.before.splitlines())
    assert [view.columns for view in views] == [None] + ["! site and stock"] * (len(views) - 1)
    at = book.document.text.index("| row 20")
    assert book.around(Span(at, at + 8)).columns == "! site and stock"


def test_a_view_has_few_rows_and_fewer_the_more_columns_they_have() -> None:
    names = [f"| Column {number} of the table" for number in range(12)]
    cells = [f"| cell {number}" for number in range(12)]
    for columns, most in ((2, 14), (12, 4)):
        header = f"! {' '.join(names[:columns])}"
        book = DocumentViews(document_of(header, *[f"| row {' '.join(cells[:columns])}"] * 60))
        counts = [book.view(number + 1).before.count("row") for number in range(len(book.spans))]
        assert max(counts) <= most
        assert sum(counts) == 60


def test_a_row_comes_first_with_the_next_ones_below_it() -> None:
    rows = [f"| row {number} has words" for number in range(30)]
    book = DocumentViews(document_of("! site and stock", *rows, "A text."))
    at = book.document.text.index(rows[20])
    view = book.around(Span(at, at + len(rows[20])))
    assert (view.before, view.excerpt, view.previous) == ("", rows[20], book.number_at(at - 1))
    assert view.after.split("\n") == ["", *rows[21:24]]
    last = book.document.text.index(rows[29])
    assert book.around(Span(last, last + len(rows[29]))).after == ""


def test_text_around_an_excerpt_begins_with_a_whole_header() -> None:
    lines = [
        "Ship of the fleet, by its name\nNumber of seats",
        "and\nport",
        *["Heron | 4 | Oslo"] * 60,
    ]
    text = "Before it. " * 60 + "\n" + "\n".join(lines)
    blocks, at = [], text.index("Ship")
    for number, line in enumerate(lines):
        kind = BlockKind.HEADER if number < 2 else BlockKind.PARAGRAPH
        blocks.append(Block(kind, Span(at, at + len(line)), group=1))
        at += len(line) + 1
    before = Block(BlockKind.PARAGRAPH, Span(0, text.index("\n")))
    book = DocumentViews(replace(document_of(""), text=text, blocks=(before, *blocks)))
    starts = {book.around(row.span).span.start for row in blocks[2:]}
    inside = range(blocks[0].span.start + 1, blocks[1].span.end)
    assert blocks[0].span.start in starts
    assert not starts & set(inside)


def test_text_around_an_excerpt_begins_and_ends_with_sentences() -> None:
    sentences = [f"Sentence number {number} has a few words." for number in range(100)]
    book = DocumentViews(document_of(" ".join(sentences)))
    start = book.document.text.index(sentences[50])
    span = Span(start, start + len(sentences[50]))
    view = book.around(span)
    assert (view.before, view.excerpt, view.after) == (
        " ".join(sentences[36:50]) + " ",
        sentences[50],
        " " + " ".join(sentences[51:65]),
    )
    assert (view.previous, view.number, view.following) == (2, 2, 2)
    assert book.sentences(Span(start + 3, span.end + 3)) == Span(
        start, span.end + 1 + len(sentences[51])
    )


def test_one_endless_word_is_cut_all_the_same() -> None:
    text = "x" * 5_000
    document = Document("a.txt", "a", text, (Block(BlockKind.PARAGRAPH, Span(0, 5_000)),))
    book = DocumentViews(document)
    assert [len(span) for span in book.spans] == [1250] * 4
    view = book.around(Span(2_000, 2_100))
    assert view.span == Span(1_500, 2_600)


def test_a_document_without_text_has_one_empty_view() -> None:
    book = DocumentViews(Document("a.txt", "a", "", ()))
    assert book.view(1).before == ""
    assert book.view(1).count == 1
    assert book.around(Span(0, 5)).excerpt == ""


def test_a_block_of_a_whole_book() -> None:
    text = "A sentence of words. " * 10_000 + "The end."
    book = DocumentViews(document_of(text))
    parts = [span.of(book.document.text) for span in book.spans]
    assert "".join(parts) == book.document.text
    # Sentences are cut only where the block is taken apart to be searched for them.
    assert sum(not part.rstrip().endswith(".") for part in parts) <= 20
    assert min(map(len, parts)) > 500
    start = text.index("The end.")
    assert book.around(Span(start, start + 8)).before == "A sentence of words. " * 24


def test_code_is_cut_between_lines() -> None:
    code = "\n".join(f"line {number}: " + "x" * 60 for number in range(60))
    document = Document("a.md", "a", code, (Block(BlockKind.CODE, Span(0, len(code))),))
    book = DocumentViews(document)
    views = [span.of(code).splitlines() for span in book.spans]
    assert [line for view in views for line in view] == code.splitlines()
    assert max(map(len, views)) - min(map(len, views)) <= 2


def test_a_view_says_where_the_wanted_place_is() -> None:
    document = document_of("# One", "Text.", "## Two", "More.", "", "# Three", "End.", pages=2)
    book, text = DocumentViews(document), document.text
    assert document.pages[1].of(text) == "More.\n\n# Three\nEnd.\n"
    views = [book.view_at(text.index(word)) for word in ("# One", "## Two", "# Three", "End")]
    assert [view.number for view in views] == [1, 1, 2, 2]
    assert [view.heading for view in views] == [("One",), ("One", "Two"), ("Three",), ("Three",)]
    # From the beginning of a view, it is where its first words stand.
    assert book.view_at(0) == book.view(1)
    # White space before a page's first words belongs to that page.
    blank = text.index("\n\n#") + 1
    assert book.view_at(blank) == book.view_at(text.index("# Three"))
    assert book.view_at(10_000).number == 2
    assert book.view_at(-1).number == 1


def test_a_view_begins_at_the_heading_that_was_asked_for() -> None:
    paragraph = "Some words. " * 30 + "The end."
    lines = [line for n in range(9) for line in (f"## Part {n}", paragraph, "")]
    book = DocumentViews(document_of(*lines))
    text = book.document.text
    for n in range(9):
        at = text.index(f"## Part {n}")
        view = book.view_at(at)
        assert view.before.startswith(f"## Part {n}\n")
        assert view.before.rstrip().endswith("The end." if n == 8 else ("words.", "The end."))
        assert len(view.before) <= LONGEST_VIEW
        assert n == 8 or len(view.before) >= LONGEST_VIEW // 2
        assert view.previous is None or book.spans[view.previous - 1].start < at


def test_how_a_view_is_set() -> None:
    document = parse_bytes(
        b"# One\n\nSome **words** here.\n\n> quoted\n\n- item",
        "a.md",
        ".md",
        limits=ParsingLimits(),
    )
    view = DocumentViews(document).view(1)
    kinds = {style.span.of(document.text): style.kind for style in view.styles}
    assert kinds["words"] is StyleKind.BOLD
    assert kinds["> quoted"] is StyleKind.QUOTED
    assert kinds["- item"] is StyleKind.ITEM
    inner = DocumentViews(document).around(Span(14, 19))
    assert inner.styles == view.styles


def test_words_of_little_confidence_are_those_of_the_view() -> None:
    text = " ".join(f"Word{number}." for number in range(2_000))
    spans = [Span(text.index(word), text.index(word) + len(word)) for word in ("Word3.", "Word9.")]
    last = Span(len(text) - 9, len(text) - 1)
    document = replace(document_of(text), doubtful=(*spans, last))
    book = DocumentViews(document)
    assert book.view(1).doubtful == ("Word3.", "Word9.")
    assert book.view(2).doubtful == ()
    assert book.view(len(book.spans)).doubtful == (last.of(text),)


def test_a_million_lines_of_one_letter() -> None:
    lines = Document("a.md", "A", "a\n" * 1_000_000, (Block(BlockKind.CODE, Span(0, 1_999_999)),))
    book = DocumentViews(lines)
    assert len(book.spans) < 2_000
    assert all(len(span.of(lines.text).strip()) <= LONGEST_VIEW for span in book.spans)
    assert book.around(Span(1_000_000, 1_000_001)).excerpt == "a"
