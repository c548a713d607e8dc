"""What people would see of markup, by the rules that Discord's clients are known to follow.

They stand in discord/SimpleAST and Khan Academy's simple-markdown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Seen:
    """`characters` with whether each is bold, and the `kinds` of everything that is not text."""

    characters: list[tuple[str, bool]] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)
    set: list[tuple[str, frozenset[str]]] = field(default_factory=list)
    """Each character with how it is set: "strong", "em", "s", "code"."""

    def add(self, text: str, bold: bool = False, how: Iterable[str] = ()) -> None:
        self.characters.extend((character, bold) for character in text)
        styles = frozenset([*how, *(["strong"] if bold else [])])
        self.set.extend((character, styles) for character in text)

    @property
    def text(self) -> str:
        return "".join(character for character, _ in self.characters)

    @property
    def letters(self) -> list[tuple[str, bool]]:
        return [(c, bold) for c, bold in self.characters if c.isalnum()]


def words(text: str) -> list[str]:
    """Return the words and signs of a text, without what only divides columns and fields."""
    return re.sub("[·─|\N{FIRST STRONG ISOLATE}\N{POP DIRECTIONAL ISOLATE}]", " ", text).split()


_BLOCKS = {
    "quote": re.compile(
        r" *>>> ?(?P<all>[\s\S]+)|(?: *>(?!>>) (?P<lines>[^\n]*(?:\n *> [^\n]*)*\n?))"
    ),
    "heading": re.compile(r" *#{1,3} +(?!#)[^\n]+"),
    "subtext": re.compile(r" *-# +(?!-#)[^\n]+"),
    "list": re.compile(r" *(?:[*+-]|\d+\.) +[^\n]*"),
}
_INLINE = {
    "link": re.compile(r"<[a-z]+:[^ >]+>|(?:https?|steam)://[^\s<]+[^<.,:;\"'\]\s]", re.IGNORECASE),
    "masked": re.compile(
        r"\[(?:\[[^\]]*\]|[^\[\]]|\](?=[^\[]*\]))*\]\(\s*<?(?:[^\s\\]|\\.)*?>?\s*\)"
    ),
    "mention": re.compile(r"<(?:@[!&]?|#|id:)\w+>|@everyone|@here|</[^:\n]+:\d+>"),
    "timestamp": re.compile(r"<t:-?\d+(?::\w)?>"),
    "emoji": re.compile(r"<a?:\w+:\d+>|:[\w+-]+?(?:::skin-tone-\d)?:"),
    "underline": re.compile(r"__([\s\S]+?)__(?!_)"),
    "spoiler": re.compile(r"\|\|([\s\S]+?)\|\|"),
}
_INVITE = re.compile(r"discord(?:app)?\.(?:gg|com)[/\\]", re.IGNORECASE)
_PING = re.compile(r"<(?:@[!&]?|#)\d")
"""As Discord's servers read a message: they may not know of backslashes."""
_ESCAPE = re.compile(r"\\([^0-9A-Za-z\s])")
_CODE_BLOCK = re.compile(r"```(?:[a-z0-9_+\-.#]+?\n)?\n*(?P<code>[^\n][\s\S]*?)\n*```", re.I)
_CODE = re.compile(r"(`+)(?P<code>[\s\S]*?[^`])\1(?!`)")
_PAIRS = {
    "strong": re.compile(r"\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)"),
    "em": re.compile(
        r"\b_((?:__|\\[\s\S]|[^\\_])+?)_\b|\*(?=\S)((?:\*\*|\s+(?:[^*\s]|\*\*)|[^\s*])+?)\*(?!\*)"
    ),
    "s": re.compile(r"~~([\s\S]+?)~~(?!_)"),
}
_MARKS = {
    "heading": re.compile(r" *#{1,3} +"),
    "list": re.compile(r" *(?:[*+-] +|(?P<number>\d+\. +))"),
}
_SHRUG = "¯\\_(ツ)_/¯"


def discord_client(markup: str) -> Seen:
    """Render markup as Discord does, but stricter: try every rule at every character."""
    seen = Seen()
    if _INVITE.search(markup):
        seen.kinds.add("invite")
    if _PING.search(markup):
        seen.kinds.add("ping")
    _read(markup, seen, quoted=False)
    return seen


def _read(
    markup: str,
    seen: Seen,
    *,
    quoted: bool,
    how: frozenset[str] = frozenset(),
    inline: bool = False,
) -> None:
    at = 0
    while at < len(markup):
        rest = markup[at:]
        if markup[:at].rpartition("\n")[2].strip(" ") == "" and not inline:
            block = next((k for k, rule in _BLOCKS.items() if rule.match(rest)), None)
            if block == "quote" and not quoted:
                match = _BLOCKS["quote"].match(rest)
                assert match is not None
                seen.kinds.add("quote" if match["lines"] is not None else "quote of all")
                inner = re.sub(r"(?m)^ *> ", "", match[0]) if match["lines"] is not None else ""
                _read(inner, seen, quoted=True)
                at += match.end()
                continue
            if block not in (None, "quote"):
                seen.kinds.add(str(block))
            if mark := _MARKS[block].match(rest) if block in _MARKS else None:
                seen.add(mark["number"] or "" if block == "list" else "")
                end = (rest + "\n").index("\n")
                _read(rest[mark.end() : end], seen, quoted=quoted, inline=True)
                at += end
                continue
        if rest.startswith(_SHRUG):
            seen.add(_SHRUG, how=how)
            at += len(_SHRUG)
        elif match := _ESCAPE.match(rest):
            seen.add(match[1], "strong" in how, how)
            at += match.end()
        elif match := _CODE_BLOCK.match(rest) or _CODE.match(rest):
            seen.kinds.add("code block" if match[0].startswith("```") else "code")
            seen.add(match["code"], "strong" in how, how | {"code"})
            at += match.end()
        elif found := next(((k, m) for k, r in _PAIRS.items() if (m := r.match(rest))), None):
            kind, match = found
            seen.kinds.add(kind)
            inner = next(group for group in match.groups() if group is not None)
            _read(inner, seen, quoted=quoted, how=how | {kind}, inline=True)
            at += match.end()
        else:
            seen.kinds.update(kind for kind, rule in _INLINE.items() if rule.match(rest))
            seen.add(rest[0], "strong" in how, how)
            at += 1
