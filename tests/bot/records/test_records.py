from __future__ import annotations

import json
import os
import random
import resource
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.errors import RecordsBlocked, RecordsDamaged, RecordsOutdated
from bot.records import (
    AuditEntry,
    Counts,
    Exchange,
    Fault,
    FeedbackEntry,
    Kind,
    Mark,
    NewExchange,
    PersonCounts,
    Records,
    UnsatisfiedQuestion,
)
from bot.records.databases.database import Place
from bot.records.databases.sqlite import SqliteDatabase as Database
from bot.records.schema import FIRST_VERSION, MIGRATIONS
from index.answering.answer import Choice, Excerpt, QuestionKind, Quote, Verdict
from index.document import Span, Style, StyleKind, TextOrigin
from index.errors import BriefingError
from testing.budget import amount, seeds
from testing.clock import Clock
from testing.samples import ANSWER, NO_ANSWER

pytestmark = pytest.mark.slow

NOON = datetime(2026, 1, 19, 12, tzinfo=UTC)
ROOT = Path(__file__).parents[3]
KILLS = amount(5)
ANN, BEN, CAT = 101, 102, 103
GUILD, CHANNEL = 10, 20


@pytest.fixture
def records(place: Place, clock: Clock) -> Iterator[Records]:
    with closing(Records(place, clock, keep_questions=True)) as opened:
        yield opened


def ask(records: Records, question: str = "what roles?", **different: Any) -> Exchange:
    """An answered question of Ann's."""
    exchange: dict[str, Any] = {
        "kind": Kind.ASK,
        "person": ANN,
        "guild": GUILD,
        "channel": CHANNEL,
        "question": question,
        "generation": 7,
        "confidence": 0.93,
        "verdict": Verdict.ANSWERED,
        "excerpts": ANSWER.excerpts,
    }
    return records.add(NewExchange(**(exchange | different)))


def unanswered(records: Records, question: str, **different: Any) -> Exchange:
    return ask(records, question, verdict=Verdict.SILENT, excerpts=NO_ANSWER.closest, **different)


def stored_bytes(path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in path.parent.iterdir())


# Exchanges


def test_an_exchange_is_stored_whole(records: Records, path: Path, clock: Clock) -> None:
    given: dict[str, Any] = {
        "kind": Kind.SEARCH,
        "person": 2**63 - 1,
        "guild": None,
        "channel": CHANNEL,
        "question": "and there?",
        "rewritten": "What roles are there in Norway?",
        "generation": 7,
        "confidence": 0.1 + 0.2,
        "verdict": Verdict.ANSWERED,
        "excerpts": ANSWER.excerpts,
        "private": True,
        "message": 31,
        "replies": (42, 41),
        "document": "norway/force.pdf",
        "question_kind": QuestionKind.TABLE,
        "choices": (Choice("Norway", "What roles are there in Norway?"),),
        "named_documents": ("norway/plan.md",),
        "folder": "norway",
        "since": date(2026, 1, 19),
        "source_documents": ("sweden.md",),
        "source_people": (BEN,),
    }
    added = records.add(NewExchange(**given))
    assert added == Exchange(id=1, at=NOON, **given)
    records.close()
    with closing(Records(path, clock)) as again:
        assert again.exchange(added.id) == added


@pytest.mark.parametrize(
    ("verdict", "answered", "shown", "documents"),
    [
        (Verdict.ANSWERED, True, True, {"norway/force.pdf", "notes\n[2].txt", "named", "source"}),
        (Verdict.UNSURE, False, True, {"norway/force.pdf", "notes\n[2].txt", "named", "source"}),
        # The closest passages were not shown unasked.
        (Verdict.SILENT, False, False, {"named", "source"}),
    ],
)
def test_what_was_shown(
    verdict: Verdict, answered: bool, shown: bool, documents: set[str], records: Records
) -> None:
    added = ask(records, verdict=verdict, named_documents=("named",), source_documents=("source",))
    assert added.answered is answered
    assert added.shown == (ANSWER.excerpts if shown else ())
    assert added.documents == documents


def test_what_it_follows_up_may_be_gone(records: Records, clock: Clock) -> None:
    first = ask(records, person=BEN)
    clock.move(minutes=1)
    second = ask(records, follows=first.id)
    assert records.exchange(second.id) == second
    assert second.follows == first.id
    records.forget_person(BEN)
    assert records.exchange(second.id) == replace(second, follows=None)
    assert ask(records, follows=first.id).follows is None


any_text = st.text(st.characters(exclude_categories=["Cs"]))
numbers = st.integers(0, 2**31)
spans = st.builds(Span, numbers, numbers)
excerpts = st.builds(
    Excerpt,
    number=numbers,
    quote=any_text,
    document=any_text,
    title=any_text,
    heading=st.lists(any_text, max_size=3).map(tuple),
    page=st.none() | numbers,
    span=spans,
    passage=any_text,
    score=st.floats(allow_nan=False),
    emphasis=st.lists(spans, max_size=3).map(tuple),
    header=st.none() | st.builds(Quote, any_text, spans),
    origin=st.sampled_from(TextOrigin),
    styles=st.lists(
        st.builds(Style, st.sampled_from(StyleKind), spans, numbers, any_text), max_size=3
    ).map(tuple),
)
choices = st.builds(Choice, any_text, any_text)
ids = st.integers(0, 2**63 - 1)


