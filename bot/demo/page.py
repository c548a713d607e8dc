"""The demo: the real bot in a local page that looks like Discord, without an account.

simcord is made for tests: its clock stands still, and every action waits until the bot has nothing
left to do. Here the clock runs, an action waits only for the bot's first reaction, and what the bot
does later appears by itself (`bot.demo.live`).
"""

from __future__ import annotations

import asyncio
import importlib.util
import os
import shutil
import signal
import sys
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from bot.demo.world import MakeBot, open_world
from bot.errors import DemoUnavailable
from bot.localization import _

if TYPE_CHECKING:
    from bot.config.settings import Settings


def run_demo(
    make_bot: MakeBot,
    *,
    port: int = 0,
    say: Callable[[str], None] = print,
    open_page: Callable[[str], object] | None = None,
) -> None:
    """Run the demo until Ctrl-C, or until "End preview session" in the page.

    `open_page` gets the page's address; without it, a browser opens where there is a display.
    Raises DemoUnavailable where simcord is not installed or the port is taken.
    """
    _need_simcord()
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(make_bot, port, say, open_page or _open_in_browser))


def copy_settings(settings: Settings, folder: Path) -> Settings:
    """Return settings for copies in `folder`, which the demo may change."""
    copies = {name: folder / name for name in ("corpus", "index", "records")}
    kept = {"keep_questions_days": settings.keep_questions_days or 1}  # or /gaps shows nothing
    for name in ("corpus", "index"):
        there: Path = getattr(settings, name)
        if there.is_dir():
            shutil.copytree(there, copies[name], ignore=shutil.ignore_patterns(".staging", "lock"))
    return settings.model_copy(update=copies | kept | {"database": None})


async def _serve(
    make_bot: MakeBot, port: int, say: Callable[[str], None], open_page: Callable[[str], object]
) -> None:
    ended = asyncio.Event()
    with suppress(NotImplementedError):  # on Windows Ctrl-C is a KeyboardInterrupt
        # SIGINT too, since a shell that starts this in the background has it ignored.
        for sign in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(sign, ended.set)
    async with open_world(make_bot, port=port) as world:
        for room in world.rooms:
            say(f"{room.name:<16} {room.preview.url}")
        say(_("Open the first address in a browser on this machine. Ctrl-C ends the demo."))
        open_page(world.rooms[0].preview.url)
        waiting = [
            asyncio.create_task(end) for end in (ended.wait(), world.rooms[0].preview.wait_closed())
        ]
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()


def _need_simcord() -> None:
    if importlib.util.find_spec("simcord") is None:
        raise DemoUnavailable(
            _(
                'The demo needs one more package. Run `.venv/bin/pip install -e ".[demo]"`, or '
                "`make demo`, which does it for you."
            )
        )


def _open_in_browser(address: str) -> None:
    """Open a browser where there is a display; a text browser would take over the terminal."""
    if sys.platform in ("darwin", "win32") or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")
    ):
        with suppress(webbrowser.Error, OSError):
            webbrowser.open(address)
