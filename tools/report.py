"""Pages of figures in Markdown, and the command line of the tools that write them."""

from __future__ import annotations

import argparse
import os
import platform
import re
import shlex
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield the lines of a table; every column but the first is aligned to the right."""
    yield _line(columns)
    yield f"|---|{'--:|' * (len(columns) - 1)}"
    yield from map(_line, rows)


def counts(title: str, counter: Mapping[str, int]) -> Iterator[str]:
    """Yield a blank line and the lines of a table of counts, the greatest first."""
    yield ""
    yield from table([title, "count"], Counter(counter).most_common())


def parser_of(module: str, documentation: str | None) -> argparse.ArgumentParser:
    """Return a parser of the command line, described by the module's docstring."""
    return argparse.ArgumentParser(
        prog=f"python -m {module}",
        description=(documentation or "").split("\n\n")[0],
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )


def command_of(module: str) -> str:
    """Return the command that this process was started by."""
    return shlex.join(["python", "-m", module, *sys.argv[1:]])


def provenance(command: str) -> str:
    """Return the command, the day and the machine, for a line under the figures."""
    made = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC · {_processor()}"
    return f"{made}, {len(os.sched_getaffinity(0))} cores · `{command}`"


def write_section(page: Path, name: str, content: str) -> None:
    """Replace the section between the page's marks of this name; append it where it has none."""
    begin, end = f"<!-- bench {name} -->", f"<!-- end {name} -->"
    text = page.read_text(encoding="utf-8")
    block = f"{begin}\n{content}\n{end}"
    place = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    text, found = place.subn(lambda _: block, text)
    page.write_text(text if found else f"{text.rstrip()}\n\n{block}\n", encoding="utf-8")


def _line(cells: Sequence[object]) -> str:
    return f"| {' | '.join(map(_cell, cells))} |"


def _cell(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else " ".join(str(value).split())


def _processor() -> str:
    try:
        found = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text("utf-8"))
    except OSError:
        found = None
    return found[1].strip() if found else platform.processor() or platform.machine()
