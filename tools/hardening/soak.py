"""A team's questions of months, and everything else that happens meanwhile: `make soak`.

    python tools/hardening/soak.py [--questions 20000] [--seed 2026] [--people 36] [--passages 2]

The bot, with the real models, runs in a process of its own over a copy of corpus/, against a small
Discord in this one. Simulated people ask, edit, delete, click and search; an admin reindexes,
uploads, removes and rolls back; Discord refuses, fails and hangs up. Everything that anybody is
shown is checked, and in the end what the bot still holds, and how its memory grew. Writes
docs/SOAK.md, and ends with 1 where anything is wrong.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import os
import re
import shutil
import signal
import sys
import tempfile
import time
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from bot.config.settings import Settings  # noqa: E402
from bot.discord.rendering.escape import escape  # noqa: E402
from bot.documents.reindex_process import ReindexProcess  # noqa: E402
from bot.records import Records  # noqa: E402
from testing.command import reindexer_of  # noqa: E402
from testing.crowd import percentile, read_questions  # noqa: E402
from testing.loopback import Loopback  # noqa: E402
from testing.loopback.payloads import BOT, Payload  # noqa: E402
from tools.hardening.soak_bot import Memory, Vitals, settings_in  # noqa: E402
from tools.hardening.soak_events import Admin, Faults, Gateway, write_notes  # noqa: E402
from tools.hardening.soak_people import Arrivals, People, Town, letters  # noqa: E402

__all__ = ["Figures", "Growth", "Plan", "growth", "left_behind", "page", "soak", "unplanned"]

MOST_GROWTH = 1.0
"""MB of resident memory for 1,000 questions, at the upper end of the interval."""
_FORGOTTEN_AFTER = 150.0
"""Seconds that the loopback remembers what was said: longer than anybody waits."""
_SETTLED_WITHIN = 30.0
_ENVIRONMENT = {"MALLOC_ARENA_MAX": "2"}
"""As in the Dockerfile and the systemd unit."""
_ROWS = 2_500
"""Questions between two lines of the table of memory."""


@dataclass(frozen=True)
class Plan:
    """With 0 `passages` to read, whatever needs a model is done without one, and the documents are
    few. `warm_up` questions come before the first look at what the bot holds, `sample` between two
    looks at its memory, `admin` between two things that the admin does. `faults` and `losses` are
    seconds between requests, and connections to the gateway, that go wrong; the latter longer than
    the minute after which the bot no longer takes them for failures in a row.
    """

    questions: int = 20_000
    seed: int = 2026
    people: int = 36
    passages: int = 2
    warm_up: int = 1_000
    sample: int = 100
    admin: int = 200
    faults: float = 2.0
    losses: float = 62.0


@dataclass(frozen=True, slots=True)
class Growth:
    """MB for 1,000 questions by least squares, and the 95 % interval as if the samples were
    independent of each other."""

    slope: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.slope:.2f} MB ({self.low:.2f} to {self.high:.2f})"


@dataclass(slots=True)
class Figures:
    """`memory` is by how many questions had been asked."""

    plan: Plan
    asked: int = 0
    answered: int = 0
    seconds: float = 0.0
    took: tuple[float, float] = (0.0, 0.0)
    """Median and 95th percentile from question to answer, in seconds."""
    acts: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    admin: Counter[str] = field(default_factory=Counter)
    generations: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    losses: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)
    memory: list[tuple[int, Memory]] = field(default_factory=list)
    records: int = 0
    """Bytes of the records' file."""
    held: list[tuple[str, int, int]] = field(default_factory=list)
    """What the bot holds, after the warm-up and in the end."""
    excerpts: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def growth(self) -> Growth:
        return self._growth([one.resident for _, one in self.memory])

    @property
    def growth_of_allocated(self) -> Growth:
        return self._growth([one.allocated for _, one in self.memory])

    def wrong(self) -> list[str]:
        """What is wrong, in sentences; without models, memory is not looked at."""
        if not self.plan.passages or self.growth.high <= MOST_GROWTH:
            return self.problems
        grew = f"Memory grew by {self.growth} for 1,000 questions; {MOST_GROWTH:g} MB is the most"
        return [*self.problems, grew]

    def _growth(self, sizes: Sequence[int]) -> Growth:
        asked = [number for number, _ in self.memory]
        since = max(self.plan.warm_up, self.plan.questions // 4)
        return growth(list(zip(asked, sizes, strict=True)), since)


# The run


async def soak(folder: Path, plan: Plan) -> Figures:
    """`folder` is empty, and holds the corpus, the index and the records afterwards."""
    began, settings = time.monotonic(), settings_in(folder, plan.passages)
    await asyncio.to_thread(_prepare, settings, plan)
    questions = read_questions(ROOT / "tests/data/corpus-questions.jsonl")
    figures = Figures(plan)
    arrivals = Arrivals()
    async with (
        Loopback(
            strict=False,
            heard=lambda request: arrivals.heard(request, server.state.interactions),
        ) as server,
        _bot(server, folder, plan) as bot,
    ):
        town = Town(server, arrivals)
        people = People(town, plan.people, plan.seed, questions)
        admin = Admin(town, settings, plan.seed, plan.admin)
        faults = Faults(town, plan.seed, plan.faults)
        gateway = Gateway(town, plan.seed, plan.losses)
        replies: Counter[int] = Counter()
        remembering = asyncio.create_task(_remember(server, replies))
        before = Vitals({}, {}, {}, {}, {}, {})
        for until in (plan.warm_up, plan.questions):
            await asyncio.gather(
                people.live(until),
                admin.work(until),
                faults.strike(until),
                gateway.strike(until),
                _sample(bot, town, figures, until),
            )
            # What is read of a generation when it is first asked is to be there in both looks.
            await people.live(town.asked + 1)
            after, left = await _settled(bot, before, town.asked)
            if until == plan.warm_up:
                before = after
        remembering.cancel()
        # Of a long run, the requests of the last minutes are still known.
        figures.problems += [*town.problems, *left, *server.problems()]
        figures.held = [*_compared(before, after)]
        _count(await server.forget(time.time() + 1), replies)
    figures.seconds = time.monotonic() - began
    figures.asked, figures.answered = town.asked, len(people.told)
    figures.took = percentile(town.seconds, 0.5), percentile(town.seconds, 0.95)
    figures.acts, figures.refused = town.done, town.refused
    figures.admin, figures.generations = admin.done, len(admin.steps)
    figures.faults, figures.losses = faults.met, gateway.lost
    figures.problems += [*_replied(people, replies), *_checked(settings, people, admin, figures)]
    log = (folder / "bot.log").read_text(encoding="utf-8").splitlines()
    figures.problems += unplanned(log)
    figures.warnings = Counter(said for level, said in map(_line, log) if level == "warning")
    figures.records = sum(path.stat().st_size for path in settings.records.glob("records.sqlite*"))
    return figures


def _prepare(settings: Settings, plan: Plan) -> None:
    kept = ("*",) if plan.passages else ("*.md", "*.txt")
    for path in (path for pattern in kept for path in (ROOT / "corpus").rglob(pattern)):
        if path.is_file():
            to = settings.corpus / path.relative_to(ROOT / "corpus")
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, to)
    write_notes(settings.corpus, plan.seed)
    if plan.passages:
        ReindexProcess(settings).run()
    else:
        reindexer_of(settings, sandbox=True).run()


