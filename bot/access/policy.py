"""Policy: which audience each document has, from one TOML file (policy.example.toml shows it).

default = "open"                   # or "closed": for documents of which nothing else is said
guilds = [111]                     # whose the documents are; "open" means all members of these
[audiences.planners]               # all who are named in any of these
roles = [222]
people = [333]
channels = [444]                   # whoever can read one of them
guilds = [555]
[[folders]]
path = "planning/"
audience = ["planners"]
[wordings]
"Logistics desk, all hubs" = ["planners"]    # what a document may say instead of a name

A document may also name an audience in its front matter. Then only people in both audiences see it:
a document cannot be shown to more people than its folder allows. Likewise, one that lies in a file,
such as a mail's attachment, is shown to nobody who may not see that file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.config.toml import Mistake, read_toml, suggestion_for
from bot.localization import _
from bot.text import place_of
from index.document import AUDIENCE
from index.parsing import SUFFIXES

FIELD = AUDIENCE
"""Of a document's front matter: a name, or several with commas between them."""

_NAME = re.compile(r"[\w-]+( [\w-]+)*")
_SEPARATOR = re.compile(r"\\(?!x[0-9a-f]{2})", re.IGNORECASE)
"""As Windows writes it; `\\xNN` is how a name shows a byte that is no UTF-8."""
_DRIVE = re.compile(r"[A-Za-z]:")
_PATTERN = re.compile(r"[*?]")
_Id = Annotated[int, Field(ge=1, lt=2**63)]


@dataclass(frozen=True, slots=True)
class Audience:
    """All who hold one of `roles`, are one of `people`, can read one of `channels`, or belong to
    one of `guilds`; with `home`, also all members of the guilds that the documents belong to.

    Without any of these it is nobody. All ids are the chat system's.
    """

    roles: frozenset[int] = frozenset()
    people: frozenset[int] = frozenset()
    channels: frozenset[int] = frozenset()
    guilds: frozenset[int] = frozenset()
    home: bool = False

    def __or__(self, other: Audience) -> Audience:
        return Audience(
            self.roles | other.roles,
            self.people | other.people,
            self.channels | other.channels,
            self.guilds | other.guilds,
            self.home or other.home,
        )

    def is_within(self, other: Audience) -> bool:
        """Return whether all of these people are certainly among the others."""
        return (
            self.roles <= other.roles
            and self.people <= other.people
            and self.channels <= other.channels
            and self.guilds <= other.guilds
            and self.home <= other.home
        )


