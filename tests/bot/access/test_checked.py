"""What `check` says of folders in the policy that no document lies in."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app.policy_checks import check_policy
from bot.check_results import CheckResult
from bot.config.settings import Settings

NAMES = ("planning/board/a.md", "2025/b.md", "other/c.md", "spaced /d.md")


INDEXED = dict.fromkeys(NAMES, "# Title\n\nWords.\n")


def found(settings: Settings, *folders: str) -> list[CheckResult]:
    path = Path("policy.toml")
    rules = (f"[[folders]]\npath = '{one}'\naudience = ['closed']\n" for one in folders)
    path.write_text("".join(rules), encoding="utf-8")
    checked = settings.model_copy(update={"policy": path})
    return [one for one in check_policy(checked) if not one.ok]


@pytest.mark.parametrize("path", ["", "planning", "Planning/BOARD", "planning / board", "spaced"])
def test_a_rule_that_applies(indexed: Settings, path: str) -> None:
    assert found(indexed, path) == []


@pytest.mark.parametrize("path", ["empty", "2026", "made"])
def test_a_folder_that_is_empty_is_worth_knowing(indexed: Settings, path: str) -> None:
    (indexed.corpus / "made").mkdir()
    assert found(indexed, path) == [
        CheckResult("Policy", False, f"No document lies in {path}/.", needed=False)
    ]


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("corpus/planning", "planning/"),
        ("board", "planning/board/"),
        ("planing", "planning/"),
        ("othr", "other/"),
    ],
)
def test_one_that_is_nearly_called_so_stays_open_and_has_to_be_looked_at(
    indexed: Settings, path: str, meant: str
) -> None:
    (finding,) = found(indexed, path)
    assert finding.needed
    assert finding.detail == f"No document lies in {path}/."
    assert finding.remedy.startswith(f"Correct the path if {meant} is meant")


def test_one_that_has_a_rule_of_its_own_is_not_meant(indexed: Settings) -> None:
    (finding,) = found(indexed, "planning", "planning/board", "2026/planning")
    assert not finding.needed
