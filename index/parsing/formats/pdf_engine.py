"""The engine of PDFs, PDFium: a file's pages as words with their boxes, rules and notes."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from itertools import starmap
from typing import Any

import numpy as np
import pypdfium2_raw as pdfium
from numpy.typing import NDArray

from index.errors import UnreadableDocument
from index.parsing.builder import one_line
from index.parsing.formats.pdf_calls import Calls, address
from index.parsing.formats.pdf_notes import Form, Note, notes_of
from index.parsing.formats.pdf_objects import PageObjects, objects_of
from index.parsing.formats.pdf_page import DIVIDING, Box, PageContent, Word
from index.parsing.limits import ParsingLimits

__all__ = ["DAMAGED", "PdfFile", "pages_of"]

DAMAGED = "it is damaged, or not a PDF"

_BOLD = re.compile(
    r"bold|black|heavy|demi|medi(?!um)|cm(?:ss|tt|ti|u)?bx|sfbx|\bbx\d|-b$|-bd", re.IGNORECASE
)
_NOT_BOLD = re.compile(r"blackletter|blackadder|semilight", re.IGNORECASE)
_FORCE_BOLD = 1 << 18
_BOLD_WEIGHT = 600
_HYPHENS = (0x2, 0xAD, 0xFFFE)
_NEAR = 0.3  # of the type size: characters further apart are not of one word
_RAISED = {
    ord(plain): ord(high) for plain, high in zip("0123456789-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻", strict=True)
}
_SLANTED = 8  # degrees
_PROPERTIES = ("Title", "Author", "Subject", "Keywords", "CreationDate")


def pages_of(data: bytes, limits: ParsingLimits) -> Iterator[PageContent]:
    """Yield what each page of a PDF holds; raises UnreadableDocument."""
    with PdfFile.open(data, limits) as file:
        yield from file.pages()


class PdfFile:
    """An open PDF. `unread` holds the numbers of the pages that could not be loaded.

    `attachments` is how many files it carries.
    """

    def __init__(self, document: Any, limits: ParsingLimits) -> None:
        self._document = document
        self._limits = limits
        self.page_count: int = pdfium.FPDF_GetPageCount(document)
        self.attachments: int = max(0, pdfium.FPDFDoc_GetAttachmentCount(document))
        self._form = Form(document)
        self.unread: list[int] = []

    @classmethod
    @contextmanager
    def open(cls, data: bytes, limits: ParsingLimits) -> Iterator[PdfFile]:
        """Open a PDF; raises UnreadableDocument."""
        _start()
        document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
        if not document:
            if pdfium.FPDF_GetLastError() in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
                raise UnreadableDocument("it is protected by a password")
            raise UnreadableDocument(DAMAGED)
        file = None
        try:
            file = cls(document, limits)
            if file.page_count > limits.max_pages:
                raise UnreadableDocument(f"it has more than {limits.max_pages:,} pages")
            yield file
        finally:
            if file is not None:
                file._form.close()
            pdfium.FPDF_CloseDocument(document)

    def pages(self) -> Iterator[PageContent]:
        """Yield what each page holds; a page that cannot be loaded is empty."""
        for number in range(self.page_count):
            page = pdfium.FPDF_LoadPage(self._document, number)
            if not page:
                self.unread.append(number + 1)
                yield PageContent(0, 0, ())
                continue
            try:
                yield self._content(page)
            finally:
                pdfium.FPDF_ClosePage(page)

    def _content(self, page: Any) -> PageContent:
        sight = _sight_of(page)
        objects = objects_of(page)
        text_page = pdfium.FPDFText_LoadPage(page)
        try:
            characters = _characters(text_page, self._limits)
        finally:
            pdfium.FPDFText_ClosePage(text_page)
        words: list[Word] = []
        hidden: list[Word] = []
        is_recognised = False
        if characters is not None:
            sight = characters.upright(sight)
            words, hidden, is_recognised = _words(characters, sight, objects)
        notes = notes_of(page, self._form)
        words += [word for note in notes.shown for word in _placed(note, sight, words)]
        width, height = sight.size
        return PageContent(
            width,
            height,
            words,
            sight.boxes(*objects.rules.T),
            has_images=bool(len(objects.images)),
            hidden=hidden,
            comments=notes.comments,
            is_recognised=is_recognised,
        )

    def properties(self) -> dict[str, str]:
        """Return what the file says of itself, by names in lower case."""
        return {key.lower(): one_line(self._property(key)) for key in _PROPERTIES}

    def _property(self, key: str) -> str:
        size = pdfium.FPDF_GetMetaText(self._document, key.encode(), None, 0)
        if not 2 < size < 1_000_000:
            return ""
        buffer = ctypes.create_string_buffer(size)
        pdfium.FPDF_GetMetaText(self._document, key.encode(), buffer, size)
        return buffer.raw[: size - 2].decode("utf-16-le", "replace")


@cache
def _start() -> None:
    """Start PDFium without the system's fonts: a text is not to depend on those of a machine."""
    none = (ctypes.POINTER(ctypes.c_char) * 1)()
    pdfium.FPDF_InitLibraryWithConfig(pdfium.FPDF_LIBRARY_CONFIG(version=2, m_pUserFontPaths=none))


