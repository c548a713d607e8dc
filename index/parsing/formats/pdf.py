"""Parser of PDFs, through pdfplumber: words to lines, ruled tables, and properties."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.page import Page
from pdfplumber.utils.exceptions import PdfminerException

from index.errors import UnreadableDocument
from index.parsing.builder import DocumentBuilder, one_line
from index.parsing.dates import iso_date
from index.parsing.draft import Draft, Source
from index.parsing.formats.pdf_lines import Line, Table, body_type, running_lines, write_lines

__all__ = ["parse"]

_SYMBOL = re.compile(r"(?:\(cid:\d+\)|[\ue000-\uf8ff❑❖➢✓✔]){1,2}")  # a bullet in a symbol font
_END_WITHIN = 65_536
_MOST_EDGES = 3_000  # with more, the lines are a drawing, and looking for tables takes minutes

logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it warns about every odd font


def parse(source: Source) -> Draft:
    _check(source.data)
    try:
        pdf = pdfplumber.open(io.BytesIO(source.data))
    except PdfminerException as exc:
        cause = exc.args[0] if exc.args else None
        if isinstance(cause, PDFPasswordIncorrect):
            raise UnreadableDocument("it is protected by a password") from exc
        raise UnreadableDocument("it is damaged, or not a PDF") from exc
    with pdf:
        if len(pdf.pages) > source.limits.max_pages:
            raise UnreadableDocument(f"it has more than {source.limits.max_pages:,} pages")
        pages = []
        for page in pdf.pages:
            pages.append(_lines(page))
            source.page_read(False)
        title, metadata = _properties(pdf.metadata)
    return _draft(pages, title, metadata, source)


def _check(data: bytes) -> None:
    if b"%PDF-" not in data[:1024]:
        page = data[:1024].lstrip().lower().startswith((b"<!doctype html", b"<html"))
        raise UnreadableDocument(f"it is not a PDF{', but a web page' if page else ''}")
    # Without the end, pdfminer would return the pages that it finds and not report the rest.
    if b"%%EOF" not in data[-_END_WITHIN:] or b"startxref" not in data[-_END_WITHIN:]:
        raise UnreadableDocument("it is cut off: the end of the PDF is missing")


def _draft(
    pages: list[list[Line | Table]], title: str, metadata: dict[str, str], source: Source
) -> Draft:
    silent = [number for number, page in enumerate(pages, start=1) if not page]
    if len(silent) == len(pages):
        images = "its page is an image" if len(pages) == 1 else f"its {len(pages)} pages are images"
        reason = f"it has no text layer: {images}; run OCR on it first"
        raise UnreadableDocument(reason if pages else "it has no pages")
    builder = DocumentBuilder(source.limits)
    if silent:
        numbers = ", ".join(map(str, silent[:20])) + (", …" if len(silent) > 20 else "")
        which = f"Page {numbers} has" if len(silent) == 1 else f"Pages {numbers} have"
        builder.remark(f"{which} no text; if there are scanned pages among them, run OCR.")
    running = running_lines(pages)
    kept = [[p for p in page if not isinstance(p, Line) or p.key not in running] for page in pages]
    kept = kept if any(kept) else pages
    body = body_type([part for page in kept for part in page if isinstance(part, Line)])
    for page in kept:
        write_lines(page, body, builder)
        builder.page_break()
    return builder.draft(title=title, metadata=metadata)


def _properties(info: dict[str, Any]) -> tuple[str, dict[str, str]]:
    """Return title and metadata without the values that programs fill in by themselves."""
    values = {str(key).lower(): one_line(str(value)) for key, value in info.items()}
    metadata = {}
    for key in ("author", "subject", "keywords"):
        value = values.get(key, "").strip("()")
        if value and value.lower() not in ("anonymous", "unspecified"):
            metadata[key] = value
    if date := iso_date(values.get("creationdate", "")):
        metadata["date"] = date
    title = values.get("title", "")
    is_default = title.lower().startswith(("untitled", "(anonymous", "microsoft ", "unspecified"))
    is_file = title.lower().endswith((".doc", ".docx", ".indd", ".tex", ".pdf", ".ppt", ".pptx"))
    return ("" if is_default or is_file else title), metadata


def _lines(page: Page) -> list[Line | Table]:
    """Return lines and tables in reading order, each table at the place of its first word."""
    words = page.extract_words(
        use_text_flow=True,
        extra_attrs=["fontname", "size"],
        x_tolerance_ratio=0.15,
        x_tolerance=None,
    )
    words = [word for word in words if one_line(word["text"])]
    for word in words:
        if _SYMBOL.fullmatch(word["text"]):
            word["text"] = "•"
    if _disordered(words):
        words.sort(key=lambda word: (round(word["bottom"] / 3), word["x0"]))
    tables = _tables(page)
    parts: list[Line | Table] = []
    placed: set[int] = set()
    line: list[dict[str, Any]] = []
    for word in words:
        inside = next((n for n, (box, _) in enumerate(tables) if _within(word, box)), None)
        if line and (inside is not None or not _continues(line[-1], word)):
            parts.append(_line(line, page))
            line = []
        if inside is None:
            line.append(word)
        elif inside not in placed:
            placed.add(inside)
            parts.append(tables[inside][1])
    if line:
        parts.append(_line(line, page))
    page.close()  # otherwise pdfplumber keeps every character of every page
    return parts


def _disordered(words: list[dict[str, Any]]) -> bool:
    """Return whether the words are not in reading order: they often go up within a column."""
    pairs = list(pairwise(words))
    upwards = sum(1 for one, two in pairs if two["bottom"] < one["top"] and two["x0"] < one["x1"])
    return upwards > max(3, len(pairs) // 20)


def _continues(last: dict[str, Any], word: dict[str, Any]) -> bool:
    """Return whether a word continues the line: beside the last one, and not in the next column."""
    if not (last["upright"] and word["upright"]):
        return False
    height = max(last["bottom"] - last["top"], word["bottom"] - word["top"])
    apart = word["x0"] - last["x1"]
    return bool(abs(word["bottom"] - last["bottom"]) < height / 2 and -height < apart < height * 4)


def _line(words: list[dict[str, Any]], page: Page) -> Line:
    sizes: Counter[float] = Counter()
    bold = 0
    for word in [word for word in words if word["text"] != "•"] or words:
        sizes[round(word["size"], 1)] += len(word["text"])
        name = str(word["fontname"]).lower()
        if any(mark in name for mark in ("bold", "black", "heavy", "demi")):
            bold += 1
    middle = (words[0]["top"] + words[-1]["bottom"]) / 2 / float(page.height)
    return Line(
        text=one_line(" ".join(word["text"] for word in words)),
        left=words[0]["x0"],
        right=words[-1]["x1"],
        top=min(word["top"] for word in words),
        bottom=max(word["bottom"] for word in words),
        size=sizes.most_common(1)[0][0],
        bold=bold == len(words),
        in_margin=middle < 0.1 or middle > 0.9,
    )


def _within(word: dict[str, Any], box: tuple[float, float, float, float]) -> bool:
    across, down = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
    return bool(box[0] <= across <= box[2] and box[1] <= down <= box[3])


def _tables(page: Page) -> list[tuple[tuple[float, float, float, float], Table]]:
    if not 4 <= len(page.edges) <= _MOST_EDGES:
        return []
    found = []
    for table in page.find_tables():
        rows = list(_rows(table.extract()))
        if len(rows) > 1 and max(map(len, rows)) > 1:  # otherwise it is a frame around a text
            found.append((table.bbox, Table(rows)))
    return found


def _rows(extracted: list[list[str | None]]) -> Iterator[list[str]]:
    for row in extracted:
        cells = [one_line(cell or "") for cell in row]
        if any(cells):
            yield cells
