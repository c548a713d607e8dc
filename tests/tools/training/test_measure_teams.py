"""What teams get for their questions is counted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tools.training import measure_teams

TEXT = "The pool opens at seven. Towels cost two pounds. Dogs stay outside."


@pytest.mark.models
def test_each_question_is_counted_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "pool.txt").write_text(TEXT)
    asked = [("when does the pool open", ["The pool opens at seven."]), ("who leads the choir", [])]
    rows = ({"document": "pool.txt", "question": q, "gold": g, "also": []} for q, g in asked)
    (tmp_path / "questions.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    measure_teams.main([str(tmp_path)])
    shown = capsys.readouterr().out.splitlines()
    counts = {line.split(" | ")[0]: line.split(" | ")[1] for line in shown if " | " in line}
    assert counts["| answered, and an excerpt is right"] == "1"
    assert counts["| silent, where no document answers"] == "1"
    assert sum(int(count) for count in counts.values() if count.isdigit()) == 2
