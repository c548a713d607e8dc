"""Reports as text for people: what a reindex did, the index's state, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from bot import messages
from bot.cli.output.present import counted, moment
from bot.text import visible_line

if TYPE_CHECKING:
    from bot.documents.status import IndexState
    from bot.findings import Finding
    from index.indexing.report import Failure, ReindexReport
    from index.store.pointer import Pointer

__all__ = ["findings", "reindexed", "rolled_back", "state"]

_MOST_NAMES = 20
"""Of a long list the first are shown; `--json` has them all."""


def reindexed(report: ReindexReport) -> Iterator[RenderableType]:
    for heading, names in (
        ("Added", report.added),
        ("Changed", report.changed),
        ("Removed", report.removed),
    ):
        yield from _named(heading, names)
    if report.failed:
        yield Text(f"Not read ({len(report.failed):,}):", style="bold red")
        yield from (_failed(failure) for failure in report.failed[:_MOST_NAMES])
        yield from _more(len(report.failed))
    yield _dry_run(report) if report.dry_run else _done(report)


def _named(heading: str, names: Sequence[str]) -> Iterator[Text]:
    if names:
        yield Text(f"{heading} ({len(names):,}):", style="bold")
        yield from (Text(f"  {visible_line(name)}") for name in names[:_MOST_NAMES])
        yield from _more(len(names))


def _more(number: int) -> Iterator[Text]:
    if number > _MOST_NAMES:
        yield Text(f"  and {number - _MOST_NAMES:,} more")


def _failed(failure: Failure) -> Text:
    stale = "; its last good version still answers" if failure.stale else ""
    return Text(f"  {visible_line(failure.document)}: {visible_line(failure.reason)}{stale}")


def _dry_run(report: ReindexReport) -> Text:
    to_do = len(report.added) + len(report.changed) + len(report.removed)
    if not to_do:
        return Text("Nothing has changed.")
    return Text(f"A reindex would do this for {counted(to_do, 'document')}; nothing was done.")


def _done(report: ReindexReport) -> Text:
    did = len(report.added) + len(report.changed) + len(report.removed)
    holds = (
        f"Generation {report.generation} holds {counted(report.documents, 'document')} "
        f"in {counted(report.passages, 'passage')}"
    )
    if not did and not report.outdated:
        return Text(f"Nothing has changed. {holds}.")
    embedded = f"{counted(report.embedded, 'passage')} embedded, {report.reused:,} reused"
    anew = f"{messages.READ_ANEW} " if report.outdated else ""
    return Text(f"{anew}{holds}; {embedded}, in {report.seconds:.1f} s.")


def rolled_back(pointer: Pointer, left_out: Sequence[str]) -> Iterator[RenderableType]:
    yield Text(
        f"Generation {pointer.current} answers now; generation {pointer.previous} is kept, and "
        "the same command goes back to it."
    )
    if left_out:
        yield Text(
            visible_line(
                f"Left out until the next reindex, as they are for others now: {_listed(left_out)}."
            )
        )


def state(found: IndexState) -> Iterator[RenderableType]:
    rows: list[tuple[str, str]] = []
    if found.generation is not None:
        earlier = f", with {found.previous} kept for rollback" if found.previous else ""
        rows += [
            ("Generation", f"{found.generation}{earlier}"),
            *([("Mended", _mended(found.damaged))] if found.damaged is not None else []),
            ("Created", f"{moment(found.created_at or '')} ({_age(found.age_seconds or 0)} ago)"),
            ("Documents", f"{found.documents:,}"),
            ("Passages", f"{found.passages:,}"),
            ("Not read", _listed(found.failing) if found.failing else "none"),
            ("Model", found.model or ""),
        ]
    rows += [
        ("Index", f"{found.index} ({found.index_bytes / 1e6:,.1f} MB)"),
        ("Corpus", str(found.corpus)),
    ]
    if found.changes is not None:
        rows.append(("Since then", _changes(found.changes)))
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="bold", no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in rows:
        grid.add_row(name, Text(visible_line(value)))
    yield grid
    if found.problem:
        yield ""
        yield Text(visible_line(found.problem), style="red")


def _mended(damaged: int) -> str:
    found = (
        f"generation {damaged} was found damaged; this one was made from the one before it, "
        "without documents that had changed since"
        if damaged
        else "the file CURRENT was found damaged; this is the newest generation"
    )
    return f"{found}. Run `briefing-bot reindex`"


def _listed(names: Sequence[str]) -> str:
    return f"{len(names):,}: {', '.join(names[:3])}{', …' if len(names) > 3 else ''}"


def _changes(report: ReindexReport) -> str:
    counts = (
        (len(report.added), "added"),
        (len(report.changed), "changed"),
        (len(report.removed), "removed"),
    )
    said = ", ".join(f"{number:,} {what}" for number, what in counts if number)
    return f"{said}: run `briefing-bot reindex`" if said else "nothing has changed"


def _age(seconds: int) -> str:
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= size:
            return counted(seconds // size, unit)
    return counted(max(0, seconds), "second")


def findings(found: Sequence[Finding]) -> Iterator[RenderableType]:
    """Yield the findings; problems come last, where a reader of a terminal looks first."""
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(no_wrap=True, style="bold")
    grid.add_column(overflow="fold")
    for finding in sorted(
        found, key=lambda finding: (not finding.ok, finding.needed and not finding.ok)
    ):
        sign, style = (
            ("✓", "green") if finding.ok else ("✗", "red") if finding.needed else ("!", "yellow")
        )
        detail = Text(visible_line(finding.detail))
        if finding.remedy:
            detail.append(f" {visible_line(finding.remedy)}", style=style)
        grid.add_row(Text(sign, style=style), visible_line(finding.name), detail)
    yield grid
    yield ""
    missing = sum(1 for finding in found if finding.needed and not finding.ok)
    if missing:
        yield Text(
            f"{counted(missing, 'thing')} that is needed is missing."
            if missing == 1
            else f"{missing} things that are needed are missing.",
            style="red",
        )
    else:
        yield Text("Everything that is needed is here.", style="green")
