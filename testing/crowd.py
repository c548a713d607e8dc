"""Many people at once in the loopback's Discord: what they do, how long it takes, what went wrong.

Used by the load test and, with the real models, by tools/hardening/load.py. Everybody has a way of
their own
to ask (`Way`), so that Discord's limits for one channel, five messages in five seconds, do not
come in: they would hold answers back whatever the bot does.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from bot.records import Exchange, Records
from index.store.ports import Store
from testing.layouts import buttons_of, is_laid_out
from testing.loopback import Loopback, Request
from testing.loopback.payloads import (
    ADA,
    BOT,
    GENERAL,
    Payload,
    Person,
    click,
    crowd,
    message,
    slash,
    snowflake,
    thread,
)

_PATIENCE = 120.0
"""Seconds that anybody waits for anything."""
UNANSWERED, UNANSWERED_CLICK = "No answer to", "No answer to a click of"
"""What a problem begins with that is a question, or a click, without an answer."""
_PLANNED = re.compile(r"I am busy just now|That was a lot of questions in a short time")
_EXCHANGE = re.compile(r"f:(\d+):up")


class Way(Enum):
    COMMAND = "by /ask"
    MENTION = "by mention, in a thread of one's own"
    DIRECT = "by direct message"


@dataclass
class Asked:
    """A question, and what came of it; moments are `time.monotonic()`."""

    person: Person
    question: str
    way: Way
    sent: float
    acknowledged: float | None = None
    answered: float | None = None
    answer: Payload | None = None

    @property
    def refused(self) -> str | None:
        """What was said instead of an answer; what answers is laid out."""
        answer = self.answer or {}
        return None if is_laid_out(answer) else str(answer.get("content")).partition("\n")[0]

    def exchange(self, records: Records) -> Exchange | None:
        """By the answer's buttons, or by its id: of several messages the last has the buttons."""
        answer = self.answer or {"id": 0}
        found = _EXCHANGE.search(json.dumps(answer.get("components")))
        return records.exchange(int(found[1])) if found else records.by_reply(int(answer["id"]))


@dataclass
class Crowd:
    """`size` people in `server`; `asked` and `problems` fill as they do things."""

    server: Loopback
    size: int
    asked: list[Asked] = field(default_factory=list)
    clicked: list[float] = field(default_factory=list)
    """Seconds until each click was acknowledged."""
    problems: list[str] = field(default_factory=list)
    reindexed: float | None = None
    """When the admin was told that the new generation is there."""

    def __post_init__(self) -> None:
        self.people = crowd(self.size)
        self._watch = _Requests(self.server)
        self._threads: dict[int, int] = {}

    @asynccontextmanager
    async def gathered(self) -> AsyncIterator[None]:
        """While it lasts, answers arrive; everybody has a thread to ask in."""
        for person in self.people:
            self._threads[person.id] = snowflake()
            opened = thread(self._threads[person.id], person.name, GENERAL, owner=person)
            self.server.dispatch("THREAD_CREATE", opened)
        watching = asyncio.create_task(self._watch.run())
        try:
            yield
        finally:
            watching.cancel()

    async def ask_at_once(self, questions: Sequence[str], rounds: int = 1) -> None:
        """Everybody asks `rounds` times, the first time at once, then when they were answered.

        Every third of them looks at the source after each answer.
        """
        await asyncio.gather(
            *(self._live(number, questions, rounds) for number in range(self.size))
        )

    async def reindex(self) -> None:
        """The admin's /reindex, until its end is told."""
        asked = self.server.interact(slash("reindex", ADA))
        done = await self._watch.next(
            lambda r: (
                r.interaction_id == asked.id
                and r.method == "PATCH"
                and bool(re.search(r"I now answer from|failed", json.dumps(r.json)))
            )
        )
        self.reindexed = time.monotonic()
        if "failed" in json.dumps(done.json):
            self.problems.append(f"The reindex failed: {done.json}")

    async def _live(self, number: int, questions: Sequence[str], rounds: int) -> None:
        ways = list(Way)
        for turn in range(rounds):
            question = questions[(number * 7 + turn) % len(questions)]
            asked = await self._ask(self.people[number], question, ways[(number + turn) % 3])
            if asked is not None and number % 3 == 0:
                await self._look(asked)

    async def _ask(self, person: Person, question: str, way: Way) -> Asked | None:
        asked = Asked(person, question, way, time.monotonic())
        self.asked.append(asked)
        try:
            if way is Way.COMMAND:
                await self._by_command(asked)
            else:
                await self._by_message(asked)
        except TimeoutError:
            self.problems.append(f"{UNANSWERED} {person.name}, {way.value}: {question}")
            return None
        if asked.refused is not None and not _PLANNED.search(asked.refused):
            self.problems.append(f"{person.name} was told: {asked.refused}")
        return asked

    async def _by_command(self, asked: Asked) -> None:
        begun = self.server.interact(slash("ask", asked.person, question=asked.question))
        edit = await self._watch.next(
            lambda r: r.interaction_id == begun.id and r.method == "PATCH"
        )
        assert begun.sent is not None
        asked.acknowledged, asked.sent = begun.acknowledged, begun.sent
        asked.answered, asked.answer = edit.time, edit.answer

    async def _by_message(self, asked: Asked) -> None:
        person = asked.person
        if asked.way is Way.DIRECT:
            sent = message(person, asked.question, channel=person.dm_channel)
        else:
            text = f"<@{BOT.id}> {asked.question}"
            channel = self._threads[person.id]
            sent = message(person, text, channel=channel, mentions=[BOT])
        typing = self._watch.soon(lambda r: r.path == f"/channels/{sent['channel_id']}/typing")
        direct = f"/channels/{person.dm_channel}/messages"
        reply = self._watch.soon(
            lambda r: (
                r.method == "POST"
                and r.path in (f"/channels/{sent['channel_id']}/messages", direct)
                and (
                    str((r.json.get("message_reference") or {}).get("message_id")) == sent["id"]
                    or sent["id"] in (r.json.get("content") or "")  # a refusal, to them alone
                )
            )
        )
        asked.sent = time.monotonic()
        self.server.send(sent)
        async with asyncio.timeout(_PATIENCE):
            answer = await reply
            # It may be answered so quickly that there was no need to type.
            asked.acknowledged = min(answer.time, (await typing).time if typing.done() else 1e18)
        asked.answered, asked.answer = answer.time, answer.answer
        typing.cancel()

    async def _look(self, asked: Asked) -> None:
        """Clicks the answer's first button, for the source or for what comes closest."""
        buttons = buttons_of((asked.answer or {}).get("components") or [])
        if not buttons:
            return
        clicked = self.server.interact(
            click(asked.answer or {}, buttons[0]["custom_id"], asked.person)
        )
        try:
            shown = await self._watch.next(
                lambda r: r.interaction_id == clicked.id and r.method == "PATCH"
            )
        except TimeoutError:
            self.problems.append(f"{UNANSWERED_CLICK} {asked.person.name}")
            return
        self.clicked.append(clicked.seconds)
        if not is_laid_out(shown.json):
            self.problems.append(f"{asked.person.name}'s click showed: {shown.json}")

    # What it comes to

    @property
    def acknowledgements(self) -> list[float]:
        """Seconds, of questions and clicks."""
        times = [a.acknowledged - a.sent for a in self.asked if a.acknowledged is not None]
        return times + self.clicked

    @property
    def answers(self) -> list[float]:
        """Seconds, of those that were answered."""
        return [a.answered - a.sent for a in self.asked if a.answered and a.refused is None]

    @property
    def refusals(self) -> list[str]:
        return [a.refused for a in self.asked if a.answer is not None and a.refused is not None]

    def check(self, records: Records, store: Store) -> dict[int, int]:
        """Looks for what is wrong in the answers; how many came from each generation."""
        generations: dict[int, int] = {}
        catalogs = _Catalogs(store)
        by_time: list[tuple[float, int]] = []
        for asked in sorted(self.asked, key=lambda one: one.answered or 0):
            if asked.answer is None or asked.refused is not None:
                continue
            exchange = asked.exchange(records)
            if exchange is None:
                self.problems.append(f"An answer to {asked.person.name} is not recorded")
                continue
            if (exchange.person, exchange.question) != (asked.person.id, asked.question):
                self.problems.append(f"{asked.person.name} got the answer to another question")
            generation = exchange.generation
            generations[generation] = generations.get(generation, 0) + 1
            for excerpt in exchange.excerpts:
                text = catalogs.text(generation, excerpt.document)
                if text is None or text[excerpt.span.start : excerpt.span.end] != excerpt.quote:
                    self.problems.append(
                        f"{excerpt.document} does not say so in generation {generation}: "
                        f"{excerpt.quote}"
                    )
            known = max((seen for when, seen in by_time if when < asked.sent), default=0)
            if generation < known:
                self.problems.append(f"Generation {generation} answered after {known} had")
            if self.reindexed is not None and asked.sent > self.reindexed:
                newest = store.pointer().current
                if generation != newest:
                    self.problems.append(f"Generation {generation} answers, but {newest} is there")
            assert asked.answered is not None
            by_time.append((asked.answered, generation))
        return generations


