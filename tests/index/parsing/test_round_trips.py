"""Any text, in any format that can be written, gives blocks that quote it exactly."""

from __future__ import annotations

import csv
import html
import io
import re
import unicodedata
from collections import Counter
from contextlib import suppress
from email.message import EmailMessage
from typing import Any

import docx
import openpyxl
import pptx
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from pptx.util import Inches

from index.errors import UnreadableDocument
from index.parsing.text.invisible import INVISIBLE
from testing.budget import amount

few = settings(
    database=None, max_examples=amount(60), deadline=None, suppress_health_check=list(HealthCheck)
)
fewest = settings(
    database=None, max_examples=amount(20), deadline=None, suppress_health_check=list(HealthCheck)
)

written = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co"))
letters = st.sampled_from("aåÆbz5é漢й🙂")
word = st.text(st.one_of(letters, written), min_size=1, max_size=12)
plain_word = st.text(st.sampled_from("abcdeøÅ漢é49"), min_size=1, max_size=9)
sentence = st.lists(plain_word, min_size=1, max_size=12).map(" ".join)
marks = [
    "# ",
    "## ",
    "- ",
    "* ",
    "1. ",
    "2) ",
    "> ",
    "    ",
    "\t",
    "| ",
    " | ",
    "---",
    "===",
    "```",
]
marks += [
    "\n",
    "\n\n",
    "\r\n",
    "\r",
    "\f",
    "\u2028",
    "[a]: /b",
    "<div>",
    "<!--",
    "\\",
    ":",
    "(a) ",
    "+-",
]
messy = st.lists(st.one_of(st.sampled_from(marks), sentence, word), max_size=40).map("".join)


_IN_HTML = re.compile(r"<div>|<!--")


def normal(text: str) -> list[str]:
    return unicodedata.normalize("NFC", INVISIBLE.sub("", text)).split()


def between_signs(text: str) -> list[str]:
    return re.findall(r"[^|,;\s]+", " ".join(normal(text)))


def in_order(words: list[str], text: str) -> None:
    at = 0
    for each in words:
        found = text.find(each, at)
        assert found >= 0, (each, text[at : at + 80])
        at = found + len(each)


@few
@given(messy)
def test_text(parse: Any, text: str) -> None:
    text = INVISIBLE.sub("", text)
    assume(text.strip())
    assert parse("a.txt", text).text == text


@few
@given(messy)
def test_markdown(parse: Any, text: str) -> None:
    text = INVISIBLE.sub("", text)
    assume(text.strip() and not _IN_HTML.search(text))
    assert parse("a.md", text).text == text


@few
@given(messy)
def test_markdown_with_html(parse: Any, text: str) -> None:
    assert parse("a.md", f"begin\n\n{text}").text.startswith("begin")


@few
@given(messy, st.dictionaries(plain_word, sentence, max_size=3))
def test_markdown_with_front_matter(parse: Any, text: str, fields: dict[str, str]) -> None:
    front = "".join(f"{key}: {value}\n" for key, value in fields.items())
    assume(not _IN_HTML.search(text))
    whole = f"---\n{front}---\n{INVISIBLE.sub('', text)}"
    document = parse("a.md", whole)
    assert document.text == whole
    assert document.blocks[0].kind == "front matter"


@few
@given(
    st.lists(
        st.tuples(st.sampled_from(["p", "h2", "li", "td", "pre", "div", "dd"]), sentence),
        min_size=1,
    )
)
def test_html(parse: Any, parts: list[tuple[str, str]]) -> None:
    page = "<html><body>"
    for tag, text in parts:
        inner = html.escape(text)
        match tag:
            case "li":
                page += f"<ul><li>{inner}</li></ul>"
            case "td":
                page += f"<table><tr><td>{inner}</td><td>x</td></tr></table>"
            case "dd":
                page += f"<dl><dt>t</dt><dd>{inner}</dd></dl>"
            case _:
                page += f"<{tag}>{inner}</{tag}>"
    document = parse("a.html", page)
    in_order([each for _, text in parts for each in normal(text)], document.text)


@few
@given(messy)
def test_html_of_anything(parse: Any, text: str) -> None:
    with suppress(UnreadableDocument):  # nothing but white space
        parse("b.html", f"<p>{text}</p><table><tr><li>{text}<td>{text}<p><ul>{text}")


