"""Parsing: from a file of the corpus to a Document.

`parse_file` reads the bytes once and chooses the format's module by the suffix. That module is
imported on first use, so that a corpus of plain text never loads the PDF and Office libraries.
"""

from __future__ import annotations

from index.parsing.limits import ParsingLimits
from index.parsing.options import HiddenContent, ParsingOptions
from index.parsing.parser import (
    PARSER_VERSION,
    SUFFIXES,
    may_name_another_audience,
    parse_file,
    parse_files,
)

__all__ = [
    "PARSER_VERSION",
    "SUFFIXES",
    "HiddenContent",
    "ParsingLimits",
    "ParsingOptions",
    "may_name_another_audience",
    "parse_file",
    "parse_files",
]
