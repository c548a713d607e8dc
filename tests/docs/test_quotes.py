"""What OPERATIONS.md quotes of the bot is what the bot says."""

from __future__ import annotations

import re

from tests.docs.markdown import ROOT, section, text_of

QUOTED = re.compile(r'"([^"]+)"')
DIFFERS = re.compile(r"…|-?\d+")
"""What is filled in: not the same each time."""
CONTINUED = re.compile(r'"\n\s*f?"')
"""Where a string goes on in the next line."""


def _texts() -> str:
    """Return the source of the product, its strings in one piece, and the Dockerfile."""
    modules = [path for folder in ("bot", "index") for path in (ROOT / folder).rglob("*.py")]
    sources = "\n".join(path.read_text(encoding="utf-8") for path in modules)
    return CONTINUED.sub("", sources) + text_of("Dockerfile")


def test_what_people_may_look_up_is_what_they_see() -> None:
    lines = section(text_of("OPERATIONS.md"), "## Troubleshooting").splitlines()
    quotes = [quote for line in lines for quote in QUOTED.findall(line.partition(" | ")[0])]
    pieces = [piece.strip() for quote in quotes for piece in DIFFERS.split(quote)]
    texts = _texts()
    assert len(quotes) >= 5
    assert [piece for piece in pieces if piece not in texts] == []
