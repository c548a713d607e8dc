"""The identity of a document: which thing it is a version of, and which version."""

from __future__ import annotations

from collections.abc import Sequence

from index.document import Document
from index.indexing.naming import naming_of, naming_of_file, plain_version
from index.store.likeness import sketch_of
from index.store.particulars import Origin, Particular, What
from index.store.successions import Identity
from index.text import words_of

__all__ = ["identity_of"]

_MOST_TEXT = 100_000
"""Characters of a document by which its text is compared with others."""


def identity_of(document: Document, particulars: Sequence[Particular]) -> Identity:
    """Return which thing a document is a version of, and which version."""
    said: dict[What, Particular] = {}
    for each in particulars:
        if each.value:
            said.setdefault(each.what, each)
    titled, filed = naming_of(document.title), naming_of_file(document.name)
    date = said.get(What.DATE)
    version = plain_version(said[What.VERSION].value) if What.VERSION in said else ""
    return Identity(
        document=document.name,
        title=document.title,
        titled=titled,
        filed=filed,
        version=version or titled.version or filed.version,
        date=date.value[:10] if date else "",
        is_stated=date is not None and date.origin in (Origin.FIELD, Origin.TEXT),
        since=said[What.FROM].value[:10] if What.FROM in said else "",
        sketch=sketch_of(words_of(document.text[:_MOST_TEXT])),
    )
