"""The identity of a document: which thing it is a version of, and which version."""

from __future__ import annotations

from collections.abc import Sequence

from index.document import Document
from index.indexing.extraction.labels import NOT_DATING
from index.indexing.extraction.naming import (
    iso_of,
    naming_of,
    naming_of_file,
    plain_version,
    version_of,
)
from index.parsing.text.dates import dates_in
from index.store.catalog.particulars import Origin, Particular, ParticularKind
from index.store.successions.likeness import sketch_of
from index.store.successions.successions import Identity
from index.text import words_of

_MOST_TEXT = 100_000
"""Characters of a document by which its text is compared with others; all numbers are alike, so
that a list of new prices is a version of the list before."""
_MOST_HEAD, _MOST_LINES, _LONGEST_LINE = 1_200, 12, 80
_MOST_BESIDE = 5
"""Words beside a date on a line that dates a document: "Edition of", "Oslo, the"."""


def identity_of(document: Document, particulars: Sequence[Particular]) -> Identity:
    """Return which thing a document is a version of, and which version."""
    said: dict[ParticularKind, Particular] = {}
    for each in particulars:
        if each.value:
            said.setdefault(each.what, each)
    titled, filed = naming_of(document.title), naming_of_file(document.name)
    stated = said.get(ParticularKind.DATE)
    version = (
        plain_version(said[ParticularKind.VERSION].value) if ParticularKind.VERSION in said else ""
    )
    at_head, times = _at_head(document)
    date = stated.value[:10] if stated else ""
    is_stated = stated is not None and stated.origin in (Origin.FIELD, Origin.TEXT)
    if not is_stated and len(times) == 1:
        date, is_stated = times[0], True
    return Identity(
        document=document.name,
        title=document.title,
        titled=titled,
        filed=filed,
        version=version or titled.version or at_head or filed.version,
        date=date,
        is_stated=is_stated,
        since=said[ParticularKind.FROM].value[:10] if ParticularKind.FROM in said else "",
        times=times,
        sketch=sketch_of(
            ["0" if word[0].isdigit() else word for word in words_of(document.text[:_MOST_TEXT])]
        ),
    )


def _at_head(document: Document) -> tuple[str, tuple[str, ...]]:
    """Return the version and the dates that short lines at the head of a document tell."""
    version, times = "", dict[str, None]()
    for line in document.text[:_MOST_HEAD].splitlines()[:_MOST_LINES]:
        if len(line) > _LONGEST_LINE:
            break
        if NOT_DATING.search(line):
            continue
        rest = line
        dates = dates_in(line)
        for date in reversed(dates):
            rest = f"{rest[: date.start]} {rest[date.end :]}"
        if len(words_of(rest)) > _MOST_BESIDE:
            continue
        version = version or version_of(rest)
        found = (iso_of(date.year, date.month, date.day) for date in dates)
        times.update(dict.fromkeys(iso for iso in found if len(iso) >= 7 and iso[0].isdigit()))
    return version, tuple(times)
