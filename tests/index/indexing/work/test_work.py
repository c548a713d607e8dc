"""A reindex whose files are parsed and embedded by workers: the same index, each file once."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

import psycopg
import pytest

from index.document import Document
from index.errors import DatabaseUnavailable, UnreadableDocument
from index.indexing.reindex import Reindexer
from index.indexing.work import worker
from index.indexing.work.queue import (
    HEARTBEAT,
    WorkQueue,
    clear,
    clear_abandoned,
    connection_to,
    keep,
)
from index.indexing.work.queued import (
    QueuedEmbedder,
    QueuedParsing,
    encode_result,
    parsed_from,
    texts_in,
    texts_packed,
)
from index.indexing.work.worker import Worker
from index.parsing import ParsingLimits, ParsingOptions, parse_files
from index.store.folder.store import IndexStore
from index.store.generation import Recipe
from testing.fakes import WordEmbedder

pytestmark = [pytest.mark.slow, pytest.mark.processes]

RECIPE = Recipe(
    model="words", fingerprint="f", query_prompt="", passage_prompt="", chunker=1, parser=1,
    target_tokens=128,
)  # fmt: skip


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    (folder / "plans").mkdir(parents=True)
    for number in range(12):
        text = f"# Plan {number}\n\nWe go {'north' if number % 2 else 'south'} by {number}.\n"
        (folder / "plans" / f"{number}.md").write_text(text)
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 no more")
    return folder


def identity(embedder: WordEmbedder) -> WordEmbedder:
    return embedder


@pytest.fixture
def queue(postgres_url: str) -> Iterator[WorkQueue]:
    with closing(WorkQueue(postgres_url, RECIPE, dead_after=6)) as made:
        yield made


@asynccontextmanager
async def working(
    url: str, corpus: Path, queue: WorkQueue, number: int
) -> AsyncIterator[list[WordEmbedder]]:
    embedders = [WordEmbedder(max_tokens=254) for _ in range(number)]
    workers = [Worker(url, RECIPE, corpus, partial(identity, own)) for own in embedders]
    tasks = [asyncio.create_task(each.run(signals=False)) for each in workers]
    while await asyncio.to_thread(queue.workers) < number:
        await asyncio.sleep(0.02)
    try:
        yield embedders
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task


def reindexer(corpus: Path, index: Path, queue: WorkQueue | None) -> tuple[Reindexer, WordEmbedder]:
    own = WordEmbedder(max_tokens=254)
    made = Reindexer(corpus, IndexStore(index), RECIPE, lambda: own, parse=parse_files)
    if queue is not None:
        shared = QueuedEmbedder(own, queue)
        parse = QueuedParsing(queue, parse_files).parse_files
        made = replace(made, embedder=lambda: shared, parse=parse)
    return made, own


def content(index: Path) -> dict[str, object]:
    generation = IndexStore(index).open(None)
    catalog = generation.catalog
    names: Collection[str] = sorted(catalog.document_names())
    found: dict[str, object] = {name: catalog.document(name) for name in names}
    return found | {"passages": catalog.passage_count()}


async def test_two_workers_make_the_same_index(
    postgres_url: str, corpus: Path, queue: WorkQueue, tmp_path: Path
) -> None:
    reindexer(corpus, tmp_path / "alone", None)[0].run()
    shared, own = reindexer(corpus, tmp_path / "shared", queue)
    async with working(postgres_url, corpus, queue, 2) as embedders:
        report = await asyncio.to_thread(shared.run)
        assert [failure.document for failure in report.failed] == ["broken.pdf"]
        (corpus / "plans" / "3.md").write_text("# Plan 3\n\nWe stay.\n")
        assert (await asyncio.to_thread(shared.run)).changed == ("plans/3.md",)
    reindexer(corpus, tmp_path / "alone", None)[0].run()
    assert content(tmp_path / "shared") == content(tmp_path / "alone")
    assert own.calls == []
    texts = [text for each in embedders for text in each.texts]
    assert len(texts) == len(set(texts)) == 13
    with psycopg.connect(connection_to(postgres_url)) as db:
        for table in ("procrastinate_jobs", "results"):
            assert db.execute(f"SELECT count(*) FROM {table}".encode()).fetchone() == (0,)


def test_without_workers_it_is_done_here(corpus: Path, queue: WorkQueue, tmp_path: Path) -> None:
    shared, own = reindexer(corpus, tmp_path / "shared", queue)
    assert queue.workers() == 0
    assert len(shared.run().added) == 12
    assert len(own.texts) == 12


async def test_what_no_worker_can_open_is_done_here_and_no_name_is_logged(
    postgres_url: str,
    corpus: Path,
    queue: WorkQueue,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    shared, _own = reindexer(corpus, tmp_path / "shared", queue)
    with caplog.at_level("INFO"):
        async with working(postgres_url, tmp_path / "nowhere", queue, 1):
            assert len((await asyncio.to_thread(shared.run)).added) == 12
    assert "A job could not be done: UnreadableDocument" in caplog.text
    assert "plans" not in caplog.text
    assert "We go" not in caplog.text


WORK = """
import asyncio, sys, time
from pathlib import Path
from index.indexing.work.worker import Worker
from tests.index.indexing.work.test_work import RECIPE

