"""Stores of an index as tests of their contract use them, whatever they keep it in."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import AbstractContextManager, ExitStack, closing
from pathlib import Path
from typing import Protocol

import numpy as np

from index.document import Document
from index.store.current import CurrentGeneration
from index.store.folder.store import IndexStore
from index.store.generation import Generation
from index.store.ports import Store
from index.store.postgres.connection import Server
from index.store.postgres.store import PostgresStore
from index.store.segments.files import segments_in, stored_segment
from index.store.segments.merging import MERGING, FolderMerging, MergeFolder
from testing.fakes import WordEmbedder, publish, recipe_of


class StoreUnderTest(Protocol):
    """One store, as one process sees it."""

    def publish(self, *documents: Document, without: Collection[str] = ()) -> int:
        """Publish these documents beside and in place of those before, without some; return the
        generation's number. Vectors are those of a WordEmbedder."""
        ...

    def rollback(self) -> None: ...

    def generation(self) -> Generation:
        """Return the generation that answers now."""
        ...

    def lock(self) -> AbstractContextManager[None]:
        """Hold the right to write; raises IndexBusy."""
        ...

    def beside(self) -> StoreUnderTest:
        """Return the same store as another process sees it."""
        ...


class _Opened:
    """A store, and the generation of it that answers."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._current = CurrentGeneration(store, recipe_of())

    def publish(self, *documents: Document, without: Collection[str] = ()) -> int:
        base = self._store.pointer().current if self._store.numbers() else None
        with self._store.lock():
            made = publish(self._store, *documents, base=base, without=without)
            self._store.prune()
        return made.number

    def rollback(self) -> None:
        with self._store.lock():
            self._store.rollback()

    def generation(self) -> Generation:
        return self._current.generation()

    def lock(self) -> AbstractContextManager[None]:
        return self._store.lock()


class FolderStore(_Opened):
    """A store in a folder."""

    def __init__(self, root: Path) -> None:
        super().__init__(IndexStore(root))
        self._root = root

    def beside(self) -> FolderStore:
        return FolderStore(self._root)


class MergingStore(FolderStore):
    """A store in a folder, in which segments become one after each change."""

    def publish(self, *documents: Document, without: Collection[str] = ()) -> int:
        number = super().publish(*documents, without=without)
        self._store.merge()
        return number

    def beside(self) -> MergingStore:
        return MergingStore(self._root)


class ServerStore(_Opened):
    """A store in a database of a PostgreSQL server, to be closed with `processes`."""

    def __init__(self, url: str, processes: ExitStack) -> None:
        self._url = url
        self._processes = processes
        super().__init__(PostgresStore(processes.enter_context(closing(Server(url)))))

    def beside(self) -> ServerStore:
        return ServerStore(self._url, self._processes)


def answers(store: Store) -> list[object]:
    """Return what an index with harbours, gates and quays says, by texts: keys are its own."""
    generation = store.open(None)
    catalog = generation.catalog
    texts = catalog.texts(catalog.keys_of(catalog.document_names()))
    query = WordEmbedder().embed_query("harbour gate")
    found = [
        sorted(texts.values()),
        [(texts[key], score) for key, score in generation.nearest(query, 9)],
        *(
            [(texts[key], score) for key, score in catalog.search(asked, 9)]
            for asked in ("gate 2", "harbour", "quay")
        ),
    ]
    catalog.close()
    return found


def plan_merge(store: IndexStore) -> MergeFolder:
    """Plan to make the segments of the generation that answers into one; return where."""
    generation = store.open(None)
    segments = generation.catalog.segments().all
    names = segments_in(generation.manifest.files)
    kept = [
        stored_segment(name, segment, np.sort(segment.document_keys))
        for name, segment in zip(names, segments, strict=True)
    ]
    generation.catalog.close()
    folder = MergeFolder(store.root / MERGING)
    FolderMerging(folder, store.directory(generation.number)).plan(names, lambda: kept)
    return folder


def folder_of(store: Store) -> IndexStore:
    """Return a store that is in a folder, to look into that."""
    assert isinstance(store, IndexStore)
    return store
