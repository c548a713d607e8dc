"""Figures of how things stand, beside those of `bot.observing.pages`: version, index, reindexes."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from importlib import metadata
from pathlib import Path

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from bot.clock import utc_now
from bot.documents.reindexing.process import ReindexProcess
from bot.documents.reviews import overdue
from bot.observing.watchdog import Watchdog
from bot.records import Records
from index.errors import IndexUnavailable
from index.store.current import CurrentGeneration


def build_figures() -> Iterator[Metric]:
    """Yield the version, as the labels of a figure that is always 1."""
    info = GaugeMetricFamily(
        "briefing_build_info", "The version that runs; always 1.", labels=["version", "python"]
    )
    info.add_metric([metadata.version("briefing-bot"), platform.python_version()], 1)
    yield info


def index_figures(current: CurrentGeneration) -> Iterator[Metric]:
    """Yield what the generation that answers lacks."""
    with suppress(IndexUnavailable):
        failures = [row for row in current.generation().catalog.rows() if row.failure]
        yield GaugeMetricFamily(
            "briefing_index_documents_not_read",
            "Documents that the last reindex could not read.",
            value=len(failures),
        )


def review_figures(current: CurrentGeneration, records: Records) -> Iterator[Metric]:
    """Yield how many documents are overdue for a review."""
    with suppress(IndexUnavailable):
        late = overdue(current.generation(), None, records.decided.decisions(), utc_now().date())
        yield GaugeMetricFamily(
            "briefing_index_documents_overdue",
            "Documents whose review is past, or that held until a day that is past.",
            value=len(late),
        )


def handed_figures(records: Records) -> Iterator[Metric]:
    """Yield how many questions were handed to people, by what came of them."""
    questions = GaugeMetricFamily(
        "briefing_handed_questions",
        "Questions that were handed to a person, by what came of them.",
        labels=["state"],
    )
    for state, number in records.handed.counts().items():
        questions.add_metric([state], number)
    yield questions


def size_figures(index: Path, records: Path) -> Iterator[Metric]:
    """Yield how many bytes of the disk are used; files that come and go may be missed."""
    used = GaugeMetricFamily(
        "briefing_disk_used_bytes", "Bytes of the files in a folder.", labels=["folder"]
    )
    for name, folder in (("index", index), ("records", records)):
        used.add_metric([name], _bytes_below(folder))
    yield used


def reindex_figures(reindexing: ReindexProcess, current: CurrentGeneration) -> Iterator[Metric]:
    """Yield the reindexes that the bot began by their outcome, and when the last good one was.

    A reindex that somebody else ran counts as good, too, if it made the generation that answers.
    """
    counts = CounterMetricFamily(
        "briefing_reindexes", "Reindexes that the bot began, by outcome.", labels=["outcome"]
    )
    for outcome, number in reindexing.counts.items():
        counts.add_metric([outcome], number)
    yield counts
    moments = [reindexing.last_good] if reindexing.last_good else []
    with suppress(IndexUnavailable):
        made = current.generation().manifest.created_at
        moments.append(datetime.fromisoformat(made).timestamp())
    if moments:
        yield GaugeMetricFamily(
            "briefing_reindex_last_success_timestamp_seconds",
            "When the last reindex came to its end, in Unix time.",
            value=max(moments),
        )


def lag_figures(watchdog: Watchdog) -> Iterator[Metric]:
    """Yield how long the event loop was held up lately."""
    yield GaugeMetricFamily(
        "briefing_event_loop_lag_seconds",
        "The longest delay of the event loop in the last minute.",
        value=watchdog.recent_worst_seconds,
    )


def _bytes_below(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        with suppress(OSError):  # just removed, or not readable
            total += path.lstat().st_size if path.is_file() else 0
    return total
