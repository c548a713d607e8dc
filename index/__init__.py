"""The engine: from documents to cited, verbatim answers. It knows nothing of Discord.

Only what needs no model is imported here; `index.answering.engine`, `index.models.embedder` and
`index.models.reranker` are
imported where they are used.
"""

from __future__ import annotations

from index.answering.answer import Answer, Excerpt, Hit, NoAnswer, Response, SearchResult
from index.chunking.chunker import Passage
from index.document import Block, BlockKind, Document, Span
from index.errors import BriefingError
from index.indexing.reindex import Reindexer
from index.indexing.report import ReindexReport
from index.ports import Embedder, Reranker, VectorIndex
from index.store.current import CurrentGeneration
from index.store.folder import IndexStore
from index.telemetry import switch_off_telemetry

__all__ = [
    "Answer",
    "Block",
    "BlockKind",
    "BriefingError",
    "CurrentGeneration",
    "Document",
    "Embedder",
    "Excerpt",
    "Hit",
    "IndexStore",
    "NoAnswer",
    "Passage",
    "ReindexReport",
    "Reindexer",
    "Reranker",
    "Response",
    "SearchResult",
    "Span",
    "VectorIndex",
]

# Here, since whatever imports a library that reports has imported this first.
switch_off_telemetry()
