"""Whether documents still hold, by what people said of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from pathlib import Path

import pytest

from bot.app import composition
from bot.config.settings import Settings
from index.answering.answer import Standing
from index.answering.versions.succession import standings_of
from index.decisions import Decisions, Review
from index.store.generation import Generation
from testing.command import reindexer_of
from testing.services import write_corpus
from tests.index.answering.scopes import scope_of

NAME = "a.md"


@pytest.fixture
def generation(tmp_path: Path) -> Generation:
    (tmp_path / "corpus").mkdir()
    settings = Settings(
        corpus=tmp_path / "corpus", index=tmp_path / "index", records=tmp_path / "records"
    )
    text = "---\nreview: 2026-01-31\nvalid_until: 2026-06\n---\n\n# A\n\nWords.\n"
    write_corpus(settings.corpus, {NAME: text, "b.md": "# B\n\nWords.\n"})
    reindexer_of(settings).run()
    return composition.current_generation(settings).generation()


def _standing(
    generation: Generation, decisions: Decisions, names: Collection[str] | None = None
) -> Standing:
    scope = scope_of(generation, names, date(2026, 11, 3), decisions=decisions)
    (standing,) = standings_of([NAME], scope)
    return standing


def _said(generation: Generation, until: str | None) -> Review:
    return Review(generation.catalog.sha256(NAME) or "", "2026-11-03", until, by_owner=True)


def test_who_confirms_a_document_pushes_its_days_on(generation: Generation) -> None:
    review = _said(generation, "2027-11-03")
    standing = _standing(generation, Decisions(reviews={NAME: review}))
    assert standing.reviewed == review
    assert (standing.review, standing.until) == ("2027-11-03", "2027-11-03")


def test_never_back(generation: Generation) -> None:
    standing = _standing(generation, Decisions(reviews={NAME: _said(generation, "2026-05-01")}))
    assert (standing.review, standing.until) == ("2026-05-01", "2026-06")


def test_what_is_not_right_any_more_keeps_its_days(generation: Generation) -> None:
    review = _said(generation, None)
    standing = _standing(generation, Decisions(reviews={NAME: review}))
    assert standing.reviewed == review
    assert (standing.review, standing.until) == ("2026-01-31", "2026-06")


def test_of_another_version_nothing_was_said(generation: Generation) -> None:
    review = Review("ab", "2026-11-03", "2027-11-03", by_owner=True)
    standing = _standing(generation, Decisions(reviews={NAME: review, "b.md": review}))
    assert standing == _standing(generation, Decisions())


def test_an_admin_says_what_replaces_it_to_those_who_may_see_both(generation: Generation) -> None:
    decisions = Decisions(frozenset({(NAME, "b.md")}))
    replaced = _standing(generation, decisions).replaced_by
    assert replaced is not None
    assert replaced.document == "b.md"
    assert _standing(generation, decisions, [NAME]).replaced_by is None
