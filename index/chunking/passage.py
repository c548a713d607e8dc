"""A Passage, which is what is retrieved, and its Units, which are what is quoted."""

from __future__ import annotations

from dataclasses import dataclass

from index.document import BlockKind, Span, TextOrigin


@dataclass(frozen=True, slots=True)
class Unit:
    """The smallest part that may be quoted alone: a sentence, list item, table row or heading.

    `block` is the index of its block in the document, from 0; `level`, `group` and `origin` are
    those of that block.
    """

    kind: BlockKind
    span: Span
    block: int
    level: int = 0
    group: int = 0
    origin: TextOrigin = TextOrigin.BODY


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of one document: the unit of retrieval.

    `text` is the document's text in `span`, and `units` lie inside `span`, in order. `heading` is
    the path of headings above `span`, outermost first, without the document's title. `lead` holds
    units before the passage that it cannot be understood without: the sentence that introduces its
    list, or the header of its table. `page` counts from 1. `context` is what stands above the
    passage on the page (title, headings, lead) as far as `text` does not repeat it.
    """

    id: str
    document: str
    title: str
    heading: tuple[str, ...]
    page: int | None
    span: Span
    text: str
    units: tuple[Unit, ...]
    lead: tuple[Unit, ...] = ()
    context: str = ""

    @property
    def index_text(self) -> str:
        """The only text of a passage that is embedded, tokenised and given to the reader."""
        return f"{self.context}\n{self.text}" if self.context else self.text

    def origin_in(self, span: Span) -> TextOrigin:
        """Return where in its file the text at `span` stands; BODY only if all of it does."""
        beside = (unit.origin for unit in self.units if unit.span.overlaps(span))
        return next((one for one in beside if one is not TextOrigin.BODY), TextOrigin.BODY)

    @property
    def origin(self) -> TextOrigin:
        """Where in its file the passage stands; BODY only if all of it does."""
        return self.origin_in(self.span)

    def text_of(self, span: Span) -> str:
        """Return the document's text at `span`, which must lie inside the passage."""
        return self.text[span.start - self.span.start : span.end - self.span.start]

    def lead_of(self, unit: Unit) -> Unit | None:
        """Return the sentence that introduces an item's list, or the header of a row's table."""
        if self.lead:
            return self.lead[-1]
        before: Unit | None = None
        for other in self.units:
            if other.group == unit.group:
                return other if other.kind is BlockKind.HEADER else before
            before = other if other.kind is BlockKind.PARAGRAPH else None
        return None