@few
@given(
    st.lists(
        st.lists(st.text(written, max_size=12), min_size=2, max_size=4), min_size=1, max_size=8
    )
)
@example([["", "|"], ["0", "0|"]])
@example([["a", "0|"], ["b", "0|"]])
def test_csv(parse: Any, rows: list[list[str]]) -> None:
    assume(any(cell.strip() for row in rows for cell in row))
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows(rows)
    document = parse("a.csv", buffer.getvalue())
    # Between signs, since "0,0|" on each line may as well be divided by "|".
    words = Counter(word for row in rows for cell in row for word in between_signs(cell))
    missing = words - Counter(between_signs(document.text))
    assert not any(word.isalnum() for word in missing)


@few
@given(st.lists(st.lists(plain_word, min_size=3, max_size=3), min_size=2, max_size=8))
def test_csv_cells(parse: Any, outline: Any, rows: list[list[str]]) -> None:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows(rows)
    document = parse("a.csv", buffer.getvalue())
    lines = [line for _, _, text in outline(document) for line in text.split("\n")]
    assert lines == [" | ".join(row) for row in rows]


@fewest
@given(st.lists(st.tuples(st.sampled_from(["Normal", "Heading 2", "List Bullet", "table"]), word)))
def test_word(parse: Any, saved: Any, parts: list[tuple[str, str]]) -> None:
    document = docx.Document()
    document.add_paragraph("begin")
    for style, text in parts:
        if style == "table":
            table = document.add_table(rows=2, cols=2)
            table.cell(0, 0).text = text
            table.cell(1, 1).text = text
        else:
            document.add_paragraph(text, style=style)
    words = [each for style, text in parts for each in normal(text) * (1 + (style == "table"))]
    # A paragraph that is typed as a list keeps its mark apart from its words.
    in_order([each for each in words if each.isalnum()], parse("a.docx", saved(document)).text)


@fewest
@given(
    st.lists(
        st.lists(st.one_of(sentence, st.integers(0, 10**9)), min_size=1, max_size=4), min_size=1
    )
)
def test_excel(parse: Any, saved: Any, rows: list[list[object]]) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for row in rows:
        sheet.append(row)
    words = [each for row in rows for cell in row for each in normal(str(cell))]
    in_order(words, parse("a.xlsx", saved(workbook)).text)


@fewest
@given(st.lists(st.tuples(sentence, st.lists(sentence, max_size=3)), min_size=1, max_size=3))
def test_powerpoint(parse: Any, saved: Any, slides: list[tuple[str, list[str]]]) -> None:
    presentation = pptx.Presentation()
    for title, bullets in slides:
        slide = presentation.slides.add_slide(presentation.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text = "\n".join(bullets)
        slide.shapes.add_textbox(Inches(1), Inches(1), Inches(1), Inches(1)).text_frame.text = "box"
    document = parse("a.pptx", saved(presentation))
    assert len(document.pages) == len(slides)
    words = [
        each for title, bullets in slides for each in normal(" ".join([title, *bullets, "box"]))
    ]
    in_order(words, document.text)


@few
@given(sentence, messy)
def test_email(parse: Any, subject: str, body: str) -> None:
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = "kari@example.org"
    message.set_content(body + "\nend")
    document = parse("a.eml", message.as_bytes())
    # The email package loses spaces where it folds a long header between encoded words.
    first_line = document.text.split("\n", 1)[0]
    assert "".join(first_line.split()) == "".join(normal(subject))
    in_order([each for each in normal(body) if each.isalnum()], document.text)


@few
@given(
    st.sampled_from(
        [".txt", ".md", ".html", ".pdf", ".docx", ".pptx", ".xlsx", ".csv", ".tsv", ".eml"]
    ),
    st.binary(max_size=300),
)
def test_any_bytes_are_read_or_refused(parse: Any, suffix: str, data: bytes) -> None:
    with suppress(UnreadableDocument):
        parse(f"any{suffix}", data)


@fewest
@given(st.data())
def test_damaged_office_files_are_read_or_refused(parse: Any, saved: Any, data: Any) -> None:
    document = docx.Document()
    document.add_paragraph("The force would monitor the ceasefire.")
    whole = bytearray(saved(document))
    for _ in range(data.draw(st.integers(1, 20))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with suppress(UnreadableDocument):
        parse("damaged.docx", bytes(whole))
