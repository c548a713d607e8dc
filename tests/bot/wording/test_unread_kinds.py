"""Lines on kinds of files that are not read."""

from __future__ import annotations

from bot.wording.unread_kinds import unread_lines
from index.sources.unread_kinds import why_unread


def test_a_kind_is_one_line_however_many_files_it_has() -> None:
    reasons = [why_unread(".pages")] * 12 + [why_unread(".mp3"), why_unread(""), "it is empty"]
    assert unread_lines(reasons) == [
        "12 .pages files: export them as PDF",
        "1 .mp3 file: put their transcripts there as .vtt or .txt",
        "1 file without a suffix: save them as PDF, .docx, .xlsx or .txt",
    ]
