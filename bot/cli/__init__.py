"""The command line, `briefing-bot`."""

from __future__ import annotations

import gc
from collections.abc import Sequence

from bot.app.garbage import uncollected

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that this process was started for, and return its exit code."""
    with uncollected():
        from bot.cli.run import main as run
    try:
        return run(arguments)
    finally:
        # Python looks for garbage once more at its end; with torch that takes half a second.
        gc.freeze()
