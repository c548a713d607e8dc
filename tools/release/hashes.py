"""Writes hashes/: the SHA-256 of each file that the image installs: `make hashes`.

    python -m tools.release.hashes

A list for what the bot needs, and one for what each extra of the image needs beside it, in the
versions of constraints.txt. pip chooses the files, as it does in the image, for both machines that
it is built for. Without torch, whose builds for a CPU and for CUDA differ.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from importlib import metadata
from itertools import chain

from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name

from tools.report import ROOT, parser_of

HASHES = ROOT / "hashes"
EXTRAS = ("base", "ocr", "postgres")
"""The lists; all but the first are extras of the image."""
_MACHINES = ("x86_64", "aarch64")
_GLIBC = 36
"""The minor version of that of the base image; files for older ones do as well."""
_WITHOUT = {"torch"}
_HEAD = "# Written by `make hashes`; the image installs nothing else, but for torch.\n"


def needed() -> dict[str, list[str]]:
    """Return for each list what it has, as in constraints.txt."""
    pinned = {}
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        if "==" in line and not line.startswith("#"):
            pinned[canonicalize_name(line.partition("==")[0])] = line.strip()
    base = _closure(frozenset())
    found = {"base": base} | {each: _closure(frozenset({each})) - base for each in EXTRAS[1:]}
    return {each: sorted(pinned[name] for name in names) for each, names in found.items()}


def _closure(extras: frozenset[str]) -> set[NormalizedName]:
    """Return all that the bot needs with these extras, directly or not."""
    found: set[NormalizedName] = set()
    waiting = [(canonicalize_name("briefing-bot"), extras)]
    seen = set(waiting)
    while waiting:
        for required in _required(*waiting.pop()):
            name = canonicalize_name(required.name)
            if name not in _WITHOUT:
                found.add(name)
            each = (name, frozenset(required.extras))
            if each not in seen:
                seen.add(each)
                waiting.append(each)
    return found


def _required(name: str, extras: frozenset[str]) -> Iterator[Requirement]:
    for line in metadata.requires(name) or ():
        required = Requirement(line)
        if required.marker is None or any(
            required.marker.evaluate({"extra": extra, "platform_machine": "x86_64"})
            for extra in (*extras, "")
        ):
            yield required


def _chosen(packages: list[str], machine: str) -> Iterator[tuple[str, str]]:
    """Yield each package with the hash of the file that pip chooses for a machine."""
    by_name = {canonicalize_name(each.partition("==")[0]): each for each in packages}
    platforms = [f"manylinux_2_{minor}_{machine}" for minor in range(_GLIBC, 4, -1)]
    options = [option for each in platforms for option in ("--platform", each)]
    while True:
        ended = subprocess.run(
            [
                *(sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"),
                *("--dry-run", "--ignore-installed", "--no-deps", "--report", "-", *options),
                *("--python-version", "3.11", "--implementation", "cp", "--target", "/nowhere"),
                *packages,
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        missing = re.search(r"No matching distribution found for (\S+)", ended.stderr)
        if missing is None:
            break
        print(f"{missing[1]} has no file for {machine}", file=sys.stderr)
        packages = [each for each in packages if each != missing[1]]
    if ended.returncode:
        raise SystemExit(ended.stderr)
    for install in json.loads(ended.stdout)["install"]:
        name = canonicalize_name(install["metadata"]["name"])
        yield by_name[name], install["download_info"]["archive_info"]["hashes"]["sha256"]


def main() -> None:
    parser_of("tools.release.hashes", __doc__).parse_args()
    lists = needed()
    hashes: defaultdict[str, set[str]] = defaultdict(set)
    for machine in _MACHINES:
        for package, found in _chosen(sorted(chain.from_iterable(lists.values())), machine):
            hashes[package].add(found)
    HASHES.mkdir(exist_ok=True)
    for name, packages in lists.items():
        lines = [
            " \\\n".join(
                [package, *(f"    --hash=sha256:{each}" for each in sorted(hashes[package]))]
            )
            for package in packages
        ]
        (HASHES / f"{name}.txt").write_text(_HEAD + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
