"""The loopback itself: a small Discord on 127.0.0.1, in a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Self
from unittest.mock import patch

import yarl
from aiohttp import web
from discord.gateway import DiscordWebSocket
from discord.http import Route

from testing.loopback import openapi
from testing.loopback.api import PREFIX, Api
from testing.loopback.faults import Fault, Limit
from testing.loopback.gateway import Connection, Gateway, Op
from testing.loopback.payloads import TOKEN, Payload, snowflake_at
from testing.loopback.records import PATIENCE, Frame, Interaction, Request, Upload
from testing.loopback.sockets import HERE, only_this_machine
from testing.loopback.state import State


class Loopback:
    """A Discord for one test.

        async with Loopback() as server:
            ...start a bot with `server.token`...
            await server.identified()
            asked = server.interact(slash("ask", question="Who?"))
            await server.wait_for(lambda request: request.method == "PATCH")
            assert server.acknowledged(asked.id) < 1.0

    While it runs, discord.py knows no other address. It has a thread and an event loop of its own:
    what it measures does not stop when the bot blocks. On leaving, anything that the real Discord
    would not have taken fails the test, unless `strict=False`.
    """

    def __init__(
        self,
        *,
        token: str = TOKEN,
        strict: bool = True,
        heard: Callable[[Request], None] = lambda _: None,
    ) -> None:
        """`heard` is called with each request that was answered, in the server's thread."""
        self.token = token
        self.gateway = Gateway(token, self._sent)
        self.state = State(self.gateway.emit)
        self.api = Api(token, self.state, heard)
        self.contract = openapi.described()
        self._strict = strict
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="loopback")
        self._cleanup = ExitStack()

    # Its life

    async def __aenter__(self) -> Self:
        self._cleanup.enter_context(only_this_machine())
        self._thread.start()
        try:
            port = await self._in_server(self._start())
        except BaseException:
            await self._end()
            raise
        self.url = f"http://{HERE}:{port}"
        self.state.cdn = self.url
        self.api.gateway_url = f"ws://{HERE}:{port}/gateway"
        self.gateway.resume_url = f"ws://{HERE}:{port}/resume"
        self.gateway.tell_about(self.state)
        self._cleanup.enter_context(patch.object(Route, "BASE", self.url + PREFIX))
        self._cleanup.enter_context(
            patch.object(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(self.api.gateway_url))
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            await self._in_server(self._stop())
        finally:
            await self._end()
        if self._strict and error is None and (found := self.problems()):
            raise AssertionError("Discord would not have taken this:\n  " + "\n  ".join(found))

    async def _start(self) -> int:
        app = self.api.application()
        app.router.add_get("/gateway", self.gateway.serve)
        app.router.add_get("/resume", self.gateway.serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, HERE, 0)
        await site.start()
        port: int = self._runner.addresses[0][1]
        return port

    async def _stop(self) -> None:
        for connection in list(self.gateway.connections):
            connection.drop()
        await self._runner.cleanup()

    async def _end(self) -> None:
        try:
            self._loop.call_soon_threadsafe(self._loop.stop)
            await asyncio.to_thread(self._thread.join)
            self._loop.close()
        finally:  # or later tests would take this one for Discord
            self._cleanup.close()

    async def _in_server(self, work: Any) -> Any:
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

    # What a test does

    def dispatch(self, event: str, data: Payload) -> Payload:
        """Let something happen: the bot hears of it, now or when it has resumed."""
        if not self.gateway.sessions:
            raise RuntimeError("No session yet: await server.identified() first.")
        if event == "INTERACTION_CREATE":
            self._name_command(data)
        self.state.learn(event, data)
        self._soon(self.gateway.emit, event, data)
        return data

    def interact(self, payload: Payload) -> Interaction:
        """Dispatch an interaction; what is given back fills as the bot answers."""
        self.dispatch("INTERACTION_CREATE", payload)
        return self.state.interactions[int(payload["id"])]

    def send(self, message: Payload) -> Payload:
        """Dispatch a new message."""
        return self.dispatch("MESSAGE_CREATE", message)

    def upload(
        self, filename: str, data: bytes, content_type: str = "application/octet-stream"
    ) -> Payload:
        """A file that a person has attached; its payload goes into a message or an option."""
        return self.state.keep_file(Upload("files[0]", filename, content_type, data), "0")

    def fault(
        self,
        method: str,
        path: str,
        *,
        status: int | None = None,
        times: int = 1,
        retry_after: float = 0.05,
        delay: float = 0.0,
        drop: bool = False,
        carried_out: bool = False,
        everywhere: bool = False,
        by_discord: bool = True,
    ) -> Fault:
        """What the next `times` requests of this method ("*": any) and path (a glob) meet.

        A `status` is answered instead of carrying the request out; `delay` seconds pass first;
        `drop` cuts the connection, before or (`carried_out`) after the request was carried out.
        """
        fault = Fault(
            method, path, status, times, retry_after, delay, drop, carried_out, everywhere,
            by_discord,
        )  # fmt: skip
        self.api.faults.append(fault)
        return fault

    def limit(self, method: str, path: str, requests: int, seconds: float) -> None:
        """Rate-limit a path (a glob) more narrowly than usual; a request too many gets a 429."""
        self.api.limits.append(Limit(method, path, requests, seconds))

    def close(self, code: int) -> None:
        """Close the bot's gateway connections with a code."""
        self._to_all(lambda connection: connection.close(code))

    def drop(self) -> None:
        """Cut the bot's gateway connections without a word."""
        self._to_all(Connection.drop)

    def ask_to_reconnect(self) -> None:
        """Opcode 7."""
        self._to_all(lambda connection: connection.put({"op": Op.RECONNECT, "d": None}))

    def ask_for_heartbeat(self) -> None:
        """Opcode 1, as Discord sends it when it wants one at once."""
        self._to_all(lambda connection: connection.put({"op": Op.HEARTBEAT, "d": None}))

    def invalidate(self, *, resumable: bool = False) -> None:
        """Opcode 9; the sessions are gone, unless `resumable`."""
        if not resumable:
            self._soon(self.gateway.sessions.clear)
        self._to_all(lambda connection: connection.put({"op": Op.INVALID_SESSION, "d": resumable}))

    def forget_sessions(self) -> None:
        """The sessions are gone, and the bot will learn it when it resumes."""
        self._soon(self.gateway.sessions.clear)

    async def forget(self, before: float) -> list[Payload]:
        """Lets go of what was said, asked and done before this moment (`time.time()`).

        For long runs; the messages that were still there. Nobody may act on them any more.
        """
        forgotten: list[Payload] = await self._in_server(self._forget(before))
        return forgotten

    # What a test sees

    @property
    def requests(self) -> list[Request]:
        """All requests to the API, in order of arrival."""
        return list(self.api.journal.records)

    @property
    def frames(self) -> list[Frame]:
        """All that the bot said on the gateway, in order of arrival."""
        return list(self.gateway.frames.records)

    async def wait_for(
        self, wanted: Callable[[Request], bool], *, count: int = 1, timeout: float = PATIENCE
    ) -> Request:
        """The `count`th request that is wanted, once it is answered."""
        return await self.api.journal.wait_for(wanted, count=count, timeout=timeout)

    async def wait_for_frame(self, op: Op, *, count: int = 1, timeout: float = PATIENCE) -> Frame:
        """The bot's `count`th gateway message with this opcode."""
        frames = self.gateway.frames
        return await frames.wait_for(lambda frame: frame.op == op, count=count, timeout=timeout)

    async def identified(self, *, count: int = 1, timeout: float = PATIENCE) -> Frame:
        """The `count`th IDENTIFY; what is dispatched from now on comes after its READY."""
        return await self.wait_for_frame(Op.IDENTIFY, count=count, timeout=timeout)

    async def acknowledgement(self, interaction: Interaction, timeout: float = PATIENCE) -> float:
        """Wait for an interaction's first response; seconds from its sending to then."""
        await self.wait_for(
            lambda request: (
                request.interaction_id == interaction.id
                and request.path.endswith("/callback")
                and request.status in (200, 204)
            ),
            timeout=timeout,
        )
        return interaction.seconds

    def acknowledged(self, interaction_id: int | str) -> float:
        """Seconds from the sending of an interaction to the arrival of its first response."""
        return self.state.interactions[int(interaction_id)].seconds

    def problems(self) -> list[str]:
        """What the real Discord would not have taken, and what this one does not know."""
        problems = list(self.api.failures)
        for request in self.requests:
            if self.contract is not None:
                problems += self.contract.faults_of_request(
                    request.method,
                    request.path,
                    request.query,
                    request.json,
                    multipart=request.multipart,
                )
        return problems

    # In the server's thread

    async def _forget(self, before: float) -> list[Payload]:
        self.api.forget()
        self.gateway.forget()
        return self.state.forget_before(snowflake_at(before))

    def _soon(self, call: Callable[..., Any], *arguments: Any) -> None:
        self._loop.call_soon_threadsafe(call, *arguments)

    def _to_all(self, act: Callable[[Connection], None]) -> None:
        def to_all() -> None:
            for connection in list(self.gateway.connections):
                act(connection)

        self._soon(to_all)

    def _name_command(self, data: Payload) -> None:
        """Give a command's interaction the id that the command got when it was synced."""
        command = data["data"]
        if data["type"] in (2, 4):
            command["id"] = self.state.command_id(command["type"], command["name"]) or command["id"]

    def _sent(self, frame: Payload, moment: float) -> None:
        if frame.get("t") == "INTERACTION_CREATE":
            interaction = self.state.interactions[int(frame["d"]["id"])]
            if interaction.sent is None:
                interaction.sent = moment
