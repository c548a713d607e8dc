"""A page of a PDF as it is: marks lie on the words, and nothing is drawn that is not seen."""

from __future__ import annotations

import io
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from index.errors import UnreadableDocument
from index.parsing import ParsingLimits
from index.picturing.pdf_page import draw_page
from testing.budget import one_in

LIMITS = ParsingLimits()
WORDS = "Call the depot."


def pdf(write: Callable[[Any], object], *, turned: int = 0) -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(400, 600), invariant=True)
    canvas.setPageRotation(turned)
    write(canvas)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def pixels(data: bytes, excerpt: str = "") -> NDArray[np.int16]:
    picture = draw_page(data, 1, excerpt, "", LIMITS)
    assert picture.is_marked is bool(excerpt)
    return np.asarray(Image.open(io.BytesIO(picture.png)).convert("RGB"), np.int16)


def upright(canvas: Any) -> None:
    canvas.drawString(60, 350, WORDS)


def sideways(canvas: Any) -> None:
    canvas.translate(200, 100)
    canvas.rotate(90)
    canvas.drawString(20, 40, WORDS)


@pytest.mark.parametrize(
    ("write", "turned"), one_in(3, product((upright, sideways), (0, 90, 180, 270)))
)
def test_the_mark_lies_on_the_words_and_they_are_upright(
    write: Callable[[Any], None], turned: int
) -> None:
    found = pixels(pdf(write, turned=turned), WORDS)
    dark = found.sum(axis=2) < 240
    marked = (found[:, :, 2] < 200) & (found[:, :, 0] > 200) | dark
    rows, columns = np.nonzero(dark)
    assert len(rows) > 100
    assert np.ptp(columns) > 4 * np.ptp(rows)  # they run across
    # All around the words is marked, and nothing far from them.
    around = marked[rows.min() : rows.max(), columns.min() : columns.max()]
    assert around.mean() > 0.85
    assert marked.sum() < 2.5 * around.size


def test_values_of_forms_are_drawn_and_notes_are_not() -> None:
    def form(canvas: Any) -> None:
        upright(canvas)
        canvas.acroForm.textfield(name="Name", value="Marta", x=60, y=300, borderWidth=0)

    def noted(canvas: Any) -> None:
        upright(canvas)
        canvas.textAnnotation("A secret remark", Rect=[60, 300, 260, 400], addtopage=1)

    plain, filled = pixels(pdf(upright)), pixels(pdf(form))
    assert np.abs(plain - filled).max() > 100
    assert np.abs(plain - pixels(pdf(noted))).max() < 8


def test_a_page_that_is_not_there() -> None:
    with pytest.raises(UnreadableDocument, match="no such page"):
        draw_page(pdf(upright), 2, "", "", LIMITS)
