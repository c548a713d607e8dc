"""Sends the slash commands to Discord if they have changed since they were sent last."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from typing import Any, TypeAlias

import discord
from discord import app_commands

from bot.records import Records

_AnyCommand: TypeAlias = (
    app_commands.Command[Any, Any, Any] | app_commands.ContextMenu | app_commands.Group
)
_KEY = "commands synced"
_log = logging.getLogger(__name__)


async def sync_commands(
    tree: app_commands.CommandTree[discord.Client], records: Records, *, anyway: bool = False
) -> bool:
    """Send the commands if they have changed, or `anyway`, and return whether they were sent.

    Discord allows 200 new commands a day, so an unchanged set is not sent. If Discord refuses
    them, the commands that it knows still work, and the next start tries again.
    """
    payloads = [await _payload(command, tree) for command in tree.get_commands()]
    payloads.sort(key=lambda command: (command["type"], command["name"]))
    text = json.dumps([tree.client.application_id, payloads], sort_keys=True)
    digest = hashlib.sha256(text.encode()).hexdigest()
    if not anyway and await asyncio.to_thread(records.recall, _KEY) == digest:
        return False
    try:
        await tree.sync()
    except discord.DiscordServerError:
        raise  # a fault of Discord's own; a later connection tries again
    except discord.HTTPException as exc:
        _log.error("Discord refused the commands; those that it knows go on working: %s", exc.text)
        return False
    await asyncio.to_thread(records.remember, _KEY, digest)
    _log.info("Sent %d commands to Discord", len(payloads))
    return True


async def _payload(
    command: _AnyCommand, tree: app_commands.CommandTree[discord.Client]
) -> dict[str, Any]:
    """Return what Discord gets, with the names in all languages."""
    translator = tree.translator
    if translator is None:
        return command.to_dict(tree)
    return await command.get_translated_payload(tree, translator)
