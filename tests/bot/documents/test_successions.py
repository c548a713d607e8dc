"""Decisions of admins on which document replaces which."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app import composition
from bot.config.settings import Settings
from bot.documents.successions import alike, confirm, known_successions, lapse, refuse, sketch
from bot.errors import BadDecision
from bot.records import Records
from index.errors import UnknownDocument
from index.store.catalog import Catalog
from testing.command import reindexer_of
from testing.services import write_corpus

TEXT = "\n".join(
    f"Rule {number}: whoever travels by {number} trains pays less." for number in range(40)
)
WORDS = st.lists(st.sampled_from("train bus fee pays less more who when".split()), max_size=60)


class TestSketch:
    @given(WORDS)
    def test_a_text_is_like_itself_however_it_is_set(self, words: list[str]) -> None:
        assert alike(sketch(" ".join(words)), sketch("\n\n".join(words))) == 1

    @given(WORDS, WORDS)
    def test_it_is_a_share_and_the_same_both_ways(self, one: list[str], other: list[str]) -> None:
        here, there = sketch(" ".join(one)), sketch(" ".join(other))
        assert 0 <= alike(here, there) == alike(there, here) <= 1

    def test_small_changes_leave_most(self) -> None:
        assert alike(sketch(TEXT), sketch(TEXT.replace("Rule 7", "Rule seven"))) > 0.9
        assert alike(sketch(TEXT), sketch(TEXT + TEXT.replace("train", "bus"))) < 0.8
        assert alike(sketch(TEXT), sketch("The bread is baked daily, and sold in the hall.")) < 0.1

    def test_it_is_small_and_holds_no_words(self) -> None:
        assert len(sketch(TEXT * 50)) <= 256
        assert b"train" not in sketch(TEXT)

    @pytest.mark.parametrize("text", ["", " ", "one", "one two", "\ud800 lone half"])
    def test_short_ones(self, text: str) -> None:
        assert alike(sketch(text), sketch(text)) == 1


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


def test_a_refusal_outlives_a_document(settings: Settings, records: Records) -> None:
    catalog = _catalog(settings, old=TEXT, new=f"{TEXT} More.")
    refuse(records.decided, catalog, "old.txt", "new.txt", 1)
    (settings.corpus / "old.txt").unlink()
    assert lapse(records.decided, _catalog(settings, other="Words.")) == []
    assert records.decided.decisions().refused
