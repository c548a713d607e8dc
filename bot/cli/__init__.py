"""The command line, `briefing-bot`."""

from __future__ import annotations

from bot.cli.run import main

__all__ = ["main"]
