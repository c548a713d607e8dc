"""The lines of the log that an operator looks for."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.config.settings import Settings
from bot.errors import ReindexFailed
from bot.observing.state_log import StateLog, differing, log_start
from bot.services import Services
from testing.command import reindexer_of
from testing.services import HereReindexing


@pytest.fixture(autouse=True)
def _at_info(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("bot.")]
    caplog.clear()
    return lines


def test_the_start(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    token = SecretStr("hunter2-hunter2")
    settings = settings.model_copy(update={"discord_token": token, "most_waiting": 7})
    log_start(settings)
    (record,) = caplog.records
    assert record.getMessage() == "Starting"
    found = vars(record)
    assert found["corpus"] == str(settings.corpus)
    assert found["version"].startswith("0.")
    assert found["settings"]["BRIEFING_MOST_WAITING"] == "7"
    assert "hunter2" not in str(found)
    assert differing(Settings()) == {}


def test_the_index_and_what_it_lacks(services: Services, caplog: pytest.LogCaptureFixture) -> None:
    standing = StateLog(services.current, services.settings.corpus)
    standing.look()
    assert said(caplog) == ["Generation 1 answers"]
    standing.look()
    assert said(caplog) == []
    for name in "ab":
        services.settings.corpus.joinpath(f"{name}.txt").write_text("")
    reindexer_of(services.settings).run()
    standing.look()
    assert said(caplog) == [
        "Generation 2 answers",
        "Not read: a.txt: it is empty",
        "Not read: b.txt: it is empty",
    ]
    services.settings.corpus.joinpath("c.txt").write_text("")
    reindexer_of(services.settings).run()
    standing.look()
    assert said(caplog) == ["Generation 3 answers", "Not read: c.txt: it is empty"]


def test_what_is_missing_is_said_once(
    services: Services, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    index, corpus = services.settings.index, services.settings.corpus
    standing = StateLog(services.current, corpus)
    index.rename(tmp_path / "elsewhere")
    corpus.rename(tmp_path / "documents")
    for _ in range(2):
        standing.look()
    first, second = said(caplog)
    assert first == f"The corpus folder is missing: {corpus}"
    assert second.startswith("Questions cannot be answered: There is no index in")
    (tmp_path / "elsewhere").rename(index)
    (tmp_path / "documents").rename(corpus)
    standing.look()
    assert said(caplog) == [f"The corpus folder is there again: {corpus}", "Generation 1 answers"]
    index.rename(tmp_path / "elsewhere")
    standing.look()
    (third,) = said(caplog)
    assert third.startswith(f"Questions cannot be answered: The index in {index} is gone")


async def test_a_defect_does_not_end_it(
    services: Services, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    standing = StateLog(services.current, services.settings.corpus)

    def fail() -> None:
        raise RuntimeError

    async def repaired(_: float) -> None:
        if standing.look is not fail:
            raise asyncio.CancelledError
        monkeypatch.undo()

    monkeypatch.setattr(standing, "look", fail)
    with pytest.raises(asyncio.CancelledError):
        await standing.keep(repaired)
    assert said(caplog)[-1] == "Generation 1 answers"


def test_each_reindex_with_its_outcome(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.corpus.joinpath("a.txt").write_text("Some words.")
    settings.corpus.joinpath("b.txt").write_text("")
    reindexing = HereReindexing(settings)
    reindexing.run(dry_run=True)
    assert said(caplog) == []
    reindexing.run()
    (record,) = caplog.records
    assert record.getMessage() == "Reindexed: generation 1"
    found = vars(record)
    assert (found["added"], found["changed"], found["removed"], found["not_read"]) == (1, 0, 0, 1)
    caplog.clear()

    def fail() -> None:
        raise ReindexFailed("It failed, and nothing was changed.")

    reindexing.hold = fail
    with pytest.raises(ReindexFailed):
        reindexing.run()
    assert said(caplog) == ["The reindex failed: It failed, and nothing was changed."]
