"""Which names of files are kept, changed or refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.documents.uploads.file_names import (
    NAME_EMPTY,
    NAME_FORBIDDEN,
    NAME_HIDDEN,
    NAME_TOO_LONG,
    NAME_UNSEEN,
    safe_folder,
    safe_name,
)
from bot.errors import BadUpload


@pytest.mark.parametrize(
    ("name", "becomes"),
    [
        ("plan.md", "plan.md"),
        (" a plan, (final) 2.PDF ", "a plan, (final) 2.PDF"),
        ("Übergabe.docx", "Übergabe.docx"),
        ("U\u0308bergabe.docx", "\u00dcbergabe.docx"),
        ("計画.txt", "計画.txt"),
        ("می‌خواهم.txt", "می‌خواهم.txt"),
        ("console.txt", "console.txt"),
    ],
)
def test_a_name_is_kept_as_far_as_can_be(name: str, becomes: str) -> None:
    assert safe_name(name) == becomes


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", NAME_EMPTY),
        ("   ", NAME_EMPTY),
        (".env", NAME_HIDDEN),
        ("..", NAME_HIDDEN),
        ("~$plan.docx", NAME_HIDDEN),
        ("../plan.md", NAME_HIDDEN),
        ("a/../../plan.md", NAME_FORBIDDEN),
        ("/etc/plan.md", NAME_FORBIDDEN),
        ("C:\\plan.md", NAME_FORBIDDEN),
        ("what?.md", NAME_FORBIDDEN),
        ("plan.md.", NAME_FORBIDDEN),
        ("con.txt", NAME_FORBIDDEN),
        ("LPT1", NAME_FORBIDDEN),
        ("CLOCK$", NAME_FORBIDDEN),
        ("aux.tar.gz", NAME_FORBIDDEN),
        ("plan\n.md", NAME_UNSEEN),
        ("plan\0.md", NAME_UNSEEN),
        ("plan\N{RIGHT-TO-LEFT OVERRIDE}dm.exe", NAME_UNSEEN),
        ("pl\N{SOFT HYPHEN}an.md", NAME_UNSEEN),
        ("pl\N{ZERO WIDTH SPACE}an.md", NAME_UNSEEN),
        ("pl\N{ZERO WIDTH JOINER}an.md", NAME_UNSEEN),
        ("pl\udcffan.md", NAME_UNSEEN),
        ("a" * 118 + ".md", NAME_TOO_LONG.format(most=120)),
        ("計" * 70 + ".md", NAME_TOO_LONG.format(most=120)),
    ],
)
def test_a_name_that_is_refused(name: str, reason: str) -> None:
    with pytest.raises(BadUpload) as refused:
        safe_name(name)
    assert str(refused.value) == reason


@given(st.text(max_size=130))
def test_no_name_leads_anywhere_or_hides(name: str) -> None:
    try:
        safe = safe_name(name)
    except BadUpload:
        return
    assert Path("/corpus", safe).resolve().parent == Path("/corpus")
    assert not safe.startswith(".")
    assert len(f".{safe}.new".encode()) <= 255
    assert safe_name(safe) == safe


@given(st.text(alphabet="ab./\\ \N{LATIN SMALL LETTER A WITH RING ABOVE}", max_size=40))
def test_no_folder_leads_out(folder: str) -> None:
    try:
        parts = safe_folder(folder)
    except BadUpload:
        return
    assert Path("/corpus", *parts).resolve().is_relative_to("/corpus")


def test_a_folder_too_deep() -> None:
    assert safe_folder("a/b\\c//d/") == ("a", "b", "c", "d")
    with pytest.raises(BadUpload, match="too deep"):
        safe_folder("/".join("abcdefghi"))
