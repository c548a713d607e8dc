"""Reading and indexing pages in the manner of an annual report."""

from __future__ import annotations

import io
import os
import random
import shutil
import time

import pypdfium2_raw as pdfium
from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas

from bot.app import composition
from bot.config.settings import Settings
from index.machine import cores
from index.parsing import ParsingLimits
from index.parsing.parser import parse_bytes
from tools.bench.common import Bench
from tools.bench.report import Row, compared

_MOST_TIMES = 15
_MOST_TIMES_INDEXING = 1.15
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
        ),
        _indexing(bench),
    ]


def _indexing(bench: Bench) -> Row:
    """Index many reports, against the processor time of reading and embedding on all cores."""
    reports, pages = bench.size(24, 4), bench.size(50, 10)
    folder = bench.work / "reports"
    shutil.rmtree(folder, ignore_errors=True)
    corpus = folder / "corpus"
    corpus.mkdir(parents=True)
    for number in range(reports):
        (corpus / f"report-{number}.pdf").write_bytes(annual_report(pages, seed=number))
    settings = Settings.model_construct(corpus=corpus, index=folder / "index")
    reindexer = composition.reindexer(settings)
    embedder = reindexer.embedder()
    embedder.embed_passages(["Loaded and warm."], lambda _: None)
    before = os.times()
    seconds = reindexer.run().seconds
    reading = os.times().children_user + os.times().children_system
    reading -= before.children_user + before.children_system
    catalog = reindexer.store.open(None).catalog
    texts = [
        passage.index_text
        for name in sorted(catalog.document_names())
        for passage in catalog.passages_of(name)
    ]
    started = time.process_time()
    embedder.embed_passages(texts)
    embedding = time.process_time() - started
    return compared(
        f"indexing {reports * pages:,} such pages, against the processor time of reading"
        f" ({reading:.0f} s) and embedding ({embedding:.0f} s) divided by {cores()} cores",
        seconds,
        (reading + embedding) / cores(),
        "{:.1f} s",
        most=_MOST_TIMES_INDEXING,
    )


def annual_report(pages: int, seed: int = 7) -> bytes:
    """Return a PDF of so many pages, each of prose and of a statement without rules."""
    chance = random.Random(seed)
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
