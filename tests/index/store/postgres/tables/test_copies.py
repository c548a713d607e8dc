"""Copies of documents: what is asked of them is what the server says, in few round trips."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import pytest

from index.answering.engine import Engine
from index.answering.finding.retrieval import _with_versions
from index.answering.tuning import TUNING
from index.document import Document, Span
from index.models.reranking_reader import RerankingReader
from index.store.catalog.catalog import Catalog
from index.store.current import CurrentGeneration
from index.store.postgres.connection import Connection, Server
from index.store.postgres.store import PostgresStore
from index.store.postgres.tables import copies as module
from index.store.postgres.tables.catalog import StoredCatalog
from index.store.postgres.tables.copies import Copies
from index.store.postgres.tables.database import StoredTables
from testing.fakes import FakeReranker, WordEmbedder, document_of, publish, recipe_of
from testing.postgres import index_database
from tests.index.answering.test_engine import CALIBRATION

_T = TypeVar("_T")
MOST_TRIPS = 25


class CountingServer(Server):
    """Counts the round trips of what is read."""

    trips = 0

    def read(self, use: Callable[[Connection], _T]) -> _T:
        self.trips += 1
        return super().read(use)


def report(number: int) -> Document:
    return document_of(
        f"# Report {number}",
        f"The harbour of district {number} opens on 3 March 2026.",
        "| the harbours",
        "! Harbour | Ships | Cranes",
        *(f"| Quay {row} | {row * number} | {row + number}" for row in range(1, 9)),
        "# Rules",
        f"From 1 May 2026 district {number} pays 40 euro.",
        name=f"reports/{number}.txt",
        title=f"Report {number}",
        pages=2,
    )


@pytest.fixture
def store(postgres_server: str) -> Iterator[PostgresStore]:
    with index_database(postgres_server) as url:
        store = PostgresStore(CountingServer(url))
        publish(store, *map(report, range(1, 13)))
        yield store
        store.server.close()


def asked_of(catalog: Catalog, name: str) -> list[Any]:
    """Return all that an answer may ask of one document."""
    document = catalog.document(name)
    assert document is not None
    spans = [block.span for block in document.blocks]
    starts = [span.start for span in spans]
    whole = Span(0, len(document.text))
    return [
        catalog.beginning(name, 90),
        *(getattr(catalog, of)(name) for of in ("title", "date", "words", "sha256", "indexed_at")),
        catalog.metadata_of(name),
        catalog.passages_of(name),
        catalog.keys_of_group(name, 2),
        catalog.span_of_group(name, 2),
        catalog.header_of_group(name, 2),
        catalog.particulars.of(name),
        catalog.layouts.of(name, whole),
        catalog.layouts.words_of(name),
        [catalog.quote(name, span) for span in spans],
        [catalog.passage_at(name, span) for span in spans],
        [catalog.passages_around(name, span) for span in spans],
        [catalog.passages_of_group(name, 2, start, 3) for start in starts],
        [catalog.units_before(name, start) for start in starts],
        [catalog.passage_before(name, start) for start in starts],
        [catalog.page_at(name, start) for start in starts],
    ]


def test_a_copy_says_what_the_server_says(store: PostgresStore) -> None:
    server = store.server
    assert isinstance(server, CountingServer)
    number = store.pointer().current
    asking, copied = StoredTables(server, number), StoredTables(server, number)
    names = ["reports/3.txt", "reports/12.txt"]
    copied.copy(names)
    before = server.trips
    copied.copy(names)
    found = [asked_of(StoredCatalog(copied), name) for name in names]
    assert server.trips == before
    assert found == [asked_of(StoredCatalog(asking), name) for name in names]
    assert server.trips > before + 100


def test_large_documents_are_asked_one_thing_at_a_time(
    store: PostgresStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = store.server
    assert isinstance(server, CountingServer)
    monkeypatch.setattr(module, "_LARGEST", 2_000)
    large = document_of("Long " * 500, name="large.txt")
    publish(store, large, base=store.pointer().current)
    tables = StoredTables(server, store.pointer().current)
    tables.copy(["large.txt", "reports/1.txt", "none.txt"])
    before = server.trips
    tables.copy(["large.txt", "reports/1.txt"])
    catalog = StoredCatalog(tables)
    assert catalog.quote("reports/1.txt", Span(2, 8)) == "Report"
    assert server.trips == before
    assert catalog.quote("large.txt", Span(0, 4)) == "Long"
    assert catalog.quote("none.txt", Span(0, 4)) is None
    assert server.trips == before + 2


def test_what_was_used_longest_ago_goes() -> None:
    copies = Copies(most=10)
    title = "SELECT title FROM documents WHERE name = ?"

    def put(name: str, size: int) -> None:
        row = (1, name, "", "", name.upper(), *[""] * 5, 0, "", "", "")
        copies.put([(name, size)], [[(hash(name), *row[1:])], [], [], []])

    put("a", 5)
    put("b", 5)
    assert copies.answer(title, ("a",)) == [("A",)]
    put("c", 4)
    assert [copies.answer(title, (name,)) for name in "abc"] == [[("A",)], None, [("C",)]]
    assert copies.missing("abc") == ["b"]


@pytest.mark.parametrize(
    ("sql", "parameters"),
    [
        ("SELECT name FROM documents", ()),
        ("SELECT count(*) FROM documents WHERE name = ? OR file = ?", ("a", "b")),
        ("SELECT title FROM files WHERE name = ?", ("a",)),
        ("SELECT key FROM documents WHERE name IN (SELECT value FROM json_each(?))", ('["a"]',)),
        ("SELECT title FROM documents WHERE key IN (SELECT key FROM passages WHERE document = ?)",
         ("a",)),
        ("SELECT 1 FROM passages WHERE document = :name || '/'", {"name": "a"}),
    ],
)  # fmt: skip
def test_only_what_is_asked_of_one_document_is_asked_of_its_copy(sql: str, parameters: Any) -> None:
    copies = Copies()
    row = (1, "a", *[""] * 8, 0, "", "", "")
    copies.put([("a", 1)], [[row], [], [], []])
    assert copies.answer(sql, parameters) is None


@pytest.mark.slow
@pytest.mark.parametrize(
    "question",
    [
        "When does the harbour of district 7 open?",
        "How many ships has quay 3 in report 5?",
        "Which districts pay 40 euro, and how many cranes are there?",
        "what roles would the harbour take",
        "list all documents",
    ],
)
def test_a_question_takes_few_round_trips(store: PostgresStore, question: str) -> None:
    engine = Engine(
        CurrentGeneration(store, recipe_of()),
        WordEmbedder(),
        RerankingReader(FakeReranker(), TUNING.evidence_passages),
        CALIBRATION,
    )
    engine.ask("Is it warm?")
    server = store.server
    assert isinstance(server, CountingServer)
    before = server.trips
    engine.ask(question)
    assert 2 <= server.trips - before <= MOST_TRIPS


def test_what_replaces_many_documents_is_found_in_one_round_trip(store: PostgresStore) -> None:
    server = store.server
    assert isinstance(server, CountingServer)
    generation = store.open(None)
    catalog = generation.catalog
    olds = [f"reports/{number}.txt" for number in range(1, 9)]
    fused = {catalog.keys_of([name])[0]: 1 / at for at, name in enumerate(olds, 1)}
    newer = dict(
        zip(olds, [f"reports/{number}.txt" for number in (9, 10, 11, 12) * 2], strict=True)
    )
    first = _with_versions(fused, generation, newer.__getitem__, 8)
    before = server.trips
    assert _with_versions(fused, generation, newer.__getitem__, 8) == first
    assert server.trips == before + 1
    assert catalog.documents_of(list(first))[next(iter(first))] == "reports/9.txt"
