"""A worker: parses files and embeds texts for whichever reindex asks for it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Any

import procrastinate
import psycopg
from procrastinate import JobContext, RetryStrategy

from index.errors import DatabaseUnavailable, UnreadableDocument
from index.indexing.work.queue import (
    HEARTBEAT,
    clear_abandoned,
    connection_to,
    keep,
    make_tables,
    name_for,
)
from index.indexing.work.queued import encode_result, texts_in, vectors_as_bytes
from index.parsing import ParsingLimits, ParsingOptions
from index.parsing.sandbox.process import ParsingProcess
from index.ports import Embedder
from index.store.generation import Recipe

_STALLED_AFTER = 10.0
"""Seconds without a sign of life after which another worker gets a job."""
_LOOKS_EVERY = 2.0
_RETRY = RetryStrategy(max_attempts=3, wait=1)
_GRACE = 5.0
"""Seconds that a job may still take when the worker is to end."""
_log = logging.getLogger(__name__)
# It logs what each job was given: names and texts of documents.
logging.getLogger("procrastinate").setLevel(logging.CRITICAL + 1)


class Worker:
    """Takes one job after the other off the queue of its recipe, until it is stopped."""

    def __init__(
        self, url: str, recipe: Recipe, corpus: Path, embedder: Callable[[], Embedder]
    ) -> None:
        self._conninfo = connection_to(url)
        self._queue = name_for(recipe)
        self._corpus = corpus
        self._embedder = embedder
        self._parsing = ParsingProcess()
        self._app = procrastinate.App(
            connector=procrastinate.PsycopgConnector(conninfo=self._conninfo)
        )
        for name, work in (("parse", self._parse), ("embed", self._embed)):
            task = self._app.task(name=name, queue=self._queue, retry=_RETRY, pass_context=True)
            task(self._told(work))

    async def run(self, *, signals: bool = True) -> None:
        """Work until cancelled, or until a signal to end if it listens to `signals`.

        Raises DatabaseUnavailable where the server cannot be reached.
        """
        try:
            with psycopg.connect(self._conninfo, autocommit=True) as db:
                make_tables(db)
            async with self._app.open_async():
                rescuing = asyncio.create_task(self._rescue())
                try:
                    await self._app.run_worker_async(
                        queues=[self._queue],
                        concurrency=1,
                        install_signal_handlers=signals,
                        fetch_job_polling_interval=1.0,
                        update_heartbeat_interval=HEARTBEAT,
                        stalled_worker_timeout=_STALLED_AFTER,
                        shutdown_graceful_timeout=_GRACE,
                    )
                finally:
                    rescuing.cancel()
                    with suppress(asyncio.CancelledError):
                        await rescuing
        except (psycopg.OperationalError, procrastinate.exceptions.ConnectorException) as exc:
            raise DatabaseUnavailable("the connection was lost, or cannot be made") from exc
        finally:
            self._parsing.close()

    def _parse(
        self,
        context: JobContext,
        *,
        name: str,
        limits: dict[str, int],
        options: dict[str, list[str]],
    ) -> None:
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
            raise ValueError("a file lies outside of the folder")
        (made,) = self._parsing.parse_files(
            [(self._corpus / name, name)],
            limits=ParsingLimits(**limits),
            options=ParsingOptions.of_lists(options),
        )
        if isinstance(made, UnreadableDocument) and made.unopened:
            raise made  # the reindex, on its own machine, may be able to open it
        self._keep(context, encode_result(made))

    def _embed(self, context: JobContext, *, texts: str) -> None:
        vectors = self._embedder().embed_passages(texts_in(texts))
        self._keep(context, vectors_as_bytes(vectors))

    def _told(self, work: Callable[..., None]) -> Callable[..., None]:
        """Return the work, which logs what goes wrong without a word of what it was given."""

        def do(context: JobContext, **arguments: Any) -> None:
            try:
                work(context, **arguments)
            except Exception as exc:
                _log.warning("A job could not be done: %s", type(exc).__name__)
                raise

        return do

    def _keep(self, context: JobContext, content: bytes) -> None:
        assert context.job.id is not None
        with psycopg.connect(self._conninfo, autocommit=True) as db:
            keep(db, context.job.id, content)

    def _clear_abandoned(self) -> None:
        with psycopg.connect(self._conninfo, autocommit=True) as db:
            clear_abandoned(db)

    async def _rescue(self) -> None:
        """Give jobs of workers that died to others, and remove those of a reindex that died."""
        while True:
            await asyncio.sleep(_LOOKS_EVERY)
            try:
                await self._rescue_once()
            except (procrastinate.exceptions.ConnectorException, psycopg.OperationalError):
                pass  # the worker itself says that the server is away
            except Exception:
                _log.exception("Jobs of workers that died could not be given to others")

    async def _rescue_once(self) -> None:
        await asyncio.to_thread(self._clear_abandoned)
        found = await self._app.job_manager.get_stalled_jobs(
            queue=self._queue, seconds_since_heartbeat=_STALLED_AFTER
        )
        for job in found:
            _log.warning("A worker ended in the middle of job %s; another gets it", job.id)
            await self._app.job_manager.retry_job(job)
