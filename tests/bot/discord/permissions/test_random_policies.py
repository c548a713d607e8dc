"""A search for a policy and acts by which somebody is shown what they may not see.

Each document has a word that stands in its name, title, headings and text, and that nobody types.
After every act all that is new is looked through for these words, for everybody who can see it.
That the acts are all that can be done, and that they come to their end, shows a script of each.

`make check` makes a few such plays, `make harden` hundreds.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import zip_longest
from operator import is_
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any, ClassVar, TypeVar

import discord
import pytest
import simcord
from discord import app_commands
from discord.ext import commands
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.internal.conjecture import engine
from simcord.backend.models import Message, Overwrite
from simcord.enums import ChannelType, OverwriteType
from simcord.results import to_discord_message

from bot.access import Policy
from bot.chat.admission import AdmissionLimits
from bot.chat.answering import QuestionEngine
from bot.config.guilds import GuildBook, GuildSettings
from bot.config.settings import Settings
from bot.discord.cogs import CAPABILITIES
from bot.discord.cogs.administering.adding import ADD_TO_DOCUMENTS
from bot.discord.cogs.administering.closing_gaps import ClosingGaps
from bot.discord.cogs.administering.gaps import GAPS_NOT_KEPT
from bot.discord.cogs.administering.stewardship import Stewardship
from bot.discord.cogs.asking import marking
from bot.discord.cogs.asking.feedback import THANKS_DOWN
from bot.discord.cogs.forgetting import FORGET_NOT, FORGOTTEN
from bot.discord.cogs.looking_up import changing
from bot.discord.cogs.looking_up.digests import Digests
from bot.discord.cogs.looking_up.sources import FIND_SOURCES
from bot.discord.cogs.looking_up.watches import Watches
from bot.discord.gateway.client import BriefingBot
from bot.discord.permissions.interaction import Interaction
from bot.discord.rendering.answers.rolled_up import ROWS_ON_A_PAGE
from bot.discord.rendering.limits import BUTTONS_IN_ROW
from bot.discord.ui.actions import Click, ShownParts
from bot.library import key_of
from bot.records import Fault
from bot.services import Services
from index.answering.answer import (
    Choice,
    Excerpt,
    ListedDocument,
    QuestionKind,
    Response,
    Verdict,
)
from index.answering.understanding.spelling import Speller
from index.errors import BriefingError
from index.store.catalog.history import Moment
from index.store.folder.store import IndexStore
from testing.budget import amount
from testing.command import reindexer_of
from testing.layouts import buttons_of, walked
from testing.services import bot_of, engine_of, services_of, write_corpus
from tests.bot.discord.helpers.actions import replay
from tests.bot.discord.helpers.policies import (
    CANARIES,
    HANDLES,
    HIDDEN,
    STEWARD,
    Drawn,
    DrawnAudience,
    DrawnChannel,
    DrawnDocument,
    DrawnPerson,
    Oracle,
    Place,
    Stored,
    canaries_in,
    drawn,
    places_of,
    policy_file,
    stored_in,
    text_of,
)

ACTS = 18
EXPERT = 3
"""Who is asked what the documents do not answer."""
QUESTIONS, AUDIT = 1, 2
"""The place where every message is a question, and where it is told what admins do."""
pytestmark = [pytest.mark.search, pytest.mark.usefixtures("parsing_here")]
_KNOWN = "which guard stands at the gate night what who tell more locked".split()


@dataclass
class Act:
    """One act; `person`, `place`, `document` and `choice` are indexes, modulo what there is."""

    what: str
    person: int
    place: int
    document: int
    choice: int


@st.composite
def acts(draw: st.DrawFn) -> list[Act]:
    """Return random acts; Hypothesis only shrinks which of them are done.

    If Hypothesis chose the acts, it would do the same few things again and again.
    """
    random = draw(st.randoms(use_true_random=True))
    several = [*["click"] * 6, "message", "ask_of_all", "administrate", "change_a_role"]
    whats = [*sorted(Play.ACTS), *several]
    done = draw(st.lists(st.booleans(), min_size=2 * ACTS, max_size=2 * ACTS))
    possible = [
        Act(
            what=random.choice(whats),
            person=random.randrange(5),
            place=random.randrange(5),
            document=random.randrange(len(HANDLES)),
            choice=random.randrange(100),
        )
        for _ in done
    ]
    return [act for act, is_done in zip(possible, done, strict=True) if is_done]


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
    ACTS: ClassVar[dict[str, Callable[[Play, Act], Awaitable[None]]]] = {}

    @property
    def corpus(self) -> Path:
        return self.services.settings.corpus

    async def do(self, act: Act) -> None:
        self.before, self.doing = dict(self.oracle.state), act.what
        await self.ACTS[act.what](self, act)
        assert all(isinstance(_cause(one), BriefingError) for one in self.env.errors)
        self.look_at_index()
        self.look()

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
            self.transcript.append(f"{message.flags} {_all_of(message)}")
            parts = frozenset(_parts_of(message))
            found = canaries_in("".join(parts - self.stands.get(message.id, frozenset())))
            self.stands[message.id] = parts
            guild = self.env.backend.channels[message.channel_id].guild_id
            for person in self.who_see(message):
                for canary in found:
                    self.check(person, canary, guild, _all_of(message))

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
                text = _all_of(message)
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

    def who_saw(self, channel: int, number: int) -> list[int]:
        """Return who sees a message; nobody if it is gone."""
        shown = self.env.backend.messages.get(channel, {}).get(number)
        return [] if shown is None else self.who_see(shown)

    # What there is

    def asking(self, act: Act) -> tuple[Any, Place | None]:
        """Return who acts and where: a member in a place that they can read, or directly."""
        user = self.oracle.people[act.person]
        if act.place == len(self.oracle.places):
            return user, None
        place = self.oracle.places[act.place]
        channel = self.env.backend.channels[place.channel.id]
        if not self.oracle.reads(user.id, channel):
            return user, None
        assert place.channel.guild is not None
        return simcord.MemberActor(self.env, place.channel.guild, user), place

    async def use(
        self, actor: Any, place: Place | None, command: str, **options: object
    ) -> simcord.InteractionResult:
        where, before = () if place is None else (place.channel,), self.env.error_cursor
        done: simcord.InteractionResult = await actor.slash(*where, command, **options)
        refused = self.env.errors_since(before)
        self.came_of[f"/{command}"] += done.response is not None and not refused
        return done

    async def administrate(self, command: str, **options: object) -> simcord.InteractionResult:
        return await self.use(self.admin, self.oracle.places[0], command, **options)

    async def offered(
        self, actor: Any, place: Place | None, command: str, option: str, typed: str, **filled: Any
    ) -> set[str]:
        """Return the choices for somebody who types an option, after checking all of them."""
        where = () if place is None else (place.channel,)
        choices = await actor.autocomplete(*where, command, option, typed, **filled)
        # Without a word typed it goes by the second of the indexing, which is another each time.
        values = [one["value"] for one in choices]
        self.transcript.append(str(choices if typed else sorted(values)))
        for canary in canaries_in(str(choices)):
            self.check(actor.id, canary, _guild_of(place), str(choices))
        self.came_of[f"/{command} {option}"] += bool(choices)
        return set(values)

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
        guild = self.env.backend.channels[channel].guild_id
        below = deepcopy(message)
        if custom_id not in _ids_below(below):
            button = {"type": 2, "style": 2, "label": "?", "custom_id": custom_id}
            below.components = [{"type": 1, "components": [button]}]
        done = await replay(self.acting(user, channel), below, custom_id)
        assert done.acknowledged, custom_id
        if done.modal is not None:
            self.transcript.append(str(done.modal))
            for canary in canaries_in(str(done.modal)):
                self.check(user.id, canary, guild, str(done.modal))
        return done

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

    def answers_in(self, channel: int) -> list[Message]:
        """Return the bot's public answers there that are kept, oldest first."""
        messages = list(self.env.backend.messages[channel].values())
        answer_to = self.services.records.by_reply
        return [one for one in messages if not one.is_ephemeral and answer_to(one.id)]

    async def some_answers(self, actor: Any, channel: simcord.ChannelHandle) -> list[Message]:
        """Return `answers_in` the channel, after a question if there are none yet."""
        if not self.answers_in(channel.id) and self.oracle.state:
            asked = f"{self.me} {_question(min(self.oracle.state))}"
            if channel.guild is None:
                await actor.send_dm(asked)
            else:
                await actor.send(channel, asked)
        return self.answers_in(channel.id)

    def existing(self, act: Act) -> tuple[str, Stored] | None:
        found = sorted(self.oracle.state.items())
        return found[act.document % len(found)] if found else None

    def expect(self, shown: object, canary: str, why: str) -> None:
        assert canary in canaries_in(str(shown)), (why, canary, shown)
        self.succeed()

    def succeed(self) -> None:
        self.came_of[self.doing] += 1

    def visible_to(self, person: int, place: Place | None) -> dict[str, str]:
        """Return the names of the documents that a person may see there, by canary."""
        guild = _guild_of(place)
        state = self.oracle.state.items()
        return {one: of.name for one, of in state if self.oracle.may_see(person, of, guild)}

    def cog(self, kind: type[_Cog]) -> _Cog:
        bot = self.env.bot
        assert isinstance(bot, BriefingBot)
        found = bot.get_cog(kind.__name__)
        assert isinstance(found, kind)
        return found

    def key_of_some(self, act: Act) -> str:
        """Return the key of a document, whoever may see it; of any name if there are none."""
        found = self.existing(act)
        return key_of(found[1].name if found else "none.md")

    def kinds(self) -> list[re.Pattern[str]]:
        """Return the kinds of all buttons that the bot knows."""
        found = self.env.bot._connection._view_store._dynamic_items
        return sorted(found, key=lambda pattern: pattern.pattern)

    async def answer(self, done: simcord.InteractionResult, *, yes: bool) -> bool:
        """Answer the question that an admin is asked; return whether there was one."""
        assert done.response is not None
        ids = _ids_below(done.response._message)
        if ids:
            no = next((one for one in ids if one.startswith("x:nu:")), ids[1])
            await self.admin.click(done.response, custom_id=ids[0] if yes else no)
        return bool(ids)


