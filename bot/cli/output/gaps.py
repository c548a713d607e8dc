"""Gaps, as text for people and as JSON for machines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.text import Text

from bot.cli.output.as_json import answers as answers_as_json
from bot.cli.output.present import moment
from bot.localization import _, ngettext
from bot.text import visible_line

if TYPE_CHECKING:
    from bot.chat.belonging import Nearest
    from bot.records.unanswered import Gap


def listed(gaps: Sequence[tuple[Gap, Nearest | None]], count: int) -> Iterator[RenderableType]:
    """Yield each gap with where its answer would belong; `count` is the number of all."""
    yield Text(
        ngettext("{n:,} question is open.", "{n:,} questions are open.", count).format(n=count),
        style="bold",
    )
    for gap, place in gaps:
        question = visible_line(" ".join(gap.question.split()))
        yield ""
        yield Text(
            _("{count:,}× {question} (last {last})").format(
                count=gap.count, question=question, last=moment(gap.last_at.isoformat())
            )
        )
        for reason in gap.reasons:
            yield Text(f"  👎 {visible_line(' '.join(reason.split()))}")
        yield Text(f"  {_placed(place)}", style="dim")
        settle = _("Done with it: briefing-bot gaps --done {id}").format(id=gap.exchanges[-1].id)
        yield Text(f"  {settle}", style="dim")


def _placed(place: Nearest | None) -> str:
    if place is None:
        return _("Nothing in the documents is about anything like it.")
    path = " › ".join(map(visible_line, (place.title, *place.heading)))
    where = f"{path} — {visible_line(place.document)}"
    if place.is_near:
        return _("Close to it: {where}. What is missing would belong there.").format(where=where)
    return _("Nothing close. It would fit best into {where}.").format(where=where)


def gaps_json(gaps: Sequence[tuple[Gap, Nearest | None]], count: int) -> answers_as_json.Json:
    """Return the gaps, the most frequent first; `count` is the number of all.

    Each has an `id`, by which it is settled; the `question` as it was asked most; how often it was
    asked, and what came of it; and in `belongs` the place where its answer would, null where
    nothing is like it: `near` tells whether what stands there is about it.
    """
    return {"count": count, "gaps": [_gap(gap, place) for gap, place in gaps]}


def _gap(gap: Gap, place: Nearest | None) -> answers_as_json.Json:
    return {
        "id": gap.exchanges[-1].id,
        "question": gap.question,
        "wordings": list(dict.fromkeys(each.rewritten for each in gap.exchanges)),
        "asked": gap.count,
        "last": gap.last_at.isoformat(),
        "silent": gap.silent,
        "unsure": gap.unsure,
        "marked_down": gap.marked_down,
        "reasons": list(gap.reasons),
        "belongs": None
        if place is None
        else {
            "document": place.document,
            "title": place.title,
            "heading": list(place.heading),
            "near": place.is_near,
        },
    }
