"""OCR: words in pictures, by RapidOCR or Tesseract, each of which runs within this process.

RapidOCR brings its models. Tesseract reads languages whose data are installed on the system. The
extra `ocr` installs both; neither is imported before a picture is to be read.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.document import Span
from index.parsing.draft import Draft
from index.parsing.options import ParsingOptions
from index.parsing.page_content import Box, Word

HOW_TO_RECOGNISE = "run OCR, or install the extra ocr and set BRIEFING_OCR"

LONGEST_SIDE = 1_800
"""Pixels that a picture is made to have at most: more costs memory and finds nothing more."""

_RAPID = frozenset(
    "af az bs ca cs cy da de el en es et eu fi fr ga gl hr hu id is it ja ku la lb lt lv mi ms mt"
    " nb nl nn no oc pl pt qu rm ro sk sl sq sv sw tl tr uz zh".split()
)
"""Languages of which the model has all letters."""
_TESSERACT = {
    "ar": "ara", "be": "bel", "bg": "bul", "bn": "ben", "fa": "fas", "gu": "guj", "he": "heb",
    "hi": "hin", "hy": "hye", "ka": "kat", "kk": "kaz", "km": "khm", "kn": "kan", "ko": "kor",
    "ky": "kir", "lo": "lao", "mk": "mkd", "ml": "mal", "mn": "mon", "mr": "mar", "my": "mya",
    "ne": "nep", "pa": "pan", "ps": "pus", "ru": "rus", "si": "sin", "sr": "srp", "ta": "tam",
    "te": "tel", "th": "tha", "uk": "ukr", "ur": "urd", "vi": "vie", "yi": "yid",
    "cs": "ces", "da": "dan", "de": "deu", "el": "ell", "en": "eng", "es": "spa", "et": "est",
    "fi": "fin", "fr": "fra", "hr": "hrv", "hu": "hun", "is": "isl", "it": "ita", "ja": "jpn",
    "lt": "lit", "lv": "lav", "nb": "nor", "nl": "nld", "nn": "nor", "no": "nor", "pl": "pol",
    "pt": "por", "ro": "ron", "sk": "slk", "sl": "slv", "sq": "sqi", "sv": "swe", "tr": "tur",
    "zh": "chi_sim",
}  # fmt: skip
_DATA_FOLDERS = ("/usr/share/tesseract-ocr", "/usr/share/tessdata", "/usr/local/share/tessdata")
_SURE = 0.6
_TOKEN = re.compile(r"\S+")
_LEAST = 0.5
"""The confidence below which a line is taken for a stain."""
_CLEARLY = 0.3
"""Type sizes are told apart in halves of the usual one, the greater where it is clearly nearer: how
high a line is depends on its letters as well."""
_TYPE_SIZE, _FOOT = 0.74, 0.2
"""Shares of a line's height: its type size, and what lies below its baseline."""


_WIDE = 0.5
"""Of the widest line."""


@dataclass(frozen=True, slots=True)
class RecognisedWord:
    """A word in a picture, and whether it may be another one."""

    word: Word
    is_doubtful: bool


@dataclass(frozen=True, slots=True)
class _Line:
    """A line: its corners from the upper left one clockwise, and its words with their places."""

    corners: tuple[tuple[float, float], ...]
    words: tuple[tuple[str, float, float, bool], ...]
    """Of each word the text, its left and right, and whether it is doubtful."""


def cannot_read(languages: Sequence[str]) -> str:
    """Return, in a sentence, why these languages cannot be read; empty where they can."""
    if find_spec("rapidocr") is None:
        return "The extra for OCR is not installed: make install WITH=[ocr]."
    others = [language for language in languages if language not in _RAPID]
    for language in others:
        if language not in _TESSERACT:
            return f"No language of this code can be read: {language}."
    if not others:
        return ""
    if find_spec("tesserocr") is None:
        return (
            f"Tesseract is not installed, which reads {', '.join(others)}: pip install tesserocr."
        )
    for language in languages:
        if language not in _TESSERACT or _data_folder(_TESSERACT[language]) is None:
            name = _TESSERACT.get(language, language)
            return f"Tesseract has no data for {language} ({name}.traineddata)."
    return ""


@dataclass(frozen=True, slots=True)
class TextRecognizer:
    """Reads pictures in some `languages`; in none where OCR is off, or where `problem` says why."""

    languages: tuple[str, ...] = ()
    problem: str = ""

    @classmethod
    def of(cls, options: ParsingOptions) -> TextRecognizer:
        problem = cannot_read(options.ocr_languages) if options.ocr_languages else ""
        return cls((), problem) if problem else cls(options.ocr_languages)

    def read(self, pixels: NDArray[np.uint8], points_per_pixel: float) -> list[RecognisedWord]:
        """Return the words of an upright picture in grey values, line by line.

        Slightly turned lines are made level. Places and sizes are in points.
        """
        if all(language in _RAPID for language in self.languages):
            lines = _read_by_rapidocr(pixels)
        else:
            lines = _read_by_tesseract(pixels, self.languages)
        return _placed(lines, points_per_pixel)


def prepare(options: ParsingOptions) -> None:
    """Load what needs more rights than reading pictures does, such as making folders."""
    languages = TextRecognizer.of(options).languages
    if languages and all(language in _RAPID for language in languages):
        from PIL import Image, ImageDraw

        # Its models are loaded with the first picture.
        sample = Image.new("L", (400, 80), 255)
        ImageDraw.Draw(sample).text((20, 15), "Sample", fill=0, font_size=40)
        _read_by_rapidocr(np.asarray(sample))