_Cog = TypeVar("_Cog", bound=commands.Cog)
Doing = Callable[[Play, Act], Awaitable[None]]


def what_people_do(doing: Doing) -> Doing:
    Play.ACTS[doing.__name__] = doing
    return doing


def _guild_of(place: Place | None) -> int | None:
    return place.channel.guild.id if place and place.channel.guild else None


def _ids_below(message: Message) -> list[str]:
    """Return the ids of the buttons that can be clicked."""
    buttons = buttons_of(message.components)
    return [one["custom_id"] for one in buttons if not one.get("disabled")]


def _question(canary: str) -> str:
    return f"Who stands at the gate {HANDLES[CANARIES.index(canary)]}?"


def _pointed(canary: str) -> str:
    """Return a question that one document alone answers, by two words of a sentence."""
    return f"Who locked {HANDLES[CANARIES.index(canary)]}?"


# Asking


@what_people_do
async def message(play: Play, act: Act) -> None:
    actor, place = play.asking(act)
    if (found := play.existing(act)) is None:
        return
    canary, document = found
    if place is None:
        await actor.send_dm(_question(canary))
        if play.oracle.may_see(actor.id, document, None):
            play.expect(_last(actor.dm_channel), canary, "asked directly")
        return
    await actor.send(place.channel, f"{play.me} {_question(canary)}")
    if play.oracle.all_may_see(place, document):
        play.expect(_last(place.channel), canary, "all may see it")


@what_people_do
async def ask_where_all_is_a_question(play: Play, act: Act) -> None:
    actor, place = play.asking(replace(act, place=QUESTIONS))
    if place is None or (found := play.existing(act)) is None:
        return
    canary, document = found
    await actor.send(place.channel, _question(canary))
    if play.oracle.all_may_see(place, document):
        play.expect(_last(place.channel), canary, "all may see it")


@what_people_do
async def edit_a_question(play: Play, act: Act) -> None:
    """Edit a question into one about another document; the earlier answer is checked as well."""
    actor, place = play.asking(act)
    found, other = play.existing(act), play.existing(replace(act, document=act.document + 1))
    if found is None or other is None or found == other:
        return
    canary, document = other
    if place is None:
        asked, channel = await actor.send_dm(_question(found[0])), actor.dm_channel
    else:
        asked = await actor.send(place.channel, f"{play.me} {_question(found[0])}")
        channel = place.channel
    play.look()
    await actor.edit(asked, f"{play.me} {_question(canary)}")
    may = play.oracle.may_see(actor.id, document, None)
    if play.oracle.all_may_see(place, document) if place else may:
        play.expect(_last(channel), canary, "it was edited to ask for that")


@what_people_do
async def delete_a_question(play: Play, act: Act) -> None:
    """Delete a question, and check that all answers to it are gone, here and directly."""
    actor, place = play.asking(act)
    if place is None or (found := play.existing(act)) is None:
        return
    direct = play.env.backend.get_dm_channel(actor.id).id
    before = {one.id for where in (place.channel.id, direct) for one in play.answers_in(where)}
    asked = await actor.send(place.channel, f"{play.me} {_question(found[0])}")
    answers = [one for where in (place.channel.id, direct) for one in play.answers_in(where)]
    if not {one.id for one in answers} - before:
        return
    play.look()
    await actor.delete(asked)
    answers = [one for where in (place.channel.id, direct) for one in play.answers_in(where)]
    assert {one.id for one in answers} <= before
    play.succeed()


@what_people_do
async def reply_to_an_answer(play: Play, act: Act) -> None:
    """Reply to an answer, without the bot's name."""
    actor, place = play.asking(act)
    channel = actor.dm_channel if place is None else place.channel
    answers = await play.some_answers(actor, channel)
    if not answers:
        return
    said, answered = "And when is it locked?", answers[-1 - act.choice % min(3, len(answers))]
    before = len(play.env.backend.messages[channel.id])
    if place is None:
        reference = {"channel_id": str(channel.id), "message_id": str(answered.id)}
        await actor.send_dm(said, reference=reference)
    else:
        answer = to_discord_message(play.env, answered)
        await actor.send(channel, said, reply_to=answer)
    if "Understood as" in _last(channel):
        assert len(play.env.backend.messages[channel.id]) > before + 1
        play.succeed()


@what_people_do
async def ask_in_a_thread(play: Play, act: Act) -> None:
    """Ask in a thread that began at an answer, without the bot's name."""
    actor, place = play.asking(act)
    if place is None or place.channel is not place.parent or (found := play.existing(act)) is None:
        return
    if place.channel._channel.type not in (ChannelType.TEXT, ChannelType.NEWS):
        return
    answers = await play.some_answers(actor, place.channel)
    if not answers:
        return
    known, (canary, document) = play.env.backend.channels, found
    thread = known.get(answers[-1].id) or play.env.backend.create_thread(
        place.channel.id, "more", actor.id, message_id=answers[-1].id
    )
    there = simcord.ChannelHandle(play.env, place.channel.guild, thread)
    if act.choice % 2:
        await actor.send(there, "And when is it locked?")
        return
    await actor.send(there, _question(canary))
    if play.oracle.all_may_see(place, document):
        play.expect(_last(there), canary, "all may see it in the thread")


