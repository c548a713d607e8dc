"""Selects the shortest stretches of text that answer: sentences, lists, rows beside headers."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence

from index.answering.answer import Excerpt
from index.answering.excerpts.beside import (
    ASKS,
    answers,
    ends_asking,
    follows_directly,
    with_answer,
    with_heading,
    with_parts,
    with_question,
)
from index.answering.excerpts.quoting import header_above, heading_above
from index.answering.excerpts.replies import own_words, reply_to
from index.answering.excerpts.stretches import Stretch, joined
from index.answering.finding.evidence import DESCRIPTIVE, FACTUAL, WANTS_ALL, Evidence
from index.answering.finding.fields import fields_asked, fields_of
from index.answering.finding.furniture import states_something
from index.answering.finding.key_figures import with_label
from index.answering.tuning import TUNING, Tuning
from index.chunking.passage import Passage, Unit
from index.document import BlockKind, Span
from index.rewriting.english import IMPERATIVE, WH, either
from index.rewriting.tokens import singular
from index.store.catalog.catalog import Catalog
from index.store.words.lexical import content_stems
from index.text import COMPOUND, words_of

_LEAST_FIELDS = 2
_ASKS_FOR_ONE = re.compile(
    r"\W*(?:what(?:['’]s| is| was| does| did)|is|are|was|were|does|do|did|has|have|had|can|could"
    r"|may|must|shall|should|will|would)\b",
    re.IGNORECASE,
)
"""Begins a question that one entry of a list may answer."""
_ASKING = re.compile(rf"\b{either(WH | IMPERATIVE)}\b", re.IGNORECASE)
_ENTRY = re.compile(
    r"\s*+(?:[•*+–-]|\d+[.)])?\s*+\**+(?P<name>[^:\n(]{2,60}?)\s*(?:\((?P<short>[^)\n]{2,20})\))?"
    r"\**:\**\s+\S"
)
"""An entry that is named, as in a list of definitions."""
_STEP = re.compile(r"\s*(?:[•*+–-]\s*)?\d{1,2}[.)]\s")
_SPEAKER = re.compile(r"(?:Q|A|Question|Answer|[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ.'’ -]{2,40}):\s")


def select_excerpts(
    question: str,
    evidence: Sequence[Evidence],
    threshold: float,
    catalog: Catalog,
    tuning: Tuning,
    *,
    breadth: int = 0,
    other_share: float = TUNING.other_share,
) -> tuple[Excerpt, ...]:
    """Return the excerpts for a question, the best first, the others in reading order by document.

    The best unit is always selected, then every other with a probability of `threshold` or more, up
    to a number of characters. The threshold is higher where a short answer settles the question,
    and lower where the question asks for a description. The catalog gives what is needed from
    outside the passages found, such as the rest of a list. Of the first `breadth` passages each has
    its best unit among them, if that is `other_share` as likely as the best of all.
    """
    selection = _Selection(question, evidence, threshold, catalog, tuning, breadth, other_share)
    return selection.excerpts()


class _Selection:
    """The excerpts of one question, as `select_excerpts` describes."""

    def __init__(
        self,
        question: str,
        evidence: Sequence[Evidence],
        threshold: float,
        catalog: Catalog,
        tuning: Tuning,
        breadth: int,
        other_share: float,
    ) -> None:
        self._question = question
        self._found = evidence
        self._evidence = answers(own_words(evidence, threshold))
        self._threshold = threshold
        self._catalog = catalog
        self._tuning = tuning
        self._breadth = breadth
        self._other_share = other_share
        self._wants_all = bool(WANTS_ALL.search(question))
        self._stems = content_stems(question)
        self._is_descriptive = bool(DESCRIPTIVE.search(question))
        self._is_brief = bool(FACTUAL.search(question)) and not self._wants_all
        """Whether a few words may be the answer."""
        asks_for_one = bool(_ASKS_FOR_ONE.match(question))
        is_asking = asks_for_one or bool(_ASKING.search(question))
        self._is_keywords = not is_asking and not _ends_in_plural(question)
        self._wants_one = not self._wants_all and (
            self._is_brief or self._is_keywords or asks_for_one
        )

    def excerpts(self) -> tuple[Excerpt, ...]:
        if not self._evidence:
            return ()
        chosen = self._chosen()
        stretches: list[Stretch] = []
        for piece in chosen:
            if any(stretch.holds(piece) for stretch in stretches):
                continue
            stretches.extend(Stretch(span, piece) for span in self._completed(piece))
        shown: list[Stretch] = []
        for document in dict.fromkeys(s.evidence.passage.document for s in stretches):
            shown.extend(
                joined(
                    [s for s in stretches if s.evidence.passage.document == document], self._tuning
                )
            )
        best = max(shown, key=lambda stretch: stretch.evidence.probability)
        ordered = [best, *(stretch for stretch in shown if stretch is not best)]
        most = self._tuning.reply_characters
        if reply := reply_to(best.evidence, self._found, self._catalog, most):
            quotation, span = reply
            ordered.insert(0, Stretch(span, quotation))
        return tuple(self._as_excerpts(ordered, chosen))

    def _chosen(self) -> list[Evidence]:
        """Return the evidence to show, the most likely first, up to a number of characters."""
        ranked = sorted(self._evidence, key=lambda e: -e.probability)
        # A header row says nothing by itself; it stands beside the rows that are shown.
        ranked = [e for e in ranked if e.unit.kind is not BlockKind.HEADER] or ranked
        threshold = self._threshold
        if self._short_answer(ranked[0]) is not None:
            threshold *= self._tuning.settled_factor
        elif self._is_descriptive:
            threshold *= self._tuning.described_factor
        best = ranked[0]
        is_one = self._wants_one and not self._is_descriptive
        share = self._tuning.alone_share if is_one else self._tuning.beside_share
        beside = max(threshold, best.probability * share)
        elsewhere = apart = max(beside, best.probability * self._tuning.elsewhere_share)
        if is_one:
            apart = max(apart, best.probability * self._tuning.apart_share)
        if not self._is_brief:
            elsewhere = beside
        reach = self._tuning.outstanding_answer if self._is_keywords else math.inf
        least = best.logit - reach
        chosen: list[Evidence] = []
        characters = 0
        for piece in ranked:
            length = len(piece.unit.span)
            is_too_much = characters + length > self._tuning.excerpt_characters
            if chosen and (piece.probability < beside or is_too_much):
                break
            is_elsewhere = piece.passage.document != best.passage.document
            needed = apart if _is_apart(piece, best) else elsewhere if is_elsewhere else beside
            if piece is not best and (piece.logit < least or piece.probability < needed):
                continue
            chosen.append(piece)
            characters += length
        chosen = [piece for piece in chosen if not self._is_lesser(piece, chosen)]
        defined = {_list_of(piece) for piece in chosen if self._is_defined(piece)}
        chosen = [p for p in chosen if _list_of(p) not in defined or self._is_defined(p)]
        return [*chosen, *self._of_others(chosen)]

    def _is_lesser(self, row: Evidence, chosen: Sequence[Evidence]) -> bool:
        """Return whether another row of the same table has all that this has of the question.

        Of "late deliveries Velin week 18" the row with both is meant, not every row of Velin.
        """
        if row.unit.kind is not BlockKind.ROW:
            return False
        held = self._held(row)
        return any(held < self._held(other) for other in chosen if _list_of(other) == _list_of(row))

    def _held(self, piece: Evidence) -> frozenset[str]:
        return self._stems & content_stems(piece.passage.text_of(piece.unit.span))

    def _of_others(self, chosen: Sequence[Evidence]) -> list[Evidence]:
        """Return the best unit of each of the first passages that have none among the chosen.

        One that is far less likely than the best would only stand in the way.
        """
        passages = dict.fromkeys(piece.candidate.key for piece in self._evidence)
        shown = {piece.candidate.key for piece in chosen}
        bests = [
            max(
                (piece for piece in self._evidence if piece.candidate.key == key),
                key=lambda piece: piece.probability,
            )
            for key in list(passages)[: self._breadth]
            if key not in shown
        ]
        least = self._other_share * max(piece.probability for piece in chosen)
        return [piece for piece in bests if piece.probability >= least]

    def _completed(self, piece: Evidence) -> list[Span]:
        """Return the unit's span with what a person needs to understand it."""
        unit, passage = piece.unit, piece.passage
        if figure := with_label(unit, passage):
            return [figure]
        if unit.kind is BlockKind.HEADING:
            return [self._below(unit, passage) or with_heading(unit, passage)]
        if unit.kind in (BlockKind.PARAGRAPH, BlockKind.CODE):
            answer = with_answer(unit, passage, self._catalog, self._tuning.transcript_turn)
            turn = answer or self._with_turn(piece) or with_question(unit, passage)
            return self._field(unit, passage) or turn or self._with_list(piece)
        if unit.kind is not BlockKind.ITEM:
            return [unit.span]
        if self._is_defined(piece):
            return [with_parts(unit, passage)]
        whole = self._whole_list(unit, passage)
        if self._is_alone(piece, len(whole)):
            return [with_parts(unit, passage)]
        is_asked = self._wants_all or self._is_descriptive
        most = self._tuning.longest_list if is_asked else self._tuning.excerpt_characters
        return [whole if len(whole) <= most else unit.span]

    def _below(self, heading: Unit, passage: Passage) -> Span | None:
        """Return the list right below a heading that states nothing itself; None without one."""
        after = next((u for u in passage.units if u.span.start >= heading.span.end), heading)
        if after.kind is not BlockKind.ITEM or states_something(passage.text_of(heading.span)):
            return None
        whole = self._whole_list(after, passage)
        return whole if len(whole) <= self._tuning.longest_list else None

    def _is_defined(self, piece: Evidence) -> bool:
        """Return whether an entry says what the question names: "Convoy: three or more"."""
        entry = _ENTRY.match(piece.passage.text_of(piece.unit.span))
        if piece.unit.kind is not BlockKind.ITEM or entry is None or self._wants_all:
            return False
        named = (content_stems(entry["name"]), content_stems(entry["short"] or ""))
        return any(each and each <= self._stems for each in named)

    def _is_alone(self, piece: Evidence, whole: int) -> bool:
        """Return whether one entry of a list, of `whole` characters, is what was asked for.

        One of several steps that has none of the keywords is not.
        """
        unit, tuning = piece.unit, self._tuning
        text = piece.passage.text_of(unit.span)
        is_of_steps = self._is_keywords and _STEP.match(text) and not self._held(piece)
        if self._wants_all or is_of_steps or len(text.split()) < tuning.least_item_words:
            return False
        others = [e.logit for e in self._evidence if e.unit.group == unit.group and e is not piece]
        if not others:
            return False
        beats = piece.logit - max(others)
        if self._wants_one:
            return beats > tuning.outstanding_answer
        return whole > tuning.short_list and beats > tuning.outstanding_item

    def _field(self, unit: Unit, passage: Passage) -> list[Span]:
        """Return the one line of a block of fields that is asked for; nothing of other text."""
        text = passage.text_of(unit.span)
        if len(list(fields_of(text, unit.span))) < _LEAST_FIELDS:
            return []
        asked = fields_asked(self._question, text, unit.span)
        return asked if len(asked) == 1 else []

    def _with_turn(self, piece: Evidence) -> list[Span]:
        """Return a sentence of a transcript with its speaker and the question that it answers.

        Nothing is returned where the text is no transcript.
        """
        passage, unit = piece.passage, piece.unit
        first = next(u for u in passage.units if u.block == unit.block)
        if not _SPEAKER.match(passage.text_of(first.span)):
            return []
        turn = self._tuning.transcript_turn
        if unit.span.start - first.span.start > turn:
            return [unit.span]
        start = first.span.start
        document = passage.document
        before = self._catalog.units_before(document, start)
        if before and not self._asks(unit, document) and self._asks(before[-1], document):
            whole = start - before[0].span.start <= turn
            start = (before[0] if whole else before[-1]).span.start
        return [Span(start, unit.span.end)]

    def _asks(self, unit: Unit, document: str) -> bool:
        text = self._catalog.quote(document, unit.span) or ""
        return unit.kind is BlockKind.PARAGRAPH and bool(ASKS.search(text))

    def _with_list(self, piece: Evidence) -> list[Span]:
        """Return a sentence, with the list that it introduces if it introduces one."""
        after = [u for u in piece.passage.units if u.span.start >= piece.unit.span.end]
        if not after or after[0].kind is not BlockKind.ITEM:
            return [piece.unit.span]
        if not piece.passage.text_of(piece.unit.span).rstrip("*_ ").endswith((":", "：")):
            return [piece.unit.span]
        if self._is_brief and self._short_answer(piece) is not None:
            return [piece.unit.span]
        whole = self._whole_list(after[0], piece.passage)
        return [whole if len(whole) <= self._tuning.longest_list else piece.unit.span]

    def _whole_list(self, item: Unit, passage: Passage) -> Span:
        """Return the span of a list's lead-in and all its items, also those in other passages."""
        units = [u for u in passage.units if u.group == item.group]
        whole = Span(min(u.span.start for u in units), max(u.span.end for u in units))
        if passage.lead or units[-1] is passage.units[-1]:
            whole = self._catalog.span_of_group(passage.document, item.group) or whole
        lead = passage.lead_of(item)
        if lead is not None and follows_directly(lead, whole.start, passage):
            return Span(lead.span.start, whole.end)
        return whole

    def _as_excerpts(
        self, stretches: Sequence[Stretch], chosen: Sequence[Evidence]
    ) -> Iterable[Excerpt]:
        """Yield the excerpts; of several with the same words only the first is shown."""
        shown: set[str] = set()
        for stretch in stretches:
            passage = stretch.evidence.passage
            quote = self._quote(stretch)
            words = " ".join(quote.split())
            if words in shown:
                continue
            shown.add(words)
            yield Excerpt(
                number=len(shown),
                quote=quote,
                document=passage.document,
                title=passage.title,
                heading=heading_above(passage, stretch.span.start),
                page=self._catalog.page_at(passage.document, stretch.span.start),
                span=stretch.span,
                passage=passage.id,
                score=stretch.evidence.logit,
                emphasis=self._emphasis(stretch, chosen),
                header=header_above(stretch.evidence.unit, passage, self._catalog),
                origin=passage.origin_in(stretch.span),
            )

    def _quote(self, stretch: Stretch) -> str:
        passage = stretch.evidence.passage
        if passage.span.contains(stretch.span):
            return passage.text_of(stretch.span)
        return self._catalog.quote(passage.document, stretch.span) or ""

    def _emphasis(self, stretch: Stretch, chosen: Sequence[Evidence]) -> tuple[Span, ...]:
        """Return the spans of a stretch to emphasise: its short answers, else its likeliest units.

        Nothing is emphasised where a few words are asked for and none is surely the answer, nor
        where it would be more than half of the stretch.
        """
        pieces = [piece for piece in chosen if stretch.holds(piece)]
        if self._is_brief:
            spans = {answer for piece in pieces if (answer := self._short_answer(piece))}
        else:
            least = self._tuning.emphasised
            spans = {piece.unit.span for piece in pieces if piece.probability >= least}
        return tuple(sorted(spans)) if sum(map(len, spans)) <= len(stretch.span) / 2 else ()

    def _short_answer(self, piece: Evidence) -> Span | None:
        """Return the reader's short answer in whole words, if it is sure and inside the unit."""
        scores = piece.candidate.passage_scores
        if scores is None or scores.answer is None or scores.margin < self._tuning.sure_margin:
            return None
        unit, text = piece.unit.span, piece.passage.text_of(piece.unit.span)
        if not unit.contains(scores.answer):
            return None
        start, end = scores.answer.start - unit.start, scores.answer.end - unit.start
        words = [m for m in COMPOUND.finditer(text) if m.start() < end and m.end() > start]
        if not words:
            return None
        first, last = min(start, words[0].start()), max(end, words[-1].end())
        return Span(unit.start + first, unit.start + last)


def _list_of(piece: Evidence) -> tuple[str, int]:
    """Return the list or the table that a unit stands in; all other text has the group 0."""
    return piece.passage.document, piece.unit.group


def _is_apart(piece: Evidence, best: Evidence) -> bool:
    """Return whether a piece is a row of another table, or the answer to another question."""
    unit = piece.unit
    if unit.kind is BlockKind.ROW:
        return _list_of(piece) != _list_of(best)
    is_same = piece.passage.document == best.passage.document and unit.block == best.unit.block
    return not is_same and (
        ends_asking(best.unit, best.passage) or bool(with_question(unit, piece.passage))
    )


def _ends_in_plural(text: str) -> bool:
    """Return whether a text ends as one that asks for several things does: "duties"."""
    words = words_of(text)
    return bool(words) and singular(words[-1]) != words[-1]
