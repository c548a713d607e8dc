"""Vectors that are searched on the server: nearly all that is nearest is found, in what is seen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import numpy as np
import pytest

from index.ports import Filter, Vectors
from index.store.generation import Generation
from index.store.postgres import pgvector
from index.store.postgres.connection import Server
from index.store.postgres.pgvector import ServerVectors
from index.store.postgres.store import PostgresStore
from index.store.vectors import vectors as exact
from index.store.vectors.vectors import SegmentVectors
from testing.postgres import index_database
from tools.bench.scale import _publish, _put

pytestmark = pytest.mark.slow
CLASSES, WIDTH, OF_FIRST, OF_OTHERS = 50, 48, 900, 12
_random = np.random.default_rng(7)
_TOPICS = _random.normal(size=(40, WIDTH)).astype(np.float32)


def near_topics(number: int) -> Vectors:
    """Return vectors of unit length that lie in heaps, as those of texts do."""
    found = _TOPICS[_random.integers(0, len(_TOPICS), number)]
    found = found + _random.normal(scale=0.7, size=found.shape).astype(np.float32)
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)


@pytest.fixture(scope="module")
def url(postgres_server: str) -> Iterator[str]:
    with index_database(postgres_server) as url:
        yield url


@pytest.fixture(scope="module")
def store(url: str) -> Iterator[PostgresStore]:
    """One class with an index of its own, and many without."""
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        patch.setattr(pgvector, "INDEXED", 300)
        patch.setattr(exact, "EXACT", 5)
        store = PostgresStore(Server(url), vector_search=True)
        stack.callback(store.close)
        with store.lock(), store.stage(None) as staging:
            staged = store.edit(staging, anew=True)
            for of in range(CLASSES):
                size = OF_OTHERS if of else OF_FIRST
                for part in range(size // OF_OTHERS):
                    body = [f"Words {of} {part} {line}." for line in range(OF_OTHERS)]
                    name = f"team{of:02}/{part}.md"
                    _put(staged.catalog, staged.vectors, name, body, near_topics(OF_OTHERS))
            _publish(store, staging, staged)
        yield store


@pytest.fixture(scope="module")
def generation(store: PostgresStore) -> Generation:
    return store.open(None)


def recall(generation: Generation, allowed: Filter | None) -> float:
    vectors = generation.vectors
    assert isinstance(vectors, ServerVectors)
    queries, good = near_topics(30), 0
    rows = vectors._seen(allowed).passages
    for query in queries:
        scores = sorted(vectors._scores(query, rows), reverse=True)[:10]
        found = vectors.search(query, 10, allowed)
        assert [score for _, score in found] == sorted((s for _, s in found), reverse=True)
        good += sum(score >= scores[-1] - 1e-6 for _, score in found)
    return good / (10 * len(queries))


@pytest.mark.parametrize("classes", [None, 1, 2, 25, 50])
def test_what_is_nearest_is_found(generation: Generation, classes: int | None) -> None:
    names = sorted(generation.catalog.document_names())
    seen = None if classes is None else [n for n in names if int(n[4:6]) < classes]
    assert recall(generation, generation.catalog.filter_of(seen)) >= 0.98


def test_one_small_class_of_many_and_some_documents(generation: Generation) -> None:
    small = generation.catalog.filter_of(["team33/0.md"])
    assert recall(generation, small) == 1
    some = generation.catalog.filter_of([f"team00/{number}.md" for number in range(30)])
    assert some is not None
    assert not some.classes
    assert recall(generation, some) >= 0.98


def test_the_large_class_has_an_index_and_it_is_used(store: PostgresStore) -> None:
    zeros = ",".join(["0.1"] * WIDTH)
    with store.server.connection() as db, db.transaction():
        db.execute(pgvector._path(db))
        db.execute("SET LOCAL enable_sort = off")
        rows = db.execute(
            "EXPLAIN SELECT key FROM briefing_rows.vectors WHERE class = '[\"team00\",null]'"
            f" AND vector_dims(vector) = {WIDTH}"
            f" ORDER BY (vector::halfvec({WIDTH})) <#> '[{zeros}]' LIMIT 10"
        ).fetchall()
    assert any("Index Scan using vectors_" in line for (line,) in rows)


def test_scores_are_those_of_the_vectors_that_are_stored(generation: Generation) -> None:
    (query,) = near_topics(1)
    for key, score in generation.vectors.search(query, 10):
        assert score == exact.inner_products(query, generation.vectors.get([key]))[0]


def test_no_hidden_passage_has_a_part_in_it(store: PostgresStore, generation: Generation) -> None:
    """The server is asked only for what may be seen, so it finds the same without the rest."""
    names = [name for name in generation.catalog.document_names() if int(name[4:6]) < 9]
    seen = generation.catalog.filter_of(names)
    queries = near_topics(9)
    before = [generation.vectors.search(query, 50, seen) for query in queries]
    with store.server.connection() as db, db.transaction(force_rollback=True):
        db.execute("DELETE FROM briefing_rows.vectors WHERE document <> ALL (%s)", (names,))
        vectors = generation.vectors
        assert isinstance(vectors, ServerVectors)
        for query, found in zip(queries, before, strict=True):
            keys = vectors._nearest(query, 200, seen, db)
            rows = vectors._rows_of(keys)
            best = exact._best(
                exact.inner_products(query, vectors._vectors(rows)), vectors._keys[rows], 50
            )
            assert vectors._keys[rows[best]].tolist() == [key for key, _ in found]


def test_what_is_removed_goes_from_there_too(store: PostgresStore) -> None:
    name, key = "team07/0.md", store.open(None).catalog.keys_of(["team07/0.md"])[0]
    count = f"SELECT count(*) FROM briefing_rows.vectors WHERE document = '{name}'"
    with store.server.connection() as db:
        assert db.execute(count).fetchone() == (OF_OTHERS,)
        with store.lock():
            store.purge(name)
        assert db.execute(count).fetchone() == (0,)
    vectors = store.open(None).vectors
    assert isinstance(vectors, ServerVectors)
    assert key not in {found for query in near_topics(5) for found, _ in vectors.search(query, 50)}


def test_without_the_setting_the_bot_searches(store: PostgresStore, url: str) -> None:
    other = PostgresStore(Server(url))
    vectors = other.open(None).vectors
    assert type(vectors) is SegmentVectors
    (query,) = near_topics(1)
    found = store.open(None).vectors.search(query, 10)
    assert vectors.search(query, 10) == found
    other.close()


def test_another_model_with_wider_vectors_is_indexed_beside_the_one_before(
    postgres_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pgvector, "INDEXED", 20)
    monkeypatch.setattr(exact, "EXACT", 5)
    with ExitStack() as stack:
        url = stack.enter_context(index_database(postgres_server))
        store = PostgresStore(Server(url), vector_search=True)
        stack.callback(store.close)
        opened = []
        for width in (16, 24):
            with store.lock(), store.stage(None) as staging:
                staged = store.edit(staging, anew=True)
                for number in range(10):
                    vectors = _random.normal(size=(5, width)).astype(np.float32)
                    body = [f"Words {number} {line}." for line in range(5)]
                    _put(staged.catalog, staged.vectors, f"{number}.md", body, vectors)
                _publish(store, staging, staged)
            opened.append((width, store.open(None).vectors))
        for width, found in opened:
            assert isinstance(found, ServerVectors)
            assert len(found._large) == 1
            assert len(found.search(np.ones(width, np.float32), 5)) == 5
