"""Makes the PDF and Office briefings of corpus/ from the plain sources in tools/corpus/.

    python -m tools.release.make_corpus [DIRECTORY]

DIRECTORY is where they are written, `corpus` by default. The same sources give the same bytes: no
clock and no random id gets in. Only the compressed form of the members of an Office file may differ
between machines (another zlib), never the members themselves.
"""

import csv
import io
import os
import re
import sys
import tomllib
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from xml.sax.saxutils import escape

import docx
import openpyxl
import pptx
from docx.document import Document as WordDocument
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from pptx.presentation import Presentation as Deck
from pptx.slide import Slide
from pptx.util import Cm, Pt
from reportlab import platypus
from reportlab.lib import colors, styles
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import cm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

SOURCES = Path(__file__).parents[1] / "corpus"
ZIP_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that the zip format can hold

Rows = list[list[str]]


@dataclass(frozen=True)
class Briefing:
    """An entry of briefings.toml: a file to make, its sources, and its properties."""

    path: str
    sources: list[str]
    title: str
    author: str
    written: datetime


@dataclass(frozen=True)
class Heading:
    text: str
    level: int


@dataclass(frozen=True)
class Prose:
    text: str


@dataclass(frozen=True)
class Note:
    """A block quotation: the speaker's note of a slide."""

    text: str


@dataclass(frozen=True)
class Item:
    """A list item; `number` counts from 1 in an ordered list and is None in a bulleted one."""

    text: str
    depth: int
    number: int | None


@dataclass(frozen=True)
class Grid:
    """A table whose first row is its header."""

    rows: Rows


Block = Heading | Prose | Note | Item | Grid


# Reading the sources


def blocks(source: str) -> list[Block]:
    """Return the blocks of a Markdown file in reading order, one for each list item."""
    text = (SOURCES / source).read_text(encoding="utf-8")
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    return [block for node in SyntaxTreeNode(tokens).children for block in read_node(node)]


def read_node(node: SyntaxTreeNode) -> Iterator[Block]:
    if node.type == "heading":
        yield Heading(inline(node), int(node.tag[1:]))
    elif node.type == "paragraph":
        yield Prose(inline(node))
    elif node.type == "blockquote":
        yield Note(inline(node))
    elif node.type in ("bullet_list", "ordered_list"):
        yield from read_list(node, 0)
    elif node.type == "table":
        rows = [row for part in node.children for row in part.children]
        yield Grid([[inline(cell) for cell in row.children] for row in rows])
    else:
        raise ValueError(f"the sources may not use {node.type!r}")


def read_list(node: SyntaxTreeNode, depth: int) -> Iterator[Item]:
    for number, item in enumerate(node.children, start=1):
        first, *nested = item.children
        yield Item(inline(first), depth, number if node.type == "ordered_list" else None)
        for inner in nested:
            yield from read_list(inner, depth + 1)


def inline(node: SyntaxTreeNode) -> str:
    return " ".join(inner.content for inner in node.walk() if inner.type == "inline")


# PDF


def pdf_report(briefing: Briefing) -> bytes:
    """Return numbered A4 pages, with a running header from the second page on."""

    def foot(canvas: Canvas, template: platypus.SimpleDocTemplate) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.drawCentredString(A4[0] / 2, 1.2 * cm, f"Page {template.page}")

    def head_and_foot(canvas: Canvas, template: platypus.SimpleDocTemplate) -> None:
        foot(canvas, template)
        canvas.drawString(2.2 * cm, A4[1] - 1.4 * cm, briefing.title)
        canvas.drawRightString(A4[0] - 2.2 * cm, A4[1] - 1.4 * cm, "Larkfield Relief")

    os.environ["SOURCE_DATE_EPOCH"] = f"{briefing.written.timestamp():.0f}"  # reportlab's clock
    # In Helvetica the bullet has no code that a PDF reader turns back into text.
    pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))
    output = io.BytesIO()
    template = platypus.SimpleDocTemplate(
        output,
        pagesize=A4,
        leftMargin=2.2 * cm,
        rightMargin=2.2 * cm,
        invariant=1,
        pageCompression=0,
    )
    template.title, template.author = briefing.title, briefing.author
    story = [part for block in blocks(briefing.sources[0]) for part in flowables(block)]
    template.build(story, onFirstPage=foot, onLaterPages=head_and_foot)
    return output.getvalue()


