"""Tokens of rich text, and the characters that they stand for."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from index.parsing.text.symbol_fonts import signs

_TOKEN = re.compile(
    rb"\\(?P<word>[A-Za-z]{1,32})(?P<number>-?\d{1,10})? ?|\\'(?P<hex>[0-9A-Fa-f]{2})"
    rb"|\\(?P<symbol>[^A-Za-z])|(?P<brace>[{}])|[\r\n\0]+|(?P<text>[^\\{}\r\n\0]+)",
    re.DOTALL,
)

CHARACTERS = {
    "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“",
    "rdblquote": "”", "bullet": "•", "emspace": " ", "enspace": " ", "qmspace": " ",
    "tab": "\t", "line": "\n", "lbr": "\n", "softline": "\n",
}  # fmt: skip
"""Words that stand for a character."""

SYMBOLS = {"~": "\u00a0", "_": "\u2011", "-": "", "{": "{", "}": "}", "\\": "\\", ":": "", "|": ""}
"""Marks that stand for a character; a hyphen that shows only at a line's end is none."""

_SYMBOL_FONT = "symbols"
_CHARSETS = {
    2: _SYMBOL_FONT,
    77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gbk", 136: "big5",
    161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257",
    204: "cp1251", 222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip


def tokens(data: bytes) -> Iterator[tuple[str, str, int | None]]:
    """Yield each token: its kind, its word or text, and its number.

    Kinds are "word", "byte" (of which the number is the value), "symbol", "brace" and "text". Raw
    bytes, which pictures may hold, are left out.
    """
    at = 0
    while match := _TOKEN.match(data, at):
        at = match.end()
        if (word := match["word"]) is not None:
            number = int(match["number"]) if match["number"] else None
            if word == b"bin" and number:
                at += max(0, number)
            yield "word", word.decode("ascii"), number
        elif match["hex"] is not None:
            yield "byte", "", int(match["hex"], 16)
        elif match["symbol"] is not None:
            yield "symbol", match["symbol"].decode("latin-1"), None
        elif match["brace"] is not None:
            yield "brace", match["brace"].decode("ascii"), None
        elif match["text"] is not None:
            yield "text", match["text"].decode("latin-1"), None


def code_page(number: int | None, *, charset: bool = False) -> str:
    """Return Python's name of a code page, or of that of a font's character set."""
    if charset:
        return _CHARSETS.get(number or 0, "")
    name = {10000: "mac_roman", 65001: "utf-8", 1361: "johab"}.get(number or 0, f"cp{number}")
    try:
        codecs.lookup(name)
    except LookupError:
        return "cp1252"
    return name


def decoded(data: bytes, page: str, font: str) -> str:
    """Return the characters that bytes stand for in a code page, or in a `font` of symbols."""
    return signs(font, data) if page == _SYMBOL_FONT else data.decode(page, "replace")
