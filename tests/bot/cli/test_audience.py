"""`audience`: who can see a document, and what a person can see; and what `check` says of it."""

from __future__ import annotations

import pytest

from tests.bot.command import CommandLine

POLICY = """
guilds = [100000000000000001]
[audiences.board]
roles = [100000000000000022]
[audiences.partners]
guilds = [100000000000000004]
people = [7]
[audiences.nobody]
[[folders]]
path = "plans/"
audience = ["board"]
[[folders]]
path = "empty/"
audience = ["board"]
"""


@pytest.fixture
def indexed(command: CommandLine) -> CommandLine:
    command.write("note.txt", "Bread is baked daily.\n")
    command.write("plans/a.md", "# Plan A\n\nWords.\n")
    command.write("plans/b.md", "---\naudience: [partners]\n---\n\n# Plan B\n\nWords.\n")
    command.write("c.md", "---\naudience: bord\n---\n\n# C\n\nWords.\n")
    policy = command.settings.corpus.parent / "policy.toml"
    policy.write_text(POLICY, encoding="utf-8")
    command.settings = command.settings.model_copy(update={"policy": policy})
    assert command("reindex", "--quiet").code == 0
    return command


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (
            "note.txt",
            "Seen by:\n  members of the servers whose the documents are (100000000000000001)\n",
        ),
        ("plans/a.md", "Seen by:\n  who has role 100000000000000022\n"),
        (
            "plans/b.md",
            "Seen by whoever is in all of these:\n  person 7; members of server 100000000000000004"
            "\n  who has role 100000000000000022\n",
        ),
        ("c.md", "Seen by:\n  nobody\nIts front matter names what is no audience: bord\n"),
    ],
)
def test_who_can_see_a_document(indexed: CommandLine, document: str, said: str) -> None:
    assert indexed("audience", document).out == said


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ((), set()),
        (("--guild", "100000000000000001"), {"note.txt"}),
        (("--role", "100000000000000022"), {"plans/a.md"}),
        (("--role", "100000000000000022", "--person", "7"), {"plans/a.md", "plans/b.md"}),
    ],
)
def test_what_a_person_can_see(
    indexed: CommandLine, arguments: tuple[str, ...], names: set[str]
) -> None:
    shown = indexed("audience", *arguments).out
    all_names = ("note.txt", "plans/a.md", "plans/b.md", "c.md")
    assert {name for name in all_names if name in shown} == names


def test_who_can_see_nothing_is_told_of_in_words(indexed: CommandLine) -> None:
    assert indexed("audience", "--person", "8").out == "None of the documents.\n"


def test_a_document_that_is_not_there(indexed: CommandLine) -> None:
    done = indexed("audience", "plans/x.md")
    assert done.code == 1
    assert "plans/x.md" in done.err


def test_check_names_mistakes(indexed: CommandLine) -> None:
    said = " ".join(indexed("check").out.split())
    assert "3 audiences" in said
    assert "7 is no id of Discord's." in said
    assert "The audience nobody is nobody." in said
    assert "No document lies in empty/." in said
    assert "c.md is for bord, which is no audience, so nobody else sees it." in said


def test_check_says_what_is_wrong_with_the_file(indexed: CommandLine) -> None:
    assert indexed.settings.policy is not None
    indexed.settings.policy.write_text("[audience]", encoding="utf-8")
    done = indexed("check")
    assert done.code == 1
    assert "has a mistake at audience: Extra inputs" in " ".join(done.out.split())
