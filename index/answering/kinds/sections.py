"""Lists, decisions and steps: sections whose heading is the question."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from index.answering.answer import QuestionKind
from index.answering.document_names import named_documents
from index.answering.evidence import FACTUAL, WANTS_ALL
from index.answering.outline import Section, outline_of
from index.answering.quoting import quoted
from index.answering.scope import Found, Scope
from index.answering.tuning import TUNING
from index.chunking.sentences import sentence_spans
from index.document import Block, BlockKind, Document, Span
from index.rewriting.english import AUXILIARY, WH
from index.rewriting.tokens import tokenize
from index.store.lexical import STOP_WORDS, tokens_of
from index.text import words_of

__all__ = ["answer_section"]

_MOST_DOCUMENTS = 3
"""Documents whose headings are compared, those of the best passages."""
_NOT_ASKED = frozenset(
    "after all am any anything before describe doing done during explain find get give go happen"
    " happened happens know list make me must name need needs outline please say says show something"
    " still tell thing things up us want was were".split()
)
"""Words of a question that tell nothing of its subject."""
_SAME = tuple(
    frozenset(words.split())
    for words in (
        "decide decided decides decision decisions agreed resolved resolution resolutions",
        "recommend recommended recommendation recommendations suggestion suggestions advice",
        "step steps procedure procedures process instruction instructions",
        "wrong badly bad problem problems issue issues difficulty difficulties trouble",
        "well good success successes",
        "lesson lessons learned learnt",
        "action actions task tasks todo todos",
        "risk risks threat threats danger dangers hazard hazards",
        "cost costs price prices expense expenses",
        "result results outcome outcomes finding findings",
        "goal goals aim aims objective objectives purpose",
        "participant participants attendee attendees attended present",
        "rule rules regulation regulations",
        "requirement requirements required require requires prerequisite prerequisites",
        "limitation limitations shortcoming shortcomings",
        "undecided unresolved open outstanding pending",
    )
)
"""Words that headings and questions use for the same."""
_CLASS = {tokens_of(word): group for group, words in enumerate(_SAME) for word in words}
_NEGATION = re.compile(r"\b(?:not|never|no longer|cannot|without|un(?:decided|resolved))\b|n['’]t\b", re.I)
_OPEN = re.compile(
    r"\b(?:not (?:yet )?(?:been )?(?:decided|agreed|settled|resolved|defined)|undecided|unresolved"
    r"|(?:still|left|remains?) open|open (?:questions?|points?|issues?)|pending|outstanding)\b",
    re.IGNORECASE,
)
_NUMBERING = re.compile(r"^(?:[\d.]+|[A-Za-z][.)]|[ivxIVX]+[.)])\s+")
_TABLE = (BlockKind.ROW, BlockKind.HEADER)

_Stem = tuple[str, ...] | int


def answer_section(question: str, found: Found, scope: Scope) -> Found | None:
    """Return the section that answers; None where no heading asks it. `found` is by sentences."""
    named = [
        each for each in named_documents(question, scope) if each.sure >= TUNING.least_named
    ]
    asked = _Asked.of(question, named[0].rest if named else question)
    if asked is None or not found.candidates:
        return None
    weights = _Weights(scope)
    best: _Match | None = None
    for name in _documents([each.name for each in named], found):
        document = scope.catalog.document(name)
        if document is None:
            continue
        for match in _matches(document, asked, weights):
            if best is None or match.score > best.score:
                best = match
    if best is None:
        return None
    name = best.document.name
    scores = [c.relevance for c in found.candidates if c.passage.document == name]
    excerpts = quoted(name, [best.body], scope.catalog, score=max(scores, default=0.0))
    confidence = max(found.confidence, round(TUNING.heading_confidence * best.covered, 4))
    return Found(
        QuestionKind.LIST, confidence, excerpts=excerpts, candidates=found.candidates
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question: its stems, how it is put, and whether it asks for what is not so."""

    stems: frozenset[_Stem]
    opener: str
    is_negative: bool
    is_open: bool
    wants_all: bool

    @classmethod
    def of(cls, question: str, rest: str) -> _Asked | None:
        """Return what is asked; None where a section would be too much of an answer.

        `rest` is the question without the name of a document.
        """
        words = [word.low for word in tokenize(question) if not word.is_punctuation]
        stems = frozenset(_stems(rest))
        if not stems or words[0] in AUXILIARY:
            return None
        wants_all = bool(WANTS_ALL.search(question))
        opener = next((word for word in words[:2] if word in WH), "")
        if FACTUAL.search(question) and not wants_all and opener not in ("who", "when", "where"):
            return None
        return cls(
            stems,
            opener,
            bool(_NEGATION.search(question)),
            bool(_OPEN.search(question)),
            wants_all,
        )


@dataclass(frozen=True, slots=True)
class _Match:
    """A section that a question asks for, and how much of the question is in its headings."""

    document: Document
    body: Span
    covered: float
    score: float


