"""Other cells of the row that was shown last: "who is the deputy then?", "what's the number?"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.answering.answer import QuestionKind
from index.answering.excerpts.quoting import excerpt_of, header_above
from index.answering.excerpts.surroundings import Surroundings
from index.answering.kinds.tables.words import (
    BY_UNIT,
    GENERIC,
    is_content,
    is_related,
    synonyms,
    words_in,
)
from index.answering.scope import Findings, Scope
from index.answering.tuning import TUNING, Tuning
from index.chunking.passage import Passage, Unit
from index.document import BlockKind
from index.store.words.tokens import tokens_of
from index.tables.table import TableLine, read_table
from index.text import fold, words_of

_ASKS = re.compile(
    r"(?:and )?(?:who|what|when|where|which)(?:(?:['’]?s| is| are| was)\b)?"
    r" (?:the |his |her |its )",
    re.IGNORECASE,
)
_LIGHT = frozenset("then that there again please".split())
_PRICE = synonyms("price")
_TELEPHONE = ("phone", "telephone", "tel", "mobile")


def answer_shown_row(
    question: str, context: Surroundings, scope: Scope, tuning: Tuning = TUNING
) -> Findings | None:
    """Return the row that was shown last, where a question has only words of one header."""
    if not context.last or not _ASKS.match(question):
        return None
    rest = _ASKS.sub("", question, count=1)
    asked = [word for word in map(fold, words_of(rest)) if word not in _LIGHT]
    if not asked or not any(map(is_content, asked)):
        return None
    shown, around = context.last[0], context.near[0]
    for passage in around:
        for unit in passage.units:
            if unit.kind is BlockKind.ROW and unit.span == shown.span:
                return _cell(asked, unit, passage, scope, tuning)
    return None


def _cell(
    asked: Sequence[str], unit: Unit, passage: Passage, scope: Scope, tuning: Tuning
) -> Findings | None:
    header = header_above(unit, passage, scope.catalog)
    if header is None:
        return None
    row = TableLine(passage.text_of(unit.span), unit.span)
    head = TableLine(header.text, header.span)
    table = read_table(passage.document, "", head, [row], is_whole=False)
    if table is None:
        return None
    found = [
        cell
        for name, cell in zip(table.headers, table.rows[0].cells, strict=True)
        if cell.text and all(_asks_for(word, name) for word in asked if _counts(word))
    ]
    if len(found) != 1:
        return None
    excerpt = excerpt_of(unit.span, passage, scope.catalog, [found[0].span])
    return Findings(QuestionKind.TABLE, tuning.less_sure_confidence, excerpts=(excerpt,))


def _counts(word: str) -> bool:
    return is_content(word) and (word not in GENERIC or word == "number")


def _asks_for(word: str, header: str) -> bool:
    names = [name for name in words_in(header) if is_content(name)]
    if any(is_related(word, name) for name in names):
        return True
    stems = {token for name in names for token in tokens_of(name)}
    if BY_UNIT.fullmatch(header) and _PRICE.intersection(tokens_of(word)):
        return True
    telephone = {token for name in _TELEPHONE for token in tokens_of(name)}
    return bool(stems & (synonyms(word) | (telephone if word == "number" else set())))
