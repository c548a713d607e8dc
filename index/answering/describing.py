"""Describes an answer: what is said beside it, and whether the documents that it shows hold."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from index.answering.answer import Reply, Response, Says
from index.answering.asked import AskedQuestion
from index.answering.kinds.collection.particulars import replaced_by
from index.answering.scope import Candidate, Scope
from index.answering.understanding.language import language_beside, language_of
from index.answering.understanding.moments import asked_moment
from index.answering.understanding.spelling import Speller
from index.answering.versions.partly_replaced import sections_replaced
from index.answering.versions.succession import standings_of

_SAY_IT_LAPSED = frozenset((Says.EXPIRED, Says.REPLACED, Says.REPLACED_BY))


def described(
    response: Response, asked: AskedQuestion, on_language: Iterable[Reply], scope: Scope
) -> Response:
    """Return the response with its documents' standings, and all that is said before and after."""
    with scope.stopwatch("documents"):
        standings = standings_of(_shown(response), scope)
    return replace(
        response,
        standings=standings,
        today=scope.today,
        replies=(
            *map(Reply, asked.talk.says),
            *on_language,
            *response.replies,
            *_lapsed(response, asked.spelled, scope),
            *sections_replaced(response.excerpts, scope),
        ),
        rewritten=asked.rewritten.question,
        carried=bool(asked.rewritten.carried),
        milliseconds=scope.stopwatch.milliseconds(),
    )


def language_replies(
    question: str,
    candidates: Sequence[Candidate],
    languages: Collection[str] | None,
    speller: Speller | None,
) -> tuple[Reply, ...]:
    """Return a reply where the question is in a language that the models do not read well.

    Few words are of the language of what they were found in. `languages` are those that are read
    well; None where it is not known.
    """
    if languages is None:
        return ()
    language = language_of(question)
    if language is None and speller and (words := speller.foreign(question)):
        language = language_beside(words, (each.passage.text for each in candidates))
    if language is None or language in languages:
        return ()
    return (Reply(Says.LANGUAGE, {"asked": language, "read": tuple(sorted(languages))}),)


def _lapsed(response: Response, question: str, scope: Scope) -> tuple[Reply, ...]:
    """Return a reply where the document shown first no longer holds, and no newer one answers."""
    if not response.excerpts or not asked_moment(question, scope.today).is_now:
        return ()
    if any(reply.says in _SAY_IT_LAPSED for reply in response.replies):
        return ()  # whether it holds was asked, and is said
    first, *others = response.excerpts
    (standing,) = standings_of([first.document], scope)
    title, successor = first.title, standing.replaced_by
    if successor and any(each.document == successor.document for each in others):
        return ()
    if successor:
        return (replaced_by(Says.SUCCESSOR_SILENT, title, standing.date, successor),)
    if standing.is_withdrawn:
        return (Reply(Says.REPLACED, {"title": title}),)
    if standing.until and standing.has_lapsed(scope.today.isoformat()):
        return (Reply(Says.EXPIRED, {"title": title, "date": standing.until}),)
    return ()


def _shown(response: Response) -> Iterator[str]:
    """Yield the documents that a response shows, in the order in which it does."""
    yield from (each.document for each in (*response.excerpts, *response.closest))
    yield from (cell.document for value in response.computed for cell in value.cells)
    yield from (each.name for each in response.documents)
    yield from (each.document for each in response.contents)
