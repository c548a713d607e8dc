"""Coverage-guided search for inputs that break what reads them: `make guided`.

    python -m tools.hardening.guided [--seconds 600] [--only NAME] [--keep DIR]

atheris (libFuzzer) changes inputs, and goes on from those that reach code that none reached before.
Each of tools/hardening/guided_targets.py gets so many seconds, in a process of its own. Inputs of
interest stay in DIR, from where the next search goes on, with what all searches took in sum. Writes
the section of docs/FUZZ.md, and ends with 1 where an input raised what it should not, took half a
minute, or 3 GB.
"""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from random import Random

from tools.hardening.guided_targets import TARGETS, Target
from tools.report import ROOT, command_of, parser_of, provenance, table, write_section

_SLOWEST, _MOST = 30, 3_000
"""Seconds by the clock, as other people use the machine, and MB that an input may take."""
_START_SECONDS = 300
_PROGRESS = re.compile(r"^#(\d+)\t\w+\s+cov: (\d+) .*?corp: (\d+)/", re.MULTILINE)
_FOUND = re.compile(r"^(crash|timeout|oom|slow-unit|leak)-")


@dataclass(frozen=True, slots=True)
class Searched:
    """What became of a target; `found` are files with inputs that broke it, `said` why.

    `seconds` are of processor time.
    """

    target: Target
    inputs: int = 0
    seconds: float = 0.0
    reached: int = 0
    kept: int = 0
    found: tuple[str, ...] = ()
    said: str = ""


def search(target: Target, seconds: int, keep: Path) -> Searched:
    """Search for so many seconds, beginning with the inputs in `keep` and the target's seeds."""
    known, broken = keep / target.name, keep / f"{target.name}-broken"
    for folder in (known, broken):
        folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(target.seeds()):
        (known / f"seed-{number:03}").write_bytes(seed[: target.most])
    began = _processor_seconds()
    with tempfile.TemporaryDirectory() as scratch:
        said, code = _run(
            [
                *(sys.executable, "-m", "tools.hardening.guided_child", target.name, scratch),
                *(str(known), f"-artifact_prefix={broken}/", f"-max_total_time={seconds}"),
                *(f"-timeout={_SLOWEST}", f"-rss_limit_mb={_MOST}", f"-max_len={target.most}"),
                "-len_control=0",
            ],
            seconds + _START_SECONDS,
        )
        tried = Path(scratch, "tried")
        if code and tried.is_file():
            _keep_once(tried.read_bytes(), broken)
    searched = read_off(target, said, code, broken)
    return in_sum(replace(searched, seconds=_processor_seconds() - began), keep / "in-sum.json")


def _keep_once(data: bytes, broken: Path) -> None:
    """Keep an input that broke something, unless libFuzzer has."""
    if all(data != each.read_bytes() for each in broken.iterdir()):
        (broken / f"crash-{sha256(data).hexdigest()[:16]}").write_bytes(data)


def _run(command: list[str], seconds: int) -> tuple[str, int]:
    """Return what a search said, and its exit code; 0 where the machine was too busy for its end.

    What an input takes too long for, libFuzzer says itself.
    """
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,  # atheris says on the one what libFuzzer says on the other
            timeout=seconds,
            check=False,
        )
        said, code = done.stdout, done.returncode
    except subprocess.TimeoutExpired as exc:
        said, code = exc.stdout or b"", 0
    return said.decode(errors="replace"), code


