"""What people would see of markup, in three renderers.

Two are by others: simcord's model of Discord, and markdown-it-py. The third is
testing/discord_client.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from markdown_it import MarkdownIt
from simcord.preview._markdown import markdown_tokens

from testing.discord_client import Seen, discord_client

KNOWN = {
    "users": {"1": "somebody"},
    "roles": {"1": "everybody"},
    "channels": {"1": "general"},
    "commands": {"1": "ask"},
    "emojis": {"1": {"name": "ab", "animated": False}},
    "everyone": True,
}
"""So that a mention, emoji or command with the id 1 is one."""


def even(text: str) -> str:
    """Remove what CommonMark does not keep: white space at line ends, and empty lines.

    And without what isolates writing from right to left, which nobody sees.
    """
    text = re.sub("[\N{FIRST STRONG ISOLATE}\N{POP DIRECTIONAL ISOLATE}]", "", text)
    lines = (line.strip() for line in re.sub(r"[^\S\n]", " ", text).split("\n"))
    return "\n".join(line for line in lines if line)


def preview(markup: str, profile: str = "message") -> Seen:
    """Render markup as simcord does, for the demo's page."""
    seen = Seen()

    def walk(tokens: Iterable[Mapping[str, Any]], bold: bool) -> None:
        how: set[str] = set()
        for token in tokens:
            kind = token["type"]
            if kind == "text":
                seen.add(token["content"], bold, how)
            elif kind in ("code", "code_block"):
                seen.add(token["content"], bold, {*how, "code"})
                seen.kinds.add(kind)
            elif kind == "break":
                seen.add("\n")
            elif kind in ("strong_open", "strong_close"):
                bold = kind == "strong_open"
                seen.kinds.add("strong")
            elif kind in ("em_open", "s_open"):
                how.add(kind.removesuffix("_open"))
                seen.kinds.add(kind.removesuffix("_open"))
            elif kind in ("em_close", "s_close"):
                how.discard(kind.removesuffix("_close"))
            elif kind == "subtext":
                # simcord looks for -# when escapes are gone, so it takes an escaped one as well.
                seen.add("\n-# ")
                walk(token["children"], bold)
                seen.add("\n")
            else:
                if kind not in ("inline", "paragraph"):
                    seen.kinds.add(kind)
                walk(token.get("children", ()), bold)
                if kind in ("paragraph", "heading", "list_item"):
                    seen.add("\n")

    walk(markdown_tokens(markup, profile, context=KNOWN), False)
    return seen


_ENDS = frozenset({"paragraph_close", "heading_close"})
_COMMONMARK = MarkdownIt("commonmark").enable(["strikethrough", "table"])


def commonmark(markup: str) -> Seen:
    seen = Seen()
    for block in _COMMONMARK.parse(markup):
        bold = False
        how: set[str] = set()
        for token in block.children or [block]:
            kind = token.type.removesuffix("_open").removesuffix("_close")
            if kind in ("text", "text_special"):
                seen.add(token.content, bold, how)
            elif kind in ("code_inline", "fence"):
                seen.add(token.content, bold, {*how, "code"})
                seen.kinds.add(kind)
            elif kind in ("em", "s"):
                how = how | {kind} if token.nesting == 1 else how - {kind}
                seen.kinds.add(kind)
            elif token.type == "list_item_open":
                seen.add(f"{token.info}{token.markup} " if token.info else "")
                seen.kinds.add(kind)
            elif kind in ("softbreak", "hardbreak") or token.type in _ENDS:
                seen.add("\n")
            elif kind == "strong":
                bold = token.nesting == 1
                seen.kinds.add(kind)
            elif kind not in ("inline", "paragraph"):
                seen.kinds.add(kind)
    return seen


READERS: list[Callable[[str], Seen]] = [
    preview,
    lambda markup: preview(markup, "text_display"),
    commonmark,
    discord_client,
]
