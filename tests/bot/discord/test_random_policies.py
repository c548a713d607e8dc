"""Nobody is shown what they may not see, whatever the policy, and whatever people do: by search.

Each document has a word that stands in its name, title, headings and text, and that nobody types.
After every act all that is new is looked through for these words, for everybody who can see it.

BRIEFING_SEARCH multiplies the number of examples: 100 takes an hour or so.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar

import discord
import pytest
import simcord
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from simcord.backend.models import Message, Overwrite
from simcord.enums import OverwriteType

from bot import wiring, words
from bot.access import Policy
from bot.corpus_changes import CorpusChanges
from bot.desk import DeskLimits
from bot.reindexing import Progress, Reindexing
from bot.services import Services
from bot.settings import Settings
from bot.trial import Trial
from index.errors import BriefingError
from index.reading import ReadingLimits, read_document, read_documents
from index.reindex import Reindexer, ReindexReport
from index.spelling import Speller
from tests.bot.discord.acting import replay
from tests.bot.discord.policies import (
    CANARIES,
    HANDLES,
    HIDDEN,
    Drawn,
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
from tests.bot.discord.world import bot_of, engine_of, services_of, write_corpus
from tests.fakes import WordEmbedder

EXAMPLES = 40 * int(os.environ.get("BRIEFING_SEARCH", "1"))
ACTS = 18
_KNOWN = "which guard stands at the gate night what who tell more locked".split()


@dataclass
class Act:
    """`person`, `place`, `document` and `choice` count what there is, round and round."""

    what: str
    person: int
    place: int
    document: int
    choice: int


def acts() -> st.SearchStrategy[list[Act]]:
    act = st.builds(
        Act,
        what=st.sampled_from(sorted([*Play.ACTS, *["click"] * 6, "message", "ask_of_all"])),
        person=st.integers(0, 4),
        place=st.integers(0, 4),
        document=st.integers(0, len(HANDLES) - 1),
        choice=st.integers(0, 99),
    )
    return st.lists(act, min_size=ACTS // 2, max_size=ACTS)


@dataclass
class Play:
    """What people do, and what they are shown for it."""

    env: simcord.Env
    oracle: Oracle
    services: Services
    seen: dict[int, str] = field(default_factory=dict)
    buttons: list[tuple[int, int, str]] = field(default_factory=list)
    """Channel, message and id of all that there ever were."""
    by_generation: dict[int, dict[str, Stored]] = field(default_factory=dict)
    ever: dict[str, Stored] = field(default_factory=dict)
    sent: set[tuple[int, str]] = field(default_factory=set)
    """Who uploaded what: people know what they sent."""
    answered: int = 0
    transcript: list[str] = field(default_factory=list)
    """All that anybody was shown."""
    ACTS: ClassVar[dict[str, Callable[[Play, Act], Awaitable[None]]]] = {}

    @property
    def corpus(self) -> Path:
        return self.services.settings.corpus

    async def do(self, act: Act) -> None:
        before = dict(self.oracle.state)
        await self.ACTS[act.what](self, act)
        assert all(isinstance(_cause(one), BriefingError) for one in self.env.errors)
        self.env.errors.clear()
        self.look_at_index()
        self.look(before)

    # Looking

    def look_at_index(self) -> None:
        number = self.services.live.generation().number
        stored = self.by_generation.setdefault(number, stored_in(self.corpus))
        self.oracle.state = stored
        self.ever |= stored

    def look(self, before: dict[str, Stored]) -> None:
        for message in self._new():
            self.transcript.append(f"{message.flags} {_all_of(message)}")
            found = canaries_in(_all_of(message))
            guild = self.env.backend.channels[message.channel_id].guild_id
            for person in self.who_see(message):
                for canary in found:
                    self.check(person, canary, guild, before, _all_of(message))

    def check(
        self,
        person: int,
        canary: str,
        guild: int | None,
        before: dict[str, Stored],
        shown: str,
    ) -> None:
        if (person, canary) in self.sent:
            return
        versions = [one[canary] for one in (before, self.oracle.state) if canary in one]
        if not versions and canary in self.ever:  # what became of those that are gone
            if self.oracle.is_in_all(person, guild):
                return
            versions = [self.ever[canary]]
        may = any(self.oracle.may_see(person, version, guild) for version in versions)
        assert may, f"{person} sees {self.ever.get(canary)} in {guild}: {shown}"

    def _new(self) -> Iterator[Message]:
        for messages in self.env.backend.messages.values():
            for message in list(messages.values()):
                text = _all_of(message)
                is_of_bot = message.author_id == self.env.backend.bot_user.id
                if not is_of_bot or self.seen.get(message.id) == text:
                    continue
                self.seen[message.id] = text
                self.buttons += [
                    (message.channel_id, message.id, one["custom_id"])
                    for row in message.components
                    for one in row["components"]
                ]
                yield message

    def who_see(self, message: Message) -> list[int]:
        if message.is_ephemeral:
            assert message.interaction_metadata is not None
            return [int(message.interaction_metadata["user"]["id"])]
        return self.oracle.readers(message.channel_id)

    # What there is

    def asking(self, act: Act) -> tuple[Any, Place | None]:
        """Who acts, and where: a member in a place that they can read, else directly."""
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
        where = () if place is None else (place.channel,)
        done: simcord.InteractionResult = await actor.slash(*where, command, **options)
        return done

    @property
    def admin(self) -> simcord.MemberActor:
        return simcord.MemberActor(self.env, self.oracle.guilds[0], self.oracle.people[-1])

    @property
    def general(self) -> simcord.ChannelHandle:
        return self.oracle.places[0].channel

    def existing(self, act: Act) -> tuple[str, Stored] | None:
        found = sorted(self.oracle.state.items())
        return found[act.document % len(found)] if found else None

    def expect(self, shown: object, canary: str, why: str) -> None:
        assert canary in canaries_in(str(shown)), (why, canary, shown)
        self.answered += 1


Doing = Callable[[Play, Act], Awaitable[None]]


def what_people_do(doing: Doing) -> Doing:
    Play.ACTS[doing.__name__] = doing
    return doing


def _question(canary: str) -> str:
    return f"Which guard stands at the gate {HANDLES[CANARIES.index(canary)]}?"


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
    me = play.env.bot.user
    assert me is not None
    await actor.send(place.channel, f"{me.mention} {_question(canary)}")
    if play.oracle.all_may_see(place, document):
        play.expect(_last(place.channel), canary, "all may see it")


@what_people_do
async def ask(play: Play, act: Act) -> None:
    actor, place = play.asking(act)
    if (found := play.existing(act)) is None:
        return
    canary, document = found
    options: dict[str, object] = {"question": _question(canary), "private": act.choice % 2 == 0}
    if act.choice % 3 == 0:
        options["document"] = play.services.libraries.of(_NOBODY).key_of(document.name)
    done = await play.use(actor, place, "ask", **options)
    guild = place.channel.guild.id if place and place.channel.guild else None
    if play.oracle.may_see(actor.id, document, guild):
        shown = [_all_of(one._message) for one in (done.response, *done.followups) if one]
        play.expect(shown, canary, "the asker may see it")


@what_people_do
async def ask_of_all(play: Play, act: Act) -> None:
    """What every document says, what none says, what is mistyped, what goes on from before."""
    actor, place = play.asking(act)
    canary = CANARIES[act.document]
    mistyped = canary[:3] + canary[4] + canary[3] + canary[5:]
    question = (
        "Which guard stands at the gate?",
        "Who paints the gate at noon?",
        f"Which guard is {mistyped.lower()} at the gate?",
        "And when is it locked?",
        "What does he do at night?",
        "And who is the guard?",
        "Which guard stands at the gate hazel and what is locked at the gate birch?",
    )[act.choice % 7]
    await play.use(actor, place, "ask", question=question, private=act.choice % 2 == 0)


@what_people_do
async def search(play: Play, act: Act) -> None:
    actor, place = play.asking(act)
    typed = ("gate guard", "night", HANDLES[act.document])[act.choice % 3]
    await play.use(actor, place, "search", words=typed, share=act.choice % 2 == 0)


@what_people_do
async def documents(play: Play, act: Act) -> None:
    actor, place = play.asking(act)
    done = await play.use(actor, place, "documents")
    guild = place.channel.guild.id if place and place.channel.guild else None
    assert done.response is not None
    shown = canaries_in(_all_of(done.response._message))
    expected = {
        canary
        for canary, one in play.oracle.state.items()
        if play.oracle.may_see(actor.id, one, guild)
    }
    assert shown == expected
    play.answered += bool(expected)


@what_people_do
async def documents_like(play: Play, act: Act) -> None:
    actor, place = play.asking(act)
    typed = ("*gate*", HANDLES[act.document], "a/", "?*")[act.choice % 4]
    await play.use(actor, place, "documents", filter=typed)


@what_people_do
async def source(play: Play, act: Act) -> None:
    actor, place = play.asking(act)
    if (found := play.existing(act)) is None:
        return
    key = play.services.libraries.of(_NOBODY).key_of(found[1].name)
    typed = (key, HANDLES[act.document], found[1].name.rpartition("/")[0])[act.choice % 3] or "a"
    await play.use(actor, place, "source", document=typed, share=act.choice % 2 == 0)


@what_people_do
async def find_sources(play: Play, act: Act) -> None:
    actor, place = play.asking(act)
    if place is None:
        return
    claim = await actor.send(
        place.channel, f"The guard stands at the gate {HANDLES[act.document]}."
    )
    await actor.context_menu(place.channel, words.FIND_SOURCES, claim)


@what_people_do
async def type_a_document(play: Play, act: Act) -> None:
    actor, place = play.asking(act)
    command = ("ask", "source", "search")[act.choice % 3]
    filled: dict[str, object] = {}
    if act.choice % 2:
        filled = {"private": True} if command == "ask" else {"share": True}
    typed = ("", "gate", HANDLES[act.document], CANARIES[act.document][:4])[act.choice % 4]
    if place is None:
        choices = await actor.autocomplete(command, "document", typed, **filled)
    else:
        choices = await actor.autocomplete(place.channel, command, "document", typed, **filled)
    _check_choices(play, actor.id, place, choices)
    if act.choice % 5 == 0 and place is not None and (found := play.existing(act)):
        key = play.services.libraries.of(_NOBODY).key_of(found[1].name)
        choices = await actor.autocomplete(place.channel, "source", "place", "", document=key)
        _check_choices(play, actor.id, place, choices)


def _check_choices(play: Play, person: int, place: Place | None, choices: object) -> None:
    play.transcript.append(str(choices))
    guild = place.channel.guild.id if place and place.channel.guild else None
    for canary in canaries_in(str(choices)):
        play.check(person, canary, guild, play.oracle.state, str(choices))


@what_people_do
async def ask_for_help(play: Play, act: Act) -> None:
    actor, place = play.asking(act)
    await play.use(actor, place, "help")


# Buttons


@what_people_do
async def click(play: Play, act: Act) -> None:
    """Any button, by somebody who sees it; or its id, sent from any other message."""
    if not play.buttons:
        return
    channel, number, custom_id = play.buttons[-1 - act.choice % len(play.buttons)]
    if act.document % 3 == 0:
        channel, number, _ = play.buttons[(act.choice * 7 + act.place) % len(play.buttons)]
    shown = play.env.backend.messages.get(channel, {}).get(number)
    who = [] if shown is None else play.who_see(shown)
    users = [one for one in play.oracle.people if one.id in who]
    if shown is None or not users:
        return
    user = users[act.person % len(users)]
    actor: Any = user
    guild = play.env.backend.channels[channel].guild_id
    if guild is not None:
        if user.id not in play.oracle.readers(channel):
            return
        handle = next(one for one in play.oracle.guilds if one.id == guild)
        actor = simcord.MemberActor(play.env, handle, user)
    done = await replay(actor, deepcopy(shown), custom_id)
    for canary in canaries_in(str(done.modal)):
        play.check(user.id, canary, guild, play.oracle.state, str(done.modal))


# Admins


@what_people_do
async def administrate(play: Play, act: Act) -> None:
    command = ("status", "gaps", "reindex", "rollback")[act.choice % 4]
    dry: dict[str, object] = {"dry_run": act.document % 2 == 0} if command == "reindex" else {}
    await play.use(play.admin, play.oracle.places[0], command, **dry)


@what_people_do
async def remove(play: Play, act: Act) -> None:
    if (found := play.existing(act)) is None:
        return
    key = play.services.libraries.of(_NOBODY).key_of(found[1].name)
    done = await play.admin.slash(play.general, "remove", document=key)
    await _say_yes(play, done)


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
    done = await play.admin.slash(play.general, "upload", file=file, folder=folder)
    await _say_yes(play, done)


async def _say_yes(play: Play, done: simcord.InteractionResult) -> None:
    if done.response is not None and done.response.components:
        (yes, _) = done.response.components[0]["components"]
        await play.admin.click(done.response, custom_id=yes["custom_id"])


@what_people_do
async def change_an_audience(play: Play, act: Act) -> None:
    """In a document's front matter, by hand; with a reindex, or without one yet."""
    if (found := play.existing(act)) is None:
        return
    path = play.corpus / found[1].name
    if path.is_file():
        written = (None, "x0", "x1", "x2", "closed", "open")[act.choice % 6]
        path.write_text(text_of(CANARIES.index(found[0]), written), encoding="utf-8")
    if act.place % 2:
        await play.use(play.admin, play.oracle.places[0], "reindex")


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