def doubtful_spans(draft: Draft, doubtful: Mapping[int, Collection[str]]) -> tuple[Span, ...]:
    """Return where the doubtful words of pages (counted from 1) stand in a document's text.

    A word that was recognised surely elsewhere on its page is marked there as well.
    """
    spans = []
    for number, words in sorted(doubtful.items()):
        page = draft.pages[number - 1]
        for found in _TOKEN.finditer(draft.text, page.start, page.end) if words else ():
            if found.group() in words:
                spans.append(Span(found.start(), found.end()))
    return tuple(spans)


def _placed(lines: Sequence[_Line], scale: float) -> list[RecognisedWord]:
    """Return words at their places once the page is turned level, with sizes that are alike."""
    if not lines:
        return []
    widest = max(map(_width, lines))  # how far a short line is turned is hardly seen
    slope = median(_slope(line) for line in lines if _width(line) >= _WIDE * widest)
    usual = median(_height(line) for line in lines)
    found = []
    for line in lines:
        (left, _top), _, _, (_, bottom) = line.corners
        # Along a line its foot falls by the slope, which is taken off at each word's middle.
        foot = bottom - slope * left
        tall = _height(line)
        size = usual * max(1, int(2 * tall / usual + _CLEARLY)) / 2
        for text, begin, end, is_doubtful in line.words:
            box = Box(begin * scale, (foot - tall) * scale, end * scale, foot * scale)
            word = Word(
                text,
                box,
                round(size * _TYPE_SIZE * scale, 1),
                baseline=(foot - _FOOT * size) * scale,
            )
            found.append(RecognisedWord(word, is_doubtful))
    return found


def _slope(line: _Line) -> float:
    (left, top), (right, other_top), _, _ = line.corners
    return (other_top - top) / (right - left) if right - left > 1 else 0.0


def _width(line: _Line) -> float:
    (left, _), (right, _), _, _ = line.corners
    return right - left


def _height(line: _Line) -> float:
    (left, top), _, _, (other_left, bottom) = line.corners
    return max(1.0, math.hypot(other_left - left, bottom - top))


# RapidOCR


@cache
def _rapidocr() -> Any:
    import cv2
    from rapidocr import RapidOCR

    cv2.setNumThreads(1)
    return RapidOCR(
        params={
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Global.log_level": "critical",
            "Global.return_word_box": True,
            "Global.use_cls": False,
            "Rec.rec_batch_num": 1,  # lines of a batch are padded, which loses spaces
        }
    )


def _read_by_rapidocr(pixels: NDArray[np.uint8]) -> list[_Line]:
    result = _rapidocr()(np.repeat(pixels[:, :, None], 3, axis=2))
    if result.boxes is None:
        return []
    lines = []
    for corners, words, score in zip(result.boxes, result.word_results, result.scores, strict=True):
        if float(score) < _LEAST:
            continue
        lines.append(
            _Line(
                tuple((float(x), float(y)) for x, y in corners),
                tuple(
                    (
                        text,
                        float(min(x for x, _ in box)),
                        float(max(x for x, _ in box)),
                        float(confidence) < _SURE,
                    )
                    for text, confidence, box in words
                ),
            )
        )
    return lines


# Tesseract


def _data_folder(name: str) -> Path | None:
    """Return the folder with Tesseract's data of a language."""
    named = os.environ.get("TESSDATA_PREFIX")
    folders: Iterable[str] = [named] if named else _DATA_FOLDERS
    for folder in folders:
        for found in (Path(folder), *sorted(Path(folder).glob("*/tessdata"), reverse=True)):
            if (found / f"{name}.traineddata").is_file():
                return found
    return None


def _read_by_tesseract(pixels: NDArray[np.uint8], languages: Sequence[str]) -> list[_Line]:
    import tesserocr
    from PIL import Image

    names = [_TESSERACT[language] for language in languages]
    folder = _data_folder(names[0])
    lines: list[_Line] = []
    words: list[tuple[str, float, float, bool]] = []
    corners: tuple[tuple[float, float], ...] = ()
    with tesserocr.PyTessBaseAPI(path=f"{folder}/", lang="+".join(names)) as engine:
        engine.SetImage(Image.fromarray(pixels))
        if not engine.Recognize():
            return []
        level = tesserocr.RIL
        for word in tesserocr.iterate_level(engine.GetIterator(), level.WORD):
            if word.IsAtBeginningOf(level.TEXTLINE):
                if words:
                    lines.append(_Line(corners, tuple(words)))
                words = []
                corners = _corners(word.BoundingBox(level.TEXTLINE), word.Baseline(level.TEXTLINE))
            text = (word.GetUTF8Text(level.WORD) or "").strip()
            box = word.BoundingBox(level.WORD)
            if text and box is not None:
                is_doubtful = word.Confidence(level.WORD) < 100 * _SURE
                words.append((text, float(box[0]), float(box[2]), is_doubtful))
    if words:
        lines.append(_Line(corners, tuple(words)))
    return lines


def _corners(box: Any, baseline: Any) -> tuple[tuple[float, float], ...]:
    """Return a line's corners from its upright box and the slope of its baseline."""
    left, top, right, bottom = map(float, box)
    fall = 0.0
    if baseline is not None and baseline[1][0] > baseline[0][0]:
        (x, y), (other_x, other_y) = baseline
        fall = (other_y - y) / (other_x - x) * (right - left)
    low, high = max(0.0, -fall), max(0.0, fall)
    return (left, top + low), (right, top + high), (right, bottom - low), (left, bottom - high)
