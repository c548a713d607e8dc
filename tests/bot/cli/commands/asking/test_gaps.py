"""`gaps` over records and an index that needed no model."""

from __future__ import annotations

import json
from contextlib import closing

import pytest
from pydantic import SecretStr

from bot.config.settings import Settings
from bot.records import Records
from index.answering.answer import Verdict
from index.indexing.reindex import Reindexer
from testing.command import CommandLine, reindexer_of
from testing.exchanges import ask


@pytest.fixture
def asked(command: CommandLine) -> CommandLine:
    command.settings = command.settings.model_copy(update={"keep_questions_days": 90})
    command.write("rules.md", "# Rules\n\nThe daily fee abroad is 68 euros.\n")
    assert command("reindex", "--quiet").code == 0
    with closing(Records(command.settings.records_place, keep_questions=True)) as records:
        for person, question, private in (
            (1, "Who dug the well?", False),
            (2, "who dug the well", False),
            (1, "What is it to us?", True),
        ):
            how = {"person": person, "guild": None, "private": private}
            ask(records, question, verdict=Verdict.SILENT, **how)
    return command


def test_for_people(asked: CommandLine) -> None:
    done = asked("gaps")
    assert done.code == 0
    assert done.out.startswith("1 question is open.\n\n2× ")
    assert "dug the well" in done.out
    assert "What is it to us" not in done.out


def test_for_machines_and_done(asked: CommandLine) -> None:
    found = json.loads(asked("gaps", "--json").out)
    assert found["count"] == 1
    (gap,) = found["gaps"]
    assert (gap["asked"], gap["silent"]) == (2, 2)
    assert gap["wordings"] == ["Who dug the well?", "who dug the well"]
    assert asked("gaps", "--done", str(gap["id"])).code == 0
    assert json.loads(asked("gaps", "--json").out) == {"count": 0, "gaps": []}
    assert asked("gaps", "--done", str(gap["id"])).code == 1


@pytest.fixture
def on_server(command: CommandLine, postgres_url: str) -> None:
    database = {"database": SecretStr(postgres_url)}
    command.settings = command.settings.model_copy(update=database)


@pytest.mark.slow
@pytest.mark.usefixtures("on_server", "asked")
def test_no_worker_gets_the_questions(
    command: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    servers = []

    def reindexer_for(settings: Settings) -> Reindexer:
        servers.append(settings.database)
        return reindexer_of(settings)

    monkeypatch.setattr("testing.command.reindexer_of", reindexer_for)
    assert command("gaps").out.startswith("1 question is open.")
    assert servers == [None]


def test_without_questions_kept(command: CommandLine) -> None:
    command.write("rules.md", "# Rules\n\nThe daily fee abroad is 68 euros.\n")
    assert command("reindex", "--quiet").code == 0
    done = command("gaps")
    assert done.out == "0 questions are open.\n"
    assert "BRIEFING_KEEP_QUESTIONS_DAYS" in done.err
