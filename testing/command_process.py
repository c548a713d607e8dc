"""The command line in a process of its own, with a loopback for Discord.

python -m testing.command_process URL ARGUMENTS...
"""

from __future__ import annotations

import sys

from bot.cli import main
from testing.loopback.address import discord_is_at

if __name__ == "__main__":
    discord_is_at(sys.argv[1])
    sys.exit(main(sys.argv[2:]))
