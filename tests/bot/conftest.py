"""A folder to work in, and the command line run within this process."""

from __future__ import annotations

import io
import os
import shutil
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from rich.console import Console

from bot.app import composition
from bot.cli.output.screen import Screen
from bot.config.settings import Settings
from index.store.folder.store import IndexStore
from index.store.generation import Recipe
from testing.command import CommandLine, reindexer_of
from testing.services import write_corpus


@pytest.fixture(autouse=True)
def _clean_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No settings but the test's own, and a clock in UTC."""
    for name in list(os.environ):
        if name.upper().startswith(("BRIEFING_", "DISCORD_TOKEN")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    monkeypatch.chdir(tmp_path)
    yield
    monkeypatch.undo()
    time.tzset()


_recipe = composition.recipe


@cache
def _recipe_of(model: str, prompts: tuple[str | None, str | None]) -> Recipe:
    """Read what a model is once; its files stay as they are while tests run."""
    query, passage = prompts
    update = {"model": model, "query_prompt": query, "passage_prompt": passage}
    return _recipe(_defaults().model_copy(update=update))


@pytest.fixture(autouse=True)
def _recipes_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def recipe(settings: Settings) -> Recipe:
        return _recipe_of(settings.model, (settings.query_prompt, settings.passage_prompt))

    monkeypatch.setattr(composition, "recipe", recipe)


@cache
def _defaults() -> Settings:
    return Settings(corpus=Path(), index=Path(), records=Path())


@pytest.fixture
def settings(tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    """Settings with folders of the test's own, and what its module has as SETTINGS."""
    folders = {name: tmp_path / name for name in ("corpus", "index", "records")}
    folders["corpus"].mkdir()
    update = folders | getattr(request.module, "SETTINGS", {})
    return _defaults().model_copy(update=update)  # without a look at the environment each time


@pytest.fixture
def store(tmp_path: Path) -> IndexStore:
    return IndexStore(tmp_path / "index")


@pytest.fixture(scope="session")
def _sample(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The sample briefings, indexed once; tests get copies."""
    folder = tmp_path_factory.mktemp("sample")
    settings = Settings(
        corpus=folder / "corpus", index=folder / "index", records=folder / "records"
    )
    write_corpus(settings.corpus)
    reindexer_of(settings).run()
    return settings


@pytest.fixture
def indexed(settings: Settings, request: pytest.FixtureRequest) -> Settings:
    """Settings with the documents that the module has as INDEXED, else the samples, indexed."""
    if documents := getattr(request.module, "INDEXED", None):
        from tests.bot.discord.helpers.briefings import reindex

        reindex(settings, documents)
        return settings
    sample = request.getfixturevalue("_sample")
    shutil.copytree(sample.corpus, settings.corpus, dirs_exist_ok=True)
    shutil.copytree(sample.index, settings.index)
    return settings


@pytest.fixture
def command(settings: Settings) -> CommandLine:
    return CommandLine(settings)


@pytest.fixture
def rendered() -> Callable[..., str]:
    """What a person sees, as wide as given and without colour."""

    def render(parts: object, width: int = 72) -> str:
        file = io.StringIO()
        console = Console(file=file, width=width, highlight=False, markup=False, emoji=False)
        Screen(console, console).show(parts)  # type: ignore[arg-type]  # any iterable of parts
        return file.getvalue()

    return render
