"""Words in pictures: made pages, slightly turned and noisy, as a scanner makes them."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from index.document import Span, TextOrigin
from index.errors import UnreadableDocument
from index.parsing import ParsingLimits, ParsingOptions, ocr
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
    assert cannot_read(("en", "de")) == ""
    assert cannot_read(("en", "qq")) == "No language of this code can be read: qq."


@pytest.mark.search
def test_words_of_a_turned_page_are_level_and_of_one_size() -> None:
    found = [each.word for each in TextRecognizer(("en",)).read(scan(), 0.5)]
    assert [word.text for word in found] == " ".join(_LINES).split()
    first = found[:7]
    assert max(word.baseline for word in first) - min(word.baseline for word in first) < 2
    assert len({word.size for word in found}) == 1


@pytest.mark.search
def test_a_scanned_page_is_read_in_the_sandbox_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(scanned_pdf())
    options = ParsingOptions(ocr_languages=("en",))
    with ParsingProcess() as process:
        document = process.parse_file(path, "a.pdf", limits=ParsingLimits(), options=options)
    assert document.text == " ".join(_LINES)
    assert {block.origin for block in document.blocks} == {TextOrigin.RECOGNISED}


class Engine:
    """Stands in for Tesseract, whose data of languages are not installed."""

    Word = tuple[str, float, tuple[int, int, int, int], bool]  # ..., whether it begins a line

    def __init__(self, words: list[Word], asked: list[str]) -> None:
        self.words, self.asked = words, asked

    def __call__(self, *, path: str, lang: str) -> Engine:
        self.asked += [path, lang]
        return self

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None: ...

    def SetImage(self, image: Image.Image) -> None:  # noqa: N802
        self.asked.append(image.mode)

    def Recognize(self) -> bool:  # noqa: N802
        return True

    def GetIterator(self) -> Engine:  # noqa: N802
        return self


class Found:
    """A word that the stand-in finds."""

    def __init__(self, word: Engine.Word) -> None:
        self._text, self._confidence, self._box, self._begins = word

    def IsAtBeginningOf(self, _: str) -> bool:  # noqa: N802
        return self._begins

    def BoundingBox(self, level: str) -> tuple[int, int, int, int]:  # noqa: N802
        left, top, right, bottom = self._box
        return (left, top, right + 100, bottom) if level == "line" else self._box

    def Baseline(self, level: str) -> tuple[tuple[int, int], tuple[int, int]]:  # noqa: N802
        left, _, right, bottom = self.BoundingBox(level)
        return (left, bottom), (right, bottom)

    def GetUTF8Text(self, _: str) -> str:  # noqa: N802
        return f"{self._text}\n"

    def Confidence(self, _: str) -> float:  # noqa: N802
        return self._confidence


def test_words_of_tesseract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "rus.traineddata").touch()
    (tmp_path / "eng.traineddata").touch()
    monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))
    asked: list[str] = []
    engine = Engine(
        [
            ("Порт", 96.0, (100, 100, 200, 140), True),
            ("Arvik", 41.0, (220, 100, 330, 140), False),
            (" ", 95.0, (340, 100, 350, 140), False),
            ("закрыт.", 90.0, (100, 160, 260, 200), True),
        ],
        asked,
    )
    stand_in = SimpleNamespace(
        PyTessBaseAPI=engine,
        RIL=SimpleNamespace(WORD="word", TEXTLINE="line"),
        iterate_level=lambda found, _: map(Found, found.words),
    )
    monkeypatch.setitem(sys.modules, "tesserocr", stand_in)
    monkeypatch.setattr("index.parsing.ocr.find_spec", lambda _: object())
    recognizer = TextRecognizer.of(ParsingOptions(ocr_languages=("ru", "en")))
    found = recognizer.read(np.full((300, 400), 255, np.uint8), 0.5)
    assert asked == [f"{tmp_path}/", "rus+eng", "L"]
    assert [(each.word.text, each.is_doubtful) for each in found] == [
        ("Порт", False), ("Arvik", True), ("закрыт.", False),
    ]  # fmt: skip
    assert found[0].word.box.left == 50
    assert found[0].word.baseline == found[1].word.baseline < found[2].word.baseline


def test_without_a_language_a_scanned_page_is_refused_as_ever() -> None:
    with pytest.raises(UnreadableDocument, match="run OCR, or install the extra ocr"):
        parse_bytes(scanned_pdf(), "a.pdf", ".pdf", limits=ParsingLimits())


def test_doubtful_words_are_marked_where_they_stand() -> None:
    text = "Pay 48 euros.\n\nPay 48 euros."
    draft = Draft(text, (), pages=(Span(0, 13), Span(15, 28)))
    assert doubtful_spans(draft, {2: {"48", "euros"}}) == (Span(19, 21),)


def test_short_lines_are_levelled_as_the_long_ones_tell() -> None:
    def line(text: str, left: float, width: float, *, turned: float) -> ocr._Line:
        top = 100 + 0.02 * left  # as far down as the page is turned
        rise = turned * width
        corners = (left, top), (left + width, top + rise), (left + width, top + 20 + rise)
        return ocr._Line((*corners, (left, top + 20)), ((text, left, left + width, False),))

    cells = [line(text, 100 + 150 * at, 30, turned=0) for at, text in enumerate("abcdef")]
    words = ocr._placed([line("heading", 0, 400, turned=0.02), *cells], 1.0)
    feet = [each.word.baseline for each in words]
    assert max(feet) - min(feet) < 1
