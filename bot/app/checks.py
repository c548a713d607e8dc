"""What `briefing-bot check` looks at: whether all that is needed is here, and what to do."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from bot import messages
from bot.app import composition
from bot.app.machine_checks import (
    check_bfloat16,
    check_fts5,
    check_memory,
    check_packages,
    check_python,
)
from bot.check_results import CheckResult, worth_knowing
from bot.config.settings import PREFIX, Settings
from bot.localization import _
from bot.wording.unread_kinds import unread_lines
from index.errors import BriefingError, IndexUnavailable, ModelUnavailable
from index.sources.unread_kinds import is_unread_kind

_MEGABYTES_NEEDED = 200
_SIZES_NEEDED = 1.5
"""Free space that is needed, in sizes of a generation: a reindex writes a new generation before it
removes the oldest, and half of one is for documents that have been added."""


def find_all(settings: Settings) -> Iterator[CheckResult]:
    """Yield every finding, causes before what depends on them; raise nothing."""
    yield check_python()
    yield from check_packages()
    yield check_fts5()
    yield _model("Embedding model", settings.model)
    yield _reranker(settings.reader)
    yield _silence(settings)
    yield _corpus(settings.corpus)
    yield from _uploads(settings.corpus)
    yield from _ocr(settings.ocr)
    yield _folder("Index folder", settings.index, "BRIEFING_INDEX")
    yield from _room_for_the_index(settings)
    yield _folder("Records folder", settings.records, "BRIEFING_RECORDS")
    yield from _database(settings)
    yield _index(settings)
    yield from _unread(settings)
    yield from _held(settings)
    # Only now: what reads a policy imports packages that were to be checked before.
    from bot.app.policy_checks import check_guilds, check_policy

    yield check_guilds(settings)
    yield from check_policy(settings)
    yield from check_memory()
    yield check_bfloat16()


def _model(name: str, model: str) -> CheckResult:
    from index.models.registry import model_directory, weights_sha256

    try:
        return CheckResult(name, True, f"{model}, SHA-256 {weights_sha256(model_directory(model))}")
    except ModelUnavailable as exc:
        return CheckResult(name, False, str(exc))


def _ocr(languages: tuple[str, ...]) -> Iterator[CheckResult]:
    from index.parsing.ocr import cannot_read

    if languages:
        problem = cannot_read(languages)
        yield CheckResult("OCR", not problem, problem or ", ".join(languages))


def _database(settings: Settings) -> Iterator[CheckResult]:
    """Check the server, which is named without its user and password."""
    if settings.database is None:
        return
    try:
        from index.store.postgres.connection import Server, server_name
    except ModuleNotFoundError as exc:
        yield CheckResult("Database", False, _("not installed: {names}.").format(names=exc.name))
        return
    url = settings.database.get_secret_value()
    name = server_name(url)
    with closing(Server(url)) as server:
        try:
            version, vectors = server.read(
                lambda db: db.execute(
                    "SELECT current_setting('server_version'),"
                    " EXISTS (SELECT FROM pg_available_extensions WHERE name = 'vector')"
                ).fetchone()
            ) or ("", False)
        except BriefingError as exc:
            yield CheckResult("Database", False, f"{name}: {exc}")
            return
    described = f"{name}, PostgreSQL {version}"
    if settings.vector_search == "server" and not vectors:
        remedy = _("Install pgvector on the server, or unset BRIEFING_VECTOR_SEARCH.")
        yield CheckResult("Database", False, f"{described}.", remedy)
    else:
        yield CheckResult("Database", True, described)


def _reranker(model: str) -> CheckResult:
    if model == "none":
        return CheckResult("Reader", True, _("none, by setting: answers are worse"), needed=False)
    return _model("Reader", model)


def _silence(settings: Settings) -> CheckResult:
    """Say how many answers should have been none, and what avoiding them costs."""
    fitted = composition.calibration(settings)
    point = fitted.curve.at(fitted.confidence.threshold)
    if settings.wrong_at_most is not None and point.risk > settings.wrong_at_most:
        return worth_knowing(
            "Wrong answers",
            _(
                "{prefix}WRONG_AT_MOST asks for {asked_for:.1%} wrong answers at most; the most "
                "careful setting that was measured has {risk:.1%}, and that one is used: of "
                "questions that the documents answer, {missed:.0%} get no answer that is sure"
            ).format(
                prefix=PREFIX,
                asked_for=settings.wrong_at_most,
                risk=point.risk,
                missed=point.missed,
            ),
        )
    counts = " and ".join(f"{n:,} of {name}" for name, n in fitted.curve.questions.items())
    asked_for = _("as shipped") if settings.wrong_at_most is None else _("by setting")
    return CheckResult(
        "Wrong answers",
        True,
        _(
            "{asked_for}, {risk:.0%} of the answers should have been none where half of "
            "what is asked can be answered; of questions that the documents answer, "
            "{missed:.0%} get none that is sure (measured on {counts} questions; w = {wrong:.3f}, "
            "m = {missed:.3f})"
        ).format(
            asked_for=asked_for,
            risk=point.risk,
            missed=point.missed,
            counts=counts,
            wrong=point.wrong,
        ),
        needed=False,
    )


def _corpus(corpus: Path) -> CheckResult:
    from index.parsing import SUFFIXES
    from index.sources.folder import scan

    try:
        files = scan(corpus, SUFFIXES)
    except BriefingError as exc:
        return CheckResult("Corpus", False, str(exc))
    if not files:
        return worth_knowing(
            "Corpus", _("{corpus} is empty.").format(corpus=corpus), _("Put documents there.")
        )
    return CheckResult("Corpus", True, f"{corpus}, {messages.files(len(files))}")


def _uploads(corpus: Path) -> Iterator[CheckResult]:
    if corpus.is_dir() and not os.access(corpus, os.W_OK | os.X_OK):
        remedy = _("Let the bot's user write there, unless nobody shall upload.")
        detail = _("{corpus} cannot be written to, so /upload and /remove are refused.").format(
            corpus=corpus
        )
        yield worth_knowing("Uploads", detail, remedy)


def _folder(name: str, folder: Path, setting: str) -> CheckResult:
    """Check that the folder can be written to, or made, and that its disk has room."""
    there = _nearest_folder(folder)
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        remedy = _("Allow writing there, or set {setting} to another folder.").format(
            setting=setting
        )
        return CheckResult(
            name, False, _("{there} cannot be written to.").format(there=there), remedy
        )
    free = shutil.disk_usage(there).free // 1_000_000
    if free < _MEGABYTES_NEEDED:
        return CheckResult(
            name,
            False,
            _("{there} has {free} MB left.").format(there=there, free=free),
            _("Make room."),
        )
    return CheckResult(name, True, _("{folder}, {free:,} MB left").format(folder=folder, free=free))


def _room_for_the_index(settings: Settings) -> Iterator[CheckResult]:
    try:
        files = composition.current_generation(settings).generation().manifest.files
    except IndexUnavailable:
        return
    size = sum(file.size for file in files.values())
    wanted, free = _SIZES_NEEDED * size, shutil.disk_usage(_nearest_folder(settings.index)).free
    if free < wanted:
        detail = _("{folder} has {free:,.0f} MB left.").format(
            folder=settings.index, free=free / 1e6
        )
        remedy = _(
            "Have {wanted:,.0f} MB free: a reindex writes the whole index once more, "
            "{size:,.0f} MB and what is new, before it removes an old one."
        ).format(wanted=wanted / 1e6, size=size / 1e6)
        yield worth_knowing("Index folder", detail, remedy)


def _nearest_folder(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that exists."""
    there = folder.absolute()
    while not there.exists():
        there = there.parent
    return there


