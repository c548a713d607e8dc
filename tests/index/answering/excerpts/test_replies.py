"""What a mail says to what it quotes comes first, and signatures come last."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from index.answering.excerpts.selection import select_excerpts
from index.answering.finding.evidence import Evidence
from index.answering.scope import Candidate
from index.answering.tuning import TUNING
from index.document import BlockKind, Document
from index.parsing.limits import ParsingLimits
from index.parsing.parser import parse_bytes
from index.store.catalog.catalog import Catalog
from index.store.folder.store import IndexStore
from testing.fakes import publish

ASKED = "> The test of the crane is on Tuesday."


def mail(name: str, body: str, day: int = 4) -> Document:
    data = (
        f"Subject: Crane\nFrom: Ann <a@example.org>\nDate: {day} Mar 2031 09:00:00 +0000\n\n{body}"
    )
    return parse_bytes(data.encode(), name, ".eml", limits=ParsingLimits())


def quotes(root: Path, likely: dict[str, float], *mails: Document) -> list[str]:
    """The excerpts, where units that begin so have these probabilities, and others 0.01."""
    store = IndexStore(root)
    publish(store, *mails)
    catalog = store.open(None).catalog
    pieces = [piece for each in mails for piece in _evidence(catalog, each.name, likely)]
    found = select_excerpts("When is the test?", pieces, 0.3, catalog, TUNING)
    assert all(e.quote == catalog.quote(e.document, e.span) for e in found)
    return [excerpt.quote for excerpt in found]


def _evidence(catalog: Catalog, name: str, likely: dict[str, float]) -> Iterator[Evidence]:
    for key, passage in enumerate(catalog.passages_of(name)):
        for unit in passage.units:
            text = passage.text_of(unit.span)
            if unit.kind is not BlockKind.HEADING:
                chance = next((p for start, p in likely.items() if text.startswith(start)), 0.01)
                yield Evidence(Candidate(key, passage, 1.0), unit, 10 * chance - 5, chance)


@pytest.mark.parametrize(
    ("body", "likely", "expected"),
    [
        # The reply alone would not have been found.
        (
            f"No, it was moved to Thursday.\n\nOle wrote:\n{ASKED}\n",
            {ASKED: 0.9},
            ["No, it was moved to Thursday.", ASKED],
        ),
        # It says all that is asked for.
        (
            f"The test is on Thursday.\n\nOle wrote:\n{ASKED}\n",
            {ASKED: 0.9, "The test": 0.6},
            ["The test is on Thursday."],
        ),
        # It stands below what it replies to.
        (
            f"Hello all.\n\n{ASKED}\n\nNo, on Thursday.\n\n> And who leads it?\n\nMia.\n",
            {ASKED: 0.9},
            ["No, on Thursday.", ASKED],
        ),
        # It says nothing.
        (f"Thanks!\n\nOle wrote:\n{ASKED}\n", {ASKED: 0.9}, [ASKED]),
        (f"Ole wrote:\n{ASKED}\n", {ASKED: 0.9}, [ASKED]),
        # A signature answers where nothing else does.
        ("See you.\n\nBest regards,\nAnn\nRoom 9\n", {"Best": 0.8}, ["Best regards,\nAnn\nRoom 9"]),
        ("On Thursday.\n\n-- \nAnn\nTuesday office\n", {"--": 0.8, "On": 0.4}, ["On Thursday."]),
    ],
)
def test_one_mail(tmp_path: Path, body: str, likely: dict[str, float], expected: list[str]) -> None:
    assert quotes(tmp_path, likely, mail("a.eml", body)) == expected


def test_the_newest_mail_that_quotes_it(tmp_path: Path) -> None:
    older = mail("a.eml", ASKED[2:], day=3)
    newer = mail("b.eml", f"No, on Thursday.\n\nOle wrote:\n{ASKED}\n", day=4)
    newest = mail("c.eml", f"Now it is on Friday.\n\nOle wrote:\n{ASKED}\n", day=5)
    likely = {ASKED: 0.8, ASKED[2:]: 0.9}
    assert quotes(tmp_path, likely, older, newer, newest) == ["Now it is on Friday.", ASKED[2:]]
    assert quotes(tmp_path, likely, older) == [ASKED[2:]]


def test_a_long_reply_is_cut_between_its_sentences(tmp_path: Path) -> None:
    reply = "\n\n".join(f"Sentence {n} {'of many words ' * 5}ends." for n in range(9))
    first, second = quotes(
        tmp_path, {ASKED: 0.9}, mail("a.eml", f"{reply}\n\nOle wrote:\n{ASKED}\n")
    )
    assert first.endswith("ends.")
    assert len(first) <= TUNING.reply_characters
    assert second == ASKED


def test_passages_hold_text_of_one_origin(tmp_path: Path) -> None:
    document = mail("a.eml", f"No, on Thursday.\n\nOle wrote:\n{ASKED}\n\n> Ole\n\nBye.\n")
    store = IndexStore(tmp_path)
    publish(store, replace(document))
    for passage in store.open(None).catalog.passages_of("a.eml"):
        assert len({unit.origin for unit in passage.units}) == 1
