"""`successions`, `confirm-review` and `documents --overdue`, as text and as JSON."""

from __future__ import annotations

import json
from contextlib import closing
from typing import Any

import pytest

from bot.records import Records
from testing.command import CommandLine

RULES = "Staff go by train within Norway, and hand in receipts within a month of the way home.\n"
LATE = (
    "---\ntitle: Travel policy\nowner: Ingrid Moe\ndate: 2024-01-10\nreview: 2025-01-10\n---\n\n"
    "By train.\n"
)


INDEXED = {
    "travel.md": LATE,
    "keys.md": "---\nvalid_until: 2024-12-31\n---\n\n# Keys\n\nAsk Bob.\n",
    "bread.md": "# Bread\n\nBaked daily.\n",
}


@pytest.fixture
def known(indexed: CommandLine) -> CommandLine:
    """Documents of which one states that it replaces another, and one seems to."""
    for number in (1, 2):
        indexed.write(f"plan-v{number}.md", f"# The plan v{number}\n\n{RULES}")
    indexed.write("cake.md", "---\nreplaces: bread.md\n---\n\n# Cake\n\nBaked on Sundays.\n")
    assert indexed("reindex", "--quiet").code == 0
    return indexed


def _json(indexed: CommandLine, *arguments: str) -> Any:
    done = indexed(*arguments, "--json")
    assert done.code == 0, done.err
    return json.loads(done.out)


def _audit(indexed: CommandLine) -> list[tuple[str, str, str | None, str | None]]:
    with closing(Records(indexed.settings.records / "records.sqlite")) as records:
        return [(one.action, one.detail, one.document, one.other) for one in records.audits(9)]


class TestOverdue:
    def test_for_people(self, indexed: CommandLine) -> None:
        assert indexed("documents", "--overdue").out == (
            "No owner is named\n  keys.md — Keys — it held until 31 Dec 2024\n"
            "Owner: Ingrid Moe\n"
            "  travel.md — Travel policy — review due by 10 Jan 2025\n"
        )
        assert indexed("documents", "--overdue", "keys").out.count("\n") == 2
        assert indexed("documents", "--overdue", "bread").out == (
            "No document is overdue for a review.\n"
        )

    def test_for_machines(self, indexed: CommandLine) -> None:
        assert _json(indexed, "documents", "--overdue", "travel") == {
            "generation": 1,
            "overdue": [
                {
                    "document": "travel.md",
                    "title": "Travel policy",
                    "owner": "Ingrid Moe",
                    "since": "2025-01-10",
                    "why": "review",
                    "said": None,
                }
            ],
        }
        assert not indexed.settings.records.exists()


class TestConfirmReview:
    def test_it_is_pushed_on(self, indexed: CommandLine) -> None:
        done = indexed("confirm-review", "travel.md")
        assert done.out.startswith("Recorded: travel.md is still right; its next review is due by")
        assert "travel" not in indexed("documents", "--overdue").out
        assert _audit(indexed) == [("still right", "travel.md", "travel.md", None)]
        assert "Nothing is said" in indexed("confirm-review", "travel.md", "--undo").out
        assert "travel" in indexed("documents", "--overdue").out

    def test_not_right_any_more(self, indexed: CommandLine) -> None:
        said = _json(indexed, "confirm-review", "bread.md", "--wrong")["said"]
        assert (said["is_right"], said["until"], said["by_owner"]) == (False, None, False)
        (found,) = _json(indexed, "documents", "--overdue", "bread")["overdue"]
        assert (found["why"], found["said"]) == ("wrong", said)
        assert "no longer right, as was said on" in indexed("documents", "--overdue").out

    def test_of_no_document(self, indexed: CommandLine) -> None:
        done = indexed("confirm-review", "none.md")
        assert done.code == 1
        assert "No document named 'none.md'" in done.err
        assert "Did you mean travel.md?" in indexed("confirm-review", "trvael").err
        assert "travel.md" in indexed("confirm-review", "travel").out
        assert indexed("confirm-review", "bread.md", "--wrong", "--undo").code == 2


