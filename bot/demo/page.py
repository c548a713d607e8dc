"""The demo: the real bot in a local page that looks like Discord, without an account.

simcord is made for tests: its clock stands still, and every action waits until the bot has nothing
left to do. Here the clock runs, an action waits only for the bot's first reaction, and what the bot
does later appears by itself (`_Live`).
"""

from __future__ import annotations

import asyncio
import importlib.util
import json
import logging
import os
import shutil
import signal
import sys
import time
import webbrowser
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from bot.config.guilds import GuildBook, GuildSettings
from bot.errors import DemoUnavailable
from bot.localization import LazyText, _

if TYPE_CHECKING:
    import discord
    from simcord import ChannelHandle, Env, MemberActor, Preview, UserHandle

    from bot.config.settings import Settings

__all__ = ["MakeBot", "Room", "World", "copied", "open_world", "run_demo"]

MakeBot = Callable[[GuildBook], "discord.Client"]
"""Builds the bot for guilds with these settings."""

_BOT = "Briefing Bot"
_GUILD = "Larkfield Relief"
_OWNER = "Marta Kowalczyk"
_WELCOME = LazyText(
    "Hello! Ask me anything about the briefing documents, right here. For example:\n"
    "> what roles would Norway's force take\n"
    "> Who signs the lease for the new Karsk warehouse?\n"
    "> which documents mention Karsk?\n"
    "> within how many days are claims handed in?\n\n"
    "Type `/` to see what else I can do: `/changes`, `/compare` and `/list`, for example.\n"
    "An update is waiting. Ask *how much is an advance at most?*, click *Tell me when this "
    "changes*, and then choose Ada at the top, who is an admin: with `/reindex` she takes it in. "
    "She also has `/conflicts` and `/documents show`."
)

_GAPS = """
#preview-app :is(.message-content, .embed-description, .embed-field-value, blockquote)
> :is(p, ul, ol) + p {
  margin-top: 1lh;
}
"""

_log = logging.getLogger(__name__)


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


def copied(settings: Settings, folder: Path) -> Settings:
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


# The world


@dataclass(frozen=True, slots=True)
class Room:
    """A conversation and the page that shows it."""

    name: str
    channel: ChannelHandle
    preview: Preview


@dataclass(frozen=True, slots=True)
class World:
    """A guild where messages in #questions are questions and Ada has Manage Server.

    `finished` waits until the bot has nothing left to do, which tests and pictures need.
    """

    env: Env
    bot: discord.Client
    admin: MemberActor
    members: tuple[MemberActor, ...]
    questions: ChannelHandle
    general: ChannelHandle
    audit: ChannelHandle
    finished: Callable[[], Awaitable[None]]
    rooms: tuple[Room, ...] = ()


@asynccontextmanager
async def open_world(make_bot: MakeBot, *, port: int = 0) -> AsyncIterator[World]:
    """Start the bot and yield the world that it is in. Raises DemoUnavailable."""
    with _quiet():
        import simcord

    async with AsyncExitStack() as stack:
        live = _Live()
        world = _people_a_guild(live, make_bot)
        env = world.env
        await env.start()
        stack.push_async_callback(_end, world)
        stack.push_async_callback(live.stop)
        everybody = (*world.members, world.admin)
        private = world.members[0].user
        rooms = []
        for name, channel, viewers, wanted in (
            ("#questions", world.questions, everybody, port),
            ("#general", world.general, everybody, 0),
            ("a private chat", private.dm_channel, (private,), 0),
            ("#bot-log", world.audit, (world.admin,), 0),
        ):
            try:
                preview = await live.show(stack, channel, viewers, wanted)
            except simcord.SetupError as exc:
                raise DemoUnavailable(
                    _(
                        "The demo cannot start ({reason}). `--port` names another port; without "
                        "it, any that is free is taken."
                    ).format(reason=exc)
                ) from exc
            rooms.append(Room(name, channel, preview))
        live.start()
        with env._bot_scope():
            await _welcome(world)
        yield replace(world, rooms=tuple(rooms))


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence the warning of discord.py, at simcord's import, that the bot has no voice."""
    warns = logging.getLogger("discord.state")
    before, warns.disabled = warns.disabled, True
    try:
        yield
    finally:
        warns.disabled = before


