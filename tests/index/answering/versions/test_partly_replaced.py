"""Sections that other documents replace: which statements say so, and where it is told."""

from __future__ import annotations

from index.answering.answer import Excerpt, Reply, Says
from index.answering.versions.partly_replaced import sections_replaced
from index.document import Document
from index.store.generation import Generation
from testing.fakes import document_of
from tests.index.answering.scopes import scope_of

SAY_IT = (
    "This circular replaces section 3 of the {} policy.",
    "It supersedes section 3 of the {} policy.",
    "From today this replaces section 3 of our {} policy.",
    "The circular replaces Section 3 of the {} policy with effect from 1 March 2026.",
    "This page replaces chapter 3 of the {} policy.",
    "This notice supersedes clause 3 in the {} policy.",
    "The rule below replaces paragraph 3 of the {} policy from 1 March 2026.",
    "Section 3 of the {} policy is replaced by this circular.",
    "Section 3 of the {} policy is hereby superseded by this circular.",
    "Clause 3 of the {} policy has been replaced by the following.",
    "Chapter 3 of the {} policy is replaced with the following text.",
    "Please note that this replaces section 3 of the {} policy.",
    "This circular replaces the section 3 of the {} policy, and nothing else.",
    "The new rate replaces section 3 of the {} policy on 1 March 2026.",
    "Article 3 of the {} policy was replaced by this decision.",
    "This amendment supersedes article 3 of the {} policy.",
    "The text that follows replaces section 3 of the {} policy:",
    "This memo replaces section 3 of the {} policy (allowances).",
    "This circular replaces section 3 of the {} policy; the rest holds.",
    "It replaces section 3 of the {} policy as of 1 March 2026.",
    "Dieses Rundschreiben ersetzt Abschnitt 3 der {} policy.",
    "Das Rundschreiben ersetzt Kapitel 3 der {} policy ab 1. März 2026.",
    "Die Regel ersetzt Ziffer 3 der {} policy.",
    "Abschnitt 3 der {} policy wird durch dieses Rundschreiben ersetzt. Es ersetzt Abschnitt 3"
    " der {} policy.",
    "Rundskrivet erstatter kapittel 3 i {} policy.",
    "Dette erstatter punkt 3 i {} policy.",
    "Rundskrivet erstatter avsnitt 3 i {} policy fra 1. mars 2026.",
    "The committee agreed. This replaces section 3 of the {} policy.",
    "This replaces section 3 of the {} policy in full.".replace(" in full", ""),
    "The circular supersedes section 3 of the {} policy by decision of the board.",
)

DO_NOT = (
    "This circular does not replace section 3 of the {} policy.",
    "This draft replaces section 3 of the {} policy.",
    "A later circular may replace section 3 of the {} policy.",
    "It was proposed that this replaces section 3 of the {} policy.",
    "If this replaces section 3 of the {} policy, tell us.",
    "The circular replaces section 4 of the {} policy.",
    "The circular replaces section 2.3 of the {} policy.",
    "The circular replaces section 13 of the {} policy.",
    "The circular replaces everything except section 3 of the {} policy.",
    "Who replaces section 3 of the {} policy?",
    "The circular will replace section 3 of the {} policy.",
    "Section 3 of the {} policy is replaced every year.",
    "Section 3 of the {} policy holds, and this replaces the form.",
    "See section 3 of the {} policy, which replaces the old rule.",
    "This replaces the lamp of section 3 in the {} depot.",
    "Section 3 of the {} policy is not replaced by this circular.",
    "The clerk replaces three sections of the fence of the {} yard.",
    "“This replaces section 3 of the {} policy” stood in a draft.",
    "The circular replaces the table below section 3 of the {} policy.",
    "This replaces section 3 of the {} policy until the board meets.",
    "Unless the board objects, this replaces section 3 of the {} policy.",
    "The circular replaces section 3 of the policy of the neighbours of {}.",
    "The circular explains section 3 of the {} policy.",
    "When it replaces section 3 of the {} policy, we shall say so.",
    "This would supersede section 3 of the {} policy.",
    "Section 3 of the {} policy was replaced by mistake.",
    "Dieses Rundschreiben ersetzt nicht Abschnitt 3 der {} policy.",
    "Der Entwurf ersetzt Abschnitt 3 der {} policy.",
    "Rundskrivet erstatter ikke kapittel 3 i {} policy.",
    "Rundskrivet kan erstatte kapittel 3 i {} policy.",
)
THINGS = (
    "harbour ferry anchor lighthouse crane barge tunnel bridge quarry mill bakery orchard vineyard"
    " stable kennel dairy forge tannery brewery printer museum theatre choir orchestra academy"
    " nursery clinic pharmacy laundry canteen garage airfield station depot archive library cinema"
    " stadium rink pool sauna gym market kiosk hostel hotel lodge chapel abbey cemetery prison"
    " court embassy consulate customs treasury mint observatory planetarium aquarium"
).split()


def policy(thing: str) -> Document:
    title = f"{thing.capitalize()} policy"
    return document_of(
        f"# {title}",
        "Date: 2 June 2025",
        "## 3. Allowances",
        "The allowance is 40 euros.",
        "## 4. Forms",
        "Use the blue form.",
        name=f"{thing}-policy.md",
        title=title,
    )


def circular(thing: str, said: str) -> Document:
    return document_of(
        "Date: 1 March 2026", said.format(thing, thing), name=f"c-{thing}.md", title="Circular 7"
    )


DOCUMENTS = [
    each
    for thing, said in zip(THINGS, (*SAY_IT, *DO_NOT), strict=True)
    for each in (policy(thing), circular(thing, said))
]


def told(
    generation: Generation, thing: str, number: str, names: frozenset[str] | None = None
) -> tuple[Reply, ...]:
    scope = scope_of(generation, names)
    found = [
        Excerpt(1, unit_text, name, passage.title, passage.heading, None, passage.span, "", 1.0)
        for name in (f"{thing}-policy.md",)
        for passage in generation.catalog.passages_of(name)
        for unit_text in [passage.text]
        if any(part.lstrip("# ").startswith(number) for part in passage.heading)
    ]
    assert found
    return sections_replaced(found, scope)


def test_all_that_say_so_and_none_that_do_not(generation: Generation) -> None:
    found = {thing for thing in THINGS if told(generation, thing, "3")}
    wrong = [DO_NOT[n - len(SAY_IT)] for n, t in enumerate(THINGS) if t in found and n >= 30]
    missed = [SAY_IT[n] for n, thing in enumerate(THINGS[:30]) if thing not in found]
    assert not wrong
    assert not missed


def test_what_is_told(generation: Generation) -> None:
    values = {"part": "Section 3", "title": "Harbour policy", "by": "Circular 7"}
    date = generation.catalog.date("c-harbour.md")
    dated = values | ({"date": date} if date else {})
    assert told(generation, "harbour", "3") == (Reply(Says.SECTION_REPLACED, dated),)
    assert told(generation, "harbour", "4") == ()


def test_a_hidden_circular_replaces_nothing(generation: Generation) -> None:
    assert told(generation, "harbour", "3", frozenset({"harbour-policy.md"})) == ()
    both = frozenset({"harbour-policy.md", "c-harbour.md"})
    assert len(told(generation, "harbour", "3", both)) == 1