@pytest.fixture(scope="module")
def shared() -> Iterator[Records]:
    """For properties, whose examples may share a file."""
    folder = tempfile.mkdtemp()
    path = Path(folder) / "records.sqlite"
    with closing(Records(path, lambda: NOON, keep_questions=True)) as opened:
        yield opened
    shutil.rmtree(folder)


@given(
    fields=st.fixed_dictionaries(
        {
            "kind": st.sampled_from([Kind.ASK, Kind.SEARCH]),
            "person": ids,
            "guild": st.none() | ids,
            "channel": ids,
            "question": any_text,
            "rewritten": any_text,
            "generation": numbers,
            "confidence": st.floats(0, 1),
            "verdict": st.sampled_from(Verdict),
            "excerpts": st.lists(excerpts, max_size=3).map(tuple),
            "private": st.booleans(),
            "message": st.none() | ids,
            "replies": st.lists(ids, unique=True, max_size=4).map(tuple),
            "document": st.none() | any_text,
            "question_kind": st.sampled_from(QuestionKind),
            "choices": st.lists(choices, max_size=3).map(tuple),
            "named_documents": st.lists(any_text, max_size=3).map(sorted).map(tuple),
            "folder": st.none() | any_text,
            "since": st.none() | st.dates(),
        }
    )
)
def test_any_exchange_comes_back_as_it_was(shared: Records, fields: dict[str, Any]) -> None:
    added = shared.add(NewExchange(**fields))
    assert added == Exchange(id=added.id, at=NOON, **fields)
    assert shared.exchange(added.id) == added
    for reply in added.replies:
        assert shared.by_reply(reply) == added


@given(text=st.text(st.characters(categories=["Cs"]) | st.sampled_from("ab\0🙂"), min_size=1))
def test_half_surrogate_pairs_become_replacement_characters(shared: Records, text: str) -> None:
    stored = ask(shared, text).question
    assert stored == text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    stored.encode()


def test_moments_are_exact_and_in_utc(records: Records, clock: Clock) -> None:
    clock.now = datetime(2026, 7, 1, 1, 2, 3, 456789, timezone(timedelta(hours=5, minutes=30)))
    added = ask(records)
    assert added.at == clock.now
    assert added.at.tzinfo is UTC


def test_ids_are_not_given_again(records: Records, clock: Clock) -> None:
    first = ask(records)
    clock.move(days=1)
    assert records.prune(clock.now) == 1
    assert ask(records).id > first.id
    assert records.exchange(first.id) is None


@pytest.mark.parametrize("number", [0, -1, 99, 2**63, -(2**80), 10**40])
def test_an_id_that_nobody_gave_finds_nothing(records: Records, number: int) -> None:
    ask(records)
    assert records.exchange(number) is None
    assert records.by_reply(number) is None
    assert records.by_question(number) is None
    assert records.rate(number, ANN, Mark.UP) is None


def test_an_exchange_is_found_by_its_messages(records: Records) -> None:
    first = ask(records, message=1)
    records.set_replies(first.id, (11, 12))
    edited = ask(records, message=1)
    claim = ask(records, kind=Kind.CLAIM, message=1, person=BEN)
    other = ask(records, message=2)
    first = replace(first, replies=(11, 12))
    assert records.by_question(1) == first
    assert records.by_question(2) == other
    assert records.by_question(3) is None
    assert records.by_reply(11) == records.by_reply(12) == first
    assert records.by_reply(1) is None
    assert claim.message == 1

    records.set_replies(edited.id, (12, 13))  # the bot edited its second message
    assert records.by_reply(11) == replace(first, replies=(11,))
    assert records.by_reply(12) == records.by_reply(13) == replace(edited, replies=(12, 13))
    records.set_replies(edited.id, ())
    assert records.by_reply(12) is None


def test_replies_to_a_forgotten_exchange_are_not_kept(records: Records) -> None:
    added = ask(records)
    records.forget_person(ANN)
    records.set_replies(added.id, (11,))
    assert records.by_reply(11) is None


def test_the_last_question_is_that_of_the_person_in_the_channel(
    records: Records, clock: Clock
) -> None:
    assert records.last(ANN, CHANNEL, NOON) is None
    ask(records, "first")
    clock.move(minutes=1)
    second = ask(records, "second")
    ask(records, "a claim", kind=Kind.CLAIM)
    ask(records, "elsewhere", channel=21)
    ask(records, "somebody else's", person=BEN)
    assert records.last(ANN, CHANNEL, NOON) == second
    assert records.last(ANN, CHANNEL, clock.now) == second
    assert records.last(ANN, CHANNEL, clock.now + timedelta(microseconds=1)) is None


def test_what_was_asked_in_a_message_can_be_passed_over(records: Records) -> None:
    first = ask(records, "by command")
    second = ask(records, "who pays?", message=1)
    ask(records, "who signs?", message=2)
    assert records.last(ANN, CHANNEL, NOON, but_in=2) == second
    records.forget_person(BEN)
    assert records.last(ANN, CHANNEL, NOON, but_in=None) != second
    ask(records, "by command, later")
    assert records.last(ANN, CHANNEL, NOON, but_in=1) != first


