"""What documents say that they replace, in three languages and six formats."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from index.chunking.chunker import ChunkLimits, split
from index.document import Document
from index.indexing.extraction.identity import identity_of
from index.indexing.extraction.naming import naming_of
from index.indexing.extraction.particulars import lines_of, particulars_of
from index.indexing.extraction.replacements import replacements_of, with_replacements
from index.parsing import ParsingLimits, parse_files
from index.store.catalog.catalog import Catalog
from index.store.catalog.particulars import ParticularKind
from index.store.successions.successions import Reach
from testing.fakes import count_words, document_of
from tests.index.indexing.catalogs import catalog_of
from tests.index.indexing.files_of_formats import file_of

ROWS: list[dict[str, Any]] = [
    json.loads(line)
    for line in (Path(__file__).parents[3] / "data/replacements.jsonl")
    .read_text("utf-8")
    .splitlines()
]


def said(*lines: str, title: str = "Travel policy", name: str = "docs/travel.md") -> list[Any]:
    document = document_of(f"# {title}", *lines, name=name, title=title)
    found = lines_of(document, split(document, count_words, ChunkLimits(target=60, most=100)))
    particulars = particulars_of(document, found)
    replacements = replacements_of(document, found, particulars, identity_of(document, particulars))
    return [
        (each.statement.is_newer, each.words, each.statement.since, each.statement.reach)
        for each in replacements
    ]


@pytest.mark.parametrize(
    ("sentence", "words", "since"),
    [
        ("This policy replaces version 3.0 of 2 June 2025.", "version 3.0 of 2 June 2025", ""),
        ("It is in force. This policy supersedes that of 3 May.", "that of 3 May", ""),
        ("This rule replaces the travel rule of 3 May 2025.", "the travel rule of 3 May 2025", ""),
        (
            "This rule replaces the rule on travel of 3 May 2025 with effect from 1 June 2026.",
            "the rule on travel of 3 May 2025",
            "2026-06-01",
        ),
        (
            "With effect from 1 June 2026 this policy replaces the Travel rules of 3 May 2024.",
            "the Travel rules of 3 May 2024",
            "2026-06-01",
        ),
        ("**Replaces:** Travel policy v2", "Travel policy v2", ""),
        ("Version 3.0 of 2 June 2025 is hereby withdrawn.", "Version 3.0 of 2 June 2025", ""),
        ("The Travel rules of 2024 are replaced by this policy.", "The Travel rules of 2024", ""),
        (
            "Ab 1. Juli 2026 ersetzt diese Richtlinie die Fassung vom 3. Mai 2025.",
            "die Fassung vom 3. Mai 2025",
            "2026-07-01",
        ),
        ("Diese Richtlinie löst die Version 2.0 ab.", "die Version 2.0", ""),
        (
            "Denne policyen erstatter versjon 2.0 av 3. mai 2025 fra 1. juni 2026.",
            "versjon 2.0 av 3. mai 2025",
            "2026-06-01",
        ),
    ],
)
def test_what_a_document_replaces(sentence: str, words: str, since: str) -> None:
    assert said("1 May 2026", sentence) == [(True, words, since, Reach.NAMED)]


def test_the_number_of_a_version_is_no_day_of_its_month() -> None:
    naming = naming_of("version 2 of February 2026")
    assert (naming.version, naming.dates) == ("2", ("2026-02",))
    assert naming_of("2 of February 2026").dates == ("2026-02-02",)


@pytest.mark.parametrize("before", ["Valid from 1 May 2026.", "Approved by the board.", "Vedtatt."])
def test_it_is_the_document_after_a_sentence_that_names_no_subject(before: str) -> None:
    sentence = "It replaces the price list 2025."
    assert [each[1] for each in said(before, sentence, title="Price list")] == [
        "the price list 2025"
    ]
    assert said("The new pump works since 1 May.", sentence, title="Price list") == []


@pytest.mark.parametrize(
    ("sentence", "words", "since"),
    [
        ("Superseded by the Travel policy of May 2026.", "the Travel policy of May 2026", ""),
        (
            "Withdrawn on 28 April 2026, replaced by version 4.0.",
            "version 4.0",
            "2026-04-28",
        ),
        (
            "This policy will be replaced by version 5 on 1 January 2027.",
            "version 5",
            "2027-01-01",
        ),
        (
            "Diese Fassung wurde am 1. Mai 2026 durch die Version 4.0 ersetzt.",
            "die Version 4.0",
            "2026-05-01",
        ),
        ("Denne versjonen er erstattet av versjon 4.0.", "versjon 4.0", ""),
    ],
)
def test_by_what_a_document_is_replaced(sentence: str, words: str, since: str) -> None:
    assert said("3 May 2025", sentence) == [(False, words, since, Reach.NAMED)]


def test_a_title_without_a_noun_for_a_document_names_earlier_versions_of_itself() -> None:
    sentence = "These rules replace the opening hours of 4 January 2022 from 1 June 2026."
    (found,) = said(sentence, title="Opening hours")
    assert found == (True, "Opening hours of 4 January 2022", "2026-06-01", Reach.NAMED)
    for other in (
        "the opening hours",
        "the opening hours on Sundays",
        "the opening hoursX of 2022",
    ):
        assert said(f"These rules replace {other}.", title="Opening hours") == []
    assert said(sentence, title="Rules of the pool") == []


@pytest.mark.parametrize(
    ("sentence", "title", "words"),
    [
        ("This card replaces the card of 7 July 2025.", "In an emergency", "card of 7 July 2025"),
        ("This sheet replaces the sheet of 3 May 2021.", "Fasting", "sheet of 3 May 2021"),
        ("Replaces the contacts of 12 May 2025.", "Contacts of A", "Contacts of 12 May 2025"),
        (
            "Denne ordningen erstatter parkering av 5. mai 2023.",
            "Parkering",
            "Parkering av 5. mai 2023",
        ),
    ],
)
def test_what_a_document_calls_itself_names_its_version_of_another_day(
    sentence: str, title: str, words: str
) -> None:
    assert said(sentence, title=title) == [(True, words, "", Reach.NAMED)]


@pytest.mark.parametrize(
    "sentence",
    [
        "This bridge replaces the bridge of 1902.",
        "This card replaces the key of 7 July 2025.",
        "This card replaces the travel rules of 7 July 2025.",
        "The card replaces the card of 7 July 2025.",
        "Anybody with this card replaces the card of 7 July 2025.",
        "This card does not replace the card of 7 July 2025.",
    ],
)
def test_what_is_no_document_replaces_none(sentence: str) -> None:
    assert said(sentence, title="In an emergency") == []


@pytest.mark.parametrize(
    ("sentence", "reach"),
    [
        ("This policy replaces the previous version.", Reach.NEXT),
        ("This policy replaces all earlier versions.", Reach.ALL),
        ("Diese Richtlinie ersetzt alle früheren Fassungen.", Reach.ALL),
        ("Denne policyen erstatter forrige versjon.", Reach.NEXT),
    ],
)
def test_versions_that_are_not_named(sentence: str, reach: Reach) -> None:
    assert [each[3] for each in said(sentence)] == [reach]


@pytest.mark.parametrize(
    "sentence",
    [
        "The ferry replaces the bridge.",
        "This table replaces annex B.",
        "This policy replaces the printed copy.",
        "This policy replaces section 4 of the Security policy of 3 May 2025.",
        "This policy partly replaces the Security policy of 3 May 2025.",
        "This policy does not replace the Security policy of 3 May 2025.",
        "This policy replaces version 2.0 for drivers only.",
        "This policy may be replaced by the policy of 2027.",
        "This policy will be replaced by version 5.",
        "Until it is replaced by version 5, this policy holds.",
        "Olga said that this policy replaces the policy of 2024.",
        "Has this policy replaced version 2.0?",
        "“This policy replaces version 2.0.”",
        "The attached plan replaces version 2.0 of 3 May 2025.",
        "Diese Richtlinie ersetzt Anhang B der Sicherheitsrichtlinie.",
        "Nothing in this policy replaces the Staff policy of 2024.",
        "This policy is replaced every two years by a new edition.",
        "All offices replace the old policy of May 2024 with this one by 1 October.",
        "Diese Richtlinie ersetzt keine Dienstanweisung.",
        "Denne policyen erstatter deler av policyen av 2. mai 2024.",
        "Kapittel 2 i denne policyen erstatter kapittel 2 i Sikkerhetspolicyen.",
    ],
)
def test_what_is_said_of_other_things(sentence: str) -> None:
    assert said("1 May 2026", sentence) == []


def test_a_mail_is_not_the_policy_that_it_speaks_of() -> None:
    sentence = "This policy replaces the Travel policy of 3 May 2025."
    assert said(sentence, title="News from the desk", name="mails/news.eml") == []
    assert said(sentence, title="Travel policy", name="mails/policy.eml")


def test_fields_name_one_document_or_several() -> None:
    document = document_of("% supersedes: fuel.md, Radio plan", "# Plan", name="plan.md")
    document = replace(document, metadata={"supersedes": "fuel.md, Radio plan"})
    lines = lines_of(document, split(document, count_words, ChunkLimits(target=60, most=100)))
    particulars = particulars_of(document, lines)
    found = replacements_of(document, lines, particulars, identity_of(document, particulars))
    assert [(each.words, each.statement.file) for each in found] == [
        ("fuel.md", "fuel.md"),
        ("Radio plan", "radio plan"),
    ]


def test_what_is_to_come_limits_how_long_a_document_holds() -> None:
    document = document_of(
        "# Policy", "This policy will be replaced by version 5 on 1 January 2027.", name="p.md"
    )
    lines = lines_of(document, split(document, count_words, ChunkLimits(target=60, most=100)))
    particulars = particulars_of(document, lines)
    found = replacements_of(document, lines, particulars, identity_of(document, particulars))
    said_of_it = with_replacements(particulars, found)
    assert [(each.what, each.value) for each in said_of_it] == [
        (ParticularKind.UNTIL, "2026-12-31")
    ]


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    folder = tmp_path_factory.mktemp("stated")
    files = []
    for row in ROWS:
        for side, name in zip(("old", "new"), pair_of(row), strict=True):
            path = folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(file_of(row["format"], row[side]["title"], row[side]["lines"]))
            files.append((path, name))
    documents = parse_files(files, limits=ParsingLimits())
    return catalog_of(folder, *(each for each in documents if isinstance(each, Document)))


def pair_of(row: dict[str, Any]) -> tuple[str, str]:
    old, new = (
        f"case-{row['id']:03}/{row[side]['name']}.{row['format']}" for side in ("old", "new")
    )
    return old, new


@pytest.mark.search
def test_what_is_stated_is_found_in_files_of_all_formats_and_nothing_else(
    catalog: Catalog,
) -> None:
    found = {(each.old, each.new) for each in catalog.succession_index().stated_among().successions}
    stated = {pair_of(row) for row in ROWS if row["replaced"]}
    right = len(found & stated)
    print(f"stated: precision {right / len(found):.3f}, recall {right / len(stated):.3f}")
    assert len(stated) >= 60
    assert len(ROWS) - len(stated) >= 60
    assert found <= stated
    assert right >= 0.95 * len(stated), sorted(stated - found)


def test_a_document_that_replaces_everything_costs_no_more_than_one_that_replaces_a_few() -> None:
    def seconds(number: int) -> float:
        value = ", ".join(f"Plan {each} of 3 May 2025" for each in range(number))
        document = replace(document_of("# Plan", title="Plan"), metadata={"replaces": value})
        lines = lines_of(document, split(document, count_words, ChunkLimits(target=60, most=100)))
        particulars = particulars_of(document, lines)
        identity = identity_of(document, particulars)
        started = time.process_time()
        assert len(replacements_of(document, lines, particulars, identity)) == 12
        return time.process_time() - started

    assert seconds(20_000) < 20 * seconds(12) + 0.1