@dataclass(frozen=True, slots=True)
class _Sight:
    """How a page is seen: its visible rectangle, turned clockwise by `turns` quarters."""

    left: float
    bottom: float
    right: float
    top: float
    turns: int

    @property
    def size(self) -> tuple[float, float]:
        across, down = self.right - self.left, self.top - self.bottom
        return (down, across) if self.turns % 2 else (across, down)

    def boxes(self, left: Any, bottom: Any, right: Any, top: Any) -> NDArray[np.float32]:
        """Return rectangles of the page as they are seen: left, top, right, bottom."""
        if self.turns == 1:
            seen = (bottom - self.bottom, left - self.left, top - self.bottom, right - self.left)
        elif self.turns == 2:
            seen = (self.right - right, bottom - self.bottom, self.right - left, top - self.bottom)
        elif self.turns == 3:
            seen = (self.top - top, self.right - right, self.top - bottom, self.right - left)
        else:
            seen = (left - self.left, self.top - top, right - self.left, self.top - bottom)
        return np.stack(seen, axis=-1).astype(np.float32)


def _sight_of(page: Any) -> _Sight:
    box = pdfium.FS_RECTF()
    if not pdfium.FPDF_GetPageBoundingBox(page, box) or box.right <= box.left:
        width, height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
        box.left, box.bottom, box.right, box.top = 0, 0, width, height
    turns = pdfium.FPDFPage_GetRotation(page) % 4
    return _Sight(box.left, box.bottom, box.right, box.top, turns)


@dataclass(frozen=True, slots=True, eq=False)
class _Characters:
    """The characters of a page that are no spaces; `run_of` has the run that each belongs to.

    A run is what of one text object follows each other, with one font, size and direction; the
    arrays after `run_of` have a value for each. `pieces` begin after a space and with each run.
    Boxes are left, bottom, right, top.
    """

    codes: NDArray[np.uint32]
    boxes: NDArray[np.float32]
    after_space: NDArray[np.bool_]
    pieces: NDArray[np.bool_]
    run_of: NDArray[np.intp]
    sizes: NDArray[np.float32]
    angles: NDArray[np.float64]
    origins: NDArray[np.float64]
    bold: NDArray[np.bool_]
    invisible: NDArray[np.bool_]
    white: NDArray[np.bool_]

    def turned(self, sight: _Sight) -> NDArray[np.int32]:
        """Return by how many degrees, clockwise, each run is turned as the page is seen."""
        exact = sight.turns - self.angles / 90
        quarters = np.rint(exact)
        # A watermark across the page is no part of the lines that it crosses.
        slanted = (np.abs(exact - quarters) > _SLANTED / 90) & (quarters % 2 == 0)
        turned: NDArray[np.int32] = (quarters + slanted).astype(np.int32) % 4 * 90
        return turned

    def upright(self, sight: _Sight) -> _Sight:
        """Return how the page is seen when it is held so that most of its text is upright."""
        counts = np.bincount(
            self.turned(sight) // 90, np.bincount(self.run_of), minlength=4
        ).tolist()
        most = max(range(4), key=lambda quarters: (counts[quarters], -quarters))
        return replace(sight, turns=(sight.turns - most) % 4)


