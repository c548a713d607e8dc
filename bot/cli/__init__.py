"""The command line, `briefing-bot`: one module for each group of commands."""

from __future__ import annotations

from bot.cli.run import main

__all__ = ["main"]
