"""Stores a document in the catalog, with its passages and all that is found in it for later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.chunking.passage import Passage
from index.document import Document
from index.indexing.extraction.dated_statements import dated_statements
from index.indexing.extraction.identity import identity_of
from index.indexing.extraction.key_figures import key_figures
from index.indexing.extraction.particulars import lines_of, particulars_of
from index.indexing.extraction.replacements import replacements_of, with_replacements
from index.store.catalog.catalog import Catalog
from index.store.catalog.particulars import ParticularKind


def store_document(
    document: Document,
    passages: Sequence[Passage],
    digests: Sequence[bytes],
    indexed_at: str,
    catalog: Catalog,
) -> list[int]:
    """Store a document with its passages; return their keys.

    Its date, where it states one, is stored as that of its metadata.
    """
    lines = lines_of(document, passages)
    particulars = particulars_of(document, lines)
    dates = (fact.value for fact in particulars if fact.what is ParticularKind.DATE)
    date = next(dates, None)
    if date:
        document = replace(document, metadata={**document.metadata, "date": date})
    catalog.put_document(document, indexed_at)
    keys = [
        catalog.put_passage(passage, digest)
        for passage, digest in zip(passages, digests, strict=True)
    ]
    identity = identity_of(document, particulars)
    replacements = replacements_of(document, lines, particulars, identity)
    catalog.successions.put(identity, [replacement.statement for replacement in replacements])
    stated = {particular.span for particular in particulars if particular.span}
    dated = dated_statements(document, lines, date, stated, keys)
    catalog.particulars.put(document.name, with_replacements(particulars, replacements), dated)
    catalog.figures.put(key_figures(passages, keys))
    return keys
