"""Discord's gateway: sessions that outlive their connections, over a compressed websocket."""

from __future__ import annotations

import asyncio
import json
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum, IntFlag
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from testing.loopback import payloads
from testing.loopback.payloads import BOT, GUILD, Payload
from testing.loopback.records import Frame, Journal
from testing.loopback.state import State


class Op(IntEnum):
    DISPATCH = 0
    HEARTBEAT = 1
    IDENTIFY = 2
    PRESENCE = 3
    RESUME = 6
    RECONNECT = 7
    REQUEST_MEMBERS = 8
    INVALID_SESSION = 9
    HELLO = 10
    HEARTBEAT_ACK = 11


class Intent(IntFlag):
    MEMBERS = 1 << 1
    PRESENCES = 1 << 8
    MESSAGES = 1 << 9
    REACTIONS = 1 << 10
    TYPING = 1 << 11
    DM_MESSAGES = 1 << 12
    DM_REACTIONS = 1 << 13
    DM_TYPING = 1 << 14
    MESSAGE_CONTENT = 1 << 15


PRIVILEGED = Intent.MEMBERS | Intent.PRESENCES | Intent.MESSAGE_CONTENT
KNOWN_INTENTS = (1 << 26) - 1 & ~(0b111 << 17) & ~(0b11 << 22)

_THREAD = 11
_HISTORY = 2_000
"""Events of a session that are kept for a RESUME."""

# Which intent, in the guild and in a direct message, brings an event; others come unasked.
_INTENTS = {
    "MESSAGE": (Intent.MESSAGES, Intent.DM_MESSAGES),
    "MESSAGE_REACTION": (Intent.REACTIONS, Intent.DM_REACTIONS),
    "TYPING": (Intent.TYPING, Intent.DM_TYPING),
    "GUILD_MEMBER": (Intent.MEMBERS, Intent.MEMBERS),
}


@dataclass(frozen=True)
class Event:
    sequence: int
    name: str
    data: Payload

    def frame(self) -> Payload:
        return {"op": Op.DISPATCH, "t": self.name, "s": self.sequence, "d": self.data}


@dataclass
class Connection:
    """One websocket. What is to be sent goes through a queue, so that it keeps its order."""

    number: int
    socket: web.WebSocketResponse
    transport: asyncio.Transport | None
    compressor: Any  # zlib's, whose type has no name; None without compression
    queue: asyncio.Queue[Payload | int] = field(default_factory=asyncio.Queue)
    session: Session | None = None
    left: bool = False  # by us, not by the bot
    closing: bool = False  # a code is in the queue

    def put(self, frame: Payload) -> None:
        self.queue.put_nowait(frame)

    def close(self, code: int) -> None:
        """Close with a code, after what is queued."""
        self.detach()
        self.closing = True
        self.queue.put_nowait(code)

    def drop(self) -> None:
        """Cut the line, without a word."""
        self.detach()
        if self.transport is not None:
            self.transport.abort()

    def detach(self) -> None:
        self.left = True
        if self.session is not None and self.session.connection is self:
            self.session.connection = None


@dataclass
class Session:
    """What an IDENTIFY begins; a RESUME continues it on another connection."""

    id: str
    intents: int
    connection: Connection | None
    sequence: int = 0
    history: list[Event] = field(default_factory=list)

    def emit(self, name: str, data: Payload) -> None:
        """Send an event, now or when the session is resumed."""
        self.sequence += 1
        event = Event(self.sequence, name, data)
        self.history.append(event)
        if self.connection is not None:
            self.connection.put(event.frame())


