"""Builder of the next generation: documents become passages, and passages become vectors."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from index.chunking.chunker import ChunkLimits, split
from index.chunking.passage import Passage
from index.document import Document
from index.errors import UnreadableDocument
from index.indexing.plan import Plan
from index.indexing.report import Progress, Tally
from index.indexing.storing import store_document
from index.indexing.withholding import may_be_closed
from index.ports import Embedder, VectorIndex, Vectors
from index.sources.folder import UNOPENED, CorpusFile
from index.store.catalog.catalog import Catalog
from index.store.catalog.history import Moment
from index.store.generation import Generation, Recipe
from index.store.ports import Staged
from index.store.vectors.files import StagedVectors

_PASSAGES_AT_ONCE = 2048
"""Passages to embed together: enough to sort them by length, few enough that the memory needed does
not grow with the corpus."""

_Batch = list[tuple[Document, list[Passage]]]


@dataclass(frozen=True, slots=True)
class _Embedding:
    """A batch whose vectors are on their way.

    `vectors` has those that are known, `missing` the digests of the texts that are embedded. What
    neither has is of the batch before, and known once that is stored.
    """

    batch: _Batch
    vectors: dict[bytes, Vectors]
    missing: list[bytes]
    embedded: Future[Vectors]


class Builder:
    """Fills the catalog and the vectors of a generation that is staged.

    With `anew` they begin empty; otherwise they are copies of those of `base`. With `reuse`, the
    vectors of `base` are taken over where the same model made them.
    """

    def __init__(
        self,
        staged: Staged,
        base: Generation | None,
        recipe: Recipe,
        embedder: Callable[[], Embedder],
        progress: Progress,
        *,
        anew: bool,
        reuse: bool,
    ) -> None:
        self.catalog = staged.catalog
        self.tally = Tally()
        self._vectors = staged.vectors
        self._staged = staged
        self._anew = anew
        self._base = base
        self._known: list[tuple[Catalog, StagedVectors | VectorIndex]] = [
            (self.catalog, self._vectors)
        ]
        if base and reuse and base.manifest.recipe.fingerprint == recipe.fingerprint:
            self._known.append((base.catalog, base.vectors))
        self._target_tokens = recipe.target_tokens
        self._embedder = embedder
        self._progress = progress
        # One moment for all: different ones would tell which documents were indexed together.
        self._now = datetime.now(UTC).isoformat(timespec="seconds")
        self._indexed_at: dict[str, str] = {}
        self._enclosed: set[str] = set()
        self._dropped: list[str] = []

    def parse(
        self,
        plan: Plan,
        parse: Callable[[Iterable[tuple[Path, str]]], Iterator[Document | UnreadableDocument]],
    ) -> Iterator[Document]:
        """Yield the documents to add as they are parsed; note the files that cannot be.

        The last good version of such a file still answers; where the catalog began empty, it is
        taken from `base`. It is dropped where the file may name another audience by now. So are the
        documents in such a file.
        """
        known = plan.known.by_file()
        files = frozenset((*plan.unchanged, *(file.name for file in plan.to_parse)))

        def is_file(name: str) -> bool:
            if plan.known.all_files is None or name in plan.known.files:
                return name in files
            return bool(self.catalog.files([name]))

        parsed = parse([(file.path, file.name) for file in plan.to_parse if not file.problem])
        all_bytes = max(1, sum(file.state.size for file in plan.to_parse))
        read_bytes = 0
        for number, file in enumerate(plan.to_parse):
            self._progress.documents(number, len(plan.to_parse), read_bytes / all_bytes)
            read_bytes += file.state.size
            document = UnreadableDocument(file.problem) if file.problem else next(parsed)
            if isinstance(document, Document) and plan.holds(file.name, document.sha256):
                # It changed since the plan.
                closed = may_be_closed(file, self._base.catalog) if self._base else ()
                yield from self._held(file, plan, closed)
                continue
            if isinstance(document, UnreadableDocument):
                state = UNOPENED if document.unopened else file.state
                self.catalog.put_file(file.name, state, document.reason)
                yield from self._last_good(file.name, self._closed(file, document))
                continue
            remarks = () if document.blocks else document.remarks
            state = replace(file.state, sha256=document.sha256)
            self.catalog.put_file(file.name, state, None, remarks)
            yield from self._documents_in(document, known[file.name], is_file)
        for name in plan.blocked:
            yield from self._last_good(name)
        for file, _taken in plan.quarantined:
            yield from self._held(file, plan, plan.closed)
        self._progress.documents(len(plan.to_parse), len(plan.to_parse), 1.0)

    def add(self, documents: Iterable[Document]) -> None:
        """Split documents into passages, embed these, and store both, a batch at a time.

        While one batch is embedded, the next one is parsed and split.
        """
        last: _Embedding | None = None
        executor, stopped = ThreadPoolExecutor(1, "embedding"), threading.Event()
        try:
            for batch in self._batches(documents):
                started = self._embed(batch, last, executor, stopped)
                self._store_all(last)
                last = started
            self._store_all(last)
        finally:
            stopped.set()
            executor.shutdown(cancel_futures=True)

    def drop(self, plan: Plan) -> None:
        """Remove the documents that are gone, and note which folders cannot be opened."""
        for name in plan.removed_files:
            for each in (name, *self.catalog.enclosed_in(name)):
                if each not in self._enclosed:  # its name may have become that of such a document
                    self._delete(each)
            self.catalog.delete_file(name)
        for name in self._dropped:
            self._delete(name)
        for name, reason in plan.newly_blocked.items():
            state, failure = plan.known.files[name]
            self.catalog.put_file(name, state, reason if state.sha256 else failure)
        for name in plan.reopened:
            self.catalog.put_file(name, plan.known.files[name][0], None)

    def remember(self, moment: Moment, days: int) -> None:
        """Note in the history what becomes of the documents; it goes back so many days.

        The first generation has none.
        """
        history = self.catalog.history
        if self._base:
            if self._anew:
                history.take_over(self._base.catalog.history)
            touched = self.catalog.touched(self._base.catalog)
            history.record(self._base.catalog, self.catalog, moment, touched=touched)
        history.prune(moment, days)

    def save(self) -> None:
        """Write all of it; nothing can be added afterwards."""
        self._staged.save()

    def _delete(self, name: str) -> None:
        self.catalog.delete_passages(name)
        self.catalog.delete_document(name)

    def _documents_in(
        self, document: Document, known: set[str], is_file: Callable[[str], bool]
    ) -> Iterator[Document]:
        """Yield a file's own document, if it has a text, and those that lie in it.

        Of those that are `known`, the others are dropped: they are no longer there, or could not be
        read. No document in a file may take the name of another file.
        """
        own = [replace(document, enclosed=())] if document.blocks else []
        enclosed = [inner for inner in document.enclosed if not is_file(inner.name)]
        self._enclosed.update(inner.name for inner in enclosed)
        gone = sorted(
            name
            for name in known.difference(read.name for read in (*own, *enclosed))
            if name == document.name or not is_file(name)
        )
        self._dropped += gone
        self.tally.removed += gone
        for read in (*own, *enclosed):
            if read.name not in known:
                self.tally.added.append(read.name)
            elif not read.file or self.catalog.sha256(read.name) != read.sha256:
                self.tally.changed.append(read.name)
            yield read

    def _closed(self, file: CorpusFile, failure: UnreadableDocument) -> set[str]:
        """Return the documents of a file that was not read that may be for others by now."""
        if self._base is None or file.problem:
            return set()
        return may_be_closed(file, self._base.catalog, enclosed=not failure.unopened)

    def _held(self, file: CorpusFile, plan: Plan, closed: Collection[str]) -> Iterator[Document]:
        """Yield what goes on answering in the place of a version that is held back."""
        if self._anew and file.name in plan.known.files:
            self.catalog.put_file(file.name, *plan.known.files[file.name])
        yield from self._last_good(file.name, closed)

    def _last_good(self, file: str, closed: Collection[str] = ()) -> Iterator[Document]:
        """Yield the versions in `base` of a file's documents, where the catalog does not have them.

        Those that are `closed` are deleted instead.
        """
        base = self._base.catalog if self._base else self.catalog
        for name in (file, *base.enclosed_in(file)):
            if name in closed:
                self._delete(name)
            elif self.catalog.sha256(name) is None and (document := base.document(name)):
                self._indexed_at[name] = base.indexed_at(name) or ""
                yield document

    def _batches(self, documents: Iterable[Document]) -> Iterator[_Batch]:
        """Yield documents with their passages, about _PASSAGES_AT_ONCE at a time."""
        batch: _Batch = []
        size = 0
        for document in documents:
            model = self._embedder()
            limits = ChunkLimits(target=self._target_tokens, most=model.max_tokens)
            batch.append((document, split(document, model.count_tokens, limits)))
            size += len(batch[-1][1])
            if size >= _PASSAGES_AT_ONCE:
                yield batch
                batch, size = [], 0
        if batch:
            yield batch

    def _embed(
        self,
        batch: _Batch,
        last: _Embedding | None,
        executor: ThreadPoolExecutor,
        stopped: threading.Event,
    ) -> _Embedding:
        """Begin to embed the texts of a batch whose vectors are not known."""
        passages = [passage for _, of_document in batch for passage in of_document]
        texts = {_digest(passage): passage.index_text for passage in passages}
        vectors = self._known_vectors(texts)
        coming = set(last.missing) if last else set[bytes]()
        missing = [digest for digest in texts if digest not in vectors and digest not in coming]
        self.tally.embedded += len(missing)
        self.tally.reused += len(passages) - len(missing)

        def embedded(number: int) -> None:
            if stopped.is_set():
                raise InterruptedError("the reindex has ended")
            self._progress.embedded(number)

        def embed() -> Vectors:
            wanted = [texts[digest] for digest in missing]
            return self._embedder().embed_passages(wanted, embedded)

        if missing:
            return _Embedding(batch, vectors, missing, executor.submit(embed))
        nothing: Future[Vectors] = Future()
        nothing.set_result(np.empty((0, 0), np.float32))
        return _Embedding(batch, vectors, missing, nothing)

    def _known_vectors(self, digests: Iterable[bytes]) -> dict[bytes, Vectors]:
        """Return the vectors of texts that are stored already."""
        vectors: dict[bytes, Vectors] = {}
        for catalog, known in self._known:
            keys = {text: catalog.key_of_text(text) for text in digests if text not in vectors}
            reusable = {digest: key for digest, key in keys.items() if key is not None}
            vectors.update(zip(reusable, known.get(list(reusable.values())), strict=True))
        return vectors

    def _store_all(self, embedding: _Embedding | None) -> None:
        """Store the documents of a batch once it is embedded."""
        if embedding is None:
            return
        embedded = zip(embedding.missing, embedding.embedded.result(), strict=True)
        vectors = embedding.vectors | dict(embedded)
        for document, passages in embedding.batch:
            others = {_digest(passage) for passage in passages} - vectors.keys()
            vectors |= self._known_vectors(others)
            self._store(document, passages, vectors)

    def _store(
        self, document: Document, passages: Sequence[Passage], vectors: dict[bytes, Vectors]
    ) -> None:
        self.catalog.delete_passages(document.name)
        digests = [_digest(passage) for passage in passages]
        indexed_at = self._indexed_at.get(document.name, self._now)
        keys = store_document(document, passages, digests, indexed_at, self.catalog)
        if keys:
            self._vectors.add(keys, np.stack([vectors[digest] for digest in digests]))


def _digest(passage: Passage) -> bytes:
    return hashlib.sha256(passage.index_text.encode()).digest()
