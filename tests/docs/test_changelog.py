"""CHANGELOG.md keeps to https://keepachangelog.com, which is what people and tools read it by."""

from __future__ import annotations

import re

from tests.docs.markdown import text_of

KINDS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_the_newest_comes_first_and_kinds_are_the_usual() -> None:
    text = text_of("CHANGELOG.md")
    versions = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert versions[0] == "[Unreleased]"
    dates = [re.fullmatch(r"\[\d+\.\d+\.\d+\] - (\d{4}-\d{2}-\d{2})", v) for v in versions[1:]]
    assert all(dates)
    assert dates == sorted(dates, key=lambda found: found[1] if found else "", reverse=True)
    assert set(re.findall(r"^### (.+)$", text, re.MULTILINE)) <= KINDS