class Stuck:
    def embed_passages(self, texts):
        time.sleep(60)

asyncio.run(Worker(sys.argv[1], RECIPE, Path(sys.argv[2]), Stuck).run())
"""


async def test_the_job_of_a_worker_that_was_killed_is_done_by_another(
    postgres_url: str, corpus: Path, queue: WorkQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "_STALLED_AFTER", 2 * HEARTBEAT)
    process = subprocess.Popen(
        [sys.executable, "-c", WORK, postgres_url, str(corpus)], cwd=Path(__file__).parents[4]
    )
    job = queue.put("embed", texts=texts_packed(["a"]))
    doing = "SELECT status FROM procrastinate_jobs"
    with psycopg.connect(connection_to(postgres_url), autocommit=True) as db:
        while db.execute(doing).fetchone() != ("doing",):
            await asyncio.sleep(0.05)
    process.kill()
    process.wait()
    async with working(postgres_url, corpus, queue, 2) as embedders:
        assert await asyncio.to_thread(queue.take, job)
    assert sum(len(each.calls) for each in embedders) == 1


async def test_what_nobody_does_any_more_is_given_back(
    postgres_url: str, corpus: Path, queue: WorkQueue
) -> None:
    async with working(postgres_url, corpus, queue, 1):
        pass
    job = queue.put("embed", texts=texts_packed(["a"]))
    assert await asyncio.to_thread(queue.take, job) is None


def left_on(url: str) -> int:
    with psycopg.connect(connection_to(url)) as db:
        counted = (
            "SELECT (SELECT count(*) FROM procrastinate_jobs) + (SELECT count(*) FROM results)"
        )
        found = db.execute(counted).fetchone()
    assert found is not None
    return int(found[0])


async def test_what_a_reindex_left_behind_goes_with_workers(
    postgres_url: str, corpus: Path, queue: WorkQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "_LOOKS_EVERY", 0.05)
    job = queue.put("embed", texts=texts_packed(["Of a document"]))
    with psycopg.connect(connection_to(postgres_url), autocommit=True) as db:
        db.execute("UPDATE procrastinate_jobs SET queue_name = 'of others'")
        keep(db, job, b"made")
        clear_abandoned(db)
        assert left_on(postgres_url) == 2
        async with working(postgres_url, corpus, queue, 1):
            await asyncio.sleep(0.3)
            assert left_on(postgres_url) == 2  # the reindex is still at work
            queue.close()
            async with asyncio.timeout(10):
                while left_on(postgres_url):
                    await asyncio.sleep(0.02)


def test_who_looks_for_workers_takes_no_jobs_away(postgres_url: str, queue: WorkQueue) -> None:
    queue.put("embed", texts=texts_packed(["Of a document"]))
    with closing(WorkQueue(postgres_url, RECIPE)) as other:
        assert other.workers() == 0
        assert left_on(postgres_url) == 1
    queue.close()
    for _ in range(200):  # the server may hear a moment later that the reindex has gone
        with closing(WorkQueue(postgres_url, RECIPE)) as other:
            other.workers()  # removes what was left behind when it connects, and only then
        if not left_on(postgres_url):
            return
        time.sleep(0.05)
    raise AssertionError("what the reindex left is there still")


def test_nothing_is_left_after_a_purge(postgres_url: str, queue: WorkQueue) -> None:
    clear(postgres_url)  # there is no queue yet
    job = queue.put("embed", texts=texts_packed(["Of a document"]))
    with psycopg.connect(connection_to(postgres_url), autocommit=True) as db:
        keep(db, job, b"made")
        queue.close()
        clear(postgres_url)
        assert left_on(postgres_url) == 0
        for table in ("procrastinate_jobs", "results"):
            size = db.execute("SELECT pg_relation_size(%s::regclass)", (table,)).fetchone()
            assert size == (0,)


def test_a_server_that_cannot_be_reached_is_said_so() -> None:
    queue = WorkQueue("postgresql://127.0.0.1:9/none", RECIPE)
    with pytest.raises(DatabaseUnavailable):
        queue.put("embed", texts="")


def test_documents_and_texts_as_bytes(corpus: Path) -> None:
    files = [(path, path.name) for path in sorted(corpus.rglob("*.*"))]
    options = {"limits": ParsingLimits(), "options": ParsingOptions()}
    for made in parse_files(files, **options):  # type: ignore[arg-type]
        name = made.name if isinstance(made, Document) else "broken.pdf"
        back = parsed_from(encode_result(made), name)
        if isinstance(made, UnreadableDocument):
            assert isinstance(back, UnreadableDocument)
            assert back.reason == made.reason
        else:
            assert back == made
    assert texts_in(texts_packed(["a\0b", "\ud83d", "Å"])) == ["a\0b", "\ud83d", "Å"]