@what_people_do
async def leave(play: Play, act: Act) -> None:
    home, person = play.oracle.guilds[0], play.oracle.people[act.person]
    if person.id in play.env.backend.guilds[home.id].members and act.person != 4:
        home.remove_member(person)


@what_people_do
async def change_a_channel(play: Play, act: Act) -> None:
    """Opens it to all, or shuts it to all but those with one role."""
    channel = play.oracle.places[1 + act.place % 2].parent
    view = discord.Permissions(view_channel=True).value
    shut = [
        Overwrite(play.oracle.guilds[0].id, OverwriteType.ROLE, deny=view),
        Overwrite(play.oracle.roles[act.choice % 3].id, OverwriteType.ROLE, allow=view),
        Overwrite(play.env.backend.bot_user.id, OverwriteType.MEMBER, allow=view),
    ]
    play.env.backend.edit_channel(channel.id, {}, overwrites=shut if act.choice % 2 else [])


# The stage


class _Here(Reindexing):
    """In this process, and in this thread: a process that reads takes a third of a second."""

    def _run(
        self, dry_run: bool, drop_missing: bool | str, progress: Callable[[Progress], None]
    ) -> ReindexReport:
        names = [drop_missing] if isinstance(drop_missing, str) else drop_missing
        return _reindexer(self._settings).run(dry_run=dry_run, drop_missing=names)


