"""Speed and memory against references in the same run: `make bench`.

    python tools/bench/__main__.py [--quick] [--only embed,question,hidden,reindex,cold,memory]
        [--sets DIR]

Writes docs/BENCHMARKS.md; of a partial run, only its sections. A quick look takes a slice of
everything, prints, and writes nothing.
"""

import argparse
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from index.errors import BriefingError  # noqa: E402
from tools.bench.common import Bench, Row  # noqa: E402
from tools.bench.report import provenance, section, write_section  # noqa: E402

# name -> (title, module, function); imported when its turn comes, since some import torch
SECTIONS = {
    "embed": ("Embedding", "tools.bench.embedding", "bench"),
    "question": ("A question", "tools.bench.question", "bench"),
    "hidden": ("A question beside hidden documents", "tools.bench.hidden", "bench"),
    "reindex": ("Reindexing", "tools.bench.reindex", "bench"),
    "cold": ("A question from a cold start", "tools.bench.process", "bench_cold"),
    "memory": ("Peak memory of indexing", "tools.bench.process", "bench_memory"),
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=(__doc__ or "").split("\n\n")[0],
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--quick", action="store_true", help="a slice of everything; only prints")
    parser.add_argument("--only", default=",".join(SECTIONS), help="sections, with commas between")
    parser.add_argument("--sets", type=Path, default=ROOT.parent / "shared" / "eval")
    parser.add_argument("--work", type=Path, default=ROOT / ".bench", help="kept between runs")
    parser.add_argument("--page", type=Path, default=ROOT / "docs" / "BENCHMARKS.md")
    chosen = parser.parse_args()
    names = chosen.only.split(",")
    if unknown := set(names) - SECTIONS.keys():
        parser.error(f"no section {', '.join(sorted(unknown))}; there are {', '.join(SECTIONS)}")
    if not chosen.sets.is_dir():
        parser.error(f"no folder {chosen.sets} with the evaluation sets; name it with --sets")
    chosen.work.mkdir(parents=True, exist_ok=True)
    # As pytest's and ruff's caches do: what lies here is never part of the repository.
    (chosen.work / ".gitignore").write_text("*\n", encoding="utf-8")
    if len(names) > 1:
        # A process each, so that none finds threads or memory as another left them.
        arguments = [sys.executable, __file__, *sys.argv[1:]]
        codes = [subprocess.run([*arguments, "--only", name]).returncode for name in names]
        raise SystemExit(max(codes))
    for variable in [variable for variable in os.environ if variable.startswith("BRIEFING_")]:
        del os.environ[variable]  # What is measured is what we ship.
    work = (chosen.work / ("quick" if chosen.quick else "full")).resolve()
    bench = Bench(chosen.sets.resolve(), work, chosen.quick)
    content = measure(
        names[0], bench, shlex.join(["python", "tools/bench/__main__.py", *sys.argv[1:]])
    )
    if not chosen.quick:
        write_section(chosen.page, names[0], content)


def measure(name: str, bench: Bench, command: str) -> str:
    """The section of that name, measured now; printed, too."""
    title, module, function = SECTIONS[name]
    started, load = time.monotonic(), os.getloadavg()[0]
    print(f"{title} …", file=sys.stderr, flush=True)
    rows_of: Callable[[Bench], list[Row]] = getattr(import_module(module), function)
    try:
        rows = rows_of(bench)
    except BriefingError as exc:
        raise SystemExit(str(exc)) from exc
    content = section(title, provenance(command, load), rows)
    print(f"{content}\n\n{time.monotonic() - started:.0f} s\n", flush=True)
    return content


if __name__ == "__main__":
    main()
