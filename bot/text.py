"""Text with what cannot be seen in it made visible: for any face that shows a document's words."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["folded_name", "isolated", "visible", "visible_characters", "visible_line"]

_LINE_ENDS = "\r\n?|[\x0b\x0c\x85\u2028\u2029]"
_CONTROLS = "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufff9-\ufffb"
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_WITHOUT_WIDTH = "\u200b\u2060-\u2065\u206a-\u206f\u180e\ufeff\U000e0000-\U000e007f"
_BLANK = "\u115f\u1160\u3164\uffa0"  # Hangul fillers: letters by rule, nothing to the eye
_NOT_TEXT = "\ud800-\udfff\ufffe\uffff"
_HIDDEN = f"[{_CONTROLS}{_BIDI}{_WITHOUT_WIDTH}{_BLANK}{_NOT_TEXT}]"

# Joiners spell words in Persian and Hindi and hold families of emoji together; beside ASCII, white
# space or one another they can only deceive. A flag of Wales is a black flag and some tags.
_SPELLS = "[^\x00-\x7f\\s\u200b-\u200f\u2060-\u206f]"
_JOINER = f"(?<!{_SPELLS})[\u200c\u200d]|[\u200c\u200d](?!{_SPELLS})"
_FLAG = "\U0001f3f4[\U000e0061-\U000e007a]{4,6}\U000e007f"
_UNSEEN = re.compile(f"(?P<flag>{_FLAG})|(?P<end>{_LINE_ENDS})|{_HIDDEN}|{_JOINER}")

_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


def visible(text: str) -> str:
    """The text with `\\n` for every kind of line end, and a mark for every hidden character.

    Hidden are control characters, bidirectional and zero-width marks, and halves of surrogate
    pairs: anything that a screen would act on, or that would make a text other than it looks.
    """
    return "".join(visible_characters(text))


def visible_line(text: str) -> str:
    """The same for what must stay on one line: names, titles, headings, messages."""
    return visible(text).replace("\n", "\N{SYMBOL FOR NEWLINE}").replace("\t", " ")


def isolated(line: str) -> str:
    """A line that stands within another: what is written from right to left moves nothing there.

    An Arabic name would else take the number that follows it to its other side
    (https://www.unicode.org/reports/tr9/#Explicit_Directional_Isolates).
    """
    if not _RIGHT_TO_LEFT.search(line):
        return line
    return f"\N{FIRST STRONG ISOLATE}{line}\N{POP DIRECTIONAL ISOLATE}"


def visible_characters(text: str) -> list[str]:
    """What is shown for each character of `text`, in order; nothing for the second of `\\r\\n`."""
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
