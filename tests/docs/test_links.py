"""Links, and files that are named, lead somewhere."""

from __future__ import annotations

import re

from tests.docs.markdown import MANUALS, PAGES, ROOT, code_in, text_of

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
NAMED = re.compile(r"(?:bot|deploy|docs|index|testing|tests|tools)/[\w./-]*")
MEMBER = re.compile(r"[A-Z][A-Za-z]+\.([a-z_]+)")
DECISIONS = sorted(
    path.relative_to(ROOT).as_posix() for path in (ROOT / "docs" / "decisions").glob("*.md")
)


def test_links_lead_to_files() -> None:
    for page in PAGES:
        for target in LINK.findall(page.read_text(encoding="utf-8")):
            if "://" not in target:
                path, _, _ = target.partition("#")
                assert not path or (page.parent / path).exists(), (page, target)


def test_files_that_are_named_are_there() -> None:
    for name in (*MANUALS, *DECISIONS):
        for code in code_in(text_of(name)):
            if NAMED.fullmatch(code):
                assert (ROOT / code).exists(), (name, code)


def test_members_of_classes_that_are_named_are_there() -> None:
    code = "".join(
        path.read_text("utf-8") for d in ("bot", "index") for path in (ROOT / d).rglob("*.py")
    )
    for name in (*MANUALS, *DECISIONS):
        for member in filter(None, map(MEMBER.fullmatch, code_in(text_of(name)))):
            assert f"def {member[1]}(" in code, member[0]
