"""Reports for admins: the progress and result of a reindex, and the state of the index."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import datetime

from bot import messages
from bot.discord.rendering.colours import ALERT, ANSWER
from bot.discord.rendering.escape import escape_line, timestamp
from bot.discord.rendering.message import Button, MessagePart, packed
from bot.discord.rendering.naming import named_list
from bot.documents.reindexing.process import ReindexProgress
from bot.documents.reindexing.status import IndexState
from bot.localization import LazyText, _, ngettext
from bot.text import visible_line
from bot.wording.engine import translate
from bot.wording.unread_kinds import unread_lines
from index.indexing.report import Failure, ReindexReport
from index.sources.unread_kinds import is_unread_kind

FOLDER_EMPTY = LazyText("There is nothing in my folder yet. `/upload` puts a document in.")
STATUS_REINDEXING = LazyText("A reindex is running; I answer meanwhile.")
REINDEX_STARTED = LazyText("Reindexing: getting ready …")
_NOT_READ = LazyText("Not read ({number:,})")

_NAME, _REASON = 400, 700


def progress(state: ReindexProgress) -> MessagePart:
    if not state.total:
        return MessagePart(str(REINDEX_STARTED))
    read = [
        _("{done:,} of {documents} read").format(
            done=state.done, documents=messages.documents(state.total)
        ),
        *([messages.pages(state.pages)] if state.pages else []),
        *(
            [_("{passages} taken in").format(passages=messages.passages(state.embedded))]
            if state.embedded
            else []
        ),
        *([] if state.seconds_left is None else [messages.time_left(state.seconds_left)]),
    ]
    return MessagePart(_("Reindexing: {read}. I answer meanwhile.").format(read=", ".join(read)))


def reindexed(
    report: ReindexReport, *, rows: Sequence[Sequence[Button]] = (), most: int | None = None
) -> list[MessagePart]:
    """Return the result of a reindex, and the documents added, changed, removed or not read.

    Of a longer list, only the first `most` are named, and the rest is counted.
    """
    lines = [_would_do(report) if report.dry_run else _done(report), *_lists(report, most)]
    if report.unwatched:
        lines.insert(0, f"⚠️ {messages.UNWATCHED}\n")
    colour = ALERT if report.failed or report.unwatched else ANSWER
    return packed(lines, between="\n", colour=colour, rows=rows)


def reindexed_text(report: ReindexReport) -> str:
    """Return the complete lists of `reindexed` as plain text for a file."""
    lines: list[str] = []
    for head, names in _listed(report):
        lines += [head, *(f"- {visible_line(name)}" for name in names), ""]
    if report.failed:
        lines.append(_failed_head(report))
        lines += [
            f"- {visible_line(f'{one.document}: {translate(one.reason)}')}" for one in report.failed
        ]
    return "\n".join(lines)


def state(
    found: IndexState,
    *,
    problems: Sequence[str] = (),
    more: Sequence[str] = (),
    reading: bool = False,
) -> list[MessagePart]:
    """Return how the bot is: what is wrong, what it answers from, `more`, and failing documents.

    `problems` and `more` are lines of markup. `reading` tells that a reindex runs.
    """
    wrong = list(problems)
    if found.problem and not found.is_missing:
        problem = escape_line(translate(found.problem), _REASON)
        # A reindex that failed says of the same thing what it left as it was.
        if not any(problem in each for each in wrong):
            wrong.insert(0, problem)
    first = []
    if found.is_missing:
        waits = messages.INDEX_GONE if found.is_gone else messages.FIRST_DOCUMENTS
        first = [str((messages.FIRST_READING if reading else waits).bold())]
    elif reading:
        more = [str(STATUS_REINDEXING), *more]
    lines = [*(f"⚠️ {line}" for line in wrong), *first, *_index(found), *more]
    kinds = unread_lines(reason for _name, reason in found.unread)
    count = len(found.failing) + len(found.unread)
    failing = [escape_line(name, _NAME) for name in (*found.failing, *kinds)]
    lines += named_list(_NOT_READ.format(number=count), failing)
    trouble = wrong or found.failing or found.unread
    return packed(lines, between="\n", colour=ALERT if trouble else ANSWER)


# A reindex


def _to_do(report: ReindexReport) -> int:
    return len(report.added) + len(report.changed) + len(report.removed)


def _done(report: ReindexReport) -> str:
    if not (report.documents or report.failed or report.removed or report.held):
        return str(FOLDER_EMPTY)
    documents = messages.documents(report.documents)
    now = _("I answer from {documents}.").format(documents=documents)
    if not (_to_do(report) or report.outdated):
        return f"{messages.NOTHING_CHANGED} {now}"
    if not math.isnan(report.seconds):  # else it is not for this reader
        took = messages.seconds(max(1, round(report.seconds)))
        now = _("I now answer from {documents}. That took {seconds}.").format(
            documents=documents, seconds=took
        )
    return f"{messages.READ_ANEW}\n{now}" if report.outdated else now


def _would_do(report: ReindexReport) -> str:
    to_do = _to_do(report)
    return str(messages.would_do(to_do) if to_do else messages.NOTHING_CHANGED)


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
    held = _("Kept out by a rollback ({number:,})").format(number=len(report.held))
    for head, names in (*_listed(report), (held, [each.name for each in report.held])):
        yield from named_list(head, [escape_line(name, _NAME) for name in names], most)
    if report.failed:
        failed = [one for one in report.failed if one.stale or not is_unread_kind(one.reason)]
        lines = list(named_list(_failed_head(report), list(map(_failure, failed)), most))
        yield from lines or [f"\n**{_failed_head(report)}**"]
        kinds = unread_lines(one.reason for one in report.failed if not one.stale)
        yield from (f"- {escape_line(line, _REASON)}" for line in kinds)


def _failure(failure: Failure) -> str:
    if failure.stale:
        template = _("{document}: {reason}. Its last good version still answers.")
    else:
        template = "{document}: {reason}."
    return template.format(
        document=escape_line(failure.document, _NAME),
        reason=escape_line(translate(failure.reason.rstrip(".")), _REASON),
    )


# The state


def _index(found: IndexState) -> Iterator[str]:
    if found.generation is None:
        return
    if found.damaged is not None and found.generation:
        yield f"⚠️ {_mended(found.damaged, found.generation)}"
    created = datetime.fromisoformat(found.created_at or "1970-01-01T00:00:00+00:00")
    yield _("**I answer from {documents}**, brought up to date {age}.").format(
        documents=messages.documents(found.documents), age=timestamp(created, "R")
    )
    if found.changes is not None and _to_do(found.changes):
        yield _("Since then: {changes}. `/reindex` takes that in.").format(
            changes=_(", ").join(_changed(found.changes))
        )
    elif found.changes is not None:
        yield _("Nothing has changed since then.")
    if found.changes is not None and found.changes.held:
        yield ngettext(
            "{n:,} file is kept out by a rollback; `/documents` leads to it.",
            "{n:,} files are kept out by a rollback; `/documents` leads to them.",
            len(found.changes.held),
        ).format(n=len(found.changes.held))


def _changed(report: ReindexReport) -> Iterator[str]:
    """Yield how many documents a reindex would add, read again and remove, without noughts."""
    counts = (
        (_("{documents} new"), report.added),
        (_("{documents} changed"), report.changed),
        (_("{documents} gone"), report.removed),
    )
    for template, names in counts:
        if names:
            yield template.format(documents=messages.documents(len(names)))


def _mended(damaged: int, generation: int) -> str:
    """Say what was found damaged; 0 for what says which generation answers."""
    if not damaged:
        return _(
            "The file that says which generation answers was damaged. Generation {generation:,}, "
            "the newest, answers; `/reindex` brings it up to date."
        ).format(generation=generation)
    return _(
        "Generation {damaged:,} was found damaged and is not used. Generation {generation:,} was "
        "made of what was whole; `/reindex` brings back what is missing."
    ).format(damaged=damaged, generation=generation)
