"""Misfits in time: a figure of another year, and no time where one is asked for."""

from __future__ import annotations

import re
from collections.abc import Collection

from index.answering.scope import Findings, Scope
from index.answering.visible_documents import days_of, visible
from index.chunking.passage import Passage
from index.rewriting.times import times

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_BEGINS_IN_YEAR = re.compile(
    r"\W*(?:\d+(?:\.\d+)*\.?\s+)?(?:in|during|for|im jahr|i) ((?:19|20)\d\d)\b", re.IGNORECASE
)
_TIME = re.compile(
    r"\b\d{1,2}[:.]\d\d\b|\b\d{1,2} ?(?:am|pm|h)\b|\b(?:noon|midnight|days?|weeks?|hours?)\b"
    r"|\b\d{1,4}[-./]\d{1,2}[-./]\d{1,4}\b|\b\d{1,2} [A-Za-z]{3}\b",
    re.IGNORECASE,
)


def tells_when(found: Findings) -> bool:
    """Return whether a date or a time of day is in what is shown first."""
    return any(times(each.quote) or _TIME.search(each.quote) for each in found.excerpts[:1])


def is_of_another_year(question: str, found: Findings, scope: Scope) -> bool:
    """Return whether what is shown states, and is dated in, none of the years of the question.

    "In 2023 there were 40" does not answer "how many in 2024": a sentence that begins with its year
    is of no other. What states no year at all may be of any.
    """
    asked = set(_YEAR.findall(question))
    if not asked:
        return False
    first = found.excerpts[0].quote if found.excerpts else ""
    if _BEGINS_IN_YEAR.match(first) and not asked & set(_YEAR.findall(first)):
        return True
    if found.excerpts and _held_in(asked, found.excerpts[0].document, scope):
        return False
    shown = {excerpt.passage for excerpt in found.excerpts}
    stated = _years_of([c.passage for c in found.candidates if c.passage.id in shown], scope)
    return bool(stated) and not asked & stated


def _held_in(years: Collection[str], document: str, scope: Scope) -> bool:
    """Return whether a document is the one of several versions that held in all of these years."""
    begun, successor = (scope.catalog.date(document) or "")[:4], scope.replaced.get(document)
    if successor is None and all(new.document != document for new in scope.replaced.values()):
        return False
    ended = (successor.since or "")[:4] if successor else str(scope.today.year)
    return bool(begun) and begun <= min(years) and max(years) <= ended


def _years_of(passages: list[Passage], scope: Scope) -> set[str]:
    """Return the years that passages state, and those of their documents' dates."""
    if not passages:
        return set()
    documents = {passage.document for passage in passages}
    dates = {each.name: days_of(each.date) for each in visible(scope) if each.name in documents}
    stated: set[str] = set()
    for passage in passages:
        text = " ".join((passage.text, passage.title, passage.document, *passage.heading))
        stated.update(_YEAR.findall(text))
        if days := dates.get(passage.document):
            stated.update(map(str, range(days.first.year, days.last.year + 1)))
    return stated
