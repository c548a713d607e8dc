"""Checks that the installed packages are as pinned, and their files unchanged.

    python -m tools.release.audit

Follows what briefing-bot requires, and what that requires. Each package must be in constraints.txt
at the version that is installed, and each of its files must have the SHA-256 that its wheel said
(RECORD; https://packaging.python.org/specifications/recording-installed-packages). A pin that
nothing requires is named as well. Ends with 1 where anything was found. It needs no network, so it
knows nothing about published vulnerabilities: `make audit` also asks for these.
"""

from __future__ import annotations

import base64
import hashlib
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import Distribution, PackageNotFoundError, PackagePath, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name
from packaging.version import Version

from tools.report import ROOT

PRODUCT = "briefing-bot"
_CUDA = ("cuda-", "nvidia-", "triton")
"""Packages that a CUDA build of torch brings, at versions that it names itself."""


def main() -> int:
    here = installed(PRODUCT)
    pins = pins_of((ROOT / "constraints.txt").read_text(encoding="utf-8"))
    found = list(pinned_otherwise(here, pins))
    with ThreadPoolExecutor() as pool:  # hashing leaves Python's lock
        for name, files in zip(here, pool.map(altered, here.values()), strict=True):
            found += [f"{name}: {file} is not as it was installed" for file in files]
    for problem in found:
        print(problem, file=sys.stderr)
    if not found:
        print(f"{len(here)} packages are as pinned and unchanged")
    return 1 if found else 0


def pins_of(constraints: str) -> dict[NormalizedName, Version]:
    """Return the pinned version of each package."""
    lines = (line.partition("#")[0].strip() for line in constraints.splitlines())
    pairs = (line.split("==") for line in lines if line)
    return {canonicalize_name(name): Version(version) for name, version in pairs}


def installed(product: str) -> dict[NormalizedName, Distribution]:
    """Return the installed packages that `product` and its extras require, directly or not."""
    found: dict[NormalizedName, Distribution] = {}
    root = distribution(product)
    extras = root.metadata.get_all("Provides-Extra") or []
    seen: set[tuple[NormalizedName, frozenset[str]]] = set()
    ahead = [(root, frozenset(extras))]
    while ahead:
        parent, asked_for = ahead.pop()
        for line in parent.requires or []:
            wanted = Requirement(line)
            name, more = canonicalize_name(wanted.name), frozenset(wanted.extras)
            if (name, more) in seen or name == canonicalize_name(product):
                continue
            if wanted.marker and not any(
                wanted.marker.evaluate({"extra": extra}) for extra in asked_for or {""}
            ):
                continue
            seen.add((name, more))
            try:
                found[name] = distribution(name)
            except PackageNotFoundError:  # of an extra that was not asked for
                continue
            ahead.append((found[name], more))
    return dict(sorted(found.items()))


def pinned_otherwise(
    here: Mapping[NormalizedName, Distribution], pins: Mapping[NormalizedName, Version]
) -> Iterator[str]:
    """Yield a sentence for each package that is not installed as it is pinned."""
    for name, package in here.items():
        # A build for another processor is the same version: 2.13.0+cpu.
        version = Version(Version(package.version).public)
        if name not in pins and not name.startswith(_CUDA):
            yield f"{name} {version} is not in constraints.txt"
        elif version != pins.get(name, version):
            yield f"{name} is {version}, and pinned at {pins[name]}"
    for name in pins.keys() - here.keys():
        if _is_installed(name):
            yield f"{name} is pinned, and nothing requires it"


def altered(package: Distribution) -> list[PackagePath]:
    """Return the files that are gone or changed; those that pip made have no hash to compare."""
    return [file for file in package.files or () if file.hash and not _is_sound(file)]


def _is_sound(file: PackagePath) -> bool:
    assert file.hash is not None
    try:
        digest = hashlib.new(file.hash.mode, Path(str(file.locate())).read_bytes()).digest()
    except OSError:
        return False
    return base64.urlsafe_b64encode(digest).decode().rstrip("=") == file.hash.value


def _is_installed(name: str) -> bool:
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
