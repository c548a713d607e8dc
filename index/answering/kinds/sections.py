"""Lists, decisions and steps: sections whose heading is the question."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from index.answering.answer import QuestionKind
from index.answering.excerpts.outline import Section, outline_of
from index.answering.excerpts.quoting import quoted
from index.answering.finding.evidence import FACTUAL, WANTS_ALL
from index.answering.finding.furniture import states_something
from index.answering.finding.outright import OPEN
from index.answering.finding.word_weights import Stem, WordWeights
from index.answering.scope import Findings, Scope
from index.answering.tuning import TUNING
from index.answering.understanding.names.document_names import named_documents
from index.chunking.sentences import sentence_spans
from index.document import Block, BlockKind, Document, Span
from index.rewriting.english import AUXILIARY, WH
from index.rewriting.tokens import tokenize

_MOST_DOCUMENTS = 3
"""Documents whose headings are compared, those of the best passages."""
_NOT_ASKED = frozenset(
    "after all am any anything before describe doing done during explain find get give go happen"
    " happened happens know list make me must name need needs outline please say says show"
    " something still tell thing things up us want was were".split()
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
_WHATEVER = "rules details information guidelines facts"
_NEGATION = re.compile(
    r"\b(?:not|never|no longer|cannot|without|un(?:decided|resolved))\b|n['’]t\b", re.I
)
_NUMBERING = re.compile(r"^(?:[\d.]+|[A-Za-z][.)]|[ivxIVX]+[.)])\s+")
_DEFINITION = re.compile(r"what(?:['’]s| is| are) (?:an?\b|meant)", re.IGNORECASE)
_MENTIONED = re.compile(r"\b(?:what|whether|which|if)(?: \w+)?\s*$", re.IGNORECASE)
"""Before "is open": that something is open is mentioned there, and not said of anything."""
_WHAT_TO_DO = re.compile(
    r"\bwhat (?:(?:do|should|must|can|shall) (?:i|we|you|one|people) do|to do|now)\b", re.IGNORECASE
)
_ARTICLES = frozenset({"a", "an", "the"})
_OTHER_WORD = 0.01
"""Off the score of a heading for each of its words that the question lacks."""
_CONDITION = re.compile(r"(?:what |and )?(?:if|when|in case)\b", re.IGNORECASE)
_OPENING = frozenset({"who", "when", "where"})
_JOINING = frozenset({"and", "but", "or"})
"""Begins a question that goes on with another, which a heading alone cannot answer."""
_MOST_ENTRIES = 2
_TABLE = (BlockKind.ROW, BlockKind.HEADER)
_MOST_ROWS = 8
"""Rows of a section that is a table alone; a longer one is for questions on its rows."""


def answer_section(question: str, found: Findings, scope: Scope) -> Findings | None:
    """Return the section that answers; None where no heading asks it. `found` is by sentences."""
    named = [each for each in named_documents(question, scope) if each.sure >= TUNING.least_named]
    weights = WordWeights(scope, _SAME)
    asked = _Asked.of(question, named[0].rest if named else question, weights)
    if asked is None or not found.candidates:
        return None
    candidates = list(dict.fromkeys(each.passage.document for each in found.candidates))
    names = [each.name for each in named] or candidates
    documents = [
        scope.catalog.beginning(name, TUNING.longest_read) for name in names[:_MOST_DOCUMENTS]
    ]
    matches = [
        match
        for document in documents
        if document is not None
        for match in _matches(document, asked, weights)
    ]
    if not matches and asked.is_open and named and documents[0] is not None:
        matches = _left_open(documents[0])
    if not matches:
        return None
    best = max(matches, key=lambda match: match.score)
    relevances = [
        each.relevance for each in found.candidates if each.passage.document == best.document
    ]
    return Findings(
        QuestionKind.LIST,
        max(found.confidence, round(TUNING.heading_confidence * best.covered, 4)),
        excerpts=quoted(
            best.document, best.body, scope.catalog, score=max(relevances, default=0.0)
        ),
        candidates=found.candidates,
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question: its stems, how it is put, and whether it asks for what is not so."""

    stems: frozenset[Stem]
    subject: frozenset[Stem]
    """The same without words such as "rules", which any section may hold."""
    opener: str
    is_conditional: bool
    is_negative: bool
    is_open: bool
    wants_all: bool
    words: frozenset[str]

    @classmethod
    def of(cls, question: str, rest: str, weights: WordWeights) -> _Asked | None:
        """Return what is asked; None where a section would be too much of an answer.

        `rest` is the question without the name of a document.
        """
        words = [word.low for word in tokenize(question) if not word.is_punctuation]
        is_open = bool(OPEN.search(question))
        stems = weights.stems(OPEN.sub(" ", rest) if is_open else rest, _NOT_ASKED)
        if not words or words[0] in AUXILIARY | _JOINING or not (stems or is_open):
            return None
        wants_all = bool(WANTS_ALL.search(question))
        opener = next((word for word in words[:2] if word in WH), "")
        is_fact = bool(FACTUAL.search(question)) and opener not in _OPENING
        if (is_fact and not wants_all) or _DEFINITION.match(question):
            return None
        return cls(
            stems,
            stems - weights.stems(_WHATEVER) or stems,
            opener,
            "if" in words or bool(_WHAT_TO_DO.search(question)),
            bool(_NEGATION.search(question)),
            is_open,
            wants_all,
            frozenset(words),
        )

    def others(self, heading: str) -> frozenset[str]:
        """Return the words of a heading that the question lacks, such as "before" in one."""
        words = frozenset(word.low for word in tokenize(heading) if not word.is_punctuation)
        return words - self.words - _ARTICLES


