"""A disk that fails at any point of any work: the error is a sentence, and nothing is lost.

Each work is repeated until it succeeds, and each time the next of its changes to the disk fails. An
audit hook sees files opened for writing, renamed, made and removed; `fsync` is wrapped. Failures in
the middle of a file are tested on a small file system that is filled up.
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import product
from pathlib import Path

import pytest

from bot.app.composition import current_generation, index_store
from bot.config.settings import Settings
from bot.documents.backup import back_up, restore
from bot.documents.uploads.probe import ProbeResult
from bot.documents.uploads.uploads import Uploads
from bot.errors import CorpusNotChanged
from bot.records import Mark, Records
from index.errors import BriefingError, IndexUnavailable
from index.store.folder.generation_files import CATALOG
from testing.budget import HARDENING, one_in
from testing.command import reindexer_of
from testing.disks import make_read_only, small_disk
from testing.exchanges import ask
from testing.generations import assert_whole, documents
from testing.stores import folder_of
from tools.hardening.crash_work import settings_in

pytestmark = pytest.mark.slow

_GROWS, _SHRINKS = {"os.rename", "os.mkdir", "shutil.copyfile"}, {"os.remove", "os.rmdir"}
_ERRORS = (errno.ENOSPC, errno.EROFS, errno.EIO)
_PAGES = 4 if HARDENING else 20
"""What a small disk has more of room from one try to the next."""
_OLD = "# Plan\n\nWe state that seven ships go.\n"
_NEW = "# Plan\n\nWe state that eight ships go.\n"


class Faults:
    """Makes a change below `folder` fail, after a number of changes that succeed.

    On a full disk (ENOSPC) all later changes fail too, but for those that need no room; on a disk
    that has become read-only (EROFS) all of them; after a single error (EIO) none.
    """

    def __init__(self) -> None:
        self.folder: Path | None = None
        self.error = errno.ENOSPC
        self.countdown = 0
        self.struck = 0
        self._hooked = False

    @contextmanager
    def after(self, changes: int, error: int, folder: Path) -> Iterator[None]:
        if not self._hooked:
            self._hooked = True
            sys.addaudithook(self._hook)  # it cannot be removed again, and slows all that follows
        self.folder, self.error, self.countdown, self.struck = folder, error, changes, 0
        try:
            yield
        finally:
            self.folder = None

    def fsync(self, descriptor: int) -> None:
        if self.folder is not None:
            self._change()
        os.fdatasync(descriptor)

    def _hook(self, event: str, arguments: tuple[object, ...]) -> None:
        if self.folder is None:
            return
        if event == "open":
            path, _, flags = arguments
            if not isinstance(flags, int) or not flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
                return
        elif event in _GROWS or (event in _SHRINKS and self.error != errno.ENOSPC):
            path = arguments[-1 if event == "shutil.copyfile" else 0]
        else:
            return
        if isinstance(path, str | os.PathLike) and os.fspath(path).startswith(str(self.folder)):
            self._change()

    def _change(self) -> None:
        self.countdown -= 1
        if self.countdown < 0 and not (self.struck and self.error == errno.EIO):
            self.struck += 1
            raise OSError(self.error, os.strerror(self.error))


_faults = Faults()


# What is done


def changes(settings: Settings) -> Uploads:
    return Uploads(settings, probe=lambda *_: ProbeResult(title="Plan", pages=0))


def send(settings: Settings) -> str:
    corpus = changes(settings)
    token = corpus.begin()
    text = _NEW.encode()
    files = [
        corpus.receive(token, corpus.place(name, folder, len(text)), text)
        for name, folder in (("plan.md", ""), ("new.md", "deep"))
    ]
    corpus.seal(token, 7, 8, files)
    return token


def reindex(settings: Settings) -> None:
    reindexer_of(settings).run()


def rebuild(settings: Settings) -> None:
    reindexer_of(settings).run(full=True)


def roll_back(settings: Settings) -> None:
    store = index_store(settings)
    with store.lock():
        store.rollback()


def mend(settings: Settings) -> None:
    current_generation(settings).generation()


def upload(settings: Settings) -> None:
    changes(settings).put(send(settings), 7, 8)


def remove(settings: Settings) -> None:
    changes(settings).remove("plan.md")


def feedback(settings: Settings) -> None:
    with closing(Records(settings.records / "records.sqlite")) as records:
        exchange = ask(records)
        records.rate(exchange.id, 5, Mark.UP)
        assert records.exchange(exchange.id) is not None


def start(settings: Settings) -> None:
    with closing(Records(settings.records / "records.sqlite")) as records:
        records.remember("started", "now")
        current_generation(settings).generation()
        changes(settings).tidy()


def backup(settings: Settings) -> None:
    back_up(settings, settings.records.parent / "new.tar.gz")


def bring_back(settings: Settings) -> None:
    new = settings_in(settings.records.parent / "new")
    restore(new, settings.records.parent / "backup.tar.gz")


def damage(settings: Settings) -> None:
    (folder_of(index_store(settings)).directory(2) / CATALOG).write_bytes(b"")


def nothing(_: Settings) -> None: ...


WORK: dict[str, tuple[Callable[[Settings], None], Callable[[Settings], None]]] = {
    "reindex": (nothing, reindex),
    "full reindex": (nothing, rebuild),
    "rollback": (nothing, roll_back),
    "mending": (damage, mend),
    "upload": (nothing, upload),
    "removal": (nothing, remove),
    "feedback": (nothing, feedback),
    "start": (nothing, start),
    "backup": (nothing, backup),
    "restore": (nothing, bring_back),
}


# What is looked at


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with two generations, records, a backup, and a document that changed."""
    folder = tmp_path_factory.mktemp("template")
    settings = settings_in(folder)
    settings.corpus.mkdir()
    (settings.corpus / "plan.md").write_text(_OLD)
    (settings.corpus / "kept.md").write_text("# Kept\n\nWe state that it stays.\n")
    reindex(settings)
    (settings.corpus / "more.md").write_text("# More\n\nMore of it, we state.\n")
    reindex(settings)
    with closing(Records(settings.records / "records.sqlite")) as records:
        records.rate(ask(records).id, 5, Mark.DOWN)
    back_up(settings, folder / "backup.tar.gz")
    (settings.corpus / "plan.md").write_text(_NEW.replace("go", "sail"))
    return folder


