from __future__ import annotations

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from bot.library.locating import ExcerptStatus, Located, locate
from bot.library.viewing.views import DocumentViews
from index.answering.answer import Excerpt
from index.document import Block, BlockKind, Document, Span
from testing.fakes import document_of

QUOTE = "The convoy left Karsk on 4 February with nine trucks of fuel."
BEFORE = document_of("# Plan", "Words.", "## Convoy", QUOTE, "More words.", title="Plan")


def excerpt_of(document: Document, quote: str, heading: tuple[str, ...] = ()) -> Excerpt:
    start = document.text.index(quote)
    span = Span(start, start + len(quote))
    return Excerpt(1, quote, document.name, document.title, heading, None, span, "", 0.0)


def _span(document: Document, words: str) -> Span:
    start = document.text.index(words)
    return Span(start, start + len(words))


EXCERPT = excerpt_of(BEFORE, QUOTE, ("Convoy",))


def test_the_same() -> None:
    assert locate(EXCERPT, DocumentViews(BEFORE)) == Located(ExcerptStatus.SAME, EXCERPT.span)


def test_gone() -> None:
    assert locate(EXCERPT, None) == Located(ExcerptStatus.GONE, None)


def test_moved_to_the_nearest_place() -> None:
    now = document_of("New words.", QUOTE, *["More words."] * 9, QUOTE)
    assert locate(EXCERPT, DocumentViews(now)) == Located(ExcerptStatus.MOVED, _span(now, QUOTE))


def test_changed_to_other_words() -> None:
    changed = "The convoy left Karsk on 6 February with ten trucks of diesel fuel."
    now = document_of("# Plan", "The convoy.", "Fuel of trucks.", f"First. {changed} Last.")
    assert locate(EXCERPT, DocumentViews(now)) == Located(
        ExcerptStatus.CHANGED, _span(now, changed)
    )


def test_changed_altogether_but_for_the_heading() -> None:
    now = document_of("# Plan", "Words.", "## Convoy", "Nothing is known.", title="Plan")
    place = _span(now, "Nothing is known.")
    assert locate(EXCERPT, DocumentViews(now)) == Located(ExcerptStatus.CHANGED, place)
    bare = document_of("## Convoy", "## Other", "Nothing.", title="Plan")
    assert locate(EXCERPT, DocumentViews(bare)) == Located(
        ExcerptStatus.CHANGED, _span(bare, "## Convoy")
    )


def test_changed_altogether() -> None:
    now = DocumentViews(document_of("Nothing is known."))
    assert locate(EXCERPT, now) == Located(ExcerptStatus.CHANGED, None)
    assert locate(EXCERPT, DocumentViews(Document("a", "a", "", ()))) == Located(
        ExcerptStatus.CHANGED, None
    )


_LINES = st.lists(
    st.text(st.sampled_from("ab "), min_size=1, max_size=12).map(str.strip).filter(bool), max_size=8
)


@given(_LINES, _LINES, st.data())
def test_what_is_located_is_the_quote(
    before: list[str], now: list[str], data: st.DataObject
) -> None:
    old, new = document_of("x", *before), document_of("x", *now)
    start = data.draw(st.integers(0, len(old.text) - 1))
    end = data.draw(st.integers(start + 1, len(old.text)))
    quote = old.text[start:end]
    assume(quote.strip())
    excerpt = Excerpt(1, quote, old.name, "", (), None, Span(start, end), "", 0.0)
    located = locate(excerpt, DocumentViews(new))
    places = [at for at in range(len(new.text)) if new.text.startswith(quote, at)]
    match located:
        case Located(ExcerptStatus.SAME, span):
            assert span == excerpt.span
            assert start in places
        case Located(ExcerptStatus.MOVED, Span() as span):
            assert span.of(new.text) == quote
            assert start not in places
            assert abs(span.start - start) == min(abs(at - start) for at in places)
        case Located(ExcerptStatus.CHANGED, span):
            assert not places
            assert span is None or 0 <= span.start < span.end <= len(new.text)
        case _:
            raise AssertionError(located)


def test_a_quote_that_a_search_backwards_would_take_hours_for() -> None:
    text = "a" * 4_000_000
    document = Document("a.txt", "A", text, (Block(BlockKind.PARAGRAPH, Span(0, len(text))),))
    quote = "a" * 100_000 + "b" + "a" * 100_000
    excerpt = Excerpt(1, quote, "a.txt", "A", (), None, Span(3_000_000, 3_200_001), "", 0.0)
    assert locate(excerpt, DocumentViews(document)).status is ExcerptStatus.CHANGED


def test_moved_to_the_nearer_of_two_places() -> None:
    for places, nearest in ((("x", QUOTE, "y", QUOTE, "z"), 0), ((QUOTE, "y" * 400, QUOTE), -1)):
        now = document_of(*places)
        start = now.text.index(QUOTE) if nearest == 0 else now.text.rindex(QUOTE)
        excerpt = replace(EXCERPT, span=Span(start + nearest * 7 + 3, start + 3 + len(QUOTE)))
        assert locate(excerpt, DocumentViews(now)).span == Span(start, start + len(QUOTE))
