"""Parser of mailboxes (.mbox): mails one after another, each a document below the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from index.errors import UnreadableDocument
from index.parsing.draft import Draft, Enclosed, Source

_BEGINNING = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From (?=[^\r\n]*\d\d:\d\d)[^\r\n]*+\r?\n")
"""The line above each mail, with its sender and the time; it stands below an empty line."""
_QUOTED = re.compile(rb"^>(?=>*From )", re.MULTILINE)
"""What programs put before a line of a mail that would else begin another one."""


def parse(source: Source) -> Draft:
    bounds = [(each.start(), each.end()) for each in _BEGINNING.finditer(source.data)]
    if not bounds:
        raise UnreadableDocument("it is not a mailbox")
    return Draft(text="", blocks=(), enclosed=_mails(source.data, bounds))


def _mails(data: bytes, bounds: list[tuple[int, int]]) -> Iterator[Enclosed]:
    ends = [start for start, _ in bounds[1:]] + [len(data)]
    for number, ((_, start), end) in enumerate(zip(bounds, ends, strict=True), start=1):
        read = partial(_mail, data, start, end)
        yield Enclosed(f"mail {number}.eml", read, size=end - start, suffix=".eml", called="mail")


def _mail(data: bytes, start: int, end: int) -> bytes:
    return _QUOTED.sub(b"", data[start:end])
