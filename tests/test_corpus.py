"""The corpus that we ship, asked as a person would: real documents, real models."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from index.answering.engine import Engine
from testing.budget import HARDENING

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS: list[dict[str, Any]] = [
    json.loads(line)
    for line in (ROOT / "tests/data/corpus-questions.jsonl").read_text("utf-8").splitlines()
]


def _plain(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.models
def test_norway_s_roles_are_answered_with_the_whole_list(shipped: Engine) -> None:
    answer = shipped.ask("what roles would Norway's force take")
    assert answer.answered
    (excerpt,) = answer.excerpts
    assert excerpt.document == "security/norway-ukraine-security-force.md"
    assert excerpt.heading == ("Roles the Norwegian force would take",)
    assert "Once the condition is met, Norway's force could be given four" in excerpt.quote
    for role in ("Monitoring", "Security sector reform", "Border security", "Humanitarian"):
        assert f"- **{role}" in excerpt.quote
    text = (ROOT / "corpus" / excerpt.document).read_text(encoding="utf-8")
    assert excerpt.quote == text[excerpt.span.start : excerpt.span.end]


@pytest.mark.models
def test_most_questions_are_answered_in_full_and_every_excerpt_is_verbatim(shipped: Engine) -> None:
    found = wanted = 0
    for row in QUESTIONS if HARDENING else QUESTIONS[::3]:
        response = shipped.ask(row["question"])
        excerpts = response.excerpts or response.closest
        shown = _plain(" ".join(excerpt.quote for excerpt in excerpts))
        wanted += len(row["expected"])
        found += sum(_plain(expected) in shown for expected in row["expected"])
    # Development data: docs/QUALITY.md has the figure; below this floor something broke.
    assert found / wanted >= 0.75


@pytest.mark.models
@pytest.mark.parametrize(
    "question", ["What is the boiling point of water on Mars?", "Who won the football world cup?"]
)
def test_what_is_off_the_subject_is_not_answered(shipped: Engine, question: str) -> None:
    assert not shipped.ask(question).answered


@pytest.mark.processes
def test_the_script_makes_the_corpus_that_is_shipped(tmp_path: Path) -> None:
    """Zip members are compared, not the archives: another zlib packs them otherwise."""
    import zipfile

    command = [sys.executable, "-m", "tools.release.make_corpus", str(tmp_path)]
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    made = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert sorted(path.suffix for path in made) == [".docx", ".pdf", ".pptx", ".xlsx"]
    for path in made:
        shipped = ROOT / "corpus" / path.relative_to(tmp_path)
        if path.suffix == ".pdf":
            assert path.read_bytes() == shipped.read_bytes()
            continue
        with zipfile.ZipFile(path) as new, zipfile.ZipFile(shipped) as old:
            assert new.namelist() == old.namelist()
            for name in new.namelist():
                assert new.read(name) == old.read(name), name