@dataclass(frozen=True, slots=True)
class _Match:
    """What a document has below a heading that is the question.

    `covered` is the share of the question that its headings have.
    """

    document: str
    body: tuple[Span, ...]
    covered: float
    score: float


def _matches(document: Document, asked: _Asked, weights: WordWeights) -> Iterator[_Match]:
    file = document.name.rpartition("/")[2]
    about = weights.stems(f"{document.title} {file} {_day(document)}")
    sections = outline_of(document)
    headings = [weights.stems(_NUMBERING.sub("", each.name), _NOT_ASKED) for each in sections]
    named = defaultdict[tuple[str, ...], set[frozenset[Stem]]](set)
    for section, heading in zip(sections, headings, strict=True):
        named[section.path[:-1]].add(heading & asked.stems)
    for at, (section, heading) in enumerate(zip(sections, headings, strict=True)):
        own = heading & asked.stems
        if heading - own and any(own < other for other in named[section.path[:-1]]):
            continue  # one of two of a kind, of which the question names the other
        if asked.is_open and OPEN.search(section.name):
            own = heading
        if section.heading is None or section.name == document.title or not own:
            continue
        if not _fits(section.name, asked):
            continue
        share = weights.share(heading, own)
        is_case = asked.is_conditional and bool(_CONDITION.match(section.name))
        is_within = (len(own) > 1 or is_case) and asked.stems <= heading
        if share < TUNING.heading_share and not is_within:
            continue
        parts = sections[at + 1 : at + 1 + section.parts]
        first = section.blocks[0].span.of(document.text)[:200] if section.blocks else ""
        around = about | heading | weights.stems(" ".join((*section.path[:-1], first)))
        wanted = asked.subject if asked.subject <= around else asked.stems
        covered = weights.share(wanted, around) if wanted else 1.0
        if covered >= TUNING.asked_share:
            body = _with_heading(
                _body(document, section, parts, is_named=len(own) > 1), section, document.text
            )
        else:
            body = _entries(document, section, asked.stems - about - heading, weights)
            covered = 1.0
        if body:
            score = share * covered + weights.share(asked.stems, own)
            score -= _OTHER_WORD * len(asked.others(section.name))
            yield _Match(document.name, body, covered, score)


