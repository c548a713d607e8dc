"""Escapes text so that Discord shows exactly that text.

A backslash is used only if Discord would otherwise act on the character, since people who copy a
message on a phone get the markup. The same escapes work for CommonMark renderers, so the page of
the demo shows the same text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime

from bot.discord.rendering.limits import units
from bot.text import isolated, visible_characters, visible_line
from index.document import Span

_QUOTE = "> "
_BOLD = "**"
_NO_BREAK, _WIDE = "\N{NO-BREAK SPACE}", "\N{EM SPACE}"

_JOINERS = frozenset("\u200c\u200d")
_SPACES = re.compile(r"(?m)^ +| {2,}")
_ANYWHERE = re.compile(
    r"""
      [\\*_`\[]                 # escapes, emphasis, code, links
    | ~(?=~) | (?<=~)~          # strikethrough
    | \|(?=\|) | (?<=\|)\|      # spoilers
    | <(?=\S)                   # mentions, timestamps, emoji, commands, <links>
    | (?<=<)[@\#]               # no mention, even if a server ignores backslashes
    | @(?=everyone|here)
    | :(?=//|[\w+-]+:)          # bare links, :shortcodes:
    | (?:(?<=discord)|(?<=discordapp))\.(?=\w)  # invites unfurl without https://
    | &(?=\#?\w+;)              # HTML entities, which CommonMark would decode
    """,
    re.VERBOSE | re.IGNORECASE,
)
_LINE_START = re.compile(
    r"""
    ^[^\S\n]*(?:
        (?P<heading>\#)(?=\#{0,5}(?:\s|\Z))
      | (?P<bullet>[-+])(?=[\s\#|:+-]|\Z)       # lists, -# subtext, rules and underlines
      | (?P<quote>>)
      | [0-9]+(?P<number>[.)])(?=\s|\Z)
      | (?P<underline>=)(?==*[^\S\n]*$)
      | (?P<table>[|:])(?=[-|:\s])
    )
    """,
    re.VERBOSE | re.MULTILINE,
)


def escape(text: str) -> str:
    """Return markup that shows `text` in a message or an embed's description, without effects.

    Hidden characters are shown as `bot.text` shows them. Spaces that would collapse become
    no-break spaces, and tabs become wide spaces. The markup may stand anywhere in a line.
    """
    return "".join(_markup(text, (), "\n"))


def escape_line(text: str, most: int | None = None) -> str:
    """Return `escape` on one line, for names and titles, shortened with "…" to `most` units.

    Text from right to left does not change the order of the line that it is put into.
    """
    line = visible_line(text)
    costs = markup_costs(line)
    if most is not None and sum(costs) > most:
        room, end = most - 1, 0
        while costs[end] <= room:
            room -= costs[end]
            end += 1
        line = f"{line[:end].rstrip()}…"
    return isolated("".join(_markup(line, (), "\n")))


def quote_of_part(quoted: str, *, before: bool, after: bool) -> str:
    """Return a block quote with "…" where more stands before or after it."""
    begun = f"> … {quoted.removeprefix('> ')}" if before else quoted
    return f"{begun} …" if after else begun


def bold(text: str, most: int | None = None) -> str:
    """Return a line in bold; `most` does not count the marks of bold."""
    line = escape_line(visible_line(text).strip(), most)
    return line and f"{_BOLD}{line}{_BOLD}"


def timestamp(moment: datetime, form: str = "D") -> str:
    """Return a moment as Discord shows it, by the clock of whoever reads it."""
    return f"<t:{int(moment.timestamp())}:{form}>"


def quote(text: str, emphasis: Sequence[Span] = ()) -> str:
    """Return `text` as a block quote, with the spans of `emphasis` (offsets in `text`) in bold."""
    return _QUOTE + "".join(_markup(text, emphasis, f"\n{_QUOTE}"))


def quote_costs(text: str, emphasis: Sequence[Span] = ()) -> list[int]:
    """Return the units of `quote` for each character of `text`, without the first `> `."""
    return [units(markup) for markup in _markup(text, emphasis, f"\n{_QUOTE}")]


def markup_costs(text: str) -> list[int]:
    """Return the units of `escape` for each character of `text`."""
    return [units(markup) for markup in _markup(text, (), "\n")]


def escaped(seen: str) -> list[str]:
    """Return the markup of each character of what is seen, in which nothing is hidden."""
    seen = _spaced(seen)
    marked = list(seen)
    for found in _ANYWHERE.finditer(seen):
        marked[found.start()] = f"\\{found[0]}"
    for found in _LINE_START.finditer(seen):
        assert found.lastgroup is not None
        at = found.start(found.lastgroup)
        marked[at] = f"\\{seen[at]}"
    return marked


def _markup(text: str, emphasis: Sequence[Span], line_break: str) -> list[str]:
    """Return the markup of each character of `text`, in order."""
    shown = visible_characters(text)
    seen = _spaced("".join(shown))
    marked = escaped(seen)
    for start, end in _bold_runs(seen, _as_seen(shown, emphasis)):
        marked[start] = _BOLD + marked[start]
        marked[end - 1] += _BOLD
    result, at = [], 0
    for piece in shown:
        whole = "".join(marked[at : at + len(piece)])
        result.append(line_break if piece == "\n" else whole)
        at += len(piece)
    return result


def _spaced(text: str) -> str:
    """Keep spaces that an embed would collapse, or drop at the start of a line."""
    return _SPACES.sub(_keep_spaces, text).replace("\t", _WIDE)


def _keep_spaces(spaces: re.Match[str]) -> str:
    begins_line = spaces.start() == 0 or spaces.string[spaces.start() - 1] == "\n"
    # The first one stays a space, so that the line may break there.
    return _NO_BREAK * len(spaces[0]) if begins_line else " " + _NO_BREAK * (len(spaces[0]) - 1)


def _as_seen(shown: Sequence[str], spans: Sequence[Span]) -> list[Span]:
    """The spans as offsets in what is seen, in order, those that touch made one."""
    if not spans:
        return []
    starts = [0]
    for piece in shown:
        starts.append(starts[-1] + len(piece))
    joined: list[Span] = []
    for span in sorted(spans):
        start = starts[min(max(span.start, 0), len(shown))]
        end = starts[min(max(span.end, 0), len(shown))]
        if joined and start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(end, joined[-1].end))
        elif start < end:
            joined.append(Span(start, end))
    return joined


def _bold_runs(text: str, spans: Sequence[Span]) -> list[tuple[int, int]]:
    """Return runs of bold, each within one line, and shortened until both marks work.

    A mark does not work beside white space, nor between a letter outside and punctuation inside.
    """
    runs = []
    for span in spans:
        for line in re.finditer(r"[^\n]+", text[span.start : span.end]):
            start, end = span.start + line.start(), span.start + line.end()
            while start < end and not may_stand(text[start - 1 : start], text[start]):
                start += 1
            while start < end and not may_stand(text[end : end + 1], text[end - 1]):
                end -= 1
            if start < end:
                runs.append((start, end))
    return runs


def may_stand(outside: str, inside: str) -> bool:
    """Return whether `**` works between these characters; "" outside is the end of a line."""
    if inside.isspace() or _JOINERS.intersection((inside, outside)):  # which would join the mark
        return False
    return not is_mark(inside) or not outside or outside.isspace() or is_mark(outside)


def is_mark(character: str) -> bool:
    """Return whether a character is punctuation or a symbol."""
    return unicodedata.category(character)[0] in "PS"
