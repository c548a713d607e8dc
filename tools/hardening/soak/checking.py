"""Checks at the end of a soak: the log, replies, answers and what the bot holds at rest."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing

from bot.config.settings import Settings
from bot.records import Records
from tools.hardening.shown_quotes import alphanumeric, is_shown, seen
from tools.hardening.soak.events import Admin
from tools.hardening.soak.figures import Figures
from tools.hardening.soak.people import People
from tools.hardening.soak.responses import Given
from tools.hardening.vitals import COUNTED, Vitals


def unplanned(log: Iterable[str]) -> list[str]:
    """Return the lines of the bot's log that are neither information nor a warning, counted."""
    found = Counter(
        line if len(line) <= 400 else f"{line[:120]} … {line[-260:]}"  # its end says what it was
        for line in log
        if parse(line)[0] not in ("debug", "info", "warning")
    )
    return [f"Logged {count} times: {line}" for line, count in found.items()]


def parse(line: str) -> tuple[str, str]:
    """Return the level, "" where it is no line of the log, and the words without numbers."""
    try:
        fields = json.loads(line)
        text = f"{fields['logger']}: {fields['event']}"
        return str(fields["level"]), re.sub(r"\d+([.,:]\d+)*", "…", text)
    except (ValueError, KeyError, TypeError):
        return "", line


def wrong_replies(people: People, replies: dict[int, list[str]]) -> Iterator[str]:
    for message, allowed in people.replies.items():
        found = replies.pop(message, [])
        if len(found) not in allowed:
            yield (
                f"Message {message} has {len(found)} replies instead of {allowed[0]}: "
                f"{' | '.join(found)}"
            )
    for message, found in replies.items():
        yield f"Message {message} has a reply, and nobody sent it: {' | '.join(found)}"


def wrong_answers(
    settings: Settings, people: People, admin: Admin, figures: Figures
) -> Iterator[str]:
    """Yield what is wrong with an answer: its question, its generation or a word of it."""
    with closing(Records(settings.records_place)) as records:
        figures.watches = len(records.watches.all())
        for answer in people.answers:
            yield from _wrong_answer(answer, records, admin, figures)
        for message, question in people.edited.items():
            last = records.by_question(message)
            if (
                last is None
                or alphanumeric(last.question) != alphanumeric(question)
                or not last.replies
            ):
                yield f"An edited question was not answered anew: {question!r}"


def _wrong_answer(answer: Given, records: Records, admin: Admin, figures: Figures) -> Iterator[str]:
    exchange = records.exchange(answer.exchange)
    if exchange is None:
        yield f"The answer to {answer.question!r} is not recorded"
        return
    same = alphanumeric(exchange.question) == alphanumeric(answer.question)
    if exchange.person != answer.person or not same:
        yield f"{answer.question!r} got the answer to {exchange.question!r}"
    if exchange.generation not in admin.may_answer(answer):
        yield f"Generation {exchange.generation} answered when another one should have"
    shown = seen(answer.shown)
    for excerpt in exchange.excerpts:
        figures.excerpts += 1
        text = admin.text(exchange.generation, excerpt.document)
        if text is None or text[excerpt.span.start : excerpt.span.end] != excerpt.quote:
            yield f"{excerpt.document} does not say: {excerpt.quote}"
        is_behind_button = any(excerpt.number in numbers for numbers in answer.later)
        if excerpt in exchange.shown and not is_behind_button and not is_shown(excerpt, shown):
            yield f"To {answer.question!r} was not shown as it stands there: {excerpt.quote}"


def at_rest(before: Vitals, after: Vitals) -> Iterator[tuple[str, int, int]]:
    for kind in (*COUNTED, "objects"):
        earlier, later = getattr(before, kind), getattr(after, kind)
        name = {"entries": "entries in dictionaries", "objects": "Python's objects"}.get(kind, kind)
        yield name, sum(earlier.values()), sum(later.values())
