"""Original: the file that a document was parsed from, while it is still that file."""

from __future__ import annotations

import errno
import hashlib
import os
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path
from typing import Literal

from bot.library.errors import OriginalChanged, OriginalUnavailable
from bot.localization import _
from index.sources.opening import open_below

Offered = Literal["all", "without-hidden", "none"]
"""Which original files are handed out; of those with hidden content that was not read, only with
"all": who asks for a file would see in it what no answer may quote."""


@dataclass(frozen=True, slots=True)
class Original:
    """`path` leads to the file itself, through no link; `size` is in bytes."""

    name: str
    path: Path
    size: int
    identity: tuple[int, ...] = field(compare=False)

    def open(self) -> BufferedReader:
        """Open the file whose bytes were compared; raise OriginalChanged if it is another now."""
        try:
            file = self.path.open("rb")
        except OSError as exc:
            raise OriginalChanged(self.name) from exc
        if _identity(file) != self.identity:
            file.close()
            raise OriginalChanged(self.name)
        return file


def is_offered(offered: Offered, *, has_hidden: bool) -> bool:
    """Return whether the original of a document may be handed out."""
    return offered == "all" or (offered == "without-hidden" and not has_hidden)


def original(corpus: Path, name: str, sha256: str) -> Original:
    """Return a file of the corpus, after comparing all its bytes with what was indexed.

    Raises OriginalUnavailable where it is gone, unreadable, not a regular file, or behind a link
    that leads out of the corpus; OriginalChanged where its bytes differ.
    """
    try:
        root = corpus.resolve(strict=True)
        # A link within the corpus is read as a document, so it may be handed out.
        path = (root / name).resolve(strict=True)
        if not path.is_relative_to(root):
            raise OriginalUnavailable(name, _("it lies outside the corpus folder"))
        if not path.is_file():
            raise OriginalUnavailable(name, _("it is not an ordinary file"))
        with os.fdopen(open_below(root, path), "rb") as file:
            identity = _identity(file)
            found = hashlib.file_digest(file, "sha256").hexdigest()
            size = file.tell()
    except FileNotFoundError as exc:
        raise OriginalUnavailable(name, _("it is no longer in the corpus folder")) from exc
    except (OSError, RuntimeError, ValueError) as exc:  # RuntimeError: links in a circle
        if isinstance(exc, OSError) and exc.errno == errno.EXDEV:
            raise OriginalUnavailable(name, _("it lies outside the corpus folder")) from exc
        reason = exc.strerror if isinstance(exc, OSError) else None
        raise OriginalUnavailable(
            name, _("it cannot be opened ({reason})").format(reason=reason or exc)
        ) from exc
    if found != sha256:
        raise OriginalChanged(name)
    return Original(name, path, size, identity)


def _identity(file: BufferedReader) -> tuple[int, ...]:
    """Return what tells an open file from another, and from itself after it was written to."""
    stat = os.fstat(file.fileno())
    return (stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)
