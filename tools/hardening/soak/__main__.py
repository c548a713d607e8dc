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
import math
import tempfile
from contextlib import ExitStack
from pathlib import Path

from pydantic import SecretStr

from testing.postgres import database as server_database
from testing.postgres import server_url
from tools.hardening.soak.figures import Plan
from tools.hardening.soak.page import page
from tools.hardening.soak.run import soak
from tools.report import ROOT, command_of, parser_of


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
        sample=max(1, min(Plan.sample, options.questions // 40)),
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
