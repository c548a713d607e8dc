"""Finds what a follow-up asks for: first around what was shown, which it is mostly about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from index.answering.answer import Excerpt, QuestionKind, Verdict
from index.answering.dispatch import answer_one
from index.answering.excerpts.merging import merge
from index.answering.excerpts.reasons import asks_why, gives_reason, reason_beside
from index.answering.excerpts.surroundings import Surroundings, was_shown, widened
from index.answering.finder import Finder
from index.answering.finding.word_weights import WordWeights
from index.answering.kinds.misfits import tells_when
from index.answering.scope import Findings, Scope
from index.answering.understanding.names.unknown_names import unknown_names
from index.rewriting import FollowUpKind, Rewritten
from index.rewriting.tokens import unended
from index.text import words_of

__all__ = ["answer_follow_up", "answer_on_topic"]

_ASKS_WHEN = re.compile(r"(?:(?:since|until|till|by|from|and) )*when(?: exactly)?\W*", re.I)
_EXISTS = re.compile(r"(?:and )?(?:(?:is|are|was|were) there|any)\b", re.I)


def answer_follow_up(
    rewritten: Rewritten,
    before: str,
    question: str,
    context: Surroundings,
    scope: Scope,
    finder: Finder,
) -> tuple[Rewritten, Findings]:
    """Return what is found for a follow-up, and what it is found for; `before` is asked before it.

    That is the follow-up as it was completed, or, where nothing is found for that or a heading says
    it in these words, as it was typed.
    """
    if rewritten.may_be_heading:
        section = answer_one(rewritten.near, scope, finder, finder.tuning.read_passages)
        if section.kind is QuestionKind.LIST and finder.is_sure(section):
            return Rewritten(rewritten.near), section
    findings = _follow(rewritten, question, scope, context, finder)
    if (asks_why(rewritten.near) and _repeats(findings, context)) or _lacks_what_there_is(
        rewritten.near, findings, scope
    ):
        findings = finder.doubtful(findings)
    if rewritten.follow_up is FollowUpKind.ON and not rewritten.asks_again:
        findings = _with_topic(before, question, findings, context, scope, finder)
    if rewritten.may_stand_alone and finder.verdict(findings) is Verdict.SILENT:
        alone = answer_one(rewritten.near, scope, finder, finder.tuning.read_passages)
        if alone.confidence > findings.confidence:
            return Rewritten(rewritten.near), alone
    return rewritten, findings


def answer_on_topic(
    before: str,
    question: str,
    findings: Findings,
    context: Surroundings,
    scope: Scope,
    finder: Finder,
) -> Findings:
    """Return what is found for a question that stands alone, and may mean the topic before.

    `before` is the question before it. A single word is hardly ever a question of its own.
    """
    findings = _with_topic(before, question, findings, context, scope, finder)
    is_word = findings.kind is QuestionKind.FACT and len(words_of(question)) == 1
    if (finder.is_sure(findings) and not is_word) or context.has_shown(findings.excerpts[:1]):
        return findings
    return finder.doubtful(findings)


def _with_topic(
    before: str,
    question: str,
    findings: Findings,
    context: Surroundings,
    scope: Scope,
    finder: Finder,
) -> Findings:
    """Return what was found, with the best that the question before and this one find together.

    It adds to sentences alone: what tables, sections and the catalog answer needs no topic. Text
    that answers both questions as one is not sure to answer the second one, and comes first only
    before text of documents that the conversation has not shown. Where nothing is found for a
    name that no document holds, the topic before is no answer either.
    """
    tuning = finder.tuning
    if findings.kind is not QuestionKind.FACT or findings.confidence >= tuning.sure_of_topic:
        return findings
    is_silent = finder.verdict(findings) is Verdict.SILENT
    if is_silent and unknown_names(question, scope.catalog, scope.allowed):
        return findings
    both = f"{unended(before)}? {question}"
    on_topic = finder.passages(both, scope, read=0, kept=tuning.topic_passages_read)
    if findings.candidates:
        alone = finder.find_on(on_topic, question, findings, scope)
        findings = max(findings, alone, key=lambda each: each.confidence)
    together = finder.doubtful(finder.find_in(both, on_topic, scope))
    if finder.verdict(together) is Verdict.SILENT:
        return findings
    verdict, most = finder.verdict(findings), tuning.unsure_excerpts
    if verdict is Verdict.ANSWERED:
        excerpts = _apart(findings.excerpts, together.excerpts[:1])
    elif verdict is Verdict.UNSURE and (
        findings.confidence >= together.confidence or context.has_shown(findings.excerpts[:1])
    ):
        excerpts = _apart(findings.excerpts[: most - 1], together.excerpts)[:most]
    else:
        shown = findings.excerpts if verdict is Verdict.UNSURE else findings.closest[:1]
        excerpts = _apart(together.excerpts[: most - 1], shown)[:most]
        findings = replace(findings, confidence=together.confidence)
    return replace(findings, excerpts=excerpts, closest=())


def _apart(first: Sequence[Excerpt], then: Sequence[Excerpt]) -> tuple[Excerpt, ...]:
    """Return the first excerpts, and those of the others that overlap none of them."""
    others = (
        excerpt
        for excerpt in then
        if not any(
            excerpt.document == each.document and excerpt.span.overlaps(each.span) for each in first
        )
    )
    return (*first, *others)


def _follow(
    rewritten: Rewritten, question: str, scope: Scope, context: Surroundings, finder: Finder
) -> Findings:
    """Return what is found for a question that follows up what was shown."""
    tuning = finder.tuning
    nearest = context.passages[: tuning.around_passages]
    if rewritten.follow_up in {FollowUpKind.MORE, FollowUpKind.WRONG}:
        return _go_on(rewritten, scope, context, finder)
    if rewritten.follow_up is FollowUpKind.OTHER:
        return finder.find(question, scope, tuning.read_passages, nearest, seen=context.seen)
    if asks_why(rewritten.near) and (reason := reason_beside(context, scope)):
        return Findings(
            confidence=tuning.outright_confidence, excerpts=(reason,), candidates=tuple(nearest)
        )
    findings = answer_one(question, scope, finder, tuning.read_passages, nearest)
    if rewritten.follow_up is FollowUpKind.AGAIN:
        return replace(findings, excerpts=widened(findings.excerpts, scope, tuning))
    threshold = finder.calibration.confidence.threshold
    is_sure = findings.confidence >= threshold and not rewritten.asks_again
    if is_sure or not findings.candidates:
        return findings
    if rewritten.near:
        best = {each.key: each for each in (*nearest, *findings.candidates)}
        near = finder.find_in(rewritten.near, list(best.values())[: tuning.read_passages], scope)
        if _ASKS_WHEN.fullmatch(rewritten.near) and not tells_when(near):
            near = finder.doubtful(near)
        if rewritten.asks_again and near.confidence < threshold:
            # What was answered before is answered again; that says nothing about the rest.
            findings = finder.doubtful(findings)
        findings = max(findings, near, key=lambda each: each.confidence)
    return _expected(findings, context, finder)


def _lacks_what_there_is(question: str, findings: Findings, scope: Scope) -> bool:
    """Return whether "is there wifi?" is answered by text that has no word of it."""
    asked = _EXISTS.match(question)
    if asked is None or not findings.excerpts:
        return False
    weights = WordWeights(scope)
    shown = (" ".join((each.quote, *each.heading)) for each in findings.excerpts)
    wanted = weights.stems(question[asked.end() :])
    return bool(wanted) and not wanted & weights.stems(" ".join(shown))


def _repeats(findings: Findings, context: Surroundings) -> bool:
    """Return whether all that was found was shown before, without a reason in it."""
    return all(
        was_shown(each.document, each.span, context.seen) and not gives_reason(each.quote)
        for each in findings.excerpts
    )


def _go_on(rewritten: Rewritten, scope: Scope, context: Surroundings, finder: Finder) -> Findings:
    """Return what comes next: the text around what was shown, and the next best excerpts."""
    tuning = finder.tuning
    findings = finder.find(rewritten.continued, scope, tuning.read_passages, seen=context.seen)
    if rewritten.follow_up is FollowUpKind.WRONG:
        # Whoever rejects an answer is not told that the next one is sure.
        return finder.doubtful(findings) if findings.excerpts else replace(findings, confidence=0.0)
    beside = context.next_to(scope, tuning)
    is_more = finder.verdict(findings) is Verdict.ANSWERED or not beside
    excerpts = merge([beside, findings.excerpts if is_more else ()], scope.catalog)
    threshold = finder.calibration.confidence.threshold
    confidence = max(findings.confidence, threshold) if beside else findings.confidence
    return replace(
        findings,
        kind=QuestionKind.MORE,
        excerpts=excerpts,
        confidence=confidence if excerpts else 0.0,
    )


def _expected(findings: Findings, context: Surroundings, finder: Finder) -> Findings:
    """Return what was found, not silent where the best of it stands around what was shown.

    There a follow-up is mostly answered, so less is enough to show it.
    """
    unsure = finder.calibration.unsure_from
    is_near = findings.candidates[0].key in {candidate.key for candidate in context.passages}
    if is_near and unsure * finder.tuning.around_share <= findings.confidence < unsure:
        return replace(findings, confidence=unsure)
    return findings
