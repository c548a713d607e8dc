"""What `briefing-bot check` looks at: whether all that is needed is here, and what to do."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from difflib import get_close_matches
from importlib import metadata
from pathlib import Path, PurePosixPath

from bot import messages
from bot.app import composition
from bot.check_results import LEAST_ID, CheckResult
from bot.config.guilds import GuildBook
from bot.config.settings import Settings
from bot.errors import BadSettings
from bot.localization import LazyText, _, ngettext
from bot.wording.unread_kinds import unread_lines
from index.errors import BriefingError, IndexUnavailable, ModelUnavailable
from index.sources.unread_kinds import is_unread_kind

__all__ = ["find_all"]

_MEGABYTES_NEEDED = 200
_SIZES_NEEDED = 1.5
"""Free space that is needed, in sizes of a generation: a reindex writes a new generation before it
removes the oldest, and half of one is for documents that have been added."""
_MEBIBYTES_WANTED = 1_700
"""The memory that OPERATIONS.md gives the bot, its reindex and its parsing processes together."""
_CGROUPS, _PROCESS_CGROUP = Path("/sys/fs/cgroup"), Path("/proc/self/cgroup")
_SETUP = LazyText("Run `make setup`.")


def find_all(settings: Settings) -> Iterator[CheckResult]:
    """Yield every finding, causes before what depends on them; raise nothing."""
    yield _python()
    yield from _packages()
    yield _fts5()
    yield _model("Embedding model", settings.model)
    yield _reranker(settings.reader)
    yield _silence(settings)
    yield _corpus(settings.corpus)
    yield from _uploads(settings.corpus)
    yield from _ocr(settings.ocr)
    yield _folder("Index folder", settings.index, "BRIEFING_INDEX")
    yield from _room_for_the_index(settings)
    yield _folder("Records folder", settings.records, "BRIEFING_RECORDS")
    yield _index(settings)
    yield from _unread(settings)
    yield from _held(settings)
    yield _guilds(settings)
    yield from _policy(settings)
    yield from _memory()
    yield _bfloat16()


def _python() -> CheckResult:
    found = ".".join(map(str, sys.version_info[:3]))
    ok = sys.version_info >= (3, 11)
    return CheckResult("Python", ok, found, "" if ok else _("Install Python 3.11 or newer."))


def _packages() -> Iterator[CheckResult]:
    """Check every required package by its metadata; nothing is imported."""
    try:
        required = metadata.requires("briefing-bot") or []
    except metadata.PackageNotFoundError:
        yield CheckResult(
            "Packages", False, _("briefing-bot itself is not installed."), str(_SETUP)
        )
        return
    pins = [line.partition("==") for line in required if ";" not in line]
    missing, deviating = [], []
    for name, _equals, wanted in pins:
        try:
            found, _plus, _build = metadata.version(name).partition("+")
            if found != wanted:
                deviating.append(
                    _("{name} {found} instead of {wanted}").format(
                        name=name, found=found, wanted=wanted
                    )
                )
        except metadata.PackageNotFoundError:
            missing.append(name)
    if missing:
        yield CheckResult(
            "Packages",
            False,
            _("not installed: {names}.").format(names=", ".join(missing)),
            str(_SETUP),
        )
    else:
        yield CheckResult(
            "Packages", True, _("all {number} are installed").format(number=len(pins))
        )
    if deviating:
        yield CheckResult("Versions", False, f"{', '.join(deviating)}.", str(_SETUP), needed=False)


def _fts5() -> CheckResult:
    try:
        with sqlite3.connect(":memory:") as connection:
            connection.execute("CREATE VIRTUAL TABLE probe USING fts5(text)")
        connection.close()
    except sqlite3.OperationalError:
        remedy = _(
            "Use a Python whose SQLite has FTS5, such as that of python.org or of any Linux."
        )
        return CheckResult("SQLite", False, f"{sqlite3.sqlite_version} without FTS5.", remedy)
    return CheckResult("SQLite", True, f"{sqlite3.sqlite_version} with FTS5")


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


def _reranker(model: str) -> CheckResult:
    if model == "none":
        return CheckResult("Reader", True, _("none, by setting: answers are worse"), needed=False)
    return _model("Reader", model)


def _silence(settings: Settings) -> CheckResult:
    """Say how many answers should have been none, and what avoiding them costs."""
    try:
        fitted = composition.calibration(settings)
    except BadSettings as exc:
        return CheckResult("Wrong answers", False, str(exc))
    point = fitted.curve.at(fitted.confidence.threshold)
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
        return CheckResult(
            "Corpus",
            False,
            _("{corpus} is empty.").format(corpus=corpus),
            _("Put documents there."),
            needed=False,
        )
    return CheckResult("Corpus", True, f"{corpus}, {messages.files(len(files))}")


def _uploads(corpus: Path) -> Iterator[CheckResult]:
    if corpus.is_dir() and not os.access(corpus, os.W_OK | os.X_OK):
        remedy = _("Let the bot's user write there, unless nobody shall upload.")
        detail = _("{corpus} cannot be written to, so /upload and /remove are refused.").format(
            corpus=corpus
        )
        yield CheckResult("Uploads", False, detail, remedy, needed=False)


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
        yield CheckResult("Index folder", False, detail, remedy, needed=False)


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
        yield CheckResult("Not read", False, f"{line}.", needed=False)
    for row in rows:
        if row.failure and not is_unread_kind(row.failure):
            stale = _("; its last good version answers") if row.indexed_at else ""
            yield CheckResult("Document", False, f"{row.name}: {row.failure}{stale}.", needed=False)


def _held(settings: Settings) -> Iterator[CheckResult]:
    """Find the files that stay out since a rollback took back what they hold."""
    try:
        held = composition.reindexer(settings).run(dry_run=True).held
    except BriefingError:
        return
    for taken in held:
        yield CheckResult(
            "Held back",
            False,
            _("{name}, which a rollback took back.").format(name=taken.name),
            _("`briefing-bot reindex --release NAME` takes it in as it is now."),
            needed=False,
        )


def _guilds(settings: Settings) -> CheckResult:
    try:
        book = GuildBook.read(settings.guilds)
    except BadSettings as exc:
        return CheckResult("Guild settings", False, str(exc))
    if settings.guilds is None:
        return CheckResult(
            "Guild settings", True, _("none: no channels for questions, no audit channel")
        )
    sections = ngettext("{n:,} section", "{n:,} sections", len(book.sections)).format(
        n=len(book.sections)
    )
    return CheckResult("Guild settings", True, f"{settings.guilds}, {sections}")


def _policy(settings: Settings) -> Iterator[CheckResult]:
    """Check the policy; find rules that show less, or show it to others, than was meant."""
    from bot.access.policy import CLOSED, FIELD, Policy, place_of, wording_of
    from index.parsing.formats.markdown.front_matter import NOT_UNDERSTOOD

    try:
        policy = Policy.read(settings.policy)
    except BadSettings as exc:
        yield CheckResult("Policy", False, str(exc))
        return
    if policy.path is None:
        yield CheckResult(
            "Policy", True, _("none: all is open to the server that the bot was in first")
        )
        return
    number = len(policy.audiences) - 2
    audiences = ngettext("{n:,} audience", "{n:,} audiences", number).format(n=number)
    who = _("`briefing-bot audience` says who sees a document, and what somebody sees")
    yield CheckResult("Policy", True, f"{policy.path}, {audiences}; {who}")
    named = policy.everything
    for number in sorted(named.roles | named.people | named.channels | named.guilds):
        if number < LEAST_ID:
            yield CheckResult(
                "Policy",
                False,
                _("{number} is no id of Discord's.").format(number=number),
                needed=False,
            )
    for name, audience in policy.audiences.items():
        if audience == CLOSED and name != "closed":
            yield CheckResult(
                "Policy",
                False,
                _("The audience {name} has no members.").format(name=name),
                needed=False,
            )
    try:
        documents = composition.current_generation(settings).generation().catalog.metadata()
    except IndexUnavailable:
        return
    places = [place_of(name) for name in documents]
    folders = {f"{parent}/" for place in places for parent in PurePosixPath(place).parents[:-1]}
    ruled = {path for path, _ in policy.folders}
    for path in sorted(ruled - folders - {""}):
        detail = _("No document lies in {path}.").format(path=path)
        meant = _perhaps_meant(path, folders - ruled)
        if not meant or (settings.corpus / path).is_dir():
            yield CheckResult("Policy", False, detail, needed=False)
        else:
            remedy = _(
                "Correct the path if {meant} is meant: the rule does not apply there."
            ).format(meant=meant)
            yield CheckResult("Policy", False, detail, remedy)
    asked: set[str] = set()
    for name, fields in documents.items():
        written = fields.get(FIELD)
        if unknown := policy.unknown_in(written):
            template = _("{name} is for {unknown}, which is no audience, so nobody else sees it.")
            if unknown == NOT_UNDERSTOOD:
                template = _("The audience of {name} is not understood, so nobody sees it.")
            detail = template.format(name=name, unknown=unknown)
            remedy = ""
            if written and unknown != NOT_UNDERSTOOD and wording_of(written) not in asked:
                asked.add(wording_of(written))
                remedy = _(
                    "Name an audience of the policy in it; or, if that is said in words, say below "
                    "[wordings] of the policy which audience they mean, or open: {line}"
                ).format(line=f'{json.dumps(written, ensure_ascii=False)} = ["…"]')
            yield CheckResult("Document", False, detail, remedy, needed=False)


def _perhaps_meant(path: str, folders: Iterable[str]) -> str:
    """Return a folder of a similar name or in another place of the tree; "" for none.

    Names that differ in numbers only, such as years, are different on purpose.
    """
    candidates = [folder for folder in sorted(folders) if _letters(folder) != _letters(path)]
    for folder in candidates:
        if f"/{path}".endswith(f"/{folder}") or f"/{folder}".endswith(f"/{path}"):
            return folder
    return "".join(get_close_matches(path, candidates, n=1, cutoff=0.8))


def _letters(path: str) -> str:
    return re.sub(r"\d+", "", path)


def _memory() -> Iterator[CheckResult]:
    """Check the memory for this process and those that it starts, where the system reports it."""
    limits = [*_cgroup_limits()]
    with suppress(ValueError, OSError):
        limits.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    if not limits:
        return
    found = min(limits) // 2**20
    if found < _MEBIBYTES_WANTED:
        detail = f"{found:,} MiB."
        remedy = _(
            "With less than {wanted:,} MiB a large reindex may be ended by the "
            "system; answers go on. Give it more, or lower BRIEFING_MAX_FILE_MB."
        ).format(wanted=_MEBIBYTES_WANTED)
        yield CheckResult("Memory", False, detail, remedy, needed=False)
    else:
        yield CheckResult("Memory", True, f"{found:,} MiB", needed=False)


def _cgroup_limits() -> Iterator[int]:
    """Yield limits in bytes: of this process's control group and those around it (version 2), or
    of the container (version 1)."""
    with suppress(OSError):
        name = _PROCESS_CGROUP.read_text().rpartition("::")[2].strip().lstrip("/")
        groups = [_CGROUPS / name, *(_CGROUPS / name).parents]
        files = [group / "memory.max" for group in groups if group.is_relative_to(_CGROUPS)]
        for file in [*files, _CGROUPS / "memory" / "memory.limit_in_bytes"]:
            with suppress(OSError, ValueError):  # "max", where there is no limit
                yield int(file.read_text())


def _bfloat16() -> CheckResult:
    try:
        import torch

        from index.models.bert import matmul_dtype
    except ImportError as exc:
        return CheckResult(
            "Processor", False, _("torch cannot be loaded ({exc}).").format(exc=exc), str(_SETUP)
        )
    native = matmul_dtype() == torch.bfloat16
    detail = _("computes bfloat16 itself") if native else _("has no bfloat16: embedding is slower")
    return CheckResult("Processor", True, detail, needed=False)
