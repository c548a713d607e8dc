"""Cached results keep alive neither their object nor a generation that nobody uses."""

from __future__ import annotations

import gc
from pathlib import Path
from weakref import ref

import pytest

from index.store.cached_results import keep_results
from index.store.folder.store import IndexStore
from index.store.segments.files import WORDS
from testing.fakes import document_of, publish


class Counter:
    def __init__(self) -> None:
        self.asked: list[int] = []
        self.doubled = keep_results(self._double, 2)

    def _double(self, number: int) -> int:
        self.asked.append(number)
        return 2 * number


def test_the_last_results_are_kept() -> None:
    counter = Counter()
    assert [counter.doubled(number) for number in (1, 1, 2, 3, 1)] == [2, 2, 4, 6, 2]
    assert counter.asked == [1, 2, 3, 1]


def mapped(folder: Path) -> list[str]:
    """Return the files of segments that this process has open."""
    links = [link for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    paths = [str(link.readlink()) for link in links]
    return [path for path in paths if path.startswith(str(folder)) and WORDS in path]


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="only Linux lists what is open")
def test_of_a_generation_that_nobody_has_no_file_stays_mapped(tmp_path: Path) -> None:
    store = IndexStore(tmp_path)
    publish(store, document_of("Norway sent ships.", name="a.txt"))
    gc.collect()
    gc.disable()
    try:
        generation = store.open(None)
        catalog = generation.catalog
        allowed = catalog.filter_of(["a.txt"])
        assert catalog.search("Norway", 9, allowed)
        assert catalog.search_documents("Norway", 9)
        assert catalog.similar_words("Norwai", 1)
        catalog.written("Norway")
        catalog.name_index().visible_mask(["a.txt"])
        catalog.succession_index().stated_among(["a.txt"])
        generation.nearest(generation.vectors.get(catalog.keys_of(["a.txt"]))[0], 9, allowed)
        assert mapped(tmp_path)
        left = ref(catalog)
        del catalog, generation
        assert left() is None
        assert not mapped(tmp_path)
    finally:
        gc.enable()
