"""What the bot's process holds: memory, tasks, threads, files and entries."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import json
import re
import sys
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from operator import attrgetter
from pathlib import Path
from types import FrameType

import aiohttp
import psutil  # type: ignore[import-untyped]

from bot.access import STRANGER
from bot.discord.gateway.client import BriefingBot
from bot.observing.memory import give_back
from bot.services import Services
from tools.hardening.caches import alone, empty_caches

_TOLD = 4
"""How many of a tuple's parts tell what it is, and how many kinds of holders are told."""
_ASKED = 100
"""Of how many objects it is looked for what holds them: those made last."""
AT_WORK = "results of work that goes on"
COUNTED = ("tasks", "threads", "files", "children", "entries")
"""What must be the same at rest, whatever was asked."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes: resident ones, in all and without those of mapped files, and those that malloc gave.

    Of a mapped file as much is resident as was looked at since the system last took it back, at
    most all of it: each rare word of a question touches another page of the models.
    """

    resident: int
    own: int
    allocated: int
    """To C code, which has not given it back."""

    @classmethod
    def now(cls) -> Memory:
        resident = psutil.Process().memory_info().rss
        gc.collect()  # as Python does sooner or later
        give_back()  # as the bot does each minute
        info, used = _C.mallinfo2(), psutil.Process().memory_info()
        return cls(resident, used.rss - used.shared, info.uordblks + info.hblkhd)


@dataclass(frozen=True, slots=True)
class Vitals:
    """What the process holds once its bounded caches are emptied: how many of each name.

    Segments of the generation that answers are not counted: their names are those of what is in
    them, and there are more or fewer after each reindex.
    `entries` are those of dictionaries that grow and shrink while people ask; `objects` are all
    that Python's garbage collector knows of, by type.
    """

    tasks: dict[str, int]
    threads: dict[str, int]
    files: dict[str, int]
    children: dict[str, int]
    entries: dict[str, int]
    objects: dict[str, int]

    @classmethod
    def parse(cls, line: str | bytes) -> Vitals:
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