@asynccontextmanager
async def _bot(server: Loopback, folder: Path, plan: Plan) -> AsyncIterator[Process]:
    with (folder / "bot.log").open("wb") as log:
        bot = await asyncio.create_subprocess_exec(
            sys.executable,
            str(ROOT / "tools/hardening/soak_bot.py"),
            *(server.url, str(folder), str(plan.passages)),
            stdin=PIPE,
            stdout=PIPE,
            stderr=log,
            env={**os.environ, **_ENVIRONMENT},
            limit=2**24,  # bytes of a line
        )
        try:
            await server.identified(timeout=120)
            yield bot
            bot.send_signal(signal.SIGTERM)
            if code := await asyncio.wait_for(bot.wait(), 30):
                raise RuntimeError(f"The bot ended with {code}: see {folder / 'bot.log'}")
        finally:
            if bot.returncode is None:
                bot.kill()
                await bot.wait()


async def _told(bot: Process, what: str) -> bytes:
    assert bot.stdin is not None
    assert bot.stdout is not None
    bot.stdin.write(f"{what}\n".encode())
    return await asyncio.wait_for(bot.stdout.readline(), 60)


async def _sample(bot: Process, town: Town, figures: Figures, until: int) -> None:
    every = figures.plan.sample
    while town.asked < until:
        await town.wait(min(until, (town.asked // every + 1) * every))
        figures.memory.append((town.asked, Memory(**json.loads(await _told(bot, "memory")))))


async def _settled(bot: Process, before: Vitals, asked: int) -> tuple[Vitals, list[str]]:
    """What the bot holds once it has come to rest, and what of that was left behind."""
    end, last = time.monotonic() + _SETTLED_WITHIN, before
    while True:
        now = Vitals.read(await _told(bot, "vitals"))
        left = left_behind(before, now, asked)
        at_rest = now.tasks == last.tasks and not now.held["answers under way"]
        if (at_rest and (not left or not before.tasks)) or time.monotonic() > end:
            return now, left
        last = now
        await asyncio.sleep(0.5)


async def _remember(server: Loopback, replies: Counter[int]) -> None:
    """Not everything, since it would fill this process' memory."""
    while True:
        await asyncio.sleep(10)
        _count(await server.forget(time.time() - _FORGOTTEN_AFTER), replies)


def _count(messages: Iterable[Payload], replies: Counter[int]) -> None:
    for message in messages:
        if message["author"]["id"] == str(BOT.id) and "message_reference" in message:
            replies[int(message["message_reference"]["message_id"])] += 1


# What is checked


def left_behind(before: Vitals, after: Vitals, asked: int) -> list[str]:
    """What there is more of, in sentences; of Python's objects, what grew with the questions."""
    found = []
    for kind in ("tasks", "threads", "files", "children", "held"):
        then, now = getattr(before, kind), getattr(after, kind)
        for name, number in now.items():
            if (more := number - then.get(name, 0)) > 0:
                found.append(f"Left behind, among {kind}: {more} of {name}")
    for name, number in after.objects.items():
        more = number - before.objects.get(name, 0)
        if more > max(500, asked // 20):
            found.append(f"Left behind, among objects: {more} of {name}")
    return found


def unplanned(log: Iterable[str]) -> list[str]:
    """Lines of the bot's log that tell of something nobody foresaw."""
    found: Counter[str] = Counter()
    for line in log:
        if _line(line)[0] not in ("debug", "info", "warning"):
            found[line[:2_000]] += 1
    return [f"Logged {count} times: {line}" for line, count in found.items()]


def _line(line: str) -> tuple[str, str]:
    """The level, "" of what is no line of the log, and the words without numbers."""
    try:
        fields = json.loads(line)
        said = f"{fields['logger']}: {fields['event']}"
        return str(fields["level"]), re.sub(r"\d+([.,:]\d+)*", "…", said)
    except (ValueError, KeyError, TypeError):
        return "", line


def _replied(people: People, replies: Counter[int]) -> Iterator[str]:
    for message, expected in people.expected.items():
        if (found := replies.pop(message, 0)) not in expected:
            yield f"Message {message} has {found} replies instead of {expected[0]}"
    for message in replies:
        yield f"Message {message} has a reply, and nobody sent it"


def _checked(settings: Settings, people: People, admin: Admin, figures: Figures) -> Iterator[str]:
    """That each answer was to the question, from a generation that was there, and word for word."""
    with closing(Records(settings.records / "records.sqlite")) as records:
        for told in people.told:
            exchange = records.exchange(told.exchange)
            if exchange is None:
                yield f"The answer to {told.question!r} is not recorded"
                continue
            if exchange.person != told.person or letters(exchange.question) != letters(
                told.question
            ):
                yield f"{told.question!r} got the answer to {exchange.question!r}"
            if exchange.generation not in admin.may_answer(told):
                yield f"Generation {exchange.generation} answered when another one should have"
            for excerpt in exchange.excerpts:
                figures.excerpts += 1
                text = admin.said(exchange.generation, excerpt.document)
                if text is None or text[excerpt.span.start : excerpt.span.end] != excerpt.quote:
                    yield f"{excerpt.document} does not say: {excerpt.quote}"
                shown = letters(escape(excerpt.quote))
                if exchange.answered and shown not in told.shown:
                    yield f"To {told.question!r} was not shown as it stands there: {excerpt.quote}"
        for message, question in people.edited.items():
            last = records.by_question(message)
            if last is None or letters(last.question) != letters(question) or not last.replies:
                yield f"An edited question was not answered anew: {question!r}"


def growth(samples: Sequence[tuple[int, int]], since: int) -> Growth:
    """`samples` are (questions asked, bytes), of which those from `since` questions on count.

    nan where there are fewer than three.
    """
    used = [(asked / 1_000, size / 1e6) for asked, size in samples if asked >= since]
    if len(used) < 3:
        return Growth(math.nan, math.nan, math.nan)
    x, y = np.array(used, dtype=np.float64).T
    slope, start = np.polyfit(x, y, 1)
    spread = float(((y - slope * x - start) ** 2).sum()) / (len(x) - 2)
    error = math.sqrt(spread / float(((x - x.mean()) ** 2).sum()))
    return Growth(float(slope), float(slope - 2 * error), float(slope + 2 * error))


def _compared(before: Vitals, after: Vitals) -> Iterator[tuple[str, int, int]]:
    for kind in ("tasks", "threads", "files", "children", "held"):
        then, now = getattr(before, kind), getattr(after, kind)
        yield (
            kind if kind != "held" else "entries in dictionaries",
            sum(then.values()),
            sum(now.values()),
        )
    yield "Python's objects", sum(before.objects.values()), sum(after.objects.values())


# What is written


def page(figures: Figures, command: str) -> str:
    """docs/SOAK.md."""
    plan, wrong = figures.plan, figures.wrong()
    median, most = figures.took
    lines = [
        "# Soak",
        "",
        f"{figures.asked:,} questions by {plan.people} simulated people in "
        f"{figures.seconds / 60:.0f} minutes, from seed {plan.seed}, while an admin",
        "changes the documents and Discord fails. Written by the tool; do not edit. What people do",
        "and what is checked stands in `tools/hardening/soak.py` and the files beside it.",
        "",
        f"`{command}`, {datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores. The bot is the real "
        "one, in a process of its own,",
        f"with the real models. It reads {plan.passages} of the passages found, not 6, so that all "
        "of it fits into the time,",
        "and lets one person ask 1,000 questions a minute. Discord is the tests' own.",
        "",
        f"**{len(wrong)} things were wrong.**" if wrong else "**Nothing was wrong.**",
        "",
        *(f"- {' '.join(problem.split())[:500]}" for problem in wrong[:50]),
        *([""] if wrong else []),
        f"{figures.answered:,} answers were looked at, with {figures.excerpts:,} excerpts: each is "
        "to its question, from a",
        "generation that was there, and word for word from a document, as recorded and as",
        f"shown. Under this load an answer took {median:.1f} s (median), {most:.1f} s (95 %). A "
        "question takes",
        f"{figures.records / max(1, figures.asked):,.0f} bytes in the records, which grow as they "
        "must.",
        "",
        "## Memory",
        "",
        "| questions | resident | given by malloc |",
        "|--:|--:|--:|",
        *(
            f"| {asked:,} | {one.resident / 1e6:,.0f} MB | {one.allocated / 1e6:,.0f} MB |"
            for asked, one in _rows(figures)
        ),
        "",
        f"Growth for 1,000 questions over the last three quarters, by least squares over every "
        f"{plan.sample}th question, with",
        f"its 95 % interval as if the samples were independent: resident {figures.growth},",
        f"given by malloc and not given back {figures.growth_of_allocated}. "
        f"More than {MOST_GROWTH:g} MB resident fails the run.",
        "",
        "## Left behind",
        "",
        "What the bot holds at rest, after the first "
        f"{plan.warm_up:,} questions and in the end. More of any kind fails the run.",
        "",
        "| | then | in the end |",
        "|---|--:|--:|",
        *(f"| {name} | {before:,} | {after:,} |" for name, before, after in figures.held),
        "",
        "Python's objects may differ by a few; a type that grows with the questions fails the run.",
        "",
        "## What happened",
        "",
        "| people | |",
        "|---|--:|",
        *_counts(figures.acts),
        "",
        f"| the admin ({figures.generations:,} generations) | |",
        "|---|--:|",
        *_counts(figures.admin),
        "",
        "| requests to Discord that went wrong | |",
        "|---|--:|",
        *_counts(figures.faults),
        "",
        "| connections that were lost | |",
        "|---|--:|",
        *_counts(figures.losses),
        "",
        "| said instead of an answer, as planned | |",
        "|---|--:|",
        *_counts(figures.refused),
        "",
        "| warnings in the log | |",
        "|---|--:|",
        *_counts(figures.warnings),
    ]
    return "\n".join(lines) + "\n"


def _rows(figures: Figures) -> Iterator[tuple[int, Memory]]:
    """After the warm-up, then every so many questions, and the last."""
    wanted = figures.plan.warm_up
    for asked, one in figures.memory:
        if asked >= wanted or asked == figures.memory[-1][0]:
            yield asked, one
            wanted = (asked // _ROWS + 1) * _ROWS


def _counts(counter: Counter[str]) -> list[str]:
    return [f"| {' '.join(name.split())} | {count:,} |" for name, count in counter.most_common()]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=(__doc__ or "").split("\n\n")[0],
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--questions", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--people", type=int, default=36)
    parser.add_argument("--passages", type=int, default=2, help="read for a question")
    parser.add_argument("--keep", type=Path, help="an empty folder for the records and the log")
    parser.add_argument("--page", type=Path, default=ROOT / "docs" / "SOAK.md")
    chosen = parser.parse_args()
    plan = Plan(
        questions=chosen.questions,
        seed=chosen.seed,
        people=chosen.people,
        passages=chosen.passages,
        warm_up=min(Plan.warm_up, chosen.questions // 4),
    )
    with tempfile.TemporaryDirectory() as folder:
        figures = asyncio.run(soak(chosen.keep or Path(folder), plan))
    command = (
        f"python tools/hardening/soak.py --questions {plan.questions} --seed {plan.seed} "
        f"--people {plan.people} --passages {plan.passages}"
    )
    chosen.page.write_text(page(figures, command), encoding="utf-8")
    print(chosen.page.read_text(encoding="utf-8"))
    raise SystemExit(bool(figures.wrong()))


if __name__ == "__main__":
    main()
