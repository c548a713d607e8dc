"""The Markdown pages of the repository, and the code that stands in them."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_FOLDERS = ("docs", "index", "testing", "tests", "tools")
PAGES = sorted([*ROOT.glob("*.md"), *(p for d in _FOLDERS for p in (ROOT / d).rglob("*.md"))])
MANUALS = ("README.md", "CONTRIBUTING.md", "OPERATIONS.md", "SECURITY.md", "ARCHITECTURE.md")
_FENCED = re.compile(r"^```.*?\n(.*?)^```", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`([^`\n]+)`")


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def section(text: str, heading: str) -> str:
    """Return what stands below a heading, up to the next one."""
    _, _, rest = text.partition(f"\n{heading}\n")
    assert rest, f"there is no heading {heading}"
    return re.split(r"^#", rest, maxsplit=1, flags=re.MULTILINE)[0]


def code_in(text: str) -> list[str]:
    """Return each line of code in fenced blocks, and each piece of code within a line."""
    fenced = [line for block in _FENCED.findall(text) for line in block.splitlines()]
    return fenced + _INLINE.findall(_FENCED.sub("", text))