def left_behind(before: Vitals, after: Vitals, asked: int) -> Iterator[str]:
    """Yield a sentence for what there is more of; for objects, where it grew with the questions."""
    for kind in COUNTED:
        for name, grown in _grown(getattr(before, kind), getattr(after, kind)):
            if grown > 0:
                yield f"Left behind, of {kind}: {grown} of {name}"
    for name, grown in _grown(*(_by_type(vitals.objects) for vitals in (before, after))):
        if grown > max(500, asked // 20):
            yield f"Left behind, of objects: {grown} of {name}"


def kinds_grown(before: Vitals, after: Vitals, name: str) -> list[tuple[str, int]]:
    """Return of which kinds of a type there are more, and by how many, the most first."""
    grown = [found for found in _grown(before.objects, after.objects) if _type_of(found[0]) == name]
    return sorted((each for each in grown if each[1] > 0), key=lambda each: -each[1])[:_TOLD]


def _grown(before: Mapping[str, int], after: Mapping[str, int]) -> list[tuple[str, int]]:
    return [(name, number - before.get(name, 0)) for name, number in after.items()]


def _by_type(kinds: Mapping[str, int]) -> Counter[str]:
    found = Counter[str]()
    for kind, number in kinds.items():
        found[_type_of(kind)] += number
    return found


def _type_of(kind: str) -> str:
    return kind.partition(" of ")[0]


def read_vitals(services: Services, bots: Iterable[BriefingBot]) -> Vitals:
    """Return what this process holds; call it in the event loop."""
    # The last look-up may still have the generation open that answered it.
    services.libraries.of(STRANGER).rows()
    emptied = empty_caches()
    for _ in range(2):  # what a finalizer lets go of is collected the second time
        gc.collect()
    bots = list(bots)
    entries = {
        "bots": len(bots),
        "people in line": services.admission.state.waiting,
        "people served": len(services.admission._present),
    }
    for bot in bots:
        entries |= _entries_of(bot)
    current = services.current.generation().number
    segments = services.settings.index.glob(f"generations/{current:06}/*.[wv]*")
    kept = {(found.st_dev, found.st_ino) for found in map(Path.stat, segments)}
    handles = (each for each in Path("/proc/self/fd").iterdir() if _identity(each) not in kept)
    files = Counter(filter(None, map(_file_name, handles)))
    # Connections that wait for the next request close by themselves after a quarter of a minute.
    files["socket"] -= sum(map(_idle_connections, bots))
    native = sum(1 for _ in Path("/proc/self/task").iterdir())
    tasks = (getattr(task.get_coro(), "__qualname__", "?") for task in asyncio.all_tasks())
    threads = (re.sub(r"[-_ ]?\d.*", "", thread.name) for thread in threading.enumerate())
    with alone():
        kinds = list(map(_kind, gc.get_objects()))
    # As after a reindex, when open questions are asked again: then nothing is at rest.
    entries[AT_WORK] = sum(cache.cache_info().currsize for cache in emptied)
    return Vitals(
        tasks=_counted(tasks),
        threads=_counted(threads) | {"all, as the system counts them": native},
        files=dict(files),
        children=_counted(child.name() for child in psutil.Process().children()),
        entries=entries,
        objects=_counted(kinds),
    )


def holders_of(kind: str) -> str:
    """Return what holds the objects of a kind that were made last, the most frequent first."""
    gc.collect()
    with alone():
        found = [each for each in gc.get_objects() if _kind(each) == kind][-_ASKED:]
        holders = Counter[str]()
        own = {id(found), id(sys._getframe())}
        for each in found:
            above = gc.get_referrers(each)
            for holder in above:
                if id(holder) not in own:
                    holders[_described(holder, each, {*own, id(above)})] += 1
    return "; ".join(f"{count} by {holder}" for holder, count in holders.most_common(_TOLD))


def _described(holder: object, held: object, own: set[int]) -> str:
    """Return the kind of a holder; of a dictionary also where it has the object, and who has it."""
    if not isinstance(holder, dict):
        return _kind(holder)
    key = next((key for key, value in holder.items() if value is held), None)
    above = (each for each in gc.get_referrers(holder) if id(each) not in own)
    owner = next((_kind(each) for each in above if not isinstance(each, dict | FrameType)), "?")
    return f"{owner}, its {key!r}" if isinstance(key, str) else f"a dictionary of {owner}"


def _kind(found: object) -> str:
    """Return the name of a type; of a tuple, which anything may be, also what is in it."""
    kind = type(found)
    name = f"{kind.__module__}.{kind.__qualname__}"
    if kind is not tuple:
        return name
    # Not by its items: where another thread is about to fill it, some of them are not there yet.
    inside = [type(each).__qualname__ for each in reversed(gc.get_referents(found))]
    return f"{name} of {len(inside)}: {', '.join(inside[:_TOLD])}"


def _counted(names: Iterable[str]) -> dict[str, int]:
    return dict(Counter(names))  # a plain one, as `asdict` cannot copy a Counter


def _entries_of(bot: BriefingBot) -> dict[str, int]:
    state, asking = bot._connection, bot.get_cog("Asking")
    views = state._view_store
    entries = {
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
        entries[f"questions {name.replace('_', ' ')}"] = len(questions)
    return entries


def _idle_connections(bot: BriefingBot) -> int:
    session = getattr(bot.http, "_HTTPClient__session", None)
    if not isinstance(session, aiohttp.ClientSession) or session.connector is None:
        return 0
    return sum(map(len, session.connector._conns.values()))


def _identity(handle: Path) -> tuple[int, int] | None:
    try:
        found = handle.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _file_name(handle: Path) -> str | None:
    try:
        target = str(handle.readlink())
    except OSError:  # the handle by which the folder itself is read
        return None
    return None if target.startswith("/proc/") else target.rsplit("/", 1)[-1].partition(":")[0]