class Gateway:
    """Answers what the bot says on its websockets; all methods run in the server's thread."""

    def __init__(self, token: str, on_sent: Callable[[Payload, float], None]) -> None:
        self.token = token
        self.heartbeat_interval = 41.25  # seconds
        self.acknowledges_heartbeats = True
        self.granted = PRIVILEGED
        self.split = False
        self.resume_url = ""
        self.sessions: dict[str, Session] = {}
        self.connections: list[Connection] = []  # those that are open
        self.opened: list[tuple[str, str | None]] = []  # path and compression of all there were
        self.frames: Journal[Frame] = Journal("gateway message")
        self._on_sent = on_sent
        self._members: list[Any] = []
        self._channels: dict[int, Payload] = {}

    def tell_about(self, state: State) -> None:
        self._members = list(state.people.values())
        self._channels = state.channels

    def forget(self) -> None:
        """Lets go of events that the bot has surely had."""
        for session in self.sessions.values():
            del session.history[:-_HISTORY]

    def emit(self, name: str, data: Payload) -> None:
        """An event for every session whose intents ask for it."""
        for session in self.sessions.values():
            if wanted(session.intents, name, data):
                session.emit(name, visible(session.intents, name, data))

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """One connection, from HELLO to its end."""
        compression = request.query.get("compress")
        if compression not in (None, "zlib-stream"):
            raise web.HTTPBadRequest(text=f"The loopback does not speak {compression}.")
        socket = web.WebSocketResponse(compress=False, timeout=1.0)
        await socket.prepare(request)
        self.opened.append((request.path, compression))
        connection = Connection(
            len(self.opened), socket, request.transport, zlib.compressobj() if compression else None
        )
        self.connections.append(connection)
        writer = asyncio.create_task(self._write(connection))
        connection.put(
            {"op": Op.HELLO, "d": {"heartbeat_interval": int(self.heartbeat_interval * 1000)}}
        )
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._receive(connection, json.loads(message.data))
        finally:
            await self._end(connection, writer)
        return socket

    async def _end(self, connection: Connection, writer: asyncio.Task[None]) -> None:
        """The session lives on for a RESUME, unless the bot took its leave properly."""
        if not connection.closing:
            writer.cancel()
        if not connection.left:
            good_bye = connection.socket.close_code in (WSCloseCode.OK, WSCloseCode.GOING_AWAY)
            if connection.session is not None and good_bye:
                self.sessions.pop(connection.session.id, None)
        connection.detach()
        await asyncio.wait([writer], timeout=1.0)
        writer.cancel()
        self.connections.remove(connection)

    async def _write(self, connection: Connection) -> None:
        """Send what is queued, in order."""
        while True:
            item = await connection.queue.get()
            if isinstance(item, int):
                await connection.socket.close(code=item)
                return
            try:
                await self._send(connection, item)
            except ConnectionError:
                return  # The bot has gone; the session keeps the events for a RESUME.

    async def _send(self, connection: Connection, frame: Payload) -> None:
        self._on_sent(frame, time.monotonic())
        text = json.dumps(frame)
        if connection.compressor is None:
            await connection.socket.send_str(text)
            return
        data = connection.compressor.compress(text.encode())
        data += connection.compressor.flush(zlib.Z_SYNC_FLUSH)
        cut = len(data) // 2 if self.split else len(data)
        for part in filter(None, (data[:cut], data[cut:])):
            await connection.socket.send_bytes(part)

    def _receive(self, connection: Connection, frame: Payload) -> None:
        op: int = frame["op"]
        data: Any = frame.get("d")
        match op:
            case Op.HEARTBEAT:
                if self.acknowledges_heartbeats:
                    connection.put({"op": Op.HEARTBEAT_ACK})
            case Op.IDENTIFY:
                self._identify(connection, data)
                data = {**data, "token": "..."}
            case Op.RESUME:
                self._resume(connection, data)
                data = {**data, "token": "..."}
            case Op.REQUEST_MEMBERS:
                self._give_members(connection, data)
            case Op.PRESENCE:
                pass
            case _:
                connection.close(4001)
        self.frames.add(Frame(op, data, time.monotonic(), connection.number))

    def _identify(self, connection: Connection, data: Payload) -> None:
        intents = data["intents"]
        if data["token"] != self.token:
            return connection.close(4004)
        if intents & ~KNOWN_INTENTS:
            return connection.close(4013)
        if intents & PRIVILEGED & ~self.granted:
            return connection.close(4014)
        session = Session(f"session-{payloads.snowflake()}", intents, connection)
        self.sessions[session.id] = session
        connection.session = session
        session.emit(
            "READY",
            {
                "v": 10,
                "user": payloads.bot_user(),
                "guilds": [{"id": str(GUILD), "unavailable": True}],
                "session_id": session.id,
                "resume_gateway_url": self.resume_url,
                "application": {"id": str(payloads.APPLICATION), "flags": 1 << 19},
            },
        )
        # Without the members intent a guild comes with the bot alone.
        members = self._members if intents & Intent.MEMBERS else [BOT]
        threads = [one for one in list(self._channels.values()) if one["type"] == _THREAD]
        guild = payloads.guild(members) | {"member_count": len(self._members), "threads": threads}
        session.emit("GUILD_CREATE", guild)
        return None

    def _resume(self, connection: Connection, data: Payload) -> None:
        session = self.sessions.get(data["session_id"])
        if data["token"] != self.token:
            return connection.close(4004)
        if session is None or data["seq"] > session.sequence:
            return connection.put({"op": Op.INVALID_SESSION, "d": False})
        connection.session, session.connection = session, connection
        for event in session.history:
            if event.sequence > data["seq"]:
                connection.put(event.frame())
        session.emit("RESUMED", {})
        return None

    def _give_members(self, connection: Connection, data: Payload) -> None:
        if connection.session is None:
            return
        ids = [str(id_) for id_ in data.get("user_ids") or []]
        query, limit = (data.get("query") or "").lower(), data.get("limit") or None
        found = [
            {**payloads.member(person), "user": payloads.user(person)}
            for person in self._members
            if (str(person.id) in ids if ids else person.name.startswith(query))
        ][:limit]
        chunk = {"guild_id": str(GUILD), "members": found, "chunk_index": 0, "chunk_count": 1}
        if "nonce" in data:
            chunk["nonce"] = data["nonce"]
        connection.session.emit("GUILD_MEMBERS_CHUNK", chunk)


def wanted(intents: int, name: str, data: Payload) -> bool:
    """Whether a session with these intents is sent the event."""
    family = name.rsplit("_", 1)[0]
    if family not in _INTENTS:
        return True
    return bool(intents & _INTENTS[family]["guild_id" not in data])


def visible(intents: int, name: str, data: Payload) -> Payload:
    """A message without its content, where the bot may not read it."""
    if name not in ("MESSAGE_CREATE", "MESSAGE_UPDATE") or intents & Intent.MESSAGE_CONTENT:
        return data
    mentioned = any(user["id"] == str(BOT.id) for user in data.get("mentions", []))
    own = data.get("author", {}).get("id") == str(BOT.id)
    if mentioned or own or "guild_id" not in data:
        return data
    return data | {"content": "", "embeds": [], "attachments": [], "components": []}
