"""How documents become an index: scan, read, cut, embed, publish.

Only what changed is read, only passages that no generation has seen are embedded, and readers see
either the old generation or the new one.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import numpy as np

from index.chunking.chunker import ChunkLimits, split
from index.chunking.passage import Passage
from index.document import Document
from index.errors import (
    CorpusShrunk,
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    IndexOutdated,
    UnreadableDocument,
)
from index.parsing import SUFFIXES, ParsingLimits, parse_files
from index.ports import Embedder, VectorIndex, Vectors
from index.sources.folder import UNOPENED, CorpusFile, scan
from index.store.catalog import Catalog
from index.store.folder import IndexStore
from index.store.generation import CATALOG, VECTORS, Generation, Manifest, Recipe
from index.store.recovery import recover
from index.store.vectors import FaissVectors

__all__ = ["Failure", "Progress", "ReindexReport", "Reindexer"]

_PASSAGES_AT_ONCE = 2048
"""Embedded together: enough to batch by length, few enough that memory does not grow with the
corpus."""


class Progress(Protocol):
    """Told how far a reindex has come; called from any thread."""

    def documents(self, done: int, total: int) -> None: ...

    def embedded(self, passages: int) -> None: ...


class Silent:
    def documents(self, done: int, total: int) -> None: ...

    def embedded(self, passages: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that is not read, and why. `stale` if an earlier version of it still answers."""

    document: str
    reason: str
    stale: bool


