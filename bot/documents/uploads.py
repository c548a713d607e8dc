"""Puts files into the corpus and takes them out, so that neither a mistake nor a crash loses any.

<records>/uploads/<token>/   files that were sent and wait for a yes, and what is known of them
<records>/removed/<moment>/  what was taken out or replaced, under its name, to be put back by hand

Nothing here knows the index: what was changed answers after the next reindex.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import threading
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.clock import Clock, utc_now
from bot.config.settings import Settings
from bot.documents.file_names import safe_folder, safe_name
from bot.documents.probe import Trial, try_reading
from bot.errors import BadUpload, CorpusNotChanged, UploadGone
from bot.localization import _
from bot.text import folded_name
from index.errors import UnreadableDocument
from index.parsing import SUFFIXES, ParsingLimits
from index.sources.folder import scan
from index.store.atomic_files import replace_file, sync_directory, sync_file

__all__ = ["TOKEN", "CorpusChanges", "Upload", "Waiting"]

UPLOAD_GONE = _("That upload no longer waits: it was put in, cancelled, or is older than a day.")
NAME_IS_FOLDER = _("there is a folder of that name")
NOT_A_FOLDER = _("the folder that it should go to is a file or a link")
THE_SAME = _("the very same file is there already")
CORPUS_READ_ONLY = _(
    "The folder of the documents cannot be written to, so files come from elsewhere."
)
FILE_GONE = _(
    "Its file is no longer in the folder of the documents; /reindex takes the document out."
)
TYPE_NOT_READ = _("only files of these types are read: {suffixes}")
PLACE_CHANGED = _(
    "Since you were asked, another file was put where {name} should go. Nothing was "
    "done; send it again."
)
_CORPUS_NOT_CHANGED = _("The folder of the documents could not be changed ({reason}).")

TOKEN = r"[A-Za-z0-9_-]{16}"
"""What the token of an upload looks like."""
KEPT_FOR = timedelta(days=1)
"""How long an upload waits for a yes."""
_TAKEN = ".taken"
_one_at_a_time = threading.Lock()
"""Around every change: what is found to be there must be there until it is replaced."""


class Waiting(BaseModel):
    """A file that was sent. `name` is its name below the corpus, with `/` between its parts;
    `replaces` is the SHA-256 of the file that has the name now. `pages` is 0 for a format without.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    size: int
    sha256: str
    replaces: str | None
    title: str
    pages: int