def test_an_answer_that_was_never_shown_does_not_stand_for_the_one_that_was(
    records: Records,
) -> None:
    shown = ask(records, "who signs?", message=1, replies=(11,))
    ask(records, "who pays?", message=1)  # recorded, and dropped: the message was edited again
    assert records.by_question(1) == shown
    records.set_replies(shown.id, ())
    found = records.by_question(1)
    assert found is not None
    assert found.question == "who pays?"


def test_a_clock_that_was_put_back_does_not_hide_the_last_question(
    records: Records, clock: Clock
) -> None:
    ask(records, "first")
    clock.move(minutes=-5)
    second = ask(records, "second")
    assert records.last(ANN, CHANNEL, NOON - timedelta(hours=1)) == second


# Feedback


def test_a_person_has_one_mark_and_the_later_one_counts(records: Records, clock: Clock) -> None:
    exchange = ask(records)

    def marks() -> list[FeedbackEntry]:
        return [feedback for feedback, _ in records.feedback(exchange=exchange.id)]

    up = records.rate(exchange.id, ANN, Mark.UP)
    assert up == FeedbackEntry(exchange.id, ANN, Mark.UP, None, NOON)
    clock.move(minutes=1)
    down = records.rate(exchange.id, ANN, Mark.DOWN)
    assert down == FeedbackEntry(exchange.id, ANN, Mark.DOWN, None, clock.now)
    clock.move(minutes=1)
    reasoned = records.rate(exchange.id, ANN, Mark.DOWN, "It is about Sweden.")
    assert reasoned == FeedbackEntry(exchange.id, ANN, Mark.DOWN, "It is about Sweden.", clock.now)
    assert marks() == [reasoned]
    chosen = records.rate(exchange.id, ANN, Mark.DOWN, fault=Fault.WRONG)
    assert chosen == replace(reasoned, fault=Fault.WRONG)
    again = records.rate(exchange.id, ANN, Mark.DOWN)
    assert again == chosen
    assert records.counts().faults == {Fault.WRONG: 1}
    other = records.rate(exchange.id, BEN, Mark.UP, "")
    assert other == FeedbackEntry(exchange.id, BEN, Mark.UP, None, clock.now)
    turned = records.rate(exchange.id, ANN, Mark.UP)
    assert turned == FeedbackEntry(exchange.id, ANN, Mark.UP, None, clock.now)
    assert sorted(marks(), key=lambda feedback: feedback.person) == [turned, other]
    assert records.counts().faults == {}


def test_feedback_is_listed_newest_first_with_what_it_is_on(records: Records, clock: Clock) -> None:
    first, second = ask(records, "first"), unanswered(records, "second")
    rated: list[tuple[FeedbackEntry, Exchange]] = []
    for exchange, person, mark in [
        (second, ANN, Mark.DOWN),
        (first, ANN, Mark.UP),
        (first, BEN, Mark.DOWN),
    ]:
        clock.move(minutes=1)
        feedback = records.rate(exchange.id, person, mark)
        assert feedback is not None
        rated.insert(0, (feedback, exchange))
    assert records.feedback() == rated
    assert records.feedback(exchange=first.id) == rated[:2]
    assert records.feedback(mark=Mark.DOWN) == [rated[0], rated[2]]
    assert records.feedback(since=NOON + timedelta(minutes=2)) == rated[:2]
    assert records.feedback(since=clock.now, mark=Mark.UP) == []


def test_unsatisfied_are_unanswered_questions_and_those_marked_down(
    records: Records, clock: Clock
) -> None:
    unanswered(records, "too old")
    clock.move(days=1)
    ask(records, "answered")
    missing = unanswered(records, "missing")
    wrong = ask(records, "wrong")
    liked = ask(records, "liked")
    unanswered(records, "elsewhere", guild=11)
    direct = unanswered(records, "direct", guild=None)
    unanswered(records, "a claim", kind=Kind.CLAIM)
    records.rate(liked.id, ANN, Mark.UP, "Good.")
    records.rate(missing.id, ANN, Mark.UP)
    records.rate(wrong.id, CAT, Mark.DOWN)
    clock.move(minutes=1)
    records.rate(wrong.id, BEN, Mark.DOWN, "It is about Sweden.")
    clock.move(minutes=1)
    records.rate(wrong.id, ANN, Mark.DOWN, "Too long.")
    since = NOON + timedelta(days=1)
    assert records.unsatisfied(GUILD, since) == [
        UnsatisfiedQuestion(missing),
        UnsatisfiedQuestion(wrong, ("It is about Sweden.", "Too long."), marked_down=True),
    ]
    assert records.unsatisfied(None, since) == [UnsatisfiedQuestion(direct)]
    assert len(records.unsatisfied(GUILD, NOON)) == 3


