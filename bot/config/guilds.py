"""Each guild's own settings, from one TOML file.

[default]                          # for every guild that has no section of its own, and for
admin_roles = [111]                # what a section leaves out
[guild.222]
question_channels = [333, 444]
audit_channel = 555
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from bot.config.toml import read_toml
from bot.localization import _

__all__ = ["GuildBook", "GuildSettings"]


class GuildSettings(BaseModel):
    """All ids are Discord's.

    In `question_channels`, and in threads of them, every message is taken for a question. Whoever
    has Manage Server, one of `admin_roles`, or is one of `admin_people`, may use the admin
    commands; what they did is written to `audit_channel`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    question_channels: frozenset[int] = frozenset()
    admin_roles: frozenset[int] = frozenset()
    admin_people: frozenset[int] = frozenset()
    audit_channel: int | None = None


@dataclass(frozen=True, slots=True)
class GuildBook:
    default: GuildSettings
    sections: dict[int, GuildSettings]

    def of(self, guild: int | None) -> GuildSettings:
        """Of a guild; None stands for direct messages."""
        return self.default if guild is None else self.sections.get(guild, self.default)

    @property
    def reads_messages(self) -> bool:
        """Whether any guild has switched on what needs the message-content intent."""
        books = (self.default, *self.sections.values())
        return any(settings.question_channels for settings in books)

    @classmethod
    def read(cls, path: Path | None) -> GuildBook:
        """Without a file, the defaults for every guild. Raises BadSettings."""
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
