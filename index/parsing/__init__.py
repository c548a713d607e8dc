"""Turns one file of the corpus into a Document.

`read_document` reads the bytes once, chooses the format's module by suffix and imports it on first
use, so that a corpus of plain text never pays for the PDF and Office libraries.
"""

from __future__ import annotations

from index.parsing.limits import ReadingLimits
from index.parsing.parser import READER_VERSION, SUFFIXES, read_document, read_documents

__all__ = ["READER_VERSION", "SUFFIXES", "ReadingLimits", "read_document", "read_documents"]
