"""What files set in bold and the like, whatever their format."""

from __future__ import annotations

import io
from collections.abc import Callable

import docx
import pptx
import pytest

from index.document import StyleKind
from index.parsing.limits import ParsingLimits
from index.parsing.parser import parse_bytes
from testing.odfs import odf


def _docx() -> bytes:
    file, made = io.BytesIO(), docx.Document()
    paragraph = made.add_paragraph("We ")
    paragraph.add_run("must").bold = True
    paragraph.add_run(" and ")
    paragraph.add_run("may").italic = True
    paragraph.add_run(" and ")
    paragraph.add_run("never").font.strike = True
    made.save(file)
    return file.getvalue()


def _pptx() -> bytes:
    file, made = io.BytesIO(), pptx.Presentation()
    slide = made.slides.add_slide(made.slide_layouts[1])
    slide.shapes.title.text = "Title"
    paragraph = slide.placeholders[1].text_frame.paragraphs[0]
    for words, bold, italic in [
        ("We ", False, False),
        ("must", True, False),
        (" and ", False, False),
        ("may", False, True),
    ]:
        run = paragraph.add_run()
        run.text, run.font.bold, run.font.italic = words, bold, italic
    made.save(file)
    return file.getvalue()


def _odt() -> bytes:
    look = (
        '<style:style style:name="{}" style:family="text"><style:text-properties {}/></style:style>'
    )
    styles = (
        look.format("B", 'fo:font-weight="bold"')
        + look.format("I", 'fo:font-style="italic"')
        + look.format("S", 'style:text-line-through-style="solid"')
    )
    span = '<text:span text:style-name="{}">{}</text:span>'
    body = (
        f"<text:p>We {span.format('B', 'must')} and {span.format('I', 'may')}"
        f" and {span.format('S', 'never')}</text:p>"
    )
    return odf("text", body, styles=styles)


_FILES: dict[str, Callable[[], bytes]] = {
    ".html": lambda: b"<p>We <b>must</b> and <em>may</em> and <del>never</del></p>",
    ".md": lambda: b"We **must** and *may* and ~~never~~",
    ".rtf": lambda: rb"{\rtf1 We {\b must} and {\i may} and \strike never\strike0\par}",
    ".docx": _docx,
    ".pptx": _pptx,
    ".odt": _odt,
}


@pytest.mark.parametrize("suffix", _FILES)
def test_bold_italic_and_struck_through(suffix: str) -> None:
    document = parse_bytes(_FILES[suffix](), f"a{suffix}", suffix, limits=ParsingLimits())
    found = {
        style.kind: style.span.of(document.text)
        for style in document.styles
        if style.kind is not StyleKind.INSTEAD
    }
    struck = {} if suffix == ".pptx" else {StyleKind.STRUCK: "never"}
    if suffix == ".html":  # what is deleted in a page is not read
        struck = {}
    assert found == {StyleKind.BOLD: "must", StyleKind.ITALIC: "may"} | struck


@pytest.mark.parametrize("suffix", [".md", ".html", ".docx"])
def test_a_quotation(suffix: str) -> None:
    made = docx.Document()
    made.add_paragraph("Wise words", style="Quote")
    made.add_paragraph("Others")
    file = io.BytesIO()
    made.save(file)
    data = {
        ".md": b"> Wise words\n\nOthers",
        ".html": b"<blockquote><p>Wise words</p></blockquote><p>Others</p>",
        ".docx": file.getvalue(),
    }[suffix]
    document = parse_bytes(data, f"a{suffix}", suffix, limits=ParsingLimits())
    (quoted,) = [style for style in document.styles if style.kind is StyleKind.QUOTED]
    assert quoted.span.of(document.text).removeprefix("> ") == "Wise words"


def test_a_heading_is_not_bold_as_well() -> None:
    document = parse_bytes(
        b"<h1><b>Aims</b> and <i>ends</i></h1><p>x</p>", "a.html", ".html", limits=ParsingLimits()
    )
    assert [(style.kind, style.span.of(document.text)) for style in document.styles] == [
        (StyleKind.ITALIC, "ends")
    ]


def test_the_address_of_a_link_is_kept() -> None:
    document = parse_bytes(
        b"See [the plan][p].\n\n[p]: https://a.b/c", "a.md", ".md", limits=ParsingLimits()
    )
    (link,) = [style for style in document.styles if style.kind is StyleKind.LINK]
    assert (link.span.of(document.text), link.text) == ("the plan", "https://a.b/c")
