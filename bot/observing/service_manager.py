"""Tells systemd that the bot is ready and alive, by the protocol of sd_notify(3).

systemd gives the address of a socket, and how often it wants to hear. Elsewhere nothing is told.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import Mapping


def tell(state: str, environment: Mapping[str, str] = os.environ) -> bool:
    """Send a state such as "READY=1" to the service manager; return whether there is one."""
    address = environment.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")) or not hasattr(socket, "AF_UNIX"):
        return False
    with (
        contextlib.suppress(OSError),  # it is gone; that ends nothing
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as there,
    ):
        there.setblocking(False)
        # A leading @ stands for the zero byte of the abstract namespace.
        there.connect(address.replace("@", "\0", 1) if address[0] == "@" else address)
        there.send(state.encode())
        return True
    return False


async def keep_telling(environment: Mapping[str, str] = os.environ) -> None:
    """Say READY=1, then WATCHDOG=1 twice as often as it is asked for, until cancelled.

    It comes from the event loop, so a loop that hangs is not told to be alive. Returns at once
    where nobody wants to hear.
    """
    if not tell("READY=1", environment) or not (interval := _seconds(environment)):
        return
    while True:
        await asyncio.sleep(interval / 2)
        tell("WATCHDOG=1", environment)


def _seconds(environment: Mapping[str, str]) -> float | None:
    """Return within how many seconds this process is to be heard of; None if it need not be."""
    wanted = environment.get("WATCHDOG_USEC", "")
    if environment.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return None
    return int(wanted) / 1e6 if wanted.isdecimal() and int(wanted) else None
