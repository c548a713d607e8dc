"""What stands on a page of a PDF above its text: the values of form fields, and notes."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pypdfium2_raw as pdfium

from index.parsing.builder import clean

_MOST_NOTES = 500  # of a page
_LONGEST_VALUE = 2_000_000  # bytes
_UNSEEN = pdfium.FPDF_ANNOT_FLAG_HIDDEN | pdfium.FPDF_ANNOT_FLAG_NOVIEW
_PASSWORD = 1 << 13
_COMMENTS = frozenset(
    {
        pdfium.FPDF_ANNOT_TEXT,
        pdfium.FPDF_ANNOT_LINE,
        pdfium.FPDF_ANNOT_SQUARE,
        pdfium.FPDF_ANNOT_CIRCLE,
        pdfium.FPDF_ANNOT_POLYGON,
        pdfium.FPDF_ANNOT_POLYLINE,
        pdfium.FPDF_ANNOT_HIGHLIGHT,
        pdfium.FPDF_ANNOT_UNDERLINE,
        pdfium.FPDF_ANNOT_SQUIGGLY,
        pdfium.FPDF_ANNOT_STRIKEOUT,
        pdfium.FPDF_ANNOT_STAMP,
        pdfium.FPDF_ANNOT_CARET,
        pdfium.FPDF_ANNOT_INK,
        pdfium.FPDF_ANNOT_FILEATTACHMENT,
    }
)
_STUCK = frozenset(
    {pdfium.FPDF_ANNOT_TEXT, pdfium.FPDF_ANNOT_POPUP, pdfium.FPDF_ANNOT_FILEATTACHMENT}
)
_WRITTEN = (
    pdfium.FPDF_FORMFIELD_TEXTFIELD,
    pdfium.FPDF_FORMFIELD_COMBOBOX,
    pdfium.FPDF_FORMFIELD_LISTBOX,
)
_TICKED = (pdfium.FPDF_FORMFIELD_CHECKBOX, pdfium.FPDF_FORMFIELD_RADIOBUTTON)


class Note(NamedTuple):
    """A text in its rectangle: left, bottom, right and top in the page's own units."""

    text: str
    place: tuple[float, float, float, float]


@dataclass(slots=True)
class PageNotes:
    """`shown` are values and notes printed on the page, `comments` those that pop up from it."""

    shown: list[Note] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    has_attachments: bool = False


class Form:
    """The form of a document, which may have none."""

    def __init__(self, document: Any) -> None:
        self._settings = pdfium.FPDF_FORMFILLINFO(version=2)
        self.handle: Any = None
        if pdfium.FPDF_GetFormType(document) != pdfium.FORMTYPE_NONE:
            self.handle = pdfium.FPDFDOC_InitFormFillEnvironment(document, self._settings)

    def value(self, note: Any) -> str:
        """Return what a field holds, as it is seen: a text, or a box that is ticked or not."""
        kind = pdfium.FPDFAnnot_GetFormFieldType(self.handle, note)
        if kind in _TICKED:
            return "☒" if pdfium.FPDFAnnot_IsChecked(self.handle, note) else "☐"
        flags = pdfium.FPDFAnnot_GetFormFieldFlags(self.handle, note)
        if kind <= pdfium.FPDF_FORMFIELD_UNKNOWN:  # the form does not list it
            return _string(note, b"V")
        if kind not in _WRITTEN or (kind == pdfium.FPDF_FORMFIELD_TEXTFIELD and flags & _PASSWORD):
            return ""
        return _text(lambda *to: pdfium.FPDFAnnot_GetFormFieldValue(self.handle, note, *to))

    def close(self) -> None:
        if self.handle:
            pdfium.FPDFDOC_ExitFormFillEnvironment(self.handle)
            self.handle = None


def notes_of(page: Any, form: Form) -> PageNotes:
    """Return the values and notes of a page."""
    found = PageNotes()
    for number in range(min(pdfium.FPDFPage_GetAnnotCount(page), _MOST_NOTES)):
        note = pdfium.FPDFPage_GetAnnot(page, number)
        if not note:
            continue
        try:
            _add(note, form, found)
        finally:
            pdfium.FPDFPage_CloseAnnot(note)
    return found


def hide_comments(page: Any) -> None:
    """Hide the notes that are stuck to an open page, so that they are not drawn."""
    for number in range(pdfium.FPDFPage_GetAnnotCount(page)):
        note = pdfium.FPDFPage_GetAnnot(page, number)
        if not note:
            continue
        if pdfium.FPDFAnnot_GetSubtype(note) in _STUCK:
            flags = pdfium.FPDFAnnot_GetFlags(note) | pdfium.FPDF_ANNOT_FLAG_HIDDEN
            pdfium.FPDFAnnot_SetFlags(note, flags)
        pdfium.FPDFPage_CloseAnnot(note)


def _add(note: Any, form: Form, found: PageNotes) -> None:
    kind = pdfium.FPDFAnnot_GetSubtype(note)
    if kind == pdfium.FPDF_ANNOT_LINK or pdfium.FPDFAnnot_GetFlags(note) & _UNSEEN:
        return
    found.has_attachments |= kind == pdfium.FPDF_ANNOT_FILEATTACHMENT
    if kind == pdfium.FPDF_ANNOT_WIDGET:
        text = form.value(note) if form.handle else _string(note, b"V")
    elif kind == pdfium.FPDF_ANNOT_FREETEXT or kind in _COMMENTS:
        text = _string(note, b"Contents")
    else:
        return
    text = clean(text).strip()
    if not text:
        return
    if kind in _COMMENTS:
        found.comments.append(text)
        return
    box = pdfium.FS_RECTF()
    if pdfium.FPDFAnnot_GetRect(note, box):
        left, right = sorted((box.left, box.right))
        bottom, top = sorted((box.bottom, box.top))
        found.shown.append(Note(text, (left, bottom, right, top)))


def _string(note: Any, key: bytes) -> str:
    if not pdfium.FPDFAnnot_HasKey(note, key):
        return ""
    return _text(lambda *to: pdfium.FPDFAnnot_GetStringValue(note, key, *to))


def _text(read: Any) -> str:
    size = read(None, 0)
    if not 2 < size <= _LONGEST_VALUE:
        return ""
    buffer = (ctypes.c_ushort * (size // 2))()
    read(buffer, size)
    return bytes(buffer)[: size // 2 * 2 - 2].decode("utf-16-le", "replace")
