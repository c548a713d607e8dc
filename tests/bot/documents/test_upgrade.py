"""What each released version left on the disk is taken over by this one.

`tests/data/releases` has it, made by each version's own code (`tools/release_sample.py`).
"""

from __future__ import annotations

import tarfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.app.composition import current_generation, engine, index_store, recipe, reindexer
from bot.config.settings import Settings
from bot.documents.backup import restore
from bot.documents.status import STATUS_OUTDATED, index_state
from bot.records import Records, Verdict
from index.answering.answer import Answer
from index.errors import CorpusShrunk, IndexOutdated, NothingToRollBack
from index.store.generation import VECTORS
from tools.hardening.crash import settings_in
from tools.release_sample import QUESTION, REASON

RELEASES = sorted((Path(__file__).parents[2] / "data/releases").glob("*.tar.gz"))
NAMES = {"aid.md", "deep/roles.md", "prices.csv"}
Left = Callable[[Path], Settings]

each_release = pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.name[:5])


@pytest.fixture
def left(tmp_path: Path) -> Left:
    """The settings of an installation as that release left it."""

    def unpacked(release: Path) -> Settings:
        with tarfile.open(release) as archive:
            archive.extractall(tmp_path, filter="data")
        return settings_in(tmp_path)

    return unpacked


def is_outdated(settings: Settings) -> bool:
    return index_store(settings).open(None).manifest.recipe != recipe(settings)


def test_there_are_samples_of_all_releases() -> None:
    assert {path.name for path in RELEASES} >= {f"0.{n}.0.tar.gz" for n in (1, 2, 3, 4)}


@pytest.mark.models
@each_release
def test_a_plain_reindex_takes_the_index_over(release: Path, left: Left) -> None:
    settings = left(release)
    outdated = is_outdated(settings)
    live = current_generation(settings, made_by=recipe(settings))
    if outdated:
        with pytest.raises(IndexOutdated):
            live.generation()
        assert index_state(settings).problem == STATUS_OUTDATED
    report = reindexer(settings).run()
    assert (report.outdated, report.generation) == (outdated, 3 if outdated else 2)
    assert (report.documents, report.added, report.removed, report.failed) == (3, (), (), ())
    assert report.embedded == 0  # the model is the same
    generation = live.generation()
    assert generation.catalog.document_names() == NAMES
    assert generation.catalog.search("lighthouse", 5) == []
    answer = engine(settings).ask(QUESTION)
    assert isinstance(answer, Answer)
    assert "twelve ships" in answer.excerpts[0].quote
    again = reindexer(settings).run()
    assert (again.outdated, again.generation) == (False, report.generation)
    assert index_state(settings).problem is None


@pytest.mark.models
@each_release
def test_the_way_back_does_not_lead_to_what_cannot_answer(release: Path, left: Left) -> None:
    settings = left(release)
    if not is_outdated(settings):
        pytest.skip("it is of this version's recipe")
    reindexer(settings).run()
    with pytest.raises(NothingToRollBack, match="Generation 2, the one before, was made by"):
        index_store(settings).rollback(recipe(settings))


@pytest.mark.models
@each_release
def test_what_cannot_be_read_any_more_is_carried_over(release: Path, left: Left) -> None:
    settings = left(release)
    (settings.corpus / "aid.md").write_bytes(b"")
    report = reindexer(settings).run()
    assert [(one.document, one.stale) for one in report.failed] == [("aid.md", True)]
    document = current_generation(settings, made_by=recipe(settings)).document("aid.md")
    assert "twelve ships" in document.text


@pytest.mark.models
@each_release
def test_a_lost_mount_does_not_wipe_it(release: Path, left: Left) -> None:
    settings = left(release)
    settings.corpus.rename(settings.corpus.with_name("elsewhere"))
    settings.corpus.mkdir()
    with pytest.raises(CorpusShrunk):
        reindexer(settings).run()
    assert index_store(settings).open(None).catalog.document_names() == NAMES


@pytest.mark.models
@each_release
def test_a_damaged_one_is_taken_over_without_what_was_removed(release: Path, left: Left) -> None:
    settings = left(release)
    (index_store(settings).directory(2) / VECTORS).write_bytes(b"damaged")
    reindexer(settings).run()
    generation = current_generation(settings, made_by=recipe(settings)).generation()
    assert generation.catalog.document_names() == NAMES


@each_release
def test_records_are_read(release: Path, left: Left) -> None:
    settings = left(release)
    if not settings.records.exists():
        assert release.name == "0.1.0.tar.gz"
        pytest.skip("that version had no records")
    with closing(Records(settings.records / "records.sqlite")) as records:
        exchange = records.by_reply(10)
        assert exchange is not None
        assert (exchange.question, exchange.generation, exchange.answered) == (QUESTION, 2, True)
        ((feedback, rated),) = records.feedback()
        assert rated.id == exchange.id
        assert (feedback.person, feedback.verdict, feedback.reason) == (7, Verdict.DOWN, REASON)
        (entry,) = records.audits(5)
        assert (entry.person, entry.action, entry.detail) == (7, "reindex", "generation 2")
        assert records.recall("commands") == "as they were"


@pytest.mark.models
@each_release
def test_a_backup_is_restored(release: Path, left: Left, tmp_path: Path) -> None:
    left(release)
    backup = tmp_path / "backup.tar.gz"
    if not backup.exists():
        pytest.skip("that version took no backups")
    settings = settings_in(tmp_path / "new")
    restore(settings, backup)
    reindexer(settings).run()
    generation = current_generation(settings, made_by=recipe(settings)).generation()
    assert generation.catalog.document_names() == NAMES
    with closing(Records(settings.records / "records.sqlite")) as records:
        assert len(records.feedback()) == 1