class Upload(BaseModel):
    """Files that are put into the corpus together once `person` says so."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    person: int
    guild: int | None
    files: tuple[Waiting, ...]


class CorpusChanges:
    """Every method works on the disk, and belongs into a thread.

    All raise CorpusNotChanged, in a sentence, where the disk, the corpus folder or that of the
    records prevents it; then nothing was changed.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        read: Callable[[Path, str, ParsingLimits], Trial] = try_reading,
        clock: Clock = utc_now,
    ) -> None:
        self._corpus = settings.corpus
        self._uploads = settings.records / "uploads"
        self._removed = settings.records / "removed"
        self._limits = settings.parsing_limits
        self._read = read
        self._clock = clock

    # Before anything is sent

    def require_corpus(self) -> Path:
        """The corpus folder, if files can be put there."""
        with _told():
            root = self._corpus.resolve(strict=True)
            if not root.is_dir():
                raise NotADirectoryError(20, os.strerror(20))
        if not os.access(root, os.W_OK | os.X_OK):
            raise CorpusNotChanged(CORPUS_READ_ONLY)
        return root

    def place(self, file_name: str, folder: str, size: int) -> str:
        """The name below the corpus that a file of `size` bytes gets.

        Where there is a file or folder of nearly that name (in case, or as macOS writes it), its
        spelling is taken, for on some systems it is the same. Raises BadUpload.
        """
        root = self.require_corpus()
        name = safe_name(file_name)
        if Path(name).suffix.lower() not in SUFFIXES:
            raise BadUpload(TYPE_NOT_READ.format(suffixes=", ".join(sorted(SUFFIXES))))
        if size > self._limits.max_bytes:
            raise BadUpload(
                _("it is larger than {megabytes:,g} MB").format(
                    megabytes=self._limits.max_bytes / 1e6
                )
            )
        with _told():
            at = root
            for part in safe_folder(folder):
                at = at / _as_spelled(at, part)
                # The reindex does not go through links, so a document behind one is never read.
                if at.is_symlink() or (at.exists() and not at.is_dir()):
                    raise BadUpload(NOT_A_FOLDER)
            at = at / _as_spelled(at, name)
            if at.is_dir():
                raise BadUpload(NAME_IS_FOLDER)
        return at.relative_to(root).as_posix()

    # What was sent

    def begin(self) -> str:
        """The token of a new upload."""
        token = secrets.token_urlsafe(12)
        with _told():
            self._uploads.mkdir(parents=True, exist_ok=True, mode=0o700)
            (self._uploads / token).mkdir(mode=0o700)
        return token

    def receive(self, token: str, name: str, data: bytes) -> Waiting:
        """Keeps a file, once it was tried to read; raises BadUpload with why it is not kept."""
        digest = hashlib.sha256(data).hexdigest()
        with _told():
            there = _digest(self._corpus / name)
            if there == digest:
                raise BadUpload(THE_SAME)
            path = self._uploads / token / _stored_as(name)
            path.write_bytes(data)
            try:
                trial = self._read(path, name, self._limits)
            except UnreadableDocument as exc:
                path.unlink()
                raise BadUpload(
                    _("it could not be read: {reason}").format(reason=exc.reason.rstrip("."))
                ) from exc
        return Waiting(
            name=name,
            size=len(data),
            sha256=digest,
            replaces=there,
            title=trial.title,
            pages=trial.pages,
        )

    def seal(self, token: str, person: int, guild: int | None, files: Sequence[Waiting]) -> Upload:
        """From now on the upload waits for a yes of that person in that guild."""
        upload = Upload(person=person, guild=guild, files=tuple(files))
        with _told():
            replace_file(self._uploads / token / "upload.json", upload.model_dump_json().encode())
        return upload

    def discard(self, token: str) -> None:
        """Removes what was sent, if it still waits."""
        if self._take(token):
            shutil.rmtree(self._uploads / f"{token}{_TAKEN}", ignore_errors=True)

    def waiting_of(self, person: int) -> list[str]:
        """The tokens of the uploads that wait for a yes of that person."""
        found = []
        with suppress(OSError):
            for entry in list(os.scandir(self._uploads)):
                with suppress(UploadGone):
                    if _upload_in(Path(entry.path)).person == person:
                        found.append(entry.name)
        return found

    def tidy(self) -> None:
        """Removes what has waited for too long, or was left by a crash."""
        oldest = (self._clock() - KEPT_FOR).timestamp()
        with suppress(OSError):
            for entry in list(os.scandir(self._uploads)):
                if entry.stat(follow_symlinks=False).st_mtime < oldest:
                    shutil.rmtree(entry.path, ignore_errors=True)

    # The changes

    def put(
        self,
        token: str,
        person: int,
        guild: int | None,
        allow: Callable[[str], None] = lambda _: None,
    ) -> Upload:
        """Puts what was sent into the corpus, each file at once and durably.

        Before that `allow` is asked for each name, and may raise. Raises UploadGone where it does
        not wait for this person's yes (any more), and BadUpload where a place in the corpus is no
        longer as the person was shown it.
        """
        root = self.require_corpus()
        if not self._take(token):
            raise UploadGone(UPLOAD_GONE)
        staged = self._uploads / f"{token}{_TAKEN}"
        try:
            upload = _upload_in(staged)
            if (upload.person, upload.guild) != (person, guild):
                raise UploadGone(UPLOAD_GONE)
            for file in upload.files:
                allow(file.name)
            with _told(), _one_at_a_time:
                self._put(root, staged, upload)
        except BaseException:
            with suppress(OSError):
                staged.rename(self._uploads / token)  # it waits on
            raise
        shutil.rmtree(staged, ignore_errors=True)
        return upload

    def remove(self, name: str) -> Path:
        """Moves a document's file out of the corpus; where it lies now.

        Raises CorpusUnavailable where there is no corpus folder.
        """
        file = scan(self._corpus, SUFFIXES).get(name)
        if file is None or file.is_folder:
            raise CorpusNotChanged(FILE_GONE)
        kept = self._kept_now() / name
        with _told(), _one_at_a_time:
            _make_folders(kept.parent, self._removed.parent)
            try:
                file.path.rename(kept)
            except OSError:  # another file system, or no right, of which the copy will tell
                _copy(file.path, kept)
                try:
                    file.path.unlink()
                except OSError:
                    kept.unlink()
                    raise
            sync_directory(kept.parent)
            sync_directory(file.path.parent)
        return kept

    def _take(self, token: str) -> bool:
        """Of two who want to go on with the same upload, only one can."""
        try:
            (self._uploads / token).rename(self._uploads / f"{token}{_TAKEN}")
            return True
        except OSError:
            return False

    def _put(self, root: Path, staged: Path, upload: Upload) -> None:
        places = [(file, root / file.name) for file in upload.files]
        for file, path in places:
            # A folder on the way may have become a link since.
            if _digest(path) != file.replaces or path.parent.resolve() != path.parent:
                raise BadUpload(PLACE_CHANGED.format(name=file.name))
        arriving = [path.with_name(f".{path.name}.new") for _, path in places]
        try:
            # All that may fail for want of room comes before the first change.
            for (file, path), new in zip(places, arriving, strict=True):
                _make_folders(path.parent, root)
                new.unlink(missing_ok=True)  # it may be a link, which would be written through
                _copy(staged / _stored_as(file.name), new)
            kept_now = self._kept_now()
            for file, path in places:
                if file.replaces is not None:
                    kept = kept_now / file.name
                    _make_folders(kept.parent, self._removed.parent)
                    _copy(path, kept)
                    sync_directory(kept.parent)
            for (_, path), new in zip(places, arriving, strict=True):
                new.replace(path)
                sync_directory(path.parent)
        finally:
            for new in arriving:
                new.unlink(missing_ok=True)

    def _kept_now(self) -> Path:
        return self._removed / f"{self._clock():%Y-%m-%dT%H-%M-%SZ}-{secrets.token_hex(3)}"