@pytest.mark.parametrize(
    ("verdict", "kind", "mark", "is_open"),
    [
        (Verdict.ANSWERED, QuestionKind.FACT, None, False),
        (Verdict.ANSWERED, QuestionKind.FACT, Mark.UP, False),
        (Verdict.ANSWERED, QuestionKind.FACT, Mark.DOWN, True),
        (Verdict.UNSURE, QuestionKind.FACT, None, True),
        (Verdict.UNSURE, QuestionKind.TABLE, Mark.UP, True),
        (Verdict.SILENT, QuestionKind.COLLECTION, None, True),
        # What is asked back is answered by the choice, which is asked as a question of its own.
        (Verdict.UNSURE, QuestionKind.UNCLEAR, None, False),
        (Verdict.UNSURE, QuestionKind.UNCLEAR, Mark.DOWN, True),
        # Small talk asks nothing of the documents.
        (Verdict.ANSWERED, QuestionKind.TALK, Mark.DOWN, False),
        (Verdict.SILENT, QuestionKind.TALK, None, False),
    ],
)
def test_what_leaves_a_gap(
    verdict: Verdict, kind: QuestionKind, mark: Mark | None, is_open: bool, records: Records
) -> None:
    added = ask(records, verdict=verdict, question_kind=kind)
    if mark:
        records.rate(added.id, BEN, mark)
    found = [UnsatisfiedQuestion(added, marked_down=mark is Mark.DOWN)] if is_open else []
    assert records.unsatisfied(GUILD, NOON) == found


def test_small_talk_is_neither_counted_nor_exported(records: Records) -> None:
    talk = ask(records, "thanks!", question_kind=QuestionKind.TALK, excerpts=())
    ask(records, "who?", verdict=Verdict.UNSURE)
    records.rate(talk.id, ANN, Mark.UP)
    assert records.counts() == Counts(exchanges=1, answered=0, unsure=1, up=1, down=0)
    assert list(records.export()) == [{"question": "who?"}]


def test_of_an_edited_question_only_the_newest_wording_counts(records: Records) -> None:
    unanswered(records, "wat rols", message=1)
    ask(records, "what roles", message=1)
    ask(records, "what roles", message=2)
    edited = unanswered(records, "who is it", message=2)
    assert records.unsatisfied(GUILD, NOON) == [UnsatisfiedQuestion(edited)]
    assert list(records.export()) == [{"question": "who is it"}]


def test_export_has_what_was_rated_or_unanswered(records: Records) -> None:
    ask(records, "not rated")
    liked = ask(records, "and there?", rewritten="What roles are there?")
    disputed = ask(records, "disputed")
    disliked = ask(records, "disliked")
    unanswered(records, "unanswered")
    unanswered(records, "direct and private", guild=None, private=True)
    claim = ask(records, "a claim", kind=Kind.CLAIM)
    for exchange in (liked, disputed, claim):
        records.rate(exchange.id, ANN, Mark.UP)
    for exchange in (disputed, disliked):
        records.rate(exchange.id, BEN, Mark.DOWN, "No.")
    expected = [
        {
            "question": "What roles are there?",
            "document": "norway/force.pdf",
            "excerpt": "Observers check the truce.",
            "answerable": True,
        },
        {"question": "disputed"},
        {"question": "disliked"},
        {"question": "unanswered"},
    ]
    assert list(records.export()) == expected
    assert list(records.export(private=True)) == [*expected, {"question": "direct and private"}]


# What admins did, facts, forgetting


def test_audits_are_listed_newest_first(records: Records, clock: Clock) -> None:
    upload = records.audit(ANN, GUILD, "upload", "norway/force.pdf")
    clock.move(minutes=1)
    reindex = records.audit(BEN, None, "reindex")
    assert upload == AuditEntry(NOON, ANN, GUILD, "upload", "norway/force.pdf")
    assert reindex == AuditEntry(clock.now, BEN, None, "reindex", "")
    assert records.audits(10) == [reindex, upload]
    assert records.audits(1) == [reindex]


def test_facts_are_remembered(records: Records, path: Path) -> None:
    assert records.recall("commands") is None
    records.remember("commands", "abc")
    records.remember("commands", "def")
    with closing(Records(path)) as again:
        assert again.recall("commands") == "def"


def test_a_forgotten_person_leaves_nothing_behind(records: Records, path: Path) -> None:
    secret = replace(ANSWER.excerpts[0], quote="Secret quote.")
    hers = ask(records, "Secret question?", excerpts=(secret,), rewritten="Secret meaning?")
    records.set_replies(hers.id, (11,))
    his = ask(records, "what roles?", person=BEN)
    records.rate(hers.id, BEN, Mark.DOWN, "Secret reason.")
    records.rate(his.id, ANN, Mark.DOWN, "Secret reason.")
    kept = records.rate(his.id, BEN, Mark.UP)
    entry = records.audit(ANN, GUILD, "reindex")
    assert b"Secret" in stored_bytes(path)

    assert records.forget_person(ANN) == 1
    assert records.exchange(hers.id) is None
    assert records.by_reply(11) is None
    assert records.feedback() == [(kept, his)]
    assert records.audits(10) == [entry]
    assert b"Secret" not in stored_bytes(path)
    assert records.forget_person(ANN) == 0


def test_pruning_removes_what_is_older(records: Records, path: Path, clock: Clock) -> None:
    old = ask(records, "Old question?")
    records.rate(old.id, ANN, Mark.UP, "Old reason.")
    clock.move(days=30)
    new = ask(records)
    assert records.prune(clock.now) == 1
    assert records.exchange(old.id) is None
    assert records.exchange(new.id) == new
    assert records.feedback() == []
    assert b"Old" not in stored_bytes(path)


