"""Asks questions again that people wait for: watched ones, and open gaps.

What is asked again is decided by what the viewer may see, and by nothing else. Most looks end after
a comparison of digests: nothing that they may see has changed. If something has, but nothing that
bears on the question, it is not asked either. Nothing here knows Discord.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Protocol

from bot import messages
from bot.access import Access, Names, Viewer
from bot.chat.admission import Admission
from bot.chat.answer_changes import (
    BY_PASSAGES,
    AnswerChange,
    baseline_of,
    cannot_differ,
    change_of,
    known_units,
)
from bot.chat.answering import QuestionEngine
from bot.chat.recheck import Found, ViewerSource, rechecked
from bot.errors import NotAllowed
from bot.localization import LazyText
from bot.records import Exchange
from bot.records.parts.closed_gaps import GapCheck
from bot.records.parts.watches import Baseline, Watch
from index.answering.answer import QuestionKind, Response, Standing
from index.answering.outlook import Outlook, digest_of
from index.decisions import Decisions, DecisionsSource
from index.store.current import CurrentGeneration
from index.store.generation import Generation

_WORLDS_KEPT = 64
"""Sets of documents of which the digest is kept: people choose folders and days at will."""
NOT_ALONE = frozenset({QuestionKind.TALK, QuestionKind.UNCLEAR})
"""Kinds of what cannot be asked again without what was said before."""
NOT_TO_BE_WATCHED = LazyText(
    "That question does not stand alone, so I could not ask it again. Ask it in full, and watch "
    "that answer."
)


class OutlookEngine(Protocol):
    """The part of `index.answering.engine.Engine` that looks without reading."""

    def outlook(self, question: str, documents: Collection[str] | None = None) -> Outlook: ...

    def standings(
        self, names: Collection[str], documents: Collection[str] | None = None
    ) -> tuple[Standing, ...]: ...


@dataclass(frozen=True, slots=True)
class WatchLook:
    """A look at a watched question.

    `baseline` is what is to be compared the next time, None for the same as now. `response` is None
    where it was not asked again, `change` where there is nothing to tell.
    """

    generation: int
    baseline: Baseline | None = None
    response: Response | None = None
    change: AnswerChange | None = None


@dataclass(frozen=True, slots=True)
class GapLook:
    """A look at an open question.

    `names` are the documents that answer it now, and `title` is that of the first; none where it is
    not answered.
    """

    world: str
    units: frozenset[str]
    title: str = ""
    names: tuple[str, ...] = ()


class Watching:
    def __init__(
        self,
        engine: QuestionEngine,
        outlooks: OutlookEngine,
        admission: Admission,
        access: Access,
        current: CurrentGeneration,
        decisions: DecisionsSource = Decisions,
    ) -> None:
        self._engine = engine
        self._outlooks = outlooks
        self._admission = admission
        self._access = access
        self._worlds = _Worlds(decisions)
        self._current = current

    async def begin(self, watch: Watch, source: ViewerSource, today: date) -> Watch:
        """Return the watch with what the documents say now to those who will be told.

        Counts as a question of the person. Raises NotAllowed where the question does not stand
        alone, and what `Answering.answer` raises.
        """
        async with self._admission.turn(watch.person):
            look = await rechecked(
                self._access,
                self._admission,
                source,
                await source(),
                lambda viewer: self._admission.run(self._ask, watch, viewer, today),
            )
            assert look.baseline is not None
            assert look.response is not None
            if look.response.kind in NOT_ALONE:
                raise NotAllowed(NOT_TO_BE_WATCHED)
            return replace(watch, baseline=look.baseline, checked=look.generation)

    async def look(
        self,
        watch: Watch,
        viewer: Viewer,
        source: ViewerSource,
        today: date,
        *,
        waited_for: bool = False,
    ) -> WatchLook:
        """Look at a watched question, and ask it again where that may make a difference.

        `viewer` is who would be told by what was known a moment ago; what is told may be seen by
        those of `source`, at this moment. `waited_for` says that somebody has clicked; otherwise it
        is done in an idle moment. Raises Busy and IndexUnavailable.
        """
        run = self._admission.run if waited_for else self._admission.run_idle
        return await rechecked(
            self._access,
            self._admission,
            source,
            viewer,
            lambda viewer: run(self._look, watch, viewer, today),
        )

    def replaced_since(
        self, documents: Collection[str], names: Names | None, since: datetime
    ) -> list[Standing]:
        """Return which of the documents are replaced by one that came since then, or that an admin
        named. Blocks."""
        catalog = self._current.generation().catalog
        decided = self._worlds.decided().confirmed
        moment = since.astimezone(UTC).isoformat(timespec="seconds")
        return [
            one
            for one in self._standings(documents, names)
            if one.replaced_by is not None
            and (
                (one.document, one.replaced_by.document) in decided
                or (catalog.indexed_at(one.replaced_by.document) or "") >= moment
            )
        ]

    async def look_at_gap(
        self, exchange: Exchange, check: GapCheck | None, viewer: Viewer, today: date
    ) -> GapLook | None:
        """Look at an open question; None where nothing has changed since the last look."""
        return await self._admission.run_idle(self._look_at_gap, exchange, check, viewer, today)

    # What blocks runs off the event loop

    def _names(self, watch: Watch | Exchange, viewer: Viewer) -> tuple[Names | None, Names | None]:
        """Return the documents that may be seen, and those of them that are asked."""
        visible = self._access.visible(viewer)
        return visible, self._access.narrowed(
            visible, document=watch.document, folder=watch.folder, since=watch.since
        )

    def _ask(self, watch: Watch, viewer: Viewer, today: date) -> Found[WatchLook]:
        if not self._access.may_know_of_all(viewer, watch.source_documents):
            raise NotAllowed(messages.EXCHANGE_GONE)
        generation = self._current.generation()
        visible, names = self._names(watch, viewer)
        outlook = self._outlooks.outlook(watch.question, names)
        response = self._engine.ask(watch.question, names, today=today)
        standings = self._standings(baseline_of(response, outlook, (), "").documents, names)
        world = self._worlds.of(generation, names)
        baseline = baseline_of(response, outlook, standings, world)
        look = WatchLook(generation.number, baseline, response)
        return Found(look, visible, watch.source_documents)

    def _look(self, watch: Watch, viewer: Viewer, today: date) -> Found[WatchLook]:
        generation = self._current.generation()
        number, before = generation.number, watch.baseline
        if not self._access.may_know_of_all(viewer, watch.source_documents):
            return Found(WatchLook(number), is_shown=False)
        visible, names = self._names(watch, viewer)
        world = self._worlds.of(generation, names)
        if world == before.world and not before.is_lost:
            return Found(WatchLook(number), is_shown=False)
        outlook = self._outlooks.outlook(watch.question, names)
        same = replace(before, world=world, units=known_units(before, outlook))
        if not before.is_lost and cannot_differ(watch, outlook, generation.catalog, names):
            return Found(WatchLook(number, same), is_shown=False)
        response = self._engine.ask(watch.question, names, today=today)
        standings = self._standings(before.documents, names)
        if watch.awaits_answer:
            change = AnswerChange() if response.answered else None
        else:
            change = change_of(before, response, standings, generation.catalog, names)
        if change is None:
            return Found(WatchLook(number, same, response), is_shown=False)
        shown = baseline_of(response, outlook, (), "").documents
        now = self._standings(shown, names)
        baseline = baseline_of(response, outlook, (*standings, *now), world)
        look = WatchLook(number, baseline, response, change)
        return Found(look, visible, watch.source_documents)

    def _standings(self, shown: Collection[str], names: Names | None) -> tuple[Standing, ...]:
        seen = [name for name in sorted(shown) if names is None or name in names]
        return self._outlooks.standings(seen, names) if seen else ()

    def _look_at_gap(
        self, exchange: Exchange, check: GapCheck | None, viewer: Viewer, today: date
    ) -> GapLook | None:
        if not self._access.may_know_of_all(viewer, exchange.source_documents):
            return None
        generation = self._current.generation()
        names = self._names(exchange, viewer)[1]
        world = self._worlds.of(generation, names)
        if check is not None and check.world == world:
            return None
        outlook = self._outlooks.outlook(exchange.rewritten, names)
        units = outlook.all | (check.units if check else frozenset())
        known = check is not None and outlook.near <= check.units
        if known and exchange.question_kind in BY_PASSAGES:
            return GapLook(world, units)
        response = self._engine.ask(exchange.rewritten, names, today=today)
        excerpts = response.excerpts
        if not (response.answered and excerpts and _is_other(response, exchange)):
            return GapLook(world, units)
        by = dict.fromkeys(excerpt.document for excerpt in excerpts)
        return GapLook(world, units, excerpts[0].title, tuple(by))


class _Worlds:
    """Digests of all that may be seen of a generation; equal ones answer every question alike."""

    def __init__(self, decisions: DecisionsSource) -> None:
        self.decided = decisions
        self._lock = threading.Lock()
        self._of: tuple[Generation, dict[str, str], dict[Names | None, str]] | None = None

    def of(self, generation: Generation, names: Names | None) -> str:
        """Return the digest of the documents of these names, None for all."""
        with self._lock:
            if self._of is None or self._of[0] is not generation:
                self._of = generation, generation.catalog.content_digests(), {}
            digests, known = self._of[1:]
            if names not in known:
                if len(known) == _WORLDS_KEPT:
                    known.clear()
                known[names] = _world(digests, names)
            documents = known[names]
        return digest_of(f"{documents} {self._decided(digests, names)}")

    def _decided(self, digests: Collection[str], names: Names | None) -> str:
        decided = self.decided()
        seen = digests if names is None else names
        return repr(
            [
                sorted(pair for pair in pairs if pair[0] in seen and pair[1] in seen)
                for pairs in (decided.confirmed, decided.refused)
            ]
        )


def _world(digests: dict[str, str], names: Names | None) -> str:
    digest = hashlib.sha256()
    for name in sorted(digests if names is None else names & digests.keys()):
        digest.update(f"{name}\0{digests[name]}\n".encode(errors="surrogatepass"))
    return digest.hexdigest()


def _is_other(response: Response, exchange: Exchange) -> bool:
    """Return whether something else is shown first than when it was asked, and did not help."""
    first = [digest_of(excerpt.quote) for excerpt in exchange.shown[:1]]
    return not exchange.answered or digest_of(response.excerpts[0].quote) not in first