def _characters(text_page: Any, limits: ParsingLimits) -> _Characters | None:
    count = pdfium.FPDFText_CountChars(text_page) if text_page else 0
    if count > limits.max_characters:
        raise UnreadableDocument(f"it holds more than {limits.max_characters:,} characters")
    if count <= 0:
        return None
    page = address(text_page)
    codes = Calls.codes(page, count)
    kept = np.flatnonzero(~_is_space(codes))
    owners = _owners(page, kept)
    kept, owners = kept[owners != 0], owners[owners != 0]
    if not len(kept):
        return None
    codes = codes[kept]
    after_space = np.concatenate(([True], np.diff(kept) > 1))
    begins = np.concatenate(([True], owners[1:] != owners[:-1]))
    run_starts = np.flatnonzero(begins)
    run_of = np.cumsum(begins) - 1
    handles = owners[run_starts].tolist()
    first = kept[run_starts].tolist()
    a, b, c, d = Calls.matrices(page, first, len(first)).astype(np.float64).T[:4]
    scale = np.hypot(c, d)
    angles = np.degrees(np.arctan2(b, a))
    pieces = begins | after_space
    boxes = _boxes(page, kept, codes, pieces, np.abs(angles[run_of]) > 1)
    modes, fills, fonts = Calls.render_modes(handles), Calls.fills(handles), Calls.fonts(handles)
    is_bold = {font: _is_bold_font(font) for font in set(fonts)}
    bold = np.fromiter((is_bold[font] for font in fonts), np.bool_, len(fonts))
    return _Characters(
        codes=codes,
        boxes=boxes,
        after_space=after_space,
        pieces=pieces,
        run_of=run_of,
        sizes=np.abs(Calls.font_sizes(handles)) * np.where(scale > 0, scale, 1).astype(np.float32),
        angles=angles,
        origins=Calls.origins(page, first, len(first)),
        bold=bold | (modes == 2),
        invisible=(modes == 3) | (modes == 7) | ((fills[:, 3] == 0) & (modes == 0)),
        white=np.all(fills[:, :3] >= 250, axis=1) & ((modes == 0) | (modes == 2)),
    )


def _owners(page: int, kept: NDArray[np.intp]) -> NDArray[np.uint64]:
    """Return the text object of each character; between two of the same, all are of that one."""
    if not len(kept):
        return np.empty(0, np.uint64)
    starts = np.flatnonzero(np.concatenate(([True], np.diff(kept) > 1)))
    ends = np.append(starts[1:], len(kept))
    first = Calls.text_objects(page, kept[starts].tolist(), len(starts))
    last = Calls.text_objects(page, kept[ends - 1].tolist(), len(starts))
    owners = np.repeat(first, ends - starts)
    mixed = np.flatnonzero(np.repeat(first != last, ends - starts))
    owners[mixed] = Calls.text_objects(page, kept[mixed].tolist(), len(mixed))
    return owners


def _boxes(
    page: int,
    kept: NDArray[np.intp],
    codes: NDArray[np.uint32],
    pieces: NDArray[np.bool_],
    slanted: NDArray[np.bool_],
) -> NDArray[np.float32]:
    """Return boxes of which those of a piece's first and last character are right, and all span it.

    PDFium's loose boxes are right for upright text only.
    """
    asked = pieces | np.append(pieces[1:], True) | slanted
    if ((codes >= 0x600) & (codes < 0x780)).any():
        asked[:] = True  # whose ligatures are known by their boxes
    places = np.flatnonzero(asked)
    found = Calls.loose_boxes(page, kept[places].tolist(), len(places))[:, [0, 3, 2, 1]]
    odd = np.flatnonzero(slanted[places])
    if len(odd):
        tight = Calls.tight_boxes(page, kept[places[odd]].tolist(), len(odd))
        found[odd] = tight[:, [0, 2, 1, 3]]
    spread: NDArray[np.float32] = found[np.cumsum(asked) - 1]
    return spread


