"""Kinds of files that are not read."""

from __future__ import annotations

from index.sources.unread_kinds import UnreadKind, is_unread_kind, unread_kinds, why_unread


def test_a_reason_names_the_kind_and_what_to_do() -> None:
    assert why_unread(".pages") == ".pages files are not read; export them as PDF"
    assert why_unread(".PAGES") == ".PAGES files are not read; export them as PDF"
    assert why_unread(".xyz").endswith("; save them as PDF, .docx, .xlsx or .txt")
    assert why_unread("").startswith("a file without a suffix is not read; ")


def test_reasons_are_told_from_those_of_single_files() -> None:
    assert is_unread_kind(why_unread(".heic"))
    assert is_unread_kind(why_unread(""))
    assert not is_unread_kind("it is protected by a password")
    assert not is_unread_kind("it is damaged, or not a PDF")


def test_kinds_are_counted_the_most_files_first() -> None:
    reasons = [why_unread(suffix) for suffix in (".key", ".pages", ".Pages", ".pages", "")]
    assert unread_kinds([*reasons, "it is empty"]) == [
        UnreadKind(".pages", 3, "export them as PDF"),
        UnreadKind(".key", 1, "export them as PDF"),
        UnreadKind("", 1, "save them as PDF, .docx, .xlsx or .txt"),
    ]
