"""What changed and what differs, as the JSON objects that are documented for machines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.cli.output.as_json import answers as answers_as_json
from bot.cli.output.as_json.answers import Json
from index.comparing.comparison import Comparison, Relation
from index.comparing.stretches import Stretch, stretches
from index.document import Span

if TYPE_CHECKING:
    from bot.library import ChangedDocument


def changes(
    since: datetime,
    begins: datetime,
    found: Iterable[tuple[ChangedDocument, Comparison | None]],
) -> Json:
    """Return what changed since a moment, the last change first.

    Moments are in ISO 8601, in UTC; nothing is known of what was before `known_since`. `became` is
    "added", "changed", "removed" or "renamed", `times` how often it changed and `at` when it last
    did. `before` is its name before it was renamed, and `replaced_by` what replaces it by now.
    `differences` compares what it is now with what it was until `held_until`; both are null where
    no earlier text is kept.
    """
    return {
        "since": _at(since),
        "known_since": _at(begins),
        "documents": [
            {
                "document": changed.name,
                "title": changed.title,
                "became": changed.became,
                "at": _at(changed.at),
                "times": changed.times,
                "before": changed.before or None,
                "replaced_by": changed.successor and answers_as_json.successor(changed.successor),
                "held_until": _at(changed.held_until) if changed.held_until else None,
                "differences": _differences(comparison) if comparison else None,
            }
            for changed, comparison in found
        ],
    }


def compared(comparison: Comparison, held_until: datetime | None = None) -> Json:
    """Return what differs between two documents, or with `held_until` between what one was until
    then and what it is now.

    `same`, `moved`, `changed`, `removed` and `added` count sentences, list items and rows;
    `agreement` is the share that stands in both. Each of `passages` has a `relation`, the headings
    and the page where it stands, and what each side says; null where it says nothing. `words` are
    [start, end) in the text beside them: what differs.
    """
    return {
        "old": comparison.old.name,
        "new": comparison.new.name,
        "held_until": _at(held_until) if held_until else None,
        **_differences(comparison),
    }


def _differences(comparison: Comparison) -> Json:
    return {
        "agreement": round(comparison.agreement, 4),
        **{relation: comparison.count(relation) for relation in Relation},
        "passages": [_passage(stretch) for stretch in stretches(comparison)],
    }


def _passage(stretch: Stretch) -> Json:
    old_words, new_words = stretch.words
    return {
        "relation": stretch.relation,
        "heading": list(stretch.heading),
        "page": stretch.page,
        "header": stretch.header or None,
        "old": _side(stretch.old, stretch.old_text, old_words),
        "new": _side(stretch.new, stretch.new_text, new_words),
    }


def _side(span: Span | None, text: str, words: Sequence[Span]) -> Json | None:
    if span is None:
        return None
    return {"text": text, "words": [[word.start, word.end] for word in words]}


def _at(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
