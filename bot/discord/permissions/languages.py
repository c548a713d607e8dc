"""Which language the bot speaks to whom: a person's in Discord, or that of a server."""

from __future__ import annotations

import discord

from bot.config.guilds import GuildBook
from bot.localization import LANGUAGES, language, speak

_CODES = {"no": "nb"}
"""What a language is called by Discord, where ISO 639 has another code."""
_MOST_PEOPLE = 10_000
_COMMUNITY = "COMMUNITY"
"""Without this feature nobody has chosen a server's language, and Discord says American English."""


def language_of(locale: discord.Locale) -> str | None:
    """Return the language of one of Discord's locales, or None if the bot does not speak it."""
    code = locale.value.partition("-")[0]
    code = _CODES.get(code, code)
    return code if code in LANGUAGES else None


def locale_of(language: str) -> discord.Locale:
    """Return the first of Discord's locales in which the bot speaks a language."""
    return next(each for each in discord.Locale if language_of(each) == language)


class Languages:
    """Knows the language of each person whom it has met since the start, and of each server.

    The guilds' settings come first, then what a server has chosen in Discord. Nothing is stored.
    """

    def __init__(self, guilds: GuildBook) -> None:
        self._guilds = guilds
        self._default = language()
        self._people: dict[int, str] = {}

    def greet(self, interaction: discord.Interaction) -> None:
        """Speak from here on, in this task, the language in which the person uses Discord."""
        chosen, person = language_of(interaction.locale), interaction.user.id
        self._people.pop(person, None)
        if chosen is not None:
            self._people[person] = chosen
            if len(self._people) > _MOST_PEOPLE:
                del self._people[next(iter(self._people))]
        speak(chosen or self.of_guild(interaction.guild) or self._default)

    def forget(self, person: int) -> None:
        self._people.pop(person, None)

    def of_guild(self, guild: discord.Guild | None) -> str | None:
        """Return the language of a server, or None where nobody has chosen one."""
        if chosen := self._guilds.of(guild.id if guild else None).language:
            return chosen
        if guild is not None and _COMMUNITY in guild.features:
            return language_of(guild.preferred_locale)
        return None

    def here(self, guild: discord.Guild | None) -> str:
        """Return the language in which all who read along in a server are spoken to."""
        return self.of_guild(guild) or self._default

    def of_person(self, person: int, guild: discord.Guild | None = None) -> str:
        """Return the language of a person, or else that of the server."""
        return self._people.get(person) or self.here(guild)

    def of_message(self, message: discord.Message) -> str:
        """Return the language of an answer to a message: that of the server, or else its author's,
        who may not have been met since the start."""
        return self.of_guild(message.guild) or self.of_person(message.author.id)
