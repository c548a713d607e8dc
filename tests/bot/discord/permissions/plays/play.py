"""A play: acts of people under a policy, and a look at all that anybody is shown for them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from functools import wraps
from operator import is_
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar, TypeVar

import simcord
from discord.ext import commands
from simcord.backend.models import Message

from bot.discord.gateway.client import BriefingBot
from bot.library import key_of
from bot.services import Services
from index.errors import BriefingError
from testing.layouts import buttons_of
from tests.bot.discord.helpers.actions import replay
from tests.bot.discord.helpers.policies import (
    CANARIES,
    HANDLES,
    Drawn,
    Oracle,
    Place,
    Stored,
    canaries_in,
    stored_in,
)
from tests.bot.discord.permissions.plays.messages import Used, all_of, ids_below, last_in, parts_of

EXPERT = 3
"""Who is asked what the documents do not answer."""
QUESTIONS, AUDIT = 1, 2
"""The place where every message is a question, and where it is told what admins do."""


@dataclass
class Act:
    """One act; `person`, `place`, `document` and `choice` are indexes, modulo what there is."""

    what: str
    person: int
    place: int
    document: int
    choice: int


@dataclass
class Play:
    """A play: what people do, and what they are shown for it."""

    env: simcord.Env
    plan: Drawn
    oracle: Oracle
    services: Services
    seen: dict[int, str] = field(default_factory=dict)
    held: dict[int, tuple[object, ...]] = field(default_factory=dict)
    """What each message consisted of when it was last looked at."""
    stands: dict[int, frozenset[str]] = field(default_factory=dict)
    """The parts of each message as they were last seen; an edit shows those anew that differ."""
    buttons: list[tuple[int, int, str]] = field(default_factory=list)
    """Channel, message and id of all that there ever were."""
    by_generation: dict[int, dict[str, Stored]] = field(default_factory=dict)
    last_of: dict[int, int] = field(default_factory=dict)
    """The last generation of each look at the corpus, by its time; a copy is of the same look."""
    ever: dict[str, Stored] = field(default_factory=dict)
    sent: set[tuple[int, str]] = field(default_factory=set)
    """Who uploaded what: people know what they sent."""
    before: dict[str, Stored] = field(default_factory=dict)
    """`state` of the oracle when the act began."""
    doing: str = ""
    came_of: Counter[str] = field(default_factory=Counter)
    """How often each act, command, and option that offers choices, came to what it is for."""
    transcript: list[str] = field(default_factory=list)
    """All that anybody was shown."""
    ACTS: ClassVar[dict[str, Callable[[Turn], Awaitable[None]]]] = {}

    @property
    def corpus(self) -> Path:
        return self.services.settings.corpus

    async def do(self, act: Act) -> None:
        self.before, self.doing = dict(self.oracle.state), act.what
        await self.ACTS[act.what](self.turn(act))
        assert all(isinstance(_cause(one), BriefingError) for one in self.env.errors)
        self.look_at_index()
        self.look()

    def turn(self, act: Act, place: int | None = None) -> Turn:
        """Return an act with who acts, as a member in a place that they can read, or directly."""
        user, number = self.oracle.people[act.person], act.place if place is None else place
        if number < len(self.oracle.places):
            there = self.oracle.places[number]
            if self.oracle.reads(user.id, self.env.backend.channels[there.channel.id]):
                assert there.channel.guild is not None
                return Turn(
                    self, act, simcord.MemberActor(self.env, there.channel.guild, user), there
                )
        return Turn(self, act, user, None)

    # Looking

    def look_at_index(self) -> None:
        generation = self.services.current.generation()
        number = generation.number
        if number not in self.by_generation:
            base = self.last_of.get(generation.manifest.looked_at_ns)
            self.by_generation[number] = (
                stored_in(self.corpus) if base is None else self._gone_back_to(base)
            )
            self.last_of[generation.manifest.looked_at_ns] = number
        self.oracle.state = self.by_generation[number]
        self.ever |= self.oracle.state

    def _gone_back_to(self, number: int) -> dict[str, Stored]:
        """Return what answers on going back there: nothing that is for others by now."""
        now = self.oracle.state
        before = self.by_generation[number].items()
        return {canary: one for canary, one in before if now.get(canary, one) == one}

    def look(self) -> None:
        for message in self._new():
            self.transcript.append(f"{message.flags} {all_of(message)}")
            parts = frozenset(parts_of(message))
            found = canaries_in("".join(parts - self.stands.get(message.id, frozenset())))
            self.stands[message.id] = parts
            guild = self.env.backend.channels[message.channel_id].guild_id
            for person in self.who_see(message):
                for canary in found:
                    self.check(person, canary, guild, all_of(message))

    def check(self, person: int, canary: str, guild: int | None, shown: str) -> None:
        if (person, canary) in self.sent:
            return
        # What became of those that are gone, and what came that was not read yet.
        if canary not in self.before and self.oracle.is_in_all(person, guild):
            return
        versions = [one[canary] for one in (self.before, self.oracle.state) if canary in one]
        versions = versions or [self.ever[canary]]
        may = any(self.oracle.may_see(person, version, guild) for version in versions)
        assert may, f"{person} sees {self.ever.get(canary)} in {guild}: {shown}"

    def check_all(self, person: int, guild: int | None, shown: str) -> None:
        for canary in canaries_in(shown):
            self.check(person, canary, guild, shown)

    def _new(self) -> Iterator[Message]:
        for sent in self.env.backend.messages.values():
            for message in list(sent.values()):
                if message.author_id != self.env.backend.bot_user.id:
                    continue
                # simcord replaces what an edit changes: to write all that stood before anew, after
                # each act, would take a third of the time.
                holds = (message.content, message.embeds, message.components, message.attachments)
                if all(map(is_, holds, self.held.get(message.id, (None,) * 4))):
                    continue
                self.held[message.id] = holds
                text = all_of(message)
                if self.seen.get(message.id) == text:
                    continue
                self.seen[message.id] = text
                self.buttons += [
                    (message.channel_id, message.id, one["custom_id"])
                    for one in buttons_of(message.components)
                ]
                yield message

    def who_see(self, message: Message) -> list[int]:
        if message.is_ephemeral:
            assert message.interaction_metadata is not None
            return [int(message.interaction_metadata["user"]["id"])]
        return self.oracle.readers(message.channel_id)

    # What there is

    async def administrate(self, command: str, **options: object) -> Used:
        return await self.as_admin.use(command, **options)

    @property
    def as_admin(self) -> Turn:
        return Turn(self, Act("", 0, 0, 0, 0), self.admin, self.oracle.places[0])

    def acting(self, user: Any, channel: int) -> Any:
        """Return a person as a member of the channel's server, or as a user if it has none."""
        guild = self.env.backend.channels[channel].guild_id
        handle = next((one for one in self.oracle.guilds if one.id == guild), None)
        return user if handle is None else simcord.MemberActor(self.env, handle, user)

    async def press(
        self, user: Any, message: Message, custom_id: str
    ) -> simcord.InteractionResult | None:
        """Click a button of that id below a message, even if the message has no such button.

        None where the user cannot read the message's channel any more.
        """
        channel = message.channel_id
        if user.id not in self.oracle.readers(channel):
            return None
        below = deepcopy(message)
        if custom_id not in ids_below(below):
            button = {"type": 2, "style": 2, "label": "?", "custom_id": custom_id}
            below.components = [{"type": 1, "components": [button]}]
        done = await replay(self.acting(user, channel), below, custom_id)
        assert done.acknowledged, custom_id
        if done.modal is not None:
            self.transcript.append(str(done.modal))
            self.check_all(user.id, self.env.backend.channels[channel].guild_id, str(done.modal))
        return done

    async def press_of(
        self, person: int, channel: int, number: int, custom_id: str
    ) -> tuple[Any, simcord.InteractionResult | None]:
        """Press as that person, or else as one who sees it; return who did and what came of it."""
        shown = self.env.backend.messages.get(channel, {}).get(number)
        seeing = [] if shown is None else self.who_see(shown)
        users = [one for one in self.oracle.people if one.id in seeing]
        if shown is None or not users:
            return None, None
        wanted = self.oracle.people[person]
        user = wanted if wanted in users else users[person % len(users)]
        return user, await self.press(user, shown, custom_id)

    @property
    def me(self) -> str:
        assert self.env.bot.user is not None
        return self.env.bot.user.mention

    @property
    def admin(self) -> simcord.MemberActor:
        return simcord.MemberActor(self.env, self.oracle.guilds[0], self.oracle.people[-1])

    @property
    def audit_place(self) -> Place:
        return self.oracle.places[AUDIT]

    def answers_in(self, *channels: int) -> list[Message]:
        """Return the bot's public answers there that are kept, oldest first."""
        messages = [one for each in channels for one in self.env.backend.messages[each].values()]
        answer_to = self.services.records.by_reply
        return [one for one in messages if not one.is_ephemeral and answer_to(one.id)]

    def existing(self, document: int) -> tuple[str, Stored] | None:
        found = sorted(self.oracle.state.items())
        return found[document % len(found)] if found else None

    def key_of_some(self, document: int) -> str:
        """Return the key of a document, whoever may see it; of any name if there are none."""
        found = self.existing(document)
        return key_of(found[1].name if found else "none.md")

    def expect(self, shown: str, canary: str, why: str) -> None:
        assert canary in canaries_in(shown), (why, canary, shown)
        self.succeed()

    def succeed(self, where: object = True) -> None:
        self.came_of[self.doing] += bool(where)

    def cog(self, kind: type[_Cog]) -> _Cog:
        bot = self.env.bot
        assert isinstance(bot, BriefingBot)
        found = bot.get_cog(kind.__name__)
        assert isinstance(found, kind)
        return found

    def kinds(self) -> list[re.Pattern[str]]:
        """Return the kinds of all buttons that the bot knows."""
        found = self.env.bot._connection._view_store._dynamic_items
        return sorted(found, key=lambda pattern: pattern.pattern)

    async def answer(self, done: Used, *, yes: bool) -> None:
        """Answer the question that an admin is asked, if there is one."""
        if ids := done.ids:
            no = done.id_of("x:nu:") or ids[1]
            await self.admin.click(done.response, custom_id=ids[0] if yes else no)


