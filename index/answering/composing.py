"""Composes the response to a question of what was found for it and for its parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.answering.answer import (
    Difference,
    Excerpt,
    QuestionKind,
    Reply,
    Response,
    Says,
    Verdict,
)
from index.answering.calibration import Calibration
from index.answering.excerpts.differences import still_shown
from index.answering.excerpts.merging import merge
from index.answering.scope import Findings, Scope
from index.answering.tuning import Tuning
from index.answering.understanding.decomposition import QuestionPart
from index.answering.understanding.names.unknown_names import unknown_names
from index.store.words.lexical import content_words
from index.store.words.tokens import tokens_of
from index.text import words_of

_SAID_THOUGH_SILENT = frozenset({QuestionKind.COLLECTION, QuestionKind.UNCLEAR})
_LEAST_BEGINNING = 3
"""Letters of a word that stands for a longer one."""


@dataclass(frozen=True, slots=True)
class _Decision:
    """What is shown, how sure that is, and the parts that stay open beside those it answers."""

    verdict: Verdict
    shown: tuple[Findings, ...]
    uncovered: tuple[str, ...]


def compose(
    question: str,
    whole: Findings,
    parts: Sequence[tuple[QuestionPart, Findings]],
    scope: Scope,
    calibration: Calibration,
    tuning: Tuning,
) -> Response:
    """Return the response to a question from what was found for it and for its parts.

    The parts come in the order in which they were asked. The whole is shown where no part is, or
    beside parts that leave others open.
    """
    with scope.stopwatch("decide"):
        decision = _decide(whole, parts, calibration, tuning)
    verdict, shown = decision.verdict, decision.shown
    with scope.stopwatch("choose"):
        excerpts, closest = _divide(shown, verdict, scope, tuning)
        differing = tuple(
            dict.fromkeys(
                difference
                for findings in shown
                for difference in still_shown(findings.differences, excerpts)
            )
        )
    kinds = {findings.kind for findings in shown}
    is_of_collection = whole.kind is QuestionKind.COLLECTION
    return Response(
        question,
        verdict,
        max(findings.confidence for findings in shown),
        scope.generation.number,
        kinds.pop() if len(kinds) == 1 else QuestionKind.FACT,
        excerpts=excerpts,
        closest=closest,
        replies=(
            *(reply for findings in _saying(parts, decision) for reply in findings.replies),
            *map(_differing, differing),
        ),
        documents=tuple(listed for findings in shown for listed in findings.documents),
        computed=tuple(value for findings in shown for value in findings.computed),
        choices=() if parts else whole.choices,
        differences=differing,
        contents=whole.contents if whole in shown else (),
        extent=whole.extent if whole in shown else None,
        uncovered=decision.uncovered,
        unknown_names=()
        if is_of_collection
        else unknown_names(question, scope.catalog, scope.allowed),
    )


def _differing(difference: Difference) -> Reply:
    """Return what is said of documents that differ, the newest first."""
    sides = zip(difference.excerpts, difference.values, strict=True)
    titles = [excerpt.title for excerpt, _ in sides]
    documents = {excerpt.document for excerpt in difference.excerpts}
    if len(documents) == 1:
        return Reply(Says.DIFFERS_WITHIN, {"title": titles[0]})
    return Reply(Says.DIFFER, {"titles": tuple(dict.fromkeys(titles))})


def _decide(
    whole: Findings,
    parts: Sequence[tuple[QuestionPart, Findings]],
    calibration: Calibration,
    tuning: Tuning,
) -> _Decision:
    of_parts = [findings for _, findings in parts if findings.kind is not QuestionKind.TALK]
    speaking = [
        findings for part, findings in parts if findings in of_parts and _speaks_of(part, findings)
    ]
    verdict = calibration.verdict(max(findings.confidence for findings in (whole, *speaking)))
    least = calibration.unsure_from
    if verdict is Verdict.ANSWERED:
        least = calibration.confidence.threshold * tuning.uncovered_share
    covered = [findings for findings in speaking if findings.confidence >= least]
    if verdict is Verdict.SILENT:
        covered = []
    uncovered = [
        part.wording for part, findings in parts if findings in of_parts and findings not in covered
    ]
    is_answered = calibration.verdict(whole.confidence) is Verdict.ANSWERED
    if is_answered and (comparing := _comparing(whole, parts)):
        covered = [
            findings
            for findings in covered
            if findings.excerpts[:1] and findings.excerpts[0].document in comparing
        ]
    shown = list(covered)
    if not covered or (uncovered and is_answered):
        shown.append(whole)
    return _Decision(verdict, tuple(shown), tuple(uncovered) if covered else ())


def _speaks_of(part: QuestionPart, findings: Findings) -> bool:
    """Return whether what is found for one of two things that are compared has all of its name.

    A word of the name may be the beginning of another: "house of rep".
    """
    if not part.compared or not findings.excerpts:
        return True
    first = findings.excerpts[0]
    text = " ".join((first.quote, first.title, *first.heading))
    stems, words = _stems(text), words_of(text)
    return all(
        tokens_of(word) in stems
        or (len(word) >= _LEAST_BEGINNING and any(other.startswith(word) for other in words))
        for word in content_words(part.question)
    )


def _comparing(whole: Findings, parts: Sequence[tuple[QuestionPart, Findings]]) -> frozenset[str]:
    """Return the documents that, as they are quoted, speak of both things that are compared.

    Beside one of these, what other documents say of one of the two is mostly on something else.
    """
    if not parts or not all(part.compared for part, _ in parts):
        return frozenset()
    asked = [_stems(part.question) for part, _ in parts]
    quoted: dict[str, str] = {}
    for excerpt in whole.excerpts:
        quoted[excerpt.document] = f"{quoted.get(excerpt.document, '')} {excerpt.quote}"
    return frozenset(
        document
        for document, text in quoted.items()
        if all(stems <= _stems(text) for stems in asked)
    )


def _stems(text: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tokens_of(word) for word in content_words(text))


def _divide(
    shown: Sequence[Findings], verdict: Verdict, scope: Scope, tuning: Tuning
) -> tuple[tuple[Excerpt, ...], tuple[Excerpt, ...]]:
    """Return the excerpts that are shown, and those that are only closest."""
    if verdict is Verdict.ANSWERED:
        return merge([findings.excerpts for findings in shown], scope.catalog), ()
    most = tuning.unsure_excerpts
    if verdict is Verdict.UNSURE and len(shown) > 1:
        # Of each part something is shown.
        share = max(1, most // len(shown))
        firsts = [findings.excerpts[:share] for findings in shown]
        rests = [findings.excerpts[share:] for findings in shown]
        most = sum(map(len, firsts))
        excerpts = merge([*firsts, *rests], scope.catalog)
    else:
        is_silent = verdict is Verdict.SILENT
        found = [(is_silent and each.closest) or each.excerpts for each in shown]
        excerpts = merge(found, scope.catalog)
    excerpts = tuple(replace(excerpt, emphasis=()) for excerpt in excerpts)
    most = most if verdict is Verdict.UNSURE else 0
    return excerpts[:most], excerpts[most:]


def _saying(parts: Sequence[tuple[QuestionPart, Findings]], decision: _Decision) -> list[Findings]:
    """Return what has replies that are given: small talk, then what is shown."""
    talk = [findings for _, findings in parts if findings.kind is QuestionKind.TALK]
    # What documents mention, or that none does, is what the catalog says, however silent they are.
    return talk + [
        findings
        for findings in decision.shown
        if decision.verdict is not Verdict.SILENT
        or findings.kind in _SAID_THOUGH_SILENT
        or findings.extent is not None
    ]
