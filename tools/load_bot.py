"""The bot of `tools/load.py`: the real one, in a process of its own, against a loopback.

    python tools/load_bot.py URL FOLDER

Serves until SIGTERM, then writes what it saw of itself to FOLDER/figures.json.
"""

import asyncio
import json
import logging
import sys
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot import wiring
from bot.discord.serving import serve
from bot.services import Services
from bot.settings import Settings
from bot.watchdog import Watchdog
from tests.bot.discord.crowd import percentile
from tests.bot.discord.loopback.payloads import TOKEN

__all__ = ["settings_in"]

ALARM = 0.1
"""Seconds that nothing may hold the loop up for; what does is logged, with its stack."""


def settings_in(folder: Path) -> Settings:
    return Settings.model_construct(  # the defaults, whatever `.env` says
        corpus=folder / "corpus", index=folder / "index", records=folder / "records"
    )


async def _serve(services: Services, folder: Path) -> None:
    most = 0

    async def count() -> None:
        nonlocal most
        while True:
            most = max(most, services.desk.state.waiting)
            await asyncio.sleep(0.02)

    counting = asyncio.create_task(count())
    began = time.process_time()
    try:
        await serve(services, lambda: wiring.discord_bot(services), TOKEN)
    finally:
        counting.cancel()
        with suppress(asyncio.CancelledError):
            await counting
        lags = services.watchdog.lags
        figures = {
            "loop_worst": max(lags, default=0.0),
            "loop_p99": percentile(lags, 0.99),
            "loop_over_100_ms": sum(lag > ALARM for lag in lags),
            "queue_most": most,
            "processor_seconds": time.process_time() - began,
        }
        (folder / "figures.json").write_text(json.dumps(figures), encoding="utf-8")


def main(url: str, name: str) -> None:
    logging.basicConfig(level=logging.WARNING, format="bot: %(name)s: %(message)s")
    Route.BASE = f"{url}/api/v10"
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(f"{url.replace('http', 'ws')}/gateway")
    folder = Path(name)
    services = wiring.services(settings_in(folder))
    services = replace(services, watchdog=Watchdog(every=0.01, alarm=ALARM, remembered=1_000_000))
    asyncio.run(_serve(services, folder))


if __name__ == "__main__":
    main(*sys.argv[1:])
