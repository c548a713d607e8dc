"""`changes` and `compare`."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.records import Records
from testing.command import CommandLine

OLD = "# Travel\n\nEscorts get 40 EUR a day.\n\nThey report at nine.\n"


@pytest.fixture
def changed(command: CommandLine) -> CommandLine:
    command.write("a/travel.md", OLD)
    command.write("lease.md", "# Lease\n\nInes signs. She reports at ten.\n")
    assert command("reindex", "--quiet").code == 0
    command.write("a/travel.md", OLD.replace("40", "55"))
    command.write("new.md", "# New\n\nWords.\n")
    assert command("reindex", "--quiet").code == 0
    return command


def test_what_changed_is_shown_old_beside_new(changed: CommandLine) -> None:
    out = changed("changes", "last", "week").out
    assert "1 changed, 1 new" in out
    assert "“Escorts get 40 EUR a day.”" in out
    assert "“Escorts get 55 EUR a day.”" in out
    assert "report at nine" not in out


def test_what_changed_as_json(changed: CommandLine) -> None:
    found = json.loads(changed("changes", "--json", "--folder", "a").out)
    (document,) = found["documents"]
    assert (document["document"], document["became"]) == ("a/travel.md", "changed")
    (passage,) = document["differences"]["passages"]
    old, new = passage["old"], passage["new"]
    assert [old["text"][start:end] for start, end in old["words"]] == ["40"]
    assert [new["text"][start:end] for start, end in new["words"]] == ["55"]


def test_two_documents(changed: CommandLine) -> None:
    found = json.loads(changed("compare", "a/travel.md", "lease", "--json").out)
    assert (found["old"], found["new"]) == ("a/travel.md", "lease.md")
    assert found["same"] == 0
    assert "no sentence agrees" in changed("compare", "a/travel.md", "lease").out


def test_a_document_and_what_it_was(changed: CommandLine) -> None:
    assert "1 passage differs" in changed("compare", "travel").out
    assert "No earlier text of 'lease.md'" in changed("compare", "lease").err


def test_a_document_without_earlier_text_beside_what_it_replaces(changed: CommandLine) -> None:
    newer = OLD.replace("# Travel", "---\nreplaces: travel.md\n---\n# Travel abroad")
    changed.write("a/travel-abroad.md", newer.replace("40", "70"))
    assert changed("reindex", "--quiet").code == 0
    found = json.loads(changed("compare", "travel-abroad", "--json").out)
    assert (found["old"], found["new"]) == ("a/travel.md", "a/travel-abroad.md")
    out = changed("compare", "travel-abroad").out
    assert "“Escorts get 55 EUR a day.”" in out
    assert "“Escorts get 70 EUR a day.”" in out
    assert "No earlier text" in changed("compare", "travel-abroad", "--since", "last week").err


def test_since_a_generation(changed: CommandLine) -> None:
    assert "1 changed" in changed("changes", "generation", "1").out
    assert json.loads(changed("changes", "#2", "--json").out)["documents"] == []


def test_what_an_admin_withheld_is_not_shown(changed: CommandLine) -> None:
    at = json.loads(changed("changes", "--json").out)["documents"][0]["at"]
    path = changed.settings.records / "records.sqlite"
    path.parent.mkdir(exist_ok=True)
    Records(path, keep_questions=True).withheld.withhold("a/travel.md", at)
    assert "travel" not in changed("changes").out


def test_without_history(changed: CommandLine) -> None:
    none = replace(changed, settings=changed.settings.model_copy(update={"keep_changes_days": 0}))
    none.write("new.md", "# New\n\nOther words.\n")
    assert none("reindex", "--quiet").code == 0
    assert "is not kept here" in none("changes").err


def test_a_date_that_is_none(changed: CommandLine) -> None:
    assert "I do not understand that date" in changed("changes", "the flood").err
