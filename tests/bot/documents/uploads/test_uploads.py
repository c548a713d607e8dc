"""Files that are put into the corpus and removed: what is refused, kept and undone."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.config.settings import Settings
from bot.documents.uploads.file_names import NAME_HIDDEN
from bot.documents.uploads.open_folder import OpenFolder
from bot.documents.uploads.probe import ProbeResult
from bot.documents.uploads.uploads import (
    CORPUS_READ_ONLY,
    FILE_GONE,
    HAS_MACROS,
    NAME_IS_FOLDER,
    NAME_IS_LINK,
    NOT_A_FOLDER,
    PLACE_CHANGED,
    THE_SAME,
    TYPE_NOT_READ,
    Uploads,
)
from bot.errors import BadUpload, CorpusNotChanged, UploadGone
from index.errors import CorpusUnavailable, UnreadableDocument
from index.parsing import SUFFIXES, ParsingLimits
from index.sources.folder import scan

ADA, LARKFIELD = 7, 70


def read_as_lines(path: Path, name: str, limits: ParsingLimits) -> ProbeResult:
    """Return the first line as title; a file that begins with BROKEN cannot be read."""
    first = path.read_text().splitlines()[0]
    if first.startswith("BROKEN"):
        raise UnreadableDocument("it is broken.")
    return ProbeResult(first, 0)


@pytest.fixture
def changes(settings: Settings) -> Uploads:
    return Uploads(settings, probe=read_as_lines)


@pytest.fixture
def send(changes: Uploads) -> Callable[..., str]:
    """Return a function that uploads files by name and returns the token."""

    def send(**files: str) -> str:
        token = changes.begin()
        received = []
        for name, text in files.items():
            place = changes.place(name.replace("_", "."), "", len(text))
            received.append(changes.receive(token, place, text.encode()))
        changes.seal(token, ADA, LARKFIELD, received)
        return token

    return send


def files_in(folder: Path) -> dict[str, str]:
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text() for path in found}


# Places


def test_a_place_in_a_folder_new_or_there(changes: Uploads, settings: Settings) -> None:
    (settings.corpus / "Norway").mkdir()
    assert changes.place("plan.md", "", 1) == "plan.md"
    assert changes.place("plan.md", "norway/force", 1) == "Norway/force/plan.md"
    (settings.corpus / "Norway" / "PLAN.md").touch()
    assert changes.place("plan.md", "norway", 1) == "Norway/PLAN.md"


@pytest.mark.parametrize(
    ("name", "folder", "size", "reason"),
    [
        ("plan.exe", "", 1, str(TYPE_NOT_READ)),
        ("plan", "", 1, str(TYPE_NOT_READ)),
        ("plan.DOCM", "", 1, str(HAS_MACROS)),
        ("plan.md", "", 50_000_001, "it is larger than 50 MB"),
        ("plan.md", "../up", 1, NAME_HIDDEN),
        ("plan.md", "there.md", 1, NOT_A_FOLDER),
        ("plan.md", "link", 1, NOT_A_FOLDER),
        ("folder.md", "", 1, NAME_IS_FOLDER),
    ],
)
def test_a_place_that_is_refused(
    changes: Uploads, settings: Settings, name: str, folder: str, size: int, reason: str
) -> None:
    (settings.corpus / "there.md").touch()
    (settings.corpus / "folder.md").mkdir()
    (settings.corpus / "link").symlink_to(settings.corpus.parent)
    with pytest.raises(BadUpload) as refused:
        changes.place(name, folder, size)
    assert str(refused.value) == reason


def test_without_a_corpus_folder_nothing_is_taken(
    changes: Uploads, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(CorpusNotChanged) as read_only:
        changes.require_corpus()
    assert str(read_only.value) == CORPUS_READ_ONLY
    settings.corpus.rmdir()
    with pytest.raises(CorpusNotChanged) as missing:
        changes.place("plan.md", "", 1)
    assert str(missing.value) == (
        "The folder of the documents could not be changed (No such file or directory)."
    )
    settings.corpus.touch()
    with pytest.raises(CorpusNotChanged, match="Not a directory"):
        changes.require_corpus()


# Putting in


def test_what_was_sent_is_put_in_after_a_yes(
    changes: Uploads, settings: Settings, send: Callable[..., str]
) -> None:
    token = send(a_md="# A", b_txt="B")
    assert files_in(settings.corpus) == {}
    upload = changes.put(token, ADA, LARKFIELD)
    assert [(file.name, file.title, file.size) for file in upload.files] == [
        ("a.md", "# A", 3),
        ("b.txt", "B", 1),
    ]
    assert files_in(settings.corpus) == {"a.md": "# A", "b.txt": "B"}
    assert files_in(settings.records) == {}


def test_it_is_put_in_once(changes: Uploads, send: Callable[..., str]) -> None:
    token = send(a_md="# A")
    changes.put(token, ADA, LARKFIELD)
    with pytest.raises(UploadGone):
        changes.put(token, ADA, LARKFIELD)


@pytest.mark.parametrize(("person", "guild"), [(8, LARKFIELD), (ADA, 71), (ADA, None)])
def test_nobody_else_puts_it_in(
    changes: Uploads, settings: Settings, send: Callable[..., str], person: int, guild: int | None
) -> None:
    token = send(a_md="# A")
    with pytest.raises(UploadGone):
        changes.put(token, person, guild)
    assert files_in(settings.corpus) == {}
    changes.put(token, ADA, LARKFIELD)


def test_an_upload_that_was_never_sealed(changes: Uploads, settings: Settings) -> None:
    token = changes.begin()
    changes.receive(token, "a.md", b"# A")
    with pytest.raises(UploadGone):
        changes.put(token, ADA, LARKFIELD)
    assert files_in(settings.corpus) == {}


def test_what_is_replaced_is_kept(
    changes: Uploads, settings: Settings, send: Callable[..., str]
) -> None:
    (settings.corpus / "a.md").write_text("# Old")
    token = send(a_md="# New", b_md="# B")
    upload = changes.put(token, ADA, LARKFIELD)
    assert [file.replaces is not None for file in upload.files] == [True, False]
    assert files_in(settings.corpus) == {"a.md": "# New", "b.md": "# B"}
    (kept,) = (settings.records / "removed").iterdir()
    assert files_in(kept) == {"a.md": "# Old"}


@pytest.mark.parametrize("before", [None, "# Old"])
def test_a_place_that_changed_meanwhile_is_left_alone(
    changes: Uploads, settings: Settings, send: Callable[..., str], before: str | None
) -> None:
    if before:
        (settings.corpus / "b.md").write_text(before)
    token = send(a_md="# A", b_md="# B")
    (settings.corpus / "b.md").write_text("# Somebody else's")
    with pytest.raises(BadUpload) as refused:
        changes.put(token, ADA, LARKFIELD)
    assert str(refused.value) == PLACE_CHANGED.format(name="b.md")
    assert files_in(settings.corpus) == {"b.md": "# Somebody else's"}


def test_what_cannot_be_read_is_not_kept(changes: Uploads, settings: Settings) -> None:
    token = changes.begin()
    with pytest.raises(BadUpload) as refused:
        changes.receive(token, "a.md", b"BROKEN")
    assert str(refused.value) == "it could not be read: it is broken"
    assert files_in(settings.records) == {}


def test_the_very_same_file_is_not_kept(changes: Uploads, settings: Settings) -> None:
    (settings.corpus / "a.md").write_text("# A")
    with pytest.raises(BadUpload) as refused:
        changes.receive(changes.begin(), "a.md", b"# A")
    assert str(refused.value) == THE_SAME


def test_a_full_disk_changes_nothing(
    changes: Uploads, settings: Settings, send: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    token = send(a_md="# A", b_md="# B")
    copy = OpenFolder.copy_in

    def full(folder: OpenFolder, source: Path, name: str) -> None:
        copy(folder, source, name)
        if name == ".b.md.new":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(OpenFolder, "copy_in", full)
    with pytest.raises(CorpusNotChanged, match="No space left"):
        changes.put(token, ADA, LARKFIELD)
    assert files_in(settings.corpus) == {}
    monkeypatch.undo()
    changes.put(token, ADA, LARKFIELD)
    assert files_in(settings.corpus) == {"a.md": "# A", "b.md": "# B"}


def test_a_file_half_way_in_is_no_document(
    changes: Uploads, settings: Settings, send: Callable[..., str]
) -> None:
    (settings.corpus / ".a.md.new").write_text("# Half")
    assert scan(settings.corpus, SUFFIXES) == {}
    changes.put(send(a_md="# A"), ADA, LARKFIELD)
    assert files_in(settings.corpus) == {"a.md": "# A"}


def test_cancelled(changes: Uploads, settings: Settings, send: Callable[..., str]) -> None:
    token = send(a_md="# A")
    changes.discard(token)
    changes.discard(token)
    assert files_in(settings.records) == {}
    with pytest.raises(UploadGone):
        changes.put(token, ADA, LARKFIELD)


def test_what_has_waited_for_a_day_goes(settings: Settings, send: Callable[..., str]) -> None:
    token = send(a_md="# A")
    now = datetime.now(UTC)
    for passed, left in ((timedelta(hours=23), [token]), (timedelta(hours=25), [])):
        Uploads(settings, clock=lambda passed=passed: now + passed).tidy()  # type: ignore[misc]
        assert [path.name for path in (settings.records / "uploads").iterdir()] == left


def test_there_may_be_nothing_to_tidy(changes: Uploads) -> None:
    changes.tidy()


# Taking out


def test_what_is_removed_is_kept_under_its_name(changes: Uploads, settings: Settings) -> None:
    (settings.corpus / "norway").mkdir()
    (settings.corpus / "norway" / "a.md").write_text("# A")
    kept = changes.remove("norway/a.md")
    assert files_in(settings.corpus) == {}
    assert kept.read_text() == "# A"
    assert kept.is_relative_to(settings.records / "removed")
    assert kept.parts[-2:] == ("norway", "a.md")


def test_removed_to_another_file_system(
    changes: Uploads, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cannot(*_: object, **__: object) -> None:
        raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))

    (settings.corpus / "a.md").write_text("# A")
    monkeypatch.setattr(os, "rename", cannot)
    assert changes.remove("a.md").read_text() == "# A"
    assert files_in(settings.corpus) == {}


def test_a_file_that_must_stay_is_not_kept_twice(
    changes: Uploads, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cannot(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    unlink = os.unlink

    def cannot_in_corpus(path: str, **place: int | None) -> None:
        if path == "a.md":
            cannot()
        unlink(path, **place)

    (settings.corpus / "a.md").write_text("# A")
    monkeypatch.setattr(os, "rename", cannot)
    monkeypatch.setattr("bot.documents.uploads.open_folder.os.unlink", cannot_in_corpus)
    with pytest.raises(CorpusNotChanged, match="Read-only file system"):
        changes.remove("a.md")
    assert files_in(settings.corpus) == {"a.md": "# A"}
    assert files_in(settings.records) == {}


@pytest.mark.parametrize("name", ["a.md", "../secret.md", "/etc/passwd", "folder"])
def test_nothing_but_a_file_of_the_corpus_is_removed(
    changes: Uploads, settings: Settings, name: str
) -> None:
    (settings.corpus / "folder").mkdir()
    (settings.corpus.parent / "secret.md").write_text("secret")
    with pytest.raises(CorpusNotChanged) as refused:
        changes.remove(name)
    assert str(refused.value) == FILE_GONE


def test_nothing_is_removed_without_a_corpus(changes: Uploads, settings: Settings) -> None:
    settings.corpus.rmdir()
    with pytest.raises(CorpusUnavailable):
        changes.remove("a.md")


# Links that are put in the way meanwhile


def _swapped(folder: Path, elsewhere: Path) -> None:
    folder.rename(folder.with_name("moved"))
    folder.symlink_to(elsewhere)


@pytest.mark.parametrize("moment", ["digest", "copy_in", "copy_out", "replace"])
def test_a_folder_swapped_for_a_link_at_any_moment_leads_nowhere(
    changes: Uploads, settings: Settings, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    elsewhere = settings.corpus.parent / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "a.md").write_text("# Not the bot's")
    folder = settings.corpus / "norway"
    folder.mkdir()
    (folder / "a.md").write_text("# Old")
    token = changes.begin()
    file = changes.receive(token, "norway/a.md", b"# New")
    changes.seal(token, ADA, LARKFIELD, [file])
    work = getattr(OpenFolder, moment)

    def swapped_first(opened: OpenFolder, *arguments: object) -> object:
        if not folder.is_symlink():
            _swapped(folder, elsewhere)
        return work(opened, *arguments)

    monkeypatch.setattr(OpenFolder, moment, swapped_first)
    with suppress(BadUpload, CorpusNotChanged):
        changes.put(token, ADA, LARKFIELD)
    assert files_in(elsewhere) == {"a.md": "# Not the bot's"}
    kept = files_in(settings.records)
    assert "# Not the bot's" not in kept.values()


def test_a_file_is_removed_from_its_folder_and_not_from_where_a_link_leads(
    changes: Uploads, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = settings.corpus.parent / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "a.md").write_text("# Not the bot's")
    folder = settings.corpus / "norway"
    folder.mkdir()
    (folder / "a.md").write_text("# Old")
    below = OpenFolder.below

    def swapped_first(*arguments: object, **more: bool) -> object:
        _swapped(folder, elsewhere)
        return below(*arguments, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(OpenFolder, "below", swapped_first)
    with pytest.raises(CorpusNotChanged):
        changes.remove("norway/a.md")
    assert files_in(elsewhere) == {"a.md": "# Not the bot's"}


def test_a_link_is_neither_replaced_nor_written_through(
    changes: Uploads, settings: Settings
) -> None:
    (settings.corpus / "real.md").write_text("# Real")
    (settings.corpus / "link.md").symlink_to(settings.corpus / "real.md")
    with pytest.raises(BadUpload) as refused:
        changes.place("link.md", "", 10)
    assert str(refused.value) == NAME_IS_LINK
    with pytest.raises(BadUpload):
        changes.receive(changes.begin(), "link.md", b"# New")
    assert (settings.corpus / "real.md").read_text() == "# Real"
