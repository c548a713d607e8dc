"""Watches in the records: what is kept, for how long, and what makes it go."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.records import Records
from bot.records.databases.database import Place
from bot.records.parts.watches import LASTS, MOST_WATCHES, Baseline, ReplyText, Watch
from index.answering.answer import Excerpt, Verdict
from index.answering.outlook import digest_of
from index.document import Span
from testing.clock import Clock
from testing.exchanges import ask
from testing.samples import WATCH

ANN, BEN = 1, 2
WORDS = "who signs the lease of the zanzibar yard?"
NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)


@pytest.fixture
def records(place: Place, clock: Clock) -> Iterator[Records]:
    with closing(Records(place, clock)) as opened:
        yield opened


def excerpt(document: str, quote: str) -> Excerpt:
    span = Span(3, 3 + len(quote))
    return Excerpt(1, quote, document, "Title", ("Heading",), 2, span, "p", 1.5)


def watch(**changes: object) -> Watch:
    """Ann's, on what two documents say."""
    baseline = Baseline(
        shown=(excerpt("lease.md", "Ines signs it."), excerpt("mail.eml/old.txt", "Olga did.")),
        said=(ReplyText("The sum, computed: 3", ("stock.csv",)),),
        gist=frozenset({"a"}),
        units=frozenset({"b", "c"}),
        world="w",
    )
    made = replace(WATCH, person=ANN, question=WORDS, baseline=baseline, began=NOON, ends=NOON)
    return replace(made, **changes)  # type: ignore[arg-type]  # fields by name


def added(records: Records, **changes: object) -> Watch:
    kept = records.watches.add(watch(**changes))
    assert kept is not None
    return kept


def holds(path: Path, words: str) -> bool:
    return any(words.encode() in file.read_bytes() for file in path.parent.iterdir())


def test_what_is_kept_comes_back_and_ends_after_a_year(records: Records, clock: Clock) -> None:
    kept = added(records, since=NOON.date(), folder="a", people=(3,), source_documents=("x",))
    assert kept == watch(
        id=kept.id,
        ends=NOON + LASTS,
        since=NOON.date(),
        folder="a",
        people=(3,),
        source_documents=("x",),
    )
    assert records.watches.get(kept.id, ANN) == kept
    assert records.watches.get(kept.id, BEN) is None
    clock.now += LASTS - timedelta(seconds=1)
    assert records.watches.all() == [kept]
    clock.now += timedelta(seconds=1)
    assert records.watches.all() == []
    assert records.watches.get(kept.id, ANN) is None


def test_the_same_is_watched_once_and_not_too_much_by_a_person(records: Records) -> None:
    first = added(records)
    assert added(records, question=f"  {WORDS.upper()} ") == first
    for number in range(1, MOST_WATCHES):
        added(records, question=f"{number}?")
    assert records.watches.add(watch(question="and more?")) is None
    assert added(records, person=BEN).person == BEN
    records.watches.end(first.id)
    added(records, question="and more?")


def test_ids_do_not_tell_how_many_there_are(records: Records) -> None:
    ids = [added(records, person=person).id for person in range(20)]
    assert sorted(ids) != ids
    assert all(len(str(one)) == 18 for one in ids)


def test_only_what_was_not_looked_at_is_due(records: Records) -> None:
    one, other = added(records), added(records, person=BEN)
    records.watches.checked(one.id, 8, replace(one.baseline, world="v"))
    assert records.watches.due(8) == [(other.id, BEN)]
    looked = records.watches.get(one.id, ANN)
    assert looked is not None
    assert looked.baseline == replace(one.baseline, world="v")
    records.watches.not_told(other.id, 8)
    assert records.watches.due(8) == []
    assert {one.person for one in records.watches.all() if one.is_untold} == {BEN}
    records.watches.told(other.id, 9, Baseline())
    told = replace(other, checked=9, baseline=Baseline())
    assert records.watches.of_person(BEN) == [told]


@pytest.mark.parametrize("way", ["end", "person", "asker", "guild", "time", "document"])
def test_what_has_ended_is_gone_from_the_bytes_of_the_file(
    records: Records, path: Path, clock: Clock, way: str
) -> None:
    kept = added(records, people=(BEN,), source_documents=("plan.md",))
    others = [added(records, person=n, guild=9, question=f"{n}?" * 99) for n in range(10, 40)]
    records.close()
    records = Records(path, clock)
    assert holds(path, WORDS)
    if way == "end":
        records.watches.end(kept.id)
    elif way == "person":
        records.forget_person(ANN)
    elif way == "asker":
        records.forget_person(BEN)
    elif way == "guild":
        records.watches.end_of_guild(5)
    elif way == "document":
        records.forget_document("plan.md")
    else:
        clock.now += LASTS
        records.prune(clock.now - timedelta(days=1))
    if way == "document":
        others = [
            replace(o, baseline=replace(o.baseline, units=frozenset(), world="")) for o in others
        ]
    left = [] if way == "time" else others
    assert records.watches.all() == sorted(left, key=lambda one: (one.began, one.id))
    records.close()
    assert not holds(path, WORDS)


def test_while_the_clock_is_doubted_nothing_ends(records: Records, clock: Clock) -> None:
    kept = added(records)
    clock.now += 2 * LASTS
    records.prune(datetime.min.replace(tzinfo=UTC))
    clock.now = NOON
    assert records.watches.all() == [kept]


def test_old_quotes_of_a_document_go_with_it(records: Records, path: Path) -> None:
    kept = added(records)
    records.forget_document("mail.eml")
    (left,) = records.watches.all()
    assert left.baseline.shown == kept.baseline.shown[:1]
    assert left.baseline.is_lost
    records.forget_document("stock.csv")
    (left,) = records.watches.all()
    assert left.baseline.said == ()
    records.close()
    assert not holds(path, "Olga did.")


def test_no_digest_of_a_purged_text_is_left(records: Records, path: Path) -> None:
    secret = digest_of("The code is 4711.")
    added(records, baseline=Baseline(units=frozenset({secret}), world="of all"))
    exchange = ask(records, "code?", person=ANN, guild=None, verdict=Verdict.SILENT).id
    records.closed_gaps.put(exchange, "of all", frozenset({secret}))
    assert holds(path, secret)
    records.forget_document("codes.md")
    assert records.watches.all()[0].baseline == Baseline()
    check = records.closed_gaps.check(exchange)
    assert check is not None
    assert check.units == frozenset()
    records.close()
    assert not holds(path, secret)


def test_a_watch_on_one_document_goes_with_it(records: Records) -> None:
    added(records, document="mail.eml/old.txt")
    records.forget_document("mail")
    assert len(records.watches.all()) == 1
    records.forget_document("mail.eml")
    assert records.watches.all() == []


def test_what_is_kept_of_a_person_counts_their_watches(records: Records) -> None:
    added(records)
    added(records, question="two?")
    assert records.counts_of_person(ANN).watches == 2
    assert records.counts_of_person(BEN).watches == 0
