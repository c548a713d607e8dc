"""The admin of soak, requests that fail, and connections that are lost."""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from bot import messages
from bot.app.composition import index_store
from bot.config.settings import Settings
from bot.discord.cogs.administering.reindexing import REINDEX_WAITS, WENT_BACK
from bot.discord.cogs.looking_up.watches import ENDED
from bot.discord.rendering.reports import REINDEX_STARTED, progress
from bot.documents.reindexing.process import ReindexProgress
from bot.documents.reindexing.rollback import NOTHING_TO_GO_BACK_TO
from bot.records import Records
from testing.layouts import is_laid_out, text_of
from testing.loopback import Loopback, Op
from testing.loopback.faults import Fault
from testing.loopback.payloads import ADA, Payload, click, slash
from tools.hardening.shown_quotes import alphanumeric
from tools.hardening.soak.responses import Given, Shared, custom_ids

_FOLDER = "soak"
NOTES = 20
_PATIENCE = 600.0
"""Seconds for what an admin begins: a reindex gives way to questions."""
_NO_MORE = 2.0
"""Seconds in which a change that is told again would be."""
_NOTED = re.compile(r"Depot (\d+) holds (\d+) tents")
_PROGRESS = (
    REINDEX_STARTED,
    REINDEX_WAITS,
    progress(ReindexProgress(total=1)).content.partition("0")[0],
)
"""How what is shown begins while a reindex goes on."""


def write_notes(corpus: Path, seed: int) -> None:
    """Write the documents that the admin changes, beside those that are asked about."""
    (corpus / _FOLDER).mkdir()
    for number in range(NOTES):
        path = corpus / _FOLDER / f"note-{number}.md"
        path.write_text(note(Random(f"{seed}:{number}")), encoding="utf-8")


def note(rng: Random) -> str:
    lines = "\n\n".join(
        f"Depot {rng.randrange(10**6)} holds {rng.randrange(10**6)} tents, and officer "
        f"{rng.randrange(10**6)} signs for them."
        for _ in range(10)
    )
    return f"# Depots, list {rng.randrange(10**6)}\n\n{lines}\n"


@dataclass(frozen=True, slots=True)
class Step:
    """Between the moments `begun` and `ended`, generation `number` became the current one."""

    begun: float
    ended: float
    number: int