def flowables(block: Block) -> Iterator[platypus.Flowable]:
    sheet = styles.getSampleStyleSheet()
    body = styles.ParagraphStyle("body", sheet["BodyText"], fontSize=10.5, leading=15)
    match block:
        case Heading(text, level):
            style = sheet["Title" if level == 1 else f"Heading{level - 1}"]
            yield platypus.Paragraph(escape(text), style)
        case Prose(text) | Note(text):
            yield platypus.Paragraph(escape(text), body)
        case Item(text, depth, number):
            left = 18 * (depth + 1)
            style = styles.ParagraphStyle(
                "item", body, leftIndent=left, bulletIndent=left - 14, bulletFontName="Vera"
            )
            yield platypus.Paragraph(escape(text), style, f"{number}." if number else "•")
        case Grid(rows):
            yield from (platypus.Spacer(0, 6), pdf_table(rows), platypus.Spacer(0, 10))


def pdf_table(rows: Rows) -> platypus.Table:
    """Return a table as wide as the text, with its header row on each of its pages."""
    cell = styles.ParagraphStyle("cell", fontName="Helvetica", fontSize=9, leading=11)
    header = styles.ParagraphStyle("header", cell, fontName="Helvetica-Bold")
    longest = [max(map(len, column)) + 3 for column in zip(*rows, strict=True)]
    widths = [(A4[0] - 4.4 * cm) * length / sum(longest) for length in longest]
    texts = [
        [platypus.Paragraph(escape(text), cell if index else header) for text in row]
        for index, row in enumerate(rows)
    ]
    shade = ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#e6ebf2"))
    lines = ("GRID", (0, 0), (-1, -1), 0.4, colors.HexColor("#8a94a6"))
    return platypus.Table(texts, widths, repeatRows=1, style=[shade, lines])


# DOCX


def word_policy(briefing: Briefing) -> bytes:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = f"Larkfield Relief | {briefing.title}"
    numbering = 0
    for block in blocks(briefing.sources[0]):
        match block:
            case Heading(text, level):
                document.add_heading(text, level - 1)
            case Prose(text) | Note(text):
                document.add_paragraph(text)
            case Item(text, depth, None):
                document.add_paragraph(text, f"List Bullet {depth + 1}" if depth else "List Bullet")
            case Item(text, _, number):
                numbering = new_numbering(document) if number == 1 else numbering
                properties = document.add_paragraph(text, "List Number")._p.get_or_add_pPr()
                place = properties.get_or_add_numPr()
                place.get_or_add_ilvl().val = 0
                place.get_or_add_numId().val = numbering
            case Grid(rows):
                table = document.add_table(len(rows), len(rows[0]), style="Table Grid")
                for row, texts in zip(table.rows, rows, strict=True):
                    for target, text in zip(row.cells, texts, strict=True):
                        target.text = text
                document.add_paragraph()
    document.core_properties.title = briefing.title
    document.core_properties.author = briefing.author
    output = io.BytesIO()
    document.save(output)
    return constant(output, briefing.written)


def new_numbering(document: WordDocument) -> int:
    """Add a numbering that looks like "List Number" and starts at 1; return its id."""
    definitions = document.part.numbering_part.element
    style = document.styles["List Number"].element
    look = definitions.num_having_numId(style.pPr.numPr.numId.val).abstractNumId.val
    num = definitions.add_num(look)
    num.add_lvlOverride(ilvl=0).add_startOverride(1)
    return int(num.numId)


# PPTX


