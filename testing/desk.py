"""A corpus that a test writes, and the index made of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from index.indexing.reindex import Reindexer
from index.store.folder.store import IndexStore
from testing.fakes import WordEmbedder, recipe_of


@dataclass
class Desk:
    """A corpus, and an index beside it in the folder `root`."""

    root: Path
    embedder: WordEmbedder = field(default_factory=WordEmbedder)

    def __post_init__(self) -> None:
        self.corpus.mkdir(parents=True, exist_ok=True)

    @property
    def corpus(self) -> Path:
        return self.root / "corpus"

    @cached_property
    def store(self) -> IndexStore:
        return IndexStore(self.root / "index")

    def reindexer(self, **options: Any) -> Reindexer:
        return Reindexer(self.corpus, self.store, recipe_of(), lambda: self.embedder, **options)

    def write(self, name: str, text: str) -> Path:
        path = self.corpus / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def roll_back(self) -> None:
        with self.store.lock():
            self.store.rollback()

    def texts(self) -> dict[str, str]:
        """Return the text of every document that answers, by its name."""
        catalog = self.store.open(None).catalog
        found = map(catalog.document, sorted(catalog.document_names()))
        return {document.name: document.text for document in found if document}
