"""Reindexer: how documents become an index, from the scan of the corpus to the next generation.

Only changed files are parsed, and only passages that the index does not have are embedded.
Questions are answered from the last generation until the next one is complete.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path

from index.document import Document
from index.errors import (
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    IndexOutdated,
    UnreadableDocument,
)
from index.indexing.build import Builder
from index.indexing.plan import Plan, PreviousState, make_plan
from index.indexing.report import (
    NullProgress,
    Progress,
    ReindexReport,
    Tally,
    expected_report,
    final_report,
)
from index.indexing.withholding import Withholding, shut_by_quarantine
from index.parsing import SUFFIXES, ParsingLimits, ParsingOptions, parse_files
from index.ports import Embedder
from index.sources.folder import look_at, scan
from index.store.generation import Generation, Manifest, Recipe, Trust
from index.store.pointer import Takeover
from index.store.ports import Store
from index.store.quarantine import Quarantine

MANY_FILES = 10_000
"""Files from which a look at all of them takes long; fewer are looked at each time."""


@dataclass(frozen=True, slots=True)
class Reindexer:
    """Keeps one index in step with one corpus folder.

    `embedder` is called only when there is something to embed, since loading a model takes longer
    than finding out that nothing has changed.
    """

    corpus: Path
    store: Store
    recipe: Recipe
    embedder: Callable[[], Embedder]
    limits: ParsingLimits = field(default_factory=ParsingLimits)
    parse: Callable[..., Iterator[Document | UnreadableDocument]] = parse_files
    """Works like `parse_files`; `ParsingPool.parse_files` is the one for untrusted files."""
    make_parser_ready: Callable[..., None] = lambda **_: None
    """Takes the limits and the options, and makes `parse` begin sooner."""
    options: ParsingOptions = field(default_factory=ParsingOptions)
    keep_changes_days: int = 365
    """Days for which the history of the documents goes back; 0 keeps none."""

    def prepare(self) -> None:
        """Make ready what the next run needs, so that it begins at once."""
        self.prepare_parsing()
        self.embedder()

    def prepare_parsing(self) -> None:
        """Make ready what parsing needs alone."""
        self.make_parser_ready(limits=self.limits, options=self.options)

    def run(
        self,
        *,
        full: bool = False,
        dry_run: bool = False,
        drop_missing: bool | Collection[str] = False,
        release: Collection[str] = (),
        only: Collection[str] = (),
        progress: Progress | None = None,
    ) -> ReindexReport:
        """Bring the index up to date; with `full`, parse and embed everything anew.

        An index of an older version, or of other options, is made anew without `full`; vectors of
        the same model are taken over.

        A document that cannot be read stops no other. Its last good version still answers, unless
        the file may name another audience by now. `drop_missing` says that all documents, or those
        of some names, may have been removed on purpose. Without it, CorpusShrunk is raised where
        more than half are gone, as they seem to be when a folder is not mounted. What a rollback
        took back is not read, but for the files to `release`, as they are now. Where `only` some
        files may have changed, and there are many, no other is looked at, unless there is more to
        be done. Raises CorpusUnavailable, IndexBusy, IndexNotWritten, ModelUnavailable, and without
        `full` also IndexMismatch, IndexNewer and IndexDamaged.
        """
        started = time.monotonic()
        with nullcontext() if dry_run else self.store.lock():
            base, outdated = self._base(full) if dry_run else self._sound_base(full)
            with closing(base.catalog) if base else nullcontext():
                looked_at_ns = time.time_ns()
                anew = full or outdated or base is None
                plan = self._plan(
                    base,
                    anew=anew,
                    quarantine=self._quarantine(base),
                    released=release,
                    only=self._files_to_check(base, only, anew=anew),
                )
                if dry_run:
                    report = expected_report(plan, base)
                else:
                    plan.require_corpus(self.corpus, drop_missing)
                    report = self._carry_out(
                        plan,
                        base,
                        anew=anew,
                        reuse=outdated,
                        drop_missing=drop_missing,
                        looked_at_ns=looked_at_ns,
                        progress=progress or NullProgress(),
                    )
        seconds = time.monotonic() - started
        return replace(report, seconds=seconds, dry_run=dry_run, outdated=outdated)

    def _sound_base(self, full: bool) -> tuple[Generation | None, bool]:
        try:
            return self._base(full)
        except IndexDamaged:
            try:
                self.store.recover()
            except IndexOutdated:  # an older format: there is nothing to start from
                return None, True
            return self._base(full)

    def _base(self, full: bool) -> tuple[Generation | None, bool]:
        """Return the generation to start from, if any, and whether an older version made it."""
        try:
            base = self.store.open(None if full else self.recipe, trust=Trust.SHARED)
            return base, not full and base.manifest.options != self.options.as_lists()
        except IndexMissing:
            return None, False
        except IndexOutdated:
            return self._older_base(), not full
        except (IndexMismatch, IndexDamaged):
            if not full:
                raise
            return None, False

    def _older_base(self) -> Generation | None:
        try:
            return self.store.open(None, trust=Trust.SHARED)
        except IndexOutdated:  # an older format, which this version cannot read
            return None

    def _quarantine(self, base: Generation | None) -> Quarantine:
        """Return what a rollback took back and does not answer."""
        quarantine = self.store.quarantine()
        if not (quarantine.taken_back or quarantine.let_in or quarantine.unknown):
            return quarantine
        if base is None:
            return quarantine.model_copy(update={"unknown": False})  # nothing to compare with
        return quarantine.without_answering(base.catalog.answering_files())

    def _plan(
        self,
        base: Generation | None,
        *,
        anew: bool,
        quarantine: Quarantine,
        released: Collection[str] = (),
        only: Collection[str] = (),
    ) -> Plan:
        scanned = look_at(self.corpus, only, SUFFIXES) if only else None
        if base and scanned is not None:
            gone = set(only).difference(scanned)
            scanned = None if any(map(base.catalog.has_files_below, gone)) else scanned
        plan = make_plan(
            scan(self.corpus, SUFFIXES) if scanned is None else scanned,
            _previous_state(base, None if scanned is None else only) if base else PreviousState(),
            anew=anew,
            limits=self.limits,
            now_ns=time.time_ns(),
            quarantine=quarantine,
            released=released,
        )
        return replace(plan, closed=shut_by_quarantine(plan, base.catalog)) if base else plan

    def _carry_out(
        self,
        plan: Plan,
        base: Generation | None,
        *,
        anew: bool,
        reuse: bool,
        drop_missing: bool | Collection[str],
        looked_at_ns: int,
        progress: Progress,
    ) -> ReindexReport:
        """Make and publish the next generation, if there is anything to do."""
        plan = self._set_quarantine(plan)
        if base and plan.known.all_files is not None:
            looked_at_ns = base.manifest.looked_at_ns  # at the others
        if base and plan.is_empty and not anew:
            self.store.settle()
            return final_report(plan, Tally(), base.number, base.catalog)
        with self.store.stage(None if anew or base is None else base.number) as staging:
            builder = Builder(
                self.store.edit(staging, anew=anew),
                base,
                self.recipe,
                self.embedder,
                progress,
                anew=anew,
                reuse=reuse,
            )
            parse = partial(
                self.parse, limits=self.limits, options=self.options, pages_read=progress.pages
            )
            with self._withholding(base, plan, drop_missing, anew=anew) as withholding:
                builder.add(builder.parse(plan, parse))
                builder.drop(plan)
                moment = self.store.next_moment()
                builder.remember(moment, self.keep_changes_days)
                report = final_report(plan, builder.tally, 0, builder.catalog)
                builder.save()
            manifest = self._manifest(report, moment.at, looked_at_ns)
            late = withholding.late if withholding else ()
            published = self.store.publish(staging, manifest, Takeover(withheld=late))
        self.store.prune()
        self._release(plan)
        unwatched = withholding is not None and not withholding.has_looked
        return replace(report, generation=published.number, unwatched=unwatched)

    def _manifest(self, report: ReindexReport, created_at: str, looked_at_ns: int) -> Manifest:
        """Return the manifest of a generation; its number and its files are set on publishing."""
        return Manifest(
            number=0,
            created_at=created_at,
            looked_at_ns=looked_at_ns,
            documents=report.documents,
            passages=report.passages,
            recipe=self.recipe,
            limits=asdict(self.limits),
            options=self.options.as_lists(),
            files={},
        )

    def _files_to_check(
        self, base: Generation | None, only: Collection[str], *, anew: bool
    ) -> Collection[str]:
        """Return the only files to look at; none where all are to be."""
        if anew or base is None:
            return ()
        is_settled = self.store.pointer().is_settled and self.store.quarantine() == Quarantine()
        same_limits = base.manifest.limits == asdict(self.limits)
        many = base.catalog.file_count() >= MANY_FILES
        if not (only and is_settled and same_limits and many):
            return ()
        return base.catalog.same_files(only).union(only)

    def _set_quarantine(self, plan: Plan) -> Plan:
        """Note what is held back from now on, and return the plan with that."""
        quarantine = plan.quarantine
        if quarantine.unknown:
            held = [taken for _file, taken in plan.quarantined]
            quarantine = quarantine.including(held).model_copy(update={"unknown": False})
        self.store.set_quarantine(quarantine)
        return replace(plan, quarantine=quarantine)

    def _release(self, plan: Plan) -> None:
        """Note that what was released answers now."""
        if plan.released and plan.quarantine.taken_back:
            generation = self.store.open(None)
            self.store.set_quarantine(
                plan.quarantine.without_answering(generation.catalog.answering_files())
            )
            generation.catalog.close()

    def _withholding(
        self,
        base: Generation | None,
        first: Plan,
        drop_missing: bool | Collection[str],
        *,
        anew: bool,
    ) -> AbstractContextManager[Withholding | None]:
        """Return what withholds documents of the generation that answers, if there is one.

        It looks at all files, also where only some are reindexed: those of others may be closed.
        """
        if base is None:
            return nullcontext()

        def plan() -> Plan:
            new_plan = self._plan(
                base, anew=False, quarantine=first.quarantine, released=first.released
            )
            new_plan.require_corpus(self.corpus, drop_missing)
            return new_plan

        return Withholding(self.store, base.catalog, None if anew else first, plan)


def _previous_state(base: Generation, only: Collection[str] | None) -> PreviousState:
    """Return what a generation holds, of all files or of some."""
    catalog = base.catalog
    documents = catalog.document_names() if only is None else catalog.documents_in(only)
    return PreviousState(
        frozenset(documents),
        catalog.files(only),
        base.manifest.looked_at_ns,
        base.manifest.limits,
        catalog.containers(only),
        None if only is None else catalog.file_count(),
    )
