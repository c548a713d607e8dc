"""`watches` at the terminal, and what `export` and `forget` say of them."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace

from bot.records import Records
from testing.command import CommandLine
from testing.samples import ANSWER, WATCH

ANN, BEN = 1, 2
WORDS = "who checks the truce?"


def watched(command: CommandLine) -> None:
    """Ann watches a question of her own, and waits for an answer to one of Ben's."""
    with closing(Records(command.settings.records / "records.sqlite")) as records:
        for question, awaits, people in ((WORDS, False, ()), ("who pays?", True, (BEN,))):
            watch = replace(WATCH, awaits_answer=awaits, question=question, people=people)
            kept = records.watches.add(watch)
            assert kept is not None
            if awaits:
                records.watches.not_told(kept.id, 1)


def test_how_many_there_are_without_their_words(command: CommandLine) -> None:
    assert command("watches").out == "Nobody watches a question.\n"
    assert json.loads(command("watches", "--json").out)["watches"] == 0
    watched(command)
    said = command("watches").out
    assert said.startswith("2 questions are watched, by 1 in all: 1 for changes, 1 for an answer.")
    assert "1 has changed, and its person could not be written to." in said
    found = json.loads(command("watches", "--json").out)
    assert (found["people"], found["for_changes"], found["untold"]) == (1, 1, 1)
    assert "truce" not in said + str(found)


def test_they_are_exported_and_forgotten(command: CommandLine) -> None:
    watched(command)
    own, his = json.loads(command("export", str(ANN)).out)["watches"]
    assert (own["question"], own["waits_for"], own["untold"]) == (WORDS, "change", False)
    assert own["excerpts"][0]["quote"] == ANSWER.excerpts[0].quote
    assert (his["question"], his["waits_for"]) == (None, "answer")  # words of Ben's
    assert json.loads(command("forget", str(ANN), "--json").out)["watches"] == 2
    assert command("watches").out == "Nobody watches a question.\n"
