"""What systemd hears of the bot."""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from bot.observing.service_manager import keep_telling, tell


class Manager:
    """A socket as systemd has one."""

    def __init__(self, address: str) -> None:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(address)
        self.socket.setblocking(False)

    def heard(self) -> list[str]:
        found = []
        with suppress(BlockingIOError):
            while True:
                found.append(self.socket.recv(100).decode())
        return found


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[Manager]:
    made = Manager(str(tmp_path / "notify"))
    yield made
    made.socket.close()


def _environment(tmp_path: Path, **more: str) -> dict[str, str]:
    return {"NOTIFY_SOCKET": str(tmp_path / "notify"), **more}


async def test_it_is_told_that_the_bot_is_ready_and_again_and_again_that_it_lives(
    manager: Manager, tmp_path: Path
) -> None:
    environment = _environment(tmp_path, WATCHDOG_USEC="20000", WATCHDOG_PID=str(os.getpid()))
    task = asyncio.create_task(keep_telling(environment))
    heard: list[str] = []
    async with asyncio.timeout(60):
        while len(heard) < 4:
            await asyncio.sleep(0.01)
            heard += manager.heard()
    task.cancel()
    assert heard[0] == "READY=1"
    assert set(heard[1:]) == {"WATCHDOG=1"}


async def test_a_loop_that_hangs_is_not_said_to_live(manager: Manager, tmp_path: Path) -> None:
    task = asyncio.create_task(keep_telling(_environment(tmp_path, WATCHDOG_USEC="20000")))
    await asyncio.sleep(0)
    time.sleep(0.1)  # what a defect would do
    task.cancel()
    assert manager.heard() == ["READY=1"]


@pytest.mark.parametrize(
    "watchdog", [{}, {"WATCHDOG_USEC": "0"}, {"WATCHDOG_USEC": "20000", "WATCHDOG_PID": "1"}]
)
async def test_without_a_watchdog_it_is_told_once(
    manager: Manager, tmp_path: Path, watchdog: dict[str, str]
) -> None:
    await asyncio.wait_for(keep_telling(_environment(tmp_path, **watchdog)), 60)
    assert manager.heard() == ["READY=1"]


def test_an_address_in_the_abstract_namespace() -> None:
    name = f"briefing-{os.getpid()}"
    manager = Manager(f"\0{name}")
    assert tell("READY=1", {"NOTIFY_SOCKET": f"@{name}"})
    assert manager.heard() == ["READY=1"]
    manager.socket.close()


@pytest.mark.parametrize("address", [None, "", "somewhere", "/nowhere/notify"])
def test_where_nobody_listens_nothing_is_told(address: str | None) -> None:
    assert not tell("READY=1", {} if address is None else {"NOTIFY_SOCKET": address})
