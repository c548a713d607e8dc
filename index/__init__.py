"""The engine: from documents to cited, verbatim answers. It knows nothing of Discord.

Only what needs no model is imported here; `index.engine`, `index.embedding` and `index.rerank` are
imported where they are used.
"""

from __future__ import annotations

from index.answer import Answer, Excerpt, Hit, NoAnswer, Response, SearchResult
from index.document import Block, BlockKind, Document, Span
from index.errors import BriefingError
from index.live import LiveIndex
from index.passages import Passage
from index.ports import Embedder, Reranker, VectorIndex
from index.reindex import Reindexer, ReindexReport
from index.store import IndexStore
from index.telemetry import switch_off_telemetry

__all__ = [
    "Answer",
    "Block",
    "BlockKind",
    "BriefingError",
    "Document",
    "Embedder",
    "Excerpt",
    "Hit",
    "IndexStore",
    "LiveIndex",
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
