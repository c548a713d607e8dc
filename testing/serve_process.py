"""`serve` in a process of its own, for tests that send it signals.

    python -m testing.serve_process URL FOLDER SECONDS PATIENCE AT_LATEST

The loopback is at URL; an index is in FOLDER; every question takes so many seconds.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from pathlib import Path

from bot.config.settings import Settings
from bot.discord.gateway import serving
from testing.engines import Slow
from testing.loopback.address import discord_is_at
from testing.loopback.payloads import TOKEN
from testing.services import bot_of, engine_of, services_of


def main(url: str, folder: str, *seconds: str) -> None:
    logging.basicConfig(level=logging.WARNING, format="%(name)s: %(message)s")
    discord_is_at(url)
    here = Path(folder)
    settings = Settings(corpus=here / "corpus", index=here / "index", records=here / "records")
    takes, serving._PATIENCE, serving._AT_LATEST = map(float, seconds)
    services = services_of(settings, engine=Slow(engine_of(settings), takes))
    asyncio.run(serving.serve(services, lambda: bot_of(services), TOKEN))


if __name__ == "__main__":
    main(*sys.argv[1:])
