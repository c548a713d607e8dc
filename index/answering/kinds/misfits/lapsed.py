"""Misfits of what no longer holds: something is asked of now, and only such a document has it."""

from __future__ import annotations

from index.answering.answer import QuestionKind
from index.answering.scope import Findings, Scope
from index.answering.understanding.moments import asked_moment
from index.answering.versions.succession import standings_of
from index.claims.manner import tense_of

__all__ = ["has_lapsed"]

_ON_DOCUMENTS = frozenset((QuestionKind.COLLECTION, QuestionKind.SUMMARY, QuestionKind.TIMELINE))


def has_lapsed(question: str, found: Findings, scope: Scope) -> bool:
    """Return whether what is shown first no longer holds, and what holds now is asked for.

    What holds comes first where it answers, so that here nothing that holds does. A question that
    names the document is on that document.
    """
    moment = scope.moment or asked_moment(question, scope.today)
    if not found.excerpts or found.kind in _ON_DOCUMENTS:
        return False
    if not moment.is_now or tense_of(question) == "past":
        return False
    first = found.excerpts[0]
    if first.title.casefold() in question.casefold():
        return False
    (standing,) = standings_of([first.document], scope)
    return standing.has_lapsed(scope.today.isoformat())
