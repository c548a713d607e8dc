"""Many questions in one run: a line of JSON out for each line of JSON in, in order.

A line that cannot be answered gives a line with `error`, and the run goes on. The exit code is then
still 0, since there is a line for each question; another exit code means that lines are missing.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from bot.cli.output.as_json.answers import Json
from bot.errors import BadBatch
from bot.localization import _
from index.answering.conversation import Message
from index.errors import BadQuestion, BriefingError, IndexUnavailable


@dataclass(frozen=True, slots=True)
class BatchLine:
    """What a line asks, and what was said before it, the oldest first."""

    text: str
    previous: tuple[Message, ...] = ()


@contextmanager
def lines_of(file: str) -> Iterator[BinaryIO]:
    """Open a file, or the standard input for "-", and yield its lines. Raises BadBatch."""
    if file == "-":
        yield sys.stdin.buffer
        return
    with ExitStack() as stack:
        try:
            lines = stack.enter_context(Path(file).open("rb"))
        except OSError as exc:
            raise BadBatch(
                _("The batch file {file} cannot be opened: {reason}.").format(
                    file=file, reason=exc.strerror
                )
            ) from exc
        yield lines


def answer_lines(lines: Iterable[bytes], answer: Callable[[BatchLine], Json]) -> Iterator[Json]:
    """Yield the object that `answer` makes of each line, after the line's `id` if any.

    Blank lines are skipped. An index that cannot be opened ends the run, as every line would fail.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        echoed: Json = {}
        try:
            request = _parsed(line, number)
            if "id" in request:
                echoed = {"id": request["id"]}
            asked = BatchLine(_text(request, number), _previous(request, number))
            yield {**echoed, **answer(asked)}
        except IndexUnavailable:
            raise
        except BriefingError as exc:
            yield {**echoed, "error": str(exc)}


def _parsed(line: bytes, number: int) -> dict[str, Any]:
    try:
        request = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
    except (ValueError, RecursionError) as exc:
        raise BadQuestion(_("Line {number} is not JSON.").format(number=number)) from exc
    if not isinstance(request, dict):
        raise BadQuestion(_("Line {number} is not a JSON object.").format(number=number))
    return request


def _text(request: dict[str, Any], number: int) -> str:
    text = request.get("question", request.get("query"))
    if not isinstance(text, str):
        raise BadQuestion(
            _("Line {number} has no text under `question` or `query`.").format(number=number)
        )
    return text


def _previous(request: dict[str, Any], number: int) -> tuple[Message, ...]:
    previous = request.get("previous")
    if previous is None:
        return ()
    if not isinstance(previous, list):
        previous = [previous]  # which is refused unless it is one text
    return tuple(_said(spoken, number) for spoken in previous)


def _said(spoken: object, number: int) -> Message:
    if isinstance(spoken, str):
        return Message("user", spoken)
    if isinstance(spoken, dict) and isinstance(text := spoken.get("text"), str):
        for speaker in ("user", "agent"):
            if spoken.get("speaker") == speaker:
                return Message(speaker, text)
    raise BadQuestion(
        _(
            "Line {number} has something else under `previous` than texts, or objects with "
            "`speaker`, user or agent, and `text`."
        ).format(number=number)
    )
