"""`reindex` through the command line, with an embedder that needs no model."""

from __future__ import annotations

import json
import shutil

import pytest

from index.store.folder.store import IndexStore
from testing.command import CommandLine
from testing.stores import plan_merge


def test_for_machines(command: CommandLine) -> None:
    command.write("a.txt", "Some words.")
    command.write("b.pdf", "no PDF")
    found = json.loads(command("reindex", "--json").out)
    assert list(found) == [
        "generation", "documents", "passages", "added", "changed", "removed", "unchanged",
        "failed", "held", "embedded", "reused", "seconds", "outdated", "unwatched",
        "proposed",
    ]  # fmt: skip
    (failed,) = found.pop("failed")
    assert found.pop("seconds") >= 0
    assert found == {
        "generation": 1, "documents": 1, "passages": 1, "added": ["a.txt"], "changed": [],
        "removed": [], "unchanged": 0, "held": [], "embedded": 1, "reused": 0, "outdated": False,
        "unwatched": False, "proposed": [],
    }  # fmt: skip
    assert (failed["document"], failed["stale"]) == ("b.pdf", False)
    assert failed["reason"]


def test_for_people(command: CommandLine) -> None:
    command.write("a.txt", "Some words.")
    done = command("reindex")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(
        "Added (1):\n  a.txt\nGeneration 1 holds 1 document in 1 passage; 1 passage embedded,"
    )
    assert command("reindex").out == (
        "Nothing has changed. Generation 1 holds 1 document in 1 passage.\n"
    )
    assert command("reindex", "--full", "--quiet").out == ""


def test_a_document_that_cannot_be_read_is_no_failure(command: CommandLine) -> None:
    command.write("empty.txt", "")
    done = command("reindex")
    assert done.code == 0
    assert "Not read (1):\n  empty.txt: it is empty\n" in done.out


def test_dry_run_does_nothing(command: CommandLine) -> None:
    command.write("a.txt", "Some words.")
    assert command("reindex", "--dry-run").out == (
        "Added (1):\n  a.txt\nA reindex would do this for 1 document. Nothing was done.\n"
    )
    assert not command.settings.index.exists()


def test_what_was_left_to_the_background_is_done_at_the_end(command: CommandLine) -> None:
    command.write("a.txt", "Some words.")
    command("reindex")
    merging = plan_merge(IndexStore(command.settings.index))
    command("reindex", "--dry-run")
    assert merging.made() is None
    assert command("reindex").code == 0
    assert merging.made() is not None


def test_rollback(command: CommandLine) -> None:
    command.write("a.txt", "Some words.")
    command("reindex")
    done = command("reindex", "--rollback")
    assert (done.code, done.err) == (1, "There is no earlier generation to go back to.\n")
    command.write("a.txt", "Other words.")
    command("reindex")
    done = command("reindex", "--rollback", "--json")
    assert (done.code, json.loads(done.out)) == (
        0,
        {"generation": 3, "previous": 2, "left_out": [], "held": ["a.txt"]},
    )
    assert "Some words." in command("show", "a.txt").out
    assert command("reindex", "--rollback").out.startswith("Generation 4 answers now;")
    assert command("reindex", "--rollback", "--quiet").out == ""


def test_what_a_rollback_took_back_is_released_by_name(command: CommandLine) -> None:
    command.write("a.txt", "Some words.")
    command("reindex")
    command.write("a.txt", "Other words.")
    command("reindex")
    assert "Held back since a rollback (1):\n  a.txt\n" in command("reindex", "--rollback").out
    assert command("reindex").out.startswith("Held back since a rollback (1):\n  a.txt\n")
    assert "a.txt, since a rollback" in command("status").out
    assert "a.txt, which a rollback took back." in command("check", "--offline").out
    assert "Some words." in command("show", "a.txt").out
    assert command("reindex", "--release", "b.txt").code == 2
    assert command("reindex", "--release", "a.txt").out.startswith("Changed (1):\n  a.txt\n")
    assert "Other words." in command("show", "a.txt").out
    assert "since a rollback" not in command("status").out


def test_names_of_what_is_held_back_do_nothing_to_the_terminal(
    command: CommandLine, capsys: pytest.CaptureFixture[str]
) -> None:
    for text in ("Some words.", "Other words."):
        command.write("a\x1b]0;b\x07.txt", text)
        command("reindex")
    command("reindex", "--rollback")
    assert command("reindex", "--release", "b.txt").code == 2
    refused = capsys.readouterr().err
    assert "b.txt is not held back" in refused
    assert "\x1b]" not in refused


def test_without_a_corpus(command: CommandLine) -> None:
    shutil.rmtree(command.settings.corpus)
    done = command("reindex")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(f"The corpus folder {command.settings.corpus} cannot be opened")


@pytest.mark.parametrize("other", ["--full", "--dry-run"])
def test_rollback_stands_alone(
    other: str, command: CommandLine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("reindex", "--rollback", other).code == 2
    assert "--rollback stands alone." in capsys.readouterr().err


def test_events_for_a_program_that_waits(command: CommandLine) -> None:
    command.write("a.txt", "Some words.")
    events = [json.loads(line) for line in command("reindex", "--events").out.splitlines()]
    assert events[0] == {"documents": 0, "total": 1, "share": 0.0}
    assert {"embedded": 1} in events
    assert events[-1]["report"]["added"] == ["a.txt"]
    (dry,) = command("reindex", "--events", "--dry-run").out.splitlines()
    assert json.loads(dry)["report"]["unchanged"] == 1
