"""The settings of each guild, from one TOML file.

[default]                          # for guilds without a section, and for keys that a section
admin_roles = [111]                # leaves out
[guild.222]
question_channels = [333, 444]
audit_channel = 555
timezone = "Europe/Oslo"
language = "nb"
commands_off = ["changes"]
review_channel = 666
[guild.222.owners]                 # whom documents mean by the owners that they name
"Ingrid Moe" = 777
"Security team" = "role:888"
[guild.222.experts]                # whom people can ask, by folder; "/" is for all others
"hr/" = 777
"/" = "role:888"
[guild.222.add_to]                 # where messages of a channel go that admins add
333 = "notes/"
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints

from bot.config.settings import Language, Timezone
from bot.config.toml import Mistake, read_toml
from bot.localization import LazyText, _
from bot.text import place_of

_NO_OWNER = LazyText(
    'an owner is the id of a person, a number, or "role:" and the id of a role, in quotation marks'
)
_BETWEEN = (";", "/", "&", " and ", " und ", " og ")
"""What stands between several owners that a document names, beside commas."""
_LONGEST_OWNER = 400


@dataclass(frozen=True, slots=True, order=True)
class Owner:
    """Who a document's owner is in Discord: a person, or all who have a role."""

    id: int
    is_role: bool = False


def _owner(written: object) -> Owner:
    """Return who is meant by 777, "777", "person:777" or "role:777"."""
    if isinstance(written, int) and not isinstance(written, bool) and written > 0:
        return Owner(written)
    kind, colon, number = str(written).replace(" ", "").rpartition(":")
    known = ("role", "person") if colon else ("",)
    if isinstance(written, str) and kind.casefold() in known and number.isdecimal():
        return Owner(int(number), kind.casefold() == "role")
    raise ValueError(_NO_OWNER)


def _each_once(owners: Mapping[str, Owner]) -> Mapping[str, Owner]:
    """Return the owners by their names as `_folded`."""
    folded: dict[str, Owner] = {}
    for name, owner in owners.items():
        if not _folded(name):
            raise ValueError(_("an owner's name is missing"))
        if _folded(name) in folded:
            raise ValueError(_("{name} is there twice").format(name=" ".join(name.split())))
        folded[_folded(name)] = owner
    return folded


def _folder(written: str) -> str:
    """Return a folder with "/" at its end, "" for the whole corpus, in the form of `place_of`."""
    return f"{place_of(written)}/".lstrip("/")


def _each_folder(experts: Mapping[str, Owner]) -> Mapping[str, Owner]:
    found: dict[str, Owner] = {}
    for written, expert in experts.items():
        if _folder(written) in found:
            raise ValueError(_("{name} is there twice").format(name=written))
        found[_folder(written)] = expert
    return found


def _folder_below(written: str) -> str:
    """Return a folder as it is written, without "/" at its ends; raise ValueError for none."""
    parts = [part.strip() for part in written.split("/") if part.strip()]
    if not parts or ".." in parts:
        raise ValueError(_("name a folder below that of the documents"))
    return "/".join(parts)


def _folded(name: str) -> str:
    return " ".join(name.casefold().split()).strip(" .<>\"'")


ALWAYS_ON = frozenset({"help", "forget-me"})
"""What a person must be able to use wherever the bot is."""


def _command(name: str) -> str:
    return name.strip().removeprefix("/").casefold()


def _switchable(name: str) -> str:
    command = _command(name)
    if command in ALWAYS_ON:
        raise ValueError(_("/{command} cannot be switched off").format(command=command))
    return command


Command = Annotated[str, AfterValidator(_switchable)]
"""The name of a command, in lower case and without "/"."""


Tag = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20)]
"""The name of a forum's tag; empty for none."""


class GuildSettings(BaseModel):
    """The settings of one guild; all ids are Discord's.

    In `question_channels` and their threads, every message is a question; posts of a forum are
    tagged by `answered_tag` or `open_tag`, whichever holds. With `answer_threads`, each answer in a
    channel, or in one of these, is put into a thread. Admin commands are for
    people who have Manage Server or one of `admin_roles`, and for `admin_people`; their use is
    reported in `audit_channel`. `timezone` is None where that of the program's settings holds, and
    `language` where Discord says it.
    Who is meant by the owners that documents name is in `owners`; they are reminded of reviews in
    `review_channel`, or each directly.
    Whom people can ask where the documents do not answer is in `experts`, by folders as `place_of`
    writes them; they are asked in `experts_channel`, or a person directly. `add_to` has the folders
    into which admins can add what people write in a channel.
    `commands_off` are names of commands, with or without "/", that nobody can use there. What
    changed in the documents is told in `digest_channel`, as often as `digest` says. With
    `mark_outdated`, old answers that the documents no longer bear out are marked by themselves.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    question_channels: frozenset[int] = frozenset()
    answered_tag: Tag = "answered"
    open_tag: Tag = "open"
    answer_threads: bool | frozenset[int] = False
    admin_roles: frozenset[int] = frozenset()
    admin_people: frozenset[int] = frozenset()
    audit_channel: int | None = None
    timezone: Timezone | None = None
    language: Language | None = None
    review_channel: int | None = None
    owners: Annotated[
        Mapping[str, Annotated[Owner, BeforeValidator(_owner)]], AfterValidator(_each_once)
    ] = {}
    experts: Annotated[
        Mapping[str, Annotated[Owner, BeforeValidator(_owner)]], AfterValidator(_each_folder)
    ] = {}
    experts_channel: int | None = None
    add_to: Mapping[int, Annotated[str, AfterValidator(_folder_below)]] = {}
    commands_off: frozenset[Command] = frozenset()
    digest_channel: int | None = None
    digest: Literal["reindex", "daily", "weekly"] = "weekly"
    mark_outdated: bool = False

    def owners_of(self, named: str | None) -> frozenset[Owner]:
        """Return who is meant by the owner, or the several, that a document names."""
        whole = parts = _folded((named or "")[:_LONGEST_OWNER])
        for sign in _BETWEEN:
            parts = parts.replace(sign, ",")
        found = (self.owners.get(_folded(one)) for one in (whole, *parts.split(",")))
        return frozenset(one for one in found if one is not None)

    def expert_on(self, document: str | None) -> Owner | None:
        """Return who can be asked about a document, by the nearest folder; None for nobody.

        Without a document, that is who can be asked about all others.
        """
        place = "" if document is None else place_of(document)
        known = sorted(self.experts, key=len, reverse=True)
        return next((self.experts[one] for one in known if place.startswith(one)), None)

    def has_answer_threads(self, channel: int) -> bool:
        """Return whether answers in a channel are put into threads."""
        threads = self.answer_threads
        return threads if isinstance(threads, bool) else channel in threads

    def is_off(self, command: str) -> bool:
        """Return whether this guild has switched off a command, by its name without "/"."""
        return _command(command) in self.commands_off


@dataclass(slots=True)
class GuildBook:
    """The settings of all guilds; `sections` are by the guild's id. For one event loop."""

    default: GuildSettings
    sections: dict[int, GuildSettings]

    def of(self, guild: int | None) -> GuildSettings:
        """Return the settings of a guild; None stands for direct messages."""
        return self.default if guild is None else self.sections.get(guild, self.default)

    def owners_of(self, guilds: Iterable[int], named: str | None) -> frozenset[Owner]:
        """Return who is meant by the owner that a document names, in any of these guilds."""
        return frozenset[Owner]().union(*(self.of(each).owners_of(named) for each in guilds))

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
