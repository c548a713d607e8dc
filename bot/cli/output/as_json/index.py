"""Documents, reindexes, states and checks as the JSON objects that are documented for machines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from types import MappingProxyType
from typing import TYPE_CHECKING

from bot.cli.output.as_json.answers import Json
from bot.library.viewing.headings import headings_of
from index.sources.unread_kinds import unread_kinds

if TYPE_CHECKING:
    from bot.check_results import CheckResult
    from bot.documents.reindexing.status import IndexState
    from index.answering.answer import Successor
    from index.document import Document
    from index.indexing.report import ReindexReport
    from index.store.catalog.document_table import DocumentRow
    from index.store.pointer import Pointer


def reindexed(report: ReindexReport) -> Json:
    return {
        "generation": report.generation,
        "documents": report.documents,
        "passages": report.passages,
        "added": list(report.added),
        "changed": list(report.changed),
        "removed": list(report.removed),
        "unchanged": report.unchanged,
        "failed": [asdict(failure) for failure in report.failed],
        "held": [taken.model_dump(mode="json") for taken in report.held],
        "embedded": report.embedded,
        "reused": report.reused,
        "seconds": round(report.seconds, 3),
        "outdated": report.outdated,
        "unwatched": report.unwatched,
    }


def rolled_back(pointer: Pointer, left_out: Sequence[str], held: Sequence[str] = ()) -> Json:
    return {
        "generation": pointer.current,
        "previous": pointer.previous,
        "left_out": list(left_out),
        "held": list(held),
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


def documents(
    generation: int,
    rows: Sequence[DocumentRow],
    replaced: Mapping[str, Successor] = MappingProxyType({}),
) -> Json:
    """Return the list of documents.

    `read` is "ok", "failed", or "stale" where an earlier version of the file still answers. `file`
    is the file that a document lies in, if it is none itself. `replaced_by` is the document that
    holds in its place; null where there is none.
    """
    return {
        "generation": generation,
        "documents": [
            {
                "document": row.name,
                **({"file": row.file} if row.file else {}),
                "title": row.title,
                "date": row.date,
                "replaced_by": new.document if (new := replaced.get(row.name)) else None,
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
        "unread": [
            {"suffix": kind.suffix, "count": kind.count, "advice": kind.advice}
            for kind in unread_kinds(reason for _name, reason in found.unread)
        ],
        "model": found.model,
        "index": found.index,
        "index_bytes": found.index_bytes,
        "corpus": str(found.corpus),
        "changes": changes
        and {
            "added": list(changes.added),
            "changed": list(changes.changed),
            "removed": list(changes.removed),
            "held": [taken.name for taken in changes.held],
        },
        "problem": found.problem,
    }


def findings(found: Sequence[CheckResult]) -> Json:
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
