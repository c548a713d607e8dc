"""Gives a command again, with a document that was chosen where the name that was typed is none."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from discord import AppCommandOptionType, app_commands

from bot import messages
from bot.discord.permissions.interaction import Interaction
from bot.discord.permissions.switched_off import require_on
from bot.discord.ui.buttons import Click
from bot.errors import NotAllowed
from bot.services import Services

__all__ = ["TakeDocument"]

_KINDS = {AppCommandOptionType.string: str, AppCommandOptionType.boolean: bool}
"""Options whose values are given again as they are."""


class TakeDocument(
    Click,
    template=r"n:as:(?P<command>[a-z]{1,32}):(?P<option>[a-z]{1,32}):(?P<key>[\w-]{12}):"
    r"(?P<rest>(?s:.*))",
):
    """Gives a command with the document that was chosen, by the rights of whoever clicks."""

    async def clicked(self, interaction: Interaction, services: Services) -> None:
        command = interaction.client.tree.get_command(self.found["command"])
        if not isinstance(command, app_commands.Command):
            raise NotAllowed(messages.EXCHANGE_GONE)
        require_on(interaction, command.name)
        given = _rest(self.found["rest"]) | {self.found["option"]: self.found["key"]}
        run: Any = command.callback
        await run(command.binding, interaction, **_arguments(command, given))


def _rest(text: str) -> dict[str, object]:
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise NotAllowed(messages.EXCHANGE_GONE)
    return found


def _arguments(
    command: app_commands.Command[Any, ..., Any], given: Mapping[str, object]
) -> dict[str, object]:
    """Return the values for the command's function; raises NotAllowed where they do not fit it."""
    parameters = {each.display_name: each for each in command.parameters}
    for name, each in parameters.items():
        kind = _KINDS.get(each.type)
        fits = kind is not None and isinstance(given.get(name), kind)
        fits = fits and (not each.choices or given[name] in [one.value for one in each.choices])
        if (name in given and not fits) or (each.required and name not in given):
            raise NotAllowed(messages.EXCHANGE_GONE)
    if not given.keys() <= parameters.keys():
        raise NotAllowed(messages.EXCHANGE_GONE)
    return {parameters[name].name: value for name, value in given.items()}
