"""What is decided about documents, and what is overdue, as JSON objects for machines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from bot.cli.output.as_json.answers import Json, said

if TYPE_CHECKING:
    from bot.documents.reviews import Overdue
    from bot.documents.successions import KnownSuccessions
    from index.answering.versions.proposals import Proposal
    from index.decisions import Review


def overdue(generation: int, found: Sequence[Overdue]) -> Json:
    """Return documents that are overdue, in groups of one owner.

    `since` is the last day on which each counted as right, and `why` is "review", "validity" where
    that ended, or "wrong" where somebody said that it is not right any more. `said` is what was
    said of it as it is, or null.
    """
    return {
        "generation": generation,
        "overdue": [
            {
                "document": each.document,
                "title": each.title,
                "owner": each.owner,
                "since": each.since.isoformat(),
                "why": "wrong" if each.is_wrong else "validity" if each.has_ended else "review",
                "said": each.review and said(each.review),
            }
            for each in found
        ],
    }


def successions(generation: int, found: KnownSuccessions) -> Json:
    """Return which document replaces which: proposed, stated by one of them, and decided."""
    return {
        "generation": generation,
        "proposed": proposed(found.proposed),
        **{
            name: [{"old": old, "new": new} for old, new in pairs]
            for name, pairs in (
                ("stated", found.stated),
                ("confirmed", found.confirmed),
                ("refused", found.refused),
            )
        },
    }


def proposed(found: Sequence[Proposal]) -> list[Json]:
    """Return proposals; `likeness` is the share of their text that both documents have."""
    return [{**asdict(each), "likeness": round(each.likeness, 3)} for each in found]


def decided(old: str, new: str, confirmed: bool | None) -> Json:
    """Return what is decided; `replaces` is null where that was taken back."""
    return {"old": old, "new": new, "replaces": confirmed}


def review(document: str, found: Review | None) -> Json:
    """Return what is said of a document; null where that was taken back."""
    return {"document": document, "said": found and said(found)}
