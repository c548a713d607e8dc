"""Uploads: files that are put into the corpus or taken out, so that none is ever lost.

<records>/uploads/<token>/   files that were sent and wait for a confirmation, and `upload.json`
<records>/removed/<moment>/  files that were removed or replaced, to be put back by hand

Nothing here knows the index: a change shows in answers after the next reindex.
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import shutil
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from datetime import timedelta
from pathlib import Path

from bot.clock import Clock, utc_now
from bot.config.settings import Settings
from bot.documents.uploads.file_names import existing_spelling, safe_folder, safe_name
from bot.documents.uploads.open_folder import OpenFolder
from bot.documents.uploads.probe import ProbeResult, probe_file, read_file
from bot.documents.uploads.waiting_files import (
    UPLOAD_GONE,
    Upload,
    WaitingFile,
    os_errors,
    stored_as,
    upload_in,
)
from bot.errors import BadUpload, CorpusNotChanged, UploadGone
from bot.localization import LazyText, _
from bot.wording.engine import translate
from index.document import Document
from index.errors import ParsingUnavailable, UnreadableDocument
from index.parsing import SUFFIXES, ParsingLimits
from index.sources.folder import scan
from index.store.atomic_files import replace_file, sync_directory

NAME_IS_FOLDER = LazyText("there is a folder of that name")
NAME_IS_LINK = LazyText("there is a link of that name")
NOT_A_FOLDER = LazyText("the folder that it should go to is a file or a link")
THE_SAME = LazyText("the very same file is there already")
CORPUS_READ_ONLY = LazyText(
    "The folder of the documents cannot be written to, so files come from elsewhere."
)
FILE_GONE = LazyText(
    "Its file is no longer in the folder of the documents; /reindex takes the document out."
)
TYPE_NOT_READ = LazyText(
    "only documents are read: PDF, Office, Markdown, text, CSV, web pages, mails, zip archives "
    "and the like"
)
HAS_MACROS = LazyText("files with macros are not taken from a chat; save it without them")
UPLOADED = SUFFIXES - {".docm", ".dotm", ".potm", ".ppsm", ".pptm", ".xlsm", ".xltm"}
"""Files with macros are read where somebody put them, and never taken from a chat."""
PLACE_CHANGED = LazyText(
    "Since you were asked, another file was put where {name} should go. Nothing was "
    "done; send it again."
)

KEPT_FOR = timedelta(days=1)
"""How long an upload waits for its confirmation."""
_TAKEN_SUFFIX = ".taken"
_change_lock = threading.Lock()
"""Held during every change, so that a file that was looked at is the file that is replaced."""


class Uploads:
    """Receives files, puts them into the corpus, and removes files from it.

    Every method works on the disk, so an event loop calls it in a thread. Each raises
    CorpusNotChanged where the disk, the corpus folder or the records folder prevents it; then
    nothing was changed.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        probe: Callable[[Path, str, ParsingLimits], ProbeResult] = probe_file,
        read: Callable[[Path, str, ParsingLimits], Document] = read_file,
        clock: Clock = utc_now,
    ) -> None:
        self._corpus = settings.corpus
        self._uploads = settings.records / "uploads"
        self._removed = settings.records / "removed"
        self._limits = settings.parsing_limits
        self._probe = probe
        self._read = read
        self._clock = clock

    # Before a file is sent

    def require_corpus(self) -> Path:
        """Return the corpus folder if files can be put there; raise CorpusNotChanged if not."""
        with os_errors():
            root = self._corpus.resolve(strict=True)
            if not root.is_dir():
                raise NotADirectoryError(20, os.strerror(20))
        if not os.access(root, os.W_OK | os.X_OK):
            raise CorpusNotChanged(CORPUS_READ_ONLY)
        return root

    def place(self, file_name: str, folder: str, size: int) -> str:
        """Return the path below the corpus that a file of `size` bytes gets.

        Where a file or folder already has that name but for upper and lower case or the form of
        its accents, its spelling is taken: on some systems both are the same file. Raises
        BadUpload.
        """
        root = self.require_corpus()
        name = safe_name(file_name)
        suffix = Path(name).suffix.lower()
        if suffix not in UPLOADED:
            raise BadUpload(HAS_MACROS if suffix in SUFFIXES else TYPE_NOT_READ)
        if size > self._limits.max_bytes:
            larger = _("it is larger than {megabytes:,g} MB")
            raise BadUpload(larger.format(megabytes=self._limits.max_bytes / 1e6))
        with os_errors():
            at = root
            for part in safe_folder(folder):
                at = at / existing_spelling(at, part)
                # A reindex does not follow links, so a document behind a link would not be read.
                if at.is_symlink() or (at.exists() and not at.is_dir()):
                    raise BadUpload(NOT_A_FOLDER)
            at = at / existing_spelling(at, name)
            if at.is_symlink():
                raise BadUpload(NAME_IS_LINK)
            if at.is_dir():
                raise BadUpload(NAME_IS_FOLDER)
        return at.relative_to(root).as_posix()

    # Files that were sent

    def begin(self) -> str:
        """Begin an upload and return its token."""
        token = secrets.token_urlsafe(12)
        with os_errors():
            self._uploads.mkdir(parents=True, exist_ok=True, mode=0o700)
            (self._uploads / token).mkdir(mode=0o700)
        return token

    def receive(
        self,
        token: str,
        name: str,
        data: bytes,
        answers: Callable[[str, str], bool] = lambda name, sha256: True,
    ) -> WaitingFile:
        """Keep a file that can be parsed; raise BadUpload with the reason if it is not kept.

        `answers` tells of a file that is there already, by its name and SHA-256, whether it
        answers; it may be held back.
        """
        digest = hashlib.sha256(data).hexdigest()
        with os_errors():
            present = self._digest_now(name)
            if present == digest and answers(name, digest):
                raise BadUpload(THE_SAME)
            path = self._uploads / token / stored_as(name)
            path.write_bytes(data)
            try:
                probed = self._probe(path, name, self._limits)
            except UnreadableDocument as exc:
                path.unlink()
                raise BadUpload(
                    _("it could not be read: {reason}").format(
                        reason=translate(exc.reason.rstrip("."))
                    )
                ) from exc
        return WaitingFile(
            name=name,
            size=len(data),
            sha256=digest,
            replaces=present,
            title=probed.title,
            pages=probed.pages,
            audience=probed.audience,
        )

    def read(self, token: str, file: WaitingFile) -> Document | None:
        """Return the document in a file that waits, with all its text; None where there is none."""
        path = self._uploads / token / stored_as(file.name)
        try:
            return self._read(path, file.name, self._limits)
        except (UnreadableDocument, ParsingUnavailable, OSError):
            return None

    def seal(
        self, token: str, person: int, guild: int | None, files: Sequence[WaitingFile]
    ) -> Upload:
        """Let the upload wait for that person's confirmation in that guild."""
        upload = Upload(person=person, guild=guild, files=tuple(files))
        with os_errors():
            replace_file(self._uploads / token / "upload.json", upload.model_dump_json().encode())
        return upload

    def move(
        self,
        token: str,
        person: int,
        guild: int | None,
        places: Mapping[str, str],
        allow: Callable[[WaitingFile], None] = lambda _: None,
    ) -> Upload:
        """Let the files of an upload wait for other places, given by the names that they have now.

        Before that, `allow` is called with each, and may raise. Raises UploadGone if it does not
        wait for this person's confirmation, and BadUpload.
        """
        upload = self.waiting(token)
        upload.require_of(person, guild)
        for file in upload.files:
            allow(self._placed(file, places[file.name]))
        moved = [self.rename(token, file, places[file.name]) for file in upload.files]
        sealed = self.seal(token, person, guild, moved)
        kept = {stored_as(file.name) for file in moved}
        with os_errors():
            for old in {stored_as(file.name) for file in upload.files} - kept:
                (self._uploads / token / old).unlink(missing_ok=True)
        return sealed

    def rename(self, token: str, file: WaitingFile, name: str) -> WaitingFile:
        """Return a file that waits under another name; what it was stored as stays as well."""
        folder, placed = self._uploads / token, self._placed(file, name)
        with os_errors():
            if stored_as(name) != stored_as(file.name):
                shutil.copyfile(folder / stored_as(file.name), folder / stored_as(name))
        return placed

    def _placed(self, file: WaitingFile, name: str) -> WaitingFile:
        with os_errors():
            present = self._digest_now(name)
        if present == file.sha256:
            raise BadUpload(THE_SAME)
        return file.model_copy(update={"name": name, "replaces": present})

    def discard(self, token: str) -> None:
        """Remove the files of an upload that still waits."""
        if self._take(token):
            shutil.rmtree(self._uploads / f"{token}{_TAKEN_SUFFIX}", ignore_errors=True)

    def waiting(self, token: str) -> Upload:
        """Return an upload that waits for its confirmation; raise UploadGone where it does not."""
        return upload_in(self._uploads / token)

    def waiting_of(self, person: int) -> list[str]:
        """Return the tokens of the uploads that wait for that person's confirmation."""
        found = []
        with suppress(OSError):
            for entry in list(os.scandir(self._uploads)):
                with suppress(UploadGone):
                    if upload_in(Path(entry.path)).person == person:
                        found.append(entry.name)
        return found

    def waiting_with(self, name: str) -> list[str]:
        """Return the tokens of the uploads, and of what a crash left of them, with such a file."""
        stored = stored_as(name)
        return [path.parent.name for path in self._uploads.glob("*/*") if path.name == stored]

    def tidy(self) -> None:
        """Remove uploads that have waited too long or were left by a crash."""
        oldest = (self._clock() - KEPT_FOR).timestamp()
        with suppress(OSError):
            for entry in list(os.scandir(self._uploads)):
                if entry.stat(follow_symlinks=False).st_mtime < oldest:
                    shutil.rmtree(entry.path, ignore_errors=True)

    # Changes of the corpus

    def put(
        self,
        token: str,
        person: int,
        guild: int | None,
        allow: Callable[[WaitingFile], None] = lambda _: None,
    ) -> Upload:
        """Put the files of an upload into the corpus, each of them atomically and durably.

        Before that, `allow` is called with each, and may raise. Raises UploadGone if the
        upload does not wait for this person's confirmation, and BadUpload if a file in the corpus
        has changed since the person was asked.
        """
        root = self.require_corpus()
        if not self._take(token):
            raise UploadGone(UPLOAD_GONE)
        staged = self._uploads / f"{token}{_TAKEN_SUFFIX}"
        try:
            upload = upload_in(staged)
            upload.require_of(person, guild)
            for file in upload.files:
                allow(file)
            with os_errors(), _change_lock:
                self._put(root, staged, upload)
        except BaseException:
            with suppress(OSError):
                staged.rename(self._uploads / token)  # it goes on waiting
            raise
        shutil.rmtree(staged, ignore_errors=True)
        return upload

    def remove(self, name: str) -> Path:
        """Move a document's file out of the corpus and return where it lies now.

        Raises CorpusUnavailable where there is no corpus folder.
        """
        file = scan(self._corpus, SUFFIXES).get(name)
        if file is None or file.is_folder:
            raise CorpusNotChanged(FILE_GONE)
        kept = self._kept_now() / name
        *folders, last = name.split("/")
        with (
            os_errors(),
            _change_lock,
            OpenFolder.below(self._corpus.resolve(strict=True), folders) as folder,
        ):
            _make_folders(kept.parent, self._removed.parent)
            folder.move_out(last, kept)
            if not kept.is_symlink():
                kept.chmod(0o600)
            sync_directory(kept.parent)
            folder.sync()
        return kept

    def _take(self, token: str) -> bool:
        """Claim an upload; of two callers at the same time only one gets it."""
        try:
            (self._uploads / token).rename(self._uploads / f"{token}{_TAKEN_SUFFIX}")
            return True
        except OSError:
            return False

    def _put(self, root: Path, staged: Path, upload: Upload) -> None:
        for file in upload.files:
            if self._digest_now(file.name) != file.replaces:
                raise BadUpload(PLACE_CHANGED.format(name=file.name))
        files = [file for file in upload.files if file.sha256 != file.replaces]
        with ExitStack() as stack:
            places: list[tuple[WaitingFile, OpenFolder, str]] = []
            for file in files:
                *folders, last = file.name.split("/")
                folder = stack.enter_context(OpenFolder.below(root, folders, make=True))
                places.append((file, folder, last))
            # Everything that a full disk can prevent comes before the first change.
            for file, folder, last in places:
                stack.callback(folder.unlink, _arriving(last))
                folder.copy_in(staged / stored_as(file.name), _arriving(last))
            kept_now = self._kept_now()
            for file, folder, last in places:
                if file.replaces is not None:
                    kept = kept_now / file.name
                    _make_folders(kept.parent, self._removed.parent)
                    folder.copy_out(last, kept)
                    sync_directory(kept.parent)
            for _file, folder, last in places:
                folder.replace(_arriving(last), last)
                folder.sync()

    def _digest_now(self, name: str) -> str | None:
        """Return the SHA-256 of a file of the corpus, None where there is none.

        Raises BadUpload where a link has taken its place, or that of a folder on the way.
        """
        *folders, last = name.split("/")
        try:
            with OpenFolder.below(self._corpus.resolve(strict=True), folders) as folder:
                return folder.digest(last)
        except FileNotFoundError:
            return None
        except OSError as exc:
            if exc.errno in (errno.ELOOP, errno.ENOTDIR):
                raise BadUpload(PLACE_CHANGED.format(name=name)) from exc
            raise

    def _kept_now(self) -> Path:
        return self._removed / f"{self._clock():%Y-%m-%dT%H-%M-%SZ}-{secrets.token_hex(3)}"


def _arriving(name: str) -> str:
    """Return the name of a file until all of an upload is there."""
    return f".{name}.new"


def _make_folders(folder: Path, root: Path) -> None:
    """Make the missing folders on the way from `root` to `folder`, durably."""
    if not folder.is_dir():
        _make_folders(folder.parent, root)
        folder.mkdir(exist_ok=True, mode=0o700)
        sync_directory(folder.parent)
