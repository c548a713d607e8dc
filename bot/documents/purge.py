"""Purge: takes a document out of all that the bot keeps, for good."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bot.config.settings import Settings
from bot.config.toml import suggestion_for
from bot.documents.uploads.uploads import Uploads
from bot.errors import CorpusNotChanged, NothingToPurge, StillInCorpus
from bot.localization import _
from bot.records import Records
from bot.records.databases.opening import are_there
from bot.records.part import is_of
from bot.text import visible_line
from index.errors import IndexDamaged, IndexMissing
from index.parsing import SUFFIXES
from index.sources.folder import CorpusFile, scan
from index.store.atomic_files import sync_directory
from index.store.ports import Store


@dataclass(frozen=True, slots=True)
class PurgeReport:
    """What a purge removed of a document.

    `generation` answers now, and is the only one; None where there is no index. `was_indexed`: it
    was in one of those before. `kept_files`: how many of its versions were among the removed and
    replaced files. `uploads` waited to put it into the corpus. `exchanges` quoted or named it.
    `copies` are documents of other names with the same bytes, which still answer.
    """

    document: str
    generation: int | None
    was_indexed: bool
    kept_files: int
    uploads: int
    exchanges: int
    copies: tuple[str, ...]


def purge(
    settings: Settings, store: Store, uploads: Uploads, name: str, *, anyway: bool = False
) -> PurgeReport:
    """Take a document out of every generation, the kept files, waiting uploads and the records.

    Documents that lay in it go with it, and one that lay in another goes with that alone.

    Each step can be done again, so after a crash or an error, purge again. Files of the corpus are
    never touched: raises StillInCorpus while the document's file is there, and CorpusUnavailable
    where that cannot be known. Of a name that nothing has, nothing is done, and NothingToPurge is
    raised, unless it is to be done `anyway`. Raises also IndexBusy, IndexDamaged, IndexMismatch,
    IndexNotWritten, CorpusNotChanged where a kept file cannot be removed, and RecordsUnavailable.
    """
    with store.lock():  # no reindex may read the file between this look and the end
        _require_gone(settings.corpus, name)
        digests = _digests_in(store, name)
        was_indexed = bool(digests)
        kept = _kept_files(settings.records / "removed", name)
        waiting = uploads.waiting_with(name)
        if not (anyway or digests or kept or waiting or _is_known(settings, store, name)):
            raise _nothing_of(store, name)
        if settings.database is not None:
            from index.indexing.work.queue import clear

            clear(settings.database.get_secret_value())  # a reindex that was killed left texts
        try:
            generation = store.purge(name).current
        except IndexMissing:
            generation = None
        digests |= {_digest(file.path) for file, _ in kept}
        _remove(kept)
        for token in waiting:
            uploads.discard(token)
        copies = _documents_with(store, digests, generation)
    # Last, so that an answer that was given meanwhile is among them.
    return PurgeReport(
        document=name,
        generation=generation,
        was_indexed=was_indexed,
        kept_files=len(kept),
        uploads=len(waiting),
        exchanges=_forget(settings, name),
        copies=copies,
    )


def _require_gone(corpus: Path, name: str) -> None:
    files = scan(corpus, SUFFIXES)
    if name in files:
        raise StillInCorpus(
            _(
                "{name!r} is still in the folder of the documents ({corpus}), and the next reindex "
                "would read it again. Nothing was purged. Take its file out of there, then purge "
                "it; a version that may stay can be put back afterwards."
            ).format(name=name, corpus=corpus)
        )
    for file in files.values():
        if file.name.startswith(f"{name}/"):
            raise StillInCorpus(
                _("{name!r} is a folder. Nothing was purged; purge each of its documents.").format(
                    name=name
                )
            )
        if file.is_folder and name.startswith(f"{file.name}/"):
            raise StillInCorpus(
                _(
                    "Whether {name!r} is still there cannot be told: {reason}. Nothing was purged."
                ).format(name=name, reason=file.problem)
            )


def _is_known(settings: Settings, store: Store, name: str) -> bool:
    """Return whether a history, the quarantine or the records have the document, or what lay in
    it: a mailbox or an archive has no words of its own."""
    for number in store.numbers():
        with suppress(sqlite3.Error, IndexDamaged), closing(store.catalog(number)) as catalog:
            events = catalog.history.events()
            known = {each.name for each in events} | {each.other or each.name for each in events}
            if any(is_of(each, name) for each in known):
                return True
    held = store.quarantine()
    if held.without(name) != held:
        return True
    with _records(settings) as records:
        return records is not None and records.knows_document(name)


def _nothing_of(store: Store, name: str) -> NothingToPurge:
    """Return what says so; raise where that cannot be told, since the index cannot be read."""
    with suppress(IndexMissing):
        store.open(None).catalog.close()
    known = set[str]()
    for number in store.numbers():
        with suppress(sqlite3.Error, IndexDamaged), closing(store.catalog(number)) as catalog:
            known |= catalog.versions().keys()
    return NothingToPurge(
        _(
            "Nothing is kept of {name!r}{guess}, so nothing was changed. If a document of that "
            "name was indexed once, `purge --anyway` takes out what earlier reindexes may have "
            "left of it; there is then no generation to roll back to."
        ).format(name=visible_line(name), guess=suggestion_for(name, known))
    )


def _digests_in(store: Store, name: str) -> set[str]:
    """Return the SHA-256 of each version of the document in any generation, and of what lay in it.

    Raises StillInCorpus where it lies in a file itself.
    """
    found = set()
    for number in store.numbers():
        # Where it is damaged, it is about to go.
        with suppress(sqlite3.Error, IndexDamaged), closing(store.catalog(number)) as catalog:
            versions = catalog.versions()
            if (version := versions.get(name)) and version.file:
                raise StillInCorpus(
                    _("{name!r} lies in the file {file!r}. Nothing was purged; purge that.").format(
                        name=name, file=version.file
                    )
                )
            found |= {
                one.sha256 for each, one in versions.items() if name in (each, one.file or each)
            }
    return found


def _documents_with(store: Store, digests: set[str], generation: int | None) -> tuple[str, ...]:
    if generation is None:
        return ()
    with closing(store.catalog(generation)) as catalog:
        versions = catalog.versions()
    return tuple(sorted(name for name, version in versions.items() if version.sha256 in digests))


def _kept_files(removed: Path, name: str) -> list[tuple[CorpusFile, Path]]:
    """Return the document's versions among the removed files, each with the folder of its time."""
    if not removed.is_dir():
        return []
    moments = sorted(path for path in removed.iterdir() if path.is_dir() and not path.is_symlink())
    found = ((scan(moment, SUFFIXES).get(name), moment) for moment in moments)
    return [(file, moment) for file, moment in found if file and not file.is_folder]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _remove(kept: list[tuple[CorpusFile, Path]]) -> None:
    """Remove the files, durably, and the folders that are empty then."""
    for file, moment in kept:
        try:
            file.path.unlink()
            sync_directory(file.path.parent)
        except OSError as exc:
            raise CorpusNotChanged(
                _("{path} could not be removed ({reason}). Remove it, then purge again.").format(
                    path=file.path, reason=exc.strerror or exc
                )
            ) from exc
        with suppress(OSError):  # it is not empty
            for folder in (file.path.parent, *file.path.parent.parents):
                folder.rmdir()
                if folder == moment.resolve():
                    break


def _forget(settings: Settings, name: str) -> int:
    with _records(settings) as records:
        return 0 if records is None else records.forget_document(name)


@contextmanager
def _records(settings: Settings) -> Iterator[Records | None]:
    """Open the records; None where there are none."""
    if not are_there(settings.records_place):
        yield None
        return
    kept = settings.keep_questions_days is not None
    with closing(Records(settings.records_place, keep_questions=kept)) as records:
        yield records
