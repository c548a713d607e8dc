"""The policy file: which audience a document has, and what is wrong with a file, in a sentence."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from bot.access import CLOSED, OPEN, Audience, Policy
from bot.errors import BadSettings

EXAMPLE = Path(__file__).parents[3] / "policy.example.toml"
PLANNERS, BOARD = Audience(roles=frozenset({22})), Audience(people=frozenset({33}))


def read(tmp_path: Path, text: str) -> Policy:
    path = tmp_path / "policy.toml"
    path.write_text(text, encoding="utf-8")
    return Policy.read(path)


@pytest.fixture
def policy(tmp_path: Path) -> Policy:
    return read(
        tmp_path,
        """
        [audiences.planners]
        roles = [22]
        [audiences."The-Board"]
        people = [33]
        [[folders]]
        path = "planning/"
        audience = ["planners"]
        [[folders]]
        path = "/Planning/board"
        audience = ["the-board", "planners"]
        [[folders]]
        path = "planning/open"
        audience = ["open"]
        """,
    )


@pytest.mark.parametrize(
    ("name", "written", "audiences"),
    [
        ("note.md", None, {OPEN}),
        ("planning.md", None, {OPEN}),
        ("planning/a.md", None, {PLANNERS}),
        ("PLANNING/deep/a.md", None, {PLANNERS}),
        ("planning/board/a.md", None, {PLANNERS | BOARD}),
        ("planning/open/a.md", None, {OPEN}),
        ("note.md", "planners", {PLANNERS}),
        ("note.md", "Planners,  THE-board", {PLANNERS | BOARD}),
        ("note.md", "closed", {CLOSED}),
        ("note.md", "plannners", {CLOSED}),
        ("note.md", "plannners, the-board", {BOARD}),
        ("note.md", "?", {CLOSED}),
        ("note.md", "", {CLOSED}),
        ("planning/a.md", "open", {PLANNERS, OPEN}),
        ("planning/a.md", "the-board", {PLANNERS, BOARD}),
    ],
)
def test_the_audience_of_a_document(
    policy: Policy, name: str, written: str | None, audiences: set[Audience]
) -> None:
    assert policy.audiences_of(name, written) == audiences


def test_closed_by_default(tmp_path: Path) -> None:
    policy = read(tmp_path, 'default = "closed"\n[audiences.all]\nguilds = [1]\n')
    assert policy.audiences_of("note.md", None) == {CLOSED}
    assert policy.audiences_of("note.md", "all") == {Audience(guilds=frozenset({1}))}


def test_without_a_file_front_matter_may_mean_something_else() -> None:
    assert Policy.read(None).audiences_of("note.md", "developers") == {OPEN}


def test_the_example_is_one(tmp_path: Path) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    assert read(tmp_path, text).audiences_of("planning/a.md", None) == {OPEN}
    switched_on = re.sub(r"(?m)^# (?=\[|(?:guilds|roles|people|path|audience) = )", "", text)
    policy = read(tmp_path, switched_on)
    (planners,) = policy.audiences_of("planning/a.md", None)
    assert planners.roles
    assert planners.people
    assert policy.guilds
    assert policy.audiences["partners"].guilds


def test_every_document_of_the_examples_is_for_somebody_by_the_example() -> None:
    policy = Policy.read(EXAMPLE)
    said = [
        line.removeprefix("audience: ")
        for path in EXAMPLE.with_name("corpus").rglob("*.md")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("audience: ")
    ]
    assert said
    for written in said:
        assert policy.audiences_of("security/a.md", written) == {OPEN}
        assert not policy.unknown_in(written)
        assert policy.unknown_in(f"{written}, Tallinn hub"), "another line is for nobody"


WORDINGS = """
[audiences.planners]
roles = [222]
[audiences.board]
people = [333]
[wordings]
"Logistics desk,  all hubs" = ["Planners", "board"]
"""


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("Logistics desk, all hubs", True),
        (" LOGISTICS  desk, all hubs ", True),
        ("Logistics desk", False),
        ("all hubs, Logistics desk", False),
        ("planners, Logistics desk, all hubs", False),
    ],
)
def test_words_of_a_document_mean_what_the_policy_says(
    tmp_path: Path, written: str, seen: bool
) -> None:
    policy = read(tmp_path, WORDINGS)
    both = Audience(roles=frozenset({222}), people=frozenset({333}))
    (audience,) = policy.audiences_of("a.md", written)
    assert (audience == both) == seen
    assert bool(policy.unknown_in(written)) != seen


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('"All hubs" = ["planers"]', r"no audience planers \(did you mean planners\?\)"),
        ('"Planners" = ["board"]', "a line that stands nowhere else and is no name here"),
        ('"logistics desk, all hubs" = ["board"]', "a line that stands nowhere else"),
        ('"?" = ["open"]', "a line that stands nowhere else"),
        ('"All hubs" = []', "must not be empty"),
        ('"All hubs" = "open"', "list"),
    ],
)
def test_a_mistake_in_a_wording_is_told(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(BadSettings, match=said):
        read(tmp_path, f"{WORDINGS}{line}\n")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/planning", "planning/a.md"),
        ("./planning/", "planning/a.md"),
        (" planning/", "planning/a.md"),
        ("planning/ ", "planning/a.md"),
        ("planning / deep", "planning/deep/a.md"),
        ("planning//deep", "planning/deep/a.md"),
        ("planning/./deep", "planning/deep/a.md"),
        ("planning\\deep", "planning/deep/a.md"),
        ("planning", "planning /a.md"),
        ("planning /", "planning /a.md"),
        ("notes.md/", "notes.md/a.md"),
        ("v1.2", "v1.2/a.md"),
        ("caf\\xe9", "caf\\xe9/a.md"),
        ("planning", "pl\u200ban\u00adning\ufeff/a.md"),
        ("planning", "plan\u200dning\ufe0f\U000e0061/a.md"),
        ("planning", "\u202eplan\x01ning\u2800/a.md"),
        ("pl\u200banning", "planning/a.md"),
        ("hr team", "HR\xa0 team/a.md"),
        ("hr team", "HR\u3164team/a.md"),
        ("caf\xe9", "cafe\u200d\u0301/a.md"),
        ("./~old", "~old/a.md"),
        ("", "a.md"),
        (".", "planning/a.md"),
        ("/", "a.md"),
    ],
)
def test_a_folder_is_meant_however_it_is_written(tmp_path: Path, path: str, name: str) -> None:
    text = f"[audiences.planners]\nroles = [22]\n[[folders]]\npath = '{path}'\n"
    policy = read(tmp_path, f"{text}audience = ['planners']")
    assert policy.audiences_of(name, None) == {PLANNERS}
    if path.strip("./"):
        assert policy.audiences_of("other/a.md", None) == {OPEN}


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("planning/*", "the folder 'planning/*' has a * in it, but a rule names one folder"),
        ("**/planning/", "has a * in it"),
        ("plan?ing", "has a ? in it"),
        ("planning/../planning/", "has .. in it"),
        ("planning\\..", "has .. in it"),
        ("~/corpus/planning", "must be given as it lies below the corpus folder."),
        ("C:\\corpus\\planning", "must be given as it lies below the corpus folder."),
        ("planning/secret.md", "is called like a document, and rules are for folders: "),
        ("planning/Secret.PDF ", "is called like a document, and rules are for folders: "),
        (" ", "the folder ' ' has no name."),
    ],
)
def test_a_rule_that_would_apply_to_nothing_is_refused(
    tmp_path: Path, path: str, said: str
) -> None:
    with pytest.raises(BadSettings) as raised:
        read(tmp_path, f"[[folders]]\npath = '{path}'\naudience = ['closed']")
    assert said in str(raised.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("default = 'shut'", "has a mistake in line 1, at default: it must be 'open' or 'closed'."),
        (
            "colour = 1",
            "in line 1, at colour: there is no such key, only default, guilds, audiences, folders, "
            "wordings.",
        ),
        (
            "# who\n[audiences.a]\nrole = [1]",
            "in line 3, [audiences.a], at role: there is no such key, only roles, people, "
            "channels, guilds (did you mean roles?).",
        ),
        (
            "audience.planners.roles = [1]",
            "in line 1, at audience: there is no such key, only default, guilds, audiences, "
            "folders, wordings (did you mean audiences?).",
        ),
        ("[audiences.a]\nroles = [\n1,\n0]", "in line 2, [audiences.a], at roles: it must be 1 or"),
        ("[audiences.a]\nroles = 1", "in line 2, [audiences.a], at roles: it must be a list"),
        ("[[folders]]\naudience = ['open']", "in line 1, [[folders]], at path: it is missing."),
        (
            "[audiences.planners]\n[[folders]]\npath='a'\naudience=['closed']\n[[folders]]\n"
            "path = 'b'\naudience = ['planers']",
            "in line 7, [[folders]], at audience: b is for planers, and there is no such audience "
            "(did you mean planners?).",
        ),
        ("[audiences.open]\nroles = [1]", "there is more than one audience called open."),
        ('[audiences."a,b"]\nroles = [1]', "must be called by letters"),
        (
            "[[folders]]\npath = 'a'\naudience = []",
            "in line 3, [[folders]], at audience: it must not be empty.",
        ),
        ("[[folders]]\npath = 'a'\naudience = ['b']", "a is for b, and there is no such audience."),
        (
            "[[folders]]\npath = 'a'\naudience = ['open']\n"
            "[[folders]]\npath = 'A/'\naudience = ['closed']",
            "the folder A/ is there more than once.",
        ),
        ("default", "is not valid TOML at its end: a name must be followed by = and a value."),
        (
            "\ndefault = open",
            "is not valid TOML in line 2: the value is none: text needs quotation",
        ),
        ("guilds = [1,\n2", "is not valid TOML at its end: a [ is not closed."),
    ],
)
def test_a_mistake_is_said(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadSettings) as raised:
        read(tmp_path, text)
    assert said in str(raised.value)
    assert str(tmp_path / "policy.toml") in str(raised.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="cannot be read: No such file or directory"):
        Policy.read(tmp_path / "none.toml")


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "policy.toml")
    with pytest.raises(BadSettings, match="cannot be read: it is not an ordinary file"):
        Policy.read(tmp_path / "policy.toml")
