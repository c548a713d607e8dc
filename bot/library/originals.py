"""Original: the file that a document was parsed from, while it is still that file."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bot.library.errors import OriginalChanged, OriginalUnavailable
from bot.localization import _

__all__ = ["Offered", "Original", "is_offered", "original"]

Offered = Literal["all", "without-hidden", "none"]
"""Which original files are handed out; of those with hidden content that was not read, only with
"all": who asks for a file would see in it what no answer may quote."""


@dataclass(frozen=True, slots=True)
class Original:
    """`path` leads to the file itself, through no link; `size` is in bytes."""

    path: Path
    size: int


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
        # A link within the corpus is read as a document, so it may be handed out; see corpus.scan.
        path = (root / name).resolve(strict=True)
        if not path.is_relative_to(root):
            raise OriginalUnavailable(name, _("it lies outside the corpus folder"))
        if not path.is_file():
            raise OriginalUnavailable(name, _("it is not an ordinary file"))
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
            size = file.tell()
    except FileNotFoundError as exc:
        raise OriginalUnavailable(name, _("it is no longer in the corpus folder")) from exc
    except (OSError, RuntimeError, ValueError) as exc:  # RuntimeError: links in a circle
        reason = exc.strerror if isinstance(exc, OSError) else None
        raise OriginalUnavailable(
            name, _("it cannot be opened ({reason})").format(reason=reason or exc)
        ) from exc
    if found != sha256:
        raise OriginalChanged(name)
    return Original(path, size)