@what_people_do
async def ask(play: Play, act: Act) -> None:
    actor, place = play.asking(act)
    if (found := play.existing(act)) is None:
        return
    canary, document = found
    options: dict[str, object] = {"question": _question(canary), "private": act.choice % 2 == 0}
    if act.choice % 3 == 0:
        options["document"] = key_of(document.name)
    done = await play.use(actor, place, "ask", **options)
    if play.oracle.may_see(actor.id, document, _guild_of(place)):
        shown = [_all_of(one._message) for one in (done.response, *done.followups) if one]
        play.expect(shown, canary, "the asker may see it")


@what_people_do
async def go_on_from_an_answer(play: Play, act: Act) -> None:
    """Follow up an answer, with words of it, without success; in private or before others."""
    actor, place = play.asking(act)
    if (found := play.existing(act)) is None:
        return
    canary, document = found
    private = act.choice % 2 == 1
    await play.use(actor, place, "ask", question=_pointed(canary), private=private)
    done = await play.use(actor, place, "ask", question="Who feeds her in winter?", private=private)
    assert done.response is not None
    may = play.oracle.may_see(actor.id, document, _guild_of(place))
    if may if private or place is None else play.oracle.all_may_see(place, document):
        play.expect(_all_of(done.response._message), canary, "it goes on from the document")


@what_people_do
async def share(play: Play, act: Act) -> None:
    """Share a private answer with all who can read the channel."""
    actor, place = play.asking(act)
    if place is None or (found := play.existing(act)) is None:
        return
    canary, document = found
    done = await play.use(actor, place, "ask", question=_pointed(canary), private=True)
    assert done.response is not None
    for custom_id in _ids_below(done.response._message):
        if custom_id.startswith("v:"):
            await actor.click(done.response, custom_id=custom_id)
            if play.oracle.all_may_see(place, document):
                play.expect(_last(place.channel), canary, "it was shared")


@what_people_do
async def watch(play: Play, act: Act) -> None:
    """Watch what was answered, be told what differs by now, and end it again or not."""
    actor, place = play.asking(act)
    question = ("Which guard stands at the gate?", "Who feeds zebras in winter?")[act.choice % 2]
    done = await play.use(actor, place, "ask", question=question, private=act.document % 2 == 0)
    assert done.response is not None
    for custom_id in _ids_below(done.response._message):
        if re.fullmatch(r"w:\d+", custom_id):
            await actor.click(done.response, custom_id=custom_id)
            play.succeed()
    listed = await play.use(actor, place, "watches")
    await play.cog(Watches).keep()
    assert listed.response is not None
    ends = [one for one in _ids_below(listed.response._message) if one.startswith("w:end:")]
    if ends and act.choice % 4 == 3:
        await actor.click(listed.response, custom_id=ends[0])


@what_people_do
async def ask_of_all(play: Play, act: Act) -> None:
    """Ask what every document says, what none says, with a typo, and as a follow-up."""
    actor, place = play.asking(act)
    canary = CANARIES[act.document]
    mistyped = canary[:3] + canary[4] + canary[3] + canary[5:]
    question = (
        "Which guard stands at the gate?",
        "Who paints the gate at noon?",
        f"Which guard is {mistyped.lower()} at the gate?",
        "And when is it locked?",
        "What does she do at night?",
        "And who is the guard?",
        "Which guard stands at the gate hazel and what is locked at the gate birch?",
        "Who feeds zebras in winter?",
    )[act.choice % 8]
    done = await play.use(actor, place, "ask", question=question, private=act.choice % 2 == 0)
    play.came_of[play.doing] += done.response is not None


@what_people_do
async def ask_back(play: Play, act: Act) -> None:
    """Ask what is unclear, and choose one of the readings."""
    actor, place = play.asking(act)
    done = await play.use(actor, place, "ask", question=UNCLEAR, private=act.choice % 2 == 0)
    assert done.response is not None
    choices = [one for one in _ids_below(done.response._message) if one.startswith("a:")]
    play.look()
    if choices:
        chosen = await actor.click(done.response, custom_id=choices[act.document % len(choices)])
        play.came_of[play.doing] += bool(chosen.response and chosen.response.components)


@what_people_do
async def list_documents(play: Play, act: Act) -> None:
    """Ask which documents say something: each once, and none that not all viewers may see."""
    actor, place = play.asking(act)
    done = await play.use(actor, place, "ask", question=LISTED, private=True)
    assert done.response is not None
    shown = canaries_in(_all_of(done.response._message))
    visible = set(play.visible_to(actor.id, place))
    assert shown <= visible
    assert len(shown) == min(len(visible), BUTTONS_IN_ROW)
    if place is not None:
        await actor.send(place.channel, f"{play.me} {LISTED}")
    play.came_of[play.doing] += bool(shown)


@what_people_do
async def ask_of_a_folder(play: Play, act: Act) -> None:
    actor, place = play.asking(act)
    private = act.choice % 2 == 0
    typed = ("", "a", "deep", "B")[act.choice % 4]
    filled: dict[str, object] = {"private": True} if private else {}
    folders = await play.offered(actor, place, "ask", "folder", typed, **filled)
    names = play.visible_to(actor.id, place).values()
    parents = {str(one) for name in names for one in PurePosixPath(name).parents} - {"."}
    visible = {one for one in parents if typed.casefold() in one.casefold()}
    assert folders == visible if private or place is None else folders <= visible
    for folder in sorted(folders)[:1]:
        await play.use(actor, place, "ask", question=LISTED, folder=folder, private=private)
        play.succeed()


@what_people_do
async def search(play: Play, act: Act) -> None:
    actor, place = play.asking(act)
    typed = ("gate guard", "night", HANDLES[act.document])[act.choice % 3]
    done = await play.use(actor, place, "search", words=typed, share=act.choice % 2 == 0)
    play.came_of[play.doing] += done.response is not None and bool(done.response.components)


@what_people_do
async def documents(play: Play, act: Act) -> None:
    actor, place = play.asking(act)
    done = await play.use(actor, place, "documents")
    assert done.response is not None
    shown = canaries_in(_all_of(done.response._message))
    expected = play.visible_to(actor.id, place)
    assert shown == set(expected)
    play.came_of[play.doing] += bool(expected)


@what_people_do
async def documents_like(play: Play, act: Act) -> None:
    actor, place = play.asking(act)
    typed = ("*gate*", HANDLES[act.document], "a/", "?*")[act.choice % 4]
    done = await play.use(actor, place, "documents", filter=typed)
    play.came_of[play.doing] += done.response is not None and bool(done.response.components)


@what_people_do
async def source(play: Play, act: Act) -> None:
    actor, place = play.asking(act)
    if (found := play.existing(act)) is None:
        return
    canary, document = found
    key = key_of(document.name)
    names = (key, HANDLES[act.document], document.name.rpartition("/")[0], "gate")
    typed = names[act.choice % 4] or "a"
    to_all = act.choice % 2 == 0
    done = await play.use(actor, place, "source", document=typed, share=to_all)
    alone = play.oracle.may_see(actor.id, document, _guild_of(place))
    all_may = play.oracle.all_may_see(place, document) if place else alone
    if typed == key and (all_may if to_all else alone):
        assert done.response is not None
        play.expect(_all_of(done.response._message), canary, "it was named")


