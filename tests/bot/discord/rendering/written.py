"""Markdown documents, and what a renderer that is not ours shows of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import mistune
from hypothesis import strategies as st

_PLUGINS = ["strikethrough", "table"]
_MISTUNE = mistune.create_markdown(renderer=None, plugins=_PLUGINS)
_WEB = mistune.create_markdown(renderer="html", plugins=_PLUGINS)


@dataclass(frozen=True, slots=True)
class Written:
    """A document as it is written; what is seen of it, with and without the numbers of lists."""

    markdown: str

    @property
    def shown(self) -> str:
        return _text(self._tokens(), numbers=True)

    @property
    def without_numbers(self) -> str:
        return _text(self._tokens(), numbers=False)

    @property
    def as_web_page(self) -> str:
        shown = str(_WEB(self.markdown)).replace(
            "del>", "s>"
        )  # what is struck through, not deleted
        return f"<html><body>{shown}</body></html>"

    def _tokens(self) -> Any:
        return _MISTUNE(self.markdown)


def _text(tokens: Iterable[Mapping[str, Any]], *, numbers: bool) -> str:
    found = []
    for token in tokens:
        attrs = token.get("attrs") or {}
        match token["type"]:
            case "text" | "codespan":
                found.append(token["raw"])
            case "softbreak" | "linebreak" | "blank_line" | "thematic_break":
                found.append("\n")
            case "block_code":
                found.append(f"\n{token['raw']}\n")
            case "list":
                for number, item in enumerate(token["children"], start=attrs.get("start", 1)):
                    mark = f"{number}. " if attrs.get("ordered") and numbers else ""
                    found.append(f"\n{mark}{_text(item['children'], numbers=numbers)}\n")
            case "table_cell":
                found.append(f" {_text(token.get('children', ()), numbers=numbers)} ")
            case kind:
                inner = _text(token.get("children", ()), numbers=numbers)
                inline = kind in ("strong", "emphasis", "strikethrough", "link", "image")
                found.append(inner if inline else f"\n{inner}\n")
    return "".join(found)


_WORD = st.sampled_from(
    "alpha Beta gamma 12 3.5 delta, (so) it's <@1> @everyone :smile: a&b https://x.y/z 5*3 a|b -5 ø"
    " snake #tag ~5 <#1> discord.gg/x".split()
)
_PLAIN = st.lists(_WORD.filter(lambda word: "*" not in word), min_size=1, max_size=4).map(" ".join)
_IN_CELL = st.sampled_from("alpha gamma 12 3.5 (so) it's a&b #tag *it* `x_y` **-5**".split())
"""So narrow that the columns stand side by side, in their order."""


def _wrapped(left: str, right: str, inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return inner.map(lambda text: f"{left}{text}{right}")


_SET = st.one_of(
    _wrapped("**", "**", _PLAIN),
    _wrapped("*", "*", _PLAIN),
    _wrapped("_", "_", _PLAIN),
    _wrapped("~~", "~~", _PLAIN.filter(lambda text: "~" not in text)),
    _wrapped("`", "`", _PLAIN),
    _wrapped("***", "***", _PLAIN),
    _wrapped("**a *", "* b**", _PLAIN),
    _wrapped("*a **", "** b*", _PLAIN),
    _wrapped("[", "](https://a.b/c_d)", _PLAIN),
    _wrapped("**[", "](<x y>)**", _PLAIN),
)
_SPAN = st.one_of(_PLAIN, _SET)
_LINE = st.lists(_SPAN, min_size=1, max_size=4).map(" ".join)
_PARAGRAPH = st.lists(_LINE, min_size=1, max_size=3).map("\n".join)
_HEADING = st.tuples(st.integers(1, 6), _LINE).map(lambda one: f"{'#' * one[0]} {one[1]}")
_CODE = st.lists(_PLAIN, min_size=1, max_size=3).map(
    lambda lines: "\n".join(["```", *lines, "```"])
)
_QUOTE = _PARAGRAPH.map(lambda text: "\n".join(f"> {line}" for line in text.split("\n")))


def _listed(mark: str) -> st.SearchStrategy[str]:
    item = st.tuples(_LINE, st.lists(_LINE, max_size=2)).map(
        lambda one: "\n".join(
            [f"{mark} {one[0]}", *(f"{' ' * len(mark)} - {inner}" for inner in one[1])]
        )
    )
    return st.lists(item, min_size=1, max_size=4).map("\n".join)


_TABLE = st.lists(st.tuples(_IN_CELL, _IN_CELL), min_size=2, max_size=3).map(
    lambda rows: "\n".join(
        ["| First | Second |", "|---|---|", *(f"| {one} | {two} |" for one, two in rows)]
    )
)
_BLOCK = st.one_of(
    _PARAGRAPH, _HEADING, _CODE, _QUOTE, _listed("-"), _listed("1."), _listed("7."), _TABLE
)


def markdown_documents() -> st.SearchStrategy[Written]:
    """Return documents of a few blocks, in which words that Discord acts on stand as well."""
    return st.lists(_BLOCK, min_size=1, max_size=4).map("\n\n".join).map(Written)
