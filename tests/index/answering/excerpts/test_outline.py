from __future__ import annotations

from index.answering.excerpts.outline import outline_of
from testing.fakes import document_of


def test_sections_have_the_headings_above_them_and_their_parts() -> None:
    document = document_of(
        "Hello there. It begins.",
        "# Plan",
        "## Routes",
        "Two roads lead out.",
        "### West",
        "Over the bridge.",
        "## Bag",
        "* a torch",
    )
    sections = outline_of(document)
    assert [(s.name.lstrip("# "), len(s.path), s.parts) for s in sections] == [
        ("", 0, 0),
        ("Plan", 1, 3),
        ("Routes", 2, 1),
        ("West", 3, 0),
        ("Bag", 2, 0),
    ]
    assert [s.span.of(document.text) if s.span else None for s in sections] == [
        "Hello there. It begins.",
        None,
        "Two roads lead out.",
        "Over the bridge.",
        "* a torch",
    ]


def test_a_bold_beginning_is_a_heading() -> None:
    document = document_of("**Decision.** We rent the store.", "Marta signs.")
    decision = outline_of(document)[1]
    assert decision.path == ("Decision",)
    assert decision.span is not None
    assert decision.span.of(document.text).startswith("**Decision.** We rent")


def test_salutations_and_signatures_belong_to_none() -> None:
    document = document_of(
        "Dear all,",
        "# Budget",
        "It may cost 18,500 euros.",
        "---",
        "Best regards, Marta",
        "Marta Kowalczyk, hub manager",
    )
    sections = outline_of(document)
    assert sections[0].blocks == ()
    assert sections[1].span is not None
    assert sections[1].span.of(document.text) == "It may cost 18,500 euros."
