"""The findings of `check`, but for the processor's, which imports torch."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import SecretStr

from bot.app import checks, machine_checks
from bot.app.checks import find_all
from bot.check_results import CheckResult
from bot.config.settings import Settings
from index.store.folder.generation_files import MANIFEST
from index.store.folder.store import IndexStore
from testing.command import CommandLine, reindexer_of

TOKEN = "MTEwMDAwMDAwMDAwMDAwMDAwMQ.GaBcDe.no-token-that-discord-has-ever-given-out"


@pytest.fixture(autouse=True)
def _no_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        checks, "check_bfloat16", lambda: CheckResult("Processor", True, "", needed=False)
    )


def _found(settings: Settings) -> dict[str, CheckResult]:
    return {finding.name: finding for finding in find_all(settings)}


def test_all_is_well(settings: Settings) -> None:
    (settings.corpus / "a.txt").write_text("Some words.")
    reindexer_of(settings).run()
    found = _found(settings)
    assert all(finding.ok for finding in found.values())
    assert not any(finding.remedy for finding in found.values())
    assert found["Index"].detail == "generation 1, 1 documents, 1 passages"


@pytest.mark.parametrize(
    ("change", "name", "sentence"),
    [
        ({"model": "/none"}, "Embedding model", "there is no such directory"),
        ({"reader": "/none"}, "Reader", "there is no such directory"),
        ({"corpus": Path("/none")}, "Corpus", "set BRIEFING_CORPUS"),
        ({"index": Path("/dev/null/index")}, "Index folder", "cannot be written to"),
        ({}, "Index", "Run `briefing-bot reindex`"),
    ],
)
def test_what_is_needed_and_missing(
    change: dict[str, object], name: str, sentence: str, settings: Settings
) -> None:
    finding = _found(settings.model_copy(update=change))[name]
    assert (finding.ok, finding.needed) == (False, True)
    assert sentence in finding.detail


def test_no_reranker_is_a_choice(settings: Settings) -> None:
    assert _found(settings.model_copy(update={"reader": "none"}))["Reader"].ok


def test_what_silence_costs(settings: Settings) -> None:
    shipped = _found(settings)["Wrong answers"]
    assert shipped.ok
    assert re.fullmatch(
        r"as shipped, \d+% of the answers should have been none where half of what is asked can "
        r"be answered; of questions that the documents answer, \d+% get none that is sure "
        r"\(measured on .*squad.* questions; w = 0\.\d{3}, m = 0\.\d{3}\)",
        shipped.detail,
    )
    asked_for = settings.model_copy(update={"wrong_at_most": 0.35})
    assert _found(asked_for)["Wrong answers"].detail.startswith("by setting, ")


def test_a_risk_that_cannot_be_had_is_said_with_what_is_used(settings: Settings) -> None:
    finding = _found(settings.model_copy(update={"wrong_at_most": 1e-4}))["Wrong answers"]
    assert (finding.ok, finding.needed) == (False, False)
    assert re.match(
        r"BRIEFING_WRONG_AT_MOST asks for 0\.0% wrong answers at most; the most careful setting "
        r"that was measured has \d+\.\d%, and that one is used: .* \d+% get no answer that is "
        r"sure$",
        finding.detail,
    )


def test_documents_that_cannot_be_read(settings: Settings) -> None:
    (settings.corpus / "a.txt").write_text("")
    reindexer_of(settings).run()
    assert _found(settings)["Document"] == CheckResult(
        "Document", False, "a.txt: it is empty.", needed=False
    )


def _metadata(monkeypatch: pytest.MonkeyPatch, *lines: str) -> Callable[[], list[CheckResult]]:
    monkeypatch.setattr("importlib.metadata.requires", lambda _: list(lines))
    return lambda: list(machine_checks.check_packages())


def test_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    found = _metadata(monkeypatch, "rich==0.1", "no-such-package==1", 'x==1; extra == "dev"')()
    assert [(f.name, f.ok, f.needed) for f in found] == [
        ("Packages", False, True),
        ("Versions", False, False),
    ]
    assert found[0].detail == "not installed: no-such-package."
    assert found[1].detail.startswith("rich ")


def test_the_exit_code_says_whether_something_is_missing(command: CommandLine) -> None:
    done = command("check")
    assert done.code == 1
    assert "2 things that are needed are missing." in done.out
    command.write("a.txt", "Some words.")
    command("reindex")
    assert command("check", "--offline").code == 1, "the token is needed, too"
    Path("token").write_text(TOKEN)
    command.settings = command.settings.model_copy(update={"discord_token_file": Path("token")})
    done = command("check", "--offline")
    assert (done.code, done.err) == (0, "")
    assert done.out.endswith("Everything that is needed is here.\n")
    assert TOKEN not in done.out
    assert '"ok": true' in command("check", "--offline", "--json").out


def test_folders_that_cannot_be_written_to(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    (settings.corpus / "a.txt").write_text("Some words.")
    reindexer_of(settings).run()
    elsewhere = settings.model_copy(update={"records": Path("/dev/null/records")})
    records = _found(elsewhere)["Records folder"]
    assert (records.ok, records.needed) == (False, True)
    assert "BRIEFING_RECORDS" in records.remedy
    monkeypatch.setattr("os.access", lambda path, _: path != settings.corpus)
    uploads = _found(settings)["Uploads"]
    assert (uploads.ok, uploads.needed) == (False, False)
    assert "/upload" in uploads.detail


def test_room_for_what_a_reindex_has_yet_to_write(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The number of generations on the disk does not matter."""

    def found(free: float) -> list[CheckResult]:
        monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=free))
        return list(checks._room_for_the_index(settings))

    for text in ("Some words.", "Other words."):
        (settings.corpus / "a.txt").write_text(text)
        reindexer_of(settings).run()
        size = _size(max(settings.index.glob("generations/*")))
        assert not found(1.5 * size)
        (tight,) = found(1.5 * size - 1)
        assert (tight.ok, tight.needed) == (False, False)
        assert tight in find_all(settings)
    monkeypatch.setattr("bot.app.composition.current_generation", lambda _: _of_megabytes(400))
    (tight,) = found(5e8)
    assert tight.remedy == (
        "Have 600 MB free: a reindex writes the whole index once more, 400 MB and what is new, "
        "before it removes an old one."
    )