@what_people_do
async def find_sources(play: Play, act: Act) -> None:
    actor, place = play.asking(act)
    if place is None or (found := play.existing(act)) is None:
        return
    canary, document = found
    claim = await actor.send(
        place.channel, f"The guard stands at the gate {HANDLES[CANARIES.index(canary)]}."
    )
    done = await actor.context_menu(place.channel, FIND_SOURCES, claim)
    if play.oracle.may_see(actor.id, document, _guild_of(place)):
        shown = [_all_of(one._message) for one in (done.response, *done.followups) if one]
        play.expect(shown, canary, "the claimant may see it")
        play.came_of[FIND_SOURCES] += 1


@what_people_do
async def type_a_document(play: Play, act: Act) -> None:
    actor, place = play.asking(act)
    command = ("ask", "source", "search")[act.choice % 3]
    filled: dict[str, object] = {}
    if act.choice % 2:
        filled = {"private": True} if command == "ask" else {"share": True}
    typed = ("", "gate", HANDLES[act.document], CANARIES[act.document][:4])[act.choice % 4]
    play.came_of[play.doing] += bool(
        await play.offered(actor, place, command, "document", typed, **filled)
    )
    if act.choice % 5 == 0 and (found := play.existing(act)):
        key = key_of(found[1].name)
        await play.offered(actor, place, "source", "place", "", document=key)


@what_people_do
async def type_as_an_admin(play: Play, act: Act) -> None:
    seen = play.visible_to(play.admin.id, play.oracle.places[0])
    typed = ("", "gate", HANDLES[act.document], "a")[act.choice % 4]
    await play.offered(play.admin, play.oracle.places[0], "remove", "document", typed)
    folders = await play.offered(
        play.admin, play.oracle.places[0], "upload", "folder", typed, file=("x.md", b"# X\n")
    )
    parents = {str(one) for name in seen.values() for one in PurePosixPath(name).parents}
    assert folders == {one for one in parents - {"."} if typed in one}
    play.came_of[play.doing] += bool(folders)


@what_people_do
async def ask_for_help(play: Play, act: Act) -> None:
    actor, place = play.asking(act)
    done = await play.use(actor, place, "help")
    play.came_of[play.doing] += done.response is not None


@what_people_do
async def forget_me(play: Play, act: Act) -> None:
    actor, place = play.asking(act)
    done = await play.use(actor, place, "forget-me")
    assert done.response is not None
    ids = _ids_below(done.response._message)
    if not ids or act.choice % 4 == 0:
        return
    yes = act.choice % 4 == 1
    clicked = await actor.click(done.response, custom_id=ids[0] if yes else ids[1])
    assert str(FORGOTTEN if yes else FORGET_NOT) in _all_of(clicked.response._message)
    assert not yes or not play.services.records.counts_of_person(actor.id).exchanges
    play.succeed()


# Buttons


@what_people_do
async def click(play: Play, act: Act) -> None:
    """Click a button of any kind, one that was shown or could be, as somebody who sees it."""
    kinds = play.kinds()
    kind = kinds[act.choice % len(kinds)]
    decided = [one for one in play.buttons if one[2].startswith(("x:su:", "s:"))]
    might_be = [
        (channel, number, made_up)
        for channel, number, custom_id in (*decided, *play.buttons[-30:])
        for made_up in _like(custom_id)
    ]
    fitting = [one for one in (*might_be, *play.buttons) if kind.fullmatch(one[2])]
    if not fitting:
        return
    wanted = play.oracle.people[act.person].id
    fitting.sort(key=lambda one: wanted in play.who_saw(*one[:2]))
    channel, number, custom_id = fitting[-1 - act.document % len(fitting)]
    if act.place == 4:  # below any other message
        channel, number, _ = play.buttons[act.choice * 7 % len(play.buttons)]
    shown = play.env.backend.messages.get(channel, {}).get(number)
    users = [one for one in play.oracle.people if one.id in play.who_saw(channel, number)]
    if shown is None or not users:
        return
    user = next((one for one in users if one.id == wanted), users[act.person % len(users)])
    if await play.press(user, shown, custom_id) is not None:
        play.succeed()


def _like(custom_id: str) -> Iterator[str]:
    """Return ids as the bot makes them for longer documents, lists and indexes than here."""
    letter, _, rest = custom_id.partition(":")
    made_up = {
        "s": ["e:{}"],
        "p": ["t:{}"],
        "o": ["d:{}:1", "k:{}", "h:{}:0", "d:{0}:1:k:{0}", "z:d:0:{}:1", "z:p:{0}:{0}:1"],
        "f": ["v:{}", "m:{}:1", "m:{}:2", "a:{}:1", "w:again:{}", "n:on:{}"],
        "w": ["w:now:{}", "w:here:{}"],
        "q": ["c:{}"],
        "i": ["j:{}"],
    }
    for like in made_up.get(letter, ()):
        at = -1 if letter == "w" else 0
        yield like.format(rest.split(":")[at] if letter in "fqw" else rest)
    if letter == "s":
        exchange = rest.partition(":")[0]
        yield from (f"u:o:{exchange}:1-9", f"u:t:{exchange}:1-9:1")
    yield from ("w:list:1", "l:1:", "l:2:*a*", "x:gp:30:1", "x:drop", "x:no", "y:not", "g:no")
    yield from ("r:tm1:-::gate", "r:xm1:-::gate", "r:2m1:-::gate", "z:c:0::1")
    yield from ("x:cf:1", "x:od:1", "x:sp:1")
    if custom_id.startswith("x:su:"):
        yield from (custom_id.replace(":su:", like) for like in (":sy:", ":sn:"))


@what_people_do
async def mark_down(play: Play, act: Act) -> None:
    """Mark an answer down, and give a reason in the form."""
    marks = [one for one in play.buttons if one[2].endswith(":down")]
    if not marks:
        return
    channel, number, custom_id = marks[-1 - act.choice % len(marks)]
    shown = play.env.backend.messages.get(channel, {}).get(number)
    who = [] if shown is None else play.who_see(shown)
    users = [one for one in play.oracle.people if one.id in who]
    if shown is None or not users:
        return
    user = users[act.person % len(users)]
    done = await play.press(user, shown, custom_id)
    if done is None or done.modal is None:
        return
    fault = list(Fault)[act.choice % len(Fault)]
    reason = {"fault": fault.value, "reason": f"It is {HANDLES[act.document]}."}
    told = await play.acting(user, channel).submit_modal(done, reason)
    assert told.response is not None
    if told.response.content == THANKS_DOWN:
        play.succeed()


@what_people_do
async def hand_over(play: Play, act: Act) -> None:
    """Hand a question to a person, after a yes where one is asked for, and mostly have it answered
    in a form."""
    asks = [one for one in play.buttons if one[2].startswith("g:ask:")]
    if not asks:
        return
    done = await _pressed(play, act.person, *asks[-1 - act.choice % len(asks)])
    if done is None or done.response is None:
        return
    below = _ids_below(done.response._message)
    if yes := [one for one in below if one.startswith("g:yes:")]:
        await _pressed(play, act.person, done.response.channel_id, done.response.id, yes[0])
    play.look()
    asked = [one for one in play.buttons if one[2].startswith("g:ans:")]
    if not asked or act.document % 3 == 0:
        return  # it stays open
    channel, number, custom_id = asked[-1]
    form = await _pressed(play, EXPERT, channel, number, custom_id)
    if form is not None and form.modal is not None:
        said = {"answer": f"It is {HANDLES[act.document]}."}
        expert = play.acting(play.oracle.people[EXPERT], channel)
        told = await expert.submit_modal(form, said)
        if told.response is not None and told.response.content.startswith("Thank you."):
            play.succeed()


