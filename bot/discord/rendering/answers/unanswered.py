"""Similar questions without an answer, as one message."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot import messages
from bot.chat.belonging import Nearest
from bot.discord.rendering.answers.notices import faults_line
from bot.discord.rendering.colours import ANSWER
from bot.discord.rendering.escape import bold, escape_line, timestamp
from bot.discord.rendering.message import Block, Button, MessagePart, Section, packed
from bot.localization import _, ngettext
from bot.records.unanswered import Gap

_QUESTION, _REASON, _REASONS, _TITLES = 300, 160, 3, 3
_TITLE = 100


def gaps_page(
    blocks: Sequence[Block],
    *,
    head: str,
    notes: Sequence[str] = (),
    footer: str | None = None,
    rows: Sequence[Sequence[Button]] = (),
) -> list[MessagePart]:
    """Return a page of gaps, with `notes` at its end."""
    return packed([head, *blocks, *notes], colour=ANSWER, footer=footer, rows=rows)


def gap_block(gap: Gap, place: str = "", done: Button | None = None) -> Block:
    """Return a gap with the button that settles it; `place` says where its answer would belong."""
    text = "\n".join([*_gap(gap), *([place] if place else [])])
    return (Section(text, done),) if done else text


def place_line(place: Nearest | None) -> str:
    """Say whether anything near was found, and where the answer would belong."""
    if place is None:
        return _("Nothing in the documents is about anything like it.")
    where = bold(place.title, _TITLE)
    if place.is_near:
        if place.heading:
            where = f"{where} › {escape_line(place.heading[-1], _TITLE)}"
        return _("Close to it: {where}. What is missing would belong there.").format(where=where)
    if folder := place.document.rpartition("/")[0]:
        where = f"{where} ({escape_line(folder, _TITLE)})"
    return _("Nothing close. It would fit best into {where}.").format(where=where)


def _gap(gap: Gap) -> Iterator[str]:
    last = timestamp(gap.last_at, "R")
    question = escape_line(" ".join(gap.question.split()), _QUESTION)
    yield _("**{count:,}×** {question} (last {last})").format(
        count=gap.count, question=question, last=last
    )
    if gap.faults:
        yield f"{messages.NOT_HELPFUL} {faults_line(gap.faults)}"
    for reason in gap.reasons[:_REASONS]:
        yield f"{messages.NOT_HELPFUL} {escape_line(' '.join(reason.split()), _REASON)}"
    if len(gap.reasons) > _REASONS:
        more = len(gap.reasons) - _REASONS
        yield ngettext("{n:,} more reason", "{n:,} more reasons", more).format(n=more)


def closed_line(question: str, titles: Sequence[str]) -> str:
    """Say that a question is answered by now, and by which documents."""
    return _("✅ {question} – answered by {titles}").format(
        question=escape_line(" ".join(question.split()), _QUESTION), titles=_titles(titles)
    )


def closed_now(closed: int, number: int, titles: Sequence[str]) -> str:
    """Say how many of the open questions are answered since a reindex, and by which documents."""
    said = ngettext(
        "**{closed:,} of {n:,} open question is closed** by {titles}.",
        "**{closed:,} of {n:,} open questions are closed** by {titles}.",
        number,
    )
    said = said.format(closed=closed, n=number, titles=_titles(titles))
    return _("{said} `/gaps` shows what is left.").format(said=said)


def _titles(titles: Sequence[str]) -> str:
    shown = [bold(title, _REASON) for title in titles[:_TITLES]]
    if len(titles) > _TITLES:
        shown.append(messages.and_more(number=len(titles) - _TITLES))
    return _(", ").join(shown)
