"""Misfits of what no longer holds: something is asked of now, and only such a document has it."""

from __future__ import annotations

from index.answering.answer import Excerpt, QuestionKind
from index.answering.scope import Findings, Scope
from index.answering.understanding.moments import asked_moment
from index.answering.understanding.names.document_names import named_documents
from index.answering.versions.succession import standings_of
from index.claims.manner import tense_of
from index.text import words_of

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
    (standing,) = standings_of([first.document], scope)
    return standing.has_lapsed(scope.today.isoformat()) and not _names(question, first, scope)


def _names(question: str, shown: Excerpt, scope: Scope) -> bool:
    """Return whether a question names a document; one word, as "Fees", may be only its subject."""
    title = words_of(shown.title)
    if len(title) > 1 and f" {' '.join(title)} " in f" {' '.join(words_of(question))} ":
        return True
    return any(each.name == shown.document for each in named_documents(question, scope))
