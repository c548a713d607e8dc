"""The update that waits in the demo."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.config.settings import Settings
from bot.demo.update import prepare
from index.store.catalog.history import ChangeKind
from testing.command import reindexer_of
from testing.services import services_of

CORPUS = Path(__file__).resolve().parents[3] / "corpus"
SAMPLE = ("field-office-guide.md", "duty-officers-2026-03.md", "duty-officers-2026-11.md")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        corpus=tmp_path / "corpus", index=tmp_path / "index", records=tmp_path / "records"
    )


def reindex(settings: Settings) -> None:
    reindexer_of(settings).run()


def test_something_changed_and_something_waits(settings: Settings) -> None:
    folder = settings.corpus / "operations"
    folder.mkdir(parents=True)
    for name in SAMPLE:
        shutil.copy(CORPUS / "operations" / name, folder)
    reindex(settings)
    prepare(settings, reindex)
    generation = services_of(settings).current.generation()
    became = {each.name: each.became for each in generation.catalog.history.events()}
    assert became == {
        "operations/duty-officers-2026-11.md": ChangeKind.ADDED,
        "operations/field-office-guide.md": ChangeKind.CHANGED,
    }
    for name in SAMPLE:
        assert (folder / name).read_text("utf-8") == (CORPUS / "operations" / name).read_text()
    waits = reindexer_of(settings).run(dry_run=True)
    assert [*waits.changed] == ["operations/field-office-guide.md"]
    assert not waits.added


def test_documents_of_others_stay_as_they_are(settings: Settings) -> None:
    settings.corpus.mkdir()
    (settings.corpus / "a.md").write_text("# A\n\nSome words.\n")

    def refused(_: Settings) -> None:
        raise AssertionError

    prepare(settings, refused)
    assert (settings.corpus / "a.md").read_text() == "# A\n\nSome words.\n"
