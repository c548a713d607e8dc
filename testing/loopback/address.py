"""Where Discord is, for a bot in a process of its own."""

from __future__ import annotations

import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from testing.loopback.api import PREFIX


def discord_is_at(url: str) -> None:
    """Let discord.py know no other address in this process than the loopback's `url`."""
    Route.BASE = f"{url}{PREFIX}"
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(f"{url.replace('http', 'ws')}/gateway")