def test_counts(records: Records, clock: Clock) -> None:
    assert records.counts() == Counts(0, 0, 0, 0, 0)
    exchange = ask(records)
    unanswered(records, "who?")
    for person in (ANN, BEN):
        records.rate(exchange.id, person, Mark.UP)
    clock.move(days=1)
    records.rate(exchange.id, CAT, Mark.DOWN)
    ask(records, kind=Kind.SEARCH)
    ask(records, question_kind=QuestionKind.UNCLEAR)
    assert records.counts() == Counts(exchanges=2, answered=1, unsure=0, up=2, down=1)
    assert records.counts(clock.now) == Counts(exchanges=0, answered=0, unsure=0, up=0, down=1)


def test_a_naive_moment_is_a_defect(records: Records) -> None:
    with pytest.raises(TypeError, match="naive"):
        records.prune(datetime(2026, 1, 1))
    assert ask(records).id == 1


# What people wrote


def test_words_are_not_kept_unless_that_is_asked_for(path: Path, clock: Clock) -> None:
    with closing(Records(path, clock)) as records:
        added = ask(records, "Secret question?", rewritten="Secret meaning?")
        asked = unanswered(records, "Secret other question?")
        given = records.rate(added.id, BEN, Mark.DOWN, "Secret reason.")
        assert given == FeedbackEntry(added.id, BEN, Mark.DOWN, None, NOON)
        assert added.question == "Secret question?"
        assert records.exchange(added.id) == added
        assert records.last(ANN, CHANNEL, NOON) == asked
        assert records.unsatisfied(GUILD, NOON) == []
        assert list(records.export()) == []
        assert b"Secret" not in stored_bytes(path)
    assert b"Secret" not in stored_bytes(path)
    with closing(Records(path, clock)) as again:
        wordless = replace(added, question="", rewritten="")
        assert again.exchange(added.id) == wordless
        assert again.counts() == Counts(exchanges=2, answered=1, unsure=0, up=0, down=1)


def test_unkept_words_are_remembered_for_one_conversation(path: Path, clock: Clock) -> None:
    with closing(Records(path, clock)) as records:
        added = ask(records)
        clock.move(minutes=30)
        assert records.exchange(added.id) == added
        clock.move(microseconds=1)
        assert records.exchange(added.id) == replace(added, question="", rewritten="")


@pytest.mark.parametrize("keep_questions", [True, False])
def test_words_that_are_somebody_else_s_are_not_kept(
    path: Path, clock: Clock, keep_questions: bool
) -> None:
    with closing(Records(path, clock, keep_questions=keep_questions)) as records:
        claim = ask(records, "Secret claim.", kind=Kind.CLAIM)
        assert b"Secret" not in stored_bytes(path)
        found = records.exchange(claim.id)
        assert found is not None
        assert found.question == ""


def test_words_go_before_the_rest(records: Records, path: Path, clock: Clock) -> None:
    old = unanswered(records, "Old question?")
    records.rate(old.id, BEN, Mark.DOWN, "Old reason.")
    clock.move(days=30)
    new = unanswered(records, "New question?")
    records.rate(old.id, ANN, Mark.DOWN, "New reason.")
    records.rate(old.id, BEN, Mark.DOWN)  # which makes his reason no younger
    assert records.prune(NOON, words_before=clock.now) == 0
    assert records.exchange(old.id) == replace(old, question="", rewritten="")
    assert records.unsatisfied(GUILD, NOON) == [UnsatisfiedQuestion(new)]
    reasons = {given.person: given.reason for given, _ in records.feedback()}
    assert reasons == {ANN: "New reason.", BEN: None}
    assert b"Old" not in stored_bytes(path)
    assert b"New" in stored_bytes(path)
    assert records.prune(NOON, words_before=datetime.max.replace(tzinfo=UTC)) == 0
    assert b"New" not in stored_bytes(path)
    assert records.counts().exchanges == 2


@pytest.mark.parametrize("seed", seeds(15))
def test_no_copy_of_a_word_is_left_on_the_disk(seed: int, tmp_path: Path) -> None:
    """SQLite moves rows from page to page, and leaves what was there: secure_delete does not help.

    The most rows of the test are in pages that it fills and empties many times over.
    """
    chance, clock = random.Random(seed), Clock(NOON)
    kept: dict[str, tuple[int, datetime]] = {}
    gone: set[str] = set()

    def word(person: int, number: int) -> str:
        made = f"canary{chance.randrange(10**12):012d}"
        kept[made] = person, clock.now
        return f"{made} {'x' * chance.choice([0, 40, 300, 3_000])} {number}"

    with closing(Records(tmp_path / "records.sqlite", clock, keep_questions=True)) as records:
        for _ in range(12):
            for number in range(chance.randrange(40)):
                person = chance.choice([ANN, BEN, CAT])
                added = ask(records, word(person, number), person=person, excerpts=())
                if chance.random() < 0.3:
                    rater = chance.choice([person, 200])
                    records.rate(added.id, rater, Mark.DOWN, word(rater, number))
            clock.move(days=1)
            if chance.random() < 0.3:
                records.forget_person(someone := chance.choice([ANN, BEN, CAT]))
                gone |= {one for one, (person, _) in kept.items() if person == someone}
            records.prune(NOON, words_before=(oldest := clock.now - timedelta(days=4)))
            gone |= {one for one, (_, at) in kept.items() if at < oldest}
            bytes_there = stored_bytes(tmp_path / "records.sqlite")
            assert not [one for one in gone if one.encode() in bytes_there]


