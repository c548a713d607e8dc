"""Answers one question, by its kind and in the documents that it points at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.answering.answer import QuestionKind, Reply, Says, Verdict
from index.answering.excerpts.differences import shown_first
from index.answering.finder import Finder
from index.answering.finding.validity import Validity
from index.answering.kinds.agreement import answer_agreement
from index.answering.kinds.changes import answer_changes
from index.answering.kinds.collection.collection import answer_collection
from index.answering.kinds.listings import answer_list, offer_list
from index.answering.kinds.misfits import is_misfit
from index.answering.kinds.opinions import answer_opinion
from index.answering.kinds.premises import answer_premise
from index.answering.kinds.readings import ask_back
from index.answering.kinds.sections import answer_section
from index.answering.kinds.summary import answer_summary
from index.answering.kinds.tables.rosters import answer_roster
from index.answering.kinds.tables.tables import answer_table
from index.answering.kinds.talk.talk import answer_talk
from index.answering.kinds.timeline import answer_timeline
from index.answering.scope import Candidate, Findings, Scope
from index.answering.understanding.holidays import with_their_days
from index.answering.understanding.narrowing import NarrowedQuestion, narrow
from index.answering.understanding.wording import bare

__all__ = ["answer_one", "answer_unclear"]


def answer_one(
    question: str, scope: Scope, finder: Finder, read: int, shared: Sequence[Candidate] = ()
) -> Findings:
    """Return what is found for one question, by the first kind that it is of.

    In doubt it is a question that sentences answer: the best `read` passages are read for it, and
    those of `shared`. Where it may be meant to list documents, that is offered.
    """
    question = bare(question)
    agreement = answer_agreement(
        question,
        lambda topic: _from_passages(topic, scope, finder, read, shared),
        lambda found: finder.verdict(found) is Verdict.ANSWERED,
    )
    if agreement is not None:
        return agreement
    found = _by_kind(question, scope, finder, read, shared)
    if finder.verdict(found) is not Verdict.ANSWERED:
        found = _on_their_days(question, scope, finder, read) or found
    return offer_list(question, found, scope)


def _on_their_days(question: str, scope: Scope, finder: Finder, read: int) -> Findings | None:
    """Return what answers for the days of a holiday, which documents often name by their dates."""
    dated = with_their_days(question, scope.today)
    found = _by_kind(dated, scope, finder, read) if dated else None
    return found if found and finder.verdict(found) is Verdict.ANSWERED else None


def _by_kind(
    question: str, scope: Scope, finder: Finder, read: int, shared: Sequence[Candidate] = ()
) -> Findings:
    with scope.stopwatch("understand"):
        found = (
            answer_talk(question)
            or answer_changes(question, scope)
            or answer_list(question, scope)
            or answer_collection(question, scope)
            or answer_summary(question, scope)
            or answer_timeline(question, scope)
        )
    if found is not None:
        return found
    narrowed = narrow(question, scope, finder.tuning)
    if narrowed is None:
        return _from_passages(question, scope, finder, read, shared)
    found = _inside(narrowed, finder, read)
    if finder.verdict(found) is not Verdict.SILENT:
        return replace(found, replies=(narrowed.reply(Says.IN_DOCUMENT), *found.replies))
    found = _from_passages(question, scope, finder, read, shared)
    shown = found.excerpts if finder.verdict(found) is not Verdict.SILENT else ()
    if any(excerpt.document in narrowed.names for excerpt in shown):
        return found
    return replace(found, replies=(narrowed.reply(Says.NOT_IN_DOCUMENT), *found.replies))


def _with_differences(structured: Findings, found: Findings) -> Findings:
    """Return rows or a section, with what other documents say instead of it."""
    differing = tuple(
        each
        for each in found.differences
        if any(
            excerpt.document == side.document and excerpt.span.overlaps(side.span)
            for excerpt in structured.excerpts
            for side in each.excerpts
        )
    )
    excerpts = shown_first(differing, structured.excerpts)
    return replace(structured, excerpts=excerpts, differences=differing)


def answer_unclear(question: str, scope: Scope, finder: Finder) -> Findings:
    """Return what is found for "when does it start?", of which nobody can be sure."""
    found = finder.doubtful(finder.find(question, scope, finder.tuning.read_passages))
    return replace(found, kind=QuestionKind.UNCLEAR, replies=(Reply(Says.UNCLEAR),))


def _inside(narrowed: NarrowedQuestion, finder: Finder, read: int) -> Findings:
    """Return the surest of what the documents that are pointed at say, the first that answers."""
    best = Findings()
    for asked in narrowed.questions:
        found = _from_passages(asked, narrowed.scope, finder, read)
        best = max((best, found), key=lambda each: each.confidence)
        if finder.verdict(best) is Verdict.ANSWERED:
            break
    return best


def _from_passages(
    question: str, scope: Scope, finder: Finder, read: int, shared: Sequence[Candidate] = ()
) -> Findings:
    """Return what sentences answer, or the tables and sections that were found with them."""
    found = finder.find(question, scope, read, shared)
    with scope.stopwatch("structure"):
        structured = (
            answer_roster(question, found, scope)
            or answer_table(question, found, scope)
            or _section(question, found, scope, finder)
            or (None if found.differences else ask_back(question, found, scope))
            or answer_premise(question, found)
            or answer_opinion(question, found, scope, finder.calibration.unsure_from)
        )
        if structured is not None:
            return _with_differences(structured, found)
        return finder.doubtful(found) if is_misfit(question, found, scope) else found


def _section(question: str, found: Findings, scope: Scope, finder: Finder) -> Findings | None:
    """Return the section that answers, unless what was found by sentences stands in its place."""
    section = answer_section(question, found, scope)
    if section is None or not section.excerpts or not found.excerpts:
        return section
    first = found.excerpts[0].passage
    passage = next((c.passage for c in found.candidates if c.passage.id == first), None)
    holding = Validity(question, scope, finder.tuning)
    is_outdated = passage and holding.outdates(passage, section.excerpts[0].document)
    return None if is_outdated else section
