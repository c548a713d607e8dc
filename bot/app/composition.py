"""The composition root: builds the parts of the program from the settings.

torch, onnxruntime and sentence-transformers take seconds to import, so the functions here import
what they need only when they are called. A command that needs no model does not wait for them.
"""

from __future__ import annotations

import os
import weakref
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING, Protocol

from bot.app.garbage import uncollected
from bot.config.settings import Settings
from bot.errors import BadSettings
from bot.localization import _
from index.decisions import Decisions, DecisionsSource
from index.errors import IndexUnavailable

if TYPE_CHECKING:
    from pydantic import SecretStr

    from bot.access import Access
    from bot.chat.admission import Admission
    from bot.chat.answering import QuestionEngine
    from bot.config.guilds import GuildBook
    from bot.discord.gateway.client import BriefingBot
    from bot.documents.reindexing.process import ReindexProcess
    from bot.records import Records
    from bot.records.databases.standby import ShareLock
    from bot.services import Services
    from index.answering.calibration import Calibration
    from index.answering.engine import Engine
    from index.indexing.reindex import Reindexer
    from index.indexing.work.worker import Worker
    from index.ports import Embedder, Reader
    from index.store.current import CurrentGeneration
    from index.store.generation import Recipe
    from index.store.ports import Store
    from index.store.postgres.store import PostgresStore


def index_store(settings: Settings) -> Store:
    """Return the store of the index: on the server, where one is set, else in the index folder."""
    if settings.database:
        return _on_server(settings)
    from index.store.folder.store import IndexStore

    return IndexStore(settings.index)


def _on_server(settings: Settings) -> PostgresStore:
    assert settings.database is not None
    replica = settings.database_replica
    return _connected(
        settings.database.get_secret_value(),
        replica.get_secret_value() if replica else None,
        settings.vector_search == "server",
    )


@cache
def _connected(url: str, replica: str | None, vector_search: bool) -> PostgresStore:
    """Return the store on a server: one for all, since it keeps connections and what was read."""
    from index.store.postgres.connection import Server
    from index.store.postgres.replica import Replica
    from index.store.postgres.store import PostgresStore

    server = Server(url)
    store = PostgresStore(
        server,
        vector_search=vector_search,
        replica=None if replica is None else Replica(replica, server),
    )
    _CONNECTED.add(store)
    return store


class _Closable(Protocol):
    def close(self) -> None: ...


_CONNECTED: weakref.WeakSet[_Closable] = weakref.WeakSet()
"""What has been made here that may be connected to the server."""


def disconnect() -> None:
    """Close all connections to the server that this process keeps. A store connects again."""
    for each in list(_CONNECTED):
        each.close()


def recipe(settings: Settings) -> Recipe:
    """Return the recipe of an index that these settings make. Raises ModelUnavailable."""
    from index.chunking.chunker import CHUNKER_VERSION, ChunkLimits
    from index.models.prompts import prompts_of
    from index.models.registry import fingerprint, model_directory
    from index.parsing import PARSER_VERSION
    from index.store.generation import Recipe

    directory = model_directory(settings.model)
    prompts = prompts_of(settings.model, directory, settings.query_prompt, settings.passage_prompt)
    return Recipe(
        model=settings.model,
        fingerprint=fingerprint(directory),
        query_prompt=prompts.query,
        passage_prompt=prompts.passage,
        chunker=CHUNKER_VERSION,
        parser=PARSER_VERSION,
        target_tokens=ChunkLimits().target,
    )


def current_generation(settings: Settings, *, made_by: Recipe | None = None) -> CurrentGeneration:
    """Return the index; if `made_by` is given, only one of that recipe opens. Loads no model."""
    from index.store.current import CurrentGeneration

    return CurrentGeneration(index_store(settings), made_by)


def reindexer(settings: Settings) -> Reindexer:
    """Return the reindexer; it loads the model when there is something to embed.

    Raises ModelUnavailable.
    """
    from index.indexing.reindex import Reindexer
    from index.parsing.sandbox.pool import ParsingPool

    keep_to_cores(settings.threads)
    parsing = ParsingPool()
    made = Reindexer(
        corpus=settings.corpus,
        store=index_store(settings),
        recipe=recipe(settings),
        embedder=cache(lambda: _load_embedder(settings)),
        limits=settings.parsing_limits,
        options=settings.parsing_options,
        parse=parsing.parse_files,
        make_parser_ready=parsing.prepare,
        keep_changes_days=settings.keep_changes_days,
    )
    return made if settings.database is None else _with_workers(settings.database, made)


