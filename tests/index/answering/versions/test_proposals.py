"""Proposals: versions of one thing, told apart from what only looks alike."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

from index.answering.versions.proposals import Proposal, proposals
from index.decisions import Decisions
from index.document import Document
from index.store.catalog.catalog import Catalog
from index.store.successions.successions import Basis
from testing.budget import amount
from testing.fakes import document_of
from tests.index.indexing.catalogs import catalog_of

ROWS: list[dict[str, Any]] = [
    json.loads(line)
    for line in (Path(__file__).parents[3] / "data/likenesses.jsonl")
    .read_text("utf-8")
    .splitlines()
]
TEXT = [
    f"Whoever takes the {thing} signs the list and brings it back before the office closes."
    for thing in "lorry radio jeep boat tent stove pump ladder mast rope".split()
]


def name_of(row: dict[str, Any], side: str) -> str:
    """Return a name in a folder of the pair's own, which is a word of no text."""
    folder = "".join(chr(ord("a") + int(digit)) for digit in f"{row['id']:03}")
    return f"zzq{folder}/{row[side]['name']}"


def document(row: dict[str, Any], side: str, folder: str = "") -> Document:
    name = f"{folder}/{row['id']}-{row[side]['name']}" if folder else name_of(row, side)
    title = row[side]["title"]
    return document_of(f"# {title}", *row[side]["lines"], name=name, title=title)


def found(catalog: Catalog, *names: str, decisions: Decisions | None = None) -> list[Proposal]:
    return proposals(catalog, names or None, decisions or Decisions())


def of(folder: Path, *documents: tuple[str, str, list[str]]) -> list[tuple[str, str, Basis]]:
    catalog = catalog_of(
        folder,
        *(
            document_of(f"# {title}", *lines, name=name, title=title)
            for name, title, lines in documents
        ),
    )
    return [(each.old, each.new, each.basis) for each in found(catalog)]


@pytest.mark.search
def test_versions_are_proposed_and_what_looks_alike_is_not(tmp_path: Path) -> None:
    catalog = catalog_of(
        tmp_path, *(document(row, side) for row in ROWS for side in ("old", "new"))
    )
    proposed = {(each.old, each.new) for each in found(catalog)}
    versions = {(name_of(row, "old"), name_of(row, "new")) for row in ROWS if row["replaced"]}
    right = len(proposed & versions)
    precision, recall = right / len(proposed), right / len(versions)
    print(f"proposed: precision {precision:.3f}, recall {recall:.3f}")
    assert len(ROWS) >= 100
    assert precision >= 0.95, sorted(proposed - versions)
    assert recall >= 0.9, sorted(versions - proposed)


def test_each_is_proposed_with_the_version_after_it(tmp_path: Path) -> None:
    versions = [(f"plan-v{n}.md", "Fuel plan", TEXT[: 6 + n]) for n in (1, 2, 3)]
    assert of(tmp_path, *versions) == [
        ("plan-v1.md", "plan-v2.md", Basis.NAME),
        ("plan-v2.md", "plan-v3.md", Basis.NAME),
    ]


def test_a_new_title_is_seen_through_where_the_text_has_its_words(tmp_path: Path) -> None:
    texts = [["3 May 2025", *TEXT], ["3 May 2026", *TEXT[1:]]]
    tools = "The tools of the store are for all."
    assert of(
        tmp_path,
        ("tools.md", "Tool guide", [*texts[0], tools]),
        ("store.md", "Store guide", [*texts[1], tools]),
    ) == [("tools.md", "store.md", Basis.CONTENT)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Minutes of 3 May 2026", "Minutes of 10 May 2026"),
        ("Q1 report 2025", "Q1 report 2026"),
        ("Offer of Nordfrakt, 3 May 2026", "Offer of Alpenfracht, 9 May 2026"),
        ("Evacuation plan Karsk, 3 May 2025", "Evacuation plan Velin, 9 May 2026"),
        ("Lesson 3, 3 May 2026", "Lesson 4, 10 May 2026"),
        ("Budget 2025", "Budget 2026"),
        ("Jahresbericht 2025", "Jahresbericht 2026"),
        ("Referat fra møtet 3. mai 2026", "Referat fra møtet 10. mai 2026"),
        ("Fuel plan, 3 May 2025", "Fuel plan (draft), 3 May 2026"),
    ],
)
def test_series_and_the_same_for_two_are_not_proposed(tmp_path: Path, old: str, new: str) -> None:
    assert of(tmp_path, ("a.md", old, TEXT), ("b.md", new, TEXT[:-1])) == []


