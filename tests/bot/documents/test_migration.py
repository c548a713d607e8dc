from __future__ import annotations

import shutil
import time
from contextlib import closing, suppress
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.config.settings import Settings
from bot.config.shard import Shard
from bot.documents.backup import back_up, restore
from bot.documents.migration import index_on, migrate_index, migrate_records
from bot.errors import AlreadyRunning, BadSettings, RecordsNotMoved
from bot.records import Records
from bot.records.databases.one_instance import one_instance
from index.store.folder.store import IndexStore
from index.store.ports import Store
from testing.command import CommandLine
from testing.fakes import document_of, publish
from testing.generations import assert_whole, documents
from testing.postgres import database


@pytest.fixture
def on_server(settings: Settings, postgres_url: str) -> Settings:
    settings.corpus.mkdir(exist_ok=True)
    with closing(Records(settings.records / "records.sqlite")) as records:
        records.audit(7, 8, "upload", "plans/south.md")
    return settings.model_copy(update={"database": SecretStr(postgres_url)})


def details(settings: Settings) -> list[str]:
    with closing(Records(settings.records_place)) as records:
        return [entry.detail for entry in records.audits(9)]


def rows_moved_once_heard(settings: Settings) -> int:
    """Move the records once the server has heard that a bot has gone; return how many rows."""
    for _ in range(100):
        with suppress(AlreadyRunning):
            return migrate_records(settings).rows
        time.sleep(0.05)
    raise AssertionError("the server still holds the share of a bot that has ended")


@pytest.mark.slow
def test_the_records_move_while_no_bot_runs(on_server: Settings) -> None:
    from bot.records.databases.standby import ShareLock

    with one_instance(on_server.records), pytest.raises(AlreadyRunning):
        migrate_records(on_server)
    assert on_server.database is not None
    serving = ShareLock(on_server.database, Shard(1, 2))
    serving.wait()
    with pytest.raises(AlreadyRunning, match=r"Stop it, then try again\.$"):
        migrate_records(on_server)
    serving.end()
    assert rows_moved_once_heard(on_server) == 1
    assert details(on_server) == ["plans/south.md"]
    with closing(Records(on_server.database)) as records:
        records.audit(7, 8, "upload", "new.md")
    with pytest.raises(RecordsNotMoved, match="already"):
        migrate_records(on_server, back=True)
    (on_server.records / "records.sqlite").unlink()
    assert migrate_records(on_server, back=True).rows == 2
    assert details(on_server.model_copy(update={"database": None})) == ["new.md", "plans/south.md"]


def test_without_a_server_there_is_nowhere_to_go(settings: Settings) -> None:
    with pytest.raises(BadSettings, match="BRIEFING_DATABASE"):
        migrate_records(settings)


@pytest.mark.slow
def test_a_backup_has_what_is_on_the_server(
    on_server: Settings, postgres_server: str, tmp_path: Path
) -> None:
    migrate_records(on_server)
    back_up(on_server, tmp_path / "backup.tar.gz")
    folders = {name: tmp_path / "other" / name for name in ("corpus", "index", "records")}
    in_folder = on_server.model_copy(update={**folders, "database": None})
    restore(in_folder, tmp_path / "backup.tar.gz")
    assert details(in_folder) == ["plans/south.md"]
    with database(postgres_server) as url:
        folders = {name: tmp_path / "third" / name for name in ("corpus", "index", "records")}
        third = on_server.model_copy(update={**folders, "database": SecretStr(url)})
        restore(third, tmp_path / "backup.tar.gz")
        assert details(third) == ["plans/south.md"]
        assert not (third.records / "records.sqlite").exists()


def texts(store: Store) -> dict[str, str]:
    generation = store.open(None)
    assert_whole(generation)
    return documents(generation)


@pytest.mark.slow
def test_the_index_moves_and_a_backup_has_it(
    on_server: Settings, postgres_server: str, tmp_path: Path
) -> None:
    assert migrate_index(on_server) is None
    in_folder = IndexStore(on_server.index)
    publish(in_folder, document_of("The state of the file.", "And more.", name="a.txt"))
    moved = migrate_index(on_server)
    assert moved is not None
    assert moved.documents == 1
    shutil.rmtree(on_server.index)
    assert migrate_index(on_server, back=True) == moved
    expected = texts(in_folder)
    migrate_records(on_server)
    shutil.rmtree(on_server.index)
    back_up(on_server, tmp_path / "backup.tar.gz")
    with database(postgres_server) as url:
        folders = {name: tmp_path / "third" / name for name in ("corpus", "index", "records")}
        third = on_server.model_copy(update={**folders, "database": SecretStr(url)})
        restore(third, tmp_path / "backup.tar.gz")
        with index_on(SecretStr(url)) as store:
            assert texts(store) == expected
        assert list(third.index.iterdir()) == []
    folders = {name: tmp_path / "other" / name for name in ("corpus", "index", "records")}
    restore(on_server.model_copy(update={**folders, "database": None}), tmp_path / "backup.tar.gz")
    assert texts(IndexStore(folders["index"])) == expected


@pytest.mark.slow
def test_the_index_on_a_server_is_divided_over_two_more(
    on_server: Settings, postgres_server: str, tmp_path: Path
) -> None:
    assert on_server.database is not None
    with database(postgres_server) as one, database(postgres_server) as other:
        with index_on(on_server.database) as store:
            publish(store, document_of("One state.\n", name="a.txt"))
        shards = tmp_path / "shards"
        shards.write_text(f"{one}\n{other}\n", encoding="utf-8")
        run = CommandLine(on_server)("migrate", "--shards", str(shards))
        assert (run.code, run.err) == (0, "")
        assert "over the 2 servers" in run.out
        with index_on(on_server.database) as store:
            assert documents(store.open(None)) == {"a.txt": "One state.\n\n"}