def test_what_is_held_of_a_person(records: Records, path: Path, clock: Clock) -> None:
    assert records.counts_of_person(ANN) == PersonCounts(0, 0, 0, 0)
    hers, his = ask(records), ask(records, person=BEN)
    ask(records, kind=Kind.CLAIM)
    records.rate(his.id, ANN, Mark.DOWN, "Wrong.")
    records.rate(hers.id, BEN, Mark.DOWN, "Wrong.")
    records.audit(ANN, GUILD, "reindex")
    assert records.counts_of_person(ANN) == PersonCounts(exchanges=2, worded=1, marks=1, actions=1)
    with closing(Records(path, clock)) as unkept:
        ask(unkept)
        assert unkept.counts_of_person(ANN) == PersonCounts(
            exchanges=3, worded=2, marks=1, actions=1
        )
        unkept.forget_person(ANN)
        assert unkept.counts_of_person(ANN) == PersonCounts(0, 0, 0, actions=1)
        assert unkept.counts_of_person(BEN) == PersonCounts(
            exchanges=1, worded=1, marks=0, actions=0
        )


def test_records_from_before_the_first_release_are_refused(path: Path, clock: Clock) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA application_id = {0x42724274}")
        db.execute("PRAGMA user_version = 3")
        db.execute("CREATE TABLE exchanges (id INTEGER)")
    before = path.read_bytes()
    with pytest.raises(RecordsOutdated) as caught:
        Records(path, clock)
    assert str(caught.value) == (
        f"The bot's records {path} are from before version 0.5.0, and cannot be read any more. "
        "Move records.sqlite* away; the bot then begins with empty records."
    )
    assert path.read_bytes()[100:] == before[100:]  # but for the journal mode in its header


def test_records_of_an_earlier_release_are_brought_up_to_date(path: Path, clock: Clock) -> None:
    stored = [asdict(excerpt) for excerpt in ANSWER.excerpts[:1]]
    del stored[0]["header"], stored[0]["origin"]  # an earlier release knew none
    with closing(Database(path, MIGRATIONS[:1], first_version=FIRST_VERSION)) as old:
        for number, answered in ((1, True), (2, False)):
            with old.transaction() as db:
                db.execute(
                    "INSERT INTO exchanges VALUES (?, 'ask', ?, ?, ?, ?, 7, 0.5, ?, ?, 0, NULL,"
                    " NULL, '[]')",
                    (
                        number,
                        int(NOON.timestamp() * 1e6),
                        ANN,
                        GUILD,
                        CHANNEL,
                        answered,
                        json.dumps(stored),
                    ),
                )
                db.execute("INSERT INTO wordings VALUES (?, 'who?', 'who?', '[]')", (number,))
                db.execute("INSERT INTO feedback VALUES (?, ?, 'down', 0)", (number, BEN))
    with closing(Records(path, clock, keep_questions=True)) as records:
        first, second = records.exchange(1), records.exchange(2)
        assert first is not None
        assert second is not None
        assert [one.verdict for one in (first, second)] == [Verdict.ANSWERED, Verdict.SILENT]
        assert first.excerpts == ANSWER.excerpts[:1]
        assert (first.question_kind, first.choices, first.follows) == (QuestionKind.FACT, (), None)
        assert [given.mark for given, _ in records.feedback()] == [Mark.DOWN, Mark.DOWN]
        assert ask(records, follows=1).id == 3


# Many at once


def test_many_threads_share_one_records(records: Records) -> None:
    def work(person: int) -> list[Exchange]:
        mine = []
        for number in range(15):
            added = ask(records, f"question {number}", person=person)
            records.set_replies(added.id, (person * 1000 + number,))
            records.rate(added.id, person, Mark.DOWN, f"reason {number}")
            found = records.last(person, CHANNEL, NOON)
            assert found is not None
            assert found.id == added.id
            records.unsatisfied(GUILD, NOON)
            mine.append(found)
        return mine

    with ThreadPoolExecutor(6) as pool:
        done = [exchange for mine in pool.map(work, range(1, 7)) for exchange in mine]
    assert {exchange.id for exchange in done} == set(range(1, 91))
    assert [each.exchange for each in records.unsatisfied(GUILD, NOON)] == sorted(
        done, key=lambda exchange: exchange.id
    )
    assert records.counts() == Counts(exchanges=90, answered=90, unsure=0, up=0, down=90)


NOTE_IN_TURN = """
import sys
from pathlib import Path
from bot.records import Mark, Records
print("ready", flush=True)
input()
records = Records(Path(sys.argv[1]))
for number in range(25):
    records.audit(int(sys.argv[2]), 1, "reindex", str(number))
records.close()
"""