def _processor_seconds() -> float:
    """Return what processes that ended have taken: the clock says little on a busy machine."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def in_sum(searched: Searched, sums: Path) -> Searched:
    """Return it with the inputs and seconds of earlier searches added; write these into `sums`."""
    all_sums = json.loads(sums.read_text(encoding="utf-8")) if sums.is_file() else {}
    inputs, seconds = all_sums.get(searched.target.name, (0, 0.0))
    searched = replace(
        searched, inputs=searched.inputs + inputs, seconds=round(searched.seconds + seconds, 1)
    )
    all_sums[searched.target.name] = searched.inputs, searched.seconds
    sums.write_text(json.dumps(all_sums), encoding="utf-8")
    return searched


def read_off(target: Target, said: str, code: int, broken: Path) -> Searched:
    """Return what libFuzzer said, and what it left in the folder of inputs that broke something."""
    found = tuple(sorted(each.name for each in broken.iterdir() if _FOUND.match(each.name)))
    inputs, reached, kept = [*map(_last, zip(*_PROGRESS.findall(said), strict=True))] or (0, 0, 0)
    said = said[-4_000:] if code or found else ""
    return Searched(target, inputs, 0.0, reached, kept, found, said)


def _last(column: Iterable[str]) -> int:
    return int([*column][-1])


def changed(seeds: list[bytes], most: int, random: Random) -> bytes:
    """Return a seed with a few bytes changed: what is tried where atheris is not installed."""
    data = bytearray(random.choice(seeds)[:most])
    for _ in range(random.randint(1, 4)):
        place = random.randint(0, len(data))
        match random.randrange(4):
            case 0:
                data[place : place + random.randint(1, 9)] = b""
            case 1:
                data[place:place] = random.choice((b"\0", b"\xff", b"\n", b"9" * 20, b"(", b"*_"))
            case 2:
                data[place:place] = random.choice(seeds)[place : place + random.randint(1, 60)]
            case _:
                data[place : place + 1] = bytes([random.randrange(256)])
    return bytes(data[:most])


def page(all_searched: list[Searched], seconds: int, command: str) -> str:
    """Return the section of docs/FUZZ.md."""
    rows = [
        (
            *(each.target.name, each.target.what, each.inputs, f"{each.seconds / 60:.0f} min"),
            *(each.reached, each.kept, len(each.found)),
        )
        for each in all_searched
    ]
    hours = sum(each.seconds for each in all_searched) / 3600
    columns = ["target", "an input is", "inputs", "took", "edges reached", "kept", "broke it"]
    lines = [
        "## Guided by coverage",
        "",
        f"{hours:.1f} hours of processor time in sum, begun again and again from the inputs that "
        f"were kept; {seconds:,} seconds by the clock for each",
        "target the last time. Written by the tool; do not edit.",
        "",
        provenance(command),
        "",
        *table(columns, rows),
        "",
        f"Broke it: raised what it should not, took {_SLOWEST} seconds, or {_MOST / 1e3:g} GB.",
    ]
    return "\n".join(lines)


def _all(targets: Iterable[Target], seconds: int, keep: Path) -> Iterator[Searched]:
    for target in targets:
        searched = search(target, seconds, keep)
        print(f"{target.name}: {searched.inputs:,} inputs, {len(searched.found)} broke it")
        if searched.said:
            print(searched.said, file=sys.stderr, flush=True)
        yield searched


def main() -> None:
    parser = parser_of("tools.hardening.guided", __doc__)
    parser.add_argument("--seconds", type=int, default=600, help="for each target")
    parser.add_argument("--only", choices=[target.name for target in TARGETS])
    parser.add_argument("--keep", type=Path, default=ROOT / ".guided", help="a folder for inputs")
    parser.add_argument("--page", type=Path, default=ROOT / "docs" / "FUZZ.md")
    options = parser.parse_args()
    targets = [target for target in TARGETS if options.only in (None, target.name)]
    options.keep.mkdir(parents=True, exist_ok=True)
    (options.keep / ".gitignore").write_text("*\n", encoding="utf-8")
    searched = [*_all(targets, options.seconds, options.keep)]
    if options.only is None:
        command = command_of("tools.hardening.guided")
        write_section(options.page, "guided", page(searched, options.seconds, command))
    raise SystemExit(any(each.found or each.said for each in searched))


if __name__ == "__main__":
    main()