class _Requests:
    """Hands each request, once it is answered with success, to whoever waits for one like it.

    The journal's own way would look through all there were for every one that comes.
    """

    def __init__(self, server: Loopback) -> None:
        self._server = server
        self._waiting: dict[int, tuple[Callable[[Request], bool], asyncio.Future[Request]]] = {}
        self._ids = itertools.count()

    async def run(self) -> None:
        pending: list[Request] = []
        looked_at = 0
        while True:
            records = self._server.api.journal.records
            fresh = records[looked_at:]
            looked_at += len(fresh)
            pending += fresh
            done = [request for request in pending if request.answered]
            pending = [request for request in pending if not request.answered]
            for request in done:
                if request.status in (200, 204):
                    self._give(request)
            await asyncio.sleep(0.005)

    def soon(self, wanted: Callable[[Request], bool]) -> asyncio.Future[Request]:
        """The next such request."""
        future: asyncio.Future[Request] = asyncio.get_running_loop().create_future()
        key = next(self._ids)
        self._waiting[key] = (wanted, future)
        future.add_done_callback(lambda _: self._waiting.pop(key, None))
        return future

    async def next(self, wanted: Callable[[Request], bool]) -> Request:
        async with asyncio.timeout(_PATIENCE):
            return await self.soon(wanted)

    def _give(self, request: Request) -> None:
        for wanted, future in list(self._waiting.values()):
            if not future.done() and wanted(request):
                future.set_result(request)


class _Catalogs:
    """The texts of every generation that is still there."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._texts: dict[tuple[int, str], str | None] = {}

    def text(self, generation: int, document: str) -> str | None:
        key = (generation, document)
        if key not in self._texts:
            self._texts[key] = self._read(*key)
        return self._texts[key]

    def _read(self, generation: int, document: str) -> str | None:
        opened = self._store.open_number(generation)
        found = opened.catalog.document(document)
        return found.text if found else None


def percentile(values: Iterable[float], share: float) -> float:
    """The smallest value that so large a share of them does not exceed; 0.0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def read_questions(path: Path) -> list[str]:
    """The questions of an evaluation set, one JSON object a line."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [str(json.loads(line)["question"]) for line in lines]
