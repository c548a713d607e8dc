"""What a list is about: which statements hold it, in any form and spelling of its words."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

from index.answering.excerpts.quoting import heading_above
from index.answering.scope import Scope
from index.chunking.passage import Passage, Unit
from index.document import BlockKind, Span
from index.store.catalog.catalog import Catalog
from index.store.words.lexical import STOP_WORDS
from index.store.words.tokens import tokens_of
from index.tables.table import Table, TableLine, read_table
from index.text import WORD, words_of

_OR = re.compile(r"(?:(?<!\s)\s+)?,\s*(?:or|and/or)\s+|(?<!\s)\s+(?:or|and/or|/)\s+", re.IGNORECASE)
_OF_A_NAME = 0.75
"""Of the places where a name stands, those with a capital letter."""
_Token = tuple[str, ...]
_Forms = frozenset[_Token]

_NO_TOKEN: _Token = ()
WHOLE, APART = 0, 1
"""How a statement holds a topic: its words in sequence, or each of them somewhere."""


def or_parts(topic: str) -> list[str]:
    """Return what a topic has between "or", each an alternative."""
    return [part for part in _OR.split(topic) if part]


class HeadingContext:
    """What stands above the units of passages: title, headings, and what leads in to a unit."""

    def __init__(self, catalog: Catalog, topic: Topic | None = None) -> None:
        """Take the topic for which tokens are wanted, if there is one."""
        self._quote = lru_cache(64)(catalog.quote)
        self._header_of_group = lru_cache(256)(catalog.header_of_group)
        tokens = topic.tokens if topic else lambda _: []
        self._tokens = lru_cache(256)(lambda text: frozenset(tokens(text)))

    def of(self, unit: Unit, passage: Passage) -> frozenset[_Token]:
        """Return the tokens that stand above a unit."""
        return frozenset().union(*map(self._tokens, self._texts(unit, passage)))

    def header(self, unit: Unit, passage: Passage) -> TableLine | None:
        """Return the header of the table that a unit is a row of, also one that is far above."""
        if unit.kind is not BlockKind.ROW:
            return None
        lead = passage.lead_of(unit)
        if lead is not None and lead.kind is BlockKind.HEADER:
            span: Span | None = lead.span
        else:
            span = self._header_of_group(passage.document, unit.group)
        return TableLine(self._quote(passage.document, span) or "", span) if span else None

    def row(self, unit: Unit, passage: Passage) -> Table | None:
        """Return the table that has only this row, with its header; None where it has one cell."""
        if unit.kind is not BlockKind.ROW:
            return None
        line = TableLine(passage.text_of(unit.span), unit.span)
        head = self.header(unit, passage)
        return read_table(passage.document, "", head, [line], is_whole=False)

    def _texts(self, unit: Unit, passage: Passage) -> Iterator[str]:
        yield passage.title
        yield from heading_above(passage, unit.span.start)
        if header := self.header(unit, passage):
            yield header.text
        elif unit.group and (lead := passage.lead_of(unit)) and lead.span != unit.span:
            yield self._quote(passage.document, lead.span) or ""


@dataclass(frozen=True, slots=True)
class _Wording:
    """One of several alternatives.

    `words` has the forms of each word, and `telling` those that tell something by themselves.
    """

    words: tuple[_Forms, ...]
    telling: tuple[_Forms, ...]
    looked_up: tuple[str, ...]
    is_name: bool

    def in_sequence(self, tokens: Sequence[_Token]) -> bool:
        """Return whether the words stand in a text one after the other."""
        first, *others = self.words
        return any(
            token in first
            and all(
                at + n < len(tokens) and tokens[at + n] in forms
                for n, forms in enumerate(others, start=1)
            )
            for at, token in enumerate(tokens)
        )

    def apart(self, tokens: Collection[_Token], above: Collection[_Token]) -> bool:
        """Return whether a text holds a word, and all others stand in it or above it."""
        if len(self.telling) < 2:
            return False
        own = [not forms.isdisjoint(tokens) for forms in self.telling]
        return any(own) and all(
            held or not forms.isdisjoint(above)
            for held, forms in zip(own, self.telling, strict=True)
        )


class Topic:
    """Words that are looked for. Alternatives, with "or" between, count alike."""

    def __init__(self, about: str, scope: Scope) -> None:
        self._scope = scope
        is_quoted = about[:1] in "\"“'" and about[-1:] in "\"”'" and len(about) > 2
        self._wordings = [
            wording for part in or_parts(about) if (wording := self._wording(part, is_quoted))
        ]

        self._initials = frozenset(
            token[0][:1]
            for each in self._wordings
            for forms in each.words
            for token in forms
            if token
        )

    def tokens(self, text: str) -> list[_Token]:
        """Return a token for each word of a text; none for a word that cannot be of this topic.

        A stem begins as its word does, but for marks on letters.
        """
        initials = self._initials
        return [
            tokens_of(word) if word[0] in initials or not word[0].isascii() else _NO_TOKEN
            for word in words_of(text)
        ]

    def _wording(self, part: str, is_quoted: bool) -> _Wording | None:
        words = words_of(part)
        if not words:
            return None
        lexical, allowed = self._scope.catalog.lexical(), self._scope.allowed
        forms = {word: lexical.forms(word, allowed) for word in words}
        telling = list(dict.fromkeys(word for word in words if word not in STOP_WORDS))
        return _Wording(
            tuple(forms[word] for word in words),
            () if is_quoted else tuple(dict.fromkeys(forms[word] for word in telling)),
            tuple(telling or words),
            len(words) > 1 and all(map(self._is_name, telling or words)),
        )

    def _is_name(self, word: str) -> bool:
        written = self._scope.catalog.written(word, self._scope.allowed)
        capitals = sum(written[form] for form in written if form[:1].isupper())
        return capitals > _OF_A_NAME * written.total()

    def candidates(self, without: Callable[[str], bool] = lambda _: False) -> list[int]:
        """Return the keys of all passages that may hold it, or have it above them.

        They may lack the words `without`, unless there are no others.
        """
        lexical = self._scope.catalog.lexical()
        found: set[int] = set()
        for wording in self._wordings:
            words = [word for word in wording.looked_up if not without(word)]
            mentions, _ = lexical.mentions(words or wording.looked_up, self._scope.allowed)
            found.update(mention.key for mention in mentions)
        return sorted(found)

    def held(self, text: str, above: Callable[[], Collection[_Token]]) -> int | None:
        """Return how a text holds it, WHOLE or APART; None where it does not."""
        tokens = self.tokens(text)
        if any(wording.in_sequence(tokens) for wording in self._wordings):
            return WHOLE
        known = frozenset(tokens)
        if any(
            not forms.isdisjoint(known) for wording in self._wordings for forms in wording.telling
        ) and any(wording.apart(known, above()) for wording in self._wordings):
            return APART
        return None

    def is_in(self, unit: Unit, passage: Passage, above: HeadingContext) -> int | None:
        """Return how a unit holds it, together with what stands above the unit."""
        return self.held(passage.text_of(unit.span), partial(above.of, unit, passage))

    def names(self, title: str) -> bool:
        """Return whether a title holds it."""
        return self.held(title, frozenset) is not None

    @property
    def is_name(self) -> bool:
        """Return whether it is a name of several words, which then stand together."""
        return bool(self._wordings) and all(wording.is_name for wording in self._wordings)

    def places(self, text: str, offset: int = 0) -> list[Span]:
        """Return where its words stand in a text that begins at `offset`."""
        looked_for = frozenset[_Token]().union(
            *(forms for each in self._wordings for forms in each.telling or each.words)
        )
        return [
            Span(offset + match.start(), offset + match.end())
            for match in WORD.finditer(text)
            if (match[0][0].lower() in self._initials or not match[0][0].isascii())
            and tokens_of(match[0].lower()) in looked_for
        ]
