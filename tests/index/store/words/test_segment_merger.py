"""Segments merged by their arrays are what is built of the texts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import numpy as np
import pytest

from index.chunking.chunker import ChunkLimits, split
from index.store.catalog.catalog import Catalog
from index.store.segments.segment import Segment
from index.store.words.segment_builder import build_segment
from index.store.words.segment_merger import merge_segments
from testing.fakes import document_of

WORDS = (
    "convoy Convoys harbour Hafen Häfen smørbrød 42 café naïve the of 東京 ships ship Öl oel x"
).split()


@pytest.fixture(scope="module")
def catalog() -> Iterator[Catalog]:
    random = Random(3)
    with closing(Catalog.create(Path(":memory:"))) as catalog:
        for number in range(40):
            name = f"{random.choice(('a', 'b/c', ''))}/{number}.md".lstrip("/")
            lines = [
                " ".join(random.choices(WORDS, k=random.randint(0, 30)))
                for _ in range(random.randint(0, 4))
            ]
            document = document_of("\n\n".join(lines), name=name)
            catalog.put_document(document, "")
            for passage in split(document, _count, ChunkLimits(target=20, most=40)):
                catalog.put_passage(passage, b"")
        yield catalog


def _count(texts: object) -> list[int]:
    assert isinstance(texts, list | tuple)
    return [len(text.split()) for text in texts]


@pytest.mark.parametrize("seed", range(6))
def test_merged_is_what_is_built(catalog: Catalog, seed: int) -> None:
    random = Random(seed)
    parts: list[list[int]] = [[] for _ in range(1 + seed % 4)]
    for key in range(1, 41):
        random.choice(parts).append(key)
    segments = [Segment(build_segment(catalog._db, part)) for part in parts if part]
    share = (1.0, 0.7, 0.1)[seed % 3]
    kept = [key for key in range(1, 41) if random.random() < share] or [7]
    built, merged = build_segment(catalog._db, kept), merge_segments(segments, kept)
    assert list(merged) == list(built)
    for name, expected in built.items():
        assert merged[name].dtype == expected.dtype, name
        assert np.array_equal(merged[name], expected), name
