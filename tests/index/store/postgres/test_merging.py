"""Segments on a server become one in the background: no answer changes, whatever happens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing

import psycopg
import pytest

from index.errors import DatabaseUnavailable
from index.store.catalog import catalog as catalog_module
from index.store.merger import make_planned
from index.store.postgres import merging
from index.store.postgres.block_store import ServerBlockStore
from index.store.postgres.connection import Server
from index.store.postgres.store import PostgresStore
from index.store.segments import files as segment_files
from index.store.segments.files import segments_in
from testing.fakes import document_of, publish
from testing.postgres import index_database
from testing.stores import answers

NAMES = [f"plans/{number}.txt" for number in range(6)]


@pytest.fixture
def store(postgres_server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostgresStore]:
    """A store that leaves everything to the background, with four segments of one size."""
    monkeypatch.setattr(catalog_module, "AT_ONCE", 0)
    monkeypatch.setattr(segment_files, "_OF_ONE_SIZE", 4)
    with index_database(postgres_server) as url, closing(Server(url)) as server:
        store = PostgresStore(server)
        for number in range(4):
            base = store.pointer().current if number else None
            opens = document_of(f"The harbour opens at gate {number}.", name=NAMES[number])
            ferry = document_of("A ferry comes.", name=f"ferries/{number}")
            with store.lock():
                publish(store, opens, ferry, base=base)
        yield store


def change(store: PostgresStore, name: str, text: str | None) -> None:
    base = store.pointer().current
    with store.lock():
        if text is None:
            publish(store, base=base, without=[name])
        else:
            publish(store, document_of(text, name=name), base=base)
        store._remove_others(at_once=True)


def segments(store: PostgresStore) -> list[str]:
    def listed(db: psycopg.Connection) -> list[str]:
        found = db.execute(
            "SELECT name FROM briefing_rows.segments"
            " WHERE valid_from <= %(now)s AND valid_until > %(now)s",
            {"now": store.pointer().current},
        )
        return [name for (name,) in found.fetchall()]

    return segments_in(store.server.read(listed))


def test_what_was_made_takes_the_place_of_its_segments_with_the_next_change(
    store: PostgresStore,
) -> None:
    before, four = answers(store), segments(store)
    assert len(four) == 4
    assert store.has_merge()
    assert store.merge()
    assert (answers(store), segments(store)) == (before, four)  # nothing changes by itself
    assert not store.has_merge()
    assert not store.merge()
    with store.lock():
        store._remove_others(at_once=True)  # what waits to be taken in stays
    change(store, NAMES[4], "The quay is closed.")
    assert len(segments(store)) == 2
    assert not set(four) & set(segments(store))
    change(store, NAMES[4], None)
    assert answers(store) == before
    store.verify(store.open(None).manifest)


def test_what_was_made_of_segments_that_are_gone_is_not_taken_in(store: PostgresStore) -> None:
    assert store.merge()
    for number in range(4):
        change(store, NAMES[number], None)
        change(store, f"ferries/{number}", None)
    change(store, NAMES[4], "The quay is closed.")
    assert len(segments(store)) == 1
    assert answers(store)[0] == ["The quay is closed."]


def test_of_a_purged_document_nothing_is_made(
    store: PostgresStore, monkeypatch: pytest.MonkeyPatch
) -> None:

    def purged(*arguments: object) -> str | None:
        with store.lock():
            store.purge(NAMES[0])
        return make_planned(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(merging, "make_planned", purged)
    assert not store.merge()
    held = store.server.read(
        lambda db: db.execute(
            "SELECT name FROM briefing_rows.pieces EXCEPT SELECT name FROM briefing_rows.segments"
        ).fetchall()
    )
    assert held == []


def test_a_damaged_segment_is_not_sealed_anew(store: PostgresStore) -> None:
    store.server.read(
        lambda db: db.execute(
            "UPDATE briefing_rows.pieces SET bytes = set_byte(bytes, length(bytes) - 1, 7)"
            " WHERE name LIKE '%.vectors'"
        )
    )
    assert not store.merge()
    assert store.has_merge()


STEPS: list[Callable[[pytest.MonkeyPatch, Callable[..., None]], None]] = [
    lambda patch, stop: patch.setattr(merging, "make_planned", stop),
    lambda patch, stop: patch.setattr(ServerBlockStore, "put_file", stop),
    lambda patch, stop: patch.setattr(merging, "_write", stop),
]


@pytest.mark.parametrize("step", STEPS)
def test_a_kill_at_any_step_loses_nothing(
    store: PostgresStore,
    monkeypatch: pytest.MonkeyPatch,
    step: Callable[[pytest.MonkeyPatch, Callable[..., None]], None],
) -> None:
    before = answers(store)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        step(patch, killed)
        with pytest.raises(KeyboardInterrupt):
            store.merge()
    assert store.has_merge()
    assert store.merge()
    change(store, NAMES[4], "The quay is closed.")
    change(store, NAMES[4], None)
    assert answers(store) == before
    assert len(segments(store)) < 4


def test_without_the_server_there_is_nothing_to_make(
    store: PostgresStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_: object) -> None:
        raise DatabaseUnavailable("it is away")

    assert store.has_merge()
    monkeypatch.setattr(store, "_read", away)
    assert not store.has_merge()


def test_one_process_makes_it_at_a_time(
    store: PostgresStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = list[bool]()

    def meanwhile(*arguments: object) -> str | None:
        others.append(store.merge())
        return make_planned(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(merging, "make_planned", meanwhile)
    assert store.merge()
    assert others == [False]
