from __future__ import annotations

from dataclasses import replace

import pytest

from bot.library.cards import Card, ContentsEntry, card
from bot.library.viewing.views import DocumentViews
from testing.fakes import document_of


@pytest.mark.parametrize(
    ("lines", "contents"),
    [
        (("# Report", "Text.", "## Aim", "Text.", "### Deep", "## Costs"), ["Aim", "Costs"]),
        (("# Aim", "Text.", "# Costs", "## Fuel"), ["Aim", "Costs"]),
        (("# Report", "## Only", "### Aim", "### Costs"), ["Aim", "Costs"]),
        (("# Report", "## Only"), ["Only"]),
        (("Text alone.",), []),
    ],
)
def test_contents(lines: tuple[str, ...], contents: list[str]) -> None:
    document = document_of(*lines, title="Report")
    found = card(DocumentViews(document), has_original=True).contents
    assert [place.heading for place in found] == contents
    assert all(document.text[at.offset :].lstrip("# ").startswith(at.heading) for at in found)


def test_facts() -> None:
    document = document_of("# Aim", "Text.", name="a/b.pdf", title="Report", pages=1)
    stated = replace(document, metadata={"date": "2026-05-12", "author": "Ines Vidal"})
    place = ContentsEntry("Aim", 0)
    assert card(DocumentViews(stated), has_original=True) == Card(
        "a/b.pdf", "Report", "2026-05-12", "Ines Vidal", 1, (place,)
    )
    mail = replace(document, metadata={"from": "Ben"}, pages=())
    assert card(DocumentViews(mail), has_original=True) == Card(
        "a/b.pdf", "Report", None, "Ben", None, (place,)
    )
