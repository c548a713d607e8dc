"""Fifty people at once, the real models, and a reindex in the middle: `make load`.

    python -m tools.hardening.load [--people N] [--rounds N] [--server [--bots N]]

The bot runs in a process of its own over a copy of corpus/, against a small Discord in this one.
Writes its section of docs/BENCHMARKS.md; ends with 1 where an answer was wrong or a requirement is
not met. The figures depend on what else the machine does, so the load average stands beside them.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from bot.app import composition
from bot.config.settings import Settings
from bot.records import Records
from testing.crowd import Crowd, percentile, read_questions
from testing.loopback import Loopback
from testing.postgres import database, server_url
from tools.hardening.bot import Loop
from tools.hardening.process import QUESTIONS, build_index, copy_corpus, running_bot, settings_in
from tools.report import ROOT, command_of, parser_of, provenance, table, write_section

__all__ = ["Figures", "load", "section"]

ACKNOWLEDGED = 1.0
"""Seconds, at the 99th percentile."""
NEVER_LATER = 3.0
LOOP_HELD_UP = 0.1
"""Seconds, without waiting for a core, which depends on what else the machine does."""
ENDED = 10.0


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
    database: SecretStr | None = None,
) -> Figures:
    """Let people ask `rounds` times beside a reindex, and once after it.

    `folder` is empty. `fake` replaces the models by what needs none. More than one of the `bots`
    needs a `database`; all get every message and click, and one of them answers it.
    """
    settings = settings_in(folder, database=database)
    copy_corpus(settings, fake=fake)
    await asyncio.to_thread(build_index, settings, fake=fake)
    questions = read_questions(QUESTIONS)
    flags = ["--watched", *["--fake"] * fake]
    async with Loopback(strict=False) as server:
        async with AsyncExitStack() as stack:
            for number in range(1, bots + 1):
                running = running_bot(server, settings, folder, *flags, number=number)
                bot = await stack.enter_async_context(running)
            crowd = Crowd(server, people)
            async with crowd.gathered():
                began = await _ask_beside_reindex(crowd, settings, questions, rounds)
            loop = Loop(**json.loads(await bot.ask("loop")))
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
        loop=loop,
        generations=generations,
        reindex=(crowd.reindexed or began) - began,
        seconds_to_end=bot.seconds_to_end,
        problems=crowd.problems,
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


def main() -> int:
    parser = parser_of("tools.hardening.load", __doc__)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=3, help="before the reindex ends")
    parser.add_argument("--bots", type=int, default=1, help="that share a server")
    parser.add_argument("--server", action="store_true", help="with records and index on one")
    parser.add_argument("--page", type=Path, default=ROOT / "docs" / "BENCHMARKS.md")
    options = parser.parse_args()
    load_before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        url = stack.enter_context(database(server_url())) if options.server else None
        figures = asyncio.run(
            load(
                Path(folder),
                options.people,
                options.rounds,
                bots=options.bots,
                database=None if url is None else SecretStr(url),
            )
        )
    if options.server:  # the page has the figures of one bot
        for what, figure, *_ in figures.rows():
            print(f"{what}: {figure}")
        return 0 if all(met for *_, met in figures.rows()) else 1
    content = section(figures, command_of("tools.hardening.load"), load_before)
    write_section(options.page, "load", content)
    print(content)
    for problem in figures.problems[:20]:
        print(f"WRONG: {problem}")
    return 0 if all(met for *_, met in figures.rows()) else 1


if __name__ == "__main__":
    sys.exit(main())
