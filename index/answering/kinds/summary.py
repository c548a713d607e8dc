"""Summaries of a document, or of what the documents say on a topic."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from index.answering.answer import Choice, Excerpt, QuestionKind, SummaryHeading
from index.answering.excerpts.gist import Sentence, gist_of
from index.answering.excerpts.outline import Section, outline_of
from index.answering.excerpts.quoting import quoted
from index.answering.finding.furniture import is_appeal, is_furniture, is_mail_header
from index.answering.scope import Findings, Scope
from index.answering.tuning import TUNING
from index.answering.understanding.names.document_names import (
    NamedDocument,
    documents_called,
    named_documents,
)
from index.chunking.passage import Passage
from index.chunking.sentences import sentence_spans
from index.document import BlockKind, Document, Span
from index.parsing.text.heading_words import heading_words
from index.store.words.lexical import content_words
from index.store.words.tokens import tokens_of
from index.text import words_of

_PLEASE = (
    r"(?:(?:please|pls|kindly|(?:can|could|would|will) you|i (?:want|need|would like)|i['’]d like"
    r"|you to|to|give|show|write|make|get|provide|send|tell|me|us|have|see|read"
    r"|what(?: is|['’]?s| are| were| was)?|a|an|the|short|brief|quick|concise|rough"
    r"|one-paragraph|some|quickly|briefly)\s+)*"
)
_POINTS = (
    r"(?:key|main|most important|central|essential|major|important) (?:points?|takeaways?|findings"
    r"|messages?|ideas|facts|results|conclusions|arguments|things)"
)
_NOUN = (
    rf"(?:executive summary|summary|summaries|recap|abstract|synopsis|outline|overview|gist|essence"
    rf"|highlights|takeaways|digest|{_POINTS})"
)
_VERB = r"(?:summari[sz]e|sum up|recap|outline|tl;?\s?dr|boil down)"
_OF = r"(?:\s+(?:of|from|in|on|about|for|regarding|concerning|to))?[\s:,-]+"
_BRIEFLY = (
    r"in (?:short|brief|summary|a nutshell|a few (?:words|sentences|lines)"
    r"|one (?:paragraph|sentence))"
)
_SAY = (
    r"(?:say|says|contain|contains|cover|covers|state|tell us|tell me|discuss|discusses|conclude"
    r"|concludes|deal with)"
)
_DOCUMENTS = r"(?:the |our |your |these |all )*(?:documents|docs|files|briefings|papers|notes)"

_ASKED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_PLEASE}{_VERB} (?:what|everything|all)(?: that)?(?: is| (?:we|you|{_DOCUMENTS}))?"
        r" (?:know|known|have|say|said|written)(?: about| on)? (?P<about>.+)",
        rf"{_PLEASE}{_VERB}{_OF}(?:me )?(?P<about>.+)",
        rf"(?P<about>.+?)[\s,:;–—-]+(?:{_BRIEFLY}|summari[sz]ed|summary|tl;?\s?dr|recap)",
        rf"{_BRIEFLY}[\s,:]+what (?:does|do|did) (?P<about>.+?) {_SAY}",
        rf"{_BRIEFLY}[\s,:]+(?P<about>.+)",
        rf"what (?:do|does|did) {_DOCUMENTS} (?:say|tell us|know|state) (?:about|on) (?P<about>.+)",
        r"what (?:do|did) (?:we|you) (?:know|have) (?:about|on) (?P<about>.+)",
        r"(?:tell (?:me|us) )?(?:everything|all)(?: (?:you|we) (?:know|have))? (?:about|on)"
        r" (?P<about>.+)",
    )
)
"""Whoever asks like this wants a summary, of a document or of a topic."""
_ASKED_OF_DOCUMENT = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_PLEASE}{_NOUN}{_OF}(?P<about>.+)",
        rf"(?P<about>.+?)[\s,:;–—-]+{_NOUN}",
        r"what(?:'s| is| are| was|s) (?P<about>.+?) (?:all )?about",
        rf"what (?:does|do|did) (?P<about>.+?) {_SAY}",
        r"what(?:'s| is|s) (?:in|inside) (?P<about>.+)",
        r"what (?:can|do) (?:i|we|you) (?:find|read|learn) (?:in|from) (?P<about>.+)",
        r"(?:please )?(?:tell me|explain) (?:about )?(?P<about>.+)",
    )
)
"""Whoever asks like this wants one only if they name a document."""
_SECTIONS = tuple(
    re.compile(rf"(?:[\d.]+\s*|[A-Z]\.\s*)?(?:{pattern})\W*", re.IGNORECASE)
    for pattern in (
        r"(?:executive |management |short )?summary|summary (?:of|and) .+|in (?:brief|short)"
        r"|at a glance|tl;?\s?dr|abstract|(?:key|main) (?:points|findings|messages|takeaways|facts)"
        r"|takeaways|highlights|synopsis|the short version|bottom line",
        r"(?:main |key )?results?|outcomes?|conclusions?(?: and .+)?|decisions?(?: taken| made)?"
        r"|findings|resolutions?",
    )
)
"""Names of sections that are a summary already, the first group before the second."""
_EMPTY = frozenset(
    "situation status state matter topic issue everything information document file text things"
    " stuff whole entire current please".split()
)
_KINDS = frozenset(
    "article blog brief briefing contract deck document email file guide handbook letter mail"
    " manual memo minutes note paper plan policy presentation report slides spreadsheet study text"
    " transcript website".split()
)
"""Whoever names one of these means a document, not a topic, even one that is not found."""
_MOST_CHOICES = 3
_LONGEST = 300
"""Characters of a question that asks for a summary; a longer one is about something else too."""
_IN_PROSE = (BlockKind.PARAGRAPH, BlockKind.ITEM)


def answer_summary(question: str, scope: Scope) -> Findings | None:
    """Return the sentences that say most, in reading order; None for any other question."""
    asked = " ".join(question.split()).rstrip(" ?!.")
    if len(asked) > _LONGEST:
        return None
    about = _about(_ASKED, asked)
    may_be_topic = about is not None
    about = about or _about(_ASKED_OF_DOCUMENT, asked)
    if about is None:
        return None
    named = _named(about, scope) or _named(question, scope, loosely=False)
    if not named:
        return _on_topic(about, scope) if may_be_topic else None
    if any(len(called) > _MOST_CHOICES for called in named):
        return None
    unclear = next((called for called in named if len(called) > 1), ())
    if unclear:
        choices = tuple(Choice(each.title, f"Summarise {each.name}", each.name) for each in unclear)
        return Findings(QuestionKind.UNCLEAR, choices=choices)
    return _summarised([called[0].name for called in named], scope)


def _named(text: str, scope: Scope, *, loosely: bool = True) -> list[tuple[NamedDocument, ...]]:
    """Return the documents that a text names; those that the same words name are together."""
    found = documents_called(text, scope) if loosely else ()
    found = found or named_documents(text, scope)
    sure = [each for each in found if each.sure >= TUNING.least_named]
    spans = list(dict.fromkeys(each.span for each in sure))
    return [tuple(each for each in sure if each.span == span) for span in spans]


def _about(patterns: Sequence[re.Pattern[str]], asked: str) -> str | None:
    """Return what a summary is asked of; None where none is asked for."""
    for pattern in patterns:
        if found := pattern.fullmatch(asked):
            return found["about"].strip()
    return None


# One document


def _summarised(names: Sequence[str], scope: Scope) -> Findings | None:
    excerpts: list[Excerpt] = []
    contents: list[SummaryHeading] = []
    for name in names:
        document = scope.catalog.beginning(name, TUNING.longest_read)
        if document is None:
            continue
        sections = outline_of(document)
        characters = TUNING.summary_characters // len(names)
        spans = _ready_summary(document, sections) or _gist(document, sections, characters)
        excerpts += quoted(name, spans, scope.catalog, first=len(excerpts) + 1)
        contents += _contents(document)
    if not excerpts:
        return None
    return Findings(
        QuestionKind.SUMMARY,
        TUNING.summary_confidence,
        excerpts=tuple(excerpts),
        contents=tuple(contents),
    )


def _ready_summary(document: Document, sections: Sequence[Section]) -> list[Span]:
    """Return the section that is a summary, or its gist where it is long; else nothing."""
    for names in _SECTIONS:
        for at, section in enumerate(sections):
            if not names.fullmatch(section.name):
                continue
            parts = sections[at : at + section.parts + 1]
            spans = [part.span for part in parts if part.span is not None]
            if sum(map(len, spans)) <= TUNING.longest_summary:
                if spans:
                    return spans
            elif chosen := _gist(document, parts, TUNING.summary_characters):
                return chosen
    return []


def _gist(document: Document, sections: Sequence[Section], characters: int) -> list[Span]:
    sentences = list(_sentences(document, sections))
    chosen = gist_of(sentences, characters, TUNING, title=document.title)
    return _joined(document.text, [sentence.span for sentence in chosen])


def _joined(text: str, spans: Sequence[Span]) -> list[Span]:
    """Return the spans; those with only white space between become one."""
    joined: list[Span] = []
    for span in spans:
        if joined and "\n\n" not in (gap := text[joined[-1].end : span.start]) and not gap.strip():
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return joined


def _sentences(document: Document, sections: Sequence[Section]) -> Iterator[Sentence]:
    """Yield the sentences and items; of a long document, the first below each heading."""
    is_long = len(document.text) > TUNING.longest_weighed
    for section in sections:
        leads = True
        for block in section.blocks:
            if block.kind not in _IN_PROSE or is_mail_header(block.span.of(document.text)):
                continue
            text, span = document.text, block.span
            whole = block.kind is BlockKind.ITEM
            for part in [span] if whole else sentence_spans(text, span):
                if is_appeal(part.of(text)):
                    continue
                yield Sentence(document.name, part, part.of(text), leads, not whole)
                leads = False
                if is_long:
                    break
            if is_long:
                break


def _contents(document: Document) -> tuple[SummaryHeading, ...]:
    """Return the headings of a document; where there are many, the outer ones."""
    headings = [block for block in document.blocks if block.kind is BlockKind.HEADING]
    for most in range(6, 0, -1):
        shown = [block for block in headings if block.level <= most]
        if len(shown) <= TUNING.most_headings:
            break
    found = [
        SummaryHeading(
            heading_words(block.span.of(document.text)), block.level, block.span, document.name
        )
        for block in shown[: TUNING.most_headings]
    ]
    return tuple(heading for heading in found if heading.text != document.title)


# A topic


def _on_topic(about: str, scope: Scope) -> Findings | None:
    """Return what the documents that hold most on a topic say of it; None if they miss a word."""
    words_about = content_words(about)
    topic = [word for word in words_about if word not in _EMPTY]
    if not topic or words_about[-1] in _KINDS:
        return None
    words = " ".join(topic)
    catalog = scope.catalog
    keys = [key for key, _ in catalog.search(words, TUNING.topic_passages, scope.allowed)]
    coverage = catalog.coverage(words, keys, scope.allowed)
    if not keys or any(not held for _, held in coverage.values()):
        return None
    found = catalog.passages(keys)
    passages = [found[key] for key in keys if all(key in held for _, held in coverage.values())]
    if not passages:
        return None
    sentences = _sentences_about(passages, topic)
    documents = list(dict.fromkeys(each.document for each in sentences))[: TUNING.topic_documents]
    ordered = sorted(
        (each for each in sentences if each.document in documents),
        key=lambda each: (documents.index(each.document), each.span),
    )
    chosen = gist_of(ordered, TUNING.summary_characters, TUNING)
    excerpts: list[Excerpt] = []
    for document in documents:
        spans = [sentence.span for sentence in chosen if sentence.document == document]
        excerpts += quoted(document, spans, catalog, first=len(excerpts) + 1)
    if not excerpts:
        return None
    return Findings(QuestionKind.SUMMARY, TUNING.topic_confidence, excerpts=tuple(excerpts))


def _sentences_about(passages: Sequence[Passage], topic: Sequence[str]) -> list[Sentence]:
    """Return the sentences and items that hold a word of the topic, or stand below one, once."""
    stems = {tokens_of(word) for word in topic}
    found: dict[tuple[str, Span], Sentence] = {}
    for passage in passages:
        below = any(_holds(heading, stems) for heading in passage.heading)
        leads = True
        for unit in passage.units:
            text = passage.text_of(unit.span)
            if unit.kind not in _IN_PROSE or is_furniture(text) or is_mail_header(text):
                continue
            if is_appeal(text):
                continue
            if below or _holds(text, stems):
                is_prose = unit.kind is BlockKind.PARAGRAPH
                sentence = Sentence(passage.document, unit.span, text, leads, is_prose)
                found.setdefault((passage.document, unit.span), sentence)
            leads = False
    return list(found.values())


def _holds(text: str, stems: Collection[tuple[str, ...]]) -> bool:
    return any(tokens_of(word) in stems for word in words_of(text))