def worker(settings: Settings) -> Worker:
    """Return a worker that does what reindexes leave to it.

    Raises BadSettings where there is no server, and ModelUnavailable.
    """
    if settings.database is None:
        raise BadSettings(
            _("There is no work to take: BRIEFING_DATABASE names no server. Set it first.")
        )
    from index.indexing.work.worker import Worker

    keep_to_cores(settings.threads)
    embedder = cache(lambda: _load_embedder(settings))
    url = settings.database.get_secret_value()
    return Worker(url, recipe(settings), settings.corpus, embedder)


def _with_workers(database: SecretStr, made: Reindexer) -> Reindexer:
    from index.indexing.work.queue import WorkQueue
    from index.indexing.work.queued import QueuedEmbedder, QueuedParsing

    queue = WorkQueue(database.get_secret_value(), made.recipe)
    _CONNECTED.add(queue)
    return replace(
        made,
        parse=QueuedParsing(queue, made.parse).parse_files,
        embedder=cache(lambda: QueuedEmbedder(made.embedder(), queue)),
    )


def calibration(settings: Settings) -> Calibration:
    """Return the calibration of the reader, with the threshold that the settings ask for.

    Where none that was measured is as safe, it is the strictest.
    """
    from index.answering.calibration import calibration_for

    fitted = calibration_for(settings.reader)
    if settings.wrong_at_most is None:
        return fitted
    threshold = fitted.threshold_for(settings.wrong_at_most)
    return fitted.at(fitted.curve.points[-1].threshold if threshold is None else threshold)


def engine(settings: Settings, *, decisions: DecisionsSource | None = None) -> Engine:
    """Return the engine, with both models loaded; without `decisions`, it goes by the records.

    Raises BadSettings, ModelUnavailable, IndexMissing, IndexMismatch and IndexDamaged.
    """
    from bot.records.parts.decisions import decisions_in

    # Fails at once where there is no index, before the models are loaded.
    index_store(settings).pointer()
    current = current_generation(settings, made_by=recipe(settings))
    recorded = partial(decisions_in, settings.records_place)
    return _engine(settings, current, decisions or recorded)[0]


def services(settings: Settings, *, guilds: GuildBook | None = None) -> Services:
    """Return the services of a bot that serves many people, with its models loaded and warm.

    Without `guilds`, they are read from the file that the settings name. There need be no index
    yet: an admin can make one while the bot runs. Raises BadSettings, ModelUnavailable and
    RecordsUnavailable.
    """
    # `discord_bot` is built in the event loop, which importing these would hold up.
    import bot.discord.cogs  # noqa: F401
    from bot.access import Access, Policy, openings_under
    from bot.chat.admission import Admission, AdmissionLimits
    from bot.clock import utc_now
    from bot.config.guilds import GuildBook
    from bot.documents.reindexing.process import ReindexProcess
    from bot.records import Records

    book = guilds or GuildBook.read(settings.guilds)
    policy = Policy.read(settings.policy)
    records = Records(
        settings.records_place,
        keep_questions=settings.keep_questions_days is not None,
        ids_by_time=True,
        may_wait=True,
    )
    updates = reindexer(settings)
    if settings.database:
        _on_server(settings).listen()
    current = current_generation(settings, made_by=updates.recipe)
    access = Access(current, policy, openings_under(policy, records, utc_now()))

    def decisions() -> Decisions:
        return replace(records.decided.decisions(), withheld=records.withheld.all())

    answers, embedder = _engine(settings, current, decisions)
    with suppress(IndexUnavailable):  # the first question after loading would be slow
        answers.ask("Is it warm?")
    limits = AdmissionLimits(settings.most_waiting, settings.per_person, settings.per_minute)
    turns = records.turns if records.are_shared else None
    return assembled(
        settings,
        guilds=book,
        records=records,
        access=access,
        admission=Admission(limits, turns=turns, at_least=current.at_least),
        engine=answers,
        looks=answers,
        embedder=embedder,
        current=current,
        reindexer=updates,
        reindexing=ReindexProcess(settings),
    )