def test_two_processes_share_one_file_from_its_first_moment(path: Path) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", NOTE_IN_TURN, str(path), str(person)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        for person in (ANN, BEN)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        process.communicate(timeout=60)
        assert process.returncode == 0
    with closing(Records(path)) as records:
        assert [records.counts_of_person(person).actions for person in (ANN, BEN)] == [25, 25]


RATE_FOREVER = """
import itertools, sys
from pathlib import Path
from bot.records import Mark, Records
records = Records(Path(sys.argv[1]))
for person in itertools.count(int(sys.argv[2])):
    records.rate(1, person, Mark.UP)
    print(person, flush=True)
"""


def test_what_was_acknowledged_survives_a_kill(path: Path) -> None:
    chance = random.Random(2026)
    with closing(Records(path)) as records:
        assert ask(records).id == 1
    acknowledged: set[int] = set()
    for kill in range(KILLS):
        process = subprocess.Popen(
            [sys.executable, "-c", RATE_FOREVER, str(path), str(1_000_000 * (kill + 1))],
            stdout=subprocess.PIPE,
            cwd=ROOT,
        )
        assert process.stdout is not None
        first = process.stdout.readline()
        time.sleep(chance.uniform(0, 0.2))
        process.kill()
        rest, _ = process.communicate()
        # A line may be cut off by the kill.
        lines = (first + rest).splitlines(keepends=True)
        acknowledged |= {int(line) for line in lines if line.endswith(b"\n")}
        with closing(Records(path)) as records:
            kept = {feedback.person for feedback, _ in records.feedback()}
        assert acknowledged <= kept
        assert len(kept) <= len(acknowledged) + kill + 1  # at most the one in the making
    print(f"{KILLS} kills, {len(acknowledged)} acknowledged marks, none lost")
    assert len(acknowledged) >= KILLS


# What can be wrong with the file


def test_only_this_user_may_read_the_file(records: Records, path: Path) -> None:
    ask(records)
    modes = {file.name: stat.filemode(file.stat().st_mode) for file in path.parent.iterdir()}
    assert set(modes.values()) == {"-rw-------"}, modes


def filled(path: Path) -> bytes:
    """A file with some pages of records; also left at `path`."""
    with closing(Records(path, Clock(NOON), keep_questions=True)) as records:
        for number in range(40):
            added = ask(records, f"question {number}", message=number, replies=(number + 100,))
            records.rate(added.id, ANN, Mark.DOWN, "No.")
            records.audit(ANN, GUILD, "reindex")
    return path.read_bytes()


@pytest.mark.parametrize("share", [0.001, 0.1, 0.5, 0.99])
def test_a_truncated_file_is_refused(path: Path, share: float) -> None:
    content = filled(path)
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(RecordsDamaged) as caught:
        Records(path)
    assert str(caught.value).startswith(f"The bot's records are damaged: {path} ")
    assert str(caught.value).endswith(
        "Put a copy from a backup in its place, or move records.sqlite* away to begin "
        "without the questions and feedback in it."
    )
    assert caught.value.path == path


@example(seed=455, size=2)  # SQLite's own message is not UTF-8
@given(seed=st.integers(0, 2**32 - 1), size=st.integers(1, 64))
def test_a_damaged_file_never_raises_anything_but_our_errors(
    healthy: Path, seed: int, size: int
) -> None:
    content, path = healthy.read_bytes(), healthy.parent / "damaged" / "records.sqlite"
    chance = random.Random(seed)
    changed = bytearray(content)
    start = chance.randrange(len(content))
    changed[start : start + size] = chance.randbytes(len(changed[start : start + size]))
    shutil.rmtree(path.parent, ignore_errors=True)
    path.parent.mkdir()
    path.write_bytes(changed)
    try:
        records = Records(path)
    except BriefingError:
        return
    everything: Sequence[Callable[[], object]] = (
        lambda: [records.exchange(number) for number in range(42)],
        lambda: [records.by_reply(number + 100) for number in range(40)],
        lambda: records.feedback(),
        lambda: records.unsatisfied(GUILD, NOON),
        lambda: list(records.export()),
        lambda: records.audits(100),
        lambda: records.counts(),
        lambda: records.rate(1, BEN, Mark.UP),
        lambda: ask(records),
        lambda: records.forget_person(ANN),
    )
    with closing(records):
        for use in everything:
            try:
                use()
            except BriefingError:
                continue


@pytest.fixture(scope="module")
def healthy() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp())
    filled(folder / "records.sqlite")
    yield folder / "records.sqlite"
    shutil.rmtree(folder)


@pytest.fixture
def not_root() -> Iterator[None]:
    """Permissions mean nothing to root; to others they do."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    yield
    os.seteuid(user)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """One that other users can reach, as pytest's own cannot be."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_a_folder_without_the_right_to_write_is_named(open_folder: Path, not_root: None) -> None:
    if os.access(open_folder, os.W_OK, effective_ids=True):
        open_folder.chmod(0o555)
    path = open_folder / "records.sqlite"
    with pytest.raises(RecordsBlocked) as caught:
        Records(path)
    assert str(caught.value) == (
        f"The bot's records {path} cannot be used: Permission denied. Check that the disk has "
        "room, that this user may write there, and that no other program holds the file."
    )
    with pytest.raises(RecordsBlocked, match="Permission denied"):
        Records(open_folder / "below" / "records.sqlite")


