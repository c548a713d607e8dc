"""simcord, live: people act at any time in its page, and see what happens meanwhile."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import time
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from bot.demo.apps import ASKS, Apps, serve_apps
from bot.discord.permissions.languages import locale_of
from bot.localization import language

if TYPE_CHECKING:
    from simcord import ChannelHandle, MemberActor, Preview, UserHandle

BOT = "Briefing Bot"

_GAPS = """
#preview-app :is(.message-content, .embed-description, .embed-field-value, blockquote)
> :is(p, ul, ol) + p {
  margin-top: 1lh;
}
"""

_log = logging.getLogger(__name__)


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


class Live:
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
        self.one_at_a_time = asyncio.Lock()
        self._watching: asyncio.Task[None] | None = None
        self._followed: dict[tuple[int, str], tuple[str, int, float]] = {}
        self._locale = locale_of(language()).value
        self._emit = env.backend.emit
        vars(env.backend)["emit"] = self._emit_in_language
        env.backend.clock = cast("Any", _Now())
        vars(env)["_settle_internal"] = self._wait_a_little
        vars(env)["_record_error"] = self._note
        self._stack = AsyncExitStack()
        self.apps = Apps(self._show_thread)

    async def show(
        self,
        stack: AsyncExitStack,
        channel: ChannelHandle,
        viewers: Sequence[MemberActor | UserHandle],
        port: int,
    ) -> Preview:
        self.env._preview = None  # or a second one is refused
        preview = self.env.preview(
            channel,
            viewers=viewers,
            layout="channel",
            timezone=_timezone(),
            locale=self._locale,
            port=port,
        )
        _draw_as_discord(preview)
        serve_apps(preview)
        self._stack = stack
        await stack.enter_async_context(preview)
        act = preview._action

        async def act_in_turn(page: str | None, body: Any) -> Any:
            """Act one after another: simcord refuses an action as "busy" or on an old page."""
            if isinstance(body, dict) and body.get("kind") == ASKS:
                async with self.one_at_a_time:
                    return await self.apps.asked(preview, page, body)
            async with self.one_at_a_time:
                return await act(page, _as_meant(preview, page, body))

        vars(preview)["_action"] = act_in_turn
        self._previews.append(preview)
        self.env._preview = cast("Preview", self)
        return preview

    async def _show_thread(
        self, channel: ChannelHandle, viewers: Sequence[MemberActor | UserHandle]
    ) -> Preview:
        return await self.show(self._stack, channel, viewers, 0)

    def _emit_in_language(self, event: str, payload: Mapping[str, Any]) -> None:
        """Say of each click that the person uses Discord in the language of the settings."""
        if event == "INTERACTION_CREATE":
            payload = {**payload, "locale": self._locale}
        self._emit(event, payload)

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
        key = (id(preview), page.id)  # each preview has a page of its own that is called "python"
        known, known_size, since = self._followed.setdefault(key, (newest, size, now))
        if newest != known or size > known_size * 1.2:
            self._followed[key] = (newest, size, now)
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
        meant["content"] = content.replace(f"@{BOT}", f"<@{preview.env.backend.bot_user.id}>")
    return body | meant


def _timezone() -> str:
    """Return the name of this machine's time zone, "UTC" where it has none."""
    from zoneinfo import ZoneInfo

    with suppress(Exception):
        name = os.environ.get("TZ") or str(Path("/etc/localtime").readlink())
        name = name.partition("zoneinfo/")[2] or name
        return ZoneInfo(name).key
    return "UTC"
