"""Tells Discord of the slash commands, if they are not what it was told last."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging

import discord
from discord import app_commands

from bot.records import Records

__all__ = ["sync_commands"]

_KEY = "commands synced"
_log = logging.getLogger(__name__)


async def sync_commands(
    tree: app_commands.CommandTree[discord.Client], records: Records, *, anyway: bool = False
) -> bool:
    """True if they were sent. Discord allows 200 new ones a day, so an unchanged set is not.

    If Discord refuses them, those that it knows go on working, and the next start tries again.
    """
    described = [command.to_dict(tree) for command in tree.get_commands()]
    described.sort(key=lambda command: (command["type"], command["name"]))
    text = json.dumps([tree.client.application_id, described], sort_keys=True)
    digest = hashlib.sha256(text.encode()).hexdigest()
    if not anyway and await asyncio.to_thread(records.recall, _KEY) == digest:
        return False
    try:
        await tree.sync()
    except discord.DiscordServerError:
        raise  # it is Discord that is unwell: another connection, later, finds it better
    except discord.HTTPException as exc:
        _log.error("Discord refused the commands; those that it knows go on working: %s", exc.text)
        return False
    await asyncio.to_thread(records.remember, _KEY, digest)
    _log.info("Told Discord of %d commands", len(described))
    return True
