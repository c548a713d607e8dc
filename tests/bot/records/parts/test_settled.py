"""Settled conflicts that are forgotten too early, or kept too long."""

from __future__ import annotations

from pathlib import Path

from bot.records import Records


def test_what_is_settled_stays_so_until_a_document_is_purged(tmp_path: Path) -> None:
    records = Records(tmp_path / "records.sqlite", keep_questions=False)
    records.settled.settle(["aa", "bb"], ["one.md", "mail.eml/two.md"], person=7)
    records.settled.settle(["cc"], ["three.md"], person=7)
    assert records.settled.pairs() == {"aa", "bb", "cc"}
    records.forget_person(7)
    assert records.settled.pairs() == {"aa", "bb", "cc"}
    records.forget_document("mail.eml")
    assert records.settled.pairs() == {"cc"}
