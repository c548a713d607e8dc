"""Merging of segments in the background, tested in the same way for each store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import pytest

from index.store.catalog import catalog as catalog_module
from index.store.ports import Store
from index.store.segments import files as segment_files
from testing.fakes import document_of, publish
from testing.stores import answers

NAMES = [f"plans/{number}.txt" for number in range(6)]
Step: TypeAlias = Callable[[pytest.MonkeyPatch, Callable[..., None]], None]
"""Has the second called in place of one step of merging."""


@dataclass(frozen=True)
class MergedStore:
    """A store, the names of the segments of its current generation, and what removes the others."""

    store: Store
    segments: Callable[[], list[str]]
    prune: Callable[[], object]

    def fill(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Make four segments of one size, and leave all merging to the background."""
        monkeypatch.setattr(catalog_module, "AT_ONCE", 0)
        monkeypatch.setattr(segment_files, "_OF_ONE_SIZE", 4)
        for number in range(4):
            base = self.store.pointer().current if number else None
            opens = document_of(f"The harbour opens at gate {number}.", name=NAMES[number])
            ferry = document_of("A ferry comes.", name=f"ferries/{number}")
            with self.store.lock():
                publish(self.store, opens, ferry, base=base)
        with self.store.lock():
            self.prune()

    def change(self, name: str, text: str | None) -> None:
        """Let a document say something else, or remove it."""
        base = self.store.pointer().current
        with self.store.lock():
            if text is None:
                publish(self.store, base=base, without=[name])
            else:
                publish(self.store, document_of(text, name=name), base=base)
            self.prune()

    def check_that_it_is_taken_in(self) -> None:
        store, before, four = self.store, answers(self.store), self.segments()
        assert len(four) == 4
        assert store.has_merge()
        assert store.merge()
        assert (answers(store), self.segments()) == (before, four)  # nothing changes by itself
        assert not store.has_merge()
        assert not store.merge()
        with store.lock():
            self.prune()  # what waits to be taken in stays
        self.change(NAMES[4], "The quay is closed.")
        assert len(self.segments()) == 2
        assert not set(four) & set(self.segments())
        self.change(NAMES[4], None)
        assert answers(store) == before
        store.verify(store.open(None).manifest)

    def check_that_a_kill_loses_nothing(self, monkeypatch: pytest.MonkeyPatch, step: Step) -> None:
        before = answers(self.store)

        def killed(*_: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            step(patch, killed)
            with pytest.raises(KeyboardInterrupt):
                self.store.merge()
        assert answers(self.store) == before
        assert self.store.has_merge()
        self.change(NAMES[4], "The quay is closed.")
        assert len(self.segments()) == 5
        assert self.store.merge()
        self.change(NAMES[4], None)
        assert answers(self.store) == before
        assert len(self.segments()) < 5
