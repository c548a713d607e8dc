"""Confirmations and the audit log, at their longest."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bot.access import OPEN, Audience
from bot.discord.rendering.answers.unanswered import gap_block, gaps_page
from bot.discord.rendering.documents.changes import (
    audit_entries,
    audit_line,
    confirm_removal,
    confirm_rollback,
)
from bot.discord.rendering.documents.uploading import confirm_upload
from bot.discord.rendering.message import Button, MessagePart
from bot.documents.reindexing.rollback import RollbackPlan
from bot.documents.uploads.incoming import Incoming
from bot.documents.uploads.waiting_files import WaitingFile
from bot.library.library import FileDocuments
from bot.records import AuditEntry
from bot.records.unanswered import Gap
from index.comparing.comparison import compare
from testing.fakes import document_of
from tests.bot.discord.rendering.sent import check
from tests.bot.discord.rendering.shown import shown

NOW = datetime(2026, 3, 1, tzinfo=UTC)
LONG = "_*#😀" * 400
PEOPLE = Audience(people=frozenset(range(2**62, 2**62 + 300)))
ROWS = [[Button("Yes", "x:yes")]]
FILE = WaitingFile(name="a_b.pdf", size=1_234_567, sha256="", replaces=None, title="A *b*", pages=3)


def test_files_of_all_kinds() -> None:
    replacing = FILE.model_copy(update={"replaces": "0", "size": 999, "pages": 0})
    files = [Incoming(FILE, frozenset({OPEN})), Incoming(replacing, frozenset({OPEN}), apart=True)]
    refused = [("c.exe", "it is no text")]
    assert shown(confirm_upload(files, refused, names_people=False, rows=ROWS)) == (
        "------\n"
        "**Put these 2 files into the documents?**\n"
        "- **a\\_b.pdf** (1.2 MB, 3 pages): new; titled “A \\*b\\*”\n"
        "  Whoever sees the rest of that folder would see it.\n"
        "- **a\\_b.pdf** (999 bytes): **replaces** the one of that name; titled “A \\*b\\*”\n"
        "  It names an audience itself, so others would see it than the rest there.\n"
        "**c.exe** is left out: it is no text.\n"
        "[Yes](x:yes)"
    )


def test_nothing_is_longer_than_a_message() -> None:
    long = FILE.model_copy(update={"name": LONG, "title": LONG, "replaces": "0"})
    many = (LONG,) * 100
    way = RollbackPlan(2, NOW, 1, many, many, many, damaged=True)
    file = FileDocuments(LONG, LONG, "", (LONG,) * 100, LONG)
    anew = compare(document_of(*(f"Old {n} {LONG}" for n in range(20))), document_of(LONG))
    for parts in (
        confirm_upload(
            [Incoming(long, frozenset({PEOPLE}), unknown=LONG, comparison=anew, held=True)] * 5,
            [(LONG, LONG)] * 5,
            names_people=True,
            rows=ROWS,
        ),
        confirm_removal(file, audiences=frozenset({PEOPLE}), again=(LONG,) * 100, rows=ROWS),
        confirm_rollback(way, rows=ROWS),
    ):
        for part in parts:
            check(part)
        assert parts[-1].rows
    check(MessagePart(audit_line(AuditEntry(NOW, 2**63 - 1, 1, "reindex", LONG))))
    gap = Gap(LONG, (), 9_999_999, NOW, (LONG,) * 5)
    for part in gaps_page(
        [gap_block(gap)] * 5, head="H" * 100, notes=["N" * 200] * 2, footer="Page 9 of 9", rows=ROWS
    ):
        check(part)


def test_only_so_many_names_are_listed() -> None:
    way = RollbackPlan(2, NOW, 1, returning=tuple(f"{number}.md" for number in range(41)))
    said = shown(confirm_rollback(way, rows=ROWS))
    assert "**Would answer again (41)**\n- 0.md\n" in said
    assert said.endswith("- 39.md\n- and 1 more\n[Yes](x:yes)")
    whole = shown(confirm_rollback(replace(way, returning=way.returning[:40]), rows=ROWS))
    assert whole.endswith("- 39.md\n[Yes](x:yes)")


def test_an_audit_entry_is_one_line() -> None:
    entry = AuditEntry(NOW, 7, 70, "remove", "a_b\n@everyone.md")
    assert audit_line(entry) == "<@7> · **remove** · a\\_b␤\\@everyone.md"
    (line,) = audit_entries([entry])
    assert line == f"- <t:{int(NOW.timestamp())}:R> <@7> · **remove** · a\\_b␤\\@everyone.md"


def test_what_was_done_at_the_terminal_was_done_by_nobody_in_discord() -> None:
    entry = AuditEntry(NOW, 0, None, "succession", "b.md replaces a.md", "a.md", "b.md")
    said = audit_line(entry)
    assert said == r"At the terminal · **succession** · b.md replaces a.md"
