"""The bot of `tools/hardening/soak.py`: the real one, in a process of its own, against a loopback.

    python tools/hardening/soak_bot.py URL FOLDER READ_PASSAGES

With 0 passages read, whatever needs a model is done without one. Serves until SIGTERM. For each
line on the standard input it writes one of JSON to the standard output: after "memory" what memory
it takes, after "vitals" everything that it holds. What it logs, as JSON, is on the standard error.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import json
import os
import re
import sys
import threading
import time
import weakref
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from functools import _lru_cache_wrapper
from operator import attrgetter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import aiohttp
import psutil  # type: ignore[import-untyped]

from bot.access import STRANGER
from bot.app import composition
from bot.app.services import Services
from bot.chat.admission import AdmissionLimits
from bot.config.settings import Settings
from bot.discord.gateway.client import BriefingBot
from bot.discord.gateway.serving import serve
from bot.observing.logs import log_to_stderr
from testing.loopback.address import discord_is_at
from testing.loopback.payloads import TOKEN
from testing.services import bot_of, services_of

__all__ = ["Memory", "Vitals", "settings_in", "vitals"]

_WORKERS = 32
"""More than asyncio's own pool of threads ever has on few cores."""


@dataclass(frozen=True, slots=True)
class Memory:
    """`resident` and `allocated` are bytes; the latter is what C code has been given by malloc and
    not given back, whatever the allocator keeps for itself. `blocks` counts Python's own."""

    resident: int
    allocated: int
    blocks: int

    @classmethod
    def now(cls) -> Memory:
        mallinfo = _C.mallinfo2()
        return cls(
            psutil.Process().memory_info().rss,
            mallinfo.uordblks + mallinfo.hblkhd,
            sys.getallocatedblocks(),
        )


@dataclass(frozen=True, slots=True)
class Vitals:
    """What the process holds, by kind and how many of it, once caches with a bound were emptied.

    `held` are the entries of the dictionaries that grow and shrink while people ask, `objects`
    whatever Python's collector knows of, by type.
    """

    tasks: dict[str, int]
    threads: dict[str, int]
    files: dict[str, int]
    children: dict[str, int]
    held: dict[str, int]
    objects: dict[str, int]

    @classmethod
    def read(cls, line: str | bytes) -> Vitals:
        found = json.loads(line)
        return cls(**{field.name: found[field.name] for field in fields(cls)})


class _Mallinfo(ctypes.Structure):
    _fields_ = [  # ctypes wants a list
        (name, ctypes.c_size_t)
        for name in "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost"
        .split()
    ]  # fmt: skip


_C = ctypes.CDLL(None)
_C.mallinfo2.restype = _Mallinfo


def settings_in(folder: Path, read_passages: int) -> Settings:
    return Settings.model_construct(  # the defaults, whatever `.env` says
        corpus=folder / "corpus",
        index=folder / "index",
        records=folder / "records",
        read_passages=read_passages or 1,
        per_minute=1_000,  # people here ask in seconds what others ask in minutes
        most_waiting=1_000,
        keep_questions_days=30,  # so that each answer can be held against its question
    )


def vitals(services: Services, bots: Iterable[BriefingBot]) -> Vitals:
    """To be called in the event loop."""
    # Whoever looked something up last still has the generation open that answered then.
    services.libraries.of(STRANGER).rows()
    for one in gc.get_objects():
        # What is kept to be quick depends on what was asked last; what has no bound is left.
        if type(one) is _lru_cache_wrapper and one.cache_parameters()["maxsize"] is not None:
            one.cache_clear()
    for _ in range(2):  # what a finalizer lets go of is collected the second time
        gc.collect()
    alive = list(bots)
    held = {
        "bots": len(alive),
        "people in line": services.admission.state.waiting,
        "people served": len(services.admission._present),
    }
    pooled = 0
    for bot in alive:
        held |= _held_by(bot)
        pooled += _pooled(bot)
    files = Counter(filter(None, map(_kind, Path("/proc/self/fd").iterdir())))
    # Connections that wait for the next request, and close after a quarter of a minute without.
    files["socket"] -= pooled
    native = Path("/proc/self/task").iterdir()
    return Vitals(
        tasks=_counted(
            getattr(task.get_coro(), "__qualname__", "?") for task in asyncio.all_tasks()
        ),
        threads=_counted(_without_numbers(thread.name) for thread in threading.enumerate())
        | {"all, as the system counts them": sum(1 for _ in native)},
        files=dict(files),
        children=_counted(child.name() for child in psutil.Process().children()),
        held=held,
        objects=_counted(
            f"{type(one).__module__}.{type(one).__qualname__}" for one in gc.get_objects()
        ),
    )


def _held_by(bot: BriefingBot) -> dict[str, int]:
    state, asking = bot._connection, bot.get_cog("Asking")
    views = state._view_store
    held = {
        "views": len(views._views),
        "views by message": len(views._synced_message_views),
        "modals": len(views._modals),
        "kinds of buttons": len(views._dynamic_items),
        "guilds": len(state._guilds),
        "threads": sum(len(guild._threads) for guild in bot.guilds),
        "members": sum(len(guild._members) for guild in bot.guilds),
        "chunk requests": len(state._chunk_requests),
        "listeners waiting": sum(map(len, bot._listeners.values())),
        "answers under way": bot._answers,
    }
    for name in ("in_work", "on_their_way"):
        questions = attrgetter(f"_in_flight.{name}")(asking)
        held[f"questions {name.replace('_', ' ')}"] = len(questions)
    return held


def _pooled(bot: BriefingBot) -> int:
    session = getattr(bot.http, "_HTTPClient__session", None)
    if not isinstance(session, aiohttp.ClientSession) or session.connector is None:
        return 0
    return sum(map(len, session.connector._conns.values()))


def _kind(handle: Path) -> str | None:
    try:
        target = str(handle.readlink())
    except OSError:  # the one that the folder itself is read by
        return None
    if target.startswith("/proc/"):
        return None
    return target.rsplit("/", 1)[-1].partition(":")[0]


def _without_numbers(name: str) -> str:
    return re.sub(r"[-_ ]?\d.*", "", name)


def _counted(names: Iterable[str]) -> dict[str, int]:
    return dict(Counter(names))


async def _serve(services: Services, *, fake: bool) -> None:
    bots: weakref.WeakSet[BriefingBot] = weakref.WeakSet()

    def build() -> BriefingBot:
        bot = bot_of(services) if fake else composition.discord_bot(services)
        bots.add(bot)
        return bot

    def look() -> None:
        wanted = sys.stdin.readline().strip()
        found = vitals(services, bots) if wanted == "vitals" else Memory.now()
        os.write(1, json.dumps(asdict(found)).encode() + b"\n")

    # A pool's threads come when they are needed, and stay: all of them should be there from the
    # start, so that one more is known for what it is.
    await asyncio.gather(*(asyncio.to_thread(time.sleep, 0.05) for _ in range(_WORKERS)))
    asyncio.get_running_loop().add_reader(sys.stdin, look)
    await serve(services, build, TOKEN)


def main(url: str, folder: str, read_passages: str) -> None:
    log_to_stderr("json")
    discord_is_at(url)
    settings = settings_in(Path(folder), int(read_passages))
    fake = read_passages == "0"
    limits = AdmissionLimits(settings.most_waiting, settings.per_person, settings.per_minute)
    services = services_of(settings, limits=limits) if fake else composition.services(settings)
    asyncio.run(_serve(services, fake=fake))


if __name__ == "__main__":
    main(*sys.argv[1:])