_Cog = TypeVar("_Cog", bound=commands.Cog)


@dataclass(frozen=True)
class Turn:
    """An act, with who acts and where; directly if there is no place."""

    play: Play
    act: Act
    actor: Any
    place: Place | None

    @property
    def where(self) -> tuple[simcord.ChannelHandle, ...]:
        return () if self.place is None else (self.place.channel,)

    @property
    def guild(self) -> int | None:
        return self.place.channel.guild.id if self.place and self.place.channel.guild else None

    @property
    def handle(self) -> str:
        return HANDLES[self.act.document]

    async def use(self, command: str, **options: object) -> Used:
        before, play = self.play.env.error_cursor, self.play
        done = Used.of(await self.actor.slash(*self.where, command, **options))
        play.came_of[f"/{command}"] += not play.env.errors_since(before)
        return done

    async def say(self, said: str, **options: Any) -> Any:
        """Say something to the bot, in a direct message or with its name."""
        if self.place is None:
            return await self.actor.send_dm(said, **options)
        return await self.actor.send(self.place.channel, f"{self.play.me} {said}", **options)

    async def offered(self, command: str, option: str, typed: str, **filled: Any) -> set[str]:
        """Return the choices for somebody who types an option, after checking all of them."""
        play = self.play
        choices = await self.actor.autocomplete(*self.where, command, option, typed, **filled)
        # Without a word typed it goes by the second of the indexing, which is another each time.
        values = [one["value"] for one in choices]
        play.transcript.append(str(choices if typed else sorted(values)))
        play.check_all(self.actor.id, self.guild, str(choices))
        play.came_of[f"/{command} {option}"] += bool(choices)
        return set(values)

    def may_see(self, document: Stored) -> bool:
        """Return whether who acts may see a document here."""
        return self.play.oracle.may_see(self.actor.id, document, self.guild)

    def all_may_see(self, document: Stored) -> bool:
        """Return whether all who read what is said here may see a document."""
        place, oracle = self.place, self.play.oracle
        return oracle.all_may_see(place, document) if place else self.may_see(document)

    def visible(self) -> dict[str, str]:
        """Return the names of the documents that who acts may see here, by canary."""
        state = self.play.oracle.state.items()
        return {canary: of.name for canary, of in state if self.may_see(of)}

    def folders(self) -> set[str]:
        """Return the folders of the documents that who acts may see here."""
        names = self.visible().values()
        return {str(one) for name in names for one in PurePosixPath(name).parents} - {"."}

    def last(self) -> str:
        """Return the newest messages here; one answer may be in several."""
        return last_in(self.actor.dm_channel if self.place is None else self.place.channel)


Doing = Callable[[Turn], Awaitable[None]]


def what_people_do(doing: Doing) -> Doing:
    Play.ACTS[doing.__name__] = doing
    return doing


def about_a_document(doing: Callable[[Turn, str, Stored], Awaitable[None]]) -> Doing:
    """Have it done with a document and its canary, if there is any."""

    @wraps(doing)
    async def done(turn: Turn) -> None:
        if found := turn.play.existing(turn.act.document):
            await doing(turn, *found)

    return what_people_do(done)


def handle_of(canary: str) -> str:
    return HANDLES[CANARIES.index(canary)]


def _cause(error: BaseException) -> BaseException:
    return getattr(error, "original", error)
