"""Words and figures of files, compared with what other libraries extract from the same files.

    python -m tools.hardening.extractions FOLDER [--least 1] [--words 12]

Each file below FOLDER that we read is also read by the library of its format (pypdfium2,
python-docx, openpyxl, python-pptx, Python's email) and by kreuzberg where that is installed. What
one of them has and we lack, and what we have and none of them, is printed, for a person to look
at: hidden parts and numbers of lists are no faults. No library is right about every file.
"""

from __future__ import annotations

import email
import email.policy
import io
import re
import unicodedata
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from index.errors import UnreadableDocument
from index.parsing import SUFFIXES, ParsingLimits
from index.parsing.parser import parse_bytes
from tools.report import parser_of

__all__ = ["Comparison", "compare", "terms"]

_WORD = re.compile(r"\d+(?:[.,:/]\d+)*|[^\W\d_]+")
_SCRIPTS = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻₀₁₂₃₄₅₆₇₈₉]+")
_UNSEEN = re.compile("[\u00ad\u200b\ufeff\ufffe]")
_MEDIA = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".eml": "message/rfc822",
    ".html": "text/html",
    ".htm": "text/html",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".md": "text/markdown",
    ".txt": "text/plain",
    ".rtf": "application/rtf",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".epub": "application/epub+zip",
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".ppt": "application/vnd.ms-powerpoint",
    ".msg": "application/vnd.ms-outlook",
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """What others have of a file and we lack, and what we alone have; `refused` is our reason."""

    lacking: set[str]
    alone: set[str]
    theirs: int
    refused: str = ""


def compare(data: bytes, suffix: str) -> Comparison:
    """Compare our reading of a file with those of others."""
    refused, text, said = "", "", set[str]()
    try:
        document = parse_bytes(data, f"file{suffix}", suffix, limits=ParsingLimits())
        text = "\n".join(each.text for each in (document, *document.enclosed))
        said = terms(" ".join((document.title, *document.metadata.values())))
    except UnreadableDocument as exc:
        refused = exc.reason
    ours, others = terms(text), [terms(each) for each in _read_by_others(data, suffix)]
    union = set[str]().union(*others)
    return Comparison(union - ours - said, ours - union if others else set(), len(union), refused)


def terms(text: str) -> set[str]:
    """Return the words and figures of a text, which are the same however it is laid out."""
    joined = _SCRIPTS.sub(r" \g<0> ", _UNSEEN.sub("", text))
    return set(_WORD.findall(unicodedata.normalize("NFKC", joined)))


def _read_by_others(data: bytes, suffix: str) -> Iterator[str]:
    readers = [_OTHERS.get(suffix)]
    if suffix in _MEDIA and find_spec("kreuzberg"):
        readers.append(lambda data: _kreuzberg(data, _MEDIA[suffix]))
    for reader in filter(None, readers):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                text = reader(data)
        except Exception:  # other libraries raise anything on odd files
            continue
        yield text


def _kreuzberg(data: bytes, media: str) -> str:
    return str(import_module("kreuzberg").extract_bytes_sync(data, media).content)


def _pdfium(data: bytes) -> str:
    document = import_module("pypdfium2").PdfDocument(data)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def _docx(data: bytes) -> str:
    document = import_module("docx").Document(io.BytesIO(data))
    text = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"
    paragraphs = document.element.body.iter(text.removesuffix("}t") + "}p")
    return "\n".join("".join(run.text or "" for run in each.iter(text)) for each in paragraphs)


def _xlsx(data: bytes) -> str:
    book = import_module("openpyxl").load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    rows = (row for sheet in book.worksheets for row in sheet.iter_rows(values_only=True))
    return "\n".join(" | ".join(str(cell) for cell in row if cell is not None) for row in rows)


def _pptx(data: bytes) -> str:
    deck = import_module("pptx").Presentation(io.BytesIO(data))
    paragraph = "{http://schemas.openxmlformats.org/drawingml/2006/main}p"
    return "\n".join(
        "".join(run.text or "" for run in each.iter(paragraph.removesuffix("}p") + "}t"))
        for slide in deck.slides
        for each in slide.element.iter(paragraph)
    )


def _eml(data: bytes) -> str:
    message: Any = email.message_from_bytes(data, policy=email.policy.default)
    body = message.get_body(("plain", "html"))
    text = body.get_content() if body else ""
    if body and body.get_content_subtype() == "html":
        text = _html(text.encode())
    return f"{message['subject']}\n{message['from']}\n{text}"


def _html(data: bytes) -> str:
    root = import_module("lxml.html").fromstring(data)
    for each in list(root.iter("script", "style", "template")):
        each.drop_tree()
    return "\n".join(root.itertext())


_OTHERS: Mapping[str, Callable[[bytes], str]] = {
    ".pdf": _pdfium,
    ".docx": _docx,
    ".xlsx": _xlsx,
    ".pptx": _pptx,
    ".eml": _eml,
    ".html": _html,
    ".htm": _html,
}


def main() -> None:
    parser = parser_of("tools.hardening.extractions", __doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--words", type=int, default=20, help="words to print of each difference")
    options = parser.parse_args()
    files = refused = 0
    for path in sorted(options.folder.rglob("*")):
        suffix = path.suffix.lower()
        if not path.is_file() or suffix not in SUFFIXES:
            continue
        found = compare(path.read_bytes(), suffix)
        files += 1
        refused += bool(found.refused and found.theirs)
        if not found.lacking and not found.alone:
            continue
        print(f"{path.relative_to(options.folder)}: {found.theirs:,} words of others")
        for name, words in (("they alone", found.lacking), ("we alone", found.alone)):
            if words:
                print(f"  {name} {len(words):,}:", *sorted(words)[: options.words])
        if found.refused and found.theirs:
            print(f"  refused: {found.refused}")
    print(f"{files:,} files, {refused:,} of them refused in which others find words")


if __name__ == "__main__":
    main()
