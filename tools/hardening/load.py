"""Fifty people at once, the real models, and a reindex in the middle.

    python tools/hardening/load.py [--people N] [--rounds N] [--json FILE]

The bot runs in a process of its own over a copy of corpus/, against a small Discord in this one.
Prints how quickly questions were acknowledged and answered, and what held the bot up; ends with 1
where an answer was wrong or a requirement is not met. Figures depend on what else the machine does,
so the load average stands beside them.
"""

import argparse
import asyncio
import json
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from bot.app import composition  # noqa: E402
from bot.config.settings import Settings  # noqa: E402
from bot.records import Records  # noqa: E402
from testing.crowd import Crowd, percentile, read_questions  # noqa: E402
from testing.loopback import Loopback  # noqa: E402
from tools.hardening.load_bot import settings_in  # noqa: E402

ACKNOWLEDGED = 1.0
"""Seconds, at the 99th percentile."""
NEVER_LATER = 3.0
LOOP_HELD_UP = 0.1
"""Seconds, without those that its thread was ready and waited for a core: these depend on what else
the machine does, and are in `loop_worst`."""


@dataclass(frozen=True)
class Figures:
    """Seconds, unless it says otherwise."""

    people: int
    asked: int
    answered: int
    refused: int
    clicks: int
    acknowledged_p50: float
    acknowledged_p95: float
    acknowledged_p99: float
    acknowledged_most: float
    answered_p50: float
    answered_p95: float
    answered_most: float
    loop_worst: float
    loop_worst_own: float
    loop_p99: float
    loop_over_100_ms: int
    queue_most: int
    processor_seconds: float
    reindex: float
    exit_after_sigterm: float
    generations: dict[int, int]
    load_average: tuple[float, float]

    def broken(self) -> list[str]:
        """The requirements that are not met."""
        checks = {
            f"acknowledged in {ACKNOWLEDGED} s (99 %)": self.acknowledged_p99 <= ACKNOWLEDGED,
            f"acknowledged in {NEVER_LATER} s (all)": self.acknowledged_most <= NEVER_LATER,
            f"loop never held up for {LOOP_HELD_UP} s": self.loop_worst_own <= LOOP_HELD_UP,
            "all were answered": self.answered + self.refused == self.asked,
            "both generations answered": len(self.generations) == 2,
            "ended within 10 s": self.exit_after_sigterm < 10,
        }
        return [name for name, met in checks.items() if not met]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=(__doc__ or "").split("\n\n")[0],
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=3, help="before the reindex ends")
    parser.add_argument("--json", type=Path, help="write the figures to this file as well")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures, problems = asyncio.run(
            _run(Path(folder), people=arguments.people, rounds=arguments.rounds)
        )
    for name, value in asdict(figures).items():
        shown = f"{value:.3f}" if isinstance(value, float) else value
        print(f"{name.replace('_', ' '):<20} {shown}")
    if arguments.json:
        arguments.json.write_text(json.dumps(asdict(figures), indent=2) + "\n", encoding="utf-8")
    for problem in problems[:20]:
        print(f"WRONG: {problem}")
    for requirement in figures.broken():
        print(f"NOT MET: {requirement}")
    return 1 if problems or figures.broken() else 0


async def _run(folder: Path, *, people: int, rounds: int) -> tuple[Figures, list[str]]:
    settings = settings_in(folder)
    shutil.copytree(ROOT / "corpus", settings.corpus)
    await asyncio.to_thread(composition.reindexer(settings).run)
    questions = read_questions(ROOT / "tests/data/corpus-questions.jsonl")
    load_before = os.getloadavg()[0]
    async with Loopback(strict=False) as server:
        bot = await asyncio.create_subprocess_exec(
            sys.executable, str(ROOT / "tools/hardening/load_bot.py"), server.url, str(folder)
        )
        try:
            crowd, began = await _crowded(server, settings, questions, people, rounds)
            bot.send_signal(signal.SIGTERM)
            told = time.monotonic()
            await bot.wait()
            ended = time.monotonic()
        finally:
            if bot.returncode is None:
                bot.kill()
        crowd.problems += server.problems()
    if bot.returncode:
        crowd.problems.append(f"The bot ended with {bot.returncode}")
    records = Records(settings.records / "records.sqlite")
    generations = crowd.check(records, composition.index_store(settings))
    records.close()
    acknowledged, answered = crowd.acknowledgements, crowd.answers
    figures = Figures(
        people=people,
        asked=len(crowd.asked),
        answered=len(answered),
        refused=len(crowd.refusals),
        clicks=len(crowd.clicked),
        acknowledged_p50=percentile(acknowledged, 0.5),
        acknowledged_p95=percentile(acknowledged, 0.95),
        acknowledged_p99=percentile(acknowledged, 0.99),
        acknowledged_most=max(acknowledged, default=0.0),
        answered_p50=percentile(answered, 0.5),
        answered_p95=percentile(answered, 0.95),
        answered_most=max(answered, default=0.0),
        reindex=(crowd.reindexed or began) - began,
        exit_after_sigterm=ended - told,
        generations=generations,
        load_average=(load_before, os.getloadavg()[0]),
        **json.loads((folder / "figures.json").read_text(encoding="utf-8")),
    )
    return figures, crowd.problems


async def _crowded(
    server: Loopback, settings: Settings, questions: Sequence[str], people: int, rounds: int
) -> tuple[Crowd, float]:
    """What they did, and when the reindex began: when half of the first round was answered."""
    crowd = Crowd(server, people)
    await server.identified(timeout=120)
    async with crowd.gathered():
        asking = asyncio.create_task(crowd.ask_at_once(questions, rounds))
        while len(crowd.answers) < people // 2 and not asking.done():
            await asyncio.sleep(0.01)
        _change(settings.corpus)
        began = time.monotonic()
        await asyncio.gather(crowd.reindex(), asking)
        await crowd.ask_at_once(questions)
    return crowd, began


def _change(corpus: Path) -> None:
    """Moves every offset of the texts, and adds so much that embedding it takes a while."""
    for path in [*corpus.rglob("*.txt"), *corpus.rglob("*.md")]:
        text = path.read_bytes()  # in whatever encoding
        where = text.find(b"\n\n") + 2  # below a title or front matter
        path.write_bytes(text[:where] + b"This was moved down.\n\n" + text[where:])
    paragraphs = (
        f"## Depot {number}\n\nDepot {number} holds {number * 37} tents, {number * 11} stoves and "
        f"{number * 5} pumps; whoever takes any of them signs the list of depot {number}.\n"
        for number in range(1, 301)
    )
    (corpus / "depots.md").write_text("# Depots\n\n" + "\n".join(paragraphs), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
