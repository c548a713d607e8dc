"""Values as the JSON objects that are documented for machines, one function for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from bot.library.headings import headings_of

if TYPE_CHECKING:
    from bot.documents.status import IndexState
    from bot.findings import Finding
    from index.answering.answer import Excerpt, Hit, Response, SearchResult
    from index.document import Document
    from index.indexing.report import ReindexReport
    from index.store.catalog import DocumentRow
    from index.store.pointer import Pointer

__all__ = [
    "Json",
    "answer",
    "document",
    "documents",
    "findings",
    "reindexed",
    "rolled_back",
    "search",
    "state",
]

Json: TypeAlias = dict[str, Any]


def answer(response: Response) -> Json:
    """Return an answer or a refusal: `excerpts` is empty for the one, `closest` for the other.

    `uncovered` are the parts of an answered question that the documents do not answer;
    `unmentioned` are names in it that they do not mention.
    """
    return {
        "question": response.question,
        "kind": response.kind,
        "verdict": response.verdict,
        "answered": response.answered,
        "confidence": response.confidence,
        "generation": response.generation,
        "milliseconds": _total_first(response.milliseconds),
        "excerpts": [_excerpt(excerpt) for excerpt in response.excerpts],
        "closest": [_excerpt(excerpt) for excerpt in response.closest],
        "uncovered": list(response.uncovered),
        "unmentioned": list(response.unknown_names),
    }


def _excerpt(excerpt: Excerpt) -> Json:
    return {
        "number": excerpt.number,
        "quote": excerpt.quote,
        "document": excerpt.document,
        "title": excerpt.title,
        "heading": list(excerpt.heading),
        "page": excerpt.page,
        "start": excerpt.span.start,
        "end": excerpt.span.end,
        "passage": excerpt.passage,
        "score": excerpt.score,
    }


def search(result: SearchResult) -> Json:
    return {
        "query": result.query,
        "generation": result.generation,
        "milliseconds": _total_first(result.milliseconds),
        "hits": [_hit(hit) for hit in result.hits],
    }


def _hit(hit: Hit) -> Json:
    passage = hit.passage
    return {
        "rank": hit.rank,
        "score": hit.score,
        "document": passage.document,
        "title": passage.title,
        "heading": list(passage.heading),
        "page": passage.page,
        "start": passage.span.start,
        "end": passage.span.end,
        "text": passage.text,
        "passage": passage.id,
    }


def _total_first(milliseconds: Mapping[str, float]) -> Json:
    return {"total": milliseconds.get("total", 0.0), **milliseconds}


def reindexed(report: ReindexReport) -> Json:
    return {
        "generation": report.generation,
        "documents": report.documents,
        "passages": report.passages,
        "added": list(report.added),
        "changed": list(report.changed),
        "removed": list(report.removed),
        "unchanged": report.unchanged,
        "failed": [
            {"document": failure.document, "reason": failure.reason, "stale": failure.stale}
            for failure in report.failed
        ],
        "embedded": report.embedded,
        "reused": report.reused,
        "seconds": round(report.seconds, 3),
        "outdated": report.outdated,
    }


def rolled_back(pointer: Pointer, left_out: Sequence[str]) -> Json:
    return {
        "generation": pointer.current,
        "previous": pointer.previous,
        "left_out": list(left_out),
    }


def document(found: Document) -> Json:
    """Return a document. `pages` are [start, end) in `text`; headings are as in heading paths."""
    return {
        "document": found.name,
        "title": found.title,
        "sha256": found.sha256,
        "text": found.text,
        "pages": [[page.start, page.end] for page in found.pages],
        "headings": [
            {
                "text": heading.text,
                "level": heading.level,
                "start": heading.span.start,
                "end": heading.span.end,
                "page": heading.page,
            }
            for heading in headings_of(found)
        ],
    }


def documents(generation: int, rows: Sequence[DocumentRow]) -> Json:
    """Return the list of documents.

    `read` is "ok", "failed", or "stale" where an earlier version of the file still answers.
    """
    return {
        "generation": generation,
        "documents": [
            {
                "document": row.name,
                "title": row.title,
                "date": row.date,
                "pages": row.pages,
                "passages": row.passages,
                "indexed_at": row.indexed_at,
                "read": "ok" if not row.failure else "stale" if row.indexed_at else "failed",
                "reason": row.failure,
                "remarks": list(row.remarks),
            }
            for row in rows
        ],
    }


def state(found: IndexState) -> Json:
    """Return the state; `problem` is why the index cannot answer, or cannot be compared."""
    changes = found.changes
    return {
        "generation": found.generation,
        "previous": found.previous,
        "damaged": found.damaged,
        "created_at": found.created_at,
        "age_seconds": found.age_seconds,
        "documents": found.documents,
        "passages": found.passages,
        "failing": list(found.failing),
        "model": found.model,
        "index": str(found.index),
        "index_bytes": found.index_bytes,
        "corpus": str(found.corpus),
        "changes": changes
        and {
            "added": list(changes.added),
            "changed": list(changes.changed),
            "removed": list(changes.removed),
        },
        "problem": found.problem,
    }


def findings(found: Sequence[Finding]) -> Json:
    return {
        "ok": all(finding.ok or not finding.needed for finding in found),
        "checks": [
            {
                "name": finding.name,
                "ok": finding.ok,
                "needed": finding.needed,
                "detail": finding.detail,
                "remedy": finding.remedy,
            }
            for finding in found
        ],
    }