def _upload_in(staged: Path) -> Upload:
    try:
        return Upload.model_validate_json((staged / "upload.json").read_bytes())
    except (OSError, ValidationError) as exc:  # a crash came before it was sealed
        raise UploadGone(UPLOAD_GONE) from exc


def _stored_as(name: str) -> str:
    """Readers go by the suffix; the rest of the name could be too long where its folder counts."""
    return hashlib.sha256(name.encode()).hexdigest()[:16] + Path(name).suffix


def _as_spelled(folder: Path, name: str) -> str:
    if (folder / name).exists() or not folder.is_dir():
        return name
    with os.scandir(folder) as entries:
        alike = sorted(
            entry.name for entry in entries if folded_name(entry.name) == folded_name(name)
        )
    return alike[0] if alike else unicodedata.normalize("NFC", name)


def _digest(path: Path) -> str | None:
    """None where there is no file."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _copy(source: Path, target: Path) -> None:
    """Durable but for the name, which `sync_directory` makes so."""
    try:
        shutil.copyfile(source, target)
        sync_file(target)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _make_folders(folder: Path, root: Path) -> None:
    """Makes what is missing of the way from `root` to `folder`, durably."""
    if not folder.is_dir():
        _make_folders(folder.parent, root)
        folder.mkdir(exist_ok=True)
        sync_directory(folder.parent)


@contextmanager
def _told() -> Iterator[None]:
    """What the system refuses, as a sentence."""
    try:
        yield
    except OSError as exc:
        reason = exc.strerror or type(exc).__name__
        raise CorpusNotChanged(_CORPUS_NOT_CHANGED.format(reason=reason)) from exc
