"""Lasting tasks: what the bot does until it stops begins again after it failed, and is logged."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

_AGAIN = 60.0
"""Seconds until the next try."""
_log = logging.getLogger(__name__)


async def lasting(
    name: str,
    work: Callable[[], Awaitable[object]],
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Do `work`, again and again where it fails, until it returns or is cancelled.

    A task that nobody waits for would otherwise end without a word before the bot does.
    """
    while True:
        try:
            await work()
        except Exception:
            _log.exception("%s failed, and begins again in %.0f s", name, _AGAIN)
        else:
            return
        await pause(_AGAIN)