class TestSuccessions:
    def test_nothing_is_known(self, indexed: CommandLine) -> None:
        assert "No document replaces another" in indexed("successions").out
        assert not indexed.settings.records.exists()

    def test_all_that_is_known(self, known: CommandLine) -> None:
        assert known("successions").out == (
            "Proposed (1):\n"
            "  plan-v2.md seems to replace plan-v1.md — Their names differ in date or version, and"
            " they share 71% of their text.\n"
            "`briefing-bot successions confirm OLD NEW` says so, `refuse OLD NEW` says that not.\n"
            "Stated by the documents (1):\n"
            "  cake.md replaces bread.md\n"
        )
        known("successions", "confirm", "plan-v1.md", "plan-v2.md")
        known("successions", "refuse", "bread.md", "cake.md")
        found = _json(known, "successions")
        assert found["proposed"] == []
        assert found["stated"] == [{"old": "bread.md", "new": "cake.md"}]
        assert found["confirmed"] == [{"old": "plan-v1.md", "new": "plan-v2.md"}]
        assert found["refused"] == [{"old": "bread.md", "new": "cake.md"}]
        assert _audit(known) == [
            ("succession", "cake.md does not replace bread.md", "bread.md", "cake.md"),
            ("succession", "plan-v2.md replaces plan-v1.md", "plan-v1.md", "plan-v2.md"),
        ]

    def test_it_is_taken_back(self, indexed: CommandLine) -> None:
        assert _json(indexed, "successions", "confirm", "bread.md", "keys.md")["replaces"] is True
        assert _json(indexed, "successions", "undo", "bread.md", "keys.md")["replaces"] is None
        assert _json(indexed, "successions")["confirmed"] == []
        assert len(_audit(indexed)) == 2
        indexed("successions", "undo", "bread.md", "keys.md")
        assert len(_audit(indexed)) == 2

    @pytest.mark.parametrize("decision", ["confirm", "refuse"])
    def test_what_makes_no_sense(self, indexed: CommandLine, decision: str) -> None:
        assert "No document named" in indexed("successions", decision, "bread.md", "no.md").err
        assert (
            "cannot replace itself" in indexed("successions", decision, "bread.md", "bread.md").err
        )

    def test_what_came_is_proposed_after_a_reindex(self, known: CommandLine) -> None:
        known.write("plan-v2.md", f"# The plan v2\n\n{RULES}\nAsk Ann.\n")
        assert "plan-v2.md seems to replace plan-v1.md" in known("reindex").out
        assert "seems" not in known("reindex").out
        known.write("plan-v2.md", f"# The plan v2\n\n{RULES}")
        (proposed,) = _json(known, "reindex")["proposed"]
        assert (proposed["old"], proposed["new"]) == ("plan-v1.md", "plan-v2.md")
        assert (proposed["basis"], proposed["likeness"]) == ("name", 0.71)


def test_what_somebody_decided_is_exported(indexed: CommandLine) -> None:
    indexed("confirm-review", "bread.md")
    with closing(Records(indexed.settings.records / "records.sqlite")) as records:
        records.decided.decide_succession("travel.md", "keys.md", confirmed=True, person=7)
        review = records.decided.decisions().reviews["bread.md"]
        records.decided.review("bread.md", review, person=7)
    found = json.loads(indexed("export", "7").out)
    assert [(one["document"], one["is_right"]) for one in found["reviews"]] == [("bread.md", True)]
    (succession,) = found["successions"]
    assert (succession["old"], succession["new"], succession["replaces"]) == (
        "travel.md",
        "keys.md",
        True,
    )
    indexed("forget", "7")
    assert json.loads(indexed("export", "7").out)["reviews"] == []
    assert _json(indexed, "successions")["confirmed"]
