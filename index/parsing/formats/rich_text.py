"""Texts that files hold as a value, which may be plain or a piece of a web page."""

from __future__ import annotations

import re

from index.parsing.builder import DocumentBuilder
from index.parsing.unread.embedded import EMBEDDED

_HTML = re.compile(
    r"<(?:p|br|div|span|b|i|strong|em|u|a|ul|ol|li|h[1-6]|table|blockquote)\b[^<>]*>", re.IGNORECASE
)
_LONG_DATA = re.compile(r"[\w+/-]{2000,}={0,2}", re.ASCII)
_LOOKED_AT = 10_000


def is_page(text: str) -> bool:
    """Return whether a text has the marks of a web page."""
    return _HTML.search(text, 0, _LOOKED_AT) is not None


def write_text(text: str, builder: DocumentBuilder) -> None:
    """Add the blocks of a text, which is read as a web page where it has the marks of one."""
    if is_page(text):
        from index.parsing.formats.html.parser import write_page  # loads lxml; few files need it

        write_page(text, builder)
    else:
        builder.plain(text)


def without_embedded(text: str, builder: DocumentBuilder) -> str:
    """Return a text without pictures and the like that are written into it as letters."""
    rest = text
    for data in (EMBEDDED, _LONG_DATA):
        rest = data.sub("", rest)
    if rest != text:
        builder.remark("Embedded data, such as a picture, was not read.")
    return rest
