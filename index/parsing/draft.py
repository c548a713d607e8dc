"""Input and output of a format's parser: Source and Draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from index.document import Block, Span
from index.parsing.limits import ParsingLimits
from index.parsing.options import ParsingOptions

__all__ = ["Draft", "Source"]


@dataclass(frozen=True, slots=True)
class Source:
    """A file's bytes, with its suffix in lower case (".pdf") and its name without the suffix."""

    data: bytes
    suffix: str
    stem: str
    limits: ParsingLimits
    options: ParsingOptions = field(default_factory=ParsingOptions)


@dataclass(frozen=True, slots=True)
class Draft:
    """A Document without its name, its hash, and a title for the case that it gives none."""

    text: str
    blocks: tuple[Block, ...]
    pages: tuple[Span, ...] = ()
    title: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    doubtful: tuple[Span, ...] = ()
