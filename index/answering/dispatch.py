"""Answers one question, by its kind and in the documents that it points at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.answering.answer import Excerpt, QuestionKind, Reply, Says, Verdict
from index.answering.excerpts.differences import shown_first
from index.answering.finder import Finder
from index.answering.finding.validity.validity import Validity
from index.answering.kinds.agreement import answer_agreement
from index.answering.kinds.changes import answer_changes
from index.answering.kinds.collection.collection import answer_collection
from index.answering.kinds.listings import answer_list, offer_list
from index.answering.kinds.misfits import (
    is_by_another_unit,
    is_misfit,
    lacks_address,
    tells_when,
)
from index.answering.kinds.opinions import answer_opinion
from index.answering.kinds.premises import answer_premise
from index.answering.kinds.readings import ask_back
from index.answering.kinds.sections import answer_section
from index.answering.kinds.since import asked_without_when, say_since_when, says_all
from index.answering.kinds.summary import answer_summary
from index.answering.kinds.tables.query_parser import parse_table_query
from index.answering.kinds.tables.rosters import answer_roster
from index.answering.kinds.tables.tables import answer_table
from index.answering.kinds.talk.talk import answer_talk
from index.answering.kinds.timeline import answer_timeline
from index.answering.scope import Candidate, Findings, Scope
from index.answering.understanding.narrowing import NarrowedQuestion, narrow
from index.answering.understanding.wording import bare


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
        lambda findings: finder.verdict(findings) is Verdict.ANSWERED,
    )
    if agreement is not None:
        return agreement
    findings = _by_kind(question, scope, finder, read, shared)
    if finder.verdict(findings) is not Verdict.ANSWERED:
        findings = _said_at_all(question, scope, finder, read) or findings
    if finder.verdict(findings) is not Verdict.SILENT:
        findings = say_since_when(question, findings, scope)
    return offer_list(question, findings, scope)


def _said_at_all(question: str, scope: Scope, finder: Finder, read: int) -> Findings | None:
    """Return what surely says the thing itself that is asked since when, which may need no day."""
    thing = asked_without_when(question)
    found = _from_passages(thing, scope, finder, read) if thing else None
    if found is None or finder.verdict(found) is not Verdict.ANSWERED:
        return None
    return found if found.excerpts and says_all(thing, found.excerpts[0]) else None


def answer_unclear(question: str, scope: Scope, finder: Finder) -> Findings:
    """Return what is found for "when does it start?", of which nobody can be sure."""
    findings = finder.doubtful(finder.find(question, scope, finder.tuning.read_passages))
    return replace(findings, kind=QuestionKind.UNCLEAR, replies=(Reply(Says.UNCLEAR),))


def _by_kind(
    question: str, scope: Scope, finder: Finder, read: int, shared: Sequence[Candidate] = ()
) -> Findings:
    """Return what is found by the first kind that it is of."""
    with scope.stopwatch("understand"):
        findings = _without_passages(question, scope)
    if findings is not None:
        return findings
    narrowed = narrow(question, scope, finder.tuning)
    if narrowed is None:
        return _from_passages(question, scope, finder, read, shared)
    inside = _inside(narrowed, finder, read)
    if finder.verdict(inside) is not Verdict.SILENT:
        return replace(inside, replies=(narrowed.reply(Says.IN_DOCUMENT), *inside.replies))
    findings = _from_passages(question, scope, finder, read, shared)
    shown = findings.excerpts if finder.verdict(findings) is not Verdict.SILENT else ()
    if any(excerpt.document in narrowed.names for excerpt in shown):
        return findings
    return replace(findings, replies=(narrowed.reply(Says.NOT_IN_DOCUMENT), *findings.replies))


def _without_passages(question: str, scope: Scope) -> Findings | None:
    """Return what is found by a kind that is recognised before anything is searched."""
    return (
        answer_talk(question)
        or answer_changes(question, scope)
        or answer_list(question, scope)
        or answer_collection(question, scope)
        or answer_summary(question, scope)
        or answer_timeline(question, scope)
    )


def _inside(narrowed: NarrowedQuestion, finder: Finder, read: int) -> Findings:
    """Return the surest of what the documents that are pointed at say, the first that answers."""
    best = Findings()
    for question in narrowed.questions:
        findings = _from_passages(question, narrowed.scope, finder, read)
        best = max((best, findings), key=lambda each: each.confidence)
        if finder.verdict(best) is Verdict.ANSWERED:
            break
    return best


def _from_passages(
    question: str, scope: Scope, finder: Finder, read: int, shared: Sequence[Candidate] = ()
) -> Findings:
    """Return what sentences answer, or the tables and sections that were found with them."""
    findings = finder.find(question, scope, read, shared)
    with scope.stopwatch("structure"):
        structured = (
            answer_roster(question, findings, scope)
            or _table(question, findings, scope, finder)
            or _section(question, findings, scope, finder)
            or (None if findings.differences else ask_back(question, findings, scope))
            or answer_premise(question, findings)
            or answer_opinion(question, findings, scope, finder.calibration.unsure_from)
        )
        if structured is not None:
            return _with_differences(structured, findings)
        return finder.doubtful(findings) if is_misfit(question, findings, scope) else findings


def _table(question: str, findings: Findings, scope: Scope, finder: Finder) -> Findings | None:
    """Return the rows that answer; "when do I get the deposit back?" is not asked of amounts."""
    rows = answer_table(question, findings, scope)
    if rows is None or not rows.excerpts or not findings.candidates:
        return rows
    asks_when = question.lower().startswith("when ")
    is_other = (asks_when and not tells_when(rows)) or is_by_another_unit(question, rows, scope)
    if is_other or lacks_address(question, rows, scope):
        return None
    is_settled = bool(rows.computed) or finder.is_conversing  # "and in Vienna?" has few words
    is_settled = is_settled or parse_table_query(question).comparison is not None
    is_settled = is_settled or _is_surest(rows, findings, finder)
    return rows if is_settled or is_misfit(question, findings, scope) else None


def _is_surest(rows: Findings, findings: Findings, finder: Finder) -> bool:
    """Return whether no sentence answers as surely as rows that only have the question's words."""
    if _shares_table(rows, findings):
        return True
    is_sure = finder.verdict(findings) is Verdict.ANSWERED
    return is_sure and findings.confidence < finder.tuning.read_sure


