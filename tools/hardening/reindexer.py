"""The command line without models, which reindexes for the bot that runs without them.

    python -m tools.hardening.reindexer reindex --jobs

As in the product it is a process of its own, so that what it needs is not the bot's memory.
"""

from __future__ import annotations

import sys
from functools import partial

from bot.cli.run import main
from bot.cli.session import Session
from testing.command import reindexer_of

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Session(reindexer_for=partial(reindexer_of, sandbox=True))))
