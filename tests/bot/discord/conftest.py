"""A guild of people around the real bot, in simcord's Discord."""

from __future__ import annotations

import asyncio
import pickle
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest
import simcord
from discord import app_commands
from simcord import gateway
from simcord.http import router
from simcord.http.client import FakeHTTPClient
from simcord.results import to_discord_message

from bot.config.settings import Settings
from bot.discord.cogs.administering import reindexing
from bot.discord.cogs.looking_up import digests
from bot.discord.gateway import client
from bot.discord.gateway.client import BriefingBot
from bot.discord.gateway.sync import sync_commands
from bot.discord.gateway.translating import CommandTranslator
from bot.discord.ui import live_message
from bot.documents.reindexing import upkeep
from bot.documents.uploads import probe
from bot.records import Records
from bot.records.databases import sqlite
from bot.records.databases.sqlite import SqliteDatabase
from bot.records.schema import FIRST_VERSION, MIGRATIONS
from bot.records.waiting import waiting_room
from bot.services import Services
from index.document import Document
from index.parsing import ParsingLimits, parse_file
from testing.services import bot_of, services_of


@dataclass
class Guild:
    """A server: `ann` and `bob` are members, `ada` may manage it."""

    env: simcord.Env
    handle: simcord.GuildHandle
    channel: simcord.ChannelHandle
    ann: simcord.MemberActor
    bob: simcord.MemberActor
    ada: simcord.MemberActor

    @property
    def me(self) -> str:
        user = self.env.bot.user
        assert user is not None
        return user.mention


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Progress is shown, and a running reindex looked for, as often as a test can see."""
    monkeypatch.setattr(live_message, "_EVERY", 0.02)
    monkeypatch.setattr(reindexing, "_RETRY_SECONDS", 0.02)


@pytest.fixture(autouse=True)
def _once_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the bot does after a reindex or once a day it does at its start alone.

    Before each act simcord asks of each task that waits for the next time what it waits for.
    """

    async def end(_seconds: float) -> None:
        raise asyncio.CancelledError

    monkeypatch.setattr(upkeep.after_each_reindex, "__defaults__", (end,))
    defaults = {**(upkeep.once_a_day.__kwdefaults__ or {}), "pause": end}
    monkeypatch.setattr(upkeep.once_a_day, "__kwdefaults__", defaults)


@pytest.fixture(autouse=True)
def _nothing_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the bot does now and then is done when a test calls for it; simcord would wait."""

    async def not_now(*_: object) -> None: ...

    monkeypatch.setattr(digests, "now_and_then", not_now)


_TRANSLATED: dict[str, bytes] = {}
_translated = app_commands.Command.get_translated_payload


@pytest.fixture(autouse=True)
def _translated_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look the names of a command up in all languages once, not for each test's bot."""

    async def payload(command: Any, tree: Any, translator: Any) -> dict[str, Any]:
        key = f"{command.callback.__module__}.{command.callback.__qualname__}"
        if type(translator) is not CommandTranslator or not key.startswith("bot."):
            return await _translated(command, tree, translator)
        if key not in _TRANSLATED:
            _TRANSLATED[key] = pickle.dumps(await _translated(command, tree, translator))
        return cast(dict[str, Any], pickle.loads(_TRANSLATED[key]))

    monkeypatch.setattr(app_commands.Command, "get_translated_payload", payload)


_COMMANDS: dict[tuple[str, ...], list[dict[str, Any]]] = {}


