"""What OPERATIONS.md quotes of the bot is what the bot says."""

from __future__ import annotations

import ast
import re

from tests.docs.markdown import ROOT, section, text_of

QUOTED = re.compile(r'"([^"]+)"')
DIFFERS = re.compile(r"…|-?\d+")
"""What is filled in: not the same each time."""


def _texts() -> str:
    """Return every string of the product, and the Dockerfile."""
    modules = [path for folder in ("bot", "index") for path in (ROOT / folder).rglob("*.py")]
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in modules]
    nodes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    return "\n".join([str(node.value) for node in nodes] + [text_of("Dockerfile")])


def test_what_people_may_look_up_is_what_they_see() -> None:
    lines = section(text_of("OPERATIONS.md"), "## Troubleshooting").splitlines()
    quotes = [quote for line in lines for quote in QUOTED.findall(line.partition(" | ")[0])]
    pieces = [piece.strip() for quote in quotes for piece in DIFFERS.split(quote)]
    texts = _texts()
    assert len(quotes) >= 5
    assert [piece for piece in pieces if piece not in texts] == []
