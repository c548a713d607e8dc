"""What every store of an index does, whatever it keeps it in.

A store is added to `STORES`, and nothing else: what these tests ask is asked of all alike.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.document import AUDIENCE, Document
from index.errors import IndexBusy, NothingToRollBack
from index.parsing.text.dates import Period
from index.store.catalog import catalog as catalog_module
from index.store.catalog import layers
from index.store.catalog.particulars import ParticularKind
from index.store.folder import generation_files
from index.store.generation import Generation
from index.store.segments import files as segment_files
from index.store.words.lexical import content_words
from testing.fakes import WordEmbedder, document_of
from testing.postgres import index_database
from testing.stores import FolderStore, MergingStore, ServerStore, StoreUnderTest

Make = Callable[[], StoreUnderTest]


def in_a_folder(folder: Path, _patch: pytest.MonkeyPatch) -> Make:
    numbers = iter(range(99))
    return lambda: FolderStore(folder / str(next(numbers)))


def in_layers(folder: Path, patch: pytest.MonkeyPatch) -> Make:
    """As a folder does when its catalog is large."""
    patch.setattr(generation_files, "LARGE_CATALOG", 1)
    patch.setattr(layers, "_SHARE_OF_BASE", 1)
    return in_a_folder(folder, patch)


def in_many_layers(folder: Path, patch: pytest.MonkeyPatch) -> Make:
    """Of which each generation begins another, until they are made into one."""
    patch.setattr(layers, "FULL", 1)
    patch.setattr(layers, "_TIMES_SMALLER", 0)
    return in_layers(folder, patch)


def in_merged_segments(folder: Path, patch: pytest.MonkeyPatch) -> Make:
    """Of which all that a change leaves are made into one before the next."""
    patch.setattr(catalog_module, "AT_ONCE", 0)
    patch.setattr(segment_files, "_OF_ONE_SIZE", 2)
    numbers = iter(range(99))
    return lambda: MergingStore(folder / str(next(numbers)))


STORES = [
    in_a_folder,
    in_layers,
    in_many_layers,
    pytest.param(in_merged_segments, marks=pytest.mark.search),
]


@pytest.fixture(params=[*STORES, pytest.param(None, id="on_a_server", marks=pytest.mark.slow)])
def make(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Make]:
    if request.param:
        yield request.param(tmp_path, monkeypatch)
        return
    server: str = request.getfixturevalue("postgres_server")
    with ExitStack() as made:
        yield lambda: ServerStore(made.enter_context(index_database(server)), made)


def written(name: str, text: str, audience: str | None = None) -> Document:
    document = document_of(*text.split("; "), name=name, title=name)
    return replace(document, metadata={AUDIENCE: audience} if audience else {})


OPEN = {
    "plans/harbour.txt": "# Plan; The harbour opens on 3 March 2026.; Ships come from Bergen.",
    "plans/ferry.txt": "The ferry costs 40 euro.; The harbour is closed.; A ferry is a ship.",
    "notes.txt": "Replaced by plans/ferry.txt.; Harbour, ferry and convoy.",
}
HIDDEN = {
    "secret/harbour.txt": "The harbour is a trap.; The ferry costs 90 euro on 4 March 2026.",
    "secret/convoy.txt": "The convoy meets the ferry.; Convoy, convoy, convoi.",
}
QUESTIONS = ["When does the harbour open?", "ferry", "what costs the convoy", "a 3 March"]


def published(store: StoreUnderTest, texts: Mapping[str, str], audience: str | None = None) -> None:
    store.publish(*(written(name, text, audience) for name, text in texts.items()))


def seen(generation: Generation, names: Sequence[str] | None) -> dict[str, Any]:
    """Return all that a store tells of what may be seen; keys differ from one store to another."""
    catalog, embedder = generation.catalog, WordEmbedder()
    allowed = catalog.filter_of(names)
    every = catalog.keys_of(catalog.document_names() if names is None else names)
    passages = catalog.passages(every)
    at = {key: (each.document, each.span.start) for key, each in passages.items()}
    rows = catalog.rows(names)
    found: dict[str, Any] = {
        "rows": [replace(row, indexed_at=None) for row in rows],
        "texts": {row.name: catalog.words(row.name) for row in rows},
        "passages": sorted((at[key], text) for key, text in catalog.texts(every).items()),
        "number": catalog.passage_count(allowed),
        "dates": catalog.particulars.values(ParticularKind.DATE, names),
        "dated": [
            replace(each, passage=0)
            for each in catalog.particulars.dated_in(
                Period(date(2026, 1, 1), date(2026, 12, 31)), 9, names
            )[1]
        ],
        "figures": [
            [(each.document, each.span) for each in those]
            for those in catalog.figures.shared(99, names)
        ],
        "stated": catalog.succession_index().stated_among(names).successions,
    }
    for question in QUESTIONS:
        coverage = catalog.coverage(question, every, allowed)
        found[question] = [
            [(at[key], score) for key, score in catalog.search(question, 9, allowed)],
            [
                (at[key], score)
                for key, score in generation.nearest(embedder.embed_query(question), 9, allowed)
                if score > 0
            ],
            catalog.search_documents(question, 9, names),
            {word: (n, sorted(at[key] for key in keys)) for word, (n, keys) in coverage.items()},
        ]
        for word in content_words(question):
            found[question] += [
                catalog.similar_words(word, 2, allowed),
                catalog.document_frequency(word, allowed),
                catalog.written(word, allowed),
            ]
    return found


def test_what_may_not_be_seen_changes_nothing(make: Make) -> None:
    alone, among = make(), make()
    published(alone, OPEN)
    published(among, HIDDEN | OPEN)
    assert seen(among.generation(), list(OPEN)) == seen(alone.generation(), None)
    assert seen(among.generation(), list(OPEN)) != seen(among.generation(), None)


def test_one_document_of_a_class_may_be_seen_by_itself(make: Make) -> None:
    alone, among = make(), make()
    name = "plans/ferry.txt"
    published(alone, {name: OPEN[name]})
    published(among, OPEN)
    assert seen(among.generation(), [name]) == seen(alone.generation(), None)


def test_how_it_came_about_changes_nothing(make: Make) -> None:
    at_once, by_and_by = make(), make()
    published(at_once, OPEN)
    published(by_and_by, dict.fromkeys(OPEN, "The ferry of before."))
    published(by_and_by, HIDDEN)
    for name in OPEN:
        published(by_and_by, {name: "Another harbour.; Another ferry."})
        published(by_and_by, {name: OPEN[name]})
    by_and_by.publish(without=list(HIDDEN))
    assert seen(by_and_by.generation(), None) == seen(at_once.generation(), None)
    assert by_and_by.generation().catalog.document_names() == set(OPEN)


def test_what_is_stored_is_what_is_read(make: Make) -> None:
    store = make()
    published(store, HIDDEN)
    published(store, OPEN, "team")
    catalog = store.generation().catalog
    for name, text in (OPEN | HIDDEN).items():
        document = catalog.document(name)
        assert document is not None
        assert document.text.splitlines() == text.split("; ")
        spans = [passage.span for passage in catalog.passages_of(name)]
        assert [catalog.quote(name, span) for span in spans] == [
            document.text[span.start : span.end] for span in spans
        ]
        assert catalog.versions([name]) == {name: catalog.versions()[name]}
    assert catalog.document_count() == len(OPEN | HIDDEN)
    assert catalog.document("other.txt") is None
    allowed = catalog.filter_of(list(OPEN))
    assert allowed is not None
    assert allowed.documents == frozenset()


def test_vectors_are_searched_exactly(make: Make) -> None:
    store, query = make(), WordEmbedder().embed_query("the ferry of the harbour")
    published(store, OPEN | HIDDEN)
    generation = store.generation()
    keys = generation.catalog.keys_of(list(OPEN))
    scores = np.array([float(each @ query) for each in generation.vectors.get(keys)])
    allowed = generation.catalog.filter_of(list(OPEN))
    found = generation.nearest(query, len(keys), allowed)
    assert sorted(key for key, _ in found) == keys
    assert [score for _, score in found] == pytest.approx(sorted(scores, reverse=True), abs=1e-6)
    with pytest.raises(KeyError):
        generation.vectors.get([10**9])


def test_words_are_scored_as_the_book_says(make: Make) -> None:
    store = make()
    published(store, {f"{n}.txt": "ferry " * n + "harbour " * (9 - n) for n in range(1, 9)})
    generation = store.generation()
    names = [f"{n}.txt" for n in range(1, 9, 2)]
    keys = generation.catalog.keys_of(names)
    texts = generation.catalog.texts(keys)
    contexts = {key: each.context for key, each in generation.catalog.passages(keys).items()}
    counts = {key: Counter(text.lower().split())["ferry"] for key, text in texts.items()}
    lengths = {key: len(f"{contexts[key]} {texts[key]}".replace(".", " ").split()) for key in keys}
    holding = sum(count > 0 for count in counts.values())
    rarity = max(math.log((len(keys) - holding + 0.5) / (holding + 0.5)), 1e-6)
    expected = {}
    for key, count in counts.items():
        length = 0.25 + 0.75 * lengths[key] / (sum(lengths.values()) / len(keys))
        expected[key] = rarity * count * 2.2 / (count + 1.2 * length)
    found = generation.catalog.search("ferry", 99, generation.catalog.filter_of(names))
    assert dict(found) == pytest.approx({key: score for key, score in expected.items() if score})


def test_a_key_is_never_given_twice(make: Make) -> None:
    store, given = make(), set[int]()
    for number in range(4):
        published(store, {"a.txt": f"The ferry {number}."})
        keys = set(store.generation().catalog.keys_of(["a.txt"]))
        assert keys
        assert not keys & given
        given |= keys
        store.publish(without=["a.txt"])


def test_going_back_brings_what_was_before(make: Make) -> None:
    store = make()
    published(store, OPEN)
    with pytest.raises(NothingToRollBack):
        store.rollback()
    before = seen(store.generation(), None)
    published(store, {"plans/ferry.txt": "No ferry any more.", "new.txt": "New."})
    after = seen(store.generation(), None)
    store.rollback()
    assert seen(store.generation(), None) == before
    store.rollback()
    assert seen(store.generation(), None) == after


def test_going_back_opens_nothing_that_was_closed(make: Make) -> None:
    store = make()
    published(store, OPEN)
    published(store, {"notes.txt": OPEN["notes.txt"]}, "board")
    store.rollback()
    assert store.generation().catalog.document_names() == OPEN.keys() - {"notes.txt"}


def test_one_writes_at_a_time(make: Make) -> None:
    store = make()
    other = store.beside()
    with store.lock(), pytest.raises(IndexBusy), other.lock():
        pass
    with other.lock():
        pass


def test_what_is_open_stays_as_it_is(make: Make) -> None:
    store = make()
    published(store, OPEN)
    other = store.beside()
    generation = other.generation()
    before = seen(generation, None)
    for number in range(3):
        published(store, {"plans/ferry.txt": f"No ferry {number}.", f"{number}.txt": "New."})
        assert seen(generation, None) == before
    assert other.generation().number == store.generation().number > generation.number
    assert seen(other.generation(), None) == seen(store.generation(), None)


def test_what_is_given_up_changes_nothing(make: Make) -> None:
    store = make()
    published(store, OPEN)
    before = seen(store.generation(), None)
    stated: Any = {"date": object()}
    broken = replace(written("notes.txt", "No."), metadata=stated)
    with pytest.raises(TypeError):
        store.publish(written("plans/ferry.txt", "No ferry."), broken)
    assert seen(store.beside().generation(), None) == before
    published(store, {"notes.txt": "A note."})
    assert store.generation().catalog.words("plans/ferry.txt") is not None
