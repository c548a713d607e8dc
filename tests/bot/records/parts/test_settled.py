"""Settled conflicts that are forgotten too early, or kept too long."""

from __future__ import annotations

from contextlib import closing

from bot.records import Records
from bot.records.databases.database import Place


def test_what_is_settled_stays_so_until_a_document_is_purged(place: Place) -> None:
    with closing(Records(place, keep_questions=False)) as records:
        records.settled.settle(["aa", "bb"], ["one.md", "mail.eml/two.md"], person=7)
        records.settled.settle(["cc"], ["three.md"], person=7)
        assert records.settled.pairs() == {"aa", "bb", "cc"}
        records.forget_person(7)
        assert records.settled.pairs() == {"aa", "bb", "cc"}
        records.forget_document("mail.eml")
        assert records.settled.pairs() == {"cc"}
