"""Notes: a message of a chat as a Markdown document."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.text import visible_line

__all__ = ["Note", "note_file"]

_TITLE, _SLUG = 80, 40
"""Most characters."""
_EDGES = " \t#_>-"
_MARKS = re.compile(r"[*~`|]+")
_NOT_IN_SLUG = re.compile(r"[^a-z0-9]+")
_MOMENT = re.compile(r"<t:(-?[0-9]{1,12})(?::[A-Za-z])?>")
_EMOJI = re.compile(r"<a?(:[A-Za-z0-9_]{1,32}:)[0-9]{1,20}>")
_FENCE = re.compile(r"[ ]{0,3}(?:```|~~~)")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody wrote: `words` as they are shown, without ids in them.

    `number` is the message's id, `source` leads to it, and `channel` is the name of where it is.
    """

    number: int
    words: str
    author: str
    at: datetime
    source: str
    channel: str


def note_file(note: Note) -> tuple[str, bytes]:
    """Return the name and the bytes of a document with a note; the same note has the same name."""
    day = f"{note.at.astimezone(UTC):%Y-%m-%d}"
    words = _plain(note.words)
    title = _title(words) or f"{note.author}, {day}"
    fields = {
        "title": title,
        "date": day,
        "author": note.author,
        "source": note.source,
        "channel": note.channel,
    }
    # A string of JSON is one of YAML, whatever is in it.
    lines = (
        f"{key}: {json.dumps(_line(value), ensure_ascii=False)}" for key, value in fields.items()
    )
    text = "\n".join(("---", *lines, "---", "", _with_breaks(words), ""))
    slug = _slug(title) or "message"
    return f"{day}-{slug}-{_short(note.number)}.md", text.encode(errors="replace")


def _line(value: str) -> str:
    return " ".join(visible_line(value).split())


def _plain(words: str) -> str:
    """Return the words with moments and emoji as text, which a chat has as ids."""

    def moment(found: re.Match[str]) -> str:
        try:
            return f"{datetime.fromtimestamp(int(found[1]), UTC):%Y-%m-%d %H:%M} UTC"
        except (OverflowError, OSError, ValueError):
            return found[0]

    return _EMOJI.sub(r"\1", _MOMENT.sub(moment, words.strip()))


def _title(words: str) -> str:
    """Return the first line that says something, without its markup, shortened at a word."""
    for line in words.splitlines():
        title = " ".join(_MARKS.sub("", visible_line(line)).split()).strip(_EDGES)
        if any(sign.isalnum() for sign in title):
            if len(title) <= _TITLE:
                return title
            return f"{title[: _TITLE - 1].rpartition(' ')[0] or title[: _TITLE - 1]}…"
    return ""


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return _NOT_IN_SLUG.sub("-", plain)[:_SLUG].strip("-")


def _short(number: int) -> str:
    digits = ""
    while number > 0:
        number, last = divmod(number, len(_DIGITS))
        digits = _DIGITS[last] + digits
    return digits or "0"


def _with_breaks(words: str) -> str:
    """Return Markdown in which each line stays one, as a chat shows it."""
    lines, is_code = words.splitlines(), False
    for at, line in enumerate(lines):
        if _FENCE.match(line):
            is_code = not is_code
        elif not is_code and line.strip() and at + 1 < len(lines) and lines[at + 1].strip():
            lines[at] = f"{line.rstrip()}  "
    return "\n".join(lines)
