"""Names of the elements of HTML that begin a block of their own."""

from __future__ import annotations

__all__ = ["BLOCKS"]

BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset"
    " figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main ol p pre"
    " search section summary table tbody td tfoot thead th tr ul".split()
)
