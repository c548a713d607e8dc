"""The services: what a bot that serves many people needs, built once at the top."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from bot.access import Access
from bot.chat.admission import Admission
from bot.chat.answering import Answering
from bot.chat.belonging import Belonging
from bot.chat.claiming import Claiming
from bot.chat.listing import ListService
from bot.chat.watching import Watching
from bot.clock import date_in
from bot.config.guilds import GuildBook
from bot.config.settings import Settings
from bot.documents.reindexing.process import ReindexProcess
from bot.documents.uploads.uploads import Uploads
from bot.library import Libraries
from bot.observing.metrics import Metrics
from bot.observing.watchdog import Watchdog
from bot.records import Records
from index.indexing.reindex import Reindexer
from index.ports import Embedder
from index.store.current import CurrentGeneration


@dataclass(frozen=True, slots=True)
class Services:
    """All parts below the chat system.

    `reindexer` is for dry runs in this process; `reindexing` runs reindexes in another one.
    """

    settings: Settings
    guilds: GuildBook
    admission: Admission
    claiming: Claiming
    answering: Answering
    watching: Watching
    belonging: Belonging
    access: Access
    libraries: Libraries
    uploads: Uploads
    records: Records
    reindexing: ReindexProcess
    reindexer: Reindexer
    current: CurrentGeneration
    embedder: Embedder
    metrics: Metrics = field(default_factory=Metrics)
    watchdog: Watchdog = field(default_factory=Watchdog)

    @property
    def listing(self) -> ListService:
        return ListService(
            self.current, self.admission, self.access, self.records.decided.decisions
        )

    def today(self, guild: int | None) -> date:
        """Return the date now in a guild; None stands for direct messages."""
        return date_in(self.timezone(guild))

    def timezone(self, guild: int | None) -> str:
        """Return the IANA name of a guild's time zone; None stands for direct messages."""
        return self.guilds.of(guild).timezone or self.settings.timezone
