"""Decisions of admins on which document replaces which."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app import composition
from bot.config.settings import Settings
from bot.documents.successions import confirm, known_successions, lapse, refuse
from bot.errors import BadDecision
from bot.records import Records
from index.errors import UnknownDocument
from index.store.catalog.catalog import Catalog
from testing.command import reindexer_of
from testing.services import write_corpus

TEXT = "\n".join(
    f"Rule {number}: whoever travels by {number} trains pays less." for number in range(40)
)


@pytest.fixture
def records(tmp_path: Path) -> Records:
    return Records(tmp_path / "r.sqlite")


def _catalog(settings: Settings, **documents: str) -> Catalog:
    write_corpus(settings.corpus, {f"{name}.txt": text for name, text in documents.items()})
    reindexer_of(settings).run()
    return composition.current_generation(settings).generation().catalog


def test_only_what_is_there_can_be_decided(settings: Settings, records: Records) -> None:
    catalog = _catalog(settings, a="Some words.", b="Other words.")
    with pytest.raises(UnknownDocument):
        confirm(records.decided, catalog, "a.txt", "c.txt", 1)
    with pytest.raises(UnknownDocument):
        refuse(records.decided, catalog, "c.txt", "b.txt", 1)
    with pytest.raises(BadDecision):
        confirm(records.decided, catalog, "a.txt", "a.txt", 1)
    confirm(records.decided, catalog, "a.txt", "b.txt", 1)
    assert known_successions(catalog, records.decided.decisions()).confirmed == (
        ("a.txt", "b.txt"),
    )
    assert known_successions(catalog, records.decided.decisions(), ["a.txt"]).confirmed == ()


@pytest.mark.parametrize(
    ("then", "lapses"),
    [
        (TEXT, False),
        (f"{TEXT}\n{TEXT.replace('train', 'bus')}", False),
        (TEXT.replace("Rule 7", "Rule seven"), False),
        (f"{TEXT} A last word on it.", False),
        ("The bread is baked daily, and sold in the hall before noon.", True),
    ],
)
@pytest.mark.parametrize("which", ["old", "new"])
def test_a_refusal_lapses_once_a_document_is_another(
    settings: Settings, records: Records, which: str, then: str, lapses: bool
) -> None:
    catalog = _catalog(settings, old=TEXT, new=f"{TEXT} More.")
    refuse(records.decided, catalog, "old.txt", "new.txt", 1)
    assert lapse(records.decided, catalog) == []
    changed = _catalog(settings, **{which: f"{then}\n"})
    assert len(lapse(records.decided, changed)) == lapses
    assert bool(records.decided.decisions().refused) is not lapses


def test_of_documents_of_a_few_words(settings: Settings, records: Records) -> None:
    catalog = _catalog(settings, old="Two words.", new="Other words.")
    refuse(records.decided, catalog, "old.txt", "new.txt", 1)
    assert lapse(records.decided, _catalog(settings, old="New words.")) == []


def test_a_refusal_outlives_a_document(settings: Settings, records: Records) -> None:
    catalog = _catalog(settings, old=TEXT, new=f"{TEXT} More.")
    refuse(records.decided, catalog, "old.txt", "new.txt", 1)
    (settings.corpus / "old.txt").unlink()
    assert lapse(records.decided, _catalog(settings, other="Words.")) == []
    assert records.decided.decisions().refused