OPEN, CLOSED = Audience(home=True), Audience()
_BY_NAME: Mapping[str, Audience] = {"open": OPEN, "closed": CLOSED}


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of one policy file.

    Without a file everything is open, and "audience" in front matter is ignored, since it may mean
    something else there. `guilds` are those that the documents belong to; empty where the file does
    not say so. `audiences` have names in lower case, "open" and "closed" included. `wordings` are
    whole lines, in lower case, that front matter has in place of names. `folders` have paths as
    `_folder` writes them, the longest first.
    """

    default: Audience = OPEN
    guilds: frozenset[int] = frozenset()
    audiences: Mapping[str, Audience] = field(default_factory=lambda: _BY_NAME)
    folders: tuple[tuple[str, Audience], ...] = ()
    path: Path | None = None
    wordings: Mapping[str, Audience] = field(default_factory=dict)

    def audiences_of(self, name: str, written: str | None) -> frozenset[Audience]:
        """Return the audiences of a document; a person who is in all of them may see it.

        `written` is the audience in its front matter. A name that the policy does not know stands
        for nobody, so that a mistake shows too little, not too much.
        """
        return frozenset(self._stated(name, written)) or frozenset((self.default,))

    def narrowed(
        self, audiences: frozenset[Audience], name: str, written: str | None
    ) -> frozenset[Audience]:
        """Return the audiences of a document that lies in another one, which has `audiences`."""
        return audiences.union(self._stated(name, written))

    def audiences_along(self, places: Sequence[tuple[str, str | None]]) -> frozenset[Audience]:
        """Return the audiences of a document by all that it lies in, with what each names: the file
        comes first, the document last."""
        (file, written), *inside = places
        audiences = self.audiences_of(file, written)
        for place, stated in inside:
            audiences = self.narrowed(audiences, place, stated)
        return audiences

    def _stated(self, name: str, written: str | None) -> Iterator[Audience]:
        place = place_of(name)
        if folder := next((a for path, a in self.folders if place.startswith(path)), None):
            yield folder
        if written is not None and self.path is not None:
            if meant := self.wordings.get(wording_of(written)):
                yield meant
            else:
                yield _together(self.audiences.get(one, CLOSED) for one in names_in(written))

    def unknown_in(self, written: str | None) -> str:
        """Return the names in a document's front matter that are no audience; empty without any."""
        if written is None or self.path is None or wording_of(written) in self.wordings:
            return ""
        unknown = [name for name in names_in(written) if name not in self.audiences]
        return ", ".join(name or "nothing" for name in unknown)

    @property
    def named(self) -> frozenset[Audience]:
        """Return every audience that a document may have, alone or together with another."""
        of_folders = (audience for _, audience in self.folders)
        return frozenset({self.default, *self.audiences.values(), *of_folders})

    @property
    def everything(self) -> Audience:
        """Return one audience with all ids that the policy names."""
        return _together((*self.named, Audience(guilds=self.guilds)))

    @classmethod
    def read(cls, path: Path | None) -> Policy:
        """Read the file; raises BadSettings, in one sentence."""
        if path is None:
            return cls()

        def build(file: _PolicyFile) -> Policy:
            return cls._of(file, path)

        return read_toml(path, _PolicyFile, build, name=_("The policy"))

    @classmethod
    def _of(cls, file: _PolicyFile, path: Path) -> Policy:
        audiences = dict(_BY_NAME)
        for name, listed in file.audiences.items():
            if not _NAME.fullmatch(name):
                raise Mistake(
                    ("audiences", name), _("it must be called by letters, digits, - and _")
                )
            if name.casefold() in audiences:
                raise Mistake(
                    ("audiences", name),
                    _("there is more than one audience called {name}").format(name=name.casefold()),
                )
            audiences[name.casefold()] = Audience(
                listed.roles, listed.people, listed.channels, listed.guilds
            )
        folders: dict[str, Audience] = {}
        for number, one in enumerate(file.folders):
            there = ("folders", number)
            try:
                place = _folder(one.path)
            except ValueError as exc:
                raise Mistake((*there, "path"), str(exc)) from exc
            if place in folders:
                raise Mistake(
                    (*there, "path"),
                    _("the folder {path} is there more than once").format(path=one.path),
                )
            names = [name.casefold() for name in one.audience]
            if unknown := next((name for name in names if name not in audiences), None):
                said = _("{path} is for {unknown}, and there is no such audience").format(
                    path=one.path, unknown=unknown
                )
                raise Mistake((*there, "audience"), f"{said}{suggestion_for(unknown, audiences)}")
            folders[place] = _together(audiences[name] for name in names)
        wordings: dict[str, Audience] = {}
        for wording, named in file.wordings.items():
            here, line = ("wordings", wording), wording_of(wording)
            if line in audiences or line in wordings or not re.search(r"\w", line):
                raise Mistake(
                    here, _("a wording is a line that stands nowhere else and is no name here")
                )
            names = [name.casefold() for name in named]
            if unknown := next((name for name in names if name not in audiences), None):
                said = _("there is no audience {unknown}").format(unknown=unknown)
                raise Mistake(here, f"{said}{suggestion_for(unknown, audiences)}")
            wordings[line] = _together(audiences[name] for name in names)
        return cls(
            default=_BY_NAME[file.default],
            guilds=file.guilds,
            audiences=audiences,
            folders=tuple(sorted(folders.items(), key=lambda item: -len(item[0]))),
            path=path,
            wordings=wordings,
        )


class _Listed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    roles: frozenset[_Id] = frozenset()
    people: frozenset[_Id] = frozenset()
    channels: frozenset[_Id] = frozenset()
    guilds: frozenset[_Id] = frozenset()


class _Folder(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    path: str
    audience: tuple[str, ...] = Field(min_length=1)


class _PolicyFile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    default: Literal["open", "closed"] = "open"
    guilds: frozenset[_Id] = frozenset()
    audiences: dict[str, _Listed] = {}
    folders: tuple[_Folder, ...] = ()
    wordings: dict[str, Annotated[tuple[str, ...], Field(min_length=1)]] = {}


def wording_of(written: str) -> str:
    """Return a line of front matter as a policy's wordings have it."""
    return " ".join(written.split()).casefold()


def names_in(written: str) -> list[str]:
    """Return the audiences that front matter names, in lower case."""
    return [" ".join(name.split()).casefold() for name in written.split(",")]


def _folder(path: str) -> str:
    """Return the folder as `place_of` writes the names of its documents; "" is the whole corpus.

    Raises ValueError where it cannot be a folder of the corpus: the rule would apply to nothing,
    and the documents it was meant for would stay open.
    """
    said, inner = f"the folder {path!r}", _SEPARATOR.sub("/", path.strip())
    if path and not inner:
        raise ValueError(_("{said} has no name").format(said=said))
    if inner.startswith("~") or _DRIVE.match(inner):
        raise ValueError(
            _("{said} must be given as it lies below the corpus folder").format(said=said)
        )
    if found := _PATTERN.search(inner):
        raise ValueError(
            _("{said} has a {sign} in it, but a rule names one folder, no pattern").format(
                said=said, sign=found[0]
            )
        )
    parts = [part for part in place_of(inner).split("/") if part not in ("", ".")]
    if ".." in parts:
        raise ValueError(
            _("{said} has .. in it; write the way that is left without it").format(said=said)
        )
    if parts and not inner.endswith("/") and PurePosixPath(parts[-1]).suffix in SUFFIXES:
        raise ValueError(
            _(
                "{said} is called like a document, and rules are for folders: name the folder "
                "that it lies in, write the audience into its front matter, or end the path with "
                "/ if it is one"
            ).format(said=said)
        )
    return "".join(f"{part}/" for part in parts)


def _together(audiences: Iterable[Audience]) -> Audience:
    whole = CLOSED
    for one in audiences:
        whole = whole | one
    return whole