def test_a_reindex_takes_what_is_said_of_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    prune, most = IndexStore.prune, 0

    def measured(store: IndexStore) -> None:
        nonlocal most
        most = _size(settings.index)
        prune(store)

    monkeypatch.setattr(IndexStore, "prune", measured)
    for number in range(4):
        (settings.corpus / f"{number}.txt").write_text(f"Some words, {number}.")
        before = _size(settings.index)
        reindexer_of(settings).run()
        newest = _size(max(settings.index.glob("generations/*")))
        assert 0 < most - before < 1.5 * newest  # what stays is not written again


def _size(folder: Path) -> int:
    """Return the size of the files in the folder that hold documents, each once."""
    files = (file for file in folder.rglob("*.*") if file.name != MANIFEST and file.is_file())
    return sum({(found := file.stat()).st_ino: found.st_size for file in files}.values())


def _of_megabytes(number: int) -> Any:
    """Return a stand-in for an index of that size."""
    files = {"catalog.sqlite": SimpleNamespace(size=number * 1_000_000)}
    generation = SimpleNamespace(manifest=SimpleNamespace(files=files))
    return SimpleNamespace(generation=lambda: generation)


def test_guild_settings(settings: Settings) -> None:
    assert _found(settings)["Guild settings"].ok
    Path("guilds.toml").write_text("[guild.1]\n[guild.2]\naudit_channel = 3")
    settings = settings.model_copy(update={"guilds": Path("guilds.toml")})
    assert _found(settings)["Guild settings"].detail == "guilds.toml, 2 sections"
    Path("guilds.toml").write_text("[guild.one]")
    finding = _found(settings)["Guild settings"]
    assert (finding.ok, finding.needed) == (False, True)
    assert "[guild.one]" in finding.detail


def test_a_mistyped_audience_is_found_where_there_is_a_policy(settings: Settings) -> None:
    (settings.corpus / "a.md").write_text("---\naudiance: planners\n---\n\nText.\n")
    reindexer_of(settings).run()
    assert "Document" not in _found(settings)
    Path("policy.toml").write_text('default = "open"')
    finding = _found(settings.model_copy(update={"policy": Path("policy.toml")}))["Document"]
    assert finding.detail == "The audience of a.md is not understood, so nobody sees it."


def test_a_policy_that_can_be_used_says_how_to_ask_it(settings: Settings) -> None:
    Path("policy.toml").write_text('default = "closed"')
    settings = settings.model_copy(update={"policy": Path("policy.toml")})
    assert "briefing-bot audience" in _found(settings)["Policy"].detail


@pytest.mark.parametrize(
    ("content", "file", "limit", "ok"),
    [
        ("0::/system.slice/bot.service\n", "system.slice/bot.service/memory.max", 1700, True),
        ("0::/system.slice/bot.service\n", "system.slice/bot.service/memory.max", 1699, False),
        ("0::/system.slice/bot.service\n", "system.slice/memory.max", 512, False),
        ("0::/\n", "memory.max", 512, False),
        ("9:memory:/docker/1\n0::/\n", "memory/memory.limit_in_bytes", 512, False),
    ],
)
def test_memory(
    content: str,
    file: str,
    limit: int,
    ok: bool,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    groups, process_group = tmp_path / "cgroup", tmp_path / "group"
    groups.joinpath(file).parent.mkdir(parents=True)
    groups.joinpath("memory.max").write_text("max\n")
    groups.joinpath(file).write_text(f"{limit * 2**20}\n")
    process_group.write_text(content)
    monkeypatch.setattr(machine_checks, "_CGROUPS", groups)
    monkeypatch.setattr(machine_checks, "_PROCESS_CGROUP", process_group)
    monkeypatch.setattr("os.sysconf", {"SC_PHYS_PAGES": 2**22, "SC_PAGE_SIZE": 4096}.__getitem__)
    finding = _found(settings)["Memory"]
    assert (finding.ok, finding.needed) == (ok, False)
    assert f"{limit:,} MiB" in finding.detail


def test_memory_of_a_machine_without_limits(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine_checks, "_PROCESS_CGROUP", Path("/none"))
    monkeypatch.setattr("os.sysconf", {"SC_PHYS_PAGES": 2**18, "SC_PAGE_SIZE": 4096}.__getitem__)
    assert _found(settings)["Memory"].detail == "1,024 MiB."


def test_the_token_is_looked_for_with_discord_and_without(command: CommandLine) -> None:
    for more in ([], ["--offline"]):
        assert "DISCORD_TOKEN is not set" in " ".join(command("check", *more).out.split())


@pytest.mark.slow
def test_a_database_is_named_without_its_password(settings: Settings, postgres_url: str) -> None:
    known = settings.model_copy(update={"database": SecretStr(postgres_url)})
    (found,) = checks._database(known)
    assert found.ok
    assert re.search(r"/test_\w+, PostgreSQL 1\d", found.detail)
    away = SecretStr("postgresql://ann:secret@/none?host=/nowhere")
    (lost,) = checks._database(settings.model_copy(update={"database": away}))
    assert not lost.ok
    assert lost.detail.startswith("/nowhere/none: ")
    assert "secret" not in lost.detail
