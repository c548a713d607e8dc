"""Whether everything that is needed is here, and what to do where it is not."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from bot import wiring
from bot.settings import Settings
from index.errors import BriefingError, IndexUnavailable, ModelUnavailable

__all__ = ["Finding", "find_all"]

_MEGABYTES_NEEDED = 200
_SETUP = "Run `make setup`."


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `remedy` completes `detail` and is empty where all is well.

    Without what is `needed`, questions are not answered; the rest is worth knowing.
    """

    name: str
    ok: bool
    detail: str
    remedy: str = ""
    needed: bool = True


def find_all(settings: Settings) -> Iterator[Finding]:
    """In order of what depends on what; raises nothing."""
    yield _python()
    yield from _packages()
    yield _fts5()
    yield _model("Embedding model", settings.model)
    yield _reranker(settings.reranker)
    yield _corpus(settings.corpus)
    yield _index_folder(settings.index)
    yield _index(settings)
    yield from _unread(settings)
    yield _bfloat16()


def _python() -> Finding:
    found = ".".join(map(str, sys.version_info[:3]))
    ok = sys.version_info >= (3, 11)
    return Finding("Python", ok, found, "" if ok else "Install Python 3.11 or newer.")


def _packages() -> Iterator[Finding]:
    """Every package that this one requires, by its metadata: nothing is imported."""
    try:
        required = metadata.requires("briefing-bot") or []
    except metadata.PackageNotFoundError:
        yield Finding("Packages", False, "briefing-bot itself is not installed.", _SETUP)
        return
    pins = [line.partition("==") for line in required if ";" not in line]
    missing, other = [], []
    for name, _, wanted in pins:
        try:
            found, _, _build = metadata.version(name).partition("+")
            if found != wanted:
                other.append(f"{name} {found} instead of {wanted}")
        except metadata.PackageNotFoundError:
            missing.append(name)
    if missing:
        yield Finding("Packages", False, f"not installed: {', '.join(missing)}.", _SETUP)
    else:
        yield Finding("Packages", True, f"all {len(pins)} are installed")
    if other:
        yield Finding("Versions", False, f"{', '.join(other)}.", _SETUP, needed=False)


def _fts5() -> Finding:
    try:
        with sqlite3.connect(":memory:") as connection:
            connection.execute("CREATE VIRTUAL TABLE probe USING fts5(text)")
        connection.close()
    except sqlite3.OperationalError:
        remedy = "Use a Python whose SQLite has it; python.org's and every Linux' have."
        return Finding("SQLite", False, f"{sqlite3.sqlite_version} without FTS5.", remedy)
    return Finding("SQLite", True, f"{sqlite3.sqlite_version} with FTS5")


def _model(name: str, model: str) -> Finding:
    from index.models import model_directory, weights_sha256

    try:
        return Finding(name, True, f"{model}, SHA-256 {weights_sha256(model_directory(model))}")
    except ModelUnavailable as exc:
        return Finding(name, False, str(exc))


def _reranker(model: str) -> Finding:
    if model == "none":
        return Finding("Reranker", True, "none, by setting: answers are worse", needed=False)
    return _model("Reranker", model)


def _corpus(corpus: Path) -> Finding:
    from index.corpus import scan
    from index.reading import SUFFIXES

    try:
        files = scan(corpus, SUFFIXES)
    except BriefingError as exc:
        return Finding("Corpus", False, str(exc))
    if not files:
        return Finding("Corpus", False, f"{corpus} is empty.", "Put documents there.", needed=False)
    return Finding("Corpus", True, f"{corpus}, {len(files):,} files")


def _index_folder(index: Path) -> Finding:
    """Writable, it or the folder that it would be made in, and room for another generation."""
    there = index.absolute()
    while not there.exists():
        there = there.parent
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        remedy = "Allow writing there, or set BRIEFING_INDEX to another folder."
        return Finding("Index folder", False, f"{there} cannot be written to.", remedy)
    free = shutil.disk_usage(there).free // 1_000_000
    if free < _MEGABYTES_NEEDED:
        return Finding("Index folder", False, f"{there} has {free} MB left.", "Make room.")
    return Finding("Index folder", True, f"{index}, {free:,} MB left")


def _index(settings: Settings) -> Finding:
    try:
        made_by = wiring.recipe(settings)
        generation = wiring.live_index(settings, made_by=made_by).generation()
    except (IndexUnavailable, ModelUnavailable) as exc:
        return Finding("Index", False, str(exc))
    counts = f"{generation.manifest.documents:,} documents, {generation.manifest.passages:,}"
    return Finding("Index", True, f"generation {generation.number}, {counts} passages")


def _unread(settings: Settings) -> Iterator[Finding]:
    """Documents that the last reindex could not read."""
    try:
        rows = wiring.live_index(settings).generation().catalog.rows()
    except IndexUnavailable:
        return
    for row in rows:
        if row.failure:
            stale = "; its last good version answers" if row.indexed_at else ""
            yield Finding("Document", False, f"{row.name}: {row.failure}{stale}.", needed=False)


def _bfloat16() -> Finding:
    try:
        import torch

        from index.bert import matmul_dtype
    except ImportError as exc:
        return Finding("Processor", False, f"torch cannot be loaded ({exc}).", _SETUP)
    native = matmul_dtype() == torch.bfloat16
    detail = "computes bfloat16 itself" if native else "has no bfloat16: embedding is slower"
    return Finding("Processor", True, detail, needed=False)
