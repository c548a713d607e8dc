"""What `check` finds. The processor's finding imports torch, so only the command's test has it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import checks
from bot.checks import Finding, find_all
from bot.settings import Settings
from tests.bot.command import CommandLine, reindexer_of


@pytest.fixture(autouse=True)
def _no_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "_bfloat16", lambda: Finding("Processor", True, "", needed=False))


def _found(settings: Settings) -> dict[str, Finding]:
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
        ({"reranker": "/none"}, "Reranker", "there is no such directory"),
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
    assert _found(settings.model_copy(update={"reranker": "none"}))["Reranker"].ok


def test_what_silence_costs(settings: Settings) -> None:
    shipped = _found(settings)["Wrong answers"]
    assert shipped.ok
    assert re.fullmatch(
        r"as shipped, \d+% of the answers should have been silence where half of what is asked can "
        r"be answered; of questions that the documents answer, \d+% meet silence \(measured on "
        r".*squad.* questions; w = 0\.\d{3}, m = 0\.\d{3}\)",
        shipped.detail,
    )
    asked_for = settings.model_copy(update={"wrong_at_most": 0.35})
    assert _found(asked_for)["Wrong answers"].detail.startswith("by setting, ")


def test_a_risk_that_cannot_be_had_is_found_before_the_bot_starts(settings: Settings) -> None:
    finding = _found(settings.model_copy(update={"wrong_at_most": 1e-4}))["Wrong answers"]
    assert (finding.ok, finding.needed) == (False, True)
    assert "BRIEFING_WRONG_AT_MOST" in finding.detail


def test_documents_that_cannot_be_read(settings: Settings) -> None:
    (settings.corpus / "a.txt").write_text("")
    reindexer_of(settings).run()
    assert _found(settings)["Document"] == Finding(
        "Document", False, "a.txt: it is empty.", needed=False
    )


def _metadata(monkeypatch: pytest.MonkeyPatch, *lines: str) -> Callable[[], list[Finding]]:
    monkeypatch.setattr("importlib.metadata.requires", lambda _: list(lines))
    return lambda: list(checks._packages())


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
    assert "thing that is needed is missing." in done.out
    command.write("a.txt", "Some words.")
    command("reindex")
    done = command("check")
    assert (done.code, done.err) == (0, "")
    assert done.out.endswith("Everything that is needed is here.\n")
    assert '"ok": true' in command("check", "--json").out
