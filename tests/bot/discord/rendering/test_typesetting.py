"""Text is set as its document sets it: the same words, and only markup that the document has."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.discord.rendering.typesetting import typeset
from bot.text import visible
from index.document import Document, Span, Style, StyleKind, clip_styles, shift_styles
from index.errors import UnreadableDocument
from index.parsing.limits import ParsingLimits
from index.parsing.parser import parse_bytes
from index.store.catalog.layouts import layout_of
from testing.discord_client import Seen, words
from tests.bot.discord.rendering.renderers import READERS
from tests.bot.discord.rendering.texts import NASTY, any_text, hostile
from tests.bot.discord.rendering.written import Written, markdown_documents

Reader = Callable[[str], Seen]
readers = pytest.mark.parametrize(
    "reader", READERS, ids=["message", "layout", "commonmark", "client"]
)
_EFFECTS = {
    StyleKind.BOLD: {"strong"},
    StyleKind.ITALIC: {"em"},
    StyleKind.STRUCK: {"s"},
    StyleKind.MONOSPACED: {"code", "code_inline"},
    StyleKind.CODE: {"code block", "code_block", "fence"},
    StyleKind.HEADING: {"heading"},
    StyleKind.ITEM: {"list", "bullet_list", "ordered_list", "list_item"},
    StyleKind.HEADER: {"code block", "code_block", "fence", "strong"},
    StyleKind.ROW: {"code block", "code_block", "fence"},
}
_BLOCKS = (StyleKind.HEADING, StyleKind.ITEM, StyleKind.CODE, StyleKind.HEADER, StyleKind.ROW)
_OF_WORDS = (StyleKind.BOLD, StyleKind.ITALIC, StyleKind.STRUCK, StyleKind.MONOSPACED)


def parsed(text: str, name: str = "a.md") -> Document:
    data = text.encode(errors="ignore")
    return parse_bytes(data, name, PurePosixPath(name).suffix, limits=ParsingLimits())


def set_text(text: str, name: str = "a.md") -> str:
    """Return a file's text as it is set."""
    document = parsed(text, name)
    return typeset(document.text, layout_of(document.blocks, document.styles))


# Words in bold, italics and so on


@st.composite
def styled(draw: st.DrawFn, text: st.SearchStrategy[str] = any_text) -> tuple[str, list[Style]]:
    written = draw(text)
    ends = st.integers(0, len(written))
    found = draw(st.lists(st.tuples(st.sampled_from(_OF_WORDS), ends, ends), max_size=6))
    return written, sorted(
        (Style(kind, Span(min(a, b), max(a, b))) for kind, a, b in found if a != b),
        key=lambda style: (style.span.start, -style.span.end),
    )


@readers
@given(styled())
@example(("a ~", [Style(StyleKind.STRUCK, Span(0, 3))]))
@example(("a_b", [Style(StyleKind.MONOSPACED, Span(0, 3)), Style(StyleKind.ITALIC, Span(0, 3))]))
def test_only_what_is_set_has_an_effect(reader: Reader, found: tuple[str, list[Style]]) -> None:
    text, styles = found
    seen = reader(typeset(text, styles))
    assert "".join(seen.text.split()) == "".join(visible(text).split())
    allowed = set().union(*(_EFFECTS[style.kind] for style in styles))
    assert seen.kinds <= allowed


@readers
@given(styled())
def test_it_is_set_where_it_is_set(reader: Reader, found: tuple[str, list[Style]]) -> None:
    """What is bold was bold: signs that would not work are left out, none is misplaced."""
    text, styles = found
    seen = [(one, how) for one, how in reader(typeset(text, styles)).set if one.isalnum()]
    wanted: list[tuple[str, set[str]]] = []
    for at, one in enumerate(text):
        may_be = {
            kind for s in styles if s.span.start <= at < s.span.end for kind in _EFFECTS[s.kind]
        }
        wanted += ((each, may_be) for each in visible(one) if each.isalnum())
    if len(seen) == len(wanted):  # else a sign of several characters was made visible
        for (_, how), (_, may) in zip(seen, wanted, strict=True):
            assert how <= may or "code" in how  # what begins in code is set around all of it


