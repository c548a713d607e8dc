"""A search for a policy and acts by which somebody is shown what they may not see.

Each document has a word that stands in its name, title, headings and text, and that nobody types.
After every act all that is new is looked through for these words, for everybody who can see it.
That the acts are all that can be done, and that they come to their end, shows a script of each.

`make check` makes a few such plays, `make harden` hundreds.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import zip_longest
from pathlib import Path

import pytest
from discord import app_commands
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.internal.conjecture import engine

from bot.discord.cogs import CAPABILITIES
from bot.discord.cogs.administering.adding import ADD_TO_DOCUMENTS
from bot.discord.cogs.asking import marking
from bot.discord.cogs.looking_up import changing
from bot.discord.cogs.looking_up.sources import FIND_SOURCES
from bot.discord.gateway.client import BriefingBot
from bot.discord.permissions.interaction import Interaction
from bot.discord.ui.actions import Click, ShownParts
from bot.services import Services
from index.store.catalog.history import Moment
from index.store.folder.store import IndexStore
from testing.budget import amount
from tests.bot.discord.helpers.policies import (
    CANARIES,
    HANDLES,
    HIDDEN,
    Drawn,
    DrawnAudience,
    DrawnChannel,
    DrawnDocument,
    DrawnPerson,
    drawn,
    text_of,
)
from tests.bot.discord.permissions.plays.play import Act, Play
from tests.bot.discord.permissions.plays.stage import KNOWN, play

ACTS = 18
pytestmark = [pytest.mark.search, pytest.mark.usefixtures("parsing_here")]


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


_WORDS = [*KNOWN, *HANDLES, *CANARIES, "gate", "guards", "Støre", "Stoere", "zanzibar"]
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
