"""Finds what the sentences of the documents say to a question, and how likely that answers it."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import partial

from index.answering.answer import Excerpt, Verdict
from index.answering.calibration import Calibration
from index.answering.excerpts.differences import differences, shown_first
from index.answering.excerpts.selection import select_excerpts
from index.answering.excerpts.surroundings import ShownSpans, was_shown, without_shown
from index.answering.finding.confidence import confidence_features
from index.answering.finding.evidence import Evidence, score_evidence, score_units
from index.answering.finding.germanic import raise_germanic
from index.answering.finding.joined_reading import JoinedReader, RememberingReader
from index.answering.finding.outright import raise_outright
from index.answering.finding.retrieval import rank, read_candidates, retrieve
from index.answering.finding.updated import rank_updated_last
from index.answering.finding.validity.validity import Validity
from index.answering.finding.word_weights import WordWeights
from index.answering.scope import Candidate, Findings, Scope
from index.answering.tuning import Tuning
from index.answering.understanding.names.unknown_names import unknown_names
from index.ports import Embedder, Reader


@dataclass(frozen=True, slots=True, eq=False)
class _Weighed:
    """The evidence in passages, and what follows from it for the confidence.

    `current` are the candidates that nothing comes before. The confidence is at `least` that. What
    `is_doubtful` has too few words of the question to be sure. What `has_its_nouns`, also inside of
    compounds, lacks none of its names.
    """

    evidence: Sequence[Evidence]
    current: Sequence[Candidate]
    least: float
    is_doubtful: bool
    has_its_nouns: bool


class Finder:
    """Retrieves passages, reads them, and chooses what to show; it keeps nothing of a question."""

    def __init__(
        self,
        embedder: Embedder,
        reader: Reader,
        calibration: Calibration,
        tuning: Tuning,
    ) -> None:
        """Take what each step needs."""
        self.calibration = calibration
        self.tuning = tuning
        self._embedder = embedder
        self._reader = reader
        self._sure_breadth = 0

    def for_one_answer(self, *, in_conversation: bool, nothing_shown: bool) -> Finder:
        """Return a finder that reads no passage twice for the same wording.

        Within a conversation it reads more, since a follow-up says less of what it is about. Where
        nothing was shown yet, so that nothing tells which documents are meant, it quotes more too.
        """
        finder, tuning = copy(self), self.tuning
        finder._reader = RememberingReader(self._reader)
        if in_conversation:
            read = tuning.read_passages + tuning.conversing_passages
            finder.tuning = replace(tuning, read_passages=read)
            finder._sure_breadth = tuning.conversing_breadth if nothing_shown else 0
        return finder

    def conversing(self, other: str, calibration: Calibration) -> Finder:
        """Return a finder that reads each passage for another wording of the question too."""
        finder = copy(self)
        finder._reader = JoinedReader(self._reader, other)
        finder.calibration = calibration
        return finder

    @property
    def is_conversing(self) -> bool:
        """Whether it reads for what was said before too."""
        return isinstance(self._reader, JoinedReader)

    def verdict(self, findings: Findings) -> Verdict:
        """Return how sure it is that what was found answers."""
        return self.calibration.verdict(findings.confidence)

    def is_sure(self, findings: Findings) -> bool:
        """Return whether what was found answers."""
        return self.verdict(findings) is Verdict.ANSWERED

    def doubtful(self, findings: Findings) -> Findings:
        """Return what was found, as not sure at best."""
        highest = self.calibration.most_doubtful
        return replace(findings, confidence=min(findings.confidence, highest))

    def passages(self, question: str, scope: Scope, *, read: int, kept: int) -> list[Candidate]:
        """Return the `kept` passages that bear most on the question; the best `read` are read."""
        return retrieve(
            question,
            scope.generation,
            self._embedder,
            self._reader,
            self.tuning,
            read=read,
            kept=kept,
            stopwatch=scope.stopwatch,
            allowed=scope.allowed,
            names=scope.names,
            holding_version=Validity(question, scope, self.tuning).holding_version
            if scope.replaced
            else None,
        )

    def find(
        self,
        question: str,
        scope: Scope,
        read: int,
        shared: Sequence[Candidate] = (),
        *,
        seen: ShownSpans | None = None,
    ) -> Findings:
        """Return the confidence and the excerpts for one question.

        The best `read` passages are read, and those of `shared`, found for another question.
        Nothing of `seen` is shown.
        """
        candidates = self.passages(question, scope, read=read, kept=read)
        known = {candidate.key for candidate in candidates}
        if others := [other for other in shared if other.key not in known]:
            candidates = rank([*candidates, *self.read(question, others, scope)], self.tuning)
        findings = self._weigh(question, candidates, scope, seen)
        if self.verdict(findings) is Verdict.ANSWERED:
            return findings
        return self._valid_at_that_time(question, candidates, scope, seen) or findings

    def _valid_at_that_time(
        self, question: str, candidates: Sequence[Candidate], scope: Scope, seen: ShownSpans | None
    ) -> Findings | None:
        """Return what held at the time that a question names; None where nothing shows that it did.

        A passage seldom says when it held, so it is read for the question without the time.
        """
        validity = Validity(question, scope, self.tuning)
        documents = {candidate.passage.document for candidate in candidates}
        if not (
            self.tuning.freshness and validity.asks_what_held and validity.may_have_held(documents)
        ):
            return None
        rest = validity.moment.rest
        then = replace(scope, moment=validity.moment)
        findings = self._weigh(rest, self.read(rest, candidates, scope), then, seen)
        if not findings.excerpts or not validity.held_then(findings.excerpts[0]):
            return None
        return (
            findings
            if validity.is_dated(findings.excerpts[0].document)
            else self.doubtful(findings)
        )

    def find_among(self, question: str, candidates: Sequence[Candidate], scope: Scope) -> Findings:
        """Return the confidence and the excerpts that passages give, which were read for it."""
        return self._weigh(question, candidates, scope, None)

    def read(self, question: str, candidates: Sequence[Candidate], scope: Scope) -> list[Candidate]:
        """Return the candidates as they are read for a question, the best first."""
        with scope.stopwatch("read"):
            return rank(read_candidates(question, candidates, self._reader), self.tuning)

    def _weigh(
        self, question: str, candidates: Sequence[Candidate], scope: Scope, seen: ShownSpans | None
    ) -> Findings:
        """Return the confidence and the excerpts that passages give, which come best first."""
        with scope.stopwatch("weigh"):
            validity = Validity(question, scope, self.tuning)
            weighed = self._weighed(question, candidates, validity, scope)
        if not weighed.evidence:
            return Findings()
        with scope.stopwatch("decide"):
            confidence = self._confidence(question, candidates, weighed, scope)
        with scope.stopwatch("choose"):
            fresh = _not_shown(weighed.evidence, seen)
            if seen and self._was_answered_before(fresh, weighed.evidence):
                confidence = min(confidence, self.calibration.most_doubtful)
            excerpts, closest = self._chosen(question, fresh, confidence, scope)
            excerpts = without_shown(excerpts, seen, scope.catalog)
        with scope.stopwatch("compare"):
            is_past = scope.moment is not None or validity.asks_what_held
            differing = (
                () if is_past else differences(question, fresh, excerpts, scope, self.tuning)
            )
        return Findings(
            confidence=confidence,
            excerpts=shown_first(differing, excerpts),
            closest=without_shown(closest, seen, scope.catalog),
            candidates=tuple(weighed.current),
            differences=differing,
        )

    def _weighed(
        self, question: str, candidates: Sequence[Candidate], validity: Validity, scope: Scope
    ) -> _Weighed:
        """Return the evidence in passages: how likely each unit answers, and what still holds."""
        best = validity.with_versions(candidates, self.tuning.evidence_passages)
        scores = score_units(question, best)
        evidence = score_evidence(scores, best, self.calibration.evidence)
        evidence, outright = raise_outright(question, evidence, WordWeights(scope), self.tuning)
        evidence, germanic, most = raise_germanic(question, evidence, self.tuning)
        evidence, current = self._settled(question, evidence, candidates, validity, scope)
        if validity.moment.is_now:
            evidence = rank_updated_last(question, evidence, scope, self.tuning)
        return _Weighed(
            evidence,
            current,
            least=max(outright, germanic),
            is_doubtful=not most,
            has_its_nouns=germanic > 0,
        )

    def _confidence(
        self, question: str, candidates: Sequence[Candidate], weighed: _Weighed, scope: Scope
    ) -> float:
        """Return how likely it is that the evidence answers.

        What is said of others does not surely answer for a name that no document holds.
        """
        catalog, calibration = scope.catalog, self.calibration
        keys = [candidate.key for candidate in candidates]
        features = confidence_features(
            question,
            candidates,
            weighed.evidence,
            catalog.coverage(question, keys, scope.allowed),
            catalog.passage_count(scope.allowed),
            self.tuning,
        )
        probability = float(calibration.confidence.probability(features)[0])
        confidence = round(max(probability, weighed.least), 4)
        if weighed.is_doubtful:
            confidence = min(confidence, calibration.most_doubtful)
        may_lack_name = confidence >= calibration.confidence.threshold and not weighed.has_its_nouns
        if may_lack_name and unknown_names(question, catalog, scope.allowed):
            return calibration.most_doubtful
        return confidence

    def _was_answered_before(self, fresh: Sequence[Evidence], evidence: Sequence[Evidence]) -> bool:
        """Return whether what answers was shown before; the rest only stands with it."""
        likely = max((piece.probability for piece in fresh), default=0.0)
        most_likely = max(piece.probability for piece in evidence)
        return likely < self.tuning.elsewhere_share * most_likely

    def _chosen(
        self, question: str, evidence: Sequence[Evidence], confidence: float, scope: Scope
    ) -> tuple[tuple[Excerpt, ...], tuple[Excerpt, ...]]:
        """Return the excerpts to show, and those that come closest where nothing is shown.

        More are shown where it is not sure that they answer, or what they are asked of.
        """
        threshold, tuning = self.calibration.evidence.threshold, self.tuning
        choose = partial(select_excerpts, question, evidence, threshold, scope.catalog, tuning)
        verdict = self.calibration.verdict(confidence)
        if verdict is Verdict.SILENT:
            return choose(breadth=0), choose(breadth=tuning.evidence_passages, other_share=0.0)
        if verdict is Verdict.UNSURE:
            return choose(breadth=tuning.unsure_excerpts), ()
        return choose(breadth=self._sure_breadth, other_share=tuning.conversing_share), ()

    def _settled(
        self,
        question: str,
        evidence: Sequence[Evidence],
        candidates: Sequence[Candidate],
        validity: Validity,
        scope: Scope,
    ) -> tuple[list[Evidence], Sequence[Candidate]]:
        """Return the evidence with what holds first, and the candidates that nothing comes before.

        What holds and is unlikely is weighed again by itself: beside a better wording of what does
        not hold, it counts as little.
        """
        settled = validity.settle(evidence)
        if not settled.outranked:
            return list(settled.evidence), candidates
        current = [
            candidate
            for candidate in candidates
            if candidate.passage.document not in settled.outranked
        ]
        if settled.first.probability >= self.calibration.evidence.threshold:
            return list(settled.evidence), current
        best = validity.with_versions(current, self.tuning.evidence_passages)
        again = score_evidence(score_units(question, best), best, self.calibration.evidence)
        again, _ = raise_outright(question, again, WordWeights(scope), self.tuning)
        weighed = validity.settle(again).evidence
        most = self.tuning.outranked_share * max(piece.probability for piece in weighed)
        others = (
            replace(piece, probability=min(piece.probability, most))
            for piece in settled.evidence
            if piece.passage.document in settled.outranked
        )
        return [*weighed, *others], current


def _not_shown(evidence: Sequence[Evidence], seen: ShownSpans | None) -> list[Evidence]:
    """Return the evidence of which nothing was shown before."""
    return [
        piece for piece in evidence if not was_shown(piece.passage.document, piece.unit.span, seen)
    ]
