"""What is said of a watched question."""

from __future__ import annotations

from dataclasses import replace

from bot.chat.answer_changes import AnswerChange
from bot.discord.rendering.answers.watches import changed, replaced_line
from bot.discord.rendering.message import packed
from index.answering.answer import Standing, Successor, Verdict
from testing.samples import WATCH


def test_a_replaced_document_is_told_from_its_successor_of_the_same_title() -> None:
    new = Successor("v2.md", "Manual", "2026-05-18")
    old = Standing("v1.md", "Manual", "2025-06-02", replaced_by=new)
    assert replaced_line(old, str) == "Manual of 2 June 2025 was replaced on 18 May 2026 by Manual."
    assert replaced_line(replace(old, title="Guide"), str) == (
        "Guide was replaced on 18 May 2026 by Manual."
    )


def test_what_is_said_of_the_new_answer_stands_below_what_was_said_until_now() -> None:
    watch = replace(WATCH, guild=None)
    answer = packed(["> Nine."], content="The documents differ:")
    (part,) = changed(watch, AnswerChange(said=("Eight.",)), Verdict.ANSWERED, answer)
    before, after = part.frames
    assert "- Eight." in str(before)
    assert after.items == ("The documents differ:", "> Nine.")
    assert "differ" not in part.content
