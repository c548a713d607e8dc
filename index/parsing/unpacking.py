"""Unpacking: the bytes of a document that lies in another file, such as a PDF in a mail."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from index.errors import UnreadableDocument
from index.parsing.draft import Source
from index.parsing.limits import ParsingLimits
from index.parsing.parser import SUFFIXES, parse_draft
from index.parsing.unread.enclosing import Allowance, named, read_one


def unpacked(data: bytes, suffix: str, inner: str, sha256: str, limits: ParsingLimits) -> bytes:
    """Return what lies in a file's bytes under the name `inner`, and has this hash.

    Raises UnreadableDocument, and what the libraries raise on a damaged file.
    """
    source = Source(data, suffix, "", limits)
    for found in _under(source, inner, Allowance(limits), depth=0):
        if hashlib.sha256(found).hexdigest() == sha256:
            return found
    raise UnreadableDocument("it is no longer in the file that it was read from")


def _under(source: Source, inner: str, allowance: Allowance, depth: int) -> Iterator[bytes]:
    """Yield what has that name, in the file itself or in those that lie in it."""
    if depth > source.limits.max_depth:
        return
    for name, suffix, each in named(parse_draft(source).enclosed, SUFFIXES):
        if name == inner:
            yield read_one(each, allowance)
        elif inner.startswith(f"{name}/") and suffix in SUFFIXES:
            within = Source(read_one(each, allowance), suffix, "", source.limits)
            yield from _under(within, inner.removeprefix(f"{name}/"), allowance, depth + 1)
