"""Near documents as buttons, where a command was given a name that is none, or that of several.

`bot.discord.ui.choices` gives the command again, with all else as it was typed.
"""

from __future__ import annotations

import json
from pathlib import PurePosixPath

import discord
from discord import app_commands

from bot.discord.rendering.limits import CUSTOM_ID, units
from bot.discord.rendering.message import Button, in_rows, label_of
from bot.library import key_of
from index.errors import UnknownDocument

__all__ = ["near_rows"]


def near_rows(interaction: discord.Interaction, error: Exception) -> tuple[tuple[Button, ...], ...]:
    """Return a button for each document that the name in a command may mean.

    None where the rest of what was typed does not fit into an id.
    """
    command = interaction.command
    if not (isinstance(error, UnknownDocument) and isinstance(command, app_commands.Command)):
        return ()
    typed = {name: value for name, value in interaction.namespace if value is not None}
    option = next((name for name, value in typed.items() if value == error.name), None)
    if option is None:
        return ()
    del typed[option]
    try:
        rest = json.dumps(typed, separators=(",", ":"), ensure_ascii=False) if typed else ""
    except TypeError:  # a file cannot be given again
        return ()
    ids = {name: f"n:as:{command.name}:{option}:{key_of(name)}:{rest}" for name in error.similar}
    if any(units(each) > CUSTOM_ID for each in ids.values()):
        return ()
    short = {name: PurePosixPath(name).name for name in ids}
    alike = len(set(short.values())) < len(short)
    buttons = [Button(label_of(name if alike else short[name]), each) for name, each in ids.items()]
    return tuple(in_rows(buttons))
