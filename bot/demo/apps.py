"""What simcord's page lacks: the apps of a message, threads to enter, and ways between rooms.

`apps.js` shows them. It asks over simcord's own way for actions, with what `Apps.asked` answers, so
that only who has the page's address can.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simcord import ChannelHandle, Preview

ASKS = "briefing-bot"
"""The kind of an action that is for this module."""
_SCRIPT = "/apps.js"
_LOADED = '<script src="/apps.js"></script>'
_HERE = Path(__file__).parent
_MOST_THREADS = 8
_FORM_WITHIN, _LOOK_EVERY = 3.0, 0.05
"""Seconds in which a command may answer with a form."""
_OF_MESSAGES = 3
_STYLE = """
#demo-rooms { display: flex; flex-wrap: wrap; gap: 4px 16px; padding: 6px 16px; font-size: 14px; }
#demo-rooms a { color: #949cf7; text-decoration: none; }
#demo-rooms a[aria-current] { color: inherit; font-weight: 600; }
#demo-apps { position: fixed; z-index: 99; min-width: 180px; padding: 6px; border-radius: 6px;
  background: #111214; color: #dbdee1; box-shadow: 0 8px 16px #0006; font: 14px sans-serif; }
#demo-apps p { margin: 4px 8px; color: #949ba4; font-size: 12px; }
#demo-apps button { display: block; width: 100%; padding: 8px; border: 0; border-radius: 4px;
  background: none; color: inherit; font: inherit; text-align: left; cursor: pointer; }
#demo-apps button:is(:hover, :focus) { background: #5865f2; color: #fff; outline: none; }
.thread-summary { cursor: pointer; text-decoration: underline; }
"""

Show = Callable[["ChannelHandle", Sequence[Any]], Awaitable["Preview"]]


@dataclass(frozen=True, slots=True)
class Room:
    """A conversation and the page that shows it."""

    name: str
    channel: ChannelHandle
    preview: Preview


class Apps:
    """Answers what the script in the pages asks; `show` makes a page for a thread."""

    def __init__(self, show: Show) -> None:
        self._show = show
        self.rooms: list[Room] = []
        self._threads: dict[int, Room] = {}

    async def asked(self, preview: Preview, page_id: str | None, body: Mapping[str, Any]) -> Any:
        """Return what was asked for, as JSON; nothing where it is not to be had."""
        page = preview._get_page(page_id)
        wanted = body.get("wants")
        if wanted == "rooms":
            return {"rooms": await self._rooms(preview, page)}
        if wanted == "apps":
            return {"apps": _apps(preview, page)}
        if wanted == "use":
            await _use(preview, page, body)
        return {}

    async def _rooms(self, preview: Preview, page: Any) -> list[dict[str, Any]]:
        """Return the conversations of the person who looks at a page, with their threads."""
        await self._find_threads()
        return [
            {"name": room.name, "url": room.preview.url, "here": room.preview is preview}
            | ({"thread": str(room.channel.id)} if room.channel.id in self._threads else {})
            for room in (*self.rooms, *self._threads.values())
            if any(viewer.id == page.viewer.id for viewer in room.preview.viewers)
        ]

    async def _find_threads(self) -> None:
        from simcord import ChannelHandle

        for room in list(self.rooms):
            env = room.preview.env
            for channel in list(env.backend.channels.values()):
                if (
                    channel.is_thread
                    and channel.parent_id == room.channel.id
                    and channel.id not in self._threads
                    and len(self._threads) < _MOST_THREADS
                ):
                    handle = ChannelHandle(env, room.channel.guild, channel)
                    shown = await self._show(handle, room.preview.viewers)
                    name = f"{room.name} › {channel.name or ''}"
                    self._threads[channel.id] = Room(name, handle, shown)


def _apps(preview: Preview, page: Any) -> list[str]:
    """Return the names of the commands for messages that a person may use here."""
    found = preview.env.backend.visible_commands(
        user_id=page.viewer.id, channel_id=page.channel_id, type=_OF_MESSAGES
    )
    return [str(command["name"]) for command in found]


async def _use(preview: Preview, page: Any, body: Mapping[str, Any]) -> None:
    """Use a command on a message, and show the form that it may answer with."""
    from simcord import SetupError

    name, number = str(body.get("name")), str(body.get("message"))
    if name not in _apps(preview, page) or not number.isdecimal():
        return
    message = await _message(preview, int(number))
    if message is None:
        return
    with suppress(SetupError):  # it is gone, or not for this person
        result = await page.viewer.context_menu(preview.channel, name, message)
        for _ in range(round(_FORM_WITHIN / _LOOK_EVERY)):
            if result.modal is not None:
                page.modal, page.modal_handle = result, f"m_{secrets.token_urlsafe(12)}"
                break
            if result._interaction.responded:
                break
            await asyncio.sleep(_LOOK_EVERY)
    preview._advance_presentation_time()
    preview._publish(page, reason="action")


async def _message(preview: Preview, number: int) -> Any:
    import discord

    channel = preview.env.bot.get_channel(preview.channel.id)
    if not isinstance(channel, discord.abc.Messageable):
        return None
    with suppress(discord.HTTPException):
        return await channel.fetch_message(number)
    return None


def serve_apps(preview: Preview) -> None:
    """Have the page of a preview run our script."""
    server = preview._server
    vars(server)["_STATIC_FILES"] = {**server._STATIC_FILES, _SCRIPT: _SCRIPT}
    serve = server._static

    async def serve_more(request: Any) -> Any:
        from aiohttp import web

        if request.path == _SCRIPT:
            if request.headers.get("Host", "") not in server._allowed_hosts():
                raise web.HTTPForbidden
            text = (_HERE / "apps.js").read_text(encoding="utf-8")
            headers = server._SECURITY_HEADERS
            return web.Response(text=text, content_type="application/javascript", headers=headers)
        response = await serve(request)
        if request.path == "/":
            response.text = response.text.replace("</head>", f"{_LOADED}</head>")
        elif request.path == "/preview.css":
            response.text += _STYLE
        return response

    vars(server)["_static"] = serve_more
