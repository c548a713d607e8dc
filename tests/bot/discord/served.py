"""`serve` in a process of its own, for tests that send it signals.

    python -m tests.bot.discord.served URL FOLDER SECONDS PATIENCE AT_LATEST

The loopback is at URL; an index is in FOLDER; every question takes so many seconds.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import time
from collections.abc import Collection
from pathlib import Path

import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.answering import Engine
from bot.discord import serving
from bot.settings import Settings
from index.answer import Response, SearchResult
from tests.bot.discord.loopback.payloads import TOKEN
from tests.bot.discord.world import bot_of, engine_of, services_of

__all__ = ["Slow"]


class Slow:
    """An engine that says when it is asked, and takes its time."""

    def __init__(self, engine: Engine, seconds: float) -> None:
        self._engine = engine
        self._seconds = seconds

    def ask(self, question: str, documents: Collection[str] | None = None) -> Response:
        os.write(1, b"asked\n")  # in one piece, whatever the other thread writes
        time.sleep(self._seconds)
        return self._engine.ask(question, documents)

    def search(
        self, query: str, k: int = 10, documents: Collection[str] | None = None
    ) -> SearchResult:
        return self._engine.search(query, k, documents)


def main(url: str, folder: str, *seconds: str) -> None:
    logging.basicConfig(level=logging.WARNING, format="%(name)s: %(message)s")
    Route.BASE = f"{url}/api/v10"
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(f"{url.replace('http', 'ws')}/gateway")
    here = Path(folder)
    settings = Settings(corpus=here / "corpus", index=here / "index", records=here / "records")
    takes, serving._PATIENCE, serving._AT_LATEST = map(float, seconds)
    services = services_of(settings, engine=Slow(engine_of(settings), takes))
    asyncio.run(serving.serve(services, lambda: bot_of(services), TOKEN))


if __name__ == "__main__":
    main(*sys.argv[1:])
