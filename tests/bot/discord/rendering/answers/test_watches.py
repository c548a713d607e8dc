"""What is said of a watched question."""

from __future__ import annotations

from dataclasses import replace

from bot.discord.rendering.answers.watches import replaced_line
from index.answering.answer import Standing, Successor


def test_a_replaced_document_is_told_from_its_successor_of_the_same_title() -> None:
    new = Successor("v2.md", "Manual", "2026-05-18")
    old = Standing("v1.md", "Manual", "2025-06-02", replaced_by=new)
    assert replaced_line(old, str) == "Manual of 2 June 2025 was replaced on 18 May 2026 by Manual."
    assert replaced_line(replace(old, title="Guide"), str) == (
        "Guide was replaced on 18 May 2026 by Manual."
    )
