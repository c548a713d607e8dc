"""Months of a team's questions, and everything else that happens meanwhile: `make soak`.

    python -m tools.hardening.soak [--questions 20000 | --minutes 25] [--seed 2026] [--people 36]
        [--passages 2] [--server]

The bot, with the real models, runs in a process of its own over a copy of corpus/, against a small
Discord in this one. Simulated people ask, edit, delete, click and search; an admin reindexes,
uploads, removes and rolls back; Discord refuses, fails and hangs up. All that is shown is checked,
and in the end what the bot still holds, and how its memory grew. Writes docs/SOAK.md, and ends with
1 where anything is wrong. With `--minutes` it ends after so many, with the figures of what was done
by then.
"""

from __future__ import annotations

import asyncio
import json
import math
import re
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from pydantic import SecretStr

from bot.config.settings import Settings
from bot.records import Records
from testing.crowd import percentile, read_questions
from testing.layouts import text_of
from testing.loopback import Loopback
from testing.loopback.payloads import BOT, Payload
from testing.postgres import database as server_database
from testing.postgres import server_url
from tools.hardening.process import (
    QUESTIONS,
    BotProcess,
    build_index,
    copy_corpus,
    running_bot,
    settings_in,
)
from tools.hardening.shown_quotes import alphanumeric, is_shown, seen
from tools.hardening.soak_events import Admin, LostConnections, RequestFaults, write_notes
from tools.hardening.soak_people import Given, People, Responses, Shared
from tools.hardening.vitals import AT_WORK, COUNTED, Memory, Vitals, kinds_grown, left_behind
from tools.report import ROOT, command_of, counts, parser_of, provenance, table

__all__ = ["MOST_GROWTH", "Figures", "Growth", "Plan", "growth", "page", "soak", "unplanned"]

MOST_GROWTH = 1.0
"""MB of its own memory for 1,000 questions."""
_REMEMBERED = 150.0
"""Seconds that the loopback remembers a request: longer than anybody waits."""
_FEWEST = 10
"""Samples that tell whether memory grows."""
_UNTOLD = "**Too few questions were asked to tell whether memory grows.**"
_ROWS = 2_500
"""Questions between two lines of the table of memory."""


@dataclass(frozen=True)
class Plan:
    """What is to happen. With 0 `passages` to read, no model is used and the documents are few.

    `warm_up` questions come before the first look at what the bot holds, `sample` between two looks
    at its memory, `admin` between two acts of the admin. `faults` and `losses` are seconds between
    requests that fail and between lost connections. The latter should be over a minute: after that
    the bot no longer counts them as failures in a row. The bot has `settled` seconds to come to
    rest before each look. Where the questions take longer than `minutes`, fewer are asked.
    """

    questions: int = 20_000
    minutes: float = math.inf
    seed: int = 2026
    people: int = 36
    passages: int = 2
    warm_up: int = 1_000
    sample: int = 100
    admin: int = 200
    faults: float = 2.0
    losses: float = 62.0
    settled: float = 600.0


@dataclass(frozen=True, slots=True)
class Growth:
    """MB for 1,000 questions by least squares, and its 95 % interval."""

    slope: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.slope:.2f} MB ({self.low:.2f} to {self.high:.2f})"


