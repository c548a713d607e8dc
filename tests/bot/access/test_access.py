"""What is visible to whom, by search over policies, viewers and documents."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import access
from bot.access import (
    CLOSED,
    OPEN,
    OPERATOR,
    STRANGER,
    Access,
    Audience,
    ChannelReaders,
    Person,
    Policy,
)
from bot.library import Libraries, UnknownKey, key_of
from index.errors import UnknownDocument
from index.store.current import CurrentGeneration
from index.store.folder.store import IndexStore
from testing.budget import amount
from testing.fakes import document_of, publish

IDS = st.frozensets(st.integers(1, 6), max_size=3)
AUDIENCES = st.builds(Audience, roles=IDS, people=IDS, channels=IDS, guilds=IDS, home=st.booleans())
PEOPLE = st.builds(
    Person, id=st.integers(1, 6), roles=IDS, channels=IDS, guilds=IDS, at_home=st.booleans()
)


def test_public_names() -> None:
    assert all(hasattr(access, name) for name in access.__all__)


@given(AUDIENCES, AUDIENCES, PEOPLE)
def test_together_is_whoever_is_in_one(one: Audience, other: Audience, person: Person) -> None:
    assert person.is_in(one | other) == (person.is_in(one) or person.is_in(other))


@given(AUDIENCES)
def test_of_a_stranger_nothing_is_known(audience: Audience) -> None:
    assert not STRANGER.is_in(audience)
    assert OPERATOR.is_in(audience)


@given(PEOPLE)
def test_closed_is_nobody(person: Person) -> None:
    assert not person.is_in(CLOSED)
    assert person.is_in(OPEN) == person.at_home


@st.composite
def channels(draw: st.DrawFn) -> tuple[ChannelReaders, list[Person]]:
    """A channel, and everybody who could read it: with any roles, let in by one or by name."""
    roles = draw(IDS)
    letting_in = draw(st.frozensets(st.sampled_from(sorted(roles) or [0]), max_size=3)) & roles
    readers = ChannelReaders(
        guild=100,
        channels=frozenset({7}),
        everybody=draw(st.booleans()),
        roles=letting_in,
        people=draw(IDS),
        guild_roles=roles | {100},
        guild_channels=frozenset({5, 6, 7}),
        at_home=draw(st.booleans()),
    )
    held = [frozenset(some) for n in range(len(roles) + 1) for some in combinations(roles, n)]
    everybody = [
        Person(who, some | {100}, frozenset({7}), frozenset({100}), readers.at_home)
        for who in range(1, 8)
        for some in held
        if readers.everybody or some & readers.roles or who in readers.people
    ]
    owner = Person(
        8, readers.guild_roles, readers.guild_channels, frozenset({100}), readers.at_home
    )
    return readers, [*everybody, owner]


@given(channels(), AUDIENCES)
def test_what_readers_may_see_each_of_them_may(
    channel: tuple[ChannelReaders, list[Person]], audience: Audience
) -> None:
    readers, everybody = channel
    if readers.is_in(audience):
        assert all(person.is_in(audience) for person in everybody)


@given(channels(), st.frozensets(st.integers(1, 6)))
def test_a_channel_that_only_a_role_opens_shows_what_is_for_that_role(
    channel: tuple[ChannelReaders, list[Person]], roles: frozenset[int]
) -> None:
    readers, everybody = channel
    audience = Audience(roles=roles)
    if not readers.people:
        assert readers.is_in(audience) == all(person.is_in(audience) for person in everybody)


@pytest.fixture(scope="module")
def current(tmp_path_factory: pytest.TempPathFactory) -> CurrentGeneration:
    store = IndexStore(tmp_path_factory.mktemp("index"))
    names = ("a.md", "plans/b.md", "plans/deep/c.md", "d.md")
    publish(store, *(document_of(f"Text of {name}", name=name, title=name) for name in names))
    return CurrentGeneration(store, None)


NAMES = {"a.md", "plans/b.md", "plans/deep/c.md", "d.md"}


@settings(max_examples=amount(100))
@given(AUDIENCES, AUDIENCES, AUDIENCES, PEOPLE)
def test_visible_is_what_each_document_s_audiences_allow(
    current: CurrentGeneration, default: Audience, plans: Audience, deep: Audience, person: Person
) -> None:
    policy = Policy(default=default, folders=(("plans/deep/", deep), ("plans/", plans)))
    found = Access(current, policy)
    allowed = {
        name
        for name in NAMES
        if person.is_in(deep if "deep" in name else plans if "plans" in name else default)
    }
    visible = found.visible(person)
    assert visible == (None if allowed == NAMES else allowed)
    for name in NAMES:
        assert found.may_see(person, name, current.generation()) == (name in allowed)
    library = Libraries(current, Path(), found).of(person)
    assert {row.name for row in library.rows()} == allowed
    assert {one.name for one in library.suggest_documents("")} == allowed


def test_a_viewer_of_some_sees_them_as_if_there_were_no_others(current: CurrentGeneration) -> None:
    policy = Policy(folders=(("plans/", CLOSED),))
    seen = Libraries(current, Path(), Access(current, policy)).of(Person(1, at_home=True))
    everything = Libraries(current, Path(), Access(current, policy)).of(OPERATOR)
    with pytest.raises(UnknownDocument) as hidden:
        seen.named("plans/b.md")
    with pytest.raises(UnknownDocument) as missing:
        seen.named("plans/x.md")
    assert str(hidden.value).replace("/b", "/x") == str(missing.value)
    assert everything.named("plans/b.md").name == "plans/b.md"
    with pytest.raises(UnknownKey):
        seen.name_of(key_of("plans/b.md"))


# What is gone


@pytest.fixture(scope="module")
def with_hidden(tmp_path_factory: pytest.TempPathFactory) -> CurrentGeneration:
    """What `current` is, and a document beside it."""
    store = IndexStore(tmp_path_factory.mktemp("index"))
    names = (*sorted(NAMES), "hidden/e.md")
    publish(store, *(document_of(f"Text of {name}", name=name, title=name) for name in names))
    return CurrentGeneration(store, None)


@settings(max_examples=amount(100))
@given(AUDIENCES, AUDIENCES, st.one_of(AUDIENCES, st.just(CLOSED)), PEOPLE)
def test_whether_others_are_hidden_decides_nothing_about_those_gone(
    current: CurrentGeneration,
    with_hidden: CurrentGeneration,
    default: Audience,
    plans: Audience,
    hidden: Audience,
    person: Person,
) -> None:
    policy = Policy(default=default, folders=(("plans/", plans), ("hidden/", hidden)))
    without, beside = Access(current, policy), Access(with_hidden, policy)
    assert without.sees_all(person) == beside.sees_all(person)
    for names in (["gone.md"], ["plans/gone.md", "a.md"], ["plans/b.md"], ["a.md", "d.md"], []):
        told = without.may_know_of_all(person, names)
        assert told == beside.may_know_of_all(person, names)
        assert told == all(without.may_know_of(person, name) for name in names)


@settings(max_examples=amount(100))
@given(AUDIENCES, AUDIENCES, PEOPLE)
def test_what_is_gone_is_known_to_those_who_see_all(
    current: CurrentGeneration, default: Audience, plans: Audience, person: Person
) -> None:
    found = Access(current, Policy(default=default, folders=(("plans/", plans),)))
    assert found.may_know_of_all(person, ["a.md"]) == person.is_in(default)
    assert found.may_know_of_all(person, ["a.md", "plans/b.md"]) == (
        person.is_in(default) and person.is_in(plans)
    )
    everything = all(person.is_in(one) for one in (default, plans, OPEN) if one != CLOSED)
    for names in (["gone.md"], ["gone.md", "plans/gone.md"]):
        assert found.may_know_of_all(person, names) == everything


def test_without_an_index_nothing_is_known_of_any_document(tmp_path: Path) -> None:
    found = Access(CurrentGeneration(IndexStore(tmp_path), None), Policy())
    assert not found.may_know_of_all(OPERATOR, ["a.md"])
    assert found.may_know_of_all(STRANGER, [])
