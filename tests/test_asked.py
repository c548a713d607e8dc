"""What a newcomer types over the corpus that we ship, and what comes; with the real models.

`shows` and `never` are regular expressions, without regard to case, over all that a reply shows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.cli.output.as_json import answers as answers_as_json
from index.answering.conversation import Message, replay
from index.answering.engine import Engine
from testing.budget import one_in

ROOT = Path(__file__).resolve().parent.parent
ASKED: list[dict[str, Any]] = [
    json.loads(line) for line in (ROOT / "tests/data/asked.jsonl").read_text("utf-8").splitlines()
]
TODAY = date(2026, 11, 29)
_NOT_SHOWN = frozenset({"question", "understood", "closest", "passage"})


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key not in _NOT_SHOWN:
                yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


@pytest.mark.models
@pytest.mark.parametrize("row", one_in(3, ASKED), ids=lambda row: row["typed"][:40])
def test_what_is_typed_gets_what_a_colleague_would_say(
    shipped: Engine, row: dict[str, Any]
) -> None:
    turns = replay(shipped, [Message("user", text) for text in row.get("previous", ())])
    response = shipped.ask(row["typed"], conversation=turns, today=TODAY)
    reply = json.loads(json.dumps(answers_as_json.answer(response, row["typed"])))
    shown = " ".join(" ".join(_texts(reply)).split())
    for key in ("verdict", "kind"):
        assert key not in row or reply[key] == row[key], shown
    for pattern in row.get("shows", ()):
        assert re.search(pattern, shown, re.IGNORECASE), shown
    for pattern in row.get("never", ()):
        assert not re.search(pattern, shown, re.IGNORECASE), shown
