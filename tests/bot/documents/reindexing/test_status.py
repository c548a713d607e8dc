"""The state of the index, whether or not it can be opened."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.app import composition
from bot.config.settings import Settings
from bot.documents.reindexing.status import IndexState, index_state
from testing.command import reindexer_of


def state_of(settings: Settings, now: datetime | None = None) -> IndexState:
    return index_state(
        composition.index_store(settings),
        settings.corpus,
        lambda: composition.reindexer(settings).run(dry_run=True),
        now,
    )


def test_nothing_there(settings: Settings) -> None:
    assert state_of(settings) == IndexState(
        index=str(settings.index),
        corpus=settings.corpus,
        problem=f"There is no index in {settings.index} yet. "
        "Run `briefing-bot reindex` to build it.",
        is_missing=True,
    )


def test_age_and_size(settings: Settings) -> None:
    (settings.corpus / "a.txt").write_text("Some words.")
    reindexer_of(settings).run()
    in_two_hours = datetime.now(UTC) + timedelta(hours=2)
    state = state_of(settings, in_two_hours)
    assert 7_195 <= (state.age_seconds or 0) <= 7_205
    before = state_of(settings, datetime.now(UTC) - timedelta(days=999))
    assert before.age_seconds == 0  # the clock was set back
    files = (settings.index / "generations/000001").iterdir()
    assert state.index_bytes == sum(file.stat().st_size for file in files)


def test_an_index_by_other_settings_has_a_state_with_its_problem(settings: Settings) -> None:
    reindexer_of(settings).run()
    state = state_of(settings.model_copy(update={"query_prompt": "find: "}))
    assert (state.generation, state.changes) == (1, None)
    assert state.problem == (
        "The index was made with query prompt '', but 'find: ' is in use. "
        "If that is on purpose, run `briefing-bot reindex --full` to build it anew; otherwise "
        "change the setting back."
    )


def test_a_missing_corpus_is_a_problem(settings: Settings) -> None:
    reindexer_of(settings).run()
    settings.corpus.rmdir()
    state = state_of(settings)
    assert (state.generation, state.changes) == (1, None)
    assert (state.problem or "").startswith("The corpus folder ")


def test_a_missing_model_is_a_problem(settings: Settings) -> None:
    reindexer_of(settings).run()
    state = state_of(settings.model_copy(update={"model": "/none"}))
    assert (state.generation, state.changes) == (1, None)
    assert "there is no such directory" in (state.problem or "")
