"""Pictures and other files that are written into a text as a long word of letters and figures."""

from __future__ import annotations

import re

EMBEDDED = re.compile(
    r"(?:^\[[^\]\n]{1,200}\]:[ \t]*<?)?data:[\w.+-]+/[\w.+-]+(?:;[\w.=+-]+)*"
    r"(?:;base64,[\w+/=%-]{64,}|[,;][^\s()\"'<>]{256,})>?",
    re.MULTILINE,
)
"""A `data:` address of some length, with the Markdown that defines it as a link's."""