async def _pressed(
    play: Play, person: int, channel: int, number: int, custom_id: str
) -> simcord.InteractionResult | None:
    """Click a button as that person, or else as one who sees it; None where nobody does."""
    shown = play.env.backend.messages.get(channel, {}).get(number)
    users = [one for one in play.oracle.people if one.id in play.who_saw(channel, number)]
    if shown is None or not users:
        return None
    wanted = play.oracle.people[person]
    user = wanted if wanted in users else users[person % len(users)]
    return await play.press(user, shown, custom_id)


# Admins


@what_people_do
async def add_message(play: Play, act: Act) -> None:
    """Make a document of what somebody wrote, if it may go where messages of the place go."""
    _, place = play.asking(act)
    canary = CANARIES[act.document]
    if place is None or canary in play.ever:
        return
    admin = play.admin
    if not play.oracle.reads(admin.id, play.env.backend.channels[place.channel.id]):
        return
    said = await admin.send(place.channel, f"{HANDLES[act.document]} {canary}\n\nThe gate is shut.")
    play.sent.add((admin.id, canary))
    done = await admin.context_menu(place.channel, ADD_TO_DOCUMENTS, said)
    if done.response is not None and _ids_below(done.response._message):
        await play.answer(done, yes=act.choice % 7 > 0)
        play.look_at_index()
        play.came_of[play.doing] += canary in play.oracle.state
        play.came_of[ADD_TO_DOCUMENTS] += canary in play.oracle.state


@what_people_do
async def who_sees(play: Play, act: Act) -> None:
    folders = await play.offered(play.admin, play.oracle.places[0], "access", "folder", "")
    for folder in (None, *sorted(folders)[:1]):
        done = await play.administrate("access", **({"folder": folder} if folder else {}))
        play.came_of[play.doing] += done.response is not None


@what_people_do
async def administrate(play: Play, act: Act) -> None:
    command = ("status", "gaps", "reindex", "rollback")[act.choice % 4]
    dry: dict[str, object] = {"dry_run": act.document % 2 == 0} if command == "reindex" else {}
    done = await play.administrate(command, **dry)
    assert done.response is not None
    assert str(GAPS_NOT_KEPT) not in done.response.content
    if command == "rollback" and act.place < 3:
        await play.answer(done, yes=act.place < 2)
    play.succeed()


@what_people_do
async def remove(play: Play, act: Act) -> None:
    if (found := play.existing(act)) is None:
        return
    canary, document = found
    key = key_of(document.name)
    done = await play.administrate("remove", document=key)
    yes = act.choice % 5 > 0
    await play.answer(done, yes=yes)
    play.look_at_index()
    if canary not in play.oracle.state and play.oracle.all_may_see(play.audit_place, document):
        play.expect(_last(play.audit_place.channel), canary, "it is in the audit channel")


@what_people_do
async def upload(play: Play, act: Act) -> None:
    folder = ("", "a", "a/deep", "b", "A/Deep")[act.choice % 5]
    written = (None, "x0", "x1", "open", "closed")[act.place]
    canary = CANARIES[act.document]
    if canary in play.ever:
        return
    play.sent.add((play.admin.id, canary))
    name = f"{HANDLES[act.document]}-{canary}.md"
    file = (name, text_of(act.document, written).encode())
    done = await play.administrate("upload", file=file, folder=folder)
    if act.choice % 3 == 1:
        await _move(play, done)
    await play.answer(done, yes=act.choice % 7 > 0)
    play.look_at_index()
    play.came_of[play.doing] += canary in play.oracle.state


async def _move(play: Play, done: simcord.InteractionResult) -> None:
    """Let the files of an upload go to another folder, and ask for a form that names one."""
    assert done.response is not None
    ids = _ids_below(done.response._message)
    if tokens := [one.rpartition(":")[2] for one in ids if one.startswith("x:up:")]:
        for custom_id in (f"x:um:{tokens[0]}:{key_of('b')}", f"x:uf:{tokens[0]}"):
            await play.press(play.oracle.people[-1], done.response._message, custom_id)


@what_people_do
async def change_an_audience(play: Play, act: Act) -> None:
    """Change the audience in a document's front matter, with a reindex or without one yet."""
    if (found := play.existing(act)) is None:
        return
    path = play.corpus / found[1].name
    if path.is_file():
        written = (None, "x0", "x1", "x2", "closed", "open")[act.choice % 6]
        path.write_text(text_of(CANARIES.index(found[0]), written), encoding="utf-8")
        play.succeed()
    if act.place % 2:
        await play.administrate("reindex")


@what_people_do
async def lose_documents(play: Play, act: Act) -> None:
    """Remove all documents but one; an admin who sees all may accept that."""
    if play.plan.insider is not None:
        return  # how many are left of all tells how many are hidden, to whoever has the files
    kept = {path: path.read_bytes() for path in sorted(play.corpus.rglob("*.md"))}
    for path in list(kept)[1:]:
        path.unlink()
    known, yes = dict(play.oracle.state), act.choice % 4 > 0
    done = await play.administrate("reindex")
    assert done.response is not None
    if "x:drop" in _ids_below(done.response._message):
        await play.answer(done, yes=yes)
        play.look_at_index()
        assert play.oracle.state == (stored_in(play.corpus) if yes else known)
        play.succeed()
    play.look_at_index()  # what is left can have another audience by now, also after a rollback
    play.look()
    for path, data in kept.items():
        path.write_bytes(data)
    await play.administrate("reindex")


# What is new, what holds, what contradicts


@what_people_do
async def changes(play: Play, act: Act) -> None:
    """Ask what changed: since the last visit, since ever, in a folder, in a document."""
    actor, place = play.asking(act)
    options: tuple[dict[str, object], ...] = (
        {},
        {"since": "2020"},
        {"since": "generation 1"},
        {"since": "2020", "folder": "a"},
        {"document": play.key_of_some(act)},
    )
    done = await play.use(actor, place, "changes", **options[act.choice % 5])
    play.came_of[play.doing] += bool(done.response and done.response.components)


@what_people_do
async def compare(play: Play, act: Act) -> None:
    actor, place = play.asking(act)
    key, other = (play.key_of_some(replace(act, document=n)) for n in (act.document, act.choice))
    options = {"with": other} if act.choice % 3 else {}
    done = await play.use(actor, place, "compare", document=key, **options)
    play.came_of[play.doing] += bool(done.response and canaries_in(_all_of(done.response._message)))


@what_people_do
async def list_all(play: Play, act: Act) -> None:
    """List what mentions something, figures and other sorts, of all documents or a folder."""
    actor, place = play.asking(act)
    options = (
        {"topic": "gate"},
        {"topic": "allowance", "kind": "figures"},
        {"topic": HANDLES[act.document]},
        {"topic": "guard", "folder": "a"},
        {"topic": "night", "since": "2020"},
        {"kind": "decisions"},
    )[act.choice % 6]
    done = await play.use(actor, place, "list", **options)
    if act.choice % 6 == 0 and done.response is not None:
        shown = canaries_in(_all_of(done.response._message))
        visible = play.visible_to(actor.id, place)
        assert shown <= set(visible)
        assert len(shown) == min(len(visible), ROWS_ON_A_PAGE)
    play.came_of[play.doing] += bool(done.response and done.response.components)


