"""After each reindex: marks old public answers that the documents no longer bear out, by setting.

It goes by what all readers of the channel may see, and edits few messages at a time, since Discord
allows few.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import discord

from bot.clock import utc_now
from bot.discord.cogs.bot_cog import BotCog, Work
from bot.discord.rendering.limits import BUTTONS_IN_ROW, COMPONENTS, CONTENT, LAYOUT, ROWS, units
from bot.discord.ui.actions import ids_in
from bot.discord.ui.ages import Age, again_button, age_of
from bot.discord.ui.sending import NOT_SENT
from bot.errors import Busy
from bot.localization import LazyText, speaking
from bot.records import Exchange
from index.errors import BriefingError

MARK = LazyText("⚠️ The documents have changed since: ask again.")
MOST_EDITS = 5
"""Messages that are edited in a channel after one reindex, the newest first."""
_PAUSE = 1.5
"""Seconds between two edits; Discord allows five in five seconds in a channel."""
_DAYS, _LOOKED_AT = 30, 500
"""How old an answer may be, and how many of a server are looked at."""
_log = logging.getLogger(__name__)


class Marking(BotCog):
    def background(self) -> Iterable[Work]:
        yield self.after_each_reindex("marks", self.mark)

    async def mark(self) -> None:
        """Mark the answers that are old by now, in each server that has set that."""
        services = self.services
        run_quick, records = services.admission.run_quick, services.records
        since = utc_now() - timedelta(days=_DAYS)
        for guild in self.bot.guilds:
            if not services.guilds.of(guild.id).mark_outdated:
                continue
            edits: Counter[int] = Counter()
            found = await run_quick(records.marked.unmarked, guild.id, since, _LOOKED_AT)
            for number in found:
                exchange = await run_quick(records.exchange, number)
                if exchange is None or edits[exchange.channel] == MOST_EDITS:
                    continue
                try:
                    if await self._is_stale(exchange):
                        with speaking(self.bot.languages.here(guild)):
                            edits[exchange.channel] += await self._edit(exchange)
                except (BriefingError, *NOT_SENT) as exc:
                    if services.admission.is_closing:
                        raise Busy(0) from exc
                    _log.warning("An old answer could not be marked: %s", type(exc).__name__)

    async def _is_stale(self, exchange: Exchange) -> bool:
        services = self.services

        def age() -> Age | None:
            return age_of(services, services.libraries.of(readers), exchange)

        readers = self.bot.viewers.readers_in(exchange.channel)
        if self.bot.get_channel(exchange.channel) is None:  # a thread that was archived
            return False
        found = await services.admission.run_idle(age)
        # The same once more where the channel was opened to others meanwhile.
        if found is not None and (now := self.bot.viewers.readers_in(exchange.channel)) != readers:
            readers = now
            found = await services.admission.run_quick(age)
        return found is not None and found.is_stale

    async def _edit(self, exchange: Exchange) -> bool:
        """Mark the last message of an answer; return whether it was edited."""
        services = self.services
        channel = self.bot.get_partial_messageable(exchange.channel)
        edited = False
        try:
            message = await channel.fetch_message(exchange.replies[-1])
            if (change := _marked(message, exchange)) is not None:
                await message.edit(**change)
                edited = True
        except (discord.NotFound, discord.Forbidden):
            pass  # it is deleted, or the bot may not read there
        await services.admission.run_quick(services.records.marked.mark, exchange.id)
        if edited:
            await asyncio.sleep(_PAUSE)
        return edited


def _marked(message: discord.Message, exchange: Exchange) -> dict[str, Any] | None:
    """Return how an answer is edited; None where it is marked already, or has no room."""
    button = again_button(exchange)
    if button.custom_id in ids_in(message):
        return None
    added: discord.ui.Button[Any] = discord.ui.Button(
        label=button.label, custom_id=button.custom_id, style=button.style
    )
    if message.flags.components_v2:
        return _layout_with(message, added)
    return _view_with(message, added)


def _layout_with(message: discord.Message, added: discord.ui.Button[Any]) -> dict[str, Any] | None:
    view, mark = discord.ui.LayoutView.from_message(message, timeout=None), str(MARK)
    if view.content_length() + len(mark) > LAYOUT or view.total_children_count + 3 > COMPONENTS:
        return None
    items = list(view.children)
    view.clear_items()
    for item in (discord.ui.TextDisplay[Any](mark), *items):
        view.add_item(item)
    last = items[-1]
    if isinstance(last, discord.ui.ActionRow) and len(last.children) < BUTTONS_IN_ROW:
        last.add_item(added)
    else:
        view.add_item(discord.ui.ActionRow(added))
    view.stop()  # as `layout_of` does
    return {"view": view}


def _view_with(message: discord.Message, added: discord.ui.Button[Any]) -> dict[str, Any] | None:
    """Do the same for a message that was sent before answers were laid out."""
    rows = [row for row in message.components if isinstance(row, discord.ActionRow)]
    at = len(rows) - 1
    if not rows or len(rows[-1].children) == BUTTONS_IN_ROW:
        at += 1
    if at == ROWS:
        return None
    view = discord.ui.View.from_message(message, timeout=None)
    assert isinstance(view, discord.ui.View)
    added.row = at
    view.add_item(added)
    view.stop()
    content = f"{message.content}\n{MARK}".strip()
    return {"content": content if units(content) <= CONTENT else message.content, "view": view}
