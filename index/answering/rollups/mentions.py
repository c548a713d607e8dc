"""Gathers what mentions a topic."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.answering.rollups.statements import Gathering
from index.answering.rollups.topic import APART, WHOLE, Topic
from index.chunking.passage import Passage, Unit
from index.document import BlockKind

_LABELLED = re.compile(r"[^\W\d_][\w /-]{1,20}:[ \t]{2,}|[^\n]{0,80}\n[^\W\d_][\w /-]{1,20}:\s")
_SHORT = 4
"""Words of a text that is hardly a sentence."""


def add_mentions(gathering: Gathering, topic: Topic, keys: Sequence[int]) -> None:
    """Add the statements that hold a topic, of the passages that may.

    The words of a name stand together, if they do so anywhere.
    """
    for key, passage in gathering.passages(keys):
        for unit in passage.units:
            if (passage.document, unit.span) in gathering.found:
                continue
            held = topic.is_in(unit, passage, gathering.above)
            if held is not None:
                rank = (held, rank_of(unit, passage), unit.span.start)
                gathering.add(key, passage, unit, rank=rank)
        if passage.document not in gathering.titled and topic.names(passage.title):
            gathering.titled.add(passage.document)
    ranks = {each.rank[0] for each in gathering.found.values()}
    if topic.is_name and WHOLE in ranks:
        gathering.found = {
            place: each for place, each in gathering.found.items() if each.rank[0] != APART
        }


def rank_of(unit: Unit, passage: Passage) -> int:
    """Return how far a unit is from a sentence, which tells most by itself."""
    if unit.kind not in (BlockKind.PARAGRAPH, BlockKind.ITEM):
        return 3 if unit.kind is BlockKind.ROW else 4
    text = passage.text_of(unit.span)
    if len(text.split()) < _SHORT:
        return 2
    return int(_LABELLED.match(text) is not None)
