"""Finds what a follow-up asks for: first around what was shown, which it is mostly about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from index.answering.answer import Excerpt, QuestionKind, Verdict
from index.answering.asked import AskedQuestion
from index.answering.calibration import Calibration
from index.answering.dispatch import answer_one
from index.answering.excerpts.merging import merge
from index.answering.excerpts.reasons import asks_why, gives_reason, reason_beside
from index.answering.excerpts.surroundings import Surroundings, was_shown, widened
from index.answering.finder import Finder
from index.answering.kinds.misfits import tells_when
from index.answering.scope import Findings, Scope
from index.answering.understanding.names.unknown_names import unknown_names
from index.rewriting import FollowUpKind, Rewritten
from index.store.words.lexical import content_stems, content_words

_QUOTING = frozenset({QuestionKind.FACT, QuestionKind.LIST, QuestionKind.TABLE})
"""Kinds that are answered by text of documents, and not by the catalog."""
_ASKS_WHEN = re.compile(r"(?:(?:since|until|till|by|from|and) )*when(?: exactly)?\W*", re.I)
_EXISTS = re.compile(r"(?:and )?(?:(?:is|are|was|were) there|any)\b", re.I)


def answer_follow_up(
    asked: AskedQuestion, scope: Scope, finder: Finder
) -> tuple[Rewritten, Findings]:
    """Return what is found for a follow-up, and what it is found for.

    That is the follow-up as it was completed, or, where nothing is found for that or a heading says
    it in these words, as it was typed.
    """
    rewritten, context = asked.rewritten, asked.context
    if rewritten.may_be_heading:
        section = answer_one(rewritten.near, scope, finder, finder.tuning.read_passages)
        if section.kind is QuestionKind.LIST and finder.is_sure(section):
            return Rewritten(rewritten.near), section
    findings = _follow(asked, scope, finder)
    if (
        (asks_why(rewritten.near) and _repeats(findings, context))
        or (_ASKS_WHEN.fullmatch(rewritten.near) and not tells_when(findings))
        or _lacks_what_there_is(rewritten.near, findings)
    ):
        findings = finder.doubtful(findings)
    if rewritten.may_stand_alone and finder.verdict(findings) is Verdict.SILENT:
        alone = answer_one(rewritten.near, scope, finder, finder.tuning.read_passages)
        if alone.confidence > findings.confidence:
            return Rewritten(rewritten.near), alone
    return rewritten, findings


def answer_on_topic(
    asked: AskedQuestion, findings: Findings, scope: Scope, finder: Finder
) -> Findings:
    """Return what is found for a question that stands alone, and may mean the topic before.

    `findings` is what it finds alone, which answers where it is sure and of a document that was
    shown. Of others it may only where the question has words enough, or nothing was shown: "can I
    do it alone?" is hardly ever a question of its own. Where nothing is found for a name that no
    document holds, the topic before is no answer either.
    """
    says_enough = len(content_words(asked.searched)) >= finder.tuning.own_words
    is_shown = asked.context.has_shown(findings.excerpts[:1])
    is_own = says_enough or is_shown or not asked.context.seen or findings.kind not in _QUOTING
    if finder.is_sure(findings) and is_own:
        return findings
    if findings.kind is not QuestionKind.FACT:
        return findings if is_shown else finder.doubtful(findings)
    is_silent = finder.verdict(findings) is Verdict.SILENT
    if is_silent and unknown_names(asked.searched, scope.catalog, scope.allowed):
        return findings
    on_topic = _in_conversation(asked, scope, finder)
    if _lacks_what_there_is(asked.typed, on_topic):
        on_topic = finder.doubtful(on_topic)
    if not is_own and finder.verdict(on_topic) is not Verdict.SILENT:
        return on_topic
    alone = findings if is_own else finder.doubtful(findings)
    return max(alone, on_topic, key=_confidence)


def _confidence(findings: Findings) -> float:
    return findings.confidence


def _follow(asked: AskedQuestion, scope: Scope, finder: Finder) -> Findings:
    """Return what is found for a question that follows up what was shown."""
    rewritten, question, context = asked.rewritten, asked.searched, asked.context
    read = finder.tuning.read_passages
    nearest = context.passages[: finder.tuning.around_passages]
    if rewritten.follow_up in {FollowUpKind.MORE, FollowUpKind.WRONG}:
        return _go_on(rewritten, scope, context, finder)
    if rewritten.follow_up is FollowUpKind.OTHER:
        return finder.find(question, scope, read, nearest, seen=context.seen)
    if asks_why(rewritten.near) and (reason := reason_beside(context, scope)):
        return Findings(
            confidence=finder.tuning.outright_confidence,
            excerpts=(reason,),
            candidates=tuple(nearest),
        )
    if rewritten.follow_up is FollowUpKind.AGAIN:
        findings = answer_one(question, scope, finder, read, nearest)
        return replace(findings, excerpts=widened(findings.excerpts, scope, finder.tuning))
    return _in_conversation(asked, scope, finder)


def _in_conversation(asked: AskedQuestion, scope: Scope, finder: Finder) -> Findings:
    """Return what is found for a question as it was completed, and as typed after the one before.

    Each passage is read for both; those around what was shown and those of the topic are read too.
    Documents that were not shown do not surely answer what follows them up.
    """
    context, tuning = asked.context, finder.tuning
    finder = finder.conversing(asked.with_topic, _calibration(asked, finder))
    on_topic = finder.passages(asked.with_topic, scope, read=0, kept=tuning.topic_passages_read)
    nearest = context.passages[: tuning.around_passages]
    shared = {each.key: each for each in (*on_topic, *nearest)}
    findings = answer_one(
        asked.searched, scope, finder, tuning.read_passages, list(shared.values())
    )
    if not context.seen and finder.verdict(findings) is Verdict.SILENT:
        # Nothing tells which documents are meant: text that answers both questions may answer this.
        read = finder.read(asked.with_topic, on_topic, scope)
        both = finder.find_among(asked.with_topic, read, scope)
        return max(findings, finder.doubtful(both), key=_confidence)
    is_elsewhere = context.seen and not context.has_shown(findings.excerpts[:1])
    if findings.kind not in _QUOTING or not is_elsewhere:
        return findings
    inside = [each for each in findings.candidates if each.passage.document in context.seen]
    shown = finder.find_among(asked.searched, inside, scope) if inside else Findings()
    if finder.is_sure(shown):
        return shown
    if finder.verdict(shown) is Verdict.SILENT:
        return finder.doubtful(findings)
    excerpts = _apart(shown.excerpts, findings.excerpts)[: tuning.unsure_excerpts]
    return replace(finder.doubtful(shown), excerpts=excerpts, closest=())


def _calibration(asked: AskedQuestion, finder: Finder) -> Calibration:
    """Return the calibration for what follows up the question before.

    After excerpts it is that of follow-ups. After what others replied in their own words, which
    tells nothing of where it stands, the confidence of other questions holds, and a little more.
    """
    if asked.context.seen:
        return finder.calibration.in_conversation()
    if asked.conversation[-1].reply:
        return finder.calibration.raised(finder.tuning.replied_odds)
    return finder.calibration


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


def _lacks_what_there_is(question: str, findings: Findings) -> bool:
    """Return whether "is there wifi?" is answered by text that has no word of it."""
    asked = _EXISTS.match(question)
    if asked is None or not findings.excerpts:
        return False
    shown = (" ".join((each.quote, *each.heading)) for each in findings.excerpts)
    wanted = content_stems(question[asked.end() :])
    return bool(wanted) and wanted.isdisjoint(content_stems(" ".join(shown)))


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
