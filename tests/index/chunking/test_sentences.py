from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sentencex import get_sentence_boundaries

from index.chunking import sentences
from index.chunking.sentences import line_spans, sentence_spans, split_evenly
from index.document import Span

WORDS = st.text(alphabet="abc. !?\n\t\u2028éß😀漢。", max_size=80)


def whole(text: str) -> Span:
    return Span(0, len(text))


def quotes(text: str) -> list[str]:
    return [span.of(text) for span in sentence_spans(text, whole(text))]


def assert_covered(text: str, allowed: Span, spans: list[Span]) -> None:
    covered = {at for span in spans for at in range(span.start, span.end)}
    assert covered <= set(range(allowed.start, allowed.end))
    assert all(at in covered for at in range(allowed.start, allowed.end) if not text[at].isspace())
    for span in spans:
        assert span.of(text) == span.of(text).strip() != ""
    for one, two in pairwise(spans):
        assert one.end <= two.start


@given(WORDS, WORDS, WORDS)
@example("", "a. b.This c", "")
def test_sentences_cover_what_they_are_of_in_order(before: str, text: str, after: str) -> None:
    around = before + text + after
    allowed = Span(len(before), len(before) + len(text))
    assert_covered(around, allowed, list(sentence_spans(around, allowed)))


@given(st.text(max_size=80))
def test_sentences_cover_any_text(text: str) -> None:
    assert_covered(text, whole(text), list(sentence_spans(text, whole(text))))


@given(WORDS.map(str.strip).filter(lambda text: len(text) > 1), WORDS)
def test_two_halves_cover_what_they_are_of(text: str, before: str) -> None:
    allowed = Span(len(before), len(before) + len(text))
    halves = list(split_evenly(before + text, allowed, 2))
    assert_covered(before + text, allowed, halves)
    assert len(halves) == 2


def test_where_sentences_end() -> None:
    for said in (
        ["Dr. Smith paid 3.5 million.", "He left."],
        # offsets count characters, not bytes
        ["Støre 😀 spoke.", "漢字 too.", "Then he left."],
        # a day before its month, and an abbreviation before its figure
        ["Ab 1. November und bis 31. März ist zu.", "Es sind 2.", "Morgen mehr."],
        ["Portforbud er fra kl. 23.00 til kl. 5.", "Ring tlf. 22 33 44.", "3 biler kjører."],
        ["Das kostet max. 30 Euro (ca. 2 pro Tag)."],
        ["It was signed by Max.", "He has left."],
        # a unit of one letter is no initial
        ["The limit is 40 mg/l.", "The tank holds 3 l.", "Ask M. Berg at 5 p.m."],
    ):
        assert quotes(" ".join(said)) == said
    glued = ["once a credible peace agreement is established.", "This statement is new."]
    assert quotes("".join(glued)) == glued


@given(WORDS, st.text("ab \n\r\x0b\u2028", max_size=40))
def test_lines_cover_what_they_are_of_without_white_space_at_their_ends(
    before: str, text: str
) -> None:
    allowed = Span(len(before), len(before) + len(text))
    lines = list(line_spans(before + text, allowed))
    assert_covered(before + text, allowed, lines)
    assert [line.of(before + text) for line in lines] == [
        line.strip() for line in text.splitlines() if line.strip()
    ]


def test_a_text_is_split_near_its_middle_at_a_sentence_else_a_space_else_anywhere() -> None:
    def halves(text: str) -> list[str]:
        return [span.of(text) for span in split_evenly(text, whole(text), 2)]

    assert halves("One is here. Two is there. Three.") == ["One is here.", "Two is there. Three."]
    assert halves("one two three four") == ["one two", "three four"]
    assert halves("abcdefgh") == ["abcd", "efgh"]
    assert halves("ab") == ["a", "b"]


@given(WORDS.map(str.strip).filter(bool), st.integers(2, 9))
def test_any_number_of_parts_covers_the_text(text: str, number: int) -> None:
    parts = list(split_evenly(text, whole(text), number))
    assert_covered(text, whole(text), parts)
    assert len(parts) <= number


def test_many_parts_are_about_as_long_as_each_other() -> None:
    text = "word " * 2_000
    lengths = [len(span) for span in split_evenly(text, whole(text), 16)]
    assert len(lengths) == 16
    assert max(lengths) - min(lengths) <= 10


@pytest.mark.parametrize(
    "piece", ["“a. ", "«a. ", "\"a. 'b. (c. ", "一。", "a ", "Norway has depots. "]
)
def test_the_work_is_in_proportion_to_the_text(piece: str, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[int] = []

    def counted(language: str, text: str) -> Any:
        looked_at.append(len(text))
        return get_sentence_boundaries(language, text)

    monkeypatch.setattr(sentences, "get_sentence_boundaries", counted)
    text = piece * (40_000 // len(piece))
    assert_covered(text, whole(text), list(sentence_spans(text, whole(text))))
    assert max(looked_at) <= 4_000  # the library's time grows with the square of it
    assert sum(looked_at) <= 2 * len(text)


def test_sentences_of_a_long_paragraph_are_whole() -> None:
    said = [f"Depot {number} paid Dr. Smith 3.5 million on day {number}." for number in range(500)]
    assert quotes(" ".join(said)) == said


def test_a_long_sentence_is_not_cut() -> None:
    said = "Depots of Norway, " + "and of Oslo, " * 1_000 + "are shut."
    assert quotes(f"It began. {said} It ended.") == ["It began.", said, "It ended."]
