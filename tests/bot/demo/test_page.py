"""The demo, by the HTTP requests that its page sends."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from typing import Any

import aiohttp
import discord
import pytest
from discord import app_commands
from discord.ext import commands

from bot.config.guilds import GuildBook
from bot.demo import page as demo_page
from bot.demo.apps import ASKS
from bot.demo.live import Live
from bot.demo.page import run_demo
from bot.demo.world import World, open_world
from bot.errors import DemoUnavailable
from bot.localization import speaking
from testing.loopback.sockets import only_this_machine

pytestmark = pytest.mark.processes

SLOW = 1.0
"""Seconds of work: longer than any action in the page waits."""


class Echo(commands.Bot):
    """Answers once it may, as a bot with work to do, and shows its progress."""

    def __init__(self, guilds: GuildBook) -> None:
        super().__init__((), intents=discord.Intents.all(), help_command=None)
        self.guilds_book = guilds
        self.may_answer = threading.Event()
        self.may_answer.set()

    async def setup_hook(self) -> None:
        @self.tree.command(description="Counts")
        async def count(interaction: discord.Interaction) -> None:
            await interaction.response.defer(thinking=True)
            for number in range(1, 4):
                await asyncio.to_thread(time.sleep, SLOW / 2)
                await interaction.edit_original_response(content=f"{number} of 3")

        @self.tree.command(description="Says the language")
        async def locale(interaction: discord.Interaction) -> None:
            await interaction.response.send_message(interaction.locale.value)

        @self.tree.command(description="Refuses")
        async def refuse(interaction: discord.Interaction) -> None:
            await interaction.response.send_message("You may not.", ephemeral=True)
            raise app_commands.CheckFailure

        @self.tree.context_menu(name="Echo this")
        async def echo(interaction: discord.Interaction, message: discord.Message) -> None:
            await interaction.response.send_message(f"Once more: {message.content}", ephemeral=True)

        @self.tree.context_menu(name="Form")
        async def form(interaction: discord.Interaction, message: discord.Message) -> None:
            await interaction.response.send_modal(Form())

        @self.tree.error
        async def on_error(_: discord.Interaction, error: app_commands.AppCommandError) -> None:
            assert isinstance(error, app_commands.CheckFailure)

        await self.tree.sync()

    async def on_message(self, message: discord.Message, /) -> None:
        assert self.user is not None
        if not message.author.bot:
            await asyncio.to_thread(self.may_answer.wait, 60)
            called = "called" if self.user.mentioned_in(message) else "not called"
            await message.reply(f"Echo of {message.author.name}, {called}: {message.content}")


class Form(discord.ui.Modal, title="A form"):
    files: discord.ui.Label[Any] = discord.ui.Label(
        text="Files", component=discord.ui.FileUpload(custom_id="files")
    )

    async def on_submit(self, interaction: discord.Interaction, /) -> None:
        upload = self.files.component
        assert isinstance(upload, discord.ui.FileUpload)
        names = ", ".join(each.filename for each in upload.values)
        await interaction.response.send_message(f"Thank you for {names}", ephemeral=True)


class Page:
    """What the page in the browser does."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self._base, capability = url.split("#")
        self._headers = {"X-Simcord-Capability": capability}
        self._sequence = 0

    async def open(self, viewer: int) -> Page:
        state = await self._call("POST", "pages", {"viewer_id": str(viewer)})
        self._headers["X-Simcord-Context"] = state["context"]["id"]
        return self

    async def act(self, kind: str, **what: Any) -> dict[str, Any]:
        state = await self.state()
        self._sequence += 1
        body = {
            "protocol_version": 3,
            "kind": kind,
            "sequence": self._sequence,
            "request_id": f"request {self._sequence}",
            "generation": state["context"]["generation"],
            "bot_generation": state["botGeneration"],
            "published_revision": state["publishedRevision"],
        }
        return await self._call("POST", "action", body | what)

    async def wants(self, what: str, **more: Any) -> dict[str, Any]:
        """Ask for what our own script asks for."""
        return await self._call("POST", "action", {"kind": ASKS, "wants": what, **more})

    async def run(self, command: str) -> dict[str, Any]:
        catalog = await self._call("GET", "commands")
        (entry,) = [one for one in catalog["entries"] if one["path"] == [command]]
        return await self.act(
            "run_command",
            command_id=entry["commandId"],
            path=[command],
            schema_fingerprint=entry["schemaFingerprint"],
            options={},
        )

    async def state(self) -> dict[str, Any]:
        return await self._call("GET", "state")

    async def shown(self) -> list[str]:
        state = await self.state()
        return [state["messages"][one]["content"] for one in state["timeline"]]

    async def shows(self, wanted: Callable[[list[str]], bool]) -> list[str]:
        """Return what it shows, once the condition holds."""
        until = time.perf_counter() + 60
        while not wanted(found := await self.shown()):
            assert time.perf_counter() < until, found
            await asyncio.sleep(0.05)
        return found

    async def _call(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        url = f"{self._base}api/{path}"
        async with self._session.request(method, url, json=body, headers=self._headers) as answer:
            assert answer.status == 200, await answer.text()
            found: dict[str, Any] = await answer.json()
            return found


@pytest.fixture(autouse=True)
def sockets() -> Iterator[None]:
    with only_this_machine():
        yield


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with open_world(Echo) as opened:
        yield opened


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture
async def page(world: World, session: aiohttp.ClientSession) -> Page:
    return await Page(session, world.rooms[0].preview.url).open(world.members[0].id)


async def test_an_answer_that_takes_long_appears_by_itself(world: World, page: Page) -> None:
    assert isinstance(world.bot, Echo)
    world.bot.may_answer.clear()
    done = await page.act("send_message", content="hello")
    assert (done["settlement"], done["diagnostics"]) == ("settled", [])
    assert (await page.shown())[1:] == ["hello"]
    world.bot.may_answer.set()
    found = await page.shows(lambda shown: len(shown) == 3)
    assert found[2] == "Echo of ben, not called: hello"


async def test_progress_appears_while_it_is_made(page: Page) -> None:
    done = await page.run("count")
    assert (done["acknowledgement"], done["settlement"]) == ("deferred", "settled")
    for wanted in ("1 of 3", "2 of 3", "3 of 3"):
        await page.shows(partial(contains, wanted))


def contains(wanted: str, shown: list[str]) -> bool:
    return wanted in shown


async def test_two_people_act_at_once(
    world: World, page: Page, session: aiohttp.ClientSession
) -> None:
    other = await Page(session, world.rooms[0].preview.url).open(world.members[1].id)
    done = await asyncio.gather(
        page.act("send_message", content="one"), other.act("send_message", content="two")
    )
    assert [one["settlement"] for one in done] == ["settled", "settled"]
    found = await other.shows(lambda shown: len(shown) == 5)
    assert {"Echo of ben, not called: one", "Echo of chloe, not called: two"} < set(found)


async def test_something_done_on_a_page_that_has_changed_meanwhile_counts(page: Page) -> None:
    done = await page.act("send_message", content="late", published_revision=1)
    assert done["settlement"] == "settled"


async def test_an_error_that_the_bot_answers_is_none_of_the_page(page: Page) -> None:
    done = await page.run("refuse")
    assert (done["settlement"], done["diagnostics"]) == ("settled", [])
    await page.shows(lambda shown: shown[-1] == "You may not.")


async def test_the_bots_name_is_a_mention(page: Page) -> None:
    await page.act("send_message", content="@Briefing Bot hello")
    await page.shows(lambda shown: shown[-1].startswith("Echo of ben, called"))


async def test_each_room_has_its_page(world: World, session: aiohttp.ClientSession) -> None:
    for room, viewer in zip(
        world.rooms,
        (world.members[1].id, world.admin.id, world.members[0].id, world.admin.id),
        strict=True,
    ):
        page = await Page(session, room.preview.url).open(viewer)
        await page.act("send_message", content=f"hello {room.name}")
        await page.shows(lambda shown: shown[-1].startswith("Echo of"))


async def test_pages_that_show_the_same_are_made_once(world: World, page: Page) -> None:
    await page.shows(lambda shown: len(shown) == 1)
    await asyncio.sleep(Live._FOLLOWED_WITHIN + 2 * Live._LOOK_EVERY)
    pages = [one for room in world.rooms for one in room.preview._pages.values()]
    before = [one.revision for one in pages]
    await asyncio.sleep(3 * Live._LOOK_EVERY)
    assert [one.revision for one in pages] == before


async def test_people_use_discord_in_the_language_of_the_settings(
    session: aiohttp.ClientSession,
) -> None:
    with speaking("nb"):
        async with open_world(Echo) as world:
            page = await Page(session, world.rooms[0].preview.url).open(world.members[0].id)
            await page.run("locale")
            await page.shows(lambda shown: shown[-1] == "no")
            assert world.rooms[0].preview.locale == "no"


async def test_the_apps_of_a_message(page: Page) -> None:
    assert await page.wants("apps") == {"apps": ["Echo this", "Form"]}
    newest = (await page.state())["timeline"][-1]
    await page.wants("use", name="Echo this", message=newest)
    await page.shows(lambda shown: shown[-1].startswith("Once more: Hello! Ask me"))
    for made_up in ({"name": "None", "message": newest}, {"name": "Form", "message": "12"}):
        assert await page.wants("use", **made_up) == {}
    assert (await page.state())["modal"] is None
    await page.wants("use", name="Form", message=newest)
    modal = (await page.state())["modal"]
    assert modal["payload"]["title"] == "A form"


async def test_a_thread_is_entered(
    world: World, page: Page, session: aiohttp.ClientSession
) -> None:
    channel = world.bot.get_channel(world.general.id)
    assert isinstance(channel, discord.TextChannel)
    with world.env._bot_scope():
        sent = await channel.send("Here begins a thread.")
        thread = await sent.create_thread(name="Fuel")
        await thread.send("Diesel.")
    rooms = (await page.wants("rooms"))["rooms"]
    assert [room["name"] for room in rooms] == [
        "#questions",
        "#general",
        "a private chat",
        "#general › Fuel",
    ]
    assert [room["here"] for room in rooms] == [True, False, False, False]
    assert rooms[-1]["thread"] == str(sent.id)
    inside = await Page(session, rooms[-1]["url"]).open(world.members[0].id)
    assert "Diesel." in await inside.shown()
    assert (await page.wants("rooms"))["rooms"] == rooms


async def test_the_script_is_in_the_page(world: World, session: aiohttp.ClientSession) -> None:
    base = world.rooms[0].preview.url.split("#")[0]
    async with session.get(base) as answer:
        assert '<script src="/apps.js"></script>' in await answer.text()
    async with session.get(f"{base}apps.js") as answer:
        assert answer.content_type == "application/javascript"
        assert f'kind: "{ASKS}"' in await answer.text()


async def test_without_the_key_in_the_address_nothing_is_shown_or_done(
    world: World, session: aiohttp.ClientSession
) -> None:
    for room in world.rooms:
        base = room.preview.url.split("#")[0]
        assert base.startswith("http://127.0.0.1:")
        for key in ({}, {"X-Simcord-Capability": "0"}):
            for path in ("api/pages", "api/action"):
                async with session.post(f"{base}{path}", json={}, headers=key) as refused:
                    assert refused.status == 401
        for path in ("", "apps.js"):  # by a name that another page made lead here
            async with session.get(f"{base}{path}", headers={"Host": "evil.example"}) as refused:
                assert refused.status == 403


async def test_time_goes_by(world: World) -> None:
    before = world.env.now()
    await asyncio.sleep(0.05)
    assert world.env.now() > before


async def test_the_bot_is_built_for_the_guild(world: World) -> None:
    assert isinstance(world.bot, Echo)
    settings = world.bot.guilds_book.of(world.questions.guild.id if world.questions.guild else 0)
    assert settings.question_channels == {world.questions.id}
    assert settings.audit_channel == world.audit.id


async def test_a_port_that_is_taken_is_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(DemoUnavailable, match=f"could not bind port {port}.*--port"):
            async with open_world(Echo, port=port):
                pass


def test_without_simcord_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(DemoUnavailable, match="pip install"):
        run_demo(Echo)


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_when_told(sign: signal.Signals) -> None:
    lines: list[str] = []
    opened: list[str] = []

    def end(address: str) -> None:
        opened.append(address)
        os.kill(os.getpid(), sign)

    run_demo(Echo, say=lines.append, open_page=end)
    assert len(lines) == 5
    assert lines[0].endswith(opened[0])


def test_no_browser_is_opened_without_a_display(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    demo_page._open_in_browser("http://127.0.0.1/")
    assert not opened
    monkeypatch.setenv("DISPLAY", ":0")
    demo_page._open_in_browser("http://127.0.0.1/")
    assert opened == ["http://127.0.0.1/"]