class _Weights:
    """The IDF of stems among the passages that may be seen."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        seen = scope.allowed
        self._passages = len(scope.generation.vectors) if seen is None else len(seen)
        self._known: dict[_Stem, float] = {}

    def of(self, stems: Iterable[_Stem]) -> float:
        return sum(map(self._weight, stems))

    def _weight(self, stem: _Stem) -> float:
        if stem not in self._known:
            self._known[stem] = self._idf(stem)
        return self._known[stem]

    def _idf(self, stem: _Stem) -> float:
        if isinstance(stem, int):
            return math.log1p(self._passages / 10)
        count = self._scope.catalog.document_frequency(" ".join(stem), self._scope.allowed)
        return math.log1p(self._passages / (1 + count))


def _documents(named: Sequence[str], found: Found) -> Sequence[str]:
    """Return the documents whose headings may be the question: those it names, else the best."""
    best = dict.fromkeys(candidate.passage.document for candidate in found.candidates)
    return (named or list(best))[:_MOST_DOCUMENTS]


def _matches(document: Document, asked: _Asked, weights: _Weights) -> Iterator[_Match]:
    about = {*_stems(document.title), *_stems(document.name.rpartition("/")[2])}
    about |= _dates(document.metadata.get("date", ""))
    whole = weights.of(asked.stems)
    sections = outline_of(document)
    for at, section in enumerate(sections):
        above = about.union(*map(_stems, section.path[:-1]))
        heading = frozenset(_stems(_NUMBERING.sub("", section.name)))
        own = heading & asked.stems
        if section.heading is None or not own or not _fits(section.name, asked):
            continue
        share = weights.of(own) / weights.of(heading)
        first = section.blocks[0].span.of(document.text)[:200] if section.blocks else ""
        covered = weights.of(asked.stems & above.union(heading, _stems(first))) / whole
        is_within = len(own) > 1 and asked.stems <= heading
        if covered < TUNING.asked_share or (share < TUNING.heading_share and not is_within):
            continue
        body = _body(document, section, sections[at + 1 : at + 1 + section.parts])
        if body is not None:
            score = share * covered + weights.of(own) / whole
            yield _Match(document, body, covered, score * _likeness(section.name, asked))


def _fits(heading: str, asked: _Asked) -> bool:
    """Return whether a heading is put as the question is."""
    is_open = bool(_OPEN.search(heading))
    is_negative = bool(_NEGATION.search(heading))
    if asked.is_open or is_open:
        return asked.is_open == is_open
    if asked.is_negative != is_negative:
        return False
    if asked.opener in ("who", "when", "where") and not asked.wants_all:
        return heading.lower().startswith(asked.opener)
    return True


def _likeness(heading: str, asked: _Asked) -> float:
    """Return how much a heading is put as the question is: "Why we move" tells no action items."""
    opener = heading.partition(" ")[0].lower()
    return 0.7 if opener in WH - {"what", asked.opener} else 1.0


def _body(document: Document, section: Section, parts: Sequence[Section]) -> Span | None:
    """Return what is shown of a section: all of it, or its list; None where it is too long."""
    blocks = [*section.blocks, *(block for part in parts for block in part.blocks)]
    if not blocks or all(block.kind in _TABLE for block in blocks):
        return None
    whole = Span(blocks[0].span.start, blocks[-1].span.end)
    listed = sum(len(block.span) for block in blocks if block.kind is BlockKind.ITEM)
    most = TUNING.longest_list if listed > len(whole) / 2 else TUNING.longest_section
    if len(whole) <= most:
        return whole
    return _first_list(document, section.blocks)


def _first_list(document: Document, blocks: Sequence[Block]) -> Span | None:
    """Return the list of a section that has only one, with the sentence that introduces it."""
    items = [at for at, block in enumerate(blocks) if block.kind is BlockKind.ITEM]
    if not items or len({blocks[at].group for at in items}) > 1:
        return None
    start, end = blocks[items[0]].span.start, blocks[items[-1]].span.end
    if items[0] and blocks[items[0] - 1].kind is BlockKind.PARAGRAPH:
        lead = list(sentence_spans(document.text, blocks[items[0] - 1].span))[-1]
        if lead.of(document.text).rstrip("*_ ").endswith((":", "：")):
            start = lead.start
    return Span(start, end) if end - start <= TUNING.longest_list else None


def _stems(text: str) -> Iterator[_Stem]:
    """Yield what the words of a text have in common with their other forms and synonyms."""
    for word in words_of(text):
        if word in STOP_WORDS or word in _NOT_ASKED or len(word) < 2 and not word.isdigit():
            continue
        if stem := tokens_of(word):
            yield _CLASS.get(stem, stem)


def _dates(written: str) -> set[_Stem]:
    """Return the stems of a document's date, as questions write it."""
    try:
        day = date.fromisoformat(written[:10])
    except ValueError:
        return set()
    return set(_stems(f"{day.day} {day:%B} {day.year}"))