def test_what_comes_every_week_is_a_series_and_two_briefs_are_versions(tmp_path: Path) -> None:
    briefs = [
        (f"b{day}.md", f"Situation brief of {day} May 2026", TEXT[:-1] if day % 2 else TEXT[1:])
        for day in (5, 12, 19)
    ]
    assert of(tmp_path, *briefs) == []
    (tmp_path / "two").mkdir()
    assert of(tmp_path / "two", *briefs[:2]) == [("b5.md", "b12.md", Basis.NAME)]


def test_a_version_without_a_date_comes_after_an_earlier_version(tmp_path: Path) -> None:
    assert of(
        tmp_path,
        ("plan-v2.md", "Fuel plan", ["3 May 2026", *TEXT]),
        ("plan-v3.md", "Fuel plan", TEXT[1:]),
    ) == [("plan-v2.md", "plan-v3.md", Basis.NAME)]


def test_what_is_decided_or_stated_is_not_open(tmp_path: Path) -> None:
    one = document_of("# Fuel plan", "Version 1", *TEXT, name="a.md", title="Fuel plan")
    two = document_of("# Fuel plan", "Version 2", *TEXT[1:], name="b.md", title="Fuel plan")
    catalog = catalog_of(tmp_path, one, two)
    assert [(each.old, each.new) for each in found(catalog)] == [("a.md", "b.md")]
    pair = frozenset({("a.md", "b.md")})
    assert not found(catalog, decisions=Decisions(confirmed=pair))
    assert not found(catalog, decisions=Decisions(refused=pair))
    stating = document_of(
        "# Fuel plan",
        "Version 2",
        "This plan replaces version 1.",
        *TEXT[1:],
        name="b.md",
        title="Fuel plan",
    )
    (tmp_path / "stated").mkdir()
    assert not found(catalog_of(tmp_path / "stated", one, stating))


def test_a_deleted_document_is_proposed_no_more(tmp_path: Path) -> None:
    versions = [
        document_of("# Fuel plan", *TEXT[: 6 + n], name=f"plan-v{n}.md", title="Fuel plan")
        for n in (1, 2)
    ]
    catalog = catalog_of(tmp_path, *versions)
    assert found(catalog)
    catalog.delete_document("plan-v2.md")
    assert not found(catalog)


@pytest.mark.search
def test_hidden_documents_change_no_proposal(tmp_path: Path) -> None:
    random = Random(5)
    rows = random.sample(ROWS, 40)
    documents = [
        document(row, side, random.choice(("a", "b"))) for row in rows for side in ("old", "new")
    ]
    everything = catalog_of(tmp_path, *documents)
    for number in range(amount(5)):
        seen = random.sample(documents, random.randint(10, len(documents)))
        folder = tmp_path / str(number)
        folder.mkdir()
        alone = catalog_of(folder, *seen)
        assert found(everything, *(each.name for each in seen)) == found(alone)


def test_many_copies_are_compared_with_few(tmp_path: Path) -> None:
    copies = [
        document_of(f"# Fuel plan {n}", *TEXT, name=f"plan-{n}.md", title="Fuel plan")
        for n in range(60)
    ]
    assert found(catalog_of(tmp_path, *copies)) == []
