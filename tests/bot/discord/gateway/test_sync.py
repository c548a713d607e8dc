"""Commands are sent to Discord if they have changed, and only then."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import discord
import pytest
from discord import app_commands

from bot.discord.gateway.sync import sync_commands
from bot.records import Records
from testing.loopback import Loopback
from testing.loopback.payloads import TOKEN


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    records = Records(tmp_path / "records.sqlite")
    yield records
    records.close()


async def tree_of(server: Loopback, *names: str) -> app_commands.CommandTree[discord.Client]:
    client = discord.Client(intents=discord.Intents.none())
    await client.login(TOKEN)
    tree = app_commands.CommandTree(client)
    for name in names:
        tree.add_command(
            app_commands.Command(name=name, description=f"To {name}", callback=_nothing)
        )
    return tree


async def _nothing(interaction: discord.Interaction) -> None: ...


def sent(server: Loopback) -> list[int | None]:
    return [request.status for request in server.requests if request.method == "PUT"]


async def test_once_and_again_when_they_change(records: Records) -> None:
    async with Loopback() as server:
        for names, expected in (
            (("ask", "help"), True),
            (("help", "ask"), False),  # in whatever order
            (("ask", "help", "search"), True),
            (("ask", "help"), True),
            (("ask", "help"), False),
        ):
            tree = await tree_of(server, *names)
            assert await sync_commands(tree, records) is expected
            await tree.client.close()
    assert sent(server) == [200] * 3


async def test_on_request_also_where_nothing_changed(records: Records) -> None:
    async with Loopback() as server:
        tree = await tree_of(server, "ask")
        assert await sync_commands(tree, records)
        assert await sync_commands(tree, records, anyway=True)
        await tree.client.close()
    assert sent(server) == [200, 200]


async def test_what_discord_refuses_is_tried_again_at_the_next_start(
    records: Records, caplog: pytest.LogCaptureFixture
) -> None:
    """Discord may refuse more than 200 new commands a day; the bot serves all the same."""
    async with Loopback() as server:
        tree = await tree_of(server, "ask")
        server.fault("PUT", "/applications/*", status=400)
        assert not await sync_commands(tree, records)
        assert "Discord refused the commands" in caplog.text
        assert await sync_commands(tree, records)
        await tree.client.close()
    assert sent(server) == [400, 200]


async def test_where_discord_is_unwell_the_connection_fails(records: Records) -> None:
    async with Loopback() as server:
        tree = await tree_of(server, "ask")
        server.fault("PUT", "/applications/*", status=503)
        with pytest.raises(discord.DiscordServerError):
            await sync_commands(tree, records)
        await tree.client.close()
