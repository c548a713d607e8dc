"""Gathers what mentions a topic."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.answering.rollups.statements import GatheredStatements, ListedStatement, PassageReader
from index.answering.rollups.topic import APART, WHOLE, HeadingContext, Topic
from index.answering.scope import Scope
from index.chunking.passage import Passage, Unit
from index.document import BlockKind

_LABELLED = re.compile(r"[^\W\d_][\w /-]{1,20}:[ \t]{2,}|[^\n]{0,80}\n[^\W\d_][\w /-]{1,20}:\s")
_SHORT = 4
"""Words of a text that is hardly a sentence."""


def mentions(topic: Topic, keys: Sequence[int], scope: Scope, most: int) -> GatheredStatements:
    """Return the statements that hold a topic, of the passages that may; read at most `most`.

    The words of a name stand together, if they do so anywhere.
    """
    reader, above = PassageReader(scope.catalog, most), HeadingContext(scope.catalog, topic)
    gathered = GatheredStatements()
    for key, passage in reader.passages(keys):
        for unit in passage.units:
            if (passage.document, unit.span) in gathered.found:
                continue
            held = topic.is_in(unit, passage, above)
            if held is not None:
                rank = (held, rank_of(unit, passage), unit.span.start)
                gathered.add(ListedStatement(passage.document, key, unit.span, rank))
        if passage.document not in gathered.titled and topic.names(passage.title):
            gathered.titled.add(passage.document)
    ranks = {each.rank[0] for each in gathered.found.values()}
    if topic.is_name and WHOLE in ranks:
        gathered.found = {
            place: each for place, each in gathered.found.items() if each.rank[0] != APART
        }
    gathered.is_whole = reader.is_whole
    return gathered


def rank_of(unit: Unit, passage: Passage) -> int:
    """Return how far a unit is from a sentence, which tells most by itself."""
    if unit.kind not in (BlockKind.PARAGRAPH, BlockKind.ITEM):
        return 3 if unit.kind is BlockKind.ROW else 4
    text = passage.text_of(unit.span)
    if len(text.split()) < _SHORT:
        return 2
    return int(_LABELLED.match(text) is not None)
