"""Names that a file in the corpus may have, whoever named it."""

from __future__ import annotations

import re
import unicodedata

from bot.errors import BadUpload
from bot.localization import _
from bot.text import visible_line

__all__ = ["folded", "safe_folder", "safe_name"]

NAME_EMPTY = _("it has no name")
NAME_UNSEEN = _("its name has characters in it that cannot be seen")
NAME_HIDDEN = _("its name begins like that of a hidden or temporary file")
NAME_FORBIDDEN = _("its name is not possible on every system; rename it")
NAME_TOO_LONG = _("its name is longer than {most:,} characters")

_LONGEST = 120
_MOST_BYTES = 200
"""File systems end at 255, and a file that is being written has a somewhat longer name."""
_DEEPEST = 8
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|\Z)")
_UNSEEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
_JOINERS = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"
"""They spell words in some languages; where they do not, `visible_line` shows them."""


def safe_name(name: str) -> str:
    """The name in NFC, fit for every system. Raises BadUpload with what is wrong with it.

    It leads nowhere else, is not hidden, and shows every character that is in it.
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
    if _FORBIDDEN.search(name) or name.endswith(".") or _RESERVED.match(name):
        raise BadUpload(NAME_FORBIDDEN)
    if len(name) > _LONGEST or len(name.encode()) > _MOST_BYTES:
        raise BadUpload(NAME_TOO_LONG.format(most=_LONGEST))
    return name


def safe_folder(folder: str) -> tuple[str, ...]:
    """The names on the way to a folder below the corpus, none for the corpus itself.

    Raises BadUpload with what is wrong with one of them.
    """
    parts = [part for part in re.split(r"[/\\]", folder.strip()) if part]
    if len(parts) > _DEEPEST:
        raise BadUpload(_("the folder lies too deep"))
    return tuple(safe_name(part) for part in parts)


def folded(name: str) -> str:
    """The same for names that some system takes for one."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
