"""The settings of each guild, from one TOML file.

[default]                          # for guilds without a section, and for keys that a section
admin_roles = [111]                # leaves out
[guild.222]
question_channels = [333, 444]
audit_channel = 555
timezone = "Europe/Oslo"
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from bot.config.settings import Timezone
from bot.config.toml import read_toml
from bot.localization import _

__all__ = ["GuildBook", "GuildSettings"]


class GuildSettings(BaseModel):
    """The settings of one guild; all ids are Discord's.

    In `question_channels` and their threads, every message is a question. Admin commands are for
    people who have Manage Server or one of `admin_roles`, and for `admin_people`; their use is
    reported in `audit_channel`. `timezone` is None where that of the program's settings holds.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    question_channels: frozenset[int] = frozenset()
    admin_roles: frozenset[int] = frozenset()
    admin_people: frozenset[int] = frozenset()
    audit_channel: int | None = None
    timezone: Timezone | None = None


@dataclass(frozen=True, slots=True)
class GuildBook:
    """The settings of all guilds; `sections` are by the guild's id."""

    default: GuildSettings
    sections: dict[int, GuildSettings]

    def of(self, guild: int | None) -> GuildSettings:
        """Return the settings of a guild; None stands for direct messages."""
        return self.default if guild is None else self.sections.get(guild, self.default)

    @property
    def reads_messages(self) -> bool:
        """Whether any guild has question channels, which need the message-content intent."""
        books = (self.default, *self.sections.values())
        return any(settings.question_channels for settings in books)

    @classmethod
    def read(cls, path: Path | None) -> GuildBook:
        """Return the settings in the file, or the defaults without one. Raises BadSettings."""
        if path is None:
            return cls(GuildSettings(), {})
        return read_toml(path, cls._of, name=_("The guild settings"), plural=True)

    @classmethod
    def _of(cls, found: dict[str, Any]) -> GuildBook:
        unknown = set(found) - {"default", "guild"}
        if unknown:
            name = sorted(unknown)[0]
            raise ValueError(
                _("there is no section [{name}], only [default] and [guild.ID]").format(name=name)
            )
        default = GuildSettings.model_validate(found.get("default", {}))
        sections = {}
        guilds = found.get("guild", {})
        if not isinstance(guilds, dict) or not all(
            isinstance(one, dict) for one in guilds.values()
        ):
            raise ValueError(_("[guild] must have a section for each guild, [guild.ID]"))
        for name, section in guilds.items():
            if not name.isdecimal():
                raise ValueError(
                    _("[guild.{name}] must name a guild by its id, a number").format(name=name)
                )
            sections[int(name)] = GuildSettings.model_validate(default.model_dump() | section)
        return cls(default, sections)
