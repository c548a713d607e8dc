"""The bot of `tools/hardening/load.py`: the real one, in a process of its own, against a loopback.

    python tools/hardening/load_bot.py URL FOLDER

Serves until SIGTERM, then writes what it saw of itself to FOLDER/figures.json.
"""

import asyncio
import json
import logging
import sys
import threading
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))


from bot.app import composition
from bot.config.settings import Settings
from bot.discord.gateway.serving import serve
from bot.observing.logs import log_to_stderr
from bot.observing.watchdog import Watchdog
from bot.services import Services
from testing.crowd import percentile
from testing.loopback.address import discord_is_at
from testing.loopback.payloads import TOKEN

__all__ = ["settings_in"]

ALARM = 0.1
"""Seconds that nothing may hold the loop up for; what does is logged, with its stack."""


class CoreWatchdog(Watchdog):
    """Knows also how long the loop's thread was ready and waited for a core.

    A machine that others use as well holds every thread up; that is no fault of what runs in it.
    """

    def __init__(self) -> None:
        super().__init__(every=0.01, alarm=ALARM, remembered=1_000_000)
        self.own: list[float] = []
        """Seconds of each hold-up that were not spent waiting for a core."""

    def start(self) -> None:
        self._schedule = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat")
        self._waited = self._waited_for_core()
        super().start()

    def _remember(self, lag: float) -> None:
        super()._remember(lag)
        before, self._waited = self._waited, self._waited_for_core()
        self.own.append(max(0.0, lag - (self._waited - before)))

    def _waited_for_core(self) -> float:
        """Seconds since the thread began; Linux alone tells."""
        try:
            return int(self._schedule.read_text().split()[1]) / 1e9
        except OSError:
            return 0.0


def settings_in(folder: Path) -> Settings:
    return Settings.model_construct(  # the defaults, whatever `.env` says
        corpus=folder / "corpus", index=folder / "index", records=folder / "records"
    )


async def _serve(services: Services, watchdog: CoreWatchdog, folder: Path) -> None:
    most = 0

    async def count() -> None:
        nonlocal most
        while True:
            most = max(most, services.admission.state.waiting)
            await asyncio.sleep(0.02)

    counting = asyncio.create_task(count())
    began = time.process_time()
    try:
        await serve(services, lambda: composition.discord_bot(services), TOKEN)
    finally:
        counting.cancel()
        with suppress(asyncio.CancelledError):
            await counting
        lags = watchdog.lags
        figures = {
            "loop_worst": max(lags, default=0.0),
            "loop_worst_own": max(watchdog.own, default=0.0),
            "loop_p99": percentile(lags, 0.99),
            "loop_over_100_ms": sum(lag > ALARM for lag in lags),
            "queue_most": most,
            "processor_seconds": time.process_time() - began,
        }
        (folder / "figures.json").write_text(json.dumps(figures), encoding="utf-8")


def main(url: str, name: str) -> None:
    log_to_stderr("human")
    logging.getLogger().setLevel(logging.WARNING)
    discord_is_at(url)
    folder = Path(name)
    watchdog = CoreWatchdog()
    services = replace(composition.services(settings_in(folder)), watchdog=watchdog)
    asyncio.run(_serve(services, watchdog, folder))


if __name__ == "__main__":
    main(*sys.argv[1:])