class Admin:
    """An admin who does something every so many questions, one thing after the other.

    It knows which generation may answer when, and the text of its documents.
    """

    def __init__(self, shared: Shared, settings: Settings, seed: int, every: int) -> None:
        self.shared = shared
        self.done: Counter[str] = Counter()
        self.steps: list[Step] = []
        self._settings = settings
        self._store = index_store(settings)
        self._rng = Random(f"{seed}:admin")
        self._every = every
        self._next = every // 2
        self._texts: dict[tuple[int, str], str] = {}
        self._known: dict[str, str] = {}
        self._turn = 0
        self._note_generation(time.monotonic())

    async def run(self, until: int) -> None:
        """Go on until so many questions were asked."""
        while await self.shared.wait(min(self._next, until)) and not self.shared.enough(until):
            act = _ACTS[self._turn % len(_ACTS)]
            self._turn += 1
            self._next = self.shared.asked + self._every
            name = act.__name__.strip("_").replace("_", " ")
            try:
                await act(self)
            except TimeoutError:
                self.shared.problems.append(f"The admin waited in vain: {name}")
            self.done[name] += 1

    def text(self, generation: int, document: str) -> str | None:
        """Return the text of a document in a generation, which may be gone by now."""
        return self._texts.get((generation, document))

    def may_answer(self, answer: Given) -> set[int]:
        """Return the generations that may have been current while it was asked."""
        found: set[int] = set()
        for step in self.steps:
            if step.ended < answer.before:
                found = {step.number}
            elif step.begun <= answer.after:
                found.add(step.number)
        return found

    def _note_generation(self, begun: float) -> None:
        number = self._store.pointer().current
        if not self.steps or self.steps[-1].number != number:
            self.steps.append(Step(begun, time.monotonic(), number))
            generation = self._store.open_number(number)
            for name in generation.catalog.document_names():
                document = generation.catalog.document(name)
                assert document is not None
                # Most are the same in all generations, and are kept once.
                text = self._known.setdefault(document.text, document.text)
                self._texts[number, name] = text
            generation.catalog.close()

    # What the admin does

    async def _reindex(self) -> None:
        self._write()
        await self._expect_report(slash("reindex", ADA))

    async def _reindex_without_changes(self) -> None:
        shown = await self._expect_report(slash("reindex", ADA))
        if alphanumeric(str(messages.NOTHING_CHANGED)) not in alphanumeric(text_of(shown)):
            self.shared.problems.append(f"A reindex without changes said: {text_of(shown)}")

    async def _try_a_reindex(self) -> None:
        self._write()
        shown = await self._conclude(slash("reindex", ADA, dry_run=True))
        if messages.would_do(2).partition("2")[0] not in text_of(shown):
            self.shared.problems.append(f"A dry run of a change said: {text_of(shown)}")

    async def _upload(self) -> None:
        shown = await self._offer(f"upload-{self._rng.randrange(5)}.md", note(self._rng).encode())
        await self._expect_report(click(shown, custom_ids(shown)[0], ADA))

    async def _cancel_an_upload(self) -> None:
        shown = await self._offer("cancelled.md", note(self._rng).encode())
        done = await self._conclude(click(shown, custom_ids(shown)[1], ADA))
        self._expect(done, str(messages.NOTHING_CHANGED_BY_YOU))

    async def _upload_what_cannot_be_read(self) -> None:
        shown = await self._offer("broken.pdf", b"This is no PDF.")
        if custom_ids(shown) or "broken" not in text_of(shown):
            self.shared.problems.append(f"A broken file was not refused: {text_of(shown)}")

    async def _remove(self) -> None:
        self._write()
        await self._expect_report(slash("reindex", ADA))
        name = f"{_FOLDER}/{self._note().name}"
        shown = await self._conclude(slash("remove", ADA, document=name))
        await self._expect_report(click(shown, custom_ids(shown)[0], ADA))

    async def _roll_back(self) -> None:
        pointer = self._store.pointer()
        shown = await self._conclude(slash("rollback", ADA))
        if pointer.previous is None:
            self._expect(shown, str(NOTHING_TO_GO_BACK_TO))
            return
        done = await self._conclude(click(shown, custom_ids(shown)[0], ADA))
        self._expect(done, str(WENT_BACK))

    async def _watch_a_note(self) -> None:
        """Watch what a note says, change it, and be told of that once."""
        path = self._note()
        depot, tents = _NOTED.findall(path.read_text(encoding="utf-8"))[0]
        question = f"Depot {depot} holds how many tents?"
        answer = await self._conclude(slash("ask", ADA, question=question, private=True))
        watch = next((id_ for id_ in custom_ids(answer) if id_.startswith("w:")), None)
        if watch is None:
            self.shared.problems.append(f"An answer cannot be watched: {text_of(answer)[:200]}")
            return
        begun = await self._conclude(click(answer, watch, ADA))
        with closing(Records(self._settings.records_place)) as records:
            watches = records.watches.of_person(ADA.id)
            is_shown = any(depot in e.quote for w in watches[-1:] for e in w.baseline.shown)
        with self.shared.responses.expected(("told", ADA.dm_channel), patience=_PATIENCE) as told:
            changed = str(self._rng.randrange(10**6, 10**7))
            text = path.read_text(encoding="utf-8").replace(
                f"holds {tents} tents", f"holds {changed} tents"
            )
            path.write_text(text, encoding="utf-8")
            await self._expect_report(slash("reindex", ADA))
            if is_shown and changed not in text_of(await told()):
                self.shared.problems.append(
                    f"The change of a watched note was not told: {question}"
                )
            await self._reindex_without_changes()
            with suppress(TimeoutError):
                async with asyncio.timeout(_NO_MORE):
                    self.shared.problems.append(f"A change was told twice: {text_of(await told())}")
        ends = next(id_ for id_ in custom_ids(begun) if id_.startswith("w:end:"))
        self._expect(await self._conclude(click(begun, ends, ADA)), str(ENDED))

    async def _look_at_the_state(self) -> None:
        for name in ("status", "gaps", "conflicts"):
            shown = await self._conclude(slash(name, ADA))
            if not is_laid_out(shown):
                self.shared.problems.append(f"/{name} said: {text_of(shown)}")

    async def _offer(self, name: str, data: bytes) -> Payload:
        file = self.shared.server.upload(name, data)
        return await self._conclude(slash("upload", ADA, file=file, folder=_FOLDER))

    async def _expect_report(self, payload: Payload) -> Payload:
        """Check that the new generation is announced with what it holds."""
        shown = await self._conclude(payload)
        pointer = self._store.pointer()
        manifest = self._store.open_number(pointer.current).manifest
        holds = f"answer from {messages.documents(manifest.documents)}"
        if alphanumeric(holds) not in alphanumeric(text_of(shown)):
            self.shared.problems.append(
                f"The admin was told, instead of “{holds}”: {text_of(shown)}"
            )
        return shown

    def _expect(self, shown: Payload, sentence: str) -> None:
        if text_of(shown) != sentence:
            self.shared.problems.append(
                f"The admin was told, instead of “{sentence}”: {text_of(shown)}"
            )

    async def _conclude(self, payload: Payload) -> Payload:
        """Return what is shown in the end."""
        shared, begun = self.shared, time.monotonic()
        await shared.open.wait()
        key = ("interaction", int(payload["id"]))
        with shared.responses.expected(key, patience=_PATIENCE) as following:
            shared.server.interact(payload)
            while True:
                shown = await following()
                if not text_of(shown).startswith(tuple(map(str, _PROGRESS))):
                    self._note_generation(begun)
                    return shown

    def _note(self) -> Path:
        """Return a note that is in the index, and not kept out of it after a rollback."""
        held = {taken.name for taken in self._store.quarantine().taken_back}
        files = sorted((self._settings.corpus / _FOLDER).glob("note-*.md"))
        known = self._store.open_number(self._store.pointer().current).catalog
        names = known.document_names() - held
        known.close()
        return self._rng.choice([path for path in files if f"{_FOLDER}/{path.name}" in names])

    def _write(self) -> None:
        """Change a note, and keep their number, since memory grows with the documents."""
        folder = self._settings.corpus / _FOLDER
        notes = sorted(folder.iterdir())
        self._rng.shuffle(notes)
        for path in notes[NOTES - 1 :]:
            path.unlink()
        missing = set(map("note-{}.md".format, range(NOTES))) - {path.name for path in notes}
        name = self._rng.choice(sorted(missing) or [notes[0].name])
        (folder / name).write_text(note(self._rng), encoding="utf-8")