def _index(settings: Settings) -> CheckResult:
    try:
        made_by = composition.recipe(settings)
        generation = composition.current_generation(settings, made_by=made_by).verified()
    except (IndexUnavailable, ModelUnavailable) as exc:
        return CheckResult("Index", False, str(exc))
    counts = f"{generation.manifest.documents:,} documents, {generation.manifest.passages:,}"
    return CheckResult("Index", True, f"generation {generation.number}, {counts} passages")


def _unread(settings: Settings) -> Iterator[CheckResult]:
    """Find the documents that the last reindex could not read."""
    try:
        rows = composition.current_generation(settings).generation().catalog.rows()
    except IndexUnavailable:
        return
    for line in unread_lines(row.failure for row in rows if row.failure):
        yield worth_knowing("Not read", f"{line}.")
    for row in rows:
        if row.failure and not is_unread_kind(row.failure):
            stale = _("; its last good version answers") if row.indexed_at else ""
            yield worth_knowing("Document", f"{row.name}: {row.failure}{stale}.")


def _held(settings: Settings) -> Iterator[CheckResult]:
    """Find the files that stay out since a rollback took back what they hold."""
    try:
        quarantined = composition.reindexer(settings).run(dry_run=True).held
    except BriefingError:
        return
    for version in quarantined:
        yield worth_knowing(
            "Held back",
            _("{name}, which a rollback took back.").format(name=version.name),
            _("`briefing-bot reindex --release NAME` takes it in as it is now."),
        )