def _reindexer(settings: Settings) -> Reindexer:
    embedder = WordEmbedder(max_tokens=254)
    return replace(wiring.reindexer(settings), embedder=lambda: embedder, read=read_documents)


class _Nobody:
    def is_in(self, audience: object) -> bool:
        return False


_NOBODY = _Nobody()


async def play(
    folder: Path, plan: Drawn, script: list[Act], beside: Mapping[str, str] = MappingProxyType({})
) -> Play:
    """`beside` are documents that nobody here may see."""
    for name in ("corpus", "index", "records"):
        (folder / name).mkdir()
    settings = Settings(
        corpus=folder / "corpus", index=folder / "index", records=folder / "records"
    )
    for number, one in enumerate(plan.documents):
        path = settings.corpus / one.folder / f"{HANDLES[number]}-{CANARIES[number]}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text_of(number, one.written), encoding="utf-8")
    write_corpus(settings.corpus, beside)
    _reindexer(settings).run()
    idle = bot_of(services_of(settings))
    async with simcord.run(idle, check_errors=False) as env:
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
        services = services_of(
            settings,
            policy=Policy.read(policy),
            limits=DeskLimits(per_minute=10_000),
            engine=engine_of(settings, Speller(_KNOWN + HANDLES)),
        )
        services = replace(services, reindexing=_Here(settings))
        services.records.remember("home guild", str(home.id))
        await env.restart_bot(bot_of(services))
        playing = Play(env, Oracle(env, plan, guilds, roles, people, places), services)
        playing.look_at_index()
        for one_act in script:
            await playing.do(one_act)
        return playing


