"""Fifty people at once, the real models, and a reindex in the middle: `make load`.

    python -m tools.hardening.load [--people N] [--rounds N]
        [--server [--bots N] [--workers N] [--cores] [--kill]]

The bot runs in a process of its own over a copy of corpus/, against a small Discord in this one.
Writes its section of docs/BENCHMARKS.md; ends with 1 where an answer was wrong or a requirement is
not met. The figures depend on what else the machine does, so the load average stands beside them.

With `--server`, index and records are on one; several bots are compared with one that the same
people ask before. `--cores` holds each bot to a core of its own, `--workers` parse and embed beside
them, and with `--kill` the last bot is killed while it is asked. Prints; writes no page.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from pydantic import SecretStr

from bot.app import composition
from bot.config.settings import Settings
from bot.records import Records
from testing.crowd import UNANSWERED, UNANSWERED_CLICK, Crowd, percentile, read_questions
from testing.loopback import Loopback
from testing.postgres import database, server_url
from tools.hardening.bot import Loop
from tools.hardening.process import (
    QUESTIONS,
    BotProcess,
    build_index,
    copy_corpus,
    running_bot,
    running_workers,
    settings_in,
)
from tools.report import ROOT, command_of, parser_of, provenance, table, write_section

ACKNOWLEDGED = 1.0
"""Seconds, at the 99th percentile."""
NEVER_LATER = 3.0
LOOP_HELD_UP = 0.1
"""Seconds, without waiting for a core, which depends on what else the machine does."""
ENDED = 10.0
AS_ONE = 1.1
"""Times what one bot takes for the same people on the same cores."""


@dataclass(frozen=True)
class Figures:
    """What was measured, in seconds. `generations` counts the answers of each."""

    people: int
    asked: int
    refused: int
    clicks: int
    acknowledged: list[float]
    answered: list[float]
    loop: Loop
    generations: dict[int, int]
    reindex: float
    seconds_to_end: float
    problems: list[str]
    processor: float
    """Seconds of processor time of the bots for an answer, without those of a bot that was killed
    and of what the bots start."""
    lost: int = 0
    """Questions that were in line at a bot that was killed, and got no answer of another."""

    def rows(self) -> Iterator[tuple[str, str, str, bool]]:
        """Yield what was measured, the figure, what is required, and whether that is met."""
        acknowledged = [percentile(self.acknowledged, share) for share in (0.5, 0.99, 1.0)]
        answered = [percentile(self.answered, share) for share in (0.5, 0.95)]
        yield (
            "acknowledged, median / 99 % / worst",
            f"{' / '.join(f'{1000 * value:.0f}' for value in acknowledged)} ms",
            f"99 % ≤ {ACKNOWLEDGED:g} s, never {NEVER_LATER:g} s",
            acknowledged[1] <= ACKNOWLEDGED and acknowledged[2] <= NEVER_LATER,
        )
        yield (
            f"answered, median / 95 % ({self.people} in line)",
            f"{' / '.join(f'{value:.1f}' for value in answered)} s",
            "–",
            True,
        )
        yield (
            "event loop held up, worst / without waiting for a core / 99 %",
            f"{self.loop.worst * 1000:.0f} / {self.loop.worst_without_core * 1000:.0f} / "
            f"{self.loop.p99 * 1000:.0f} ms",
            f"without waiting ≤ {1000 * LOOP_HELD_UP:.0f} ms",
            self.loop.worst_without_core <= LOOP_HELD_UP,
        )
        yield (
            "asked / answered / refused; clicks answered",
            f"{self.asked} / {len(self.answered)} / {self.refused}; {self.clicks}",
            "all answered or refused",
            len(self.answered) + self.refused == self.asked,
        )
        yield (
            "wrong",
            str(len(self.problems)),
            "none",
            not self.problems,
        )
        yield (
            "answered from the old / new generation",
            " / ".join(str(count) for _, count in sorted(self.generations.items())),
            "both",
            len(self.generations) == 2,
        )
        yield "the reindex, beside the questions", f"{self.reindex:.0f} s", "–", True
        yield (
            "gone after SIGTERM",
            f"{self.seconds_to_end:.1f} s",
            f"≤ {ENDED:g} s",
            self.seconds_to_end <= ENDED,
        )


async def load(
    folder: Path,
    people: int,
    rounds: int,
    *,
    fake: bool = False,
    bots: int = 1,
    workers: int = 0,
    cores: bool = False,
    kill: bool = False,
    database: SecretStr | None = None,
) -> Figures:
    """Let people ask `rounds` times beside a reindex, and once after it.

    `folder` is empty. `fake` replaces the models by what needs none. More than one of the `bots`
    needs a `database`; all get every message and click, and one of them answers it. With `cores`,
    each is held to one of its own. With `kill`, the last is killed while people ask once more.
    """
    settings = settings_in(folder, database=database)
    copy_corpus(settings, fake=fake)
    await asyncio.to_thread(build_index, settings, fake=fake)
    questions = read_questions(QUESTIONS)
    flags = ["--watched", *["--fake"] * fake]
    usable = sorted(os.sched_getaffinity(0)) if cores else []
    async with Loopback(strict=False) as server:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(running_workers(settings, folder, workers))
            running = []
            for number in range(1, bots + 1):
                core = [f"--core={usable[(number - 1) % len(usable)]}"] if cores else []
                bot = running_bot(server, settings, folder, *flags, *core, number=number)
                running.append(await stack.enter_async_context(bot))
            crowd = Crowd(server, people)
            async with crowd.gathered():
                spent = await _processor(running)
                began = await _ask_beside_reindex(crowd, settings, questions, rounds)
                spent = (await _processor(running) - spent) / max(1, len(crowd.answers))
                lost = await _ask_beside_kill(crowd, questions, running[-1]) if kill else 0
            there = [each for each in running if not each.killed]
            loops = [Loop(**json.loads(await each.ask("loop"))) for each in there]
        crowd.problems += server.problems()
    with closing(Records(settings.records_place)) as records:
        generations = crowd.check(records, composition.index_store(settings))
    return Figures(
        people=people,
        asked=len(crowd.asked),
        refused=len(crowd.refusals),
        clicks=len(crowd.clicked),
        acknowledged=crowd.acknowledgements,
        answered=crowd.answers,
        loop=max(loops, key=lambda loop: loop.worst_without_core),
        generations=generations,
        reindex=(crowd.reindexed or began) - began,
        seconds_to_end=max(each.seconds_to_end for each in there),
        problems=crowd.problems,
        processor=spent,
        lost=lost,
    )


async def _processor(bots: Sequence[BotProcess]) -> float:
    return sum([float(await each.ask("processor")) for each in bots])


async def _ask_beside_kill(crowd: Crowd, questions: Sequence[str], bot: BotProcess) -> int:
    """Let everybody ask once, kill a bot when a quarter was answered, and let all ask once more.

    Return how many got no answer for it: other bots take over what the one had acknowledged.
    """
    before, known = len(crowd.answers), len(crowd.problems)
    asking = asyncio.create_task(crowd.ask_at_once(questions))
    while len(crowd.answers) < before + crowd.size // 4 and not asking.done():
        await asyncio.sleep(0.01)
    await bot.kill()
    await asking
    problems = crowd.problems[known:]
    crowd.problems[known:] = [
        each for each in problems if not each.startswith((UNANSWERED, UNANSWERED_CLICK))
    ]
    await crowd.ask_at_once(questions)
    return sum(
        each.startswith(UNANSWERED) and not each.startswith(UNANSWERED_CLICK) for each in problems
    )


async def _ask_beside_reindex(
    crowd: Crowd, settings: Settings, questions: Sequence[str], rounds: int
) -> float:
    """Return when the reindex began, which is when half of the first round was answered."""
    asking = asyncio.create_task(crowd.ask_at_once(questions, rounds))
    while len(crowd.answers) < crowd.size // 2 and not asking.done():
        await asyncio.sleep(0.01)
    _change(settings.corpus)
    began = time.monotonic()
    await asyncio.gather(crowd.reindex(), asking)
    await crowd.ask_at_once(questions)
    return began


def _change(corpus: Path) -> None:
    """Move every offset of the texts, and add so much that embedding it takes a while."""
    for path in [*corpus.rglob("*.txt"), *corpus.rglob("*.md")]:
        text = path.read_bytes()  # in whatever encoding
        start = text.find(b"\n\n") + 2  # below a title or front matter
        path.write_bytes(text[:start] + b"This was moved down.\n\n" + text[start:])
    paragraphs = (
        f"## Depot {number}\n\nDepot {number} holds {number * 37} tents, {number * 11} stoves and "
        f"{number * 5} pumps; whoever takes any of them signs the list of depot {number}.\n"
        for number in range(1, 301)
    )
    (corpus / "depots.md").write_text("# Depots\n\n" + "\n".join(paragraphs), encoding="utf-8")


def section(figures: Figures, command: str, load_before: float) -> str:
    """Return the section of docs/BENCHMARKS.md."""
    rows = [
        (what, figure, required, "yes" if met else "**no**")
        for what, figure, required, met in figures.rows()
    ]
    made = f"{provenance(command)} · load {load_before:.1f} before, {os.getloadavg()[0]:.1f} after"
    return "\n".join(
        [
            "## Many people at once in Discord",
            "",
            "`make load`: people ask by `/ask`, by mention in a thread and by direct message; "
            "every third clicks Sources after each answer;",
            "an admin's `/reindex` of a changed corpus runs in the middle, in its own process. The "
            "bot talks over real sockets to a small",
            "Discord in another process. Every quote is compared with the generation that its "
            "record names.",
            "",
            *table(["what", "figure", "required", "met"], rows),
            "",
            made,
        ]
    )


def compared(one: Figures, several: Figures) -> tuple[list[tuple[str, str, str]], bool]:
    """Return the rows for one bot and for several; also whether both do as required.

    What takes longer is compared, since neither has the machine for itself.
    """
    rows = [
        (row[0], row[1], other[1]) for row, other in zip(one.rows(), several.rows(), strict=True)
    ]
    rows.append(("lost with the bot that was killed", str(one.lost), str(several.lost)))
    millis = (f"{1000 * one.processor:.0f} ms", f"{1000 * several.processor:.0f} ms")
    rows.append(("processor time of an answer", *millis))
    ratios = {
        "acknowledged": median(several.acknowledged) / median(one.acknowledged),
        "answered": median(several.answered) / median(one.answered),
        "processor time": several.processor / one.processor,
    }
    rows += [(f"{what}, against one bot", "1", f"{ratio:.2f}") for what, ratio in ratios.items()]
    is_met = all(met for figures in (one, several) for *_, met in figures.rows())
    slowest = max(ratios["acknowledged"], ratios["answered"])
    return rows, is_met and slowest <= AS_ONE


def main() -> int:
    parser = parser_of("tools.hardening.load", __doc__)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=3, help="before the reindex ends")
    parser.add_argument("--bots", type=int, default=1, help="that share a server")
    parser.add_argument("--workers", type=int, default=0, help="that parse and embed for them")
    parser.add_argument("--cores", action="store_true", help="each bot on one of its own")
    parser.add_argument("--kill", action="store_true", help="the last of several, while asked")
    parser.add_argument("--server", action="store_true", help="with records and index on one")
    parser.add_argument("--page", type=Path, default=ROOT / "docs" / "BENCHMARKS.md")
    options = parser.parse_args()
    if options.server:
        return _on_server(options)
    load_before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        figures = asyncio.run(load(Path(folder), options.people, options.rounds))
    content = section(figures, command_of("tools.hardening.load"), load_before)
    write_section(options.page, "load", content)
    print(content)
    _print_problems(figures)
    return 0 if all(met for *_, met in figures.rows()) else 1


def _on_server(options: argparse.Namespace) -> int:
    found = []
    for bots in sorted({1, options.bots}):
        with tempfile.TemporaryDirectory() as folder, database(server_url()) as url:
            running = load(
                Path(folder),
                options.people,
                options.rounds,
                bots=bots,
                workers=options.workers,
                cores=options.cores,
                kill=options.kill and bots > 1,
                database=SecretStr(url),
            )
            found.append(asyncio.run(running))
        _print_problems(found[-1])
    rows, is_met = compared(found[0], found[-1])
    print("\n".join(table(["what", "one bot", f"{options.bots} bots"], rows)))
    print(provenance(command_of("tools.hardening.load")))
    return 0 if is_met else 1


def _print_problems(figures: Figures) -> None:
    for problem in figures.problems[:20]:
        print(f"WRONG: {problem}")


if __name__ == "__main__":
    sys.exit(main())
