"""Reading pages in the manner of an annual report, against the bare text of the same library."""

from __future__ import annotations

import io
import random
import time

import pypdfium2_raw as pdfium
from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas

from index.parsing import ParsingLimits
from index.parsing.parser import parse_bytes
from tools.bench.common import Bench
from tools.bench.report import Row, compared

__all__ = ["annual_report", "bench"]

_MOST_TIMES = 15
_ROUNDS = 4
_WORDS = (
    "the of and company revenue net income for year ended december operating results risk "
    "management customers facilities products increase decrease primarily due to higher lower "
    "sales volume foreign currency exchange interest rate tax provision assets liabilities "
    "including certain may could adversely affect our business financial condition"
).split()


def bench(bench: Bench) -> list[Row]:
    pages = bench.size(100, 20)
    data = annual_report(pages)
    seconds = {"ours": 0.0, "bare": 0.0}
    readers = {"ours": _read, "bare": _read_bare}
    for reader in readers.values():
        reader(data)
    for number in range(_ROUNDS):
        for name in sorted(readers, reverse=bool(number % 2)):
            started = time.process_time()
            readers[name](data)
            seconds[name] += time.process_time() - started
    each = {name: 1000 * spent / _ROUNDS / pages for name, spent in seconds.items()}
    return [
        compared(
            f"a PDF of {pages} pages of prose and statements, against PDFium's bare text",
            each["ours"],
            each["bare"],
            "{:.1f} ms a page",
            most=_MOST_TIMES,
        )
    ]


def annual_report(pages: int) -> bytes:
    """Return a PDF of so many pages, each of prose and of a statement without rules."""
    chance = random.Random(7)
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=letter)
    for number in range(1, pages + 1):
        canvas.setFont("Times-Roman", 9)
        canvas.drawString(72, 760, "Table of Contents")
        canvas.drawCentredString(306, 36, str(number))
        foot = _prose(canvas, chance, 740)
        _statement(canvas, chance, foot)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _prose(canvas: Canvas, chance: random.Random, foot: float) -> float:
    while foot > 430:
        canvas.setFont("Times-Bold", 10)
        canvas.drawString(72, foot, " ".join(chance.choices(_WORDS, k=3)).capitalize())
        foot -= 16
        canvas.setFont("Times-Roman", 10)
        line = ""
        for word in chance.choices(_WORDS, k=140):
            if canvas.stringWidth(f"{line} {word}") > 460:
                canvas.drawString(72, foot, line)
                foot -= 12
                line = ""
            line = f"{line} {word}".lstrip()
        canvas.drawString(72, foot, f"{line}.")
        foot -= 20
    return foot


def _statement(canvas: Canvas, chance: random.Random, foot: float) -> None:
    columns = (430, 530)
    canvas.setFont("Times-Bold", 9)
    for right, year in zip(columns, ("2031", "2030"), strict=True):
        canvas.drawRightString(right, foot, year)
    canvas.setFont("Times-Roman", 9)
    while foot > 70:
        foot -= 12
        canvas.drawString(72, foot, " ".join(chance.choices(_WORDS, k=4)).capitalize())
        for right in columns:
            amount = f"{chance.randrange(100, 900_000):,}"
            canvas.drawString(right - 60, foot, "$")
            canvas.drawRightString(right, foot, amount if chance.random() < 0.8 else f"({amount})")


def _read(data: bytes) -> None:
    parse_bytes(data, "report.pdf", ".pdf", limits=ParsingLimits())


def _read_bare(data: bytes) -> None:
    document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
    for number in range(pdfium.FPDF_GetPageCount(document)):
        page = pdfium.FPDF_LoadPage(document, number)
        text = pdfium.FPDFText_LoadPage(page)
        count = pdfium.FPDFText_CountChars(text)
        buffer = (pdfium.c_ushort * (count + 1))()
        pdfium.FPDFText_GetText(text, 0, count, buffer)
        pdfium.FPDFText_ClosePage(text)
        pdfium.FPDF_ClosePage(page)
    pdfium.FPDF_CloseDocument(document)