def slide_deck(briefing: Briefing) -> bytes:
    """Return a deck with a slide for each heading and what stands below it in the source."""
    deck = pptx.Presentation()
    slides: list[tuple[Heading, list[Block]]] = []
    for block in blocks(briefing.sources[0]):
        if isinstance(block, Heading):
            slides.append((block, []))
        else:
            slides[-1][1].append(block)
    for heading, content in slides:
        add_slide(deck, heading, content)
    deck.core_properties.title = briefing.title
    deck.core_properties.author = briefing.author
    output = io.BytesIO()
    deck.save(output)
    return constant(output, briefing.written)


def add_slide(deck: Deck, heading: Heading, content: Sequence[Block]) -> None:
    tabular = any(isinstance(block, Grid) for block in content)
    layout = (
        "Title Slide" if heading.level == 1 else "Title Only" if tabular else "Title and Content"
    )
    slide = deck.slides.add_slide(deck.slide_layouts.get_by_name(layout))
    slide.shapes.title.text = heading.text
    lines = [block for block in content if isinstance(block, (Prose, Item))]
    if lines:
        frame = slide.placeholders[1].text_frame
        for index, line in enumerate(lines):
            paragraph = frame.add_paragraph() if index else frame.paragraphs[0]
            paragraph.text = line.text
            paragraph.level = line.depth if isinstance(line, Item) else 0
            paragraph.font.size = Pt(24 - 4 * paragraph.level)
    for block in content:
        if isinstance(block, Grid):
            add_grid(slide, block.rows)
        elif isinstance(block, Note):
            slide.notes_slide.notes_text_frame.text = block.text


def add_grid(slide: Slide, rows: Rows) -> None:
    place = (Cm(1.5), Cm(5), Cm(22.4), Cm(1.4 * len(rows)))
    table = slide.shapes.add_table(len(rows), len(rows[0]), *place).table
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
            cell.text_frame.paragraphs[0].font.size = Pt(16)


# XLSX


def workbook(briefing: Briefing) -> bytes:
    """Return a workbook with a sheet for each source; numbers and dates have their own types."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for source in briefing.sources:
        with (SOURCES / source).open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        sheet = book.create_sheet(Path(source).stem.split("-")[-1].capitalize())
        for row in rows:
            sheet.append([cell_value(text) for text in row])
        for cell in sheet[1]:
            cell.font = openpyxl.styles.Font(bold=True)
        for number, column in enumerate(zip(*rows, strict=True), start=1):
            longest = max(map(len, column))
            letter = openpyxl.utils.get_column_letter(number)
            sheet.column_dimensions[letter].width = min(longest + 2, 60)
        sheet.freeze_panes = "A2"
    book.properties.title = briefing.title
    book.properties.creator = briefing.author
    output = io.BytesIO()
    book.save(output)
    return constant(output, briefing.written)


def cell_value(text: str) -> str | int | date | None:
    if re.fullmatch(r"\d+", text):
        return int(text)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return date.fromisoformat(text)
    return text or None


# Writing


def constant(office: io.BytesIO, written: datetime) -> bytes:
    """Return the Office file with the same dates in its properties and its zip at each run."""
    stamp = written.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    output = io.BytesIO()
    with zipfile.ZipFile(office) as before, zipfile.ZipFile(output, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            if name == "docProps/core.xml":
                dates = rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*"
                content = re.sub(dates, rb"\g<1>" + stamp, content)
            entry = zipfile.ZipInfo(name, ZIP_DATE)
            after.writestr(entry, content, zipfile.ZIP_DEFLATED, compresslevel=9)
    return output.getvalue()


MAKERS = {".pdf": pdf_report, ".docx": word_policy, ".pptx": slide_deck, ".xlsx": workbook}


def main(directory: Path) -> None:
    inventory = tomllib.loads((SOURCES / "briefings.toml").read_text(encoding="utf-8"))
    for briefing in (Briefing(**entry) for entry in inventory["briefing"]):
        path = directory / briefing.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(MAKERS[path.suffix](briefing))
        print(path)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("corpus"))