def _people_a_guild(live: _Live, make_bot: MakeBot) -> World:
    import discord

    env = live.env
    env.backend.bot_user.name = _BOT
    owner = env.create_user("larkfield", global_name="Larkfield Relief")
    guild = env.create_guild(_GUILD, owner=owner)
    admins = guild.create_role(
        "Administrators", permissions=discord.Permissions(manage_guild=True), color=0x2F6F4F
    )
    ada = guild.add_member(env.create_user("ada", global_name="Ada (admin)"), roles=[admins])
    ben = guild.add_member(env.create_user("ben", global_name="Ben"))
    chloe = guild.add_member(env.create_user("chloe", global_name="Chloe"))
    marta = guild.add_member(env.create_user("marta", global_name=_OWNER))
    questions = guild.create_text_channel("questions", topic=_("Every message here is a question."))
    general = guild.create_text_channel(
        "general", topic=_("Mention @{name} to ask it something.").format(name=_BOT)
    )
    audit = guild.create_text_channel("bot-log", topic=_("What admins did with the bot."))
    book = GuildBook(
        GuildSettings(),
        {
            guild.id: GuildSettings.model_validate(
                {
                    "question_channels": [questions.id],
                    "audit_channel": audit.id,
                    "review_channel": general.id,
                    "owners": {_OWNER: marta.id},
                    "digest_channel": general.id,
                    "digest": "reindex",
                    "mark_outdated": True,
                }
            )
        },
    )
    env.bot = make_bot(book)
    return World(env, env.bot, ada, (ben, chloe, marta), questions, general, audit, live.finished)


async def _welcome(world: World) -> None:
    import discord

    channel = world.bot.get_channel(world.questions.id)
    assert isinstance(channel, discord.TextChannel)
    await channel.send(str(_WELCOME))


async def _end(world: World) -> None:
    """End the bot as SIGTERM does; what still runs then ends with the process."""
    try:
        await world.bot.close()
    finally:
        with suppress(TimeoutError):
            await world.env.shutdown()


# simcord, live


class _Now:
    """A clock for simcord that runs: by `perf_counter`, which simcord does not replace."""

    def __init__(self) -> None:
        self._began = time.perf_counter()

    @property
    def elapsed(self) -> float:
        return time.perf_counter() - self._began

    def now(self) -> datetime:
        return datetime.now(UTC)

    def advance(self, seconds: float) -> None:
        """Do nothing: time passes by itself."""