@readers
@pytest.mark.parametrize(
    ("text", "set_"),
    [
        ("one **two** three", {"strong": "two"}),
        ("one *two **three** four* five", {"em": "two three four", "strong": "three"}),
        ("***both***, ~~gone~~ and `x_y`", {"strong": "both", "em": "both", "s": "gone"}),
        ("call `f(a, *b)` **now**", {"code": "f(a, *b)", "strong": "now"}),
        ("un*frigging*able", {"em": "frigging"}),
        ("**Note:** the _rest_ of it", {"strong": "Note:", "em": "rest"}),
        ("see <b>bold</b> and <kbd>Ctrl</kbd>", {"strong": "bold", "code": "Ctrl"}),
    ],
)
def test_what_is_set(reader: Reader, text: str, set_: dict[str, str]) -> None:
    seen = reader(set_text(text))
    for kind, stretch in set_.items():
        found = "".join(one for one, how in seen.set if kind in how)
        assert found.replace(" ", "") == stretch.replace(" ", ""), kind


# Whole documents


@readers
@given(markdown_documents())
def test_the_words_of_a_markdown_file_are_those_that_others_show(
    reader: Reader, written: Written
) -> None:
    seen = reader(set_text(written.markdown))
    if reader in READERS[:2]:  # simcord's page numbers lists by itself
        assert words(seen.text) == words(written.without_numbers)
    else:
        assert words(seen.text) == words(written.shown)


@pytest.mark.search
@readers
@given(markdown_documents())
def test_the_words_of_a_web_page_are_those_that_others_show(
    reader: Reader, written: Written
) -> None:
    seen = reader(set_text(written.as_web_page, "a.html"))
    if reader in READERS[:2]:
        assert words(seen.text) == words(written.without_numbers)
    else:
        assert words(seen.text) == words(written.shown)


@readers
@given(hostile)
@pytest.mark.parametrize("name", ["a.md", "a.txt"])
def test_a_hostile_file_has_no_effect_beyond_type(reader: Reader, name: str, text: str) -> None:
    try:
        markup = set_text(text, name)
    except UnreadableDocument:  # such as a file without any text
        return
    assert reader(markup).kinds <= set().union(*_EFFECTS.values())


@readers
def test_nasty_files(reader: Reader) -> None:
    effects = set().union(*_EFFECTS.values())
    for text in NASTY:
        assert "\x00" in text or reader(set_text(f"Words.\n\n{text}")).kinds <= effects, text


@given(hostile, st.integers(0, 60), st.integers(0, 60))
def test_a_fragment_is_set_whole(text: str, one: int, two: int) -> None:
    """Wherever a text is cut, no markup is left open, and no word gets lost."""
    try:
        document = parsed(text)
    except UnreadableDocument:
        return
    span = Span(min(one, two), min(max(one, two), len(document.text)))
    if span.start >= span.end:
        return
    layout = layout_of(document.blocks, document.styles)
    markup = typeset(span.of(document.text), shift_styles(clip_styles(layout, span), -span.start))
    for reader in READERS:
        assert reader(markup).kinds <= set().union(*_EFFECTS.values())


def test_without_styles_a_text_shows_as_it_is() -> None:
    text = "- **one**\n  # two\n\n> three | four"
    assert words(READERS[2](typeset(text)).text) == words(READERS[2](typeset(text)).text)
    assert typeset(text) == "\\- \\*\\*one\\*\\*\n\u00a0\u00a0\\# two\n\n\\> three | four"


