"""Finds what answers a question as it is understood: the whole of it, and each of its parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.answering.answer import QuestionKind, Says
from index.answering.asked import AskedQuestion
from index.answering.dispatch import answer_one, answer_unclear
from index.answering.finder import Finder
from index.answering.follow_ups import answer_follow_up, answer_on_topic
from index.answering.kinds.collection.particulars import whether_they_hold
from index.answering.kinds.misfits import has_lapsed
from index.answering.kinds.tables.shown_rows import answer_shown_row
from index.answering.scope import Findings, Scope
from index.answering.understanding.decomposition import QuestionPart, parts_of
from index.answering.understanding.moments import asks_whether_it_holds
from index.rewriting import FollowUpKind, lacks_all


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The findings for a question: for the whole of it, and for each of its parts in their order.

    `asked` is the question that it is found for. A follow-up may turn out to be another one than it
    was taken for.
    """

    asked: AskedQuestion
    whole: Findings
    parts: Sequence[tuple[QuestionPart, Findings]] = ()


@dataclass(frozen=True, slots=True, eq=False)
class _Whole:
    """The findings for the whole of a question, and the parts that are to be asked as well."""

    asked: AskedQuestion
    findings: Findings
    parts: Sequence[QuestionPart] = ()


def find_answers(asked: AskedQuestion, scope: Scope, finder: Finder) -> Found:
    """Return what is found for a question; what only a document has that has lapsed, not surely."""
    finder = finder.for_one_answer(
        in_conversation=bool(asked.conversation), nothing_shown=not asked.context.seen
    )
    whole = _find_whole(asked, scope, finder)
    findings = whole.findings
    if has_lapsed(whole.asked.searched, findings, scope):
        findings = finder.doubtful(findings)
    return Found(whole.asked, findings, _find_parts(whole.parts, findings, scope, finder))


def _find_whole(asked: AskedQuestion, scope: Scope, finder: Finder) -> _Whole:
    """Return what is found for the whole question, by how it stands to its conversation."""
    if asked.context.last and asks_whether_it_holds(asked.typed):
        names = dict.fromkeys(cited.document for cited in asked.context.last)
        findings = whether_they_hold(list(names), scope)
        return _Whole(replace(asked, spelled=asked.typed), findings)
    if not asked.conversation and lacks_all(asked.searched):
        return _Whole(asked, answer_unclear(asked.searched, scope, finder))
    if asked.rewritten.follow_up is FollowUpKind.NOTHING:
        return _find_alone(asked, scope, finder)
    return _find_follow_up(asked, scope, finder)


def _find_alone(asked: AskedQuestion, scope: Scope, finder: Finder) -> _Whole:
    """Return what is found for a question that stands alone.

    Of several questions that only stand in one message, none may decide the kind of all.
    """
    question, read = asked.searched, finder.tuning.read_passages
    parts = parts_of(question, finder.tuning)
    if parts and not parts[0].compared:
        findings = finder.find(question, scope, read)
    else:
        findings = answer_one(question, scope, finder, read)
    if asked.conversation and not parts:
        findings = _find_on_topic(asked, findings, scope, finder)
    return _Whole(asked, findings, () if _answers_all_parts(findings) else parts)


def _find_on_topic(
    asked: AskedQuestion, findings: Findings, scope: Scope, finder: Finder
) -> Findings:
    """Return what answers within a conversation: a row that was shown, or what is on its topic."""
    if not finder.is_sure(findings):
        row = answer_shown_row(asked.searched, asked.context, scope, finder.tuning)
        if row is not None:
            return row
    return answer_on_topic(asked, findings, scope, finder)


def _answers_all_parts(findings: Findings) -> bool:
    """Return whether there is one answer to all parts.

    "The difference between budget and spent" is no question of each.
    """
    is_comparison = any(reply.says is Says.COMPARED for reply in findings.replies)
    return is_comparison or (findings.kind is QuestionKind.TABLE and bool(findings.computed))


def _find_follow_up(asked: AskedQuestion, scope: Scope, finder: Finder) -> _Whole:
    """Return what is found for a follow-up, which may be taken as it was typed after all."""
    rewritten, findings = answer_follow_up(asked, scope, finder)
    asks_once = rewritten.near or not findings.candidates
    parts = () if asks_once else parts_of(asked.searched, finder.tuning)
    if rewritten is not asked.rewritten:
        asked = replace(asked, rewritten=rewritten, spelled=rewritten.question)
    return _Whole(asked, findings, parts)


def _find_parts(
    parts: Sequence[QuestionPart], whole: Findings, scope: Scope, finder: Finder
) -> list[tuple[QuestionPart, Findings]]:
    """Return what is found for each part; the best passages of the whole are read for it."""
    tuning = finder.tuning
    shared = whole.candidates[: tuning.shared_passages]
    read = max(tuning.part_passages, tuning.read_passages // max(1, len(parts)) - 1)
    found = [(part, answer_one(part.question, scope, finder, read, shared)) for part in parts]
    return [
        (part, finder.doubtful(each) if has_lapsed(part.question, each, scope) else each)
        for part, each in found
    ]