class _Live:
    """Lets people use simcord's Env: they act at any time, and see what happens meanwhile.

    It reaches into simcord 3.2.1, which has no public interface for this; a test
    (`tests/bot/demo/test_page.py`) fails if another version works differently.
    """

    _ACKNOWLEDGED_WITHIN = 3.0
    _SIGN_OF_LIFE_WITHIN = 0.4
    _LOOK_EVERY = 0.15
    _FOLLOWED_WITHIN = 1.2
    _FINISHED_WITHIN = 120.0
    _LOOKS_APART = 0.3

    def __init__(self) -> None:
        import discord
        import simcord

        # A stand-in until the bot is built, which needs the guilds of this Env.
        self.env = env = simcord.Env(discord.Client(intents=discord.Intents(guilds=True)))
        self._previews: list[Preview] = []
        self._settle = env._settle_internal
        self._one_at_a_time = asyncio.Lock()
        self._watching: asyncio.Task[None] | None = None
        self._followed: dict[str, tuple[str, int, float]] = {}
        env.backend.clock = cast("Any", _Now())
        vars(env)["_settle_internal"] = self._wait_a_little
        vars(env)["_record_error"] = self._note

    async def show(
        self,
        stack: AsyncExitStack,
        channel: ChannelHandle,
        viewers: Sequence[MemberActor | UserHandle],
        port: int,
    ) -> Preview:
        self.env._preview = None  # or a second one is refused
        preview = self.env.preview(
            channel, viewers=viewers, layout="channel", timezone=_timezone(), port=port
        )
        _draw_as_discord(preview)
        await stack.enter_async_context(preview)
        act = preview._action

        async def act_in_turn(page: str | None, body: Any) -> Any:
            """Act one after another: simcord refuses an action as "busy" or on an old page."""
            async with self._one_at_a_time:
                return await act(page, _as_meant(preview, page, body))

        vars(preview)["_action"] = act_in_turn
        self._previews.append(preview)
        self.env._preview = cast("Preview", self)
        return preview

    # What simcord calls of the only preview that it knows
    _closed = False

    def _mark_action_dispatched(self) -> None:
        for preview in self._previews:
            preview._mark_action_dispatched()

    def start(self) -> None:
        self._watching = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.wait([self._watching])

    async def _watch(self) -> None:
        """Publish what the bot did, and let its timers run."""
        seen = -1
        while True:
            await asyncio.sleep(self._LOOK_EVERY)
            with suppress(TimeoutError):
                await self._settle(timeout=0)
            done = len(self.env.http_requests)
            for preview in self._previews:
                if done != seen:
                    preview._advance_presentation_time()
                for page in list(preview._pages.values()):
                    if page.pinned_snapshot is None:
                        self._publish(preview, page, news=done != seen)
            seen = done

    def _publish(self, preview: Preview, page: Any, *, news: bool) -> None:
        """Publish a page, and scroll to the newest message if it is new or has grown much.

        A page scrolls when its target changes, so the target is taken away after a while.
        """
        if news:
            preview._publish(page, reason="refresh")
        timeline = page.snapshot.get("timeline") or [""]
        newest = timeline[-1]
        size = len(json.dumps(page.snapshot.get("messages", {}).get(newest, "")))
        now = time.perf_counter()
        known, known_size, since = self._followed.setdefault(page.id, (newest, size, now))
        if newest != known or size > known_size * 1.2:
            self._followed[page.id] = (newest, size, now)
            page.target_id = int(newest) if newest else None
            preview._publish(page, reason="refresh")
        elif page.target_id is not None and now - since > self._FOLLOWED_WITHIN:
            page.target_id = None
            preview._publish(page, reason="refresh")

    async def finished(self) -> None:
        """Wait until the bot does nothing but wait for its next look at something.

        For simcord a task is at work if it goes on before the time that is given here is over.
        """
        until = time.perf_counter() + self._FINISHED_WITHIN
        while True:
            try:
                return await self._settle(timeout=self._LOOKS_APART)
            except TimeoutError:
                if time.perf_counter() > until:
                    raise

    async def _wait_a_little(self, **_: object) -> None:
        """Wait for the bot's first reaction, where simcord waits until all is done."""
        began = time.perf_counter()
        while True:
            with suppress(TimeoutError):
                return await self._settle(timeout=0.1)
            passed = time.perf_counter() - began
            interaction = self._interaction()
            if interaction is None and passed > self._SIGN_OF_LIFE_WITHIN:
                return None
            if interaction is not None and (
                interaction.responded or passed > self._ACKNOWLEDGED_WITHIN
            ):
                return None

    def _interaction(self) -> Any:
        actions = (preview._active_action for preview in self._previews)
        return next((action.interaction for action in actions if action is not None), None)

    @staticmethod
    def _note(error: BaseException) -> None:
        """Log an error; the page would show one that the bot has answered as a failure."""
        _log.debug("The bot raised %r", error)


def _draw_as_discord(preview: Preview) -> None:
    """Show empty lines, and mentions in embeds, as Discord does."""
    from simcord.preview import _markdown

    for place in ("embed_description", "embed_field_value"):
        _markdown._FIELD_POLICIES[place]["mentions"] = True
    serve = preview._server._static

    async def serve_with_gaps(request: Any) -> Any:
        response = await serve(request)
        if request.path == "/preview.css":
            response.text += _GAPS
        return response

    vars(preview._server)["_static"] = serve_with_gaps


def _as_meant(preview: Preview, page: str | None, body: Any) -> Any:
    """Return the action on the page as it is now, with the bot's name as a mention."""
    known = preview._pages.get(page or "")
    if known is None or not isinstance(body, dict):
        return body
    meant: dict[str, Any] = {}
    if "published_revision" in body:
        meant["published_revision"] = known.revision
    if isinstance(content := body.get("content"), str):
        meant["content"] = content.replace(f"@{_BOT}", f"<@{preview.env.backend.bot_user.id}>")
    return body | meant


def _timezone() -> str:
    """Return the name of this machine's time zone, "UTC" where it has none."""
    from zoneinfo import ZoneInfo

    with suppress(Exception):
        name = os.environ.get("TZ") or str(Path("/etc/localtime").readlink())
        name = name.partition("zoneinfo/")[2] or name
        return ZoneInfo(name).key
    return "UTC"