# Blocks


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("# Aims\n\nText", "## Aims\n\nText"),
        ("Aims\n----\nText", "### Aims\nText"),
        ("# #tag", "## \\#tag"),
        ("- a\n  - b\n    - c\n- d", "- a\n  - b\n    - c\n- d"),
        ("3. a\n4. b\n   - c", "3. a\n4. b\n   - c"),
        ("1. a\n1. b\n1. c", "1. a\n2. b\n3. c"),
        ("2) a\n3) b", "2\\) a\n3\\) b"),
        ("- a\n  goes on\n\n  and on", "- a goes on\n  and on"),
        ("```sh\nmake  it\n  so\n```", "```\nmake  it\n  so\n```"),
        ("> said\n> by others", "said by others"),
        ("Before.\n\n> said\n> by others", "Before.\n\n\u2003said by others"),
        ("one\ntwo  \nthree\\\nfour", "one two\nthree\nfour"),
        ("[here](https://a.b/c) ![alt](x.png) <https://d.e>", "here alt https\\://d.e"),
        ("&amp; \\* &copy;", "& \\* ©"),
        ("C:\\Users\\1", "C:\\\\Users\\\\1"),
        ("---\nowner: Ingrid Moe\n---\n\nText", "**Owner** Ingrid Moe\n\nText"),
        ("a\n\n***\n\nb", "a\n\nb"),
    ],
)
def test_blocks(text: str, markup: str) -> None:
    assert set_text(text) == markup


def test_an_item_from_the_midst_of_a_list() -> None:
    document = parsed("- a\n  - b\n    - c\n- d")
    span = Span(document.text.index("- b"), len(document.text))
    styles = shift_styles(
        clip_styles(layout_of(document.blocks, document.styles), span), -span.start
    )
    assert typeset(span.of(document.text), styles) == "- b\n  - c\n- d"


def test_lines_of_a_text_file_flow_if_they_were_broken_for_its_width() -> None:
    prose = (
        "The convoy left the depot at six in the morning and reached\n"
        "the bridge before noon, where it had to wait for the second\n"
        "half of the escort."
    )
    assert set_text(prose, "a.txt") == prose.replace("\n", " ")
    address = "Ingrid Moe\nStorgata 12\n0155 Oslo"
    assert set_text(address, "a.txt") == address


_TABLE = "| Vendor | Price (EUR) | Lead time |\n|---|--:|---|\n| Acme | 2350 | 3 days |\n"


def test_a_row_is_fields() -> None:
    assert set_text(_TABLE) == "**Vendor** Acme\n**Price (EUR)** 2350 · **Lead time** 3 days"


def test_a_narrow_table_is_aligned() -> None:
    text = f"{_TABLE}| *Boreal* | 900 | a week |\n"
    assert set_text(text) == (
        "```\n"
        "Vendor  Price (EUR)  Lead time\n"
        "──────  ───────────  ─────────\n"
        "Acme           2350  3 days\n"
        "Boreal          900  a week\n"
        "```"
    )


def test_a_wide_table_is_fields_below_the_name_of_each_row() -> None:
    text = f"{_TABLE}| Boreal *Group* | 900 | a week after the order is signed |\n"
    assert set_text(text) == (
        "- **Vendor** Acme\n"
        "  **Price (EUR)** 2350 · **Lead time** 3 days\n"
        "- Boreal _Group_\n"
        "  **Price (EUR)** 900 · **Lead time** a week after the order is signed"
    )


def test_a_row_that_is_named_by_a_number_or_a_day_keeps_its_label() -> None:
    text = "Week | Site\n22 | Velin\n24 | Velin\nfirst | Velin"
    spans = [Span(0, 11), Span(12, 22), Span(23, 33), Span(34, 47)]
    kinds = [StyleKind.HEADER, *[StyleKind.ROW] * 3]
    styles = [Style(kind, span, 1) for kind, span in zip(kinds, spans, strict=True)]
    at = text.index("Velin")
    assert typeset(text, styles, [Span(at, at + 5)]).splitlines()[::2] == [
        "- **Week** 22",
        "- **Week** 24",
        "- first",
    ]


def test_the_cell_that_answers_is_bold_with_its_column() -> None:
    text = "Vendor | Price | Time\nAcme | 2350 | 3 days"
    styles = [Style(StyleKind.HEADER, Span(0, 21), 1), Style(StyleKind.ROW, Span(22, 42), 1)]
    at = text.index("2350")
    assert typeset(text, styles, [Span(at, at + 4)]) == (
        "**Vendor** Acme\n**Price 2350** · **Time** 3 days"
    )


def test_code_that_cannot_be_escaped_is_text() -> None:
    assert set_text("`<@1>` `@everyone`") == "\\<\\@1> \\@everyone"
    assert "```" not in set_text("```\nping <@1>\n```")
