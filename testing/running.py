"""A real discord.py bot for the transport tests, run against a loopback."""

from __future__ import annotations

import asyncio
import io
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import discord
from discord.ext import commands

from bot.discord.gateway.client import BriefingBot
from bot.discord.gateway.serving import serve
from bot.discord.gateway.transport import steady
from bot.services import Services
from testing.loopback import Loopback
from testing.services import bot_of


class SampleBot(commands.Bot):
    """As little of a bot as uses every part of the transport."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("intents", discord.Intents.default())
        super().__init__(command_prefix=(), help_command=None, **options)
        self.happened: list[str] = []
        self.heard: list[str] = []

    async def setup_hook(self) -> None:
        self.tree.add_command(_ask)
        self.tree.add_command(_file)
        self.tree.add_command(_freeze)
        self.add_dynamic_items(SourceButton)

    async def on_message(self, message: discord.Message, /) -> None:
        if message.author != self.user:
            self.heard.append(message.content)

    async def on_ready(self) -> None:
        self.happened.append("ready")

    async def on_resumed(self) -> None:
        self.happened.append("resumed")

    async def on_disconnect(self) -> None:
        self.happened.append("disconnected")


@discord.app_commands.command(name="ask", description="Answers late, by editing")
async def _ask(
    interaction: discord.Interaction[SampleBot], question: str, private: bool = False
) -> None:
    await interaction.response.defer(ephemeral=private, thinking=True)
    await interaction.edit_original_response(content=f"You asked: {question}", view=_sources())


@discord.app_commands.command(name="file", description="Gives a file back")
async def _file(interaction: discord.Interaction[SampleBot], original: discord.Attachment) -> None:
    data = await original.read()
    await interaction.response.send_message(
        "Here it is.", file=discord.File(io.BytesIO(data), original.filename)
    )


@discord.app_commands.command(name="freeze", description="Blocks the event loop, then answers")
async def _freeze(interaction: discord.Interaction[SampleBot], seconds: float) -> None:
    time.sleep(seconds)  # as a bot must not
    await interaction.response.send_message("Thawed.")


class SourceButton(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=r"source:(?P<number>\d+)"
):
    """A button whose state is in its id, so that it outlives the bot that sent it."""

    def __init__(self, number: int) -> None:
        super().__init__(discord.ui.Button(label=str(number), custom_id=f"source:{number}"))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: Any, /
    ) -> SourceButton:
        return cls(int(match["number"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_message(f"Source {self.item.label}", ephemeral=True)


def _sources() -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    view.add_item(SourceButton(1))
    return view


@asynccontextmanager
async def running(bot: commands.Bot, server: Loopback) -> AsyncIterator[asyncio.Task[None]]:
    """The bot, connected to the loopback's gateway; its task, which raises what ended it."""
    task = asyncio.create_task(_start(bot, server))
    connected = asyncio.create_task(server.identified())
    try:
        await asyncio.wait({task, connected}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            task.result()
        yield task
    finally:
        connected.cancel()
        if not isinstance(bot, BriefingBot) and (ready := bot._connection._ready_task):
            # discord.py announces "ready" two seconds after it connected, also when it is closed.
            ready.cancel()
        await bot.close()
        await asyncio.wait({task, connected})
        if not task.cancelled():
            task.exception()  # seen, should the test not have looked


async def _start(bot: commands.Bot, server: Loopback) -> None:
    """As `serve` does it, where it is our own bot."""
    if isinstance(bot, BriefingBot):
        steady(bot)
    await bot.start(server.token)


async def serving(
    services: Services,
    server: Loopback,
    *,
    token: str | None = None,
    stop: asyncio.Event | None = None,
    pause: Callable[[float], Coroutine[Any, Any, None]] = asyncio.sleep,
) -> None:
    """`serve`, with the loopback for Discord."""
    await serve(services, lambda: bot_of(services), token or server.token, stop=stop, pause=pause)


async def hears(bot: commands.Bot) -> None:
    """Wait until the bot has its guild, hence all that came before it."""
    await until(lambda: any(not guild.unavailable for guild in bot.guilds))


async def until(condition: Any, timeout: float = 60.0) -> None:
    """Wait until `condition()` holds."""
    async with asyncio.timeout(timeout):
        while not condition():
            await asyncio.sleep(0.002)
