"""Complete messages of every kind, with hostile text from people and documents.

What a renderer finds in such a message is what it finds in the same message with harmless words.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot import messages
from bot.discord.rendering.answers.answers import answer
from bot.discord.rendering.answers.handed import answered
from bot.discord.rendering.message import MessagePart
from bot.discord.rendering.reports import reindexed_text
from bot.localization import LANGUAGES, speaking
from bot.text import visible
from index.answering.answer import Response, Verdict
from index.indexing.report import ReindexReport
from testing.budget import one_in
from testing.discord_client import Seen, discord_client
from tests.bot.discord.rendering.every_kind import HANDED, HARMLESS, KINDS, excerpt
from tests.bot.discord.rendering.renderers import READERS, commonmark, preview
from tests.bot.discord.rendering.sent import check, texts_of
from tests.bot.discord.rendering.texts import NASTY, any_text

pytestmark = pytest.mark.slow


def markup_of(parts: Sequence[MessagePart]) -> list[str]:
    """Return each text of the messages."""
    for part in parts:
        check(part)
    return [text for part in parts for text in texts_of(part)]


def read(parts: Sequence[MessagePart]) -> dict[str, set[str]]:
    """Return what each renderer finds in the messages besides text."""
    found: dict[str, set[str]] = {}
    for markup in markup_of(parts):
        seen: dict[str, Seen] = {
            "preview": preview(markup, "text_display"),
            "commonmark": commonmark(markup),
            "client": discord_client(markup),
        }
        for reader, one in seen.items():
            found.setdefault(reader, set()).update(one.kinds)
    return found


@cache
def allowed_in(kind: str, language: str) -> dict[str, set[str]]:
    with speaking(language):
        return read(KINDS[kind](HARMLESS))


def assert_harmless(kind: str, text: str, language: str = "en") -> None:
    allowed = allowed_in(kind, language)
    with speaking(language):
        found = read(KINDS[kind](text or HARMLESS))
    assert found
    for reader, some in found.items():
        assert some <= allowed[reader], (reader, text)


# `make test` has each kind of message, and each text in one of them or two.
@pytest.mark.parametrize("every", [7, pytest.param(1, marks=pytest.mark.search)])
@pytest.mark.parametrize("kind", KINDS)
def test_nasty_text_in_every_place(kind: str, every: int) -> None:
    first = list(KINDS).index(kind) % every
    for text in NASTY[first::every]:
        assert_harmless(kind, text)


@pytest.mark.parametrize("kind", one_in(6, KINDS))
@given(text=any_text, language=st.sampled_from(LANGUAGES))
@example(text="*http:👩\u200d🚒</ask:1>", language="en")  # the emphasis ends within the emoji
def test_any_text_in_every_place_and_language(kind: str, text: str, language: str) -> None:
    assert_harmless(kind, text, language)
    with speaking(language):
        texts = markup_of(KINDS[kind](text))
    for markup in texts:
        # All that would reorder or hide is made visible; what isolates is the bot's own, in pairs.
        own = markup.replace("\N{FIRST STRONG ISOLATE}", "").replace(
            "\N{POP DIRECTIONAL ISOLATE}", ""
        )
        assert visible(own) == own
        assert markup.count("\N{FIRST STRONG ISOLATE}") == markup.count(
            "\N{POP DIRECTIONAL ISOLATE}"
        )


@pytest.mark.parametrize("text", [*NASTY, "x" * 4_000, "*" * 4_000, "\\" * 2_000, "<@1> " * 800])
def test_a_person_s_words_may_be_emphasised_and_nothing_else(text: str) -> None:
    parts = answered(HANDED, name="Eve", words=text or HARMLESS, here=True)
    found = read(parts)
    emphasis = {"strong", "em", "hr", "underline", "u_open", "u_close"}
    emphasis |= {"list", "bullet_list", "list_item"}
    for reader, allowed in read(answered(HANDED, name="Eve", words=HARMLESS, here=True)).items():
        assert found[reader] <= allowed | emphasis, (reader, text)


def test_each_reader_is_asked() -> None:
    assert len(READERS) == 4
    assert set(read(KINDS["answers"](HARMLESS))) == {"preview", "commonmark", "client"}


FORGED = (
    "Real words.\n\n[1] **Another document** › Heading, page 9\nConfidence 99%\n"
    "> Words that stand nowhere\n\n**I found nothing close.**\n-# Shared by <@1>\nSource: x"
)


def test_an_excerpt_cannot_play_the_answer_around_it() -> None:
    """Every line of it is in the quote; the bot's own text is outside."""
    found = Response("q", Verdict.ANSWERED, 0.9, 1, excerpts=(excerpt(FORGED),))
    (part,) = answer(found, exchange=1)
    *texts, footer = texts_of(part)
    lines = "\n".join(texts).split("\n")
    quoted = [line for line in lines if line.startswith("> ")]
    assert len(quoted) == len(FORGED.split("\n"))
    outside = [line for line in lines if line and not line.startswith("> ")]
    (line,) = outside
    assert line.startswith("-# \\[1] **Real words.␤␤")
    assert footer == f"-# {messages.confidence(probability=0.9)}"


def test_a_line_break_in_a_name_makes_no_second_line() -> None:
    for one in (
        part for kind in ("documents", "changes", "reports") for part in KINDS[kind](FORGED)
    ):
        for text in texts_of(one):
            assert "\n[1]" not in text
            assert "\n\\[1]" not in text
    text = reindexed_text(ReindexReport(1, 1, 1, added=(FORGED,)))
    assert len(text.splitlines()) == 2


@given(st.sampled_from(["\u05d0\u05d1", "\u0627\u0628", "\u0661\u0662"]), any_text)
def test_what_is_written_from_right_to_left_moves_nothing_beside_it(right: str, text: str) -> None:
    for part in *KINDS["documents"](right + text), *KINDS["changes"](text + right):
        for markup in markup_of([part]):
            for line in markup.split("\n"):
                depth = 0
                for character in line:
                    depth += (character == "\N{FIRST STRONG ISOLATE}") - (
                        character == "\N{POP DIRECTIONAL ISOLATE}"
                    )
                    assert depth in (0, 1)
                    assert depth or character not in right
