"""All that a face which serves many people needs, built once by `bot.wiring`."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.access import Access
from bot.answering import Answering
from bot.desk import Desk
from bot.guilds import GuildBook
from bot.library import Libraries
from bot.observing.metrics import Metrics
from bot.records import Records
from bot.reindexing import Reindexing
from bot.settings import Settings
from bot.watchdog import Watchdog
from index.live import LiveIndex
from index.ports import Embedder

__all__ = ["Services"]


@dataclass(frozen=True, slots=True)
class Services:
    settings: Settings
    guilds: GuildBook
    desk: Desk
    answering: Answering
    access: Access
    libraries: Libraries
    records: Records
    reindexing: Reindexing
    live: LiveIndex
    embedder: Embedder
    metrics: Metrics = field(default_factory=Metrics)
    watchdog: Watchdog = field(default_factory=Watchdog)
