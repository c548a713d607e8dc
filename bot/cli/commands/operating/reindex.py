"""`reindex`: brings the index up to date with the corpus."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Collection
from functools import partial
from json import loads
from typing import TYPE_CHECKING, Annotated

import typer

from bot.app import composition
from bot.cli.output import report, stewardship
from bot.cli.output.as_json import index as index_as_json
from bot.cli.output.as_json import stewardship as stewardship_as_json
from bot.cli.output.progress import shown_progress
from bot.cli.output.screen import Screen
from bot.cli.session import AsJson, Session, session_of
from bot.documents.reindexing.child import MERGE_FAILED
from bot.localization import _
from bot.text import visible_line
from index.errors import BriefingError, CorpusShrunk, IndexBusy
from index.machine import free_memory, resident_memory

if TYPE_CHECKING:
    from index.answering.versions.proposals import Proposal
    from index.indexing.report import ReindexReport

_MOST_MEMORY = 1_200_000_000
"""Bytes with which a process does not wait for another reindex."""
_LEAST_FREE = 500_000_000
"""Bytes that must be free, so that it waits."""


def reindex(
    context: typer.Context,
    full: Annotated[bool, typer.Option("--full", help="Read and embed everything anew.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")
    ] = False,
    rollback: Annotated[
        bool, typer.Option("--rollback", help="Let the previous generation answer again.")
    ] = False,
    drop_missing: Annotated[
        bool,
        typer.Option(
            "--drop-missing",
            help="Drop what is gone even if it is more than half of all documents.",
        ),
    ] = False,
    dropped: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A document that is meant to be gone."),
    ] = None,
    release: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME", help="A file that a rollback took back, to be taken in as it is now."
        ),
    ] = None,
    json: AsJson = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")] = False,
    events: Annotated[
        bool,
        typer.Option("--events", help="Print progress, and the end, as one JSON object a line."),
    ] = False,
    jobs: Annotated[
        bool,
        typer.Option("--jobs", hidden=True, help="Do what comes in, one JSON object a line."),
    ] = False,
    merge: Annotated[
        bool, typer.Option("--merge", hidden=True, help="Do what was left to the background.")
    ] = False,
) -> None:
    """Bring the index up to date: read and embed what was added or changed, drop what is gone.

    A document that cannot be read is reported and stops no other. The exit code is 0 all the same:
    the index is up to date with all that can be read, and one damaged file must not fail a nightly
    job for good. `check` and `documents` go on naming it.
    """
    session = session_of(context)
    if jobs:
        _do_jobs(session)
        return
    if merge:
        threading.Thread(target=_end_with_parent, daemon=True).start()
        composition.index_store(session.settings).merge()
        return
    if rollback:
        if full or dry_run or release:
            raise typer.BadParameter(_("--rollback stands alone."))
        _roll_back(session, json=json, quiet=quiet)
        return
    if release and not events:
        _require_held(session, release)
    reindexer = session.reindexer()
    run = partial(
        reindexer.run,
        full=full,
        dry_run=dry_run,
        drop_missing=drop_missing or dropped or (),
        release=release or (),
    )
    if events:
        _tell(session.screen, run)
        return
    with shown_progress(session.screen.err, wanted=not (quiet or dry_run)) as progress:
        done = run(progress=progress)
    proposed = [] if done.dry_run or (quiet and not json) else _proposed(session, done)
    if json:
        answer = index_as_json.reindexed(done) | {
            "proposed": stewardship_as_json.proposed(proposed)
        }
        session.screen.write(answer)
    elif not quiet:
        session.screen.show(report.reindexed(done))
        if proposed:
            session.screen.show(stewardship.proposed(proposed), fill=False)
    if not dry_run:
        reindexer.store.merge()


def _do_jobs(session: Session) -> None:
    """Do one reindex after the other, as the lines that come in say, until there are no more.

    The first that fails ends it, and so does one after which memory is scarce.
    """
    reindexer = session.reindexer()
    merging: subprocess.Popen[bytes] | None = None
    for line in sys.stdin:
        job = loads(line)
        if "prepare" in job:
            reindexer.prepare()
            continue
        _tell(session.screen, partial(reindexer.run, **job))
        free = free_memory()
        if resident_memory() > _MOST_MEMORY or (free is not None and free < _LEAST_FREE):
            return
        session.screen.write({"waits": True})
        if not job["dry_run"]:
            reindexer.prepare_parsing()
            if (merging is None or merging.poll() is not None) and reindexer.store.has_merge():
                merging = _start_merging()


def _start_merging() -> subprocess.Popen[bytes]:
    """Start what makes segments one beside the next reindex; it ends with this process."""
    merging = subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "reindex", "--merge"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    threading.Thread(target=_tell_failure, args=(merging,), daemon=True).start()
    return merging


def _tell_failure(merging: subprocess.Popen[bytes]) -> None:
    """Pass on why segments were not made into one, to the bot that reads our errors."""
    assert merging.stderr is not None
    said = merging.stderr.read().decode(errors="replace").strip()
    code = merging.wait()
    if said or code:
        ended = _("it ended with exit code {code}").format(code=code)
        last = said.splitlines()[-1] if said else ended
        print(f"{MERGE_FAILED}{last}", file=sys.stderr, flush=True)


def _end_with_parent() -> None:
    """End this process when the one that started it has ended, which its pipe tells."""
    sys.stdin.buffer.read()
    os._exit(1)


def _tell(screen: Screen, run: Callable[..., ReindexReport]) -> None:
    """Run a reindex, and print its progress and its end."""
    try:
        done = run(progress=_Events(screen))
    except CorpusShrunk as exc:
        screen.write({"gone": exc.gone, "known": exc.known})
        raise
    except IndexBusy:
        screen.write({"busy": True})
        raise
    except BriefingError as exc:
        screen.write({"problem": str(exc)})
        raise
    screen.write({"report": index_as_json.reindexed(done)})


def _require_held(session: Session, names: Collection[str]) -> None:
    """Refuse a name that is mistyped, since nothing would happen."""
    held = {taken.name for taken in session.reindexer().run(dry_run=True).held}
    for name in names:
        if name not in held:
            known = _("Nothing is held back.")
            if held:
                known = _("{name} is not held back; these are: {names}.").format(
                    name=visible_line(name), names=", ".join(map(visible_line, sorted(held)))
                )
            raise typer.BadParameter(known)


def _proposed(session: Session, done: ReindexReport) -> list[Proposal]:
    """Return what the documents that came or changed seem to replace, or to be replaced by."""
    from bot.records.parts.decisions import decisions_in
    from index.answering.versions.proposals import proposals

    came = {*done.added, *done.changed}
    if not came:
        return []
    catalog = composition.current_generation(session.settings).generation().catalog
    decisions = decisions_in(session.settings.records_place)
    found = proposals(catalog, None, decisions)
    return [each for each in found if each.old in came or each.new in came]


class _Events:
    """Prints progress as lines of JSON, for `bot.documents.reindexing.process`."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._pages = self._passages = 0
        self._lock = threading.Lock()

    def documents(self, done: int, total: int, share: float) -> None:
        with self._lock:
            self._screen.write({"documents": done, "total": total, "share": share})

    def pages(self, read: int) -> None:
        with self._lock:
            self._pages += read
            self._screen.write({"pages": self._pages})

    def embedded(self, passages: int) -> None:
        with self._lock:
            self._passages += passages
            self._screen.write({"embedded": self._passages})


def _roll_back(session: Session, *, json: bool, quiet: bool) -> None:
    store = composition.index_store(session.settings)
    with store.lock():
        left_out = store.pointer().closed
        pointer = store.rollback(composition.recipe(session.settings))
    held = [taken.name for taken in session.reindexer().run(dry_run=True).held]
    if json or not quiet:
        written = index_as_json.rolled_back, report.rolled_back
        session.tell(*written, pointer, left_out, held, json=json)
