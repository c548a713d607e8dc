"""Conflicts between documents, as text for people and as JSON for machines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.text import Text

from bot import messages
from bot.cli.output.as_json import answers as answers_as_json
from bot.cli.output.present import emphasised
from bot.localization import _
from bot.text import visible, visible_line
from bot.wording.standings import side as named_side

if TYPE_CHECKING:
    from index.answering.conflicts import Conflict, Conflicts


def listed(conflicts: Conflicts) -> Iterator[RenderableType]:
    yield Text(messages.conflicts(len(conflicts.found)), style="bold")
    yield ""
    for conflict in conflicts.found:
        for side in conflict.sides:
            if side.excerpt.header:
                yield Text(f"    {visible(side.excerpt.header.text)}", style="dim")
            yield Text.assemble("  “", emphasised(side.excerpt), "”")
            told = named_side(side.excerpt.title, side.standing, visible_line)
            yield Text(f"    {told} — {visible_line(side.excerpt.document)}", style="dim")
        settle = _("Done with it: briefing-bot conflicts --done {id}").format(id=conflict.id)
        yield Text(f"  {settle}", style="dim")
        yield ""
    if not conflicts.is_whole:
        yield Text(str(messages.MORE_CONFLICTS), style="yellow")


def conflicts_json(conflicts: Conflicts, generation: int) -> answers_as_json.Json:
    """Return the conflicts.

    Each has an `id`, by which it is settled, the `kind` of what differs, and `sides`, the newest
    document's first: an excerpt with the `date` and `owner` of its document, and in `value` the
    words that differ, from `start` to `end`. `is_whole` tells whether these are all.
    """
    return {
        "generation": generation,
        "conflicts": [_conflict(each) for each in conflicts.found],
        "is_whole": conflicts.is_whole,
    }


def _conflict(conflict: Conflict) -> answers_as_json.Json:
    return {
        "id": conflict.id,
        "kind": conflict.kind,
        "sides": [
            {
                **answers_as_json.excerpt(side.excerpt),
                "date": side.standing.date,
                "owner": side.standing.owner,
                "value": {
                    "text": side.value.text,
                    "start": side.value.span.start,
                    "end": side.value.span.end,
                },
            }
            for side in conflict.sides
        ],
    }
