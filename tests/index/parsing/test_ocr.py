"""Words in pictures: made pages, slightly turned and noisy, as a scanner makes them."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from index.document import Span, TextOrigin
from index.errors import UnreadableDocument
from index.parsing import ParsingLimits, ParsingOptions
from index.parsing.draft import Draft
from index.parsing.ocr import TextRecognizer, cannot_read, doubtful_spans
from index.parsing.parser import parse_bytes
from index.parsing.sandbox.process import ParsingProcess

_LINES = (
    "The port of Arvik handled 1,304,882 tonnes",
    "of cargo in 2031, which is 12.5% more than",
    "in the year before.",
)


def scan(*, angle: float = 0.6, noise: float = 15) -> NDArray[np.uint8]:
    """Return a page of print as grey values."""
    page = Image.new("L", (1100, 700), 250)
    for number, line in enumerate(_LINES):
        ImageDraw.Draw(page).text((80, 120 + 60 * number), line, fill=30, font_size=38)
    turned = np.asarray(page.rotate(angle, resample=Image.Resampling.BICUBIC, fillcolor=250))
    blurred = turned + np.random.default_rng(1).normal(0, noise, turned.shape)
    return blurred.clip(0, 255).astype(np.uint8)


def scanned_pdf() -> bytes:
    file = io.BytesIO()
    Image.fromarray(scan()).save(file, "PDF", resolution=150)
    return file.getvalue()


def test_languages_that_cannot_be_read_are_named() -> None:
    pytest.importorskip("rapidocr")
    assert cannot_read(("en", "de")) == ""
    assert cannot_read(("en", "qq")) == "No language of this code can be read: qq."


def test_words_of_a_turned_page_are_level_and_of_one_size() -> None:
    pytest.importorskip("rapidocr")
    found = [each.word for each in TextRecognizer(("en",)).read(scan(), 0.5)]
    assert [word.text for word in found] == " ".join(_LINES).split()
    first = found[:7]
    assert max(word.baseline for word in first) - min(word.baseline for word in first) < 2
    assert len({word.size for word in found}) == 1


@pytest.mark.search
def test_a_scanned_page_is_read_in_the_sandbox_and_says_so(tmp_path: Path) -> None:
    pytest.importorskip("rapidocr")
    path = tmp_path / "a.pdf"
    path.write_bytes(scanned_pdf())
    options = ParsingOptions(ocr_languages=("en",))
    with ParsingProcess() as process:
        document = process.parse_file(path, "a.pdf", limits=ParsingLimits(), options=options)
    assert document.text == " ".join(_LINES)
    assert {block.origin for block in document.blocks} == {TextOrigin.RECOGNISED}


def test_without_a_language_a_scanned_page_is_refused_as_ever() -> None:
    with pytest.raises(UnreadableDocument, match="run OCR on it first"):
        parse_bytes(scanned_pdf(), "a.pdf", ".pdf", limits=ParsingLimits())


def test_doubtful_words_are_marked_where_they_stand() -> None:
    text = "Pay 48 euros.\n\nPay 48 euros."
    draft = Draft(text, (), pages=(Span(0, 13), Span(15, 28)))
    assert doubtful_spans(draft, {2: {"48", "euros"}}) == (Span(19, 21),)
