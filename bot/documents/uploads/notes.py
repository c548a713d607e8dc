"""Notes: a message of a chat as a Markdown document."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.text import visible_line

_TITLE, _SLUG = 80, 40
"""Most characters."""
_EDGES = " \t#_>-"
_MARKS = re.compile(r"[*~`|]+")
_NOT_IN_SLUG = re.compile(r"[^a-z0-9]+")
_MOMENT = re.compile(r"<t:(-?[0-9]{1,12})(?::[A-Za-z])?>")
_EMOJI = re.compile(r"<a?(:[A-Za-z0-9_]{1,32}:)[0-9]{1,20}>")
_ONLY_IN_DOCUMENTS = re.compile(
    r"\\.|<(?=[!?/A-Za-z])(?!https?://|t:-?\d)|&(?=#?\w+;)|!(?=\[)|(?P<fence>`{3,}|~{3,})"
    r"|(?P<rule>^ *)(?=(?:=+|-(?:[ \t]*-)*)[ \t]*$)",
    re.MULTILINE,
)
"""What begins HTML, an entity, a picture or a block of code in Markdown, or makes a heading of the
lines above it, and is shown as it stands in a chat; and what is escaped already."""
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_TICKS = re.compile("`+")
_FENCE = "```"
_KIND = re.compile(r"[A-Za-z0-9_+.#-]*\n")
"""The language of a block of code, on a line of its own."""
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
    text = "\n".join(("---", *lines, "---", "", _with_breaks(_literal(words)), ""))
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


def _literal(words: str) -> str:
    """Return Markdown in which what only a document has, and no chat, stays what it looks like.

    In a chat a block of code goes from one fence to the next, wherever they stand.
    """
    parts, done = [], 0
    while (start := words.find(_FENCE, done)) >= 0:
        end = words.find(_FENCE, start + len(_FENCE))
        code = words[start + len(_FENCE) : end] if end >= 0 else ""
        if not code.strip():
            break
        before, done = words[done:start], end + len(_FENCE)
        parts.append(_escaped(before))
        if "\n" not in code:
            parts.append(f"{_FENCE}{code}{_FENCE}")
            continue
        above = "\n" if before.rpartition("\n")[2].strip() else ""
        below = "" if words.startswith("\n", done) else "\n"
        kind, _, lines = code.partition("\n") if _KIND.match(code) else ("", "", code)
        lines = lines.strip("\n")
        parts.append(f"{above}{_FENCE}{kind}\n{lines}\n{_FENCE}{below}")
    return "".join([*parts, _escaped(words[done:])])


def _escaped(words: str) -> str:
    """Escape words without blocks of code; what stands between backticks is code as well."""
    parts, done = [], 0
    for start, end in _code(words):
        parts += [_escaped_text(words[done:start]), words[start:end]]
        done = end
    return "".join([*parts, _escaped_text(words[done:])])


def _escaped_text(text: str) -> str:
    def escaped(found: re.Match[str]) -> str:
        if found["fence"]:
            return "\\" + "\\".join(found[0])
        if found["rule"] is not None:
            return f"{found[0]}\\"
        return found[0] if found[0].startswith("\\") else f"\\{found[0]}"

    return _ONLY_IN_DOCUMENTS.sub(escaped, text)


def _code(words: str) -> Iterator[tuple[int, int]]:
    """Yield where code begins and ends: between two runs of as many backticks."""
    runs = [(found.start(), found.end()) for found in _TICKS.finditer(words)]
    later: dict[int, list[int]] = {}
    for number in reversed(range(len(runs))):
        start, end = runs[number]
        later.setdefault(end - start, []).append(number)
    done = 0
    for number, (start, end) in enumerate(runs):
        same = later[end - start]
        while same and same[-1] <= number:
            same.pop()
        before = words[done:start]
        is_escaped = (len(before) - len(before.rstrip("\\"))) % 2
        if start < done or is_escaped or not same:
            continue
        close = runs[same[-1]][1]
        if not _BLANK_LINE.search(words, start, close):
            yield start, close
            done = close


def _with_breaks(words: str) -> str:
    """Return Markdown in which each line stays one, as a chat shows it."""
    lines, is_code = words.splitlines(), False
    for at, line in enumerate(lines):
        if line.startswith(_FENCE) and "`" not in line[len(_FENCE) :]:
            is_code = not is_code
        elif not is_code and line.strip():
            bare = line.rstrip()
            if (len(bare) - len(bare.rstrip("\\"))) % 2:  # in a document, it breaks the line
                bare = lines[at] = f"{bare}\\"
            if at + 1 < len(lines) and lines[at + 1].strip():
                lines[at] = f"{bare}  "
    return "\n".join(lines)