def test_records_in_a_read_only_folder_are_refused(
    open_folder: Path, request: pytest.FixtureRequest
) -> None:
    path = open_folder / "records.sqlite"
    filled(path)
    path.chmod(0o444)
    open_folder.chmod(0o555)
    request.getfixturevalue("not_root")
    with pytest.raises(RecordsBlocked, match="attempt to write a readonly database"):
        Records(path)


def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordsBlocked, match="unable to open"):
        Records(tmp_path)


def test_a_full_disk_is_said_and_nothing_is_lost(records: Records, path: Path) -> None:
    kept = [ask(records)]
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    largest = max(file.stat().st_size for file in path.parent.iterdir())
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest + 20_000, before[1]))
    try:
        with pytest.raises(RecordsBlocked):
            kept.extend(iter(lambda: ask(records, "long " * 500), None))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert [records.exchange(exchange.id) for exchange in kept] == kept
    kept.append(ask(records))  # there is room again
    records.close()
    with closing(Records(path)) as again:
        assert again.counts().exchanges == len(kept)


@pytest.mark.parametrize("keep_questions", [True, False])
def test_words_that_went_into_what_others_asked_are_forgotten_too(
    path: Path, clock: Clock, keep_questions: bool
) -> None:
    with closing(Records(path, clock, keep_questions=keep_questions)) as records:
        ask(records, "Who asks for Secret Sister?")
        meant = "and when for Secret Sister?"
        second = ask(records, "and when?", rewritten=meant, person=BEN, source_people=(ANN,))
        third = ask(records, "why?", rewritten=meant, person=CAT, source_people=(ANN, BEN))
        own = ask(records, "and where?", rewritten="Where is that?", person=BEN)
        assert records.exchange(third.id) == third
        assert records.forget_person(ANN) == 1
        for one in (second, third):
            plain = replace(one, rewritten=one.question, source_people=())
            assert records.exchange(one.id) == plain
        assert records.exchange(own.id) == own
        assert b"Secret" not in stored_bytes(path)


@pytest.mark.parametrize("keep_questions", [True, False])
def test_a_choice_that_another_person_took_is_forgotten_too(
    path: Path, clock: Clock, keep_questions: bool
) -> None:
    secret = "who leads the Secret Society?"
    choices = (Choice("Secret Society", secret),)
    with closing(Records(path, clock, keep_questions=keep_questions)) as records:
        unclear = ask(records, "who leads it?", choices=choices)
        taken = ask(records, secret, person=BEN, source_people=(ANN,), follows=unclear.id)
        offered = ask(
            records, "and there?", rewritten=secret, person=CAT, source_people=(ANN,),
            choices=choices,
        )  # fmt: skip
        assert records.exchange(unclear.id) == unclear
        assert records.exchange(offered.id) == offered
        records.forget_person(ANN)
        assert records.exchange(taken.id) == replace(
            taken, question="", rewritten="", source_people=(), follows=None
        )
        assert records.exchange(offered.id) == replace(
            offered, rewritten="and there?", source_people=(), choices=()
        )
        assert b"Secret" not in stored_bytes(path)


@pytest.mark.parametrize("seed", seeds(9))
def test_nothing_of_a_forgotten_person_lies_idle_in_the_file(
    records: Records, path: Path, seed: int
) -> None:
    """As rows move between pages, copies of them stay behind in parts that are not used."""
    rng = random.Random(seed)
    (excerpt,) = ANSWER.excerpts[:1]
    for number in range(600):
        person = rng.choice([ANN, ANN, *range(1, 9)])
        quote = f"{'Secret' if person == ANN else 'other'} {number} " + "x" * rng.choice([0, 9, 60])
        ask(records, person=person, excerpts=(replace(excerpt, quote=quote),), replies=(number,))
        if rng.random() < 0.1:
            records.forget_person(rng.randrange(1, 9))
    assert b"Secret" in stored_bytes(path)
    records.forget_person(ANN)
    assert b"Secret" not in stored_bytes(path)


# Ids


def test_ids_by_the_clock_do_not_tell_how_many_exchanges_there_are(
    path: Path, clock: Clock
) -> None:
    def ids_of_ann(others: int) -> list[int]:
        file = path.with_name(f"{others}.sqlite")
        clock.now = NOON
        found = []
        with closing(Records(file, clock, ids_by_time=True)) as records:
            for _ in range(3):
                found.append(ask(records).id)
                for _ in range(others):
                    clock.move(milliseconds=1)
                    ask(records, person=BEN)
                clock.move(milliseconds=10 - others)
        return found

    assert ids_of_ann(0) == ids_of_ann(3)


def test_ids_by_the_clock_only_grow_whatever_it_does(path: Path, clock: Clock) -> None:
    found = []
    for counted in (False, True, True, False):
        with closing(Records(path, clock, ids_by_time=counted)) as records:
            found += [ask(records).id for _ in range(3)]
            clock.move(days=-2)
    assert found == sorted(set(found))
    with closing(Records(path, clock, ids_by_time=True)) as records:
        records.forget_person(ANN)
        assert ask(records).id > found[-1]
