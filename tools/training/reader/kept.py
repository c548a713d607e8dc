"""Keeps models' scores in a file, so that a tool that runs again computes only new ones."""

from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Generic, TypeVar

import numpy as np

from index.chunking.passage import Passage
from index.ports import PassageScores, Reader, Reranker, Vectors

_Value = TypeVar("_Value")


class _Kept(Generic[_Value]):
    """Values by question and name, in a SQLite file of pickles that this program wrote."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Two tools may run at once, on a busy machine.
        self._db = sqlite3.connect(path, timeout=120, isolation_level=None)
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS kept "
            "(question TEXT, name TEXT, value BLOB, PRIMARY KEY (question, name)) WITHOUT ROWID"
        )

    def all(
        self, question: str, names: Sequence[str], ask: Callable[[list[int]], Sequence[_Value]]
    ) -> list[_Value]:
        """Return one value a name; `ask` gets the places of the names without a value."""
        rows = self._db.execute("SELECT name, value FROM kept WHERE question = ?", (question,))
        known = {name: pickle.loads(value) for name, value in rows}
        missing = [place for place, name in enumerate(names) if name not in known]
        if missing:
            answers = dict(zip((names[n] for n in missing), ask(missing), strict=True))
            self._db.executemany(
                "INSERT OR REPLACE INTO kept VALUES (?, ?, ?)",
                [(question, name, pickle.dumps(value)) for name, value in answers.items()],
            )
            known |= answers
        return [known[name] for name in names]


class KeptReader:
    """A reader that scores each passage by itself, with its scores kept at `path`."""

    def __init__(self, reader: Reader, path: Path) -> None:
        self._reader = reader
        self._kept = _Kept[PassageScores](path)

    def read(self, question: str, passages: Sequence[Passage]) -> list[PassageScores]:
        return self._kept.all(
            question,
            # The id does not depend on the context, which the reader sees.
            [f"{passage.id} {passage.context}" for passage in passages],
            lambda places: self._reader.read(question, [passages[n] for n in places]),
        )


class KeptReranker:
    def __init__(self, reranker: Reranker, path: Path) -> None:
        self._reranker = reranker
        self._kept = _Kept[float](path)

    def score(self, query: str, texts: Sequence[str]) -> Vectors:
        scores = self._kept.all(
            query,
            texts,
            lambda places: self._reranker.score(query, [texts[n] for n in places]).tolist(),
        )
        return np.array(scores, dtype=np.float32)