def _is_space(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    space: NDArray[np.bool_] = (codes <= 0x20) & (codes != 0x2)
    space |= (codes >= 0x7F) & (codes <= 0xA0)
    space |= (codes >= 0x2000) & (codes <= 0x200B) | (codes == 0x3000) | (codes == 0xFEFF)
    return space


def _is_bold_font(font: int) -> bool:
    if not font:
        return False
    handle = ctypes.cast(font, pdfium.FPDF_FONT)
    buffer = ctypes.create_string_buffer(200)
    pdfium.FPDFFont_GetBaseFontName(handle, buffer, 200)
    name = buffer.value.decode("utf-8", "replace")
    if _BOLD.search(name) and not _NOT_BOLD.search(name):
        return True
    flags = pdfium.FPDFFont_GetFlags(handle)
    return bool(flags > 0 and flags & _FORCE_BOLD) or (
        pdfium.FPDFFont_GetWeight(handle) >= _BOLD_WEIGHT
    )


def _words(
    characters: _Characters, sight: _Sight, objects: PageObjects
) -> tuple[list[Word], list[Word], bool]:
    """Return the words that are seen, those that are not, and whether the seen are recognised."""
    boxes = sight.boxes(*characters.boxes.T)
    turned = characters.turned(sight)
    x, y = characters.origins.T
    seen_origins = sight.boxes(x, y, x, y)
    baselines = np.where(turned % 180 == 90, seen_origins[:, 0], seen_origins[:, 1])
    starts = _word_starts(characters, boxes, turned, baselines)
    sizes = np.maximum.reduceat(characters.sizes[characters.run_of], starts)
    codes = characters.codes
    _restore_ligatures(codes, boxes)
    _raise_digits(characters, starts, sizes, baselines)
    codes[np.isin(codes, _HYPHENS)] = ord(DIVIDING)
    codes[(codes >= 0xD800) & (codes < 0xE000) | (codes > 0x10FFFF)] = 0xFFFD
    text = codes.astype("<u4").tobytes().decode("utf-32-le")
    ends = np.append(starts[1:], len(codes))
    low = np.minimum.reduceat(boxes[:, :2], starts)
    high = np.maximum.reduceat(boxes[:, 2:], starts)
    places = np.concatenate((low, high), axis=1)
    run = characters.run_of[starts]
    words = list(
        map(
            Word,
            [text[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)],
            starmap(Box, places.tolist()),
            sizes.tolist(),
            characters.bold[run].tolist(),
            turned[run].tolist(),
            baselines[run].tolist(),
        )
    )
    seen, is_recognised = _is_seen(
        places, characters.invisible[run], characters.white[run], sight, objects
    )
    if seen.all():
        return words, [], is_recognised
    hidden = [word for word, is_seen in zip(words, seen.tolist(), strict=True) if not is_seen]
    words = [word for word, is_seen in zip(words, seen.tolist(), strict=True) if is_seen]
    return words, hidden, is_recognised


def _restore_ligatures(codes: NDArray[np.uint32], boxes: NDArray[np.float32]) -> None:
    """Put the letters of an Arabic ligature, which share a box, in the order of reading.

    PDFium turns each line of Arabic round, and with it the letters that one sign stands for.
    """
    shared = np.all(boxes[1:] == boxes[:-1], axis=1)
    shared &= (codes[1:] >= 0x600) & (codes[1:] < 0x780) & (codes[:-1] >= 0x600)
    done = 0
    for start in np.flatnonzero(shared).tolist():
        if start < done:
            continue
        done = start + 1
        while done < len(codes) and shared[done - 1]:
            done += 1
        codes[start:done] = codes[start:done][::-1].copy()


def _raise_digits(
    characters: _Characters,
    starts: NDArray[np.intp],
    most: NDArray[np.float32],
    baselines: NDArray[np.float32],
) -> None:
    """Write the small raised figures of a word as such: 10⁶ is not 106, nor 1,304¹ 13,041."""
    codes, sizes = characters.codes, characters.sizes[characters.run_of]
    lengths = np.diff(np.append(starts, len(codes)))
    size = np.repeat(most, lengths)
    small = sizes <= 0.82 * size
    if not small.any():
        return
    height = baselines[characters.run_of]
    foot = np.maximum.reduceat(np.where(small, np.float32(-1e9), height), starts)
    raised = small & (np.repeat(foot, lengths) - height >= 0.2 * size)
    raised[starts] = False
    for at in np.flatnonzero(raised).tolist():
        codes[at] = _RAISED.get(int(codes[at]), int(codes[at]))


def _word_starts(
    characters: _Characters,
    boxes: NDArray[np.float32],
    turned: NDArray[np.int32],
    baselines: NDArray[np.float32],
) -> NDArray[np.intp]:
    """Return which characters begin a word: after a space, at a distance, or turned otherwise."""
    run_of = characters.run_of
    sideways = (turned % 180 == 90)[run_of]
    low = np.where(sideways, boxes[:, 1], boxes[:, 0])
    high = np.where(sideways, boxes[:, 3], boxes[:, 2])
    apart = np.maximum(low[1:] - high[:-1], low[:-1] - high[1:])
    sizes = characters.sizes[run_of]
    size = np.maximum(sizes[1:], sizes[:-1])
    parted = (apart > _NEAR * size) | (np.diff(turned[run_of]) != 0)
    parted |= np.abs(np.diff(baselines[run_of])) > 0.6 * size
    begins = characters.after_space.copy()
    begins[1:] |= parted & characters.pieces[1:]
    return np.flatnonzero(begins)


def _placed(note: Note, sight: _Sight, words: Sequence[Word]) -> Iterator[Word]:
    """Yield the words of a form's value or of a note as if they were printed in its rectangle."""
    left, top, right, bottom = sight.boxes(*note.place).tolist()
    usual = float(np.median([word.size for word in words])) if words else 10.0
    lines = [line for line in note.text.split("\n") if line.split()]
    size = min(usual, max(4.0, (bottom - top) / max(1, len(lines))))
    foot = (top + bottom) / 2 + 0.35 * size
    if len(lines) > 1 or bottom - top > 3 * size:
        foot = top + 1.2 * size
    for line in lines:
        parts = line.split()
        letter = min(size / 2, max(right - left, size) / len(line))
        across = left
        for part in parts:
            end = across + letter * len(part)
            yield Word(part, Box(across, foot - size, end, foot + size / 4), size, baseline=foot)
            across = end + letter
        foot += 1.2 * size


def _is_seen(
    places: NDArray[np.float32],
    invisible: NDArray[np.bool_],
    white: NDArray[np.bool_],
    sight: _Sight,
    objects: PageObjects,
) -> tuple[NDArray[np.bool_], bool]:
    """Return which words are seen: not off the page, invisible, or white on white.

    Invisible words over a picture are what was recognised in it, and count as seen.
    """
    width, height = sight.size
    across, down = (places[:, 0] + places[:, 2]) / 2, (places[:, 1] + places[:, 3]) / 2
    seen = (across >= 0) & (across <= width) & (down >= 0) & (down <= height)
    if 2 * int(seen.sum()) < len(seen):
        seen[:] = True  # the page's own rectangle is wrong
    is_recognised = False
    if invisible.any():
        over = _within(across, down, sight.boxes(*objects.images.T))
        is_recognised = bool((invisible & over & seen).sum() * 2 > len(seen))
        seen &= ~invisible | over
    if white.any():
        grounds: Sequence[NDArray[np.float32]] = (objects.images, objects.fills)
        seen &= ~white | _within(across, down, sight.boxes(*np.concatenate(grounds).T))
    return seen, is_recognised


def _within(
    across: NDArray[Any], down: NDArray[Any], boxes: NDArray[np.float32]
) -> NDArray[np.bool_]:
    """Return which points lie in one of the boxes."""
    found = np.zeros(len(across), np.bool_)
    for left, top, right, bottom in boxes[:10_000].tolist():
        found |= (left <= across) & (across <= right) & (top <= down) & (down <= bottom)
    return found