@dataclass(frozen=True, slots=True)
class ReindexReport:
    """What a reindex did, or with `dry_run` would do.

    `generation` is None after a dry run over nothing. `embedded` and `reused` count passages of
    added and changed documents. `outdated` if everything was read anew because the index had been
    made by an older version.
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
    seconds: float = 0.0
    dry_run: bool = False
    outdated: bool = False


@dataclass(frozen=True, slots=True)
class _Plan:
    """`read` are the files to read; `gone` are names to drop; `kept` are as they were."""

    read: tuple[CorpusFile, ...]
    gone: tuple[str, ...]
    kept: tuple[str, ...]
    blocked: Mapping[str, str]
    """Names that could not be looked at, because their folder cannot be, and why."""
    reopened: frozenset[str]
    """Those of `kept` that were blocked before."""


@dataclass(slots=True)
class _Tally:
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    embedded: int = 0
    reused: int = 0
    now: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))
    """One moment for all: which documents are read together would else tell of the others."""
    dates: dict[str, str] = field(default_factory=dict)
    """When the last good versions were indexed that a new catalog takes over."""


@dataclass(frozen=True, slots=True)
class Reindexer:
    """Keeps one index folder in step with one corpus folder.

    `embedder` is called only when there is something to embed, since loading a model takes longer
    than finding out that nothing changed.
    """

    corpus: Path
    store: IndexStore
    recipe: Recipe
    embedder: Callable[[], Embedder]
    limits: ParsingLimits = field(default_factory=ParsingLimits)
    read: Callable[..., Iterator[Document | UnreadableDocument]] = parse_files
    """As `parse_files` does it; see `ParsingProcess.read_all` for files to be wary of."""

    def run(
        self,
        *,
        full: bool = False,
        dry_run: bool = False,
        drop_missing: bool | Collection[str] = False,
        progress: Progress | None = None,
    ) -> ReindexReport:
        """Brings the index up to date; with `full`, reads and embeds everything anew.

        Over an index of an older version it reads everything anew without being asked, and embeds
        what that one does not hold from the same model.

        A document that cannot be read stops no other. One that was good before stays answerable
        from its last good version. `drop_missing`, as such or for some names, says that documents
        are meant to be gone; else it raises CorpusShrunk where more than half are, as they seem to
        be when a folder is not mounted. Raises CorpusUnavailable, IndexBusy, IndexNotWritten,
        ModelUnavailable, and unless `full` IndexMismatch, IndexNewer and IndexDamaged.
        """
        started = time.monotonic()
        if dry_run:
            base = self._base(full)
            outdated = self._is_outdated(base, full)
            report = self._compare(base, full or outdated)
        else:
            with self.store.lock():
                base = self._sound_base(full)
                outdated = self._is_outdated(base, full)
                report = self._update(base, full, outdated, drop_missing, progress or Silent())
        seconds = time.monotonic() - started
        return replace(report, seconds=seconds, dry_run=dry_run, outdated=outdated)

    def _sound_base(self, full: bool) -> Generation | None:
        try:
            return self._base(full)
        except IndexDamaged:
            recover(self.store)
            return self._base(full)

    def _base(self, full: bool) -> Generation | None:
        """The generation to start from; a full rebuild takes what can be had of an old one."""
        try:
            return self.store.open(None if full else self.recipe)
        except IndexMissing:
            return None
        except IndexOutdated:
            return self.store.open(None)
        except (IndexMismatch, IndexDamaged):
            if not full:
                raise
            return None

    def _is_outdated(self, base: Generation | None, full: bool) -> bool:
        return base is not None and not full and base.manifest.recipe != self.recipe

    def _compare(self, base: Generation | None, full: bool) -> ReindexReport:
        """What a run would do, without reading a document or loading a model."""
        plan = self._plan(base, full)
        known = base.catalog.document_names() if base else set()
        to_read = [file for file in plan.read if not file.problem]
        added = tuple(file.name for file in to_read if file.name not in known)
        files = base.catalog.files() if base else {}
        failed = {name: files[name][1] or plan.blocked[name] for name in plan.blocked}
        failed |= {name: files[name][1] or "" for name in plan.kept if name not in plan.reopened}
        failed |= {file.name: file.problem for file in plan.read if file.problem}
        failed = {name: reason for name, reason in failed.items() if reason}
        return ReindexReport(
            generation=base.number if base else None,
            documents=len((known | set(added)) - set(plan.gone)),
            passages=base.catalog.passage_count() if base else 0,
            added=added,
            changed=tuple(file.name for file in to_read if file.name in known),
            removed=tuple(name for name in plan.gone if name in known),
            unchanged=len([name for name in plan.kept if name not in failed]),
            failed=tuple(Failure(name, failed[name], name in known) for name in sorted(failed)),
        )

    def _plan(self, base: Generation | None, full: bool) -> _Plan:
        found = scan(self.corpus, SUFFIXES)
        known = base.catalog.files() if base else {}
        looked_at_ns = base.manifest.looked_at_ns if base else 0
        if looked_at_ns > time.time_ns():  # a clock was wrong, so no date can be relied on
            looked_at_ns = 0
        same_limits = base is not None and base.manifest.limits == asdict(self.limits)
        closed = {file.name: file.problem or "" for file in found.values() if file.is_folder}
        kept = {
            name
            for name, file in found.items()
            if name in known
            and not full
            and file.same_as(known[name][0], looked_at_ns)
            and (file.problem is None or file.problem == known[name][1])
            and (same_limits or known[name][1] is None)
        }
        blocked = {
            name: reason
            for name in known
            for folder, reason in closed.items()
            if name not in found and name.startswith(f"{folder}/")
        }
        return _Plan(
            read=tuple(file for name, file in found.items() if name not in kept),
            gone=tuple(sorted(known.keys() - found.keys() - blocked.keys())),
            kept=tuple(sorted(kept)),
            blocked=blocked,
            # Only of a file that could be read, once, is there a hash beside a failure.
            reopened=frozenset(n for n in kept if known[n][1] and known[n][0].sha256),
        )

    def _update(
        self,
        base: Generation | None,
        full: bool,
        outdated: bool,
        drop_missing: bool | Collection[str],
        progress: Progress,
    ) -> ReindexReport:
        looked_at_ns = time.time_ns()
        anew = full or outdated
        plan = self._plan(base, anew)
        if base and drop_missing is not True:
            meant = drop_missing or ()
            known_names = base.catalog.document_names()
            missing = [name for name in plan.gone if name in known_names and name not in meant]
            if 2 * len(missing) > len(known_names):
                raise CorpusShrunk(self.corpus, len(missing), len(known_names))
        known = base.catalog.files() if base else {}
        newly_blocked = {
            name: reason
            for name, reason in plan.blocked.items()
            if anew or (known[name][0].sha256 and known[name][1] != reason)
        }
        if base and not (anew or plan.read or plan.gone or newly_blocked or plan.reopened):
            self.store.mended()
            return self._report(base.manifest, base.catalog, _Tally(), plan, known_before=set())
        before = base.catalog.document_names() if base else set()
        copied = base.number if base and not anew else None
        with self.store.stage(copied) as staging:
            fresh = copied is None
            catalog = (Catalog.create if fresh else Catalog.edit)(staging / CATALOG)
            if fresh:
                vectors: VectorIndex = FaissVectors(self.embedder().dimension)
            else:
                vectors = FaissVectors.load(staging / VECTORS)
            sources = [(catalog, vectors)]
            if base and outdated and base.manifest.recipe.fingerprint == self.recipe.fingerprint:
                sources.append((base.catalog, base.vectors))
            tally = _Tally()
            documents = self._documents(plan, catalog, base, tally, before, progress)
            for batch in _batches(documents, self.embedder, self.recipe.target_tokens):
                self._index(batch, sources, tally, progress)
            for name in plan.gone:
                catalog.delete_document(name)
                vectors.remove(catalog.delete_passages(name))
                catalog.delete_file(name)
            for name, reason in newly_blocked.items():
                state, failure = known[name]
                catalog.put_file(name, state, reason if state.sha256 else failure)
            for name in plan.reopened:
                catalog.put_file(name, known[name][0], None)
            manifest = Manifest(
                number=0,
                created_at=datetime.now(UTC).isoformat(timespec="seconds"),
                looked_at_ns=looked_at_ns,
                documents=len(catalog.document_names()),
                passages=catalog.passage_count(),
                recipe=self.recipe,
                limits=asdict(self.limits),
                files={},
            )
            report = self._report(manifest, catalog, tally, plan, before)
            catalog.commit()
            vectors.save(staging / VECTORS)
            published = self.store.publish(staging, manifest)
        self.store.prune()
        return replace(report, generation=published.number)

    def _documents(
        self,
        plan: _Plan,
        catalog: Catalog,
        base: Generation | None,
        tally: _Tally,
        before: set[str],
        progress: Progress,
    ) -> Iterator[Document]:
        """The documents to index, as they are read; what cannot be read is noted and passed over.

        Where the catalog is a new one, the last good version of an unreadable document comes from
        the generation before.
        """
        files = [(file.path, file.name) for file in plan.read if not file.problem]
        found = self.read(files, limits=self.limits)
        for number, file in enumerate(plan.read):
            progress.documents(number, len(plan.read))
            document = UnreadableDocument(file.problem) if file.problem else next(found)
            if isinstance(document, UnreadableDocument):
                state = UNOPENED if document.unopened else file.state
                catalog.put_file(file.name, state, document.reason)
                yield from _last_good(file.name, catalog, base, tally)
                continue
            catalog.put_file(file.name, replace(file.state, sha256=document.sha256), None)
            (tally.changed if file.name in before else tally.added).append(file.name)
            yield document
        for name in plan.blocked:
            yield from _last_good(name, catalog, base, tally)
        progress.documents(len(plan.read), len(plan.read))

    def _index(
        self,
        batch: list[tuple[Document, list[Passage]]],
        sources: Sequence[tuple[Catalog, VectorIndex]],
        tally: _Tally,
        progress: Progress,
    ) -> None:
        """Stores the documents in the first of `sources`, and embeds what none of them has."""
        catalog, vectors = sources[0]
        hashes = {
            hashlib.sha256(passage.index_text.encode()).digest(): passage.index_text
            for _, passages in batch
            for passage in passages
        }
        found: dict[bytes, Vectors] = {}
        for known, known_vectors in sources:
            keys = {digest: known.key_of_text(digest) for digest in hashes if digest not in found}
            reusable = {digest: key for digest, key in keys.items() if key is not None}
            found.update(zip(reusable, known_vectors.get(list(reusable.values())), strict=True))
        missing = [digest for digest in hashes if digest not in found]
        if missing:
            texts = [hashes[digest] for digest in missing]
            embedded = self.embedder().embed_passages(texts, progress.embedded)
            found.update(zip(missing, embedded, strict=True))
        tally.embedded += len(missing)
        tally.reused += sum(len(passages) for _, passages in batch) - len(missing)
        for document, passages in batch:
            vectors.remove(catalog.delete_passages(document.name))
            catalog.put_document(document, tally.dates.get(document.name, tally.now))
            digests = [hashlib.sha256(p.index_text.encode()).digest() for p in passages]
            new_keys = [
                catalog.put_passage(passage, digest)
                for passage, digest in zip(passages, digests, strict=True)
            ]
            if new_keys:
                vectors.add(new_keys, np.stack([found[digest] for digest in digests]))

    def _report(
        self,
        manifest: Manifest,
        catalog: Catalog,
        tally: _Tally,
        plan: _Plan,
        known_before: set[str],
    ) -> ReindexReport:
        names = catalog.document_names()
        failed = tuple(
            Failure(name, failure, name in names)
            for name, (_, failure) in sorted(catalog.files().items())
            if failure
        )
        not_read = {failure.document for failure in failed}
        return ReindexReport(
            generation=manifest.number,
            documents=len(names),
            passages=catalog.passage_count(),
            added=tuple(tally.added),
            changed=tuple(tally.changed),
            removed=tuple(name for name in plan.gone if name in known_before),
            unchanged=len([name for name in plan.kept if name not in not_read]),
            failed=failed,
            embedded=tally.embedded,
            reused=tally.reused,
        )


def _last_good(
    name: str, catalog: Catalog, base: Generation | None, tally: _Tally
) -> Iterator[Document]:
    """The version of the generation before, if the catalog is a new one that lacks it."""
    if base and not catalog.document(name) and (document := base.catalog.document(name)):
        tally.dates[name] = base.catalog.indexed_at(name) or ""
        yield document


def _batches(
    documents: Iterable[Document], embedder: Callable[[], Embedder], target_tokens: int
) -> Iterator[list[tuple[Document, list[Passage]]]]:
    """Documents with their passages, `_PASSAGES_AT_ONCE` or somewhat more at a time."""
    batch: list[tuple[Document, list[Passage]]] = []
    size = 0
    for document in documents:
        model = embedder()
        limits = ChunkLimits(target=target_tokens, most=model.max_tokens)
        batch.append((document, split(document, model.count_tokens, limits)))
        size += len(batch[-1][1])
        if size >= _PASSAGES_AT_ONCE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