_ACTS: list[Callable[[Admin], Awaitable[None]]] = [
    Admin._reindex,
    Admin._upload,
    Admin._look_at_the_state,
    Admin._roll_back,
    Admin._remove,
    Admin._try_a_reindex,
    Admin._reindex,
    Admin._cancel_an_upload,
    Admin._reindex_without_changes,
    Admin._upload_what_cannot_be_read,
    Admin._watch_a_note,
]


class RequestFaults:
    """Requests to Discord that go wrong, one at a time; `met` counts them.

    On one kind of path they keep apart, so that a request that is sent again does not fail again:
    an acknowledgement has three seconds.
    """

    def __init__(self, shared: Shared, seed: int, pause: float) -> None:
        """Let about `pause` seconds pass between them."""
        self.met: Counter[str] = Counter()
        self._shared = shared
        self._rng = Random(f"{seed}:faults")
        self._pause = pause
        self._free: dict[str, float] = {}

    async def run(self, until: int) -> None:
        shared = self._shared
        while not await shared.wait(until, seconds=self._pause * (0.5 + self._rng.random())):
            where = self._rng.choice(_PATHS)
            what, how = self._rng.choice(_FAULTS)
            if time.monotonic() < self._free.get(where[1], 0.0):
                continue
            fault = shared.server.fault(*where, **how)
            if not await self._met(fault, until):
                fault.times = 0
                continue
            self.met[what] += 1
            self._free[where[1]] = time.monotonic() + _APART

    async def _met(self, fault: Fault, until: int) -> bool:
        await self._shared.wait(until, seconds=10, meanwhile=lambda: fault.times > 0)
        return fault.times == 0


_APART = 5.0
"""Seconds: discord.py waits for one before it sends again what met a 502."""
_PATHS = (
    ("POST", "/interactions/*"),
    ("PATCH", "/webhooks/*"),
    ("POST", "/channels/*/messages"),
    ("POST", "/channels/*/typing"),
    ("PATCH", "/channels/*/messages/*"),
    ("DELETE", "/channels/*/messages/*"),
    ("GET", "/guilds/*/members/*"),
)
_FAULTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("429", {"status": 429, "retry_after": 0.4}),
    ("429, everywhere", {"status": 429, "retry_after": 0.3, "everywhere": True}),
    ("502", {"status": 502}),
    ("503", {"status": 503}),
    ("connection cut before", {"drop": True}),
    ("connection cut after", {"drop": True, "carried_out": True}),
    ("late answer", {"delay": 0.5}),
)


class LostConnections:
    """Connections to the gateway that are lost in every known way; `lost` counts them."""

    def __init__(self, shared: Shared, seed: int, pause: float) -> None:
        """Let about `pause` seconds pass between them."""
        self.lost: Counter[str] = Counter()
        self._shared = shared
        self._rng = Random(f"{seed}:gateway")
        self._pause = pause

    async def run(self, until: int) -> None:
        shared, server = self._shared, self._shared.server
        while not await shared.wait(until, seconds=self._pause * (1 + self._rng.random() / 4)):
            what, act, resumes = _LOSSES[self.lost.total() % len(_LOSSES)]
            op = Op.RESUME if resumes else Op.IDENTIFY
            known = sum(frame.op == op for frame in server.frames)
            if not resumes:  # what happens until it has identified again, Discord does not send
                shared.open.clear()
                await asyncio.sleep(0.3)
            act(server)
            try:
                await server.wait_for_frame(op, count=known + 1, timeout=90)
            except AssertionError:
                shared.problems.append(f"The bot did not come back within 90 s after: {what}")
            await asyncio.sleep(0.1)
            shared.open.set()
            self.lost[what] += 1


def _forget_and_drop(server: Loopback) -> None:
    server.forget_sessions()
    server.drop()


_LOSSES: tuple[tuple[str, Callable[[Loopback], None], bool], ...] = (
    ("op 7, reconnect", Loopback.ask_to_reconnect, True),
    ("op 9, a new session", Loopback.invalidate, False),
    ("the line is cut", Loopback.drop, True),
    ("op 9, resumable", lambda server: server.invalidate(resumable=True), True),
    ("close code 4000", lambda server: server.close(4000), True),
    ("the line is cut, and the session gone", _forget_and_drop, False),
)
