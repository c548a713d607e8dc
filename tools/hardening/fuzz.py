"""Damaged files of every format, parsed as a reindex parses them: `make fuzz`.

    python -m tools.hardening.fuzz [--files 10000] [--seed 2026] [--only NUMBER] [--keep DIR]

Each file is a sound one that was damaged at random, and is parsed in the process that the reindex
uses, under its limits. It must become a sound document or be refused in a sentence, write nothing,
and reach for no other file and no network. Writes docs/FUZZ.md, and ends with 1 where a file did
otherwise. `--only` parses one of the files again; `--keep` keeps those of interest.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from index.errors import UnreadableDocument
from index.parsing import SUFFIXES, ParsingLimits
from index.parsing.sandbox.process import ParsingProcess
from testing.soundness import assert_sound
from tools.hardening.fuzz_mutations import mutant
from tools.hardening.fuzz_seeds import seeds
from tools.report import ROOT, command_of, parser_of, provenance, table, write_section

LIMITS = ParsingLimits(max_seconds=20)
_PATIENCE = 100
"""Seconds that a file may take: what the limits allow, and the time to start another process."""
_READ, _REFUSED, _KILLED, _WRONG = "read", "refused", "killed", "wrong"


@dataclass(frozen=True, slots=True)
class Case:
    """What became of one file; `memory` is the most that its process ever took, in bytes."""

    number: int
    suffix: str
    damage: str
    outcome: str
    reason: str
    seconds: float
    memory: int

    def __str__(self) -> str:
        return f"no. {self.number} ({self.suffix}, {self.damage}): {self.reason or self.outcome}"


def run(numbers: Iterable[int], seed: int, keep: Path | None = None) -> Iterator[Case]:
    """Make and parse the files of these numbers; each is the same whatever the others are."""
    sound = seeds(ROOT / "corpus")
    missing = SUFFIXES - {suffix for suffix, _ in sound}
    assert not missing, f"no sound file to damage ends in {missing}"
    with tempfile.TemporaryDirectory() as folder, ParsingProcess() as process:
        for number in numbers:
            made = mutant(Random(f"{seed}:{number}"), sound)
            path = Path(folder) / f"{number}{made.suffix}"
            path.write_bytes(made.data)
            began = time.monotonic()
            outcome, reason = _outcome(process, path)
            seconds = time.monotonic() - began
            if list(Path(folder).iterdir()) != [path] or path.read_bytes() != made.data:
                outcome, reason = _WRONG, "reading it wrote to its folder"
            if seconds > _PATIENCE:
                outcome, reason = _WRONG, f"it took {seconds:.0f} seconds"
            if keep and (outcome in (_KILLED, _WRONG) or seconds > 5):
                (keep / path.name).write_bytes(made.data)
            path.unlink(missing_ok=True)
            damage = ", ".join(made.done)
            yield Case(number, made.suffix, damage, outcome, reason, seconds, process.peak)


def _outcome(process: ParsingProcess, path: Path) -> tuple[str, str]:
    try:
        document = process.parse_file(path, path.name, limits=LIMITS)
        assert_sound(document)
        document.text.encode()
    except UnreadableDocument as exc:
        if not exc.reason.strip() or "\n" in exc.reason or len(exc.reason) > 500:
            return _WRONG, f"no sentence: {exc.reason!r}"
        if "reaches for" in exc.reason:
            return _WRONG, exc.reason
        return (_KILLED if exc.reason.startswith("reading it") else _REFUSED), exc.reason
    except Exception as exc:
        return _WRONG, f"{type(exc).__name__}: {exc}"[:500]
    return _READ, ""


def page(cases: list[Case], enforced: frozenset[str], seed: int, command: str) -> str:
    """Return the section of docs/FUZZ.md."""
    slowest = max(cases, key=lambda case: case.seconds)
    largest = max(cases, key=lambda case: case.memory)
    by_suffix: dict[str, list[Case]] = {suffix: [] for suffix in sorted(SUFFIXES)}
    for case in cases:
        by_suffix.setdefault(case.suffix, []).append(case)
    rows = [_row(suffix, some) for suffix, some in by_suffix.items() if some]
    columns = ["format", "files", _READ, _REFUSED, _KILLED, _WRONG, "median", "slowest"]
    lines = [
        "## Damaged files",
        "",
        f"{len(cases):,} files, damaged at random from seed {seed} and parsed as a reindex parses",
        "them: in a process with limits. Written by the tool; do not edit.",
        "",
        f"{provenance(command)}. Enforced by the system: "
        f"{', '.join(sorted(enforced)) or 'nothing'}.",
        "",
        *table(columns, [*rows, _row("all", cases)]),
        "",
        "Read: a document in which every offset is sound. Refused: a reason in a sentence. Killed:",
        f"it took more than {LIMITS.max_seconds} seconds of processor time, more than "
        f"{LIMITS.max_memory / 1e9:g} GB, or brought a library down;",
        "another process parsed the next file. Wrong: anything else, such as a file written,",
        "the network or another file reached for, an offset beyond the text, or a traceback.",
        "",
        f"Slowest: {slowest}, {slowest.seconds:.1f} s. Greatest memory of a process: "
        f"{largest.memory / 1e6:.0f} MB, after {largest}.",
        "",
    ]
    for outcome in (_WRONG, _KILLED):
        if named := [case for case in cases if case.outcome == outcome]:
            lines += [f"### {outcome.capitalize()}", "", *(f"- {case}" for case in named), ""]
    reasons = Counter(case.reason for case in cases if case.outcome == _REFUSED)
    lines += ["### Why files were refused, mostly", ""]
    lines += [f"- {count:,}: {reason}" for reason, count in reasons.most_common(15)]
    return "\n".join(lines)


def _row(name: str, cases: list[Case]) -> list[object]:
    outcomes = Counter(case.outcome for case in cases)
    seconds = sorted(case.seconds for case in cases)
    times = [f"{1000 * seconds[len(seconds) // 2]:.0f} ms", f"{seconds[-1]:.1f} s"]
    numbers = [len(cases), *(outcomes[each] for each in (_READ, _REFUSED, _KILLED, _WRONG))]
    return [name, *numbers, *times]


def main() -> None:
    parser = parser_of("tools.hardening.fuzz", __doc__)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--only", type=int, help="the number of one file; only prints")
    parser.add_argument("--keep", type=Path, help="a folder for files that were killed, or wrong")
    parser.add_argument("--page", type=Path, default=ROOT / "docs" / "FUZZ.md")
    options = parser.parse_args()
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
    if options.only is not None:
        for case in run([options.only], options.seed, options.keep):
            print(case, f"{case.seconds:.1f} s")
        return
    cases: list[Case] = []
    for case in run(range(options.files), options.seed, options.keep):
        cases.append(case)
        if case.outcome in (_KILLED, _WRONG):
            print(case, file=sys.stderr, flush=True)
        if len(cases) % 500 == 0:
            print(f"{len(cases):,} of {options.files:,}", file=sys.stderr, flush=True)
    content = page(cases, _enforced(), options.seed, command_of("tools.hardening.fuzz"))
    write_section(options.page, "files", content)
    print(content)
    raise SystemExit(any(case.outcome == _WRONG for case in cases))


def _enforced() -> frozenset[str]:
    with ParsingProcess() as process:
        process.parse_file(ROOT / "README.md", "README.md", limits=LIMITS)
        return process.enforced


if __name__ == "__main__":
    main()
