"""Reports of many firms and years in the same words: a question finds the one that it names."""

from __future__ import annotations

import pytest

from index.parsing.limits import ParsingLimits
from index.parsing.parser import parse_file
from index.store.catalog.catalog import Catalog
from index.store.folder.store import IndexStore
from testing.annual_reports import Question, write_reports
from testing.fakes import publish


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> tuple[Catalog, list[Question]]:
    folder = tmp_path_factory.mktemp("reports")
    questions = write_reports(folder / "corpus", [2030, 2031], firms=2)
    documents = [
        parse_file(folder / "corpus" / name, name, limits=ParsingLimits())
        for name in sorted({question.document for question in questions})
    ]
    store = IndexStore(folder / "index")
    publish(store, *documents)
    return store.open(None).catalog, questions


def test_the_title_is_that_of_the_first_page(reports: tuple[Catalog, list[Question]]) -> None:
    catalog, questions = reports
    titles = {row.name: row.title for row in catalog.rows()}
    assert set(titles) == {question.document for question in questions}
    assert set(titles.values()) == {"Arvik Shipping", "Bremsund Mills"}


def test_the_report_that_is_asked_for_is_found_by_its_names(
    reports: tuple[Catalog, list[Question]],
) -> None:
    catalog, questions = reports
    for question in questions:
        found = catalog.search_documents(question.text, 5)
        assert next(iter(found)) == question.document, question.text


def test_each_passage_says_whose_and_of_which_year_it_is(
    reports: tuple[Catalog, list[Question]],
) -> None:
    catalog, _ = reports
    for passage in catalog.passages_of("reports/2031/arvik-annual.pdf"):
        assert {"Arvik", "2031"} <= set(passage.index_text.replace("\n", " ").split())