def _shares_table(rows: Findings, findings: Findings) -> bool:
    """Return whether the sentences found have one of the rows, or another of their table.

    Where the reader prefers other text that may answer, the row only happens to have the words of
    the question.
    """
    return any(
        row.document == each.document
        and (row.span.overlaps(each.span) or _are_below_one(row, each))
        for row in rows.excerpts
        for each in findings.excerpts
    )


def _are_below_one(row: Excerpt, other: Excerpt) -> bool:
    """Return whether both are rows below one header."""
    return row.header is not None and row.header == other.header


def _section(question: str, findings: Findings, scope: Scope, finder: Finder) -> Findings | None:
    """Return the section that answers, unless what was found by sentences stands in its place."""
    section = answer_section(question, findings, scope)
    if section is None or not section.excerpts or not findings.excerpts:
        return section
    first = findings.excerpts[0].passage
    passage = next((c.passage for c in findings.candidates if c.passage.id == first), None)
    validity = Validity(question, scope, finder.tuning)
    is_outdated = passage and validity.takes_precedence(passage, section.excerpts[0].document)
    return None if is_outdated else section


def _with_differences(structured: Findings, findings: Findings) -> Findings:
    """Return rows or a section, with what other documents say instead of it."""
    differing = tuple(
        difference
        for difference in findings.differences
        if any(
            excerpt.document == side.document and excerpt.span.overlaps(side.span)
            for excerpt in structured.excerpts
            for side in difference.excerpts
        )
    )
    excerpts = shown_first(differing, structured.excerpts)
    return replace(structured, excerpts=excerpts, differences=differing)