def _fits(heading: str, asked: _Asked) -> bool:
    """Return whether a heading is put as the question is.

    "Not decided" is not what was decided, and "Why we move" is no answer to when we do.
    """
    is_open = bool(OPEN.search(heading))
    if asked.is_open or is_open:
        return asked.is_open == is_open
    if asked.is_negative != bool(_NEGATION.search(heading)):
        return False
    opener = heading.partition(" ")[0].lower()
    if _CONDITION.match(heading):
        return asked.is_conditional or not asked.opener
    if asked.opener in _OPENING and not asked.wants_all:
        return opener == asked.opener
    if opener == "how" and not asked.opener:
        return not FACTUAL.search(heading)  # "reset password" asks how
    return opener not in WH - {"what"} or opener == asked.opener


def _body(
    document: Document, section: Section, parts: Sequence[Section], *, is_named: bool
) -> tuple[Span, ...]:
    """Return what is shown of a section: all of it, or its list; nothing where it is too long.

    The rows of a table are shown only where several words of the question name its heading.
    """
    blocks = [*section.blocks, *(block for part in parts for block in part.blocks)]
    if not blocks:
        return ()
    if all(block.kind in _TABLE for block in blocks):
        rows = tuple(block.span for block in blocks if block.kind is BlockKind.ROW)
        return rows if is_named and len(rows) <= _MOST_ROWS else ()
    whole = Span(blocks[0].span.start, blocks[-1].span.end)
    listed = sum(len(block.span) for block in blocks if block.kind is BlockKind.ITEM)
    most = TUNING.longest_list if listed > len(whole) / 2 else TUNING.longest_section
    if len(whole) <= most:
        return (whole,)
    listing = _first_list(document, section.blocks)
    return (listing,) if listing is not None else ()


def _with_heading(body: tuple[Span, ...], section: Section, text: str) -> tuple[Span, ...]:
    """Return the body with its heading before it, if that states a fact of its own."""
    heading = section.heading
    if not body or heading is None or not states_something(section.name):
        return body
    words = heading.of(text).lstrip("# ")
    if text[heading.end : body[0].start].strip() or section.name not in words:
        return body
    return (Span(heading.end - len(words), body[0].end), *body[1:])


def _entries(
    document: Document, section: Section, stems: frozenset[Stem], weights: WordWeights
) -> tuple[Span, ...]:
    """Return the entries of a section's list that the rest of the question is about."""
    items = [block for block in section.blocks if block.kind is BlockKind.ITEM]
    held = [item for item in items if stems and stems <= weights.stems(item.span.of(document.text))]
    return tuple(item.span for item in held) if len(held) <= _MOST_ENTRIES else ()


def _left_open(document: Document) -> list[_Match]:
    """Return the statements of a document that something is open, with the lists they introduce."""
    spans: list[Span] = []
    for section in outline_of(document):
        for at, block in enumerate(section.blocks):
            if block.kind is not BlockKind.PARAGRAPH:
                continue
            for part in sentence_spans(document.text, block.span):
                text = part.of(document.text)
                found = OPEN.search(text)
                if found is None or _MENTIONED.search(text[: found.start()]):
                    continue
                if part.end == block.span.end and text.rstrip("*_ ").endswith((":", "：")):
                    listing = _first_list(document, section.blocks[at:])
                    part = listing or part
                if spans and not document.text[spans[-1].end : part.start].strip():
                    part = Span(spans.pop().start, part.end)
                spans.append(part)
    if not spans or sum(map(len, spans)) > TUNING.longest_section:
        return []
    return [_Match(document.name, tuple(spans), TUNING.left_open_share, 1.0)]


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


def _day(document: Document) -> str:
    """Return a document's date as questions write it, or nothing."""
    try:
        day = date.fromisoformat(document.metadata.get("date", "")[:10])
    except ValueError:
        return ""
    return f"{day.day} {day:%B} {day.year}"
