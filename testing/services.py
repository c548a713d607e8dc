"""The whole bot over a folder of documents, with what needs no model in place of what does."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from pathlib import Path

from bot.access import Access, Policy, openings_under
from bot.app import composition
from bot.chat.admission import Admission, AdmissionLimits
from bot.chat.answering import QuestionEngine
from bot.clock import utc_now
from bot.config.guilds import GuildBook, GuildSettings
from bot.config.settings import Settings
from bot.discord.gateway.client import BriefingBot
from bot.documents.reindexing.process import ReindexProcess, ReindexProgress
from bot.records import Records
from bot.services import Services
from index.answering.calibration import Calibration, Curve, CurvePoint, Logistic
from index.answering.engine import Engine as RealEngine
from index.answering.finding.confidence import CONFIDENCE_FEATURES
from index.answering.finding.evidence import UNIT_FEATURES
from index.answering.tuning import TUNING
from index.answering.understanding.spelling import Speller
from index.decisions import Decisions, DecisionsSource
from index.indexing.report import ReindexReport
from index.models.reranking_reader import RerankingReader
from index.store.current import CurrentGeneration
from testing.command import reindexer_of
from testing.fakes import FakeReranker, WordEmbedder

BRIEFINGS: Mapping[str, str] = {
    "norway/force.md": (
        "---\ntitle: Norway's force\ndate: 2026-01-19\n---\n\n# Roles\n\n"
        "The force would take these roles:\n\n"
        "- Observers watch the truce.\n- Advisers help to rebuild.\n- Engineers clear mines.\n\n"
        "# Terms\n\nOslo decides alone how long the force stays. "
        "The budget is two billion kroner.\n"
    ),
    "warehouse.txt": (
        "The Karsk warehouse\n\nThe lease of the warehouse is signed by Ines Vidal. "
        "Its roof was mended in May.\n"
    ),
    "hostile.md": (
        "# @everyone *read* this\n\nThe password is **||hunter2||** and `code` <@42> "
        "[link](https://evil.example) \N{RIGHT-TO-LEFT OVERRIDE}abc.\n"
    ),
}


def write_corpus(corpus: Path, documents: Mapping[str, str] = BRIEFINGS) -> None:
    for name, text in documents.items():
        path = corpus / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


class HereReindexing(ReindexProcess):
    """Reindexes in this process, with an embedder that needs no model.

    `hold` is called in the middle of each, after the first progress.
    """

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.hold: Callable[[], object] = lambda: None
        self.only: list[str] = []

    def prepare(self) -> None:
        """Do nothing: there is no other process."""

    def _run(
        self,
        dry_run: bool,
        drop_missing: bool | str,
        release: Collection[str],
        only: Collection[str],
        progress: Callable[[ReindexProgress], None],
    ) -> ReindexReport:
        progress(ReindexProgress(0, 1, 0))
        self.hold()
        self.only = sorted(only)
        names = [drop_missing] if isinstance(drop_missing, str) else drop_missing
        reindexer = reindexer_of(self._settings)
        return reindexer.run(dry_run=dry_run, drop_missing=names, release=release, only=only)


def services_of(
    settings: Settings,
    *,
    guilds: GuildBook | None = None,
    engine: QuestionEngine | None = None,
    limits: AdmissionLimits | None = None,
    policy: Policy | None = None,
    sandbox: bool = False,
) -> Services:
    """Return the services; without an `engine`, a real one ranks by shared words.

    `sandbox` is as in `reindexer_of`.
    """
    reindexer = reindexer_of(settings, sandbox=sandbox)
    current = composition.current_generation(settings, made_by=reindexer.recipe)
    embedder = WordEmbedder(max_tokens=254)
    keep_questions = settings.keep_questions_days is not None
    records = Records(settings.records_place, keep_questions=keep_questions, may_wait=True)
    policy = policy or Policy()
    access = Access(current, policy, openings_under(policy, records, utc_now()))
    real = _engine(current, embedder, decisions=records.decided.decisions)
    return composition.assembled(
        settings,
        guilds=guilds or GuildBook(GuildSettings(), {}),
        records=records,
        access=access,
        admission=Admission(limits),
        engine=engine or real,
        looks=real,
        embedder=embedder,
        current=current,
        reindexer=reindexer,
        reindexing=HereReindexing(settings),
    )


def engine_of(settings: Settings, speller: Speller | None = None) -> QuestionEngine:
    """The engine that `services_of` takes unless it is given one."""
    return _engine(_current(settings), WordEmbedder(max_tokens=254), speller)


def bot_of(services: Services) -> BriefingBot:
    return composition.discord_bot(services)


def _current(settings: Settings) -> CurrentGeneration:
    return composition.current_generation(settings, made_by=reindexer_of(settings).recipe)


def _engine(
    current: CurrentGeneration,
    embedder: WordEmbedder,
    speller: Speller | None = None,
    decisions: DecisionsSource = Decisions,
) -> RealEngine:
    reader = RerankingReader(FakeReranker(), TUNING.evidence_passages)
    return RealEngine(
        current,
        embedder,
        reader,
        _CALIBRATION,
        tuning=_TUNING,
        speller=speller,
        decisions=decisions,
    )


def _looks_at(names: tuple[str, ...], feature: str) -> Logistic:
    weights = tuple(float(name == feature) for name in names)
    return Logistic(features=names, weights=weights, bias=0.0, threshold=0.5)


# These shared words cannot tell what is meant: what answers alone also answers in a conversation.
_TUNING = replace(TUNING, own_words=0)
# What shares more than half of a question's words answers it.
_CALIBRATION = Calibration(
    evidence=_looks_at(UNIT_FEATURES, "logit"),
    confidence=_looks_at(CONFIDENCE_FEATURES, "best unit"),
    curve=Curve(questions={}, points=(CurvePoint(threshold=0.5, wrong=0.2, missed=0.1),)),
    unsure_from=0.5,
    conversing=_looks_at(CONFIDENCE_FEATURES, "best unit").model_copy(update={"bias": 1.0}),
)