@what_people_do
async def type_what_is_compared(play: Play, act: Act) -> None:
    actor, place = play.asking(act)
    typed = ("", "gate", HANDLES[act.document], CANARIES[act.document][:4])[act.choice % 4]
    key = play.key_of_some(act)
    for command, option, filled in (
        ("changes", "document", {}),
        ("compare", "document", {}),
        ("compare", "with", {"document": key}),
        ("changes", "folder", {}),
        ("list", "folder", {}),
    ):
        narrowed = "" if option == "folder" and act.choice % 2 else typed
        play.came_of[play.doing] += bool(
            await play.offered(actor, place, command, option, narrowed, **filled)
        )
    at, filled = play.oracle.places[0], {"document": key}
    await play.offered(play.admin, at, "replaced", "document", typed)
    await play.offered(play.admin, at, "replaced", "by", typed, **filled)


@what_people_do
async def revise(play: Play, act: Act) -> None:
    """Write two documents anew, with fees that differ; they are overdue from then on."""
    for number in (0, 1):
        if found := play.existing(replace(act, document=act.document + number)):
            path = play.corpus / found[1].name
            text = text_of(CANARIES.index(found[0]), found[1].written, 60 + act.choice % 9 + number)
            if path.is_file():
                path.write_text(text, encoding="utf-8")
    await play.administrate("reindex")
    play.succeed()


@what_people_do
async def replaced(play: Play, act: Act) -> None:
    keys = [play.key_of_some(replace(act, document=n)) for n in (act.document, act.choice)]
    decision = ("it does", "it does not", "undo")[act.choice % 3]
    done = await play.administrate("replaced", document=keys[0], by=keys[1], decision=decision)
    play.came_of[play.doing] += bool(done.response)


@what_people_do
async def see_what_is_to_be_done(play: Play, act: Act) -> None:
    """See conflicts, what is overdue and what may replace what."""
    show = ("overdue", "replacements")[act.choice % 2]
    await play.administrate("documents", show=show)
    done = await play.administrate("conflicts")
    play.came_of[play.doing] += bool(done.response and done.response.components)
    actor, place = play.asking(act)
    await play.use(actor, place, "documents", show=show)


@what_people_do
async def tell_by_itself(play: Play, act: Act) -> None:
    """Have the bot do all that it does after a reindex, and each day."""
    before = len(play.env.backend.messages[play.audit_place.channel.id])
    await play.cog(Digests).send_due()
    told = len(play.env.backend.messages[play.audit_place.channel.id])
    await play.cog(ClosingGaps).close()
    await play.cog(Watches).keep()
    await play.cog(marking.Marking).mark()
    await play.cog(Stewardship).remind(date.today())
    play.came_of[play.doing] += told > before


# Rights


@what_people_do
async def change_a_role(play: Play, act: Act) -> None:
    home, role = play.oracle.guilds[0], play.oracle.roles[act.choice % len(play.oracle.roles)]
    person = play.oracle.people[act.person].id
    members = play.env.backend.guilds[home.id].members
    if person not in members:
        return
    if role.id in members[person].role_ids:
        play.env.backend.remove_member_role(home.id, person, role.id)
    else:
        play.env.backend.add_member_role(home.id, person, role.id)
    play.succeed()


@what_people_do
async def leave(play: Play, act: Act) -> None:
    home, person = play.oracle.guilds[0], play.oracle.people[act.person]
    if person.id in play.env.backend.guilds[home.id].members and act.person != 4:
        home.remove_member(person)
        play.succeed()


@what_people_do
async def change_a_channel(play: Play, act: Act) -> None:
    """Open a channel to all, or close it to all but those with one role."""
    channel = play.oracle.places[1 + act.place % 2].parent
    view = discord.Permissions(view_channel=True).value
    shut = [
        Overwrite(play.oracle.guilds[0].id, OverwriteType.ROLE, deny=view),
        Overwrite(play.oracle.roles[act.choice % 3].id, OverwriteType.ROLE, allow=view),
        Overwrite(play.env.backend.bot_user.id, OverwriteType.MEMBER, allow=view),
    ]
    play.env.backend.edit_channel(channel.id, {}, overwrites=shut if act.choice % 2 else [])
    play.succeed()


# The stage

LISTED, UNCLEAR = "Which documents name a guard?", "Which gate?"


class _OfMoreKinds:
    """An engine that lists what it was asked of to LISTED, and asks back to UNCLEAR."""

    def __init__(self, engine: QuestionEngine) -> None:
        self._engine = engine
        self.search = engine.search

    def ask(
        self, question: str, documents: Collection[str] | None = None, **context: Any
    ) -> Response:
        found = self._engine.ask(question, documents, **context)
        if question not in (LISTED, UNCLEAR):
            return found
        hits = self._engine.search("guard gate night", 50, documents).hits
        first = {hit.passage.document: hit.passage for hit in reversed(hits)}
        quotes = tuple(
            Excerpt(n, one.text, one.document, one.title, (), None, one.span, one.id, 0.0)
            for n, (_, one) in enumerate(sorted(first.items()), start=1)
        )
        found = replace(found, excerpts=(), closest=(), uncovered=(), unknown_names=())
        if question == LISTED:
            listed = (ListedDocument(one.document, one.title, None, 1, one) for one in quotes)
            kind, verdict = QuestionKind.COLLECTION, Verdict.ANSWERED
            return replace(found, kind=kind, verdict=verdict, documents=tuple(listed))
        choices = tuple(Choice(one.title, f"Who stands at {one.title}?") for one in quotes[:3])
        kind, verdict = QuestionKind.UNCLEAR, Verdict.SILENT
        return replace(found, kind=kind, verdict=verdict, closest=quotes[:3], choices=choices)


async def play(
    folder: Path, plan: Drawn, script: list[Act], beside: Mapping[str, str] = MappingProxyType({})
) -> Play:
    """Play acts under a policy; `beside` are documents that nobody here may see."""
    for name in ("corpus", "index", "records", "no records"):
        (folder / name).mkdir()
    settings = Settings(
        corpus=folder / "corpus",
        index=folder / "index",
        records=folder / "records",
        keep_questions_days=30,
    )
    for number, one in enumerate(plan.documents):
        path = settings.corpus / one.folder / f"{HANDLES[number]}-{CANARIES[number]}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text_of(number, one.written), encoding="utf-8")
    write_corpus(settings.corpus, beside)
    reindexer_of(settings).run()
    # With records of its own: else the policy would open, in the second in which the acts begin,
    # what changes then, and whether a change is of that second goes by the machine.
    idle = bot_of(services_of(settings.model_copy(update={"records": folder / "no records"})))
    async with simcord.run(idle, check_errors=False) as env:
        env.settle_timeout = 120  # seconds; a busy machine must not fail a test
        home = env.create_guild("Home")
        elsewhere = env.create_guild("Elsewhere")
        roles = [home.create_role(f"role {n}") for n in range(3)]
        manager = home.create_role("Manager", permissions=discord.Permissions(manage_guild=True))
        people = [env.create_user(f"person{n}") for n in range(len(plan.people))]
        for person, drawn_person in zip(people, plan.people, strict=True):
            if drawn_person.at_home:
                held = [roles[n] for n in sorted(drawn_person.roles)]
                is_last = person is people[-1]
                home.add_member(person, roles=[*held, manager] if is_last else held)
            if drawn_person.elsewhere:
                elsewhere.add_member(person)
        places = places_of(env, plan, home, elsewhere, roles, people)
        guilds = [home, elsewhere]
        policy = folder / "policy.toml"
        policy.write_text(policy_file(plan, guilds, roles, people, places), encoding="utf-8")
        audit = places[AUDIT].channel.id
        of_home = GuildSettings.model_validate(
            {
                "question_channels": [places[QUESTIONS].parent.id],
                "audit_channel": audit,
                "digest_channel": audit,
                "digest": "reindex",
                "mark_outdated": True,
                "owners": {STEWARD: people[1].id},
                "review_channel": audit,
                "experts_channel": audit,
                "experts": {"/": people[EXPERT].id},
                "add_to": {
                    place.parent.id: folder
                    for place, folder in zip(places, ("c", "a", "b", "a/deep"), strict=False)
                },
            }
        )
        services = services_of(
            settings,
            guilds=GuildBook(GuildSettings(), {home.id: of_home}),
            policy=Policy.read(policy),
            limits=AdmissionLimits(per_minute=10_000),
            engine=_OfMoreKinds(engine_of(settings, Speller(_KNOWN + HANDLES))),
        )
        services.records.remember("home guild", str(home.id))
        await env.restart_bot(bot_of(services))
        oracle = Oracle(env, plan, guilds, roles, people, places)
        playing = Play(env, plan, oracle, services)
        playing.look_at_index()
        for one_act in script:
            await playing.do(one_act)
        return playing


