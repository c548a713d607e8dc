"""Names of the elements of HTML, by what they are to a reader."""

from __future__ import annotations

# Those that begin a block of their own.
BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset"
    " figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main ol p pre"
    " search section summary table tbody td tfoot thead th tr ul".split()
)
SKIPPED = frozenset(
    "annotation annotation-xml audio canvas datalist embed head iframe map noscript object"
    " script style template video".split()
)
OF_DRAWINGS = frozenset("defs desc metadata symbol title".split())
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "summary"))
SECTIONS = frozenset(("article", "aside", "blockquote", "main", "section", "td", "th"))
CONTROLS = frozenset(("input", "select", "textarea"))
WITH_WHOLE = frozenset(("button", "footer", "ol", "svg"))
"""Elements of which the end must be known where they begin."""
