"""Escaped text is shown exactly as it was, and has no effects."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.discord.rendering.escape import bold, escape, escape_line, markup_costs, quote, quote_costs
from bot.discord.rendering.limits import units
from bot.text import visible, visible_characters, visible_line
from index.document import Span
from testing.discord_client import Seen, discord_client
from tests.bot.discord.rendering.renderers import READERS, even
from tests.bot.discord.rendering.texts import NASTY, any_text

Reader = Callable[[str], Seen]
readers = pytest.mark.parametrize(
    "reader", READERS, ids=["message", "layout", "commonmark", "client"]
)
_HELD = str.maketrans("\u00a0\u2003", "  ")


@readers
def test_nasty_text_shows_as_it_is(reader: Reader) -> None:
    for text in NASTY:
        _shows(reader, text)


@readers
@given(text=any_text)
def test_any_text_shows_as_it_is(reader: Reader, text: str) -> None:
    _shows(reader, text)


def _shows(reader: Reader, text: str) -> None:
    seen = reader(escape(text))
    assert even(seen.text) == even(visible(text))
    assert seen.kinds == set()


@given(text=any_text)
@example("  two  spaces \n\n\n\tand a tab")
def test_white_space_is_kept(text: str) -> None:
    shown = discord_client(escape(text)).text.translate(_HELD)
    assert shown == visible(text).replace("\t", " ").translate(_HELD)
    lines = escape(text).split("\n")
    assert not any(line.startswith(" ") or "  " in line or "\t" in line for line in lines)


@readers
@given(text=any_text, line=any_text)
def test_within_a_line_too(reader: Reader, text: str, line: str) -> None:
    seen = reader(f"\\[1] {bold(text)} › {escape_line(line)}, page 2")
    assert even(seen.text) == even(
        f"[1] {visible_line(text).strip()} › {visible_line(line)}, page 2"
    )
    assert seen.kinds <= {"strong"}


@readers
def test_nasty_quotes(reader: Reader) -> None:
    for text in NASTY:
        _quotes(reader, text, [Span(0, len(text))])
        _quotes(reader, text, [Span(3, 9), Span(5, 12), Span(20, 25)])


@readers
@given(text=any_text, data=st.data())
def test_any_quote(reader: Reader, text: str, data: st.DataObject) -> None:
    offsets = st.integers(-2, len(text) + 2)
    pairs = data.draw(st.lists(st.tuples(offsets, offsets), max_size=4))
    _quotes(reader, text, [Span(min(pair), max(pair)) for pair in pairs])


def _quotes(reader: Reader, text: str, emphasis: list[Span]) -> None:
    markup = quote(text, emphasis)
    assert all(line.startswith("> ") for line in markup.split("\n"))
    seen = reader(markup)
    assert even(seen.text) == even(visible(text))
    assert seen.kinds <= {"quote", "blockquote", "strong"}
    wanted = Seen()
    for at, shown in enumerate(visible_characters(text)):
        wanted.add(shown, any(span.start <= at < span.end for span in emphasis))
    assert seen.letters == wanted.letters


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("Plain, ünïcode: 5 < 6 > 4, 50 %, AT&T, #tag, ~5 km, a|b, 1.5 (x) {y} !", None),
        ("no [1] link_name*", r"no \[1] link\_name\*"),
        ("https://a.b/c", r"https\://a.b/c"),
        ("discord.gg/x and https://discord.com/y", r"discord\.gg/x and https\://discord\.com/y"),
        ("<@1> <@&1> <#1>", r"\<\@1> \<\@&1> \<\#1>"),
        ("@everyone a@example.org", r"\@everyone a@example.org"),
        (":smile: 10:30", r"\:smile: 10:30"),
        ("- a\n12. b\n# c\n> d\n-5", "\\- a\n12\\. b\n\\# c\n\\> d\n-5"),
        ("  - a\tb  c", "\u00a0\u00a0\\- a\u2003b \u00a0c"),
        ("a\u202eb\u200b", "a‹U+202E›b‹U+200B›"),
        ("\ud83d\x1b", "‹U+D83D›␛"),
    ],
)
def test_only_what_matters_is_escaped(text: str, markup: str | None) -> None:
    assert escape(text) == (text if markup is None else markup)


@pytest.mark.parametrize(
    ("text", "emphasised", "markup"),
    [
        ("Four roles:\n\n- one", "Four roles:", "> **Four roles:**\n> \n> \\- one"),
        ("- **Monitoring.** Both", "**Monitoring.**", "> \\- **\\*\\*Monitoring.\\*\\*** Both"),
        ("it is f(x)y here", "(x)", "> it is f(**x**)y here"),
        ("one  two ", "  two ", "> one \u00a0**two** "),
        ("a.b", ".", "> a.b"),
    ],
)
def test_quote_with_emphasis(text: str, emphasised: str, markup: str) -> None:
    start = text.index(emphasised)
    assert quote(text, [Span(start, start + len(emphasised))]) == markup


def test_emphasis_stops_at_the_end_of_a_line() -> None:
    assert quote("one\n two", [Span(0, 8)]) == "> **one**\n> \u00a0**two**"


@given(text=any_text)
def test_costs_are_those_of_the_markup(text: str) -> None:
    assert sum(markup_costs(text)) == units(escape(text))
    assert sum(quote_costs(text)) + 2 == units(quote(text))
    assert len(markup_costs(text)) == len(text)


@given(text=any_text, most=st.integers(8, 40))
def test_a_line_is_shortened_visibly(text: str, most: int) -> None:
    whole, short = escape_line(text), escape_line(text, most)
    assert "\n" not in short
    assert units(short) <= most + 6  # what was within a line may stand at its end, and be escaped
    assert short == whole or short.endswith("…")
    assert units(bold(text, most)) <= most + 10
