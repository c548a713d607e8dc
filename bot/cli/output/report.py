"""Reports as text for people: what a reindex did, the index's state, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from bot import messages
from bot.cli.output.present import moment
from bot.localization import _, ngettext
from bot.text import visible_line
from bot.wording.engine import translate
from bot.wording.unread_kinds import unread_lines
from index.sources.unread_kinds import is_unread_kind

if TYPE_CHECKING:
    from bot.check_results import CheckResult
    from bot.documents.purge import PurgeReport
    from bot.documents.reindexing.status import IndexState
    from bot.records import PersonCounts
    from bot.records.parts.watches import Watch
    from index.indexing.report import Failure, ReindexReport
    from index.store.pointer import Pointer

_MOST_NAMES = 20
"""Of a long list the first are shown; `--json` has them all."""


def forgotten(person: int, held: PersonCounts, uploads: int) -> Iterator[RenderableType]:
    if held.exchanges or held.marks or held.watches or held.handed or uploads:
        yield Text(
            _(
                "Removed of {person}: questions and searches: {exchanges:,}, marks: {marks:,}, "
                "watches: {watches:,}, handed to people: {handed:,}, waiting uploads: {uploads:,}."
            ).format(
                person=person,
                exchanges=held.exchanges,
                marks=held.marks,
                watches=held.watches,
                handed=held.handed,
                uploads=uploads,
            )
        )
    else:
        yield Text(_("Nothing is kept of {person}.").format(person=person))
    if held.actions:
        yield Text(
            _(
                "Lines about them that stay in the log of what admins did: {actions:,}. "
                "BRIEFING_KEEP_AUDIT_DAYS says for how long."
            ).format(actions=held.actions)
        )
    yield Text(
        _(
            "Not reached: messages in Discord, what the program wrote to its log, backups made "
            "before, and for half an hour the memory of a bot that runs. If a backup is put back, "
            "forget them again."
        )
    )


def watches(found: Sequence[Watch]) -> Iterator[RenderableType]:
    """Say how many questions are watched, and since when."""
    if not found:
        yield Text(_("Nobody watches a question."))
        return
    people = len({watch.person for watch in found})
    answers = sum(watch.awaits_answer for watch in found)
    yield Text(
        ngettext(
            "{n:,} question is watched by {people:,}: {changes:,} for changes, {answers:,} for "
            "an answer.",
            "{n:,} questions are watched, by {people:,} in all: {changes:,} for changes, "
            "{answers:,} for an answer.",
            len(found),
        ).format(n=len(found), people=people, changes=len(found) - answers, answers=answers)
    )
    oldest, ends = min(one.began for one in found), min(one.ends for one in found)
    yield Text(
        _("The oldest was begun {began}; the next ends {ends}.").format(
            began=moment(oldest.isoformat()), ends=moment(ends.isoformat())
        )
    )
    if untold := sum(watch.is_untold for watch in found):
        yield Text(
            ngettext(
                "{n:,} has changed, and its person could not be written to.",
                "{n:,} have changed, and their people could not be written to.",
                untold,
            ).format(n=untold)
        )


def purged(done: PurgeReport) -> Iterator[RenderableType]:
    found = []
    if done.was_indexed:
        found.append(_("the index"))
    for template, number in (
        (_("{number:,} of the removed or replaced files"), done.kept_files),
        (_("{number:,} of the waiting uploads"), done.uploads),
        (_("{number:,} of the recorded questions"), done.exchanges),
    ):
        if number:
            found.append(template.format(number=number))
    name = visible_line(done.document)
    if found:
        yield Text(_("Purged {name}: {found}.").format(name=name, found=", ".join(found)))
    else:
        yield Text(_("Nothing of that name was kept: {name}.").format(name=name))
    if done.generation is not None:
        yield Text(
            _(
                "Generation {generation:,} answers, without a trace of what was removed before; "
                "there is none to roll back to."
            ).format(generation=done.generation)
        )
    yield from _named(_("Documents with the same bytes still answer ({number:,}):"), done.copies)
    yield Text(
        _(
            "Not reached: messages in Discord, its name in the log of what admins did, copies "
            "outside of the bot's folders, and backups made before. Delete those; if one is put "
            "back, purge again."
        )
    )


def reindexed(report: ReindexReport) -> Iterator[RenderableType]:
    for heading, names in (
        (_("Added ({number:,}):"), report.added),
        (_("Changed ({number:,}):"), report.changed),
        (_("Removed ({number:,}):"), report.removed),
    ):
        yield from _named(heading, names)
    if report.failed:
        yield Text(_("Not read ({number:,}):").format(number=len(report.failed)), style="bold red")
        failed = [one for one in report.failed if one.stale or not is_unread_kind(one.reason)]
        yield from (_failed(failure) for failure in failed[:_MOST_NAMES])
        yield from _more(len(failed))
        kinds = unread_lines(one.reason for one in report.failed if not one.stale)
        yield from (Text(f"  {visible_line(line)}") for line in kinds)
    yield from _held([taken.name for taken in report.held])
    yield _dry_run(report) if report.dry_run else _done(report)
    if report.unwatched:
        yield Text(str(messages.UNWATCHED), style="bold red")


def _held(names: Sequence[str]) -> Iterator[Text]:
    yield from _named(_("Held back since a rollback ({number:,}):"), names)
    if names:
        yield Text(
            _("They stay out until they change, or until `briefing-bot reindex --release NAME`.")
        )


def _named(heading: str, names: Sequence[str]) -> Iterator[Text]:
    if names:
        yield Text(heading.format(number=len(names)), style="bold")
        yield from (Text(f"  {visible_line(name)}") for name in names[:_MOST_NAMES])
        yield from _more(len(names))


def _more(number: int) -> Iterator[Text]:
    if number > _MOST_NAMES:
        yield Text(f"  {messages.and_more(number=number - _MOST_NAMES)}")


def _failed(failure: Failure) -> Text:
    if failure.stale:
        template = _("  {document}: {reason}; its last good version still answers")
    else:
        template = "  {document}: {reason}"
    return Text(
        template.format(
            document=visible_line(failure.document), reason=visible_line(translate(failure.reason))
        )
    )


def _dry_run(report: ReindexReport) -> Text:
    to_do = len(report.added) + len(report.changed) + len(report.removed)
    if not to_do:
        return Text(str(messages.NOTHING_CHANGED))
    return Text(messages.would_do(to_do))


def _done(report: ReindexReport) -> Text:
    did = len(report.added) + len(report.changed) + len(report.removed)
    if not did and not report.outdated:
        before = str(messages.NOTHING_CHANGED)
        template = _("Generation {generation} holds {documents} in {passages}.")
    else:
        before = str(messages.READ_ANEW) if report.outdated else ""
        template = _(
            "Generation {generation} holds {documents} in {passages}; {embedded} embedded, "
            "{reused:,} reused, in {seconds:.1f} s."
        )
    done = template.format(
        generation=report.generation,
        documents=messages.documents(report.documents),
        passages=messages.passages(report.passages),
        embedded=messages.passages(report.embedded),
        reused=report.reused,
        seconds=report.seconds,
    )
    return Text(f"{before} {done}".strip())


def rolled_back(
    pointer: Pointer, left_out: Sequence[str], held: Sequence[str] = ()
) -> Iterator[RenderableType]:
    yield Text(
        _(
            "Generation {current} answers now; generation {previous} is kept, and the same command "
            "goes back to it."
        ).format(current=pointer.current, previous=pointer.previous)
    )
    if left_out:
        template = _("Left out, as they are for others now: {names}.")
        yield Text(visible_line(template.format(names=_listed(left_out))))
    yield from _held(held)


def state(found: IndexState) -> Iterator[RenderableType]:
    rows: list[tuple[str, str]] = []
    if found.generation is not None:
        template = _("{generation}, with {previous} kept for rollback")
        if not found.previous:
            template = "{generation}"
        rows += [
            (
                _("Generation"),
                template.format(generation=found.generation, previous=found.previous),
            ),
            *([(_("Mended"), _mended(found.damaged))] if found.damaged is not None else []),
            (
                _("Created"),
                _("{moment} ({age} ago)").format(
                    moment=moment(found.created_at or ""), age=_age(max(0, found.age_seconds or 0))
                ),
            ),
            (_("Documents"), f"{found.documents:,}"),
            (_("Passages"), f"{found.passages:,}"),
            (_("Not read"), _unread(found)),
            (_("Model"), found.model or ""),
        ]
    rows += [
        (_("Index"), f"{found.index} ({found.index_bytes / 1e6:,.1f} MB)"),
        (_("Corpus"), str(found.corpus)),
    ]
    if found.changes is not None:
        rows.append((_("Since then"), _changes(found.changes)))
        if found.changes.held:
            held = _listed([taken.name for taken in found.changes.held])
            rows.append((_("Held back"), _("{names}, since a rollback").format(names=held)))
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="bold", no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in rows:
        grid.add_row(name, Text("\n".join(map(visible_line, value.split("\n")))))
    yield grid
    if found.problem:
        yield ""
        yield Text(visible_line(found.problem), style="red")


def _unread(found: IndexState) -> str:
    failing = [_listed(found.failing)] if found.failing else []
    kinds = unread_lines(reason for _name, reason in found.unread)
    return "\n".join([*failing, *kinds]) or _("none")


def _mended(damaged: int) -> str:
    if damaged:
        return _(
            "generation {damaged} was found damaged; this one was made of what was whole. Run "
            "`briefing-bot reindex`"
        ).format(damaged=damaged)
    return _(
        "the file CURRENT was found damaged; this is the newest generation. Run `briefing-bot "
        "reindex`"
    )


def _listed(names: Sequence[str]) -> str:
    return f"{len(names):,}: {', '.join(names[:3])}{', …' if len(names) > 3 else ''}"


def _changes(report: ReindexReport) -> str:
    counts = (
        (len(report.added), _("{number:,} added")),
        (len(report.changed), _("{number:,} changed")),
        (len(report.removed), _("{number:,} removed")),
    )
    changes = ", ".join(template.format(number=number) for number, template in counts if number)
    if not changes:
        return _("nothing has changed")
    return _("{changes}: run `briefing-bot reindex`").format(changes=changes)


def _age(seconds: int) -> str:
    if days := seconds // 86_400:
        return ngettext("{n:,} day", "{n:,} days", days).format(n=days)
    if hours := seconds // 3_600:
        return ngettext("{n:,} hour", "{n:,} hours", hours).format(n=hours)
    if minutes := seconds // 60:
        return ngettext("{n:,} minute", "{n:,} minutes", minutes).format(n=minutes)
    return messages.seconds(seconds)


def findings(found: Sequence[CheckResult]) -> Iterator[RenderableType]:
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
            ngettext(
                "{n} thing that is needed is missing.",
                "{n} things that are needed are missing.",
                missing,
            ).format(n=missing),
            style="red",
        )
    else:
        yield Text(_("Everything that is needed is here."), style="green")
