"""Families of versions of documents, and questions on what of them holds (tests/data)."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

import docx
import openpyxl
import pptx
from pydantic import BaseModel, Field

from index.answering.answer import Excerpt, Response
from index.answering.engine import Engine
from index.decisions import Decisions
from testing.odfs import odf

_FILE = Path(__file__).resolve().parents[1] / "tests/data/holding.toml"


class Written(BaseModel, frozen=True, extra="forbid"):
    """A document; `replaces` is the document that it says it replaces."""

    name: str
    text: str
    replaces: str = ""


class Asked(BaseModel, frozen=True, extra="forbid"):
    """A question; `says` are words of the document that has to come first."""

    asked: str
    first: str
    says: str

    def is_right(self, response: Response) -> bool:
        """Return whether what is shown first is of the right document and answers."""
        if not response.excerpts or response.excerpts[0].document != self.first:
            return False
        wanted = "".join(self.says.split())
        return any(wanted in "".join(each.quote.split()) for each in self._before_others(response))

    def _before_others(self, response: Response) -> Iterator[Excerpt]:
        for each in response.excerpts:
            if each.document != self.first:
                return
            yield each


class Family(BaseModel, frozen=True, extra="forbid"):
    name: str
    half: str
    documents: tuple[Written, ...] = Field(alias="document")
    questions: tuple[Asked, ...] = Field(alias="question")


class Holding(BaseModel, frozen=True, extra="forbid"):
    today: date
    families: tuple[Family, ...] = Field(alias="family")

    def decisions(self) -> Decisions:
        """Return what replaces what as decided, for an index that has not found it."""
        return Decisions(
            frozenset(
                (each.replaces, each.name)
                for family in self.families
                for each in family.documents
                if each.replaces
            )
        )

    def write(self, folder: Path) -> None:
        """Write all documents, each in the format that its name ends in."""
        for family in self.families:
            for each in family.documents:
                path = folder / each.name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(_bytes_of(each))


def holding() -> Holding:
    return Holding.model_validate(tomllib.loads(_FILE.read_text("utf-8")))


def wrong(engine: Engine, data: Holding, *, half: str = "") -> tuple[int, list[Asked]]:
    """Return how many questions were asked, and those that were not answered right."""
    asked = [
        question
        for family in data.families
        if half in ("", family.half)
        for question in family.questions
    ]
    failed = [each for each in asked if not each.is_right(engine.ask(each.asked, today=data.today))]
    return len(asked), failed


def _bytes_of(each: Written) -> bytes:
    text = each.text.lstrip("\n")
    match Path(each.name).suffix:
        case ".docx":
            return _docx(text)
        case ".pptx":
            return _pptx(text)
        case ".xlsx":
            return _xlsx(text)
        case ".odt":
            return odf("text", "".join(map(_odt_line, text.splitlines())))
        case _:
            return text.encode()


def _docx(text: str) -> bytes:
    document = docx.Document()
    for line in text.splitlines():
        if line.startswith("# "):
            document.add_heading(line[2:], level=1)
        else:
            document.add_paragraph(line)
    # That of the library's template says nothing.
    document.core_properties.author = ""
    return _saved(document)


def _pptx(text: str) -> bytes:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    title, *lines = text.splitlines()
    slide.shapes.title.text = title.removeprefix("# ")
    slide.placeholders[1].text = "\n".join(line.removeprefix("- ") for line in lines)
    return _saved(deck)


def _xlsx(text: str) -> bytes:
    book = openpyxl.Workbook()
    for row in csv.reader(io.StringIO(text)):
        book.active.append([int(cell) if cell.isdigit() else cell for cell in row])
    return _saved(book)


def _saved(file: object) -> bytes:
    buffer = io.BytesIO()
    file.save(buffer)  # type: ignore[attr-defined]
    return buffer.getvalue()


def _odt_line(line: str) -> str:
    if line.startswith("# "):
        return f'<text:h text:outline-level="1">{escape(line[2:])}</text:h>'
    return f"<text:p>{escape(line)}</text:p>"
