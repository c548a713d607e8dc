"""Checks of this machine: Python, its packages, SQLite, memory and the processor."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib import metadata
from pathlib import Path

from bot.check_results import CheckResult, worth_knowing
from bot.localization import LazyText, _

_MEBIBYTES_WANTED = 1_700
"""The memory that OPERATIONS.md gives the bot, its reindex and its parsing processes together."""
_CGROUPS, _PROCESS_CGROUP = Path("/sys/fs/cgroup"), Path("/proc/self/cgroup")
SETUP = LazyText("Run `make setup`.")


def check_python() -> CheckResult:
    version = ".".join(map(str, sys.version_info[:3]))
    ok = sys.version_info >= (3, 11)
    return CheckResult("Python", ok, version, "" if ok else _("Install Python 3.11 or newer."))


def check_packages() -> Iterator[CheckResult]:
    """Check every required package by its metadata; nothing is imported."""
    try:
        required = metadata.requires("briefing-bot") or []
    except metadata.PackageNotFoundError:
        yield CheckResult("Packages", False, _("briefing-bot itself is not installed."), str(SETUP))
        return
    pins = [line.partition("==") for line in required if ";" not in line]
    missing, deviating = [], []
    for name, _equals, wanted in pins:
        try:
            installed, _plus, _build = metadata.version(name).partition("+")
            if installed != wanted:
                deviating.append(
                    _("{name} {found} instead of {wanted}").format(
                        name=name, found=installed, wanted=wanted
                    )
                )
        except metadata.PackageNotFoundError:
            missing.append(name)
    if missing:
        yield CheckResult(
            "Packages",
            False,
            _("not installed: {names}.").format(names=", ".join(missing)),
            str(SETUP),
        )
    else:
        yield CheckResult(
            "Packages", True, _("all {number} are installed").format(number=len(pins))
        )
    if deviating:
        yield worth_knowing("Versions", f"{', '.join(deviating)}.", str(SETUP))


def check_fts5() -> CheckResult:
    try:
        with sqlite3.connect(":memory:") as connection:
            connection.execute("CREATE VIRTUAL TABLE probe USING fts5(text)")
        connection.close()
    except sqlite3.OperationalError:
        remedy = _(
            "Use a Python whose SQLite has FTS5, such as that of python.org or of any Linux."
        )
        return CheckResult("SQLite", False, f"{sqlite3.sqlite_version} without FTS5.", remedy)
    return CheckResult("SQLite", True, f"{sqlite3.sqlite_version} with FTS5")


def check_memory() -> Iterator[CheckResult]:
    """Check the memory for this process and those that it starts, where the system reports it."""
    limits = [*_cgroup_limits()]
    with suppress(ValueError, OSError):
        limits.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    if not limits:
        return
    mebibytes = min(limits) // 2**20
    if mebibytes < _MEBIBYTES_WANTED:
        detail = f"{mebibytes:,} MiB."
        remedy = _(
            "With less than {wanted:,} MiB a large reindex may be ended by the "
            "system; answers go on. Give it more, or lower BRIEFING_MAX_FILE_MB."
        ).format(wanted=_MEBIBYTES_WANTED)
        yield worth_knowing("Memory", detail, remedy)
    else:
        yield CheckResult("Memory", True, f"{mebibytes:,} MiB", needed=False)


def _cgroup_limits() -> Iterator[int]:
    """Yield limits in bytes: of this process's control group and those around it (version 2), or
    of the container (version 1)."""
    with suppress(OSError):
        name = _PROCESS_CGROUP.read_text().rpartition("::")[2].strip().lstrip("/")
        groups = [_CGROUPS / name, *(_CGROUPS / name).parents]
        files = [group / "memory.max" for group in groups if group.is_relative_to(_CGROUPS)]
        for file in [*files, _CGROUPS / "memory" / "memory.limit_in_bytes"]:
            with suppress(OSError, ValueError):  # "max", where there is no limit
                yield int(file.read_text())


def check_bfloat16() -> CheckResult:
    try:
        import torch

        from index.models.bert import matmul_dtype
    except ImportError as exc:
        return CheckResult(
            "Processor", False, _("torch cannot be loaded ({exc}).").format(exc=exc), str(SETUP)
        )
    native = matmul_dtype() == torch.bfloat16
    detail = _("computes bfloat16 itself") if native else _("has no bfloat16: embedding is slower")
    return CheckResult("Processor", True, detail, needed=False)
