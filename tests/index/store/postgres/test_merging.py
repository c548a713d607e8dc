"""Segments on a server become one in the background: no answer changes, whatever happens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from functools import partial

import pytest

from index.errors import DatabaseUnavailable
from index.store.merger import make_planned
from index.store.postgres import merging
from index.store.postgres.block_store import ServerBlockStore
from index.store.postgres.connection import Server
from index.store.postgres.store import PostgresStore
from index.store.segments.files import segments_in
from testing.merging import NAMES, MergedStore, Step
from testing.postgres import index_database
from testing.stores import answers


@pytest.fixture
def store(postgres_server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostgresStore]:
    """A store that leaves everything to the background, with four segments of one size."""
    with index_database(postgres_server) as url, closing(Server(url)) as server:
        store = PostgresStore(server)
        merged(store).fill(monkeypatch)
        yield store


def merged(store: PostgresStore) -> MergedStore:
    return MergedStore(store, partial(segments, store), partial(store._remove_others, at_once=True))


def change(store: PostgresStore, name: str, text: str | None) -> None:
    merged(store).change(name, text)


def segments(store: PostgresStore) -> list[str]:
    return segments_in(store.files(store.pointer().current))


def test_what_was_made_takes_the_place_of_its_segments_with_the_next_change(
    store: PostgresStore,
) -> None:
    merged(store).check_that_it_is_taken_in()


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


STEPS: list[Step] = [
    lambda patch, stop: patch.setattr(merging, "make_planned", stop),
    lambda patch, stop: patch.setattr(ServerBlockStore, "put_file", stop),
    lambda patch, stop: patch.setattr(merging, "_write", stop),
]


@pytest.mark.parametrize("step", STEPS)
def test_a_kill_at_any_step_loses_nothing(
    store: PostgresStore, monkeypatch: pytest.MonkeyPatch, step: Step
) -> None:
    merged(store).check_that_a_kill_loses_nothing(monkeypatch, step)


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
