"""Text made safe to show, with visible marks for hidden characters; file names compared."""

from __future__ import annotations

import re
import unicodedata

_LINE_ENDS = "\r\n?|[\x0b\x0c\x85\u2028\u2029]"
_CONTROLS = "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufff9-\ufffb"
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_WITHOUT_WIDTH = "\u200b\u2060-\u2065\u206a-\u206f\u180e\ufeff\U000e0000-\U000e007f"
_BLANK = "\u115f\u1160\u2800\u3164\uffa0\U00016fe4\U0001d159"
"""Fillers of Hangul and the like: letters or signs by rule, nothing to the eye."""
_IGNORABLE = (
    "\u00ad\u034f\u17b4\u17b5\u180f\ufff0-\ufff8\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0080-\U000e00ff\U000e01f0-\U000e0fff"
)
"""What else is Default_Ignorable_Code_Point (unicode.org/reports/tr44), or only formats."""
_NOT_TEXT = "\ud800-\udfff\ufffe\uffff"
_HIDDEN = f"[{_CONTROLS}{_BIDI}{_WITHOUT_WIDTH}{_BLANK}{_IGNORABLE}{_NOT_TEXT}]"

# Joiners belong to words in Persian and Hindi and hold families of emoji together; beside ASCII,
# white space or another joiner they can only deceive. The flag of Wales is a black flag and tags.
_SPELLS = "[^\x00-\x7f\\s\u200b-\u200f\u2060-\u206f]"
_JOINER = f"(?<!{_SPELLS})[\u200c\u200d]|[\u200c\u200d](?!{_SPELLS})"
# Which form of the sign before is meant: an emoji, a keycap, a Chinese or Mongolian letter.
_SELECTORS = "\u180b-\u180d\ufe00-\ufe0f\U000e0100-\U000e01ef"
_HAS_FORMS = f"[^\x00-\x22\x24-\x29\x2b-\x2f\x3a-\x7f\\s\u200b-\u200f\u2060-\u206f{_SELECTORS}]"
_SELECTOR = f"(?<!{_HAS_FORMS})[{_SELECTORS}]"
_FLAG = "\U0001f3f4[\U000e0061-\U000e007a]{4,6}\U000e007f"
_UNSEEN = re.compile(f"(?P<flag>{_FLAG})|(?P<end>{_LINE_ENDS})|{_HIDDEN}|{_JOINER}|{_SELECTOR}")

_BLANKS = re.compile(f"[{_BLANK}]")
_INVISIBLE = re.compile(
    f"[{_CONTROLS}{_BIDI}{_WITHOUT_WIDTH}{_IGNORABLE}{_NOT_TEXT}{_SELECTORS}\u200c\u200d]"
)

_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


def visible(text: str) -> str:
    """Return the text with `\\n` for every kind of line end and a mark for every hidden character.

    Hidden are control characters, bidirectional and zero-width marks, and halves of surrogate
    pairs: all that a screen acts on, or that makes a text look like another one.
    """
    return "".join(visible_characters(text))


def visible_line(text: str) -> str:
    """Return the same on one line, for names, titles, headings and messages."""
    return visible(text).replace("\n", "\N{SYMBOL FOR NEWLINE}").replace("\t", " ")


def isolated(line: str) -> str:
    """Return a line that can stand within another, also if it is written from right to left.

    A number after an Arabic name would otherwise be shown on the name's other side
    (https://www.unicode.org/reports/tr9/#Explicit_Directional_Isolates).
    """
    if not _RIGHT_TO_LEFT.search(line):
        return line
    return f"\N{FIRST STRONG ISOLATE}{line}\N{POP DIRECTIONAL ISOLATE}"


def visible_characters(text: str) -> list[str]:
    """Return what is shown for each character of `text`; nothing for the `\\n` of `\\r\\n`."""
    shown = list(text)
    for found in _UNSEEN.finditer(text):
        if found["flag"]:
            continue
        mark = "\n" if found["end"] else _mark(found[0])
        shown[found.start() : found.end()] = [mark, *[""] * (len(found[0]) - 1)]
    return shown


def folded_name(name: str) -> str:
    """Return a form of a file's name that is equal for all names which some system takes for one.

    Neither case counts, nor whether an accent is a character of its own.
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _mark(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)  # the picture of that control character
    return "\N{SYMBOL FOR DELETE}" if code == 0x7F else f"‹U+{code:04X}›"


def place_of(name: str) -> str:
    """Return a document's name in a form that is the same for all names of the same place.

    Case and spaces around a part do not count: on some systems they make no difference between
    folders. Signs that nobody sees do not count either, and all blanks are one space: to people
    such names are the same, and a rule that does not apply would show too much.
    """
    if not (name.isascii() and name.isprintable()):
        name = _INVISIBLE.sub("", _BLANKS.sub(" ", name))
    parts = (" ".join(part.split()) for part in folded_name(name).split("/"))
    return "/".join(filter(None, parts))
