"""What the worker says of its work."""

from __future__ import annotations

import io
import json

import pytest

from index.parsing.limits import ParsingLimits
from index.parsing.sandbox import worker
from index.parsing.sandbox.protocol import receive


def test_no_more_pages_are_counted_than_a_file_may_have(monkeypatch: pytest.MonkeyPatch) -> None:
    """An archive of long documents has more; the other process takes that for a lie."""
    monkeypatch.setattr(worker, "allow_more_seconds", lambda _: None)
    answers = io.BytesIO()
    count = worker.PageCount(ParsingLimits(max_pages=40), answers)
    for _ in range(100):
        count.page_read(False)
    count.tell()
    answers.seek(0)
    told = 0
    while answers.tell() < len(answers.getvalue()):
        told += json.loads(receive(answers, 1_000))["pages"]
    assert told == 40
