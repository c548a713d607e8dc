"""Plan of a reindex: which files to parse, keep and drop, from the scan and the last generation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from index.errors import CorpusShrunk
from index.parsing import ParsingLimits
from index.sources.folder import CorpusFile, FileState
from index.store.quarantine import Quarantine, QuarantinedVersion


@dataclass(frozen=True, slots=True)
class PreviousState:
    """What the index holds before a reindex: the documents that answer, and the files last scanned.

    `files` has the state of each file, and why it could not be read. `looked_at_ns` is the time of
    that scan, `limits` are what parsing was limited to. `containers` has the file of each document
    that lies in another file. With `all_files`, their number, these are only some of the files, and
    only these are looked at.
    """

    documents: frozenset[str] = frozenset()
    files: Mapping[str, tuple[FileState, str | None]] = field(default_factory=dict)
    looked_at_ns: int = 0
    limits: Mapping[str, int] = field(default_factory=dict)
    containers: Mapping[str, str] = field(default_factory=dict)
    all_files: int | None = None

    def failure(self, name: str) -> str | None:
        return self.files[name][1]

    def answers(self, name: str, sha256: str) -> bool:
        """Return whether that content of a file was read, so that it answers."""
        state, failure = self.files.get(name, (None, None))
        return state is not None and state.sha256 == sha256 and failure is None

    def by_file(self) -> defaultdict[str, set[str]]:
        """Return the documents of each file: its own, and those that lie in it."""
        of_file: defaultdict[str, set[str]] = defaultdict(set)
        for name in self.documents:
            of_file[self.containers.get(name, name)].add(name)
        return of_file

    def of_files(self, files: Iterable[str]) -> tuple[str, ...]:
        """Return all documents of these files."""
        of_file = self.by_file()
        return tuple(sorted(name for file in files if file in of_file for name in of_file[file]))


@dataclass(frozen=True, slots=True)
class Plan:
    """What a reindex has to do.

    `removed_files` and `unchanged` are names of files. `blocked` are names whose folder cannot be
    opened, with the reason; the catalog does not know yet of those that are `newly_blocked`, and
    still calls the `reopened` ones of `unchanged` blocked.

    `quarantined` are files that are not parsed, each with the version of it that a rollback took
    back, as `quarantine` has them. Of their documents, those that are `closed` stop answering,
    since they may be for other people by now. `released` are files that leave the quarantine.
    """

    known: PreviousState
    to_parse: tuple[CorpusFile, ...]
    removed_files: tuple[str, ...]
    unchanged: tuple[str, ...]
    blocked: Mapping[str, str]
    newly_blocked: Mapping[str, str]
    reopened: frozenset[str]
    quarantined: tuple[tuple[CorpusFile, QuarantinedVersion], ...] = ()
    released: frozenset[str] = frozenset()
    quarantine: Quarantine = field(default_factory=Quarantine)
    closed: frozenset[str] = frozenset()

    def holds(self, name: str, sha256: str) -> bool:
        """Return whether that content of a file is held back."""
        return (
            name not in self.released
            and not self.known.answers(name, sha256)
            and self.quarantine.entry_of(name, sha256) is not None
        )

    @property
    def is_empty(self) -> bool:
        return not (
            self.to_parse
            or self.removed_files
            or self.newly_blocked
            or self.reopened
            or self.closed
        )

    @property
    def removed(self) -> tuple[str, ...]:
        """Documents that will no longer answer, since their files are gone or they are shut."""
        return (*self.known.of_files(self.removed_files), *sorted(self.closed))

    def require_corpus(self, corpus: Path, drop_missing: bool | Collection[str]) -> None:
        """Raise CorpusShrunk where most documents are gone, as when a folder is not mounted.

        `drop_missing` says that all, or those of some names, were removed on purpose. All documents
        in a file count as one.
        """
        if drop_missing is True:
            return
        files = self.known.by_file()
        missing = [
            name
            for name in self.removed_files
            if name in files and name not in (drop_missing or ())
        ]
        number = len(files) if self.known.all_files is None else self.known.all_files
        if 2 * len(missing) > number:
            raise CorpusShrunk(corpus, len(missing), number)


def make_plan(
    scanned: Mapping[str, CorpusFile],
    known: PreviousState,
    *,
    anew: bool,
    limits: ParsingLimits,
    now_ns: int,
    quarantine: Quarantine | None = None,
    released: Collection[str] = (),
) -> Plan:
    """Compare a scan with what is known; with `anew`, every file is parsed.

    But not those that are held `quarantine`, unless they are `released`.
    """
    # A scan in the future was made by a wrong clock, so its dates cannot be relied on.
    looked_at_ns = known.looked_at_ns if known.looked_at_ns <= now_ns else 0
    same_limits = known.limits == asdict(limits)
    kept = {
        name
        for name, file in scanned.items()
        if not anew
        and name in known.files
        and file.is_unchanged(known.files[name][0], looked_at_ns)
        and (file.problem is None or file.problem == known.failure(name))
        and (same_limits or known.failure(name) is None)
    }
    blocked = _blocked(scanned, known)
    # Beside a failure, a hash means that the file could be read once: it was blocked since.
    was_read = {name for name, (state, _) in known.files.items() if state.sha256}
    quarantine = quarantine or Quarantine()
    to_parse = [file for name, file in scanned.items() if name not in kept]
    may_be_held = (file for file in to_parse if file.name not in released)
    quarantined = _quarantined(may_be_held, known, quarantine)
    return Plan(
        known=known,
        to_parse=tuple(file for file in to_parse if file.name not in quarantined),
        removed_files=tuple(sorted(known.files.keys() - scanned.keys() - blocked.keys())),
        unchanged=tuple(sorted(kept)),
        blocked=blocked,
        newly_blocked={
            name: reason
            for name, reason in blocked.items()
            if anew or (name in was_read and known.failure(name) != reason)
        },
        reopened=frozenset(name for name in kept & was_read if known.failure(name)),
        quarantined=tuple(quarantined.values()),
        released=frozenset(released),
        quarantine=quarantine,
    )


def _blocked(scanned: Mapping[str, CorpusFile], known: PreviousState) -> dict[str, str]:
    """Return why known files cannot be looked at: their folder is not to be opened."""
    closed = {file.name: file.problem or "" for file in scanned.values() if file.is_folder}
    return {
        name: reason
        for name in known.files
        for folder, reason in closed.items()
        if name not in scanned and name.startswith(f"{folder}/")
    }


def _quarantined(
    files: Iterable[CorpusFile], known: PreviousState, quarantine: Quarantine
) -> dict[str, tuple[CorpusFile, QuarantinedVersion]]:
    """Return the files with a content that a rollback took back, each with that version."""
    if not (quarantine.taken_back or quarantine.unknown):
        return {}
    found = {}
    for file in files:
        sha256 = "" if file.problem else file.sha256()
        if sha256 and not known.answers(file.name, sha256):
            held = quarantine.entry_of(file.name, sha256)
            if version := held or quarantine.assumed(file.name, sha256):
                found[file.name] = file, version
    return found
