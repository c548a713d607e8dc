"""What titles and names of files call a document."""

from __future__ import annotations

import pytest

from index.indexing.extraction.naming import naming_of, naming_of_file, version_of
from index.store.successions.successions import Nature


@pytest.mark.parametrize(
    ("title", "words", "head", "version", "dates"),
    [
        ("Travel policy, version 3", {"travel"}, "policy", "3", ()),
        ("Brief of 28 April", set(), "brief", "", ("--04-28",)),
        ("Brief of 19 January 2026", set(), "brief", "", ("2026-01-19",)),
        ("Guide to travel policies", {"travel"}, "guide", "", ()),
        ("Evakuierungsplan Karsk (Stand 3. Mai 2026)", None, "plan", "", ("2026-05-03",)),
        ("Reiserichtlinie", {"reis"}, "policy", "", ()),
        ("Varslingsliste mars", {"varsling"}, "list", "", ("--03",)),
        ("Price list 2025/26", set(), "list", "", ("2025-26",)),
        ("Field handbook, second edition", {"field"}, "handbook", "2", ()),
        ("Radio procedure 1.3", {"radio"}, "procedure", "1.3", ()),
        ("Code of conduct rev. B", {"conduct"}, "standard", "2", ()),
        ("What drivers may do", None, "", "", ()),
    ],
)
def test_a_title(
    title: str, words: set[str] | None, head: str, version: str, dates: tuple[str, ...]
) -> None:
    found = naming_of(title)
    assert words is None or found.words == words
    assert (found.head, found.version, found.dates) == (head, version, dates)


@pytest.mark.parametrize(
    ("name", "version", "dates"),
    [
        ("a/travel-policy-v2.md", "2", ()),
        ("TravelPolicy_v3.1 (2).docx", "3.1", ()),
        ("travel-policy-2026-04-28.md", "", ("2026-04-28",)),
        ("travel_policy_20260428.md", "", ("2026-04-28",)),
        ("travel-policy-19-january.md", "", ("--01-19",)),
        ("travel-policy-may.md", "", ("--05",)),
        ("travel policy 2026 final.pdf", "", ("2026",)),
    ],
)
def test_a_files_name(name: str, version: str, dates: tuple[str, ...]) -> None:
    found = naming_of_file(name)
    assert found.words == {"travel"}
    assert found.head == "policy"
    assert (found.version, found.dates) == (version, dates)


def test_what_a_scanner_calls_it_is_no_name() -> None:
    assert naming_of_file("scan_0031.pdf").is_empty


@pytest.mark.parametrize(
    ("title", "nature"),
    [
        ("Fire plan", Nature.LIVING),
        ("Brief of 3 May", Nature.ISSUED),
        ("Minutes of the policy group", Nature.RECORD),
        ("Q1 report 2025", Nature.RECORD),
        ("Annual plan 2026", Nature.RECORD),
        ("Jahresbericht", Nature.RECORD),
        ("Duty roster week 12", Nature.RECORD),
        ("Norway and the river", Nature.UNKNOWN),
    ],
)
def test_what_is_made_anew_for_each_period_is_a_thing_of_its_own(
    title: str, nature: Nature
) -> None:
    assert naming_of(title).nature is nature


def test_versions_are_written_in_one_way() -> None:
    assert version_of("Version 3.0") == version_of("v03") == version_of("Rev. C") == "3"
    assert version_of("version 3.10") == "3.10"
    assert version_of("no version") == ""
