"""Characters of a PDF's page, with what each run of them is set in."""

from __future__ import annotations

import ctypes
import re
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pypdfium2_raw as pdfium
from numpy.typing import NDArray

from index.errors import UnreadableDocument
from index.parsing.formats.pdf.pdfium.calls import Calls, address
from index.parsing.formats.pdf.pdfium.cells import Runs, cells_of
from index.parsing.formats.pdf.pdfium.sight import Sight
from index.parsing.limits import ParsingLimits
from index.parsing.text.symbol_fonts import in_unicode

_BOLD = re.compile(
    r"bold|black|heavy|demi|medi(?!um)|cm(?:ss|tt|ti|u)?bx|sfbx|\bbx\d|-b$|-bd", re.IGNORECASE
)
_NOT_BOLD = re.compile(r"blackletter|blackadder|semilight", re.IGNORECASE)
_SUBSET = re.compile(r"^[A-Z]{6}\+|[-,]?(?:Regular|MT|Bold)$")
_FORCE_BOLD = 1 << 18
_BOLD_WEIGHT = 600
_SLANTED = 8  # degrees
_SHIFT = 1.0  # points, by which letters drawn twice to be bold are shifted at most
_MOST_DRAWN_TWICE = 1_000


@dataclass(frozen=True, slots=True, eq=False)
class Characters:
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
    cells: NDArray[np.int32]
    """The cell of a spreadsheet that each run is in, 0 where that is not known."""

    def turned(self, sight: Sight) -> NDArray[np.int32]:
        """Return by how many degrees, clockwise, each run is turned as the page is seen."""
        exact = sight.turns - self.angles / 90
        quarters = np.rint(exact)
        # A watermark across the page is no part of the lines that it crosses.
        slanted = (np.abs(exact - quarters) > _SLANTED / 90) & (quarters % 2 == 0)
        turned: NDArray[np.int32] = (quarters + slanted).astype(np.int32) % 4 * 90
        return turned

    def upright(self, sight: Sight) -> Sight:
        """Return how the page is seen when it is held so that most of its text is upright."""
        counts = np.bincount(
            self.turned(sight) // 90, np.bincount(self.run_of), minlength=4
        ).tolist()
        most = max(range(4), key=lambda quarters: (counts[quarters], -quarters))
        return replace(sight, turns=(sight.turns - most) % 4)


def characters_of(text_page: Any, texts: list[int], limits: ParsingLimits) -> Characters | None:
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
    sizes = np.abs(Calls.font_sizes(handles)) * np.where(scale > 0, scale, 1).astype(np.float32)
    origins = Calls.origins(page, first, len(first))
    cells = cells_of(Runs(run_starts, handles, sizes, angles, origins), boxes)
    begun = run_starts[1:][(cells[1:] != cells[:-1]) & (cells[1:] > 0) & (cells[:-1] > 0)]
    after_space[begun] = True
    modes, fills, fonts = Calls.render_modes(handles), Calls.fills(handles), Calls.fonts(handles)
    names = {font: _name_of(font) for font in set(fonts)}
    is_bold = {font: _is_bold_font(font, name) for font, name in names.items()}
    _put_signs(codes, run_of, [names[font] for font in fonts])
    bold = np.fromiter((is_bold[font] for font in fonts), np.bool_, len(fonts))
    return Characters(
        codes=codes,
        boxes=boxes,
        after_space=after_space,
        pieces=pieces,
        run_of=run_of,
        sizes=sizes,
        angles=angles,
        origins=origins,
        bold=bold | (modes == 2) | _are_drawn_twice(handles, texts),
        invisible=(modes == 3) | (modes == 7) | ((fills[:, 3] == 0) & (modes == 0)),
        white=np.all(fills[:, :3] >= 250, axis=1) & ((modes == 0) | (modes == 2)),
        cells=cells,
    )


def _are_drawn_twice(handles: list[int], texts: list[int]) -> NDArray[np.bool_]:
    """Return which text objects are drawn a second time, which PDFium leaves out of the text."""
    twice = np.zeros(len(handles), np.bool_)
    others = list(set(texts).difference(handles))[:_MOST_DRAWN_TWICE]
    if others:
        bounds = Calls.bounds(handles)
        for other in Calls.bounds(others):
            twice |= np.all(np.abs(bounds - other) <= _SHIFT, axis=1)
    return twice


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


def _put_signs(codes: NDArray[np.uint32], run_of: NDArray[np.intp], names: list[str]) -> None:
    """Put the signs in the place of the letters of fonts such as Wingdings.

    LibreOffice sets them in a font of its own.
    """
    for at in np.flatnonzero((codes >= 0xF000) & (codes < 0xF100)).tolist():
        name = _SUBSET.sub("", names[run_of[at]])
        shown = in_unicode("Wingdings" if name == "OpenSymbol" else name, chr(int(codes[at])))
        codes[at] = ord(shown)


def _name_of(font: int) -> str:
    if not font:
        return ""
    buffer = ctypes.create_string_buffer(200)
    pdfium.FPDFFont_GetBaseFontName(ctypes.cast(font, pdfium.FPDF_FONT), buffer, 200)
    return buffer.value.decode("utf-8", "replace")


def _is_bold_font(font: int, name: str) -> bool:
    if not font:
        return False
    handle = ctypes.cast(font, pdfium.FPDF_FONT)
    if _BOLD.search(name) and not _NOT_BOLD.search(name):
        return True
    flags = pdfium.FPDFFont_GetFlags(handle)
    return bool(flags > 0 and flags & _FORCE_BOLD) or (
        pdfium.FPDFFont_GetWeight(handle) >= _BOLD_WEIGHT
    )
