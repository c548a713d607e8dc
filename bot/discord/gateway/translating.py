"""Tells Discord the names and the descriptions of commands in each language."""

from __future__ import annotations

import asyncio

from discord import Locale, app_commands
from discord.app_commands import TranslationContextLocation as Location

from bot.discord.permissions.languages import language_of
from bot.localization import SOURCE, _, load_languages, speaking
from bot.wording.command_names import command_name, option_name

_NAMES = {
    Location.command_name: command_name,
    Location.group_name: command_name,
    Location.parameter_name: option_name,
}


class CommandTranslator(app_commands.Translator):
    async def load(self) -> None:
        await asyncio.to_thread(load_languages)  # which would hold the event loop up

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        language = language_of(locale)
        if language in (None, SOURCE):
            return None
        is_menu = isinstance(context.data, app_commands.ContextMenu)  # its name may have blanks
        look_up = _ if is_menu else _NAMES.get(context.location, _)
        with speaking(language):
            return look_up(string.message)
