"""Reports for admins: the progress and result of a reindex, and the state of the index."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import discord

from bot import messages
from bot.discord.rendering.escape import escape_line
from bot.discord.rendering.message import Button, MessagePart, packed
from bot.text import visible_line

if TYPE_CHECKING:
    from bot.chat.admission import AdmissionState
    from bot.documents.status import IndexState
    from index.indexing.reindex import Failure, ReindexReport

__all__ = ["progress", "reindexed", "reindexed_text", "state"]

_COLOUR, _TROUBLE = discord.Colour(0x2F6F4F), discord.Colour(0xB5651D)
_NAME, _REASON = 400, 700


def progress(*, done: int, total: int, embedded: int) -> MessagePart:
    """Return a line on a running reindex: `done` of `total` documents, `embedded` passages."""
    if not total:
        return MessagePart(messages.REINDEX_STARTED)
    return MessagePart(messages.reindex_progress(done=done, total=total, embedded=embedded))


def reindexed(
    report: ReindexReport, *, rows: Sequence[Sequence[Button]] = (), most: int | None = None
) -> list[MessagePart]:
    """Return the result of a reindex, and the documents added, changed, removed or not read.

    Of a longer list, only the first `most` are named, and the rest is counted.
    """
    lines = [_would_do(report) if report.dry_run else _done(report), *_lists(report, most)]
    colour = _TROUBLE if report.failed else _COLOUR
    return packed(lines, between="\n", colour=colour, rows=rows)


def reindexed_text(report: ReindexReport) -> str:
    """Return the complete lists of `reindexed` as plain text for a file."""
    lines: list[str] = []
    for head, names in _listed(report):
        lines += [head, *(f"- {visible_line(name)}" for name in names), ""]
    if report.failed:
        lines.append(_failed_head(report))
        lines += [f"- {visible_line(f'{one.document}: {one.reason}')}" for one in report.failed]
    return "\n".join(lines)


def state(
    found: IndexState, admission: AdmissionState | None = None, *, more: Sequence[str] = ()
) -> list[MessagePart]:
    """Return the state of the index, of the questions with `admission`, and failing documents.

    `more` are lines of markup that come before the names of these documents.
    """
    lines = [*_index(found), *(_questions(admission) if admission else ())]
    if found.problem:
        lines.append(f"⚠️ {escape_line(found.problem, _REASON)}")
    lines += [*more, *_names(messages.failed, found.failing)]
    trouble = found.problem or found.failing
    return packed(lines, between="\n", colour=_TROUBLE if trouble else _COLOUR)


# A reindex


def _to_do(report: ReindexReport) -> int:
    return len(report.added) + len(report.changed) + len(report.removed)


def _done(report: ReindexReport) -> str:
    holds = messages.generation_holds(
        generation=report.generation or 0,
        documents_held=report.documents,
        passages_held=report.passages,
    )
    if report.outdated:
        holds = f"{messages.READ_ANEW}\n{holds}"
    elif not _to_do(report):
        return f"{messages.NOTHING_CHANGED}\n{holds}"
    if math.isnan(report.seconds):  # it is not for this reader
        return holds
    took = messages.reindex_took(
        embedded=report.embedded, reused=report.reused, seconds=report.seconds
    )
    return f"{holds}\n{took}"


def _would_do(report: ReindexReport) -> str:
    to_do = _to_do(report)
    return messages.dry_run_done(number=to_do) if to_do else messages.NOTHING_CHANGED


def _listed(report: ReindexReport) -> Iterator[tuple[str, Sequence[str]]]:
    plan = report.dry_run
    for said, names in (
        (messages.would_add if plan else messages.added, report.added),
        (messages.would_change if plan else messages.changed, report.changed),
        (messages.would_remove if plan else messages.removed, report.removed),
    ):
        if names:
            yield said(number=len(names)), names


def _failed_head(report: ReindexReport) -> str:
    return (messages.would_fail if report.dry_run else messages.failed)(number=len(report.failed))


def _lists(report: ReindexReport, most: int | None) -> Iterator[str]:
    for head, names in _listed(report):
        yield _head(head)
        yield from (f"- {escape_line(name, _NAME)}" for name in names[:most])
        yield from _more(names, most)
    if report.failed:
        yield _head(_failed_head(report))
        yield from (_failure(failure) for failure in report.failed[:most])
        yield from _more(report.failed, most)


def _more(values: Sequence[object], most: int | None) -> Iterator[str]:
    if most is not None and len(values) > most:
        yield f"- {messages.and_more(number=len(values) - most)}"


def _names(said: Callable[..., str], names: Sequence[str]) -> Iterator[str]:
    if names:
        yield _head(said(number=len(names)))
        yield from (f"- {escape_line(name, _NAME)}" for name in names)


def _head(text: str) -> str:
    return f"\n**{text}**"


def _failure(failure: Failure) -> str:
    said = messages.failure(
        document=escape_line(failure.document, _NAME),
        reason=escape_line(failure.reason.rstrip("."), _REASON),
        stale=failure.stale,
    )
    return f"- {said}"


# The state


def _index(found: IndexState) -> Iterator[str]:
    if found.generation is None:
        return
    created = datetime.fromisoformat(found.created_at or "1970-01-01T00:00:00+00:00")
    age = f"<t:{int(created.timestamp())}:R>"
    yield messages.status_generation(generation=found.generation, age=age)
    yield messages.status_holds(documents_held=found.documents, passages_held=found.passages)
    if found.previous:
        yield messages.status_previous(generation=found.previous)
    if found.damaged is not None and found.generation:
        yield messages.index_mended(damaged=found.damaged, generation=found.generation)
    if found.index_bytes:
        yield messages.status_index(
            megabytes=found.index_bytes / 1e6, model=escape_line(found.model or "", _NAME)
        )
    if found.changes is not None and _to_do(found.changes):
        yield messages.status_changes(
            added=len(found.changes.added),
            changed=len(found.changes.changed),
            removed=len(found.changes.removed),
        )
    elif found.changes is not None:
        yield messages.STATUS_UP_TO_DATE


def _questions(admission: AdmissionState) -> Iterator[str]:
    yield messages.status_queue(waiting=admission.waiting, answered=admission.answered)
    if admission.mean_seconds is not None and admission.worst_seconds is not None:
        yield messages.status_speed(mean=admission.mean_seconds, worst=admission.worst_seconds)
