"""The bot that load and soak measure: the real one in a process of its own.

    python -m tools.hardening.bot URL [--fake] [--watched] [--core=NUMBER]

Discord is the loopback at URL, and the settings come from the environment. `--fake` replaces the
models by what needs none, and connects again without a pause; `--watched` looks closely at the
event loop; `--core` holds it and what it starts to one core. The bot serves until SIGTERM, and
answers each line on the standard input by a line of JSON: "memory", "processor" (its seconds),
"caches" (which it empties, and its memory after that), "vitals", "holders KIND", and "loop" where
it is watched.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
import time
import weakref
from dataclasses import asdict, dataclass, replace
from importlib import import_module
from pathlib import Path

from bot.app import composition
from bot.chat.admission import AdmissionLimits
from bot.config.settings import load_settings
from bot.discord.gateway import transport
from bot.discord.gateway.client import BriefingBot
from bot.discord.gateway.serving import serve
from bot.documents.reindexing import process
from bot.documents.reindexing.process import ReindexProcess
from bot.observing.logs import log_to_stderr
from bot.observing.watchdog import Watchdog
from bot.services import Services
from testing.crowd import percentile
from testing.loopback.address import discord_is_at
from testing.loopback.payloads import TOKEN
from testing.services import bot_of, services_of
from tools.hardening.caches import note_caches, use_of_caches
from tools.hardening.vitals import Memory, holders_of, read_vitals

ALARM = 0.1
"""Seconds; what holds the loop up for longer is logged, with its stack."""
_WORKERS = 32
"""More threads than asyncio's own pool ever has on few cores."""


@dataclass(frozen=True, slots=True)
class Loop:
    """Seconds that the event loop was held up: the worst, without waiting for a core, and 99 %."""

    worst: float
    worst_without_core: float
    p99: float


class CoreWatchdog(Watchdog):
    """A watchdog that also knows how long the loop's thread was ready and waited for a core.

    A machine that others use as well holds every thread up; that is no fault of what runs in it.
    """

    def __init__(self) -> None:
        super().__init__(every=0.01, alarm=ALARM, remembered=1_000_000)
        self._without_core: list[float] = []

    def start(self) -> None:
        self._schedule = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat")
        self._waited = self._waited_for_core()
        super().start()

    def loop(self) -> Loop:
        lags = self.lags
        worst, without_core = (max(v, default=0.0) for v in (lags, self._without_core))
        return Loop(worst, without_core, percentile(lags, 0.99))

    def _remember(self, lag: float) -> None:
        super()._remember(lag)
        before, self._waited = self._waited, self._waited_for_core()
        self._without_core.append(max(0.0, lag - (self._waited - before)))

    def _waited_for_core(self) -> float:
        """Return the seconds since the thread began; 0 where the system is not Linux."""
        try:
            return int(self._schedule.read_text().split()[1]) / 1e9
        except OSError:
            return 0.0


async def _serve(services: Services, *, fake: bool) -> None:
    bots: weakref.WeakSet[BriefingBot] = weakref.WeakSet()

    def build() -> BriefingBot:
        bot = bot_of(services) if fake else composition.discord_bot(services)
        bots.add(bot)
        return bot

    def reply() -> None:
        found: object
        match sys.stdin.readline().strip().split(" ", 1):
            case ["memory"]:
                found = asdict(Memory.now())
            case ["caches"]:
                used = [asdict(each) for each in use_of_caches()]
                found = {"caches": used, "memory": asdict(Memory.now())}
            case ["processor"]:
                found = time.process_time()
            case ["vitals"]:
                found = asdict(read_vitals(services, bots))
            case ["holders", kind]:
                found = holders_of(kind)
            case _:
                assert isinstance(services.watchdog, CoreWatchdog)
                found = asdict(services.watchdog.loop())
        os.write(1, json.dumps(found).encode() + b"\n")

    # A pool's threads come when they are needed, and stay. All of them should be there from the
    # start, so that a thread that is left behind is not taken for one of these.
    run_apart, run_quick = services.admission.run_apart, services.admission.run_quick
    await asyncio.gather(
        *(asyncio.to_thread(time.sleep, 0.05) for _ in range(_WORKERS)),
        *(run(time.sleep, 0.05) for run in (run_apart, run_quick) for _ in range(2)),
    )
    asyncio.get_running_loop().add_reader(sys.stdin, reply)
    await serve(services, build, TOKEN)


def main(url: str, *flags: str) -> None:
    for flag in flags:
        if flag.startswith("--core="):
            os.sched_setaffinity(0, {int(flag.partition("=")[2])})
    # What /gaps loads when it is asked first would count as left behind.
    for late in ("scipy.cluster.hierarchy", "scipy.spatial.distance"):
        import_module(late)
    log_to_stderr("json")
    discord_is_at(url)
    settings, fake = load_settings(), "--fake" in flags
    limits = AdmissionLimits(settings.most_waiting, settings.per_person, settings.per_minute)
    # In the sandbox, so that the libraries of the parsers do not count as left behind.
    services = (
        services_of(settings, limits=limits, sandbox=True)
        if fake
        else composition.services(settings)
    )
    if fake:
        reindexing = ReindexProcess(settings, "tools.hardening.reindexer")
        services = replace(services, reindexing=reindexing)
        process._KEPT_SECONDS = 10.0  # none of it should be there when the bot is at rest
        transport._QUICK = 0.0  # losses by the second would have it wait for half a minute each
    if "--watched" in flags:
        services = replace(services, watchdog=CoreWatchdog())
    note_caches()
    asyncio.run(_serve(services, fake=fake))


if __name__ == "__main__":
    main(*sys.argv[1:])
