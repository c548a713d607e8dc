"""The settings of a run decide in which language its replies are."""

from __future__ import annotations

from contextvars import copy_context

from bot.localization import language
from testing.command import CommandLine


def test_replies_are_in_the_language_that_is_set(command: CommandLine) -> None:
    command.write("a.md", "# A\n\nText.\n")
    assert command("reindex").code == 0
    german = CommandLine(command.settings.model_copy(update={"language": "de"}))
    assert "Dokumente" in copy_context().run(german, "status").out
    assert "Documents" in command("status").out
    assert language() == "en"
