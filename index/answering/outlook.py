"""What the documents have for a question, found without a reader.

That is enough to tell whether it may be answered otherwise than before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from index.answering.finder import Finder
from index.answering.kinds.collection.collection import listed_topic
from index.answering.kinds.collection.listing import documents_with
from index.answering.scope import Candidate, Scope
from index.answering.versions.succession import successors
from index.answering.visible_documents import visible

_NEAR_PASSAGES = 20
"""Passages whose order may change without the answer being another."""
_DIGEST = 8
"""Bytes; two of a few thousand texts share them once in 10^12 cases."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """Digests of the texts that bear on a question: `near` of those that would be read, and `all`.

    That one of the documents is replaced by another counts as a text. Where a text stands does not.
    `documents` are the names of those that hold them. `listing` is the digest of all documents, as
    they are now, that a list of documents may hold; None for any other question.
    """

    near: frozenset[str]
    all: frozenset[str]
    documents: frozenset[str] = frozenset()
    listing: str | None = None


def outlook_of(questions: Sequence[str], scope: Scope, finder: Finder) -> Outlook:
    """Return the outlook for a question and its parts."""
    near: set[str] = set()
    every: set[str] = set()
    documents: set[str] = set()
    holding: set[str] = set()
    for question in questions:
        candidates = finder.passages(question, scope, read=0, kept=_NEAR_PASSAGES)
        read = candidates[: finder.tuning.read_passages]
        near.update(_digests(read))
        every.update(_digests(candidates))
        documents.update(candidate.passage.document for candidate in read)
        holding.update(candidate.passage.document for candidate in candidates)
    replaced = {
        digest_of(f"{old}\0{new.document}")
        for old, new in successors(scope).items()
        if old in documents
    }
    listing = _listing(questions[0], scope)
    return Outlook(
        frozenset(near | replaced),
        frozenset(every | replaced | ({listing} if listing else set())),
        frozenset(holding),
        listing,
    )


def _listing(question: str, scope: Scope) -> str | None:
    """Return a digest of the documents that the question may list, and of what decides on it.

    It is one of them all, since a list is another one where a document is on it no longer.
    """
    topic = listed_topic(question, scope.today)
    if topic is None:
        return None
    documents = visible(scope)
    texts: dict[str, str] = {}
    if topic:
        holding = documents_with(topic, scope)
        documents = [document for document in documents if document.name in holding]
        stored = (scope.catalog.document(document.name) for document in documents)
        texts = {document.name: document.text for document in stored if document}
    # Not its file, in which documents may lie that others may see.
    digests = (
        digest_of(
            "\0".join(
                (document.name, document.title, document.date or "", texts.get(document.name, ""))
            )
        )
        for document in documents
    )
    return digest_of("\0".join(digests))


def digest_of(text: str) -> str:
    """Return a digest of the text, which white space does not change."""
    plain = " ".join(text.split()).encode(errors="surrogatepass")
    return hashlib.sha256(plain).hexdigest()[: 2 * _DIGEST]


def _digests(candidates: Iterable[Candidate]) -> Iterator[str]:
    for candidate in candidates:
        passage = candidate.passage
        for unit in passage.units:
            yield digest_of(passage.text_of(unit.span))
