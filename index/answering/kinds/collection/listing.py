"""The documents of a scope, and which of them are of a time, by someone, or mention something."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.answering.answer import Excerpt, ListedDocument
from index.answering.excerpts.quoting import excerpt_of
from index.answering.rollups.mentions import rank_of
from index.answering.rollups.topic import or_parts
from index.answering.scope import Scope
from index.answering.visible_documents import day_of
from index.chunking.passage import Passage
from index.document import Span
from index.store.catalog.particulars import ParticularKind
from index.store.words.lexical import STOP_WORDS, PassageMention
from index.store.words.name_index import DocumentName
from index.text import fold, words_of

_TRIED = 6
"""Passages of a document that are looked into for a quote."""


@dataclass(frozen=True, slots=True)
class TopicMentions:
    """Where something is mentioned: the passages of each document, and how it was looked for."""

    words: tuple[tuple[str, ...], ...]
    """Of each alternative that was looked for, folded."""
    queries: tuple[str, ...]
    """For each of them, what the lexical index was asked."""
    passages: dict[str, list[PassageMention]]

    @property
    def number(self) -> int:
        return sum(len(found) for found in self.passages.values())


def in_folder(documents: Iterable[DocumentName], folder: str) -> list[DocumentName]:
    """Return the documents in a folder, by its name or by the name of one above it."""
    wanted = fold(folder).replace("-", " ").replace("_", " ").strip("/ ")
    return [
        each
        for each in documents
        if wanted
        in [fold(part).replace("-", " ").replace("_", " ") for part in each.name.split("/")[:-1]]
        or wanted == fold(each.name.rpartition("/")[0])
    ]


def by_person(documents: Iterable[DocumentName], person: str, scope: Scope) -> list[DocumentName]:
    """Return the documents that name someone as their author or owner."""
    wanted = set(words_of(fold(person)))
    particulars = scope.catalog.particulars
    stated = [
        *particulars.values(ParticularKind.AUTHOR, scope.names),
        *particulars.values(ParticularKind.OWNER, scope.names),
    ]
    names = {
        document for document, value in stated if wanted and wanted <= set(words_of(fold(value)))
    }
    return [each for each in documents if each.name in names]


def mentions_of(topic: str, scope: Scope) -> TopicMentions:
    """Return what mentions a topic: as a phrase, or else with all its words in one passage."""
    parts = or_parts(topic)
    whole = _mentions([(part,) for part in parts], scope)
    if whole.passages:
        return whole
    apart = [tuple(word for word in words_of(part) if word not in STOP_WORDS) for part in parts]
    return _mentions([words for words in apart if len(words) > 1], scope)


def documents_with(topic: str, scope: Scope) -> frozenset[str]:
    """Return the documents that hold any word of a topic."""
    words = [(word,) for word in words_of(topic) if word not in STOP_WORDS]
    return frozenset(_mentions(words, scope).passages)


def _mentions(alternatives: Sequence[tuple[str, ...]], scope: Scope) -> TopicMentions:
    lexical = scope.catalog.lexical()
    queries = []
    found: dict[int, PassageMention] = {}
    for phrases in alternatives:
        mentions, query = lexical.mentions(phrases, scope.allowed)
        queries.append(query)
        for mention in mentions:
            known = found.get(mention.key)
            if known is None or mention.in_text:
                found[mention.key] = mention
    passages: dict[str, list[PassageMention]] = defaultdict(list)
    for key, document in scope.catalog.documents_of(list(found)).items():
        passages[document].append(found[key])
    words = [tuple(words_of(fold(" ".join(phrases)))) for phrases in alternatives]
    return TopicMentions(tuple(words), tuple(filter(None, queries)), dict(passages))


def ranked(mentions: TopicMentions, documents: Iterable[DocumentName]) -> list[DocumentName]:
    """Return the documents that mention something, those called so and with most mentions first."""

    def rank(each: DocumentName) -> tuple[bool, int, str]:
        title = set(words_of(fold(each.title)))
        called = any(title.issuperset(words) for words in mentions.words)
        return called, len(mentions.passages[each.name]), each.date or ""

    holding = [each for each in documents if each.name in mentions.passages]
    return sorted(holding, key=rank, reverse=True)


def listed(
    documents: Sequence[DocumentName], scope: Scope, mentions: TopicMentions | None = None
) -> tuple[ListedDocument, ...]:
    """Return documents as they are listed, with the first quote that mentions what was asked."""
    return tuple(
        ListedDocument(
            each.name,
            each.title,
            day_of(each),
            mentions=len(mentions.passages.get(each.name, ())) if mentions else 0,
            quote=_quote(each.name, mentions, scope) if mentions else None,
        )
        for each in documents
    )


def _quote(document: str, mentions: TopicMentions, scope: Scope) -> Excerpt | None:
    """Return the first sentence or item that mentions it, else a row, else a heading."""
    keys = sorted(each.key for each in mentions.passages.get(document, ()) if each.in_text)[:_TRIED]
    best: tuple[int, Span, Passage, list[Span]] | None = None
    for key in keys:
        passage = scope.catalog.passages([key])[key]
        places = [
            Span(passage.span.start + start, passage.span.start + end)
            for query in mentions.queries
            for start, end in scope.catalog.lexical().places(query, key)
        ]
        for unit in passage.units:
            held = sorted({place for place in places if unit.span.contains(place)})
            rank = rank_of(unit, passage)
            if held and (best is None or rank < best[0]):
                best = rank, unit.span, passage, held
        if best and not best[0]:
            break
    return excerpt_of(best[1], best[2], scope.catalog, best[3]) if best else None