@dataclass(slots=True)
class Figures:
    """What was seen; `memory` is by the number of questions asked until then."""

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
    at_rest: list[tuple[str, int, int]] = field(default_factory=list)
    """What the bot holds, after the warm-up and in the end."""
    excerpts: int = 0
    watches: int = 0
    """Questions that are watched in the end."""
    told: int = 0
    """Messages to people whose watched questions had another answer."""
    problems: list[str] = field(default_factory=list)

    @property
    def growth(self) -> Growth:
        return self._growth([memory.own for _, memory in self.memory])

    @property
    def growth_of_allocated(self) -> Growth:
        return self._growth([memory.allocated for _, memory in self.memory])

    def wrong(self) -> list[str]:
        """Return what is wrong, in sentences; of memory only what is known."""
        grown = self.growth
        if not grown.low > MOST_GROWTH:
            return self.problems
        grew = f"Memory grew by {grown} for 1,000 questions; {MOST_GROWTH:g} MB is the most"
        return [*self.problems, grew]

    @property
    def tells_growth(self) -> bool:
        """Whether so many questions were asked that memory is known to grow, or not to."""
        grown = self.growth
        return grown.low > MOST_GROWTH or grown.slope <= MOST_GROWTH

    @property
    def judged_from(self) -> int:
        """The question from which on the growth of memory counts.

        Bounded caches fill before; the first look at what is left behind has emptied them, too.
        """
        return max(2 * self.plan.warm_up, max((asked for asked, _ in self.memory), default=0) // 2)

    def _growth(self, sizes: Sequence[int]) -> Growth:
        asked = [number for number, _ in self.memory]
        return growth(list(zip(asked, sizes, strict=True)), self.judged_from)


# The run


async def soak(folder: Path, plan: Plan, *, database: SecretStr | None = None) -> Figures:
    """Run the plan; `folder` is empty, and afterwards holds corpus, index, records and log.

    With a `database`, index and records are there.
    """
    began, fake = time.monotonic(), not plan.passages
    settings = settings_in(
        folder,
        read_passages=plan.passages or 1,
        per_minute=1_000,  # people here ask in seconds what others ask in minutes
        most_waiting=1_000,
        database=database,
    )
    copy_corpus(settings, fake=fake)
    write_notes(settings.corpus, plan.seed)
    await asyncio.to_thread(build_index, settings, fake=fake)
    figures, responses = Figures(plan), Responses()
    async with (
        Loopback(
            strict=False,
            heard=lambda request: responses.take(request, server.state.interactions),
        ) as server,
        running_bot(server, settings, folder, *["--fake"] * fake) as bot,
    ):
        shared = Shared(server, responses, began + 60 * plan.minutes)
        people = People(shared, plan.people, plan.seed, read_questions(QUESTIONS))
        admin = Admin(shared, settings, plan.seed, plan.admin)
        faults = RequestFaults(shared, plan.seed, plan.faults)
        losses = LostConnections(shared, plan.seed, plan.losses)
        replies: dict[int, list[str]] = {}
        forgetting = asyncio.create_task(_forget(server, replies))
        before = Vitals({}, {}, {}, {}, {}, {})
        for until in (plan.warm_up, plan.questions):
            await asyncio.gather(
                people.current(until),
                admin.run(until),
                faults.run(until),
                losses.run(until),
                _sample(bot, shared, figures, until),
            )
            # What is read of a generation at its first question is to be there in both looks.
            if until == plan.questions:
                shared.ends = math.inf
            await people.current(shared.asked + 1)
            after, left = await _settled(bot, before, shared.asked, plan.settled)
            if until == plan.warm_up:
                before = after
        grown = [found async for found in _held(bot, before, after, left)]
        forgetting.cancel()
        # Of a long run, the requests of the last minutes are still known.
        figures.problems += [*shared.problems, *grown, *server.problems()]
        figures.at_rest = [*_at_rest(before, after)]
        _note(await server.forget(time.time() + 1), replies)
    figures.seconds = time.monotonic() - began
    figures.asked, figures.answered = shared.asked, len(people.answers)
    figures.took = percentile(shared.seconds, 0.5), percentile(shared.seconds, 0.95)
    figures.acts, figures.refused = shared.done, shared.refused
    figures.told = responses.told
    figures.admin, figures.generations = admin.done, len(admin.steps)
    figures.faults, figures.losses = faults.met, losses.lost
    figures.problems += [*_wrong_replies(people, replies)]
    figures.problems += [*_wrong_answers(settings, people, admin, figures)]
    log = (folder / "bot.log").read_text(encoding="utf-8").splitlines()
    figures.problems += unplanned(log)
    figures.warnings = Counter(text for level, text in map(_parse, log) if level == "warning")
    figures.records = sum(path.stat().st_size for path in settings.records.glob("records.sqlite*"))
    return figures


async def _sample(bot: BotProcess, shared: Shared, figures: Figures, until: int) -> None:
    every = figures.plan.sample
    while not shared.enough(until):
        await shared.wait(min(until, (shared.asked // every + 1) * every))
        figures.memory.append((shared.asked, Memory(**json.loads(await bot.ask("memory")))))


async def _settled(
    bot: BotProcess, before: Vitals, asked: int, within: float
) -> tuple[Vitals, list[str]]:
    """Return what the bot holds once it has come to rest, and what of that was left behind.

    One look is not enough: what was sent a moment ago may not have been received yet.
    """
    end, last = time.monotonic() + within, Vitals({}, {}, {}, {}, {}, {})
    while True:
        now = Vitals.parse(await bot.ask("vitals"))
        left = [*left_behind(before, now, asked)]
        at_rest = (
            now.tasks == last.tasks
            and not now.entries["answers under way"]
            and not now.entries[AT_WORK]
            and not now.children  # who draws pages ends after two minutes without a picture
        )
        if (at_rest and (not left or not before.tasks)) or time.monotonic() > end:
            return now, left
        last = now
        await asyncio.sleep(0.5)


async def _held(
    bot: BotProcess, before: Vitals, after: Vitals, left: Iterable[str]
) -> AsyncIterator[str]:
    """Yield what was left behind, and of objects of which kinds, and what holds them."""
    for problem in left:
        yield problem
        for kind, grown in kinds_grown(before, after, problem.rpartition(" of ")[2]):
            holders = json.loads(await bot.ask(f"holders {kind}"))
            yield f"{grown} more of {kind} are held: {holders}"


async def _forget(server: Loopback, replies: dict[int, list[str]]) -> None:
    """Forget old requests now and then, as they would fill this process' memory."""
    while True:
        await asyncio.sleep(10)
        _note(await server.forget(time.time() - _REMEMBERED), replies)


def _note(messages: Iterable[Payload], replies: dict[int, list[str]]) -> None:
    for message in messages:
        if message["author"]["id"] == str(BOT.id) and "message_reference" in message:
            of = int(message["message_reference"]["message_id"])
            replies.setdefault(of, []).append(f"{message['id']}: {text_of(message)[:120]}")


# What is checked


def unplanned(log: Iterable[str]) -> list[str]:
    """Return the lines of the bot's log that are neither information nor a warning, counted."""
    found = Counter(
        line if len(line) <= 400 else f"{line[:120]} … {line[-260:]}"  # its end says what it was
        for line in log
        if _parse(line)[0] not in ("debug", "info", "warning")
    )
    return [f"Logged {count} times: {line}" for line, count in found.items()]


def _parse(line: str) -> tuple[str, str]:
    """Return the level, "" where it is no line of the log, and the words without numbers."""
    try:
        fields = json.loads(line)
        text = f"{fields['logger']}: {fields['event']}"
        return str(fields["level"]), re.sub(r"\d+([.,:]\d+)*", "…", text)
    except (ValueError, KeyError, TypeError):
        return "", line


def _wrong_replies(people: People, replies: dict[int, list[str]]) -> Iterator[str]:
    for message, allowed in people.replies.items():
        found = replies.pop(message, [])
        if len(found) not in allowed:
            yield (
                f"Message {message} has {len(found)} replies instead of {allowed[0]}: "
                f"{' | '.join(found)}"
            )
    for message, found in replies.items():
        yield f"Message {message} has a reply, and nobody sent it: {' | '.join(found)}"


def _wrong_answers(
    settings: Settings, people: People, admin: Admin, figures: Figures
) -> Iterator[str]:
    """Yield what is wrong with an answer: its question, its generation or a word of it."""
    with closing(Records(settings.records_place)) as records:
        figures.watches = len(records.watches.all())
        for answer in people.answers:
            yield from _wrong_answer(answer, records, admin, figures)
        for message, question in people.edited.items():
            last = records.by_question(message)
            if (
                last is None
                or alphanumeric(last.question) != alphanumeric(question)
                or not last.replies
            ):
                yield f"An edited question was not answered anew: {question!r}"


def _wrong_answer(answer: Given, records: Records, admin: Admin, figures: Figures) -> Iterator[str]:
    exchange = records.exchange(answer.exchange)
    if exchange is None:
        yield f"The answer to {answer.question!r} is not recorded"
        return
    same = alphanumeric(exchange.question) == alphanumeric(answer.question)
    if exchange.person != answer.person or not same:
        yield f"{answer.question!r} got the answer to {exchange.question!r}"
    if exchange.generation not in admin.may_answer(answer):
        yield f"Generation {exchange.generation} answered when another one should have"
    shown = seen(answer.shown)
    for excerpt in exchange.excerpts:
        figures.excerpts += 1
        text = admin.text(exchange.generation, excerpt.document)
        if text is None or text[excerpt.span.start : excerpt.span.end] != excerpt.quote:
            yield f"{excerpt.document} does not say: {excerpt.quote}"
        is_behind_button = any(excerpt.number in numbers for numbers in answer.later)
        if excerpt in exchange.shown and not is_behind_button and not is_shown(excerpt, shown):
            yield f"To {answer.question!r} was not shown as it stands there: {excerpt.quote}"


def growth(samples: Sequence[tuple[int, int]], since: int) -> Growth:
    """Return the growth over samples of (questions asked, bytes), from `since` questions on.

    It is nan where there are fewer than ten samples. Memory grows in steps, as tables double and
    arenas are added, so neighbouring samples are alike: they count for as many as their correlation
    leaves of them (that of an AR(1) process).
    """
    used = [(asked / 1_000, size / 1e6) for asked, size in samples if asked >= since]
    if len(used) < _FEWEST:
        return Growth(math.nan, math.nan, math.nan)
    x, y = np.array(used, dtype=np.float64).T
    slope, start = np.polyfit(x, y, 1)
    left = y - slope * x - start
    squares = float((left**2).sum())
    alike = max(0.0, float((left[1:] * left[:-1]).sum()) / squares) if squares else 0.0
    error = math.sqrt(squares / (len(x) - 2) / float(((x - x.mean()) ** 2).sum()))
    error *= math.sqrt((1 + alike) / (1 - alike))
    return Growth(float(slope), float(slope - 2 * error), float(slope + 2 * error))


def _at_rest(before: Vitals, after: Vitals) -> Iterator[tuple[str, int, int]]:
    for kind in (*COUNTED, "objects"):
        earlier, later = getattr(before, kind), getattr(after, kind)
        name = {"entries": "entries in dictionaries", "objects": "Python's objects"}.get(kind, kind)
        yield name, sum(earlier.values()), sum(later.values())


# What is written


def page(figures: Figures, command: str) -> str:
    """Return docs/SOAK.md."""
    plan, wrong = figures.plan, figures.wrong()
    median, most = figures.took
    memory = [
        (
            f"{asked:,}",
            *(f"{size / 1e6:,.0f} MB" for size in (used.resident, used.own, used.allocated)),
        )
        for asked, used in _rows(figures)
    ]
    tables = {
        "people": figures.acts,
        f"the admin ({figures.generations:,} generations)": figures.admin,
        "requests to Discord that went wrong": figures.faults,
        "connections that were lost": figures.losses,
        "said instead of an answer, as planned": figures.refused,
        "warnings in the log": figures.warnings,
    }
    lines = [
        "# Soak",
        "",
        f"{figures.asked:,} questions by {plan.people} simulated people in "
        f"{figures.seconds / 60:.0f} minutes, from seed {plan.seed}, while an admin",
        "changes the documents and Discord fails. Written by the tool; do not edit. What people do",
        "and what is checked stands in `tools/hardening/soak.py` and the files beside it.",
        "",
        provenance(command),
        "",
        "The bot is the real one, in a process of its own, with the real models. It reads "
        f"{plan.passages} of the passages found,",
        "fewer than by default, so that all of it fits into the time, and lets one person ask "
        "1,000 questions a minute.",
        "Discord is the tests' own.",
        "",
        f"**{len(wrong)} things were wrong.**" if wrong else "**Nothing was wrong.**",
        "",
        *(f"- {' '.join(problem.split())[:500]}" for problem in wrong[:50]),
        *([""] if wrong else []),
        f"{figures.answered:,} answers were looked at, with {figures.excerpts:,} excerpts: is each "
        "to its question, from a",
        "generation that was there, and word for word from a document, as recorded and as",
        f"shown? Under this load an answer took {median:.1f} s (median), {most:.1f} s (95 %). A "
        "question takes",
        f"{figures.records / max(1, figures.asked):,.0f} bytes in the records, which grow as they "
        "must.",
        f"In the end {figures.watches:,} questions were watched; {figures.told:,} messages told "
        "somebody that one has another answer.",
        "",
        "## Memory",
        "",
        *table(["questions", "resident", "without mapped files", "given by malloc"], memory),
        "",
        f"Growth for 1,000 questions from question {figures.judged_from:,} on, by least squares "
        f"over every {plan.sample}th,",
        "with its 95 % interval, without mapped files, right after what is free was given back: "
        f"{figures.growth}; of",
        f"it given by malloc {figures.growth_of_allocated}. If it is surely more than "
        f"{MOST_GROWTH:g} MB, the run fails.",
        "",
        *([] if figures.tells_growth else [_UNTOLD, ""]),
        "What grows before that is warm-up: caches with a bound fill, tables of Python double, and "
        "the first look at what is",
        f"left behind, after {plan.warm_up:,} questions, empties the caches. The models are mapped "
        "files: each rare word of a",
        "question makes another page of them resident, and the system may take it back.",
        "",
        "## Left behind",
        "",
        "What the bot holds at rest, after the first "
        f"{plan.warm_up:,} questions and in the end. More of any kind fails the run.",
        "",
        *table(["", "then", "in the end"], figures.at_rest),
        "",
        "Python's objects may differ by a few; a type that grows with the questions fails the run.",
        "",
        "## What happened",
        *(line for title, counter in tables.items() for line in counts(title, counter)),
    ]
    return "\n".join(lines) + "\n"


def _rows(figures: Figures) -> Iterator[tuple[int, Memory]]:
    """Yield the memory after the warm-up, then every so many questions, and in the end."""
    wanted = figures.plan.warm_up
    for asked, memory in figures.memory:
        if asked >= wanted or asked == figures.memory[-1][0]:
            yield asked, memory
            wanted = (asked // _ROWS + 1) * _ROWS


def main() -> None:
    parser = parser_of("tools.hardening.soak", __doc__)
    parser.add_argument("--questions", type=int, default=20_000)
    parser.add_argument("--minutes", type=float, default=math.inf, help="after which it ends")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--people", type=int, default=36)
    parser.add_argument("--passages", type=int, default=2, help="read for a question")
    parser.add_argument("--server", action="store_true", help="with index and records on one")
    parser.add_argument("--keep", type=Path, help="an empty folder for the records and the log")
    parser.add_argument("--page", type=Path, default=ROOT / "docs" / "SOAK.md")
    options = parser.parse_args()
    plan = Plan(
        questions=options.questions,
        minutes=options.minutes,
        seed=options.seed,
        people=options.people,
        passages=options.passages,
        warm_up=min(Plan.warm_up, options.questions // 4),
    )
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        url = stack.enter_context(server_database(server_url())) if options.server else None
        place = None if url is None else SecretStr(url)
        figures = asyncio.run(soak(options.keep or Path(folder), plan, database=place))
    content = page(figures, command_of("tools.hardening.soak"))
    options.page.write_text(content, encoding="utf-8")
    print(content)
    raise SystemExit(bool(figures.wrong()))


if __name__ == "__main__":
    main()
