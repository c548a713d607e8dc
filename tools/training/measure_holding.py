"""Measures how often what holds now comes first, or what held when it is asked about the past.

    .venv/bin/python -m tools.training.measure_holding [--half development] [--freshness 0]
        [--decided] [--errors]

The documents and questions are those of tests/data/holding.toml. Which replaces which is what the
documents state; with --decided, admins have said it as well.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from bot.app import composition
from bot.config.settings import Settings
from index.answering.engine import Engine
from index.decisions import Decisions
from testing.holding import Holding, holding, wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=("development", "other"), default="")
    parser.add_argument("--freshness", type=float)
    parser.add_argument("--decided", action="store_true", help="give which replaces which")
    parser.add_argument("--errors", action="store_true", help="name what was not right")
    chosen = parser.parse_args()
    data = holding()
    with tempfile.TemporaryDirectory() as folder:
        engine = engine_of(data, Path(folder), chosen.freshness, decided=chosen.decided)
        asked, failed = wrong(engine, data, half=chosen.half)
        print(f"right: {1 - len(failed) / asked:.3f} ({asked - len(failed)} of {asked})")
        for each in failed if chosen.errors else ():
            response = engine.ask(each.asked, today=data.today)
            print(f"\n{each.asked}\n  wanted {each.first}: {each.says}")
            print(f"  {response.kind} {response.verdict} {response.confidence}")
            for excerpt in (*response.excerpts, *response.closest):
                print(f"  got {excerpt.document}: {' '.join(excerpt.quote.split())[:150]}")


def engine_of(
    data: Holding, folder: Path, freshness: float | None = None, *, decided: bool = False
) -> Engine:
    """Return an engine over the documents, which it writes and indexes in a folder."""
    data.write(folder / "corpus")
    settings = Settings(corpus=folder / "corpus", index=folder / "index")
    if freshness is not None:
        settings = settings.model_copy(update={"freshness": freshness})
    composition.reindexer(settings).run()
    decisions = data.decisions() if decided else Decisions()
    return composition.engine(settings, decisions=lambda: decisions)


if __name__ == "__main__":
    main()
