"""Key figures of a document: statements that others may contradict, and their keys."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import itemgetter

from index.chunking.passage import Passage
from index.claims.keys import digest_of, keys_of
from index.claims.statement import statements_of
from index.document import Span
from index.store.catalog.figures import KeyFigure
from index.store.words.tokens import know_tokens
from index.text import words_of

_MOST_STATEMENTS = 5_000
"""Of one document that are looked at, which takes a few seconds at worst."""
_MOST_FIGURES = 6_000


def key_figures(passages: Sequence[Passage], keys: Sequence[int]) -> Iterator[KeyFigure]:
    """Yield the key figures of a document; `keys` are those of its passages."""
    know_tokens({word for passage in passages for word in words_of(passage.text)})
    seen: set[Span] = set()
    figures = 0
    for passage, number in zip(passages, keys, strict=True):
        for statement in statements_of(passage):
            if statement.span in seen:
                continue
            seen.add(statement.span)
            if len(seen) > _MOST_STATEMENTS or figures > _MOST_FIGURES:
                return
            keys_here = keys_of(statement)
            digest = digest_of(statement.text) if keys_here else 0
            for key, terms in sorted(keys_here.items(), key=itemgetter(0)):
                figures += 1
                yield KeyFigure(
                    key, statement.document, statement.span, number, digest, terms.weighty,
                    terms.said,
                )  # fmt: skip
