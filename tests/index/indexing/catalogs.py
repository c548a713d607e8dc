"""Catalogs of documents that were never files."""

from __future__ import annotations

import hashlib
from pathlib import Path

from index.chunking.chunker import ChunkLimits, split
from index.document import Document
from index.indexing.storing import store_document
from index.store.catalog.catalog import Catalog
from testing.fakes import count_words


def catalog_of(folder: Path, *documents: Document) -> Catalog:
    """Return a catalog of these documents, which is open for changes."""
    catalog = Catalog.create(folder / "catalog.sqlite")
    for document in documents:
        passages = split(document, count_words, ChunkLimits(target=60, most=100))
        digests = [hashlib.sha256(each.index_text.encode()).digest() for each in passages]
        store_document(document, passages, digests, "2026-01-06T12:00:00+00:00", catalog)
    return catalog