def _last(channel: simcord.ChannelHandle) -> str:
    """Return the newest messages there; one answer may be in several."""
    messages = list(channel._env.backend.messages[channel.id].values())
    return "".join(_all_of(one) for one in messages[-3:] if one.author_id)


def _all_of(message: Message) -> str:
    parts = [message.content, message.embeds, message.components, message.attachments]
    return json.dumps(parts, ensure_ascii=False, default=str)


def _parts_of(message: Message) -> Iterator[str]:
    yield from message.content.split("\n")
    for one in walked(message.components):
        yield from str(one.get("content") or one.get("label") or "").split("\n")
    for part in (*message.embeds, *message.attachments):
        yield json.dumps(part, ensure_ascii=False, default=str)


def _cause(error: BaseException) -> BaseException:
    return getattr(error, "original", error)


@pytest.fixture(autouse=True)
def _mark_without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marking, "_PAUSE", 0)


@pytest.fixture(autouse=True)
def _a_second_for_each_generation(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that what is shown does not go by how fast the machine is: neither which changes fall in
    the same second, nor which come within a minute of a visit."""
    began: dict[Path, datetime] = {}
    next_moment = IndexStore.next_moment

    def in_its_second(store: IndexStore) -> Moment:
        moment = next_moment(store)
        start = began.setdefault(store.root, datetime.fromisoformat(moment.at) - timedelta(hours=1))
        at = start + timedelta(seconds=moment.generation)
        return replace(moment, at=at.isoformat(timespec="seconds"))

    monkeypatch.setattr(IndexStore, "next_moment", in_its_second)
    monkeypatch.setattr(changing, "_MARGIN", timedelta(days=1))


@pytest.fixture(autouse=True)
def _shrink_no_longer_than_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shrink a failure for a minute; Hypothesis would take five."""
    monkeypatch.setattr(engine, "MAX_SHRINKING_SECONDS", 60)


_WORDS = [*_KNOWN, *HANDLES, *CANARIES, "gate", "guards", "Støre", "Stoere", "zanzibar"]
_TEXTS = st.lists(st.sampled_from(_WORDS), min_size=3, max_size=9).map(" ".join)
_VOLATILE = re.compile(
    r"<t:\d+:\w>|\d{17,20}|[\d.]+ (?:s|ms|seconds?|MB)\b|Generation \d+|generation \d+"
    r"|x:(?:up:[0-9a-f]{8}|nu|um|uf|ad:\d+-\d+):[\w-]{16}|-[0-9a-z]{12}\.md|x:rb:\d+|removed/[\w-]+|z:[cdhs]:\d+"
    r"|\d{4}-\d\d-\d\dT[\d\\:]+\+00\\*:00"
)


@st.composite
def hidden(draw: st.DrawFn) -> dict[str, str]:
    """Return hidden documents of the same words as all others, so that they would compete."""
    found = {}
    for number in range(draw(st.integers(1, 4))):
        written = draw(st.sampled_from([None, HIDDEN, "closed", "nobody", "{x"]))
        folder = HIDDEN if written is None else draw(st.sampled_from([HIDDEN, f"{HIDDEN}den"]))
        text = draw(st.one_of(_TEXTS, st.integers(0, 5).map(lambda n: text_of(n, None, 60 + n))))
        head = "" if written is None else f"---\naudience: {written}\nreview: 2025-01-01\n---\n"
        name = f"{folder}/{draw(st.sampled_from(_WORDS))}-{number}.md"
        found[name] = f"{head}# {draw(_TEXTS)}\n\n{text}\n\n{draw(_TEXTS)}\n"
    return found


# Everything that can be done

_ALL_IN = DrawnAudience(roles=frozenset({0}))
EVERYBODY_SEES = Drawn(
    default="open",
    named=frozenset({0}),
    audiences=(_ALL_IN, _ALL_IN, _ALL_IN),
    folders={"a": ("x0",)},
    people=(
        *(DrawnPerson(frozenset({0}), at_home=True, elsewhere=False) for _ in range(2)),
        DrawnPerson(frozenset(), at_home=True, elsewhere=False),
        DrawnPerson(frozenset(), at_home=True, elsewhere=True),
        DrawnPerson(frozenset({0}), at_home=True, elsewhere=False),
    ),
    channels=(
        DrawnChannel("text", True, frozenset(), frozenset(), frozenset(), connect=True),
        DrawnChannel("text", False, frozenset({0}), frozenset(), frozenset(), connect=True),
    ),
    documents=(
        *(DrawnDocument("", None) for _ in range(3)),
        DrawnDocument("a", None),
        DrawnDocument("b", "x1"),
    ),
)
"""The first two and the last, who administrates, see everything, as do all in the third place."""


def _kinds(of: type[Click]) -> Iterator[type[Click]]:
    for kind in of.__subclasses__():
        yield kind
        yield from _kinds(kind)


assert CAPABILITIES  # they bring all kinds along
PATTERNS = {kind.__discord_ui_compiled_template__.pattern for kind in _kinds(Click)} - {"(?!)"}
KINDS = len(PATTERNS)
"""Of buttons. `click` takes each in turn."""
EVERY_ACT = [
    Act("ask", 0, 2, 3, 1),
    Act("ask", 2, 0, 3, 6),
    *(Act("ask_of_all", 0, 0, 0, choice) for choice in range(8)),
    Act("message", 1, 0, 0, 0),
    Act("message", 0, 4, 3, 0),
    Act("reply_to_an_answer", 1, 0, 0, 0),
    Act("reply_to_an_answer", 0, 4, 0, 0),
    Act("ask_in_a_thread", 2, 0, 1, 0),
    Act("ask_in_a_thread", 2, 0, 1, 1),
    Act("ask_where_all_is_a_question", 3, 0, 1, 0),
    Act("edit_a_question", 1, 0, 0, 0),
    Act("edit_a_question", 0, 4, 0, 0),
    Act("delete_a_question", 0, 0, 3, 0),
    Act("share", 1, 2, 0, 0),
    *(Act("watch", person, 0, person, choice) for person in (2, 4) for choice in (0, 1)),
    Act("share", 2, 0, 0, 0),
    *(Act("ask_back", person, 0, 0, choice) for person in (0, 2) for choice in (0, 1)),
    Act("list_documents", 2, 0, 0, 0),
    *(Act("ask_of_a_folder", 0, 0, 0, choice) for choice in range(4)),
    Act("search", 2, 0, 0, 1),
    Act("documents", 2, 0, 0, 0),
    Act("documents_like", 3, 0, 0, 0),
    *(Act("source", 0, 0, 0, choice) for choice in (0, 3)),
    Act("find_sources", 2, 0, 1, 0),
    *(Act("type_a_document", 0, 0, 0, choice) for choice in (0, 5, 10)),
    Act("type_as_an_admin", 4, 0, 0, 0),
    Act("who_sees", 4, 0, 0, 0),
    Act("ask_for_help", 3, 0, 0, 0),
    *(Act("mark_down", 2, 0, 0, choice) for choice in (0, 4, 1)),
    *(Act("hand_over", person, 0, document, 0) for person in (2, 0) for document in (1, 3)),
    Act("upload", 4, 0, 6, 1),
    Act("upload", 4, 0, 7, 7),
    Act("remove", 4, 0, 0, 0),
    Act("remove", 4, 0, 4, 1),
    Act("change_an_audience", 4, 1, 1, 1),
    *(Act("administrate", 4, place, 1, choice) for choice in range(4) for place in (0, 2)),
    Act("tell_by_itself", 0, 0, 0, 0),
    *(Act("revise", 4, 0, document, document) for document in (0, 1)),
    Act("tell_by_itself", 0, 0, 0, 0),
    *(Act("changes", 4, 0, choice, choice) for choice in range(5)),
    *(Act("changes", person, 0, 0, 4) for person in (1, 4)),
    *(Act("compare", 0, 0, 0, choice) for choice in (0, 1)),
    *(Act("list_all", 2, 0, choice, choice) for choice in range(6)),
    Act("type_what_is_compared", 0, 0, 0, 1),
    Act("type_what_is_compared", 0, 0, 0, 0),
    *(Act("replaced", 4, 0, 0, choice) for choice in (4, 5)),
    *(Act("see_what_is_to_be_done", 1, 0, 0, choice) for choice in (0, 1)),
    Act("lose_documents", 4, 0, 0, 1),
    *(Act("see_what_is_to_be_done", 4, 0, 0, choice) for choice in (0, 1)),
    Act("search", 4, 0, 0, 0),
    *(Act("click", 4, 0, 0, choice) for choice in range(KINDS)),
    # What is then no longer for all who are there: of the documents in "a", and the third place.
    Act("go_on_from_an_answer", 0, 2, 3, 0),
    Act("go_on_from_an_answer", 1, 0, 3, 1),
    Act("change_a_channel", 0, 1, 0, 0),
    Act("remove", 4, 0, 1, 1),
    Act("change_a_role", 1, 0, 0, 0),
    Act("change_a_role", 4, 0, 0, 0),
    Act("ask_of_all", 1, 0, 0, 4),
    *(Act("administrate", 4, 0, 1, choice) for choice in range(4)),
    # What a rollback takes back can be taken in again.
    Act("upload", 4, 0, 7, 5),
    *(Act("administrate", 4, 0, 1, choice) for choice in (3, 2)),
    Act("watch", 4, 0, 1, 3),
    Act("reply_to_an_answer", 2, 2, 0, 0),
    Act("ask_in_a_thread", 2, 2, 0, 1),
    *(Act("click", person, 0, 0, choice) for choice in range(KINDS) for person in (2, 4)),
    Act("add_message", 4, 0, 5, 1),
    Act("forget_me", 1, 0, 0, 2),
    Act("forget_me", 0, 0, 0, 1),
    Act("leave", 3, 0, 0, 0),
]

GOING_BACK = [
    Act("documents", 4, 0, 0, 0),
    Act("change_an_audience", 4, 1, 0, 1),
    Act("remove", 4, 0, 1, 1),
    *(Act("administrate", 4, 0, 1, 3) for _ in range(2)),
    Act("documents", 4, 0, 0, 0),
    Act("change_an_audience", 4, 1, 0, 2),
    Act("administrate", 4, 0, 1, 3),
    *(Act(what, 4, 0, 0, 0) for what in ("documents", "type_as_an_admin", "ask", "documents")),
    Act("administrate", 4, 0, 1, 2),
    Act("documents", 4, 0, 0, 0),
]
"""To before a document was for others, to before another was removed, and forth again."""

MARKED = [
    Act("ask", 0, 0, 0, 1),
    Act("change_an_audience", 4, 1, 0, 3),
    Act("tell_by_itself", 0, 0, 0, 0),
]
"""A public answer, of a document that is not for all readers by now, and keeps what it says."""


@pytest.fixture
def to_the_end(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Return how often a click of each kind came to its end."""
    found: Counter[str] = Counter()

    def counted(kind: type[Click]) -> None:
        clicked = kind.clicked

        async def count(self: Click, interaction: Interaction, services: Services) -> ShownParts:
            shown = await clicked(self, interaction, services)
            found[kind.__discord_ui_compiled_template__.pattern] += 1
            return shown

        monkeypatch.setattr(kind, "clicked", count)

    for kind in _kinds(Click):
        counted(kind)
    return found


def test_every_command_button_and_act_comes_to_its_end(
    tmp_path: Path, to_the_end: Counter[str]
) -> None:
    """So that the searches below cover all of them."""
    played = asyncio.run(play(tmp_path, EVERYBODY_SEES, EVERY_ACT))
    kinds = {kind.pattern for kind in played.kinds()}
    assert kinds == PATTERNS
    assert {kind for kind in kinds if not to_the_end[kind]} == set()
    bot = played.env.bot
    assert isinstance(bot, BriefingBot)
    commands = list(bot.tree.walk_commands())
    offering = {
        f"/{command.name} {option.display_name}"
        for command in commands
        if isinstance(command, app_commands.Command)
        for option in command.parameters
        if option.autocomplete
    }
    everything = {
        *(f"/{one.name}" for one in commands),
        *(FIND_SOURCES, ADD_TO_DOCUMENTS),
        *offering,
        *Play.ACTS,
    }
    assert {one for one in everything if not played.came_of[one]} == set()


# The searches


@settings(max_examples=amount(12, check=3), suppress_health_check=list(HealthCheck))
@given(drawn(), acts(), hidden())
@example(EVERYBODY_SEES, EVERY_ACT, {f"{HIDDEN}/copy.md": text_of(0, None)})
def test_a_hidden_document_changes_nothing_that_anybody_is_shown(
    tmp_path_factory: pytest.TempPathFactory,
    plan: Drawn,
    script: list[Act],
    beside: dict[str, str],
) -> None:
    one, other = (
        asyncio.run(
            play(tmp_path_factory.mktemp("play"), replace(plan, insider=42), script, documents)
        )
        for documents in ({}, beside)
    )
    assert_shown_the_same(one, other)


def assert_shown_the_same(without: Play, with_hidden: Play) -> None:
    for one, other in zip_longest(*map(transcript_of, (without, with_hidden))):
        assert other == one


def transcript_of(played: Play) -> list[str]:
    folder = str(played.corpus.parent)
    return [_VOLATILE.sub("…", line.replace(folder, "…")) for line in played.transcript]


@settings(max_examples=amount(40), suppress_health_check=list(HealthCheck))
@given(drawn(), acts())
@example(EVERYBODY_SEES, GOING_BACK)
@example(replace(EVERYBODY_SEES, audiences=(_ALL_IN, _ALL_IN, DrawnAudience())), MARKED)
def test_nobody_is_shown_what_they_may_not_see(
    tmp_path_factory: pytest.TempPathFactory, plan: Drawn, script: list[Act]
) -> None:
    asyncio.run(play(tmp_path_factory.mktemp("play"), plan, script))
