"""Reports for admins: the progress and result of a reindex, and the state of the index."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import discord

from bot import messages
from bot.discord.rendering.escape import escape_line
from bot.discord.rendering.message import Button, MessagePart, packed
from bot.documents.reindex_process import ReindexProgress
from bot.localization import _, ngettext
from bot.text import visible_line
from bot.unread_kinds import unread_lines
from index.sources.unread_kinds import is_unread_kind

if TYPE_CHECKING:
    from bot.chat.admission import AdmissionState
    from bot.documents.status import IndexState
    from index.indexing.report import Failure, ReindexReport

__all__ = ["progress", "reindexed", "reindexed_text", "state"]

REINDEX_STARTED = _("Reindexing: getting ready …")
_NOT_READ = _("Not read ({number:,})")

_COLOUR, _TROUBLE = discord.Colour(0x2F6F4F), discord.Colour(0xB5651D)
_NAME, _REASON = 400, 700


def progress(state: ReindexProgress) -> MessagePart:
    """Return a line on a running reindex."""
    if not state.total:
        return MessagePart(REINDEX_STARTED)
    read = [
        _("{done:,} of {documents} read").format(
            done=state.done, documents=messages.documents(state.total)
        ),
        *([messages.pages(state.pages)] if state.pages else []),
        _("{passages} embedded").format(passages=messages.passages(state.embedded)),
        *([] if state.seconds_left is None else [messages.time_left(state.seconds_left)]),
    ]
    return MessagePart(
        _("Reindexing: {read}. Questions are answered meanwhile.").format(read=", ".join(read))
    )


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
    kinds = unread_lines(reason for _name, reason in found.unread)
    count = len(found.failing) + len(found.unread)
    lines += [*more, *_names(_NOT_READ.format(number=count), (*found.failing, *kinds))]
    trouble = found.problem or found.failing or found.unread
    return packed(lines, between="\n", colour=_TROUBLE if trouble else _COLOUR)


# A reindex


def _to_do(report: ReindexReport) -> int:
    return len(report.added) + len(report.changed) + len(report.removed)


def _done(report: ReindexReport) -> str:
    holds = generation_holds(report.generation or 0, report.documents, report.passages)
    if report.outdated:
        holds = f"{messages.READ_ANEW}\n{holds}"
    elif not _to_do(report):
        return f"{messages.NOTHING_CHANGED}\n{holds}"
    if math.isnan(report.seconds):  # it is not for this reader
        return holds
    if report.reused:
        template = _("{passages} embedded and {reused:,} reused in {seconds}.")
    else:
        template = _("{passages} embedded in {seconds}.")
    took = template.format(
        passages=messages.passages(report.embedded),
        reused=report.reused,
        seconds=messages.seconds(max(1, round(report.seconds))),
    )
    return f"{holds}\n{took}"


def generation_holds(generation: int, documents: int, passages: int) -> str:
    return _("Generation {generation:,} holds {documents} in {passages}.").format(
        generation=generation,
        documents=messages.documents(documents),
        passages=messages.passages(passages),
    )


def _would_do(report: ReindexReport) -> str:
    to_do = _to_do(report)
    return messages.would_do(to_do) if to_do else messages.NOTHING_CHANGED


def _listed(report: ReindexReport) -> Iterator[tuple[str, Sequence[str]]]:
    if report.dry_run:
        heads = (
            _("Would be added ({number:,})"),
            _("Would be read again ({number:,})"),
            _("Would be removed ({number:,})"),
        )
    else:
        heads = _("Added ({number:,})"), _("Changed ({number:,})"), _("Removed ({number:,})")
    for head, names in zip(heads, (report.added, report.changed, report.removed), strict=True):
        if names:
            yield head.format(number=len(names)), names


def _failed_head(report: ReindexReport) -> str:
    head = _("Cannot be read ({number:,})") if report.dry_run else _NOT_READ
    return head.format(number=len(report.failed))


def _lists(report: ReindexReport, most: int | None) -> Iterator[str]:
    for head, names in _listed(report):
        yield _head(head)
        yield from (f"- {escape_line(name, _NAME)}" for name in names[:most])
        yield from _more(names, most)
    if report.failed:
        yield _head(_failed_head(report))
        failed = [one for one in report.failed if one.stale or not is_unread_kind(one.reason)]
        yield from (_failure(failure) for failure in failed[:most])
        yield from _more(failed, most)
        kinds = unread_lines(one.reason for one in report.failed if not one.stale)
        yield from (f"- {escape_line(line, _REASON)}" for line in kinds)


def _more(values: Sequence[object], most: int | None) -> Iterator[str]:
    if most is not None and len(values) > most:
        yield f"- {messages.and_more(number=len(values) - most)}"


def _names(head: str, names: Sequence[str]) -> Iterator[str]:
    if names:
        yield _head(head)
        yield from (f"- {escape_line(name, _NAME)}" for name in names)


def _head(text: str) -> str:
    return f"\n**{text}**"


def _failure(failure: Failure) -> str:
    if failure.stale:
        template = _("{document}: {reason}. Its last good version still answers.")
    else:
        template = "{document}: {reason}."
    said = template.format(
        document=escape_line(failure.document, _NAME),
        reason=escape_line(failure.reason.rstrip("."), _REASON),
    )
    return f"- {said}"


# The state


def _index(found: IndexState) -> Iterator[str]:
    if found.generation is None:
        return
    created = datetime.fromisoformat(found.created_at or "1970-01-01T00:00:00+00:00")
    age = f"<t:{int(created.timestamp())}:R>"
    yield _("Generation {generation:,} answers. It was built {age}.").format(
        generation=found.generation, age=age
    )
    yield _("It holds {documents} in {passages}.").format(
        documents=messages.documents(found.documents), passages=messages.passages(found.passages)
    )
    if found.previous:
        yield _("Generation {generation:,} is kept, and can be gone back to.").format(
            generation=found.previous
        )
    if found.damaged is not None and found.generation:
        yield _mended(found.damaged, found.generation)
    if found.index_bytes:
        yield _("The index takes {megabytes:,.1f} MB. The embedding model is {model}.").format(
            megabytes=found.index_bytes / 1e6, model=escape_line(found.model or "", _NAME)
        )
    if found.changes is not None and _to_do(found.changes):
        yield _(
            "Since then, {added} came, {changed} changed and {removed} went: a reindex brings the "
            "index up to date."
        ).format(
            added=messages.documents(len(found.changes.added)),
            changed=messages.documents(len(found.changes.changed)),
            removed=messages.documents(len(found.changes.removed)),
        )
    elif found.changes is not None:
        yield _("Nothing has changed since then.")


def _questions(admission: AdmissionState) -> Iterator[str]:
    yield ngettext(
        "{n:,} question waiting or being answered; {answered:,} answered since the start.",
        "{n:,} questions waiting or being answered; {answered:,} answered since the start.",
        admission.waiting,
    ).format(n=admission.waiting, answered=admission.answered)
    if admission.mean_seconds is not None and admission.worst_seconds is not None:
        yield _("An answer takes {mean:.1f} s; the longest wait of late was {worst:.1f} s.").format(
            mean=admission.mean_seconds, worst=admission.worst_seconds
        )


def _mended(damaged: int, generation: int) -> str:
    """Say what was found damaged; 0 for what says which generation answers."""
    if not damaged:
        return _(
            "The file that says which generation answers was damaged. Generation {generation:,}, "
            "the newest, answers; `/reindex` brings it up to date."
        ).format(generation=generation)
    return _(
        "Generation {damaged:,} was found damaged and is not used. Generation {generation:,} was "
        "made from the one before it, without documents that had changed since; `/reindex` brings "
        "them back."
    ).format(damaged=damaged, generation=generation)
