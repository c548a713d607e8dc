"""Random policies, people, channels and documents, and an oracle that says who may see what.

The oracle is written from what SECURITY.md promises and from what Discord says of permissions
(https://discord.com/developers/docs/topics/permissions). It shares no code with the bot, and reads
nothing but simcord's own state, the documents on the disk, and the policy as it was drawn.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import discord
import simcord
from hypothesis import strategies as st
from simcord.backend.models import Channel, Guild, Overwrite
from simcord.enums import ChannelType, OverwriteType

HANDLES = "hazel birch cedar maple rowan alder aspen willow".split()
"""What a document is asked for by; people type these."""
CANARIES = "Zavolin Quemork Jixatup Wubbren Xylodar Fyckmas Pjorgul Vhontek".split()
"""What a document is known by where it shows; nobody types these."""
_ALL = re.compile("|".join(CANARIES), re.IGNORECASE)
KINDS = ("text", "voice", "stage", "news", "thread", "private thread", "post")
_ROLES, _PEOPLE, _PLACES = 3, 5, 4
"""Roles of the first server; the last of the people administrates it. The first and the last place
are open to all of their server."""
EVERYONE = _ROLES
"""Beside the roles: the role that all members of the first server have."""

_SOME_ROLES = st.frozensets(st.integers(0, _ROLES - 1), max_size=2)
_SOME_PEOPLE = st.frozensets(st.integers(0, _PEOPLE - 1), max_size=2)


@dataclass(frozen=True)
class DrawnAudience:
    roles: frozenset[int] = frozenset()
    people: frozenset[int] = frozenset()
    channels: frozenset[int] = frozenset()
    guilds: frozenset[int] = frozenset()


@dataclass(frozen=True)
class DrawnChannel:
    kind: str
    everyone: bool
    roles: frozenset[int]
    denied: frozenset[int]
    people: frozenset[int]
    connect: bool


@dataclass(frozen=True)
class DrawnPerson:
    roles: frozenset[int]
    at_home: bool
    elsewhere: bool


@dataclass(frozen=True)
class DrawnDocument:
    folder: str
    written: str | None


@dataclass(frozen=True)
class Drawn:
    """A random policy, with people, channels and documents.

    `named` are the home guilds, none for "the first guild". `audiences` are called "x0", "x1" and
    so on, and `folders` have names of audiences.
    """

    default: str
    named: frozenset[int]
    audiences: tuple[DrawnAudience, ...]
    folders: dict[str, tuple[str, ...]]
    people: tuple[DrawnPerson, ...]
    channels: tuple[DrawnChannel, ...]
    documents: tuple[DrawnDocument, ...]
    insider: int | None = None
    """A person who is never here; the folder and the audience `HIDDEN` are for them."""


HIDDEN = "hid"
"""The prefix of every document that nobody here may see, or of its folder."""
_AUDIENCES = st.builds(
    DrawnAudience,
    roles=st.frozensets(st.integers(0, EVERYONE), max_size=2),
    people=_SOME_PEOPLE,
    channels=st.frozensets(st.integers(0, _PLACES - 1), max_size=1),
    guilds=st.sampled_from([frozenset[int](), frozenset[int](), frozenset({1}), frozenset({0})]),
)
_CHANNELS = st.builds(
    DrawnChannel,
    kind=st.sampled_from(KINDS),
    everyone=st.booleans(),
    roles=_SOME_ROLES,
    denied=_SOME_ROLES,
    people=st.one_of(st.just(frozenset[int]()), _SOME_PEOPLE),
    connect=st.booleans(),
)
_NAMES = ("x0", "x1", "x2")
_LISTED = st.lists(
    st.sampled_from([*_NAMES, *_NAMES, "open", "closed"]), min_size=1, max_size=2, unique=True
)
_WRITTEN = st.one_of(
    st.none(), _LISTED.map(", ".join), st.sampled_from(["X0", "nobody", "x1, nobody", "{x: 1}"])
)


@st.composite
def drawn(draw: st.DrawFn) -> Drawn:
    folders = ("a", "a/deep", "b")
    person = st.builds(
        DrawnPerson, roles=_SOME_ROLES, at_home=st.integers(0, 4).map(bool), elsewhere=st.booleans()
    )
    people = draw(st.lists(person, min_size=_PEOPLE - 1, max_size=_PEOPLE - 1))
    documents = st.builds(DrawnDocument, folder=st.sampled_from(["", *folders]), written=_WRITTEN)
    return Drawn(
        default=draw(st.sampled_from(["open", "closed"])),
        named=draw(st.sampled_from([frozenset[int](), frozenset({0}), frozenset({0, 1})])),
        audiences=tuple(draw(st.lists(_AUDIENCES, min_size=3, max_size=3))),
        folders={folder: tuple(draw(_LISTED)) for folder in folders if draw(st.integers(0, 2)) > 0},
        people=(*people, DrawnPerson(draw(_SOME_ROLES), at_home=True, elsewhere=False)),
        channels=tuple(draw(st.lists(_CHANNELS, min_size=2, max_size=2))),
        documents=tuple(draw(st.lists(documents, min_size=2, max_size=len(HANDLES) - 2))),
    )


# Documents


@dataclass(frozen=True)
class Stored:
    """A document in the corpus; `written` is the audience in its front matter."""

    name: str
    written: str | None


STEWARD = "Olga"
"""Who owns each document that was revised, and should have reviewed it long since."""


def text_of(number: int, written: str | None, fee: int | None = None) -> str:
    """Return the document's text; the guard has a name that a follow-up can refer to.

    One with a fee is overdue, and contradicts those with another fee.
    """
    handle, canary = HANDLES[number], CANARIES[number]
    fields = [] if written is None else [f"audience: {written}"]
    fields += [] if fee is None else [f"owner: {STEWARD}", "review: 2025-01-01"]
    head = "\n".join(["---", *fields, "---\n"]) if fields else ""
    title = f"The gate of {canary}" if fee is None else canary
    more = "" if fee is None else f"\n## Fees\n\nThe daily allowance abroad is {fee} euros.\n"
    return (
        f"{head}# {title}\n\n"
        f"A guard stands at the gate {handle}, and Captain Olga {canary} is the guard.\n\n"
        f"## Night at {canary}\n\nAt night the gate {handle} is locked by Olga {canary}.\n{more}"
    )


def stored_in(corpus: Path) -> dict[str, Stored]:
    """Return the stored documents by their canary."""
    found = {}
    for path in corpus.rglob("*.md"):
        if path.relative_to(corpus).as_posix().startswith(HIDDEN):
            continue
        text = path.read_text(encoding="utf-8")
        written = re.match(r"---\naudience: (.*)\n", text)
        name = path.relative_to(corpus).as_posix()
        found[min(canaries_in(name))] = Stored(name, written[1] if written else None)
    return found


def canaries_in(text: str) -> set[str]:
    return {match.group().capitalize() for match in _ALL.finditer(text)}


# Servers


@dataclass(frozen=True)
class Place:
    """A place to talk; `parent` is the channel that a thread or post belongs to, or itself."""

    channel: simcord.ChannelHandle
    parent: simcord.ChannelHandle


def places_of(
    env: simcord.Env,
    drawn: Drawn,
    home: simcord.GuildHandle,
    elsewhere: simcord.GuildHandle,
    roles: list[simcord.RoleHandle],
    people: list[simcord.UserHandle],
) -> list[Place]:
    first, last = home.create_text_channel("general"), elsewhere.create_text_channel("general")
    between = [_place(env, one, home, roles, people) for one in drawn.channels]
    return [Place(first, first), *between, Place(last, last)]


def _place(
    env: simcord.Env,
    one: DrawnChannel,
    home: simcord.GuildHandle,
    roles: list[simcord.RoleHandle],
    people: list[simcord.UserHandle],
) -> Place:
    view = discord.Permissions(view_channel=True).value
    connect = discord.Permissions(connect=True).value
    me = env.bot.user
    assert me is not None
    closed = (0 if one.everyone else view) | (0 if one.connect else connect)
    overwrites = [Overwrite(home.id, OverwriteType.ROLE, deny=closed)]
    for number, role in enumerate(roles):
        if number in one.roles:
            overwrites.append(Overwrite(role.id, OverwriteType.ROLE, allow=view | connect))
        elif number in one.denied:
            overwrites.append(Overwrite(role.id, OverwriteType.ROLE, deny=view))
    let_in = [me.id, *(people[number].id for number in sorted(one.people))]
    overwrites += [Overwrite(who, OverwriteType.MEMBER, allow=view | connect) for who in let_in]
    kind = {
        "voice": ChannelType.VOICE,
        "stage": ChannelType.STAGE_VOICE,
        "news": ChannelType.NEWS,
        "post": ChannelType.FORUM,
    }.get(one.kind, ChannelType.TEXT)
    made = env.backend.create_channel(home.id, one.kind, type=kind, overwrites=overwrites)
    parent = simcord.ChannelHandle(env, home, made)
    if one.kind not in ("thread", "private thread", "post"):
        return Place(parent, parent)
    private = one.kind == "private thread"
    begun = env.backend.create_thread(
        made.id,
        "more",
        me.id,
        type=ChannelType.PRIVATE_THREAD if private else ChannelType.PUBLIC_THREAD,
    )
    if private:
        for person in people[:3]:
            env.backend.add_thread_member(begun.id, person.id)
    return Place(simcord.ChannelHandle(env, home, begun), parent)


def policy_file(
    drawn: Drawn,
    guilds: list[simcord.GuildHandle],
    roles: list[simcord.RoleHandle],
    people: list[simcord.UserHandle],
    places: list[Place],
) -> str:
    role_ids = [*(role.id for role in roles), guilds[0].id]
    lines = [f'default = "{drawn.default}"']
    if drawn.named:
        lines.append(f"guilds = {[guilds[n].id for n in sorted(drawn.named)]}")
    for number, one in enumerate(drawn.audiences):
        lines += [
            f"[audiences.x{number}]",
            f"roles = {[role_ids[n] for n in sorted(one.roles)]}",
            f"people = {[people[n].id for n in sorted(one.people)]}",
            f"channels = {[places[n].parent.id for n in sorted(one.channels)]}",
            f"guilds = {[guilds[n].id for n in sorted(one.guilds)]}",
        ]
    if drawn.insider is not None:
        lines += [f"[audiences.{HIDDEN}]", f"people = [{drawn.insider}]"]
        lines += ["[[folders]]", f'path = "{HIDDEN}"', f'audience = ["{HIDDEN}"]']
    for path, names in drawn.folders.items():
        listed = ", ".join(f'"{name}"' for name in names)
        lines += ["[[folders]]", f'path = "{path}"', f"audience = [{listed}]"]
    return "\n".join(lines) + "\n"


# Who may see what

_VIEW = discord.Permissions(view_channel=True).value
_CONNECT = discord.Permissions(connect=True).value
_ADMINISTRATOR = discord.Permissions(administrator=True).value
_MANAGE_THREADS = discord.Permissions(manage_threads=True).value


@dataclass
class Oracle:
    env: simcord.Env
    drawn: Drawn
    guilds: list[simcord.GuildHandle]
    roles: list[simcord.RoleHandle]
    people: list[simcord.UserHandle]
    places: list[Place]
    state: dict[str, Stored] = field(default_factory=dict)
    """The documents that answer now, by canary."""

    def may_see(self, person: int, document: Stored, guild: int | None) -> bool:
        """Return whether a person may see a document, in the guild or in a direct message."""
        return all(
            any(self._is_in(person, name, guild) for name in names)
            for names in self._audiences(document)
        )

    def all_may_see(self, place: Place, document: Stored) -> bool:
        """Return whether all readers may see a document, whoever they are."""
        return all(self._surely(place, names) for names in self._audiences(document))

    def is_in_all(self, person: int, guild: int | None) -> bool:
        """Return whether a person sees all documents but those that are closed."""
        if self.drawn.insider is not None:
            return False
        names = {self.drawn.default, "open", "x0", "x1", "x2"} - {"closed"}
        unions = [*self.drawn.folders.values(), *((name,) for name in names)]
        return all(
            any(self._is_in(person, name, guild) for name in union)
            for union in unions
            if set(union) != {"closed"}
        )

    def readers(self, channel: int) -> list[int]:
        """Return who can read the channel, thread or direct messages, without the bot itself."""
        found = self.env.backend.channels[channel]
        if found.guild_id is None:
            return list(found.recipient_ids)
        members = self.env.backend.guilds[found.guild_id].members
        me = self.env.backend.bot_user.id
        return [one for one in members if one != me and self.reads(one, found)]

    def reads(self, person: int, channel: Channel) -> bool:
        guild = self.env.backend.guilds[channel.guild_id or 0]
        if person not in guild.members:
            return False
        held = channel
        if channel.type in (ChannelType.PUBLIC_THREAD, ChannelType.PRIVATE_THREAD):
            held = self.env.backend.channels[channel.parent_id or 0]
        rights = _permissions(guild, person, held)
        # https://discord.com/developers/docs/resources/message#get-channel-messages
        spoken = held.type in (ChannelType.VOICE, ChannelType.STAGE_VOICE)
        needed = _VIEW | (_CONNECT if spoken else 0)
        if rights & needed != needed:
            return False
        private = channel.type == ChannelType.PRIVATE_THREAD
        return not private or person in channel.thread_members or bool(rights & _MANAGE_THREADS)

    def _audiences(self, document: Stored) -> Iterator[tuple[str, ...]]:
        folder = document.name.rpartition("/")[0].lower()  # in a rule, case does not count
        ruled = [path for path in self.drawn.folders if f"{folder}/".startswith(f"{path}/")]
        if ruled:
            yield self.drawn.folders[max(ruled, key=len)]
        if document.written is not None:
            yield tuple(name.strip().lower() for name in document.written.split(","))
        if not ruled and document.written is None:
            yield (self.drawn.default,)

    def _homes(self) -> set[int]:
        return {self.guilds[n].id for n in self.drawn.named or {0}}

    def _is_in(self, person: int, name: str, guild: int | None) -> bool:
        wheres = [one for one in self.env.backend.guilds.values() if person in one.members]
        if guild is not None:
            wheres = [one for one in wheres if one.id == guild]
        if not wheres:  # who is named in person has to be somewhere too
            return False
        if name == "open":
            return any(one.id in self._homes() for one in wheres)
        audience = self._audience(name)
        if audience is None:
            return False
        return person in {self.people[n].id for n in audience.people} or any(
            self._is_in_by(person, audience, one) for one in wheres
        )

    def _is_in_by(self, person: int, audience: DrawnAudience, guild: Guild) -> bool:
        roles = {self._role(n) for n in audience.roles}
        held = {guild.id, *guild.members[person].role_ids}
        if _permissions(guild, person, None) & _ADMINISTRATOR:
            held |= set(guild.roles)
        channels = (self.places[n].parent.id for n in audience.channels)
        return (
            bool(roles & held)
            or guild.id in {self.guilds[n].id for n in audience.guilds}
            or any(
                self.reads(person, self.env.backend.channels[one])
                for one in channels
                if one in guild.channel_ids
            )
        )

    def _surely(self, place: Place, names: tuple[str, ...]) -> bool:
        channel = self.env.backend.channels[place.parent.id]
        if "open" in names and channel.guild_id in self._homes():
            return True
        found = [one for one in map(self._audience, names) if one is not None]
        named = {self._role(n) for one in found for n in one.roles}
        guilds = {self.guilds[n].id for one in found for n in one.guilds}
        channels = {self.places[n].parent.id for one in found for n in one.channels}
        by_target = {one.target_id: one for one in channel.overwrites}
        letting_in = {
            one.target_id
            for one in channel.overwrites
            if one.type == OverwriteType.ROLE and one.allow & _VIEW
        }
        me = self.env.backend.bot_user.id
        by_name = {
            one.target_id for one in channel.overwrites if one.type == OverwriteType.MEMBER
        } - {me}
        closed = channel.guild_id in by_target and by_target[channel.guild_id].deny & _VIEW
        return (
            channel.guild_id in guilds | named
            or channel.id in channels
            or bool(closed and not by_name and letting_in and letting_in <= named)
        )

    def _audience(self, name: str) -> DrawnAudience | None:
        known = {f"x{n}": one for n, one in enumerate(self.drawn.audiences)}
        return known.get(name)

    def _role(self, number: int) -> int:
        return self.guilds[0].id if number == EVERYONE else self.roles[number].id


def _permissions(guild: Guild, person: int, channel: Channel | None) -> int:
    """https://discord.com/developers/docs/topics/permissions#permission-overwrites"""
    everything = discord.Permissions.all().value
    roles = guild.members[person].role_ids
    rights = guild.roles[guild.id].permissions
    for role in roles:
        rights |= guild.roles[role].permissions
    if person == guild.owner_id or rights & _ADMINISTRATOR:
        return everything
    overwrites: dict[int, Any] = (
        {one.target_id: one for one in channel.overwrites} if channel else {}
    )
    allow = deny = 0
    for role in roles:
        if role in overwrites:
            allow |= overwrites[role].allow
            deny |= overwrites[role].deny
    for some_allow, some_deny in (
        (overwrites[guild.id].allow, overwrites[guild.id].deny)
        if guild.id in overwrites
        else (0, 0),
        (allow, deny),
        (overwrites[person].allow, overwrites[person].deny) if person in overwrites else (0, 0),
    ):
        rights = rights & ~some_deny | some_allow
    return rights