def look(settings: Settings, name: str, *, came_through: bool) -> None:
    """Assert that nothing is half done and nothing is lost."""
    store = index_store(settings)
    if name != "mending" or came_through:
        generation = store.open(None)
        assert_whole(generation)
        assert documents(generation)["kept.md"].strip() == "# Kept\n\nWe state that it stays."
        generation.catalog.close()
    texts = {
        path.relative_to(settings.corpus).as_posix(): path.read_text()
        for path in settings.corpus.rglob("*.md")
        if not path.name.startswith(".")
    }
    sailed = _NEW.replace("go", "sail")
    aside = [path.read_text() for path in (settings.records / "removed").rglob("*.md")]
    if name == "upload":
        put = {"plan.md": _NEW, "deep/new.md": _NEW}
        assert {**texts, **put} == texts or (not came_through and "deep/new.md" not in texts)
    assert sailed in (texts.get("plan.md"), *aside)
    assert texts["kept.md"] == "# Kept\n\nWe state that it stays.\n"
    with closing(Records(settings.records / "records.sqlite")) as records:
        assert [rating.mark for rating, _ in records.feedback(exchange=1)] == [Mark.DOWN]
    if (made := settings.records.parent / "new.tar.gz").exists():
        restore(settings_in(settings.records.parent / "tried"), made)
        shutil.rmtree(settings.records.parent / "tried")


_DONE_BUT_FOR_THE_LAST_STEP = {
    "upload": "the very same file is there already",
    "removal": "is no longer in the folder",
    "backup": "is there already",
    "restore": "is not empty",
}


def again(settings: Settings, name: str) -> None:
    """Assert that the work succeeds once the disk works again, or was done before."""
    try:
        WORK[name][1](settings)
    except BriefingError as exc:
        sentence = str(exc)
        assert _DONE_BUT_FOR_THE_LAST_STEP.get(name, "nothing") in sentence
    else:
        look(settings, name, came_through=True)


@pytest.mark.parametrize(("name", "error"), one_in(7, product(WORK, _ERRORS)))
def test_every_change_to_the_disk_may_fail(
    name: str, error: int, template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare, work = WORK[name]
    monkeypatch.setattr(os, "fsync", _faults.fsync)
    # In `make check` each change fails once, with one of the three errors: 28, 30 and 5.
    first, step = (0, 1) if HARDENING else (error % 3, 3)
    for allowed in range(first, 1_000, step):
        folder = tmp_path / str(allowed)
        shutil.copytree(template, folder)
        settings = settings_in(folder)
        prepare(settings)
        came_through, sentence = True, "."
        with _faults.after(allowed, error, folder):
            try:
                work(settings)
            except (BriefingError, IndexUnavailable) as exc:
                came_through, sentence = False, str(exc)
        assert sentence.endswith((".", "?")), sentence
        look(settings, name, came_through=came_through)
        if not came_through:
            again(settings, name)
        shutil.rmtree(folder)
        if not _faults.struck:
            break
    assert not _faults.struck
    assert allowed or name in ("start", "feedback")  # SQLite's own files are not seen by the hook


@pytest.mark.parametrize("name", one_in(4, WORK))
def test_a_disk_that_fills_up_within_any_file(name: str, template: Path, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 4) as disk:
        outcomes = [fills_up(name, template, disk, pages) for pages in range(0, 160, _PAGES)]
    assert outcomes[-1]
    assert not all(outcomes) or name in ("start", "removal")


def fills_up(name: str, template: Path, disk: Path, pages: int) -> bool:
    """Return whether the work succeeded with so many pages left."""
    prepare, work = WORK[name]
    folder = disk / str(pages)
    shutil.copytree(template, folder)
    settings = settings_in(folder)
    prepare(settings)
    filler = disk / "filler"
    stat = os.statvfs(disk)
    filler.write_bytes(b"\1" * ((stat.f_bavail - pages) * stat.f_frsize))
    came_through, sentence = True, "."
    try:
        work(settings)
    except BriefingError as exc:
        came_through, sentence = False, str(exc)
    assert sentence.endswith((".", "?")), sentence
    filler.unlink()
    look(settings, name, came_through=came_through)
    if not came_through:
        again(settings, name)
    shutil.rmtree(folder)
    return came_through


@pytest.mark.parametrize("name", WORK)
def test_a_read_only_disk(name: str, template: Path, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 4) as disk:
        settings = settings_in(disk / "here")
        shutil.copytree(template, disk / "here")
        prepare, work = WORK[name]
        prepare(settings)
        make_read_only(disk)
        with pytest.raises(BriefingError) as caught:
            work(settings)
        assert str(caught.value).endswith((".", "?"))
        if name != "mending":
            assert_whole(current_generation(settings).generation())
        assert isinstance(caught.value, CorpusNotChanged) or name not in ("upload", "removal")
