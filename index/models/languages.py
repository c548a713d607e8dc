"""The languages that the configured models read well."""

from __future__ import annotations

from collections.abc import Collection

from index.models.registry import PACKAGED_EMBEDDER, PACKAGED_READER, PACKAGED_RERANKER

_ENGLISH = frozenset({"en"})
_READ_BY = {
    PACKAGED_EMBEDDER: _ENGLISH,
    PACKAGED_RERANKER: _ENGLISH,
    PACKAGED_READER: _ENGLISH,
}
"""The packaged models were trained on English alone."""


def languages_of(*models: str) -> Collection[str] | None:
    """Return the languages that all of these models read well, by their codes in ISO 639-1.

    One that reads English alone limits the others. None where no model is known.
    """
    known = [_READ_BY[model] for model in models if model in _READ_BY]
    return frozenset.intersection(*known) if known else None
