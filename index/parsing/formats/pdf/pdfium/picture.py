"""Pictures of a PDF's pages, drawn by PDFium."""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
import pypdfium2_raw as pdfium
from numpy.typing import NDArray


def rendered(page: Any, longest_side: int) -> NDArray[np.uint8] | None:
    """Return an open page as grey values of pixels; None where there is no memory for it."""
    width, height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
    scale = longest_side / max(width, height, 1.0)
    columns, rows = max(1, round(width * scale)), max(1, round(height * scale))
    bitmap = pdfium.FPDFBitmap_CreateEx(columns, rows, pdfium.FPDFBitmap_Gray, None, 0)
    if not bitmap:
        return None
    try:
        pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, columns, rows, 0xFFFFFFFF)
        pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, columns, rows, 0, pdfium.FPDF_ANNOT)
        stride = pdfium.FPDFBitmap_GetStride(bitmap)
        pixels = ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), stride * rows)
        return np.frombuffer(pixels, np.uint8).reshape(rows, stride)[:, :columns]
    finally:
        pdfium.FPDFBitmap_Destroy(bitmap)


def coloured(page: Any, longest_side: int, turns: int, form: Any) -> NDArray[np.uint8] | None:
    """Return an open page, turned clockwise by quarters, as red, green and blue of pixels.

    With the values of its form. None where there is no memory for it.
    """
    width, height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
    if turns % 2:
        width, height = height, width
    scale = longest_side / max(width, height, 1.0)
    columns, rows = max(1, round(width * scale)), max(1, round(height * scale))
    bitmap = pdfium.FPDFBitmap_CreateEx(columns, rows, pdfium.FPDFBitmap_BGRx, None, 0)
    if not bitmap:
        return None
    try:
        pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, columns, rows, 0xFFFFFFFF)
        place = (page, 0, 0, columns, rows, turns, pdfium.FPDF_ANNOT)
        pdfium.FPDF_RenderPageBitmap(bitmap, *place)
        if form:
            pdfium.FPDF_FFLDraw(form, bitmap, *place)
        stride = pdfium.FPDFBitmap_GetStride(bitmap)
        pixels = ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), stride * rows)
        found = np.frombuffer(pixels, np.uint8).reshape(rows, stride)[:, : 4 * columns]
        return np.ascontiguousarray(found.reshape(rows, columns, 4)[:, :, 2::-1])
    finally:
        pdfium.FPDFBitmap_Destroy(bitmap)
