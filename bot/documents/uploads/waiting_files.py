"""Files that were sent and wait for a confirmation, as they lie in `<records>/uploads/<token>/`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.errors import CorpusNotChanged, UploadGone
from bot.localization import LazyText

UPLOAD_GONE = LazyText(
    "That upload no longer waits: it was put in, cancelled, or is older than a day."
)
_CORPUS_NOT_CHANGED = LazyText("The folder of the documents could not be changed ({reason}).")

TOKEN = r"[A-Za-z0-9_-]{16}"
"""The pattern of an upload's token."""


class WaitingFile(BaseModel):
    """A file that was sent and waits for a confirmation.

    `name` is its path below the corpus, with `/` between its parts. `replaces` is the SHA-256 of
    the file that has that path now, if there is one. `pages` is 0 for a format without pages.
    `audience` is what the file names as such.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    size: int
    sha256: str
    replaces: str | None
    title: str
    pages: int
    audience: str | None = None


class Upload(BaseModel):
    """Files that are put into the corpus together, once `person` confirms it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    person: int
    guild: int | None
    files: tuple[WaitingFile, ...]

    def require_of(self, person: int, guild: int | None) -> None:
        """Raise UploadGone unless it waits for this person's confirmation in this guild."""
        if (self.person, self.guild) != (person, guild):
            raise UploadGone(UPLOAD_GONE)


def upload_in(staged: Path) -> Upload:
    try:
        return Upload.model_validate_json((staged / "upload.json").read_bytes())
    except (OSError, ValidationError) as exc:  # a crash came before it was sealed
        raise UploadGone(UPLOAD_GONE) from exc


def stored_as(name: str) -> str:
    """Return a short name with the suffix, by which parsers go; the whole path may be too long."""
    return hashlib.sha256(name.encode()).hexdigest()[:16] + Path(name).suffix


@contextmanager
def os_errors() -> Iterator[None]:
    """Raise CorpusNotChanged, with a sentence, in place of an OSError."""
    try:
        yield
    except OSError as exc:
        reason = exc.strerror or type(exc).__name__
        raise CorpusNotChanged(_CORPUS_NOT_CHANGED.format(reason=reason)) from exc
