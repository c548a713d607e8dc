from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.records.recent import CONVERSATION, QuestionWords, RecentWords
from index.answering.answer import Choice

NOON = datetime(2026, 1, 19, 12, tzinfo=UTC)
ANN, BEN = 101, 102


def words(question: str) -> QuestionWords:
    return QuestionWords(question, f"{question} in Norway")


def test_what_was_said_is_remembered_and_what_a_person_said_forgotten() -> None:
    recent = RecentWords(lambda: NOON)
    recent.put(1, ANN, words("what roles"))
    recent.put(2, BEN, words("who won"))
    recent.put(3, ANN, words("why"))
    assert recent.get(1) == QuestionWords("what roles", "what roles in Norway")
    assert (recent.of_person(ANN), recent.get(4)) == (2, None)
    recent.forget_person(ANN)
    assert (recent.of_person(ANN), recent.get(1), recent.get(3)) == (0, None, None)
    assert recent.get(2) == words("who won")


def test_words_of_a_person_in_what_others_asked_are_forgotten() -> None:
    recent = RecentWords(lambda: NOON)
    choices = (Choice("Norway", "what roles in Norway"),)
    recent.put(1, BEN, QuestionWords("what roles", "what roles in Norway", (ANN,), choices))
    recent.put(2, BEN, QuestionWords("what roles in Norway", "what roles in Norway", (ANN,)))
    recent.forget_person(ANN)
    assert recent.get(1) == QuestionWords("what roles", "what roles")
    assert recent.get(2) is None  # a choice that was offered to Ann


@given(pauses=st.lists(st.integers(0, 40), min_size=1, max_size=30), most=st.integers(1, 10))
def test_no_longer_than_a_conversation_and_no_more_than_the_newest(
    pauses: list[int], most: int
) -> None:
    now = [NOON]
    recent = RecentWords(lambda: now[0], most=most)
    asked: dict[int, datetime] = {}
    for number, pause in enumerate(pauses):
        now[0] += timedelta(minutes=pause)
        recent.put(number, ANN, words(str(number)))
        asked[number] = now[0]
        held = [one for one in list(asked)[-most:] if now[0] - asked[one] <= CONVERSATION]
        assert [one for one in asked if recent.get(one)] == held
        assert recent.of_person(ANN) == len(held)
