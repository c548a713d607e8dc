"""`documents`, `show` and `status` over an index that needed no model."""

from __future__ import annotations

import json

import pytest

from testing.command import CommandLine

INDEXED = {
    "a/first.md": "# The first\n\nSome words.\n",
    "second [draft].txt": "Other words.\x1b[2J\n",
    "empty.txt": "",
}


def _names(indexed: CommandLine, *arguments: str) -> list[str]:
    found = json.loads(indexed("documents", "--json", *arguments).out)
    return [row["document"] for row in found["documents"]]


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ((), ["a/first.md", "empty.txt", "second [draft].txt"]),
        (("FIRST",), ["a/first.md"]),
        (("[draft]",), ["second [draft].txt"]),
        (("*[draft]*",), ["second [draft].txt"]),
        (("*.txt",), ["empty.txt", "second [draft].txt"]),
        (("a/?irst.md",), ["a/first.md"]),
        (("nothing",), []),
    ],
)
def test_documents(arguments: tuple[str, ...], names: list[str], indexed: CommandLine) -> None:
    assert _names(indexed, *arguments) == names


def test_documents_for_people(indexed: CommandLine) -> None:
    done = indexed("documents")
    assert done.code == 0
    assert "it is empty" in done.out
    assert done.out.endswith("\n2 documents read, 1 not.\n")


def test_show(indexed: CommandLine) -> None:
    assert indexed("show", "a/first.md").out == (
        "The first\na/first.md\n\n# The first\n\nSome words.\n"
    )
    found = json.loads(indexed("show", "second [draft].txt", "--json").out)
    assert found["text"] == "Other words.\x1b[2J\n"
    assert "\x1b" not in indexed("show", "second [draft].txt").out


@pytest.mark.parametrize(
    ("typed", "note"), [("first.md", ""), ("the frist", "Taken to mean a/first.md.\n")]
)
def test_show_by_a_name_that_is_near(typed: str, note: str, indexed: CommandLine) -> None:
    done = indexed("show", typed)
    assert "Some words." in done.out
    assert done.err == note


def test_show_long_lines_as_they_are(command: CommandLine) -> None:
    line = "many words " * 20
    command.write("long.txt", f"{line.strip()}\n")
    command("reindex", "--quiet")
    assert line.strip() in command("show", "long.txt").out.splitlines()


def test_show_what_is_not_there(indexed: CommandLine, capsys: pytest.CaptureFixture[str]) -> None:
    assert indexed("show", "the first draft").err == (
        "No document named 'the first draft' is indexed. Did you mean a/first.md? "
        "Run `briefing-bot documents` to see them all.\n"
    )
    assert indexed("show", "a/first.md", "--page", "2").err == (
        "'a/first.md' has no pages, so there is no page 2.\n"
    )
    assert indexed("show", "a/first.md", "--page", "2", "--json").code == 2
    assert "--json has every page" in capsys.readouterr().err


def test_status(indexed: CommandLine) -> None:
    indexed.write("third.txt", "New.")
    (indexed.settings.corpus / "a/first.md").unlink()
    done = indexed("status", "--json")
    found = json.loads(done.out)
    assert done.code == 0
    assert found["index_bytes"] > 0
    assert found["age_seconds"] >= 0
    assert {key: found[key] for key in ("generation", "previous", "documents", "failing")} == {
        "generation": 1, "previous": None, "documents": 2, "failing": ["empty.txt"],
    }  # fmt: skip
    assert found["changes"] == {
        "added": ["third.txt"], "changed": [], "removed": ["a/first.md"], "held": [],
    }  # fmt: skip
    assert found["problem"] is None
    assert "1 added, 1 removed: run `briefing-bot reindex`" in indexed("status").out


def test_without_an_index(command: CommandLine) -> None:
    sentence = (
        f"There is no index in {command.settings.index} yet. "
        "Run `briefing-bot reindex` to build it.\n"
    )
    for arguments in (("documents",), ("show", "a.txt")):
        done = command(*arguments)
        assert (done.code, done.out, done.err) == (1, "", sentence)
    done = command("status", "--json")
    assert (done.code, json.loads(done.out)["problem"]) == (0, sentence.strip())


def test_a_damaged_index(indexed: CommandLine) -> None:
    (indexed.settings.index / "generations/000001/catalog.sqlite").write_bytes(b"")
    done = indexed("documents")
    assert done.code == 1
    assert "The index is damaged" in done.err
    assert "briefing-bot reindex --full" in done.err
    done = indexed("status")
    assert done.code == 0
    assert "The index is damaged" in done.out
