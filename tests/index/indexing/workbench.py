"""A desk for reindexes: what is in the index after each, and that it is consistent."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from index.indexing.reindex import Reindexer
from index.indexing.report import ReindexReport
from index.parsing import parse_files
from index.sources.unread_kinds import why_unread
from index.store.catalog.document_table import DocumentRow
from index.store.generation import Generation, Recipe
from testing.desk import Desk
from testing.fakes import LineParser, WordEmbedder, recipe_of

AID = "# Aid\nNorway sends ships.\n"
ROLES = "# Roles\nTroops would monitor borders.\n"
MONEY = "# Money\nEleven billion were given.\n"


@dataclass
class Workbench(Desk):
    """A desk that reads lines, and says how often it loaded the model."""

    parser: LineParser = field(default_factory=LineParser)
    loads: int = 0

    def load(self) -> WordEmbedder:
        self.loads += 1
        return self.embedder

    def reindexer(self, recipe: Recipe | None = None, **options: Any) -> Reindexer:
        made = super().reindexer(parse=partial(parse_files, parse=self.parser), **options)
        return replace(made, recipe=recipe or recipe_of(), embedder=self.load)

    def run(
        self, *, full: bool = False, dry_run: bool = False, drop_missing: bool | list[str] = True
    ) -> ReindexReport:
        return self.reindexer().run(full=full, dry_run=dry_run, drop_missing=drop_missing)

    def open(self) -> Generation:
        return self.store.open(recipe_of())

    def row(self, name: str) -> DocumentRow:
        return next(row for row in self.open().catalog.rows() if row.name == name)

    def files(self) -> dict[str, tuple[bytes, int]]:
        """Everything in the index folder: contents and times."""
        return {
            str(path.relative_to(self.store.root)): (
                path.read_bytes() if path.is_file() else b"",
                path.stat().st_mtime_ns,
            )
            for path in self.store.root.rglob("*")
        }


def by_vector(generation: Generation, query: str) -> dict[str, float]:
    found = generation.vectors.search(WordEmbedder().embed_query(query), 100)
    passages = generation.catalog.passages([key for key, _ in found])
    return {passages[key].id: score for key, score in found}


def by_words(generation: Generation, query: str) -> dict[str, float]:
    found = generation.catalog.search(query, 100)
    passages = generation.catalog.passages([key for key, _ in found])
    return {passages[key].id: score for key, score in found}


def assert_consistent(generation: Generation) -> None:
    """Documents, passages, vectors and words tell of the same."""
    catalog, manifest = generation.catalog, generation.manifest
    names = catalog.document_names()
    assert len(names) == manifest.documents
    assert {each.document for each in catalog.successions.identities()} == names
    assert {each.document for each in catalog.successions.statements()} <= names
    count = 0
    for name in names:
        document = catalog.document(name)
        assert document is not None
        for passage in catalog.passages_of(name):
            assert passage.text == passage.span.of(document.text)
            count += 1
    assert count == catalog.passage_count() == manifest.passages == len(generation.vectors)
    found = generation.vectors.search(WordEmbedder().embed_query("any"), count + 1)
    keys = [key for key, _ in found]
    passages = catalog.passages(keys)
    assert len(passages) == count
    expected = WordEmbedder().embed_passages([passages[key].index_text for key in keys])
    if keys:
        assert generation.vectors.get(keys) == pytest.approx(expected, abs=1e-6)
    for passage in passages.values():
        assert passage.id in by_words(generation, passage.text.split()[-1])


def assert_same(one: Generation, two: Generation) -> None:
    """The same passages, found the same way, and the same that is replaced."""
    assert one.catalog.document_names() == two.catalog.document_names()
    assert one.catalog.successions.identities() == two.catalog.successions.identities()
    assert one.catalog.successions.statements() == two.catalog.successions.statements()
    for name in one.catalog.document_names():
        assert one.catalog.document(name) == two.catalog.document(name)
        assert one.catalog.passages_of(name) == two.catalog.passages_of(name)
    for query in ("norway ships", "troops", "billion given aid", "broken"):
        assert by_vector(one, query) == pytest.approx(by_vector(two, query), abs=1e-6)
        assert by_words(one, query) == pytest.approx(by_words(two, query), abs=1e-6)


def desk_problem(name: str) -> str:
    return why_unread(Path(name).suffix)
