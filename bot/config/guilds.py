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

from pydantic import BaseModel, ConfigDict

from bot.config.settings import Timezone
from bot.config.toml import Mistake, read_toml
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


@dataclass(slots=True)
class GuildBook:
    """The settings of all guilds; `sections` are by the guild's id. For one event loop."""

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

    def become(self, other: GuildBook) -> None:
        """Take the settings of another book, for everybody who holds this one."""
        self.default, self.sections = other.default, other.sections

    @classmethod
    def read(cls, path: Path | None) -> GuildBook:
        """Return the settings in the file, or the defaults without one. Raises BadSettings."""
        if path is None:
            return cls(GuildSettings(), {})
        name = _("The guild settings")
        return read_toml(path, _GuildsFile, cls._of, name=name, plural=True)

    @classmethod
    def _of(cls, file: _GuildsFile) -> GuildBook:
        sections = {}
        for name, section in file.guild.items():
            if not name.isdecimal():
                raise Mistake(("guild", name), _("a guild is named by its id, a number"))
            given = {key: getattr(section, key) for key in section.model_fields_set}
            sections[int(name)] = file.default.model_copy(update=given)
        return cls(file.default, sections)


class _GuildsFile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    default: GuildSettings = GuildSettings()
    guild: dict[str, GuildSettings] = {}