@pytest.fixture(autouse=True)
def _commands_sent_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Send simcord the commands as the first bot had them; each bot would make them twice."""

    async def sent(tree: Any, records: Records, *, anyway: bool = False) -> bool:
        if not isinstance(tree._http, FakeHTTPClient):
            return await sync_commands(tree, records, anyway=anyway)
        sent_before = await asyncio.to_thread(records.recall, "commands synced")
        if sent_before and not anyway:
            return False
        commands, application = tree.get_commands(), tree.client.application_id
        if (names := tuple(command.name for command in commands)) not in _COMMANDS:
            _COMMANDS[names] = [
                await command.get_translated_payload(tree, tree.translator) for command in commands
            ]
        await tree._http.bulk_upsert_global_commands(application, payload=_COMMANDS[names])
        await asyncio.to_thread(records.remember, "commands synced", "as before")
        return True

    monkeypatch.setattr(client, "sync_commands", sent)


def _copied(value: Any) -> Any:
    """Copy what JSON can hold, in a fifth of the time that `deepcopy` takes."""
    if isinstance(value, dict):
        return {key: _copied(each) for key, each in value.items()}
    return [_copied(each) for each in value] if isinstance(value, list) else value


@pytest.fixture(autouse=True)
def _payloads_copied_fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Simcord copies what it sends and gets, among it all commands in all languages."""
    copying = SimpleNamespace(deepcopy=_copied)
    monkeypatch.setattr(router, "copy", copying)
    monkeypatch.setattr(gateway, "copy", copying)


def _last_message(channel: simcord.ChannelHandle) -> discord.Message | None:
    messages = channel._env.backend.messages.get(channel.id, {}).values()
    shown = [one for one in messages if one.visible_to(None)]
    return to_discord_message(channel._env, max(shown, key=lambda one: one.id)) if shown else None


@pytest.fixture(autouse=True)
def _last_message_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a `discord.Message` of the last message alone; simcord makes them of all before it."""
    monkeypatch.setattr(simcord.ChannelHandle, "last_message", property(_last_message))


@pytest.fixture(scope="session")
def _empty_records(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes]:
    """A file of no records, as bytes, and the same for what waits in memory."""
    path = tmp_path_factory.mktemp("records") / "records.sqlite"
    SqliteDatabase(path, MIGRATIONS, first_version=FIRST_VERSION).close()
    with closing(waiting_room()) as waiting:
        return path.read_bytes(), waiting._connection.serialize()


@pytest.fixture(autouse=True)
def _records_made_once(
    _empty_records: tuple[bytes, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Begin with copies of records that were made once; tests/bot/records makes them anew."""
    on_disk, in_memory = _empty_records
    opened = sqlite._open

    def copied(path: Path, *arguments: Any) -> sqlite3.Connection:
        path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError), path.open("xb") as file:
            file.write(on_disk)
        return opened(path, *arguments)

    def waiting() -> SqliteDatabase:
        made = SqliteDatabase.in_memory((), most_bytes=1 << 24)
        made._connection.deserialize(in_memory)
        return made

    monkeypatch.setattr(sqlite, "_open", copied)
    monkeypatch.setattr("bot.records.store.waiting_room", waiting)


@pytest.fixture
def parsing_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parse uploads in this process, since a parsing process takes a third of a second."""

    def parsed(path: Path, name: str, limits: ParsingLimits, *, in_brief: bool) -> Document:
        return parse_file(path, name, limits=limits)

    monkeypatch.setattr(probe, "_parsed", parsed)


@pytest.fixture
def services(indexed: Settings) -> Services:
    return services_of(indexed)


@pytest.fixture
def simcord_bot(services: Services) -> BriefingBot:
    """Return the bot that simcord's own fixture `simcord_env` runs."""
    return bot_of(services)


@pytest.fixture
def guild(simcord_env: simcord.Env) -> Guild:
    return people(simcord_env)


def people(env: simcord.Env) -> Guild:
    env.settle_timeout = 120  # seconds; a busy machine must not fail a test
    handle = env.create_guild("Larkfield")
    channel = handle.create_text_channel("general")
    manager = handle.create_role("Manager", permissions=discord.Permissions(manage_guild=True))
    return Guild(
        env=env,
        handle=handle,
        channel=channel,
        ann=handle.add_member(env.create_user("ann")),
        bob=handle.add_member(env.create_user("bob")),
        ada=handle.add_member(env.create_user("ada"), roles=[manager]),
    )
