"""Which names an uploaded file or its folder may have in the corpus."""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path

from pathvalidate import is_valid_filename

from bot.errors import BadUpload
from bot.localization import LazyText, _
from bot.text import folded_name, visible_line

NAME_EMPTY = LazyText("it has no name")
NAME_UNSEEN = LazyText("its name has characters in it that cannot be seen")
NAME_HIDDEN = LazyText("its name begins like that of a hidden or temporary file")
NAME_FORBIDDEN = LazyText("its name is not possible on every system; rename it")
NAME_TOO_LONG = LazyText("its name is longer than {most:,} characters")

_MOST_CHARACTERS = 120
_MOST_BYTES = 200
"""File systems take 255, and a file that is being written has a somewhat longer name."""
_MOST_FOLDERS = 8
_UNSEEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
_JOINERS = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"
"""They are part of words in some languages; elsewhere `visible_line` shows them."""


def safe_name(name: str) -> str:
    """Return the name in NFC if it is possible on every system; raise BadUpload with the reason.

    Such a name leads to no other folder, is not hidden, and has no character that cannot be seen.
    """
    name = unicodedata.normalize("NFC", name).strip(" ")
    if not name:
        raise BadUpload(NAME_EMPTY)
    if visible_line(name) != name or any(
        unicodedata.category(sign) in _UNSEEN and sign not in _JOINERS for sign in name
    ):
        raise BadUpload(NAME_UNSEEN)
    if name.startswith((".", "~$")):
        raise BadUpload(NAME_HIDDEN)
    if len(name) > _MOST_CHARACTERS or len(name.encode()) > _MOST_BYTES:
        raise BadUpload(NAME_TOO_LONG.format(most=_MOST_CHARACTERS))
    if not is_valid_filename(name, platform="universal"):
        raise BadUpload(NAME_FORBIDDEN)
    return name


def safe_folder(folder: str) -> tuple[str, ...]:
    """Return the names on the way to a folder below the corpus, none for the corpus itself.

    Raises BadUpload with the reason where one of them is not possible.
    """
    parts = [part for part in re.split(r"[/\\]", folder.strip()) if part]
    if len(parts) > _MOST_FOLDERS:
        raise BadUpload(_("the folder lies too deep"))
    return tuple(safe_name(part) for part in parts)


def existing_spelling(folder: Path, name: str) -> str:
    """Return `name` as a file or folder in `folder` spells it, if there is one."""
    if (folder / name).exists() or not folder.is_dir():
        return name
    with os.scandir(folder) as entries:
        same = sorted(
            entry.name for entry in entries if folded_name(entry.name) == folded_name(name)
        )
    return same[0] if same else unicodedata.normalize("NFC", name)
