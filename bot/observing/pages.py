"""`/healthz`, `/readyz` and `/metrics`, on a port of this machine.

The pages are served by the bot's own event loop: that one of them answers says that the loop turns.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric

from bot.clock import utc_now
from bot.config.settings import Settings
from bot.documents.reindexing.process import ReindexProcess
from bot.errors import BadSettings, RecordsUnavailable
from bot.localization import _
from bot.observing.metrics import Metrics
from bot.observing.state_figures import (
    build_figures,
    handed_figures,
    index_figures,
    lag_figures,
    reindex_figures,
    review_figures,
    size_figures,
)
from bot.observing.watchdog import Watchdog
from bot.records import Fault, Records
from index.errors import IndexUnavailable
from index.store.current import CurrentGeneration

_PATIENCE = 0.5
"""Seconds that who is reading a page at the end is given."""


class Queue(Protocol):
    """How many questions there are: `waiting` in line or in work, `in_work` in work."""

    @property
    def waiting(self) -> int: ...

    @property
    def in_work(self) -> int: ...


class Admits(Protocol):
    @property
    def state(self) -> Queue: ...


class ObservedServices(Protocol):
    """What the pages need of `bot.services.Services`, which is made of what is observed here."""

    @property
    def admission(self) -> Admits: ...

    @property
    def current(self) -> CurrentGeneration: ...

    @property
    def metrics(self) -> Metrics: ...

    @property
    def records(self) -> Records: ...

    @property
    def reindexing(self) -> ReindexProcess: ...

    @property
    def settings(self) -> Settings: ...

    @property
    def watchdog(self) -> Watchdog: ...


@dataclass(slots=True)
class Pages:
    """The pages that are served. `services` are None until whoever loads them puts them here."""

    port: int
    services: ObservedServices | None = None


@asynccontextmanager
async def pages(host: str, port: int) -> AsyncIterator[Pages]:
    """Open while the context is, on any free port for 0.

    Raises BadSettings where the port cannot be had.
    """
    shown = Pages(port)

    async def healthz(_: web.Request) -> web.Response:
        return web.json_response({"alive": True})

    async def readyz(_: web.Request) -> web.Response:
        found = {"index": False, "models": False, "discord": False, "records": False}
        if services := shown.services:
            indexed = await asyncio.to_thread(_is_indexed, services)
            found = {
                "index": indexed,
                "models": True,
                "discord": services.metrics.connected,
                "records": services.records.problem is None,
            }
        return web.json_response(found, status=200 if all(found.values()) else 503)

    async def metrics(_: web.Request) -> web.Response:
        content = b""
        if services := shown.services:
            # Only the loop may look at the queue; the other figures may open an index.
            queue = services.admission.state
            content = await asyncio.to_thread(figures, services, queue)
        return web.Response(body=content, headers={"Content-Type": CONTENT_TYPE_LATEST})

    application = web.Application()
    application.add_routes(
        [web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", metrics)]
    )
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=_PATIENCE)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as exc:
            raise BadSettings(
                _(
                    "The pages for health and metrics cannot be opened on {host}, port {port}: "
                    "{reason}. Set BRIEFING_HTTP_PORT to another port, or leave it empty to do "
                    "without them."
                ).format(host=host, port=port, reason=_reason(exc))
            ) from exc
        shown.port = runner.addresses[0][1]
        yield shown
    finally:
        await runner.cleanup()


def figures(services: ObservedServices, queue: Queue) -> bytes:
    """All metrics, as text in Prometheus' format; blocks while a new index is opened."""
    return generate_latest(_Figures(services, queue))


class _Figures:
    """What was counted, and how things stand now; what is not known is left out."""

    def __init__(self, services: ObservedServices, queue: Queue) -> None:
        self._services = services
        self._queue = queue

    def collect(self) -> Iterator[Metric]:
        services = self._services
        yield from services.metrics.registry.collect()
        yield from build_figures()
        yield from lag_figures(services.watchdog)
        yield _gauge(
            "briefing_discord_connected",
            "Whether the bot is connected to Discord's gateway.",
            services.metrics.connected,
        )
        yield _gauge(
            "briefing_questions_waiting",
            "Questions in line, not counting those in work.",
            self._queue.waiting - self._queue.in_work,
        )
        yield _gauge("briefing_questions_in_work", "Questions in work.", self._queue.in_work)
        yield from self._disk()
        yield from self._index()
        yield from self._reindex()
        yield from size_figures(services.settings.index, services.settings.records)
        yield from self._feedback()

    def _disk(self) -> Iterator[Metric]:
        yield _gauge(
            "briefing_records_waiting",
            "Exchanges, marks and audit entries in memory, since the disk does not take them.",
            self._services.records.waiting,
        )
        if connections := self._services.records.connections():
            states = GaugeMetricFamily(
                "briefing_database_connections",
                "Connections of the records to their server, and requests that wait for one.",
                labels=["state"],
            )
            for state, number in connections.items():
                states.add_metric([state], number)
            yield states
        free = GaugeMetricFamily(
            "briefing_disk_free_bytes",
            "Bytes that this program may still write to the disk of a folder.",
            labels=["folder"],
        )
        folders = {"index": self._services.settings.index}
        folders["records"] = self._services.settings.records
        for folder, path in folders.items():
            with suppress(OSError):  # it is not there yet
                free.add_metric([folder], shutil.disk_usage(path).free)
        yield free

    def _index(self) -> Iterator[Metric]:
        try:
            manifest = self._services.current.generation().manifest
        except IndexUnavailable:
            return
        age = utc_now() - datetime.fromisoformat(manifest.created_at)
        for name, what, value in (
            ("generation", "The number of the generation that answers.", manifest.number),
            ("documents", "Documents in it.", manifest.documents),
            ("passages", "Passages in it.", manifest.passages),
            ("age_seconds", "Seconds since it was made.", age.total_seconds()),
        ):
            yield _gauge(f"briefing_index_{name}", what, value)
        yield from index_figures(self._services.current)
        yield from review_figures(self._services.current, self._services.records)

    def _reindex(self) -> Iterator[Metric]:
        running = self._services.reindexing.running
        yield _gauge("briefing_reindex_running", "Whether the bot reindexes.", running)
        yield from reindex_figures(self._services.reindexing, self._services.current)
        if last := self._services.reindexing.last:
            yield _gauge(
                "briefing_reindex_last_duration_seconds", "How long it took.", last.seconds
            )

    def _feedback(self) -> Iterator[Metric]:
        try:
            counts = self._services.records.counts()
        except RecordsUnavailable:
            return
        marks = GaugeMetricFamily(
            "briefing_feedback", "Marks that stand on answers.", labels=["mark"]
        )
        marks.add_metric(["up"], counts.up)
        marks.add_metric(["down"], counts.down)
        yield marks
        faults = GaugeMetricFamily(
            "briefing_faults", "What people say is wrong with answers.", labels=["fault"]
        )
        for fault in Fault:
            faults.add_metric([fault], counts.faults.get(fault, 0))
        yield faults
        yield from handed_figures(self._services.records)


def _gauge(name: str, what: str, value: float) -> Metric:
    return GaugeMetricFamily(name, what, value=float(value))


def _is_indexed(services: ObservedServices) -> bool:
    try:
        services.current.generation()
    except IndexUnavailable:
        return False
    return True


def _reason(error: OSError) -> str:
    """asyncio puts the address into `strerror`, but for a host that has none."""
    if isinstance(error, socket.gaierror) or error.errno is None:
        return str(error.strerror or error)
    return os.strerror(error.errno)
