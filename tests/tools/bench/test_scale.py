"""The benchmark of many passages, with few."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.store.folder.store import IndexStore
from tools.bench import scale


def test_an_index_is_built_and_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(1)
    drawn = random.standard_normal((30, 384), np.float32)
    real = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    monkeypatch.setattr(scale, "real_vectors", lambda: real)
    scale.built(tmp_path, 300, 4)
    scale._build_reference(tmp_path, IndexStore(tmp_path / "index"))
    ours = scale._ours(tmp_path, 5)
    assert ours["recall@10"] == "1.0000"
    assert ours.keys() > scale._reference(tmp_path, 5).keys()


def test_few_words_are_most_of_a_text() -> None:
    words = " ".join(scale.texts(50, np.random.default_rng(1))).split()
    counts = sorted(map(words.count, set(words)), reverse=True)
    assert len(words) == 50 * 90
    assert sum(counts[:100]) > 0.3 * len(words)
    assert counts.count(1) > 0.2 * len(counts)
