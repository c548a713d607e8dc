"""Speed and memory, ours and a reference by turns in the same run: `make bench`.

    python -m tools.bench --sets FOLDER [--quick]
        [--only embed,question,hidden,reading,reindex,checks,cold,memory]

FOLDER has the evaluation sets `clapnq` and `squad`. Writes docs/BENCHMARKS.md; a run of some
sections writes only these. `--quick` takes a slice of everything, prints, and writes nothing.
"""

import os
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path

from index.errors import BriefingError
from tools.bench.common import Bench
from tools.bench.report import section
from tools.report import ROOT, command_of, parser_of, write_section

# Imported when its turn comes, since some import torch: name -> (title, module, function)
SECTIONS = {
    "embed": ("Embedding", "tools.bench.embedding", "bench"),
    "question": ("A question", "tools.bench.question", "bench"),
    "hidden": ("A question beside hidden documents", "tools.bench.hidden", "bench"),
    "reading": ("Reading", "tools.bench.reading", "bench"),
    "reindex": ("Reindexing", "tools.bench.reindex", "bench"),
    "checks": ("Checks after a reindex", "tools.bench.checks", "bench"),
    "cold": ("A question from a cold start", "tools.bench.process", "bench_cold"),
    "memory": ("Peak memory of indexing", "tools.bench.process", "bench_memory"),
}


def main() -> None:
    parser = parser_of("tools.bench", __doc__)
    parser.add_argument("--sets", type=Path, required=True, help="the folder of evaluation sets")
    parser.add_argument("--quick", action="store_true", help="a slice of everything; only prints")
    parser.add_argument("--only", default=",".join(SECTIONS), help="sections, with commas between")
    parser.add_argument("--work", type=Path, default=ROOT / ".bench", help="kept between runs")
    parser.add_argument("--page", type=Path, default=ROOT / "docs" / "BENCHMARKS.md")
    options = parser.parse_args()
    names = options.only.split(",")
    if unknown := set(names) - SECTIONS.keys():
        parser.error(f"no section {', '.join(sorted(unknown))}; there are {', '.join(SECTIONS)}")
    if not options.sets.is_dir():
        parser.error(f"no folder {options.sets}; name the one with the evaluation sets")
    options.work.mkdir(parents=True, exist_ok=True)
    # What lies here is never part of the repository; pytest and ruff do the same with their caches.
    (options.work / ".gitignore").write_text("*\n", encoding="utf-8")
    if len(names) > 1:
        # A process for each section, so that none finds threads or memory as another left them.
        command = [sys.executable, "-m", "tools.bench", *sys.argv[1:]]
        codes = [subprocess.run([*command, "--only", name]).returncode for name in names]
        raise SystemExit(max(codes))
    for variable in [variable for variable in os.environ if variable.startswith("BRIEFING_")]:
        del os.environ[variable]  # what is measured is what we ship
    work = (options.work / ("quick" if options.quick else "full")).resolve()
    content = measure(names[0], Bench(options.sets.resolve(), work, options.quick))
    if not options.quick:
        write_section(options.page, names[0], content)


def measure(name: str, bench: Bench) -> str:
    """Measure one section; print and return it."""
    title, module, function = SECTIONS[name]
    started, load = time.monotonic(), os.getloadavg()[0]
    print(f"{title} …", file=sys.stderr, flush=True)
    try:
        rows = getattr(import_module(module), function)(bench)
    except BriefingError as exc:
        raise SystemExit(str(exc)) from exc
    content = section(title, rows, load, command_of("tools.bench"))
    print(f"{content}\n\n{time.monotonic() - started:.0f} s\n", flush=True)
    return content


if __name__ == "__main__":
    main()
