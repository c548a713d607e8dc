"""The HTML form of a mail's text: which parts of it are the sender's own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree, html

from index.document import TextOrigin

_WORD = re.compile(r"\w+")
_QUOTED = re.compile(
    r"(?:.*\s)?(?:gmail_(?:quote\w*|attr)|yahoo_quoted|moz-cite-prefix|protonmail_quote|zmail_extra"
    r"|OutlookMessageHeader|tutanota_quote)(?:\s.*)?"
)
_CLOSING = re.compile(
    r"(?:.*\s)?(?:gmail_signature\w*|moz-signature|protonmail_signature_block\S*)(?:\s.*)?"
)
_QUOTED_IDS = re.compile(
    r"(?:x_)*(?:divRplyFwdMsg|appendonsend|reply-intro|stopSpelling)|yahoo_quoted_\d+"
)
_CLOSING_IDS = re.compile(r"(?:x_)*(?:Signature|ms-outlook-mobile-signature)")
_HEADER_STYLE = re.compile(
    r"border:\s?none;\s?border-top:\s?solid #(?:E1E1E1|B5C4DF) 1\.0pt;\s?padding:\s?3\.0pt 0",
    re.IGNORECASE,
)
"""Of the box in which Outlook puts From, Sent, To and Subject of the mail below it."""
_BEGINS, _ENDS = "\ue0f0", "\ue0f1"
_MARKS = re.compile(f"({_BEGINS}[qcr]|{_ENDS})")
_LONGEST_CELL = 100


def parts_of(page: str) -> Iterator[tuple[TextOrigin, str]]:
    """Yield the page in pieces of one origin each.

    A piece may begin and end in the middle of elements, as pages do that are not well-formed.
    """
    root = _parsed(page)
    if root is None:
        return
    quoted = set[etree._Element]()
    for element in list(root.iter(etree.Element)):
        if element in quoted or not (kind := _kind_of(element)):
            continue
        _mark(element, kind)
        if kind != "c":
            quoted.update(element.iter())
    pieces = _MARKS.split(etree.tostring(root, method="html", encoding="unicode"))
    origins = [TextOrigin.BODY]
    for piece in pieces:
        if piece == _ENDS:
            origins[1:] = origins[1:-1]
        elif piece.startswith(_BEGINS):
            closing = piece.endswith("c")
            origins.append(TextOrigin.CLOSING if closing else TextOrigin.QUOTED)
            if piece.endswith("r"):
                origins = [TextOrigin.QUOTED]
        elif piece.strip():
            yield origins[-1], piece


def has_table(page: str) -> bool:
    """Return whether the page has a table of short cells, not one for the layout."""
    root = _parsed(page)
    return root is not None and any(map(_is_table, root.iter("table")))


def words_of(page: str) -> list[str]:
    """Return the words that a page shows, in lower case."""
    root = _parsed(page)
    if root is None:
        return []
    etree.strip_elements(root, "head", "script", "style", etree.Comment, with_tail=False)
    return _WORD.findall(" ".join(str(text) for text in root.itertext()).lower())


def _parsed(page: str) -> etree._Element | None:
    cleaned = page.replace(_BEGINS, "").replace(_ENDS, "")
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, remove_pis=True, no_network=True)
    return etree.fromstring(cleaned.encode("utf-8", "replace"), parser)


def _kind_of(element: etree._Element) -> str:
    """Return "q" for a quotation, "r" where all that follows is one, "c" for a signature."""
    name, known, style = (str(element.get(key) or "") for key in ("class", "id", "style"))
    if _QUOTED_IDS.fullmatch(known) or _HEADER_STYLE.search(style):
        return "q" if known.startswith("yahoo") else "r"
    if _QUOTED.fullmatch(name) or (element.tag == "blockquote" and element.get("type") == "cite"):
        return "q"
    return "c" if _CLOSING.fullmatch(name) or _CLOSING_IDS.fullmatch(known) else ""


def _mark(element: etree._Element, kind: str) -> None:
    """Put marks around an element."""
    before = element.getprevious()
    parent = element.getparent()
    if parent is None:
        return
    begins = f"{_BEGINS}{kind}"
    if before is not None:
        before.tail = f"{before.tail or ''}{begins}"
    else:
        parent.text = f"{parent.text or ''}{begins}"
    element.tail = f"{_ENDS}{element.tail or ''}"


def _is_table(table: etree._Element) -> bool:
    if next(table.iterdescendants("table"), None) is not None:
        return False
    rows = 0
    for row in table.iter("tr"):
        cells = ["".join(map(str, cell.itertext())).strip() for cell in row.iter("td", "th")]
        filled = [cell for cell in cells if cell]
        rows += len(filled) > 1 and max(map(len, filled)) <= _LONGEST_CELL
    return rows > 1