def assembled(
    settings: Settings,
    *,
    guilds: GuildBook,
    records: Records,
    access: Access,
    admission: Admission,
    engine: QuestionEngine,
    looks: Engine,
    embedder: Embedder,
    current: CurrentGeneration,
    reindexer: Reindexer,
    reindexing: ReindexProcess,
) -> Services:
    """Return the services, made of the parts that tests replace; `looks` is asked by watches."""
    from bot.chat.answering import Answering
    from bot.chat.belonging import Belonging
    from bot.chat.claiming import Claiming
    from bot.chat.watching import Watching
    from bot.documents.uploads.uploads import Uploads
    from bot.library import Libraries
    from bot.observing.metrics import Metrics
    from bot.services import Services

    decisions, metrics = records.decided.decisions, Metrics()
    return Services(
        settings=settings,
        guilds=guilds,
        admission=admission,
        claiming=Claiming(records, settings.shard),
        answering=Answering(engine, admission, records, access, metrics),
        watching=Watching(engine, looks, admission, access, current, decisions),
        belonging=Belonging(engine, admission, access),
        access=access,
        libraries=Libraries(
            current,
            settings.corpus,
            access,
            settings.offer_originals,
            decisions,
            withheld=records.withheld.all,
            keep_changes_days=settings.keep_changes_days,
        ),
        uploads=Uploads(settings),
        records=records,
        reindexing=reindexing,
        reindexer=reindexer,
        current=current,
        embedder=embedder,
        metrics=metrics,
    )


def share_lock(settings: Settings) -> ShareLock | None:
    """Return the turn that a bot waits for; None where its folder lets only one run."""
    if settings.database is None:
        return None
    from bot.records.databases.standby import ShareLock

    return ShareLock(settings.database, settings.shard)


def discord_bot(services: Services, *, sync_anyway: bool = False) -> BriefingBot:
    """Return the bot; with `sync_anyway` it sends its commands to Discord, changed or not."""
    from bot.discord.cogs import CAPABILITIES
    from bot.discord.gateway.client import BriefingBot

    return BriefingBot(services, CAPABILITIES, sync_anyway=sync_anyway)


@uncollected()
def _engine(
    settings: Settings, current: CurrentGeneration, decisions: DecisionsSource = Decisions
) -> tuple[Engine, Embedder]:
    # Imported before the threads start: two threads that import it at once may see half of it.
    import numpy  # noqa: F401

    from index.answering.engine import Engine
    from index.answering.tuning import TUNING
    from index.answering.understanding.spelling import Speller, english_words
    from index.models.languages import languages_of

    fitted = calibration(settings)
    keep_to_cores(settings.threads)
    with ThreadPoolExecutor(max_workers=2) as pool:
        embedder = pool.submit(_load_embedder, settings)
        reader = pool.submit(_load_reader, settings, embedder)
        with suppress(IndexUnavailable):  # the first question gets the reason
            current.generation()
        answers = Engine(
            current,
            embedder.result(),
            reader.result(),
            fitted,
            tuning=replace(
                TUNING, read_passages=settings.read_passages, freshness=settings.freshness
            ),
            speller=Speller(english_words()),
            languages=languages_of(settings.model, settings.reader),
            decisions=decisions,
        )
        return answers, embedder.result()


def _load_embedder(settings: Settings) -> Embedder:
    from index.models.embedder import load_embedder

    return load_embedder(settings.model, settings.query_prompt, settings.passage_prompt)


def _load_reader(settings: Settings, embedder: Future[Embedder]) -> Reader:
    from index.answering.tuning import TUNING
    from index.models.reader import load_reader

    return load_reader(
        settings.reader, embedder.result, TUNING.evidence_passages, settings.threads or 0
    )


def keep_to_cores(threads: int | None) -> None:
    """Keep this thread, and those that it starts, to so many cores.

    It is the one limit that torch, onnxruntime and the workers of this program all respect.
    """
    if threads and hasattr(os, "sched_setaffinity"):
        allowed = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, allowed[:threads])
