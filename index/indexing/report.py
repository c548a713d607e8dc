"""Reports of a reindex: progress while it runs, and what it did or would do."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Protocol

from index.indexing.plan import Plan
from index.store.catalog.catalog import Catalog
from index.store.generation import Generation
from index.store.quarantine import QuarantinedVersion

_SECONDS_TO_TELL = 3
_SHARE_TO_TELL = 0.02


class Progress(Protocol):
    """Learns how far a reindex has come; called from any thread."""

    def documents(self, done: int, total: int, share: float) -> None:
        """Take how many documents are read; `share` is that of their bytes, from 0 to 1."""

    def pages(self, read: int) -> None:
        """Take how many pages, slides and sheets were just read."""

    def embedded(self, passages: int) -> None:
        """Take how many passages were just embedded."""


class NullProgress:
    """Progress that is shown to nobody."""

    def documents(self, done: int, total: int, share: float) -> None: ...

    def pages(self, read: int) -> None: ...

    def embedded(self, passages: int) -> None: ...


def seconds_left(share: float, seconds: float) -> float | None:
    """Return how long the rest will take, if `share` of it took so many `seconds`.

    None where too little is done to tell, and where all is read.
    """
    if seconds < _SECONDS_TO_TELL or not _SHARE_TO_TELL <= share < 1:
        return None
    return seconds * (1 - share) / share


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that was not read, and why; `stale` if an earlier version of it still answers."""

    document: str
    reason: str
    stale: bool


@dataclass(frozen=True, slots=True)
class ReindexReport:
    """What a reindex did, or with `dry_run` would do.

    `generation` is None after a dry run over nothing. `embedded` and `reused` count passages of
    added and changed documents. `outdated` is true if everything was read anew because an older
    version had made the index.
    """

    generation: int | None
    documents: int
    passages: int
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0
    failed: tuple[Failure, ...] = ()
    embedded: int = 0
    reused: int = 0
    held: tuple[QuarantinedVersion, ...] = ()
    """Files that were not read, since a rollback took back what they hold."""
    seconds: float = 0.0
    dry_run: bool = False
    outdated: bool = False
    unwatched: bool = False
    """Whether, in the end, it could not be told what was removed or closed meanwhile."""


@dataclass(slots=True)
class Tally:
    """What was done so far."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    embedded: int = 0
    reused: int = 0


def expected_report(plan: Plan, base: Generation | None) -> ReindexReport:
    """Return what carrying out the plan would do, if every file can be parsed."""
    known = plan.known.documents
    files = [file.name for file in plan.to_parse if not file.problem]
    failures = {name: plan.known.failure(name) or plan.blocked[name] for name in plan.blocked}
    failures |= {n: plan.known.failure(n) or "" for n in plan.unchanged if n not in plan.reopened}
    failures |= {file.name: file.problem or "" for file in plan.to_parse}
    failures = {name: reason for name, reason in failures.items() if reason}
    return ReindexReport(
        generation=base.number if base else None,
        documents=len((known | set(files)) - set(plan.removed)),
        passages=base.catalog.passage_count() if base else 0,
        added=tuple(name for name in files if name not in known),
        changed=tuple(name for name in files if name in known),
        removed=plan.removed,
        unchanged=_unchanged(plan, failures),
        failed=tuple(Failure(name, failures[name], name in known) for name in sorted(failures)),
        held=tuple(taken for _file, taken in plan.quarantined),
    )


def final_report(plan: Plan, tally: Tally, generation: int, catalog: Catalog) -> ReindexReport:
    """Return what carrying out the plan did; `catalog` is the generation's."""
    failed = tuple(
        Failure(name, failure, bool(catalog.documents_in([name])))
        for name, failure in catalog.failures().items()
    )
    not_read = {failure.document for failure in failed}
    documents = catalog.document_count()
    unchanged = _unchanged(plan, not_read)
    if plan.known.all_files is not None:
        unchanged = documents - len(tally.added) - len(tally.changed)
    return ReindexReport(
        generation=generation,
        documents=documents,
        passages=catalog.passage_count(),
        added=tuple(tally.added),
        changed=tuple(tally.changed),
        removed=(*plan.removed, *tally.removed),
        unchanged=unchanged,
        failed=failed,
        embedded=tally.embedded,
        reused=tally.reused,
        held=tuple(taken for _file, taken in plan.quarantined),
    )


def _unchanged(plan: Plan, not_read: Collection[str]) -> int:
    return len(plan.known.of_files(set(plan.unchanged).difference(not_read)))