def _last(channel: simcord.ChannelHandle) -> str:
    """The newest message there with its whole; a question's answer may be in several."""
    messages = list(channel._env.backend.messages[channel.id].values())
    return "".join(_all_of(one) for one in messages[-3:] if one.author_id)


def _all_of(message: Message) -> str:
    parts = [message.content, message.embeds, message.components, message.attachments]
    return json.dumps(parts, ensure_ascii=False, default=str)


def _cause(error: BaseException) -> BaseException:
    return getattr(error, "original", error)


@pytest.fixture(autouse=True)
def _no_reading_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is uploaded is read here."""

    def read(path: Path, name: str, limits: ReadingLimits) -> Trial:
        document = read_document(path, name, limits=limits)
        return Trial(title=document.title, pages=len(document.pages))

    defaults = CorpusChanges.__init__.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "read", read)


_WORDS = [*_KNOWN, *HANDLES, *CANARIES, "gate", "guards", "Støre", "Stoere", "zanzibar"]
_TEXTS = st.lists(st.sampled_from(_WORDS), min_size=3, max_size=9).map(" ".join)
_VOLATILE = re.compile(
    r"<t:\d+:\w>|\d{17,20}|[\d.]+ (?:s|ms|seconds?|MB)\b|Generation \d+|generation \d+"
    r"|x:(?:up|nu):[\w-]{16}|x:rb:\d+|removed/[\w-]+"
)


@st.composite
def hidden(draw: st.DrawFn) -> dict[str, str]:
    """Of the same words as all others, so that they would win, tie, copy and be near."""
    found = {}
    for number in range(draw(st.integers(1, 4))):
        written = draw(st.sampled_from([None, HIDDEN, "closed", "nobody", "{x"]))
        folder = HIDDEN if written is None else draw(st.sampled_from([HIDDEN, f"{HIDDEN}den"]))
        text = draw(st.one_of(_TEXTS, st.integers(0, 5).map(lambda n: text_of(n, None))))
        head = "" if written is None else f"---\naudience: {written}\n---\n"
        name = f"{folder}/{draw(st.sampled_from(_WORDS))}-{number}.md"
        found[name] = f"{head}# {draw(_TEXTS)}\n\n{text}\n\n{draw(_TEXTS)}\n"
    return found


@settings(max_examples=EXAMPLES // 3, suppress_health_check=list(HealthCheck))
@given(drawn(), acts(), hidden())
def test_a_hidden_document_changes_nothing_that_anybody_is_shown(
    tmp_path_factory: pytest.TempPathFactory,
    plan: Drawn,
    script: list[Act],
    beside: dict[str, str],
) -> None:
    def transcript(beside: Mapping[str, str]) -> list[str]:
        folder = tmp_path_factory.mktemp("play")
        found = asyncio.run(play(folder, replace(plan, insider=42), script, beside)).transcript
        return [_VOLATILE.sub("…", line.replace(str(folder), "…")) for line in found]

    without, with_hidden = transcript({}), transcript(beside)
    for one, other in zip_longest(without, with_hidden):
        assert other == one


@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
@given(drawn(), acts())
def test_nobody_is_shown_what_they_may_not_see(
    tmp_path_factory: pytest.TempPathFactory, plan: Drawn, script: list[Act]
) -> None:
    asyncio.run(play(tmp_path_factory.mktemp("play"), plan, script))
