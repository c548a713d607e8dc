"""Words of working life, as the passages have them."""

from __future__ import annotations

import pytest

from index.answering.understanding.synonyms import use_passage_words
from index.store.catalog.catalog import Catalog
from index.store.folder.store import IndexStore
from testing.fakes import document_of, publish

OPEN, CLOSED = "open.txt", "closed.txt"


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    store = IndexStore(tmp_path_factory.mktemp("index"))
    publish(
        store,
        document_of(
            "Staff have 26 days of leave. Parental leave is longer. Remote work is allowed.",
            "A text message is enough.",
            "Trucks are hired. Bring a medical certificate. Colour prints cost more.",
            "A barbecue is allowed.",
            "The charge for an overdue book is paid on the bus.",
            name=OPEN,
        ),
        document_of("Vacation is secret.", name=CLOSED),
    )
    return store.open(None).catalog


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("how many holidays do we get", "how many days of leave do we get"),
        ("Paternity leave?", "Parental leave?"),
        ("can i work from home", "can i remote work"),
        ("doctor's note", "medical certificate"),
        ("a bbq in June", "a barbecue in June"),
        ("Lorries in June", "Trucks in June"),
        ("how many employees are there", "how many staff are there"),
        ("leave days", "leave days"),
        ("can I send an sms", "can I send an text message"),
        ("is it fine if the coach is late", "is it fine if the coach is late"),
        ("who pays the fine", "who pays the charge"),
        ("when do trucks leave", "when do trucks leave"),
        ("the car", "the car"),
        ("co-worker-owned", "co-worker-owned"),
    ],
)
def test_the_passages_words_stand_for_those_that_they_lack(
    catalog: Catalog, typed: str, read: str
) -> None:
    allowed = catalog.filter_of([OPEN])
    assert use_passage_words(typed, catalog, allowed) == read


def test_a_hidden_document_keeps_no_word(catalog: Catalog) -> None:
    assert use_passage_words("vacation", catalog, catalog.filter_of([OPEN])) == "leave"
    assert use_passage_words("vacation", catalog) == "vacation"
