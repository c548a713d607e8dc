"""Watches: what a person is told of them, and what differs, old beside new."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from bot import messages
from bot.chat.answer_changes import AnswerChange
from bot.discord.rendering.answers.evidence import cited
from bot.discord.rendering.colours import SILENCE
from bot.discord.rendering.escape import bold, escape_line, timestamp
from bot.discord.rendering.limits import CONTENT_AIM, LAYOUT_AIM, units
from bot.discord.rendering.message import Block, Button, Container, MessagePart, packed, size
from bot.localization import LazyText, _, ngettext
from bot.records.parts.watches import Watch
from bot.wording.standings import written_day
from index.answering.answer import Standing, Verdict

ANSWERED_NOW = LazyText("**The documents answer now what you wanted to know.**")
_NO_LONGER = LazyText("**The documents no longer say what you watch.**")
_CHANGED = LazyText("**What you watch has changed.**")
_NEWS_HEADING = LazyText("**There is something new on what you watch.**")
_SOME_REMOVED = LazyText("Some of what I showed you is no longer among what I can show you.")
_UNTIL_NOW = LazyText("**Until now**")
_UNTIL_DAY = LazyText("-# You asked me to tell you, until {day}.")
_ASKED_ONCE = LazyText("-# You asked me to tell you. With that, the watch has ended.")
_STOP = LazyText("Stop watching")
_HIDDEN_QUESTION = LazyText("(a question with words of documents that you may not see here)")

_QUESTION, _IN_LIST, _SAID, _MOST_SAID = 600, 200, 200, 5
_BEFORE_ROOM = 1_500


def end_button(watch: Watch, label: LazyText | str = _STOP) -> Button:
    return Button(str(label), f"w:end:{watch.id}")


def begun(watch: Watch) -> str:
    """Say what is promised, and what is kept for it."""
    day = timestamp(watch.ends)
    if watch.is_here:
        promise = _("I will write here when this changes.")
    elif watch.awaits_answer:
        promise = _("I will write to you once the documents answer this.")
    else:
        promise = _("I will write to you when this changes.")
    kept = _(
        "For that I keep your question and what I showed you, until {day} at the latest. "
        "`/watches` lists what you watch."
    )
    return f"**{promise}**\n{kept.format(day=day)}"


def changed(
    watch: Watch, change: AnswerChange, verdict: Verdict, answer: Sequence[MessagePart]
) -> list[MessagePart]:
    """Return what is told: what was said until now, and the `answer` of now, with its buttons.

    The button to watch is replaced by one that ends the watch, which goes on unless it waited for
    an answer.
    """
    lines = [_head(watch, change, verdict)]
    question = bold(" ".join(watch.question.split()), _QUESTION)
    lines.append(_("Question: {question}").format(question=question))
    lines += [replaced_line(one, lambda title: bold(title, _SAID)) for one in change.replaced]
    if change.is_lost:
        lines.append(str(_SOME_REMOVED))
    lines.append(
        str(_ASKED_ONCE if watch.awaits_answer else _UNTIL_DAY.format(day=timestamp(watch.ends)))
    )
    content = "\n".join(lines)
    first, *others = answer
    before = _until_now(change)
    if before and first.content and first.frames:
        first = _introduced(first)
    content = "\n".join(filter(None, [content, first.content]))
    if units(content) + size([MessagePart(frames=before), first]) <= LAYOUT_AIM:
        parts = [replace(first, content=content, frames=(*before, *first.frames)), *others]
    else:
        told = MessagePart("\n".join(lines)[:CONTENT_AIM], before)
        parts = [told, first, *others]
    return [*parts[:-1], _with_end(parts[-1], watch)]


def _head(watch: Watch, change: AnswerChange, verdict: Verdict) -> str:
    if watch.awaits_answer:
        return str(ANSWERED_NOW)
    if verdict is Verdict.SILENT:
        return str(_NO_LONGER)
    return str(_CHANGED if change.before or change.is_lost or change.replaced else _NEWS_HEADING)


def _introduced(part: MessagePart) -> MessagePart:
    """Return an answer with what is said above its frames in the first of them.

    Otherwise it would stand above what was said until now.
    """
    frame, *others = part.frames
    frame = replace(frame, items=(part.content, *frame.items))
    return replace(part, content="", frames=(frame, *others))


def _until_now(change: AnswerChange) -> tuple[Container, ...]:
    """Return what was said until now, as much as fits beside what is said now."""
    blocks = [*_said(change.said), *cited(change.before, emphasised=False)]
    shown: list[Block] = []
    for block in blocks:
        if shown and size(packed([*shown, block])) > _BEFORE_ROOM:
            break
        shown.append(block)
    if not shown:
        return ()
    if left := len(blocks) - len(shown):
        shown.append(messages.and_more(number=left))
    (part, *_rest) = packed([str(_UNTIL_NOW), *shown], colour=SILENCE)
    return part.frames


def _said(said: Sequence[str]) -> Iterator[str]:
    lines = [f"- {escape_line(text, _SAID)}" for text in said[:_MOST_SAID]]
    if len(said) > _MOST_SAID:
        lines.append(f"- {messages.and_more(number=len(said) - _MOST_SAID)}")
    if lines:
        yield "\n".join(lines)


def _with_end(part: MessagePart, watch: Watch) -> MessagePart:
    """Return the message with "stop watching" in the place of the button to watch."""
    if watch.awaits_answer:
        return part
    rows = [
        tuple(button for button in row if not button.custom_id.startswith("w:"))
        for row in part.rows
    ]
    *before, last = rows or [()]
    return replace(part, rows=(*before, (*last, end_button(watch))))


def replaced_line(standing: Standing, shown: Callable[[str], str]) -> str:
    """Say that a document is replaced, by which, and since when where that is stated.

    `shown` makes a title ready to be shown.
    """
    new = standing.replaced_by
    assert new is not None
    old, title = shown(standing.title), shown(new.title)
    if standing.title == new.title and standing.date:
        old = _("{title} of {date}").format(title=old, date=written_day(standing.date))
    if new.since is None:
        return _("{old} is replaced by {new}.").format(old=old, new=title)
    day = written_day(new.since)
    return _("{old} was replaced on {day} by {new}.").format(old=old, new=title, day=day)


# The list


def watches_page(
    watches: Sequence[tuple[int, tuple[Watch, bool]]],
    *,
    number: int,
    footer: str | None,
    turns: Sequence[Button],
) -> list[MessagePart]:
    """Return a page of at most 5 of a person's `number` watches.

    Each comes with its number, and with whether its question may be shown here. A button ends it.
    """
    if not number:
        return [MessagePart(str(NOTHING_WATCHED))]
    head = ngettext("**You watch {n:,} question**", "**You watch {n:,} questions**", number)
    blocks = [head.format(n=number)]
    ends, again = [], []
    for at, (watch, is_shown) in watches:
        blocks.append("\n".join(_listed(watch, at, is_shown=is_shown)))
        ends.append(end_button(watch, _("Stop {number}").format(number=at)))
        if watch.is_untold:
            label = _("Write {number} to me now").format(number=at)
            again.append(Button(label, f"w:now:{watch.id}"))
    return packed(blocks, colour=SILENCE, footer=footer, rows=[ends, again, turns])


NOTHING_WATCHED = LazyText(
    "You watch nothing yet. A button below each answer has me tell you when it changes, or once I "
    "know."
)


def _listed(watch: Watch, number: int, *, is_shown: bool) -> Iterator[str]:
    question = escape_line(" ".join(watch.question.split()), _IN_LIST)
    yield f"**{number}.** {question if is_shown else _HIDDEN_QUESTION}"
    if watch.awaits_answer:
        waits = _("until the documents answer it")
    elif watch.is_here:
        waits = _("for changes, told in {place}").format(place=f"<#{watch.channel}>")
    else:
        waits = _("for changes")
    began = timestamp(watch.began, "R")
    yield _("Watched {waits}. Begun {began}, ends on {day}.").format(
        waits=waits, began=began, day=timestamp(watch.ends)
    )
    if watch.is_untold:
        yield str(_UNTOLD)


_UNTOLD = LazyText(
    "⚠️ It has changed, and I could not write to you. Allow direct messages from this server's "
    "members (Privacy Settings), and try again below."
)
