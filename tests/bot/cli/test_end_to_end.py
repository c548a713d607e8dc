"""The program itself, with its real models, over a corpus of three files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from testing.budget import in_full

pytestmark = pytest.mark.search

_PROGRAM = Path(sys.executable).with_name("briefing-bot")
_NORWAY = (
    "# Norway's force\n\n## Roles\n\nNorway's force could be given two roles:\n\n"
    "- **Monitoring.** Observers would check that both sides keep to the truce.\n"
    "- **Reform.** Advisers would help Ukraine to rebuild its institutions.\n\n"
    "## Condition\n\nNorway takes part only if there is a ceasefire.\n"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus, and its index."""
    folder = tmp_path_factory.mktemp("briefings")
    corpus = folder / "corpus"
    corpus.mkdir()
    (corpus / "norway.md").write_text(_NORWAY, encoding="utf-8")
    (corpus / "fuel.csv").write_text("Site,Litres of diesel\nKarsk,18000\nVelin,33735\n")
    (corpus / "empty.txt").write_text("")
    done = _run(folder, "reindex", "--json")
    found = json.loads(done.stdout)
    assert (found["documents"], found["added"]) == (2, ["fuel.csv", "norway.md"])
    assert found["failed"] == [{"document": "empty.txt", "reason": "it is empty", "stale": False}]
    return folder


def test_a_batch_is_answered_with_exact_quotes(folder: Path) -> None:
    questions = [
        {"id": "roles", "question": "What roles would Norway's force take?"},
        {"id": "cup", "question": "Who won the football world cup of 1998?"},
        {"id": "empty", "question": ""},
    ]
    lines = "\n".join(json.dumps(question) for question in questions)
    done = _run(folder, "ask", "--batch", "-", stdin=lines)
    roles, cup, empty = (json.loads(line) for line in done.stdout.splitlines())
    assert (roles["id"], roles["answered"]) == ("roles", True)
    quotes = [excerpt["quote"] for excerpt in roles["excerpts"]]
    assert any("Observers" in quote and "Advisers" in quote for quote in quotes)
    for excerpt in roles["excerpts"]:
        assert excerpt["document"] == "norway.md"
        assert _NORWAY[excerpt["start"] : excerpt["end"]] == excerpt["quote"]
    assert (cup["answered"], cup["excerpts"]) == (False, [])
    assert (empty["id"], "empty" in empty["error"]) == ("empty", True)
    assert done.returncode == 0


def test_a_person_reads_plain_text_in_a_pipe(folder: Path) -> None:
    done = _run(folder, "documents")
    assert done.returncode == 0
    assert "fuel.csv" in done.stdout
    assert "\x1b" not in done.stdout


@in_full
def test_a_reader_that_goes_away_leaves_no_traceback(folder: Path) -> None:
    line = json.dumps({"query": "diesel"}) + "\n"
    with subprocess.Popen(
        [_PROGRAM, "search", "--batch", "-"],
        cwd=folder,
        env=_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdin.write(line)
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["hits"]
        process.stdout.close()
        process.stdin.write(line)
        process.stdin.close()
        assert process.stderr.read() == ""


def _environment() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("BRIEFING_")}
    return {**kept, "BRIEFING_INDEX": "index", "HF_HUB_OFFLINE": "1"}


def _run(
    folder: Path, *arguments: str, stdin: str | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [_PROGRAM, *arguments],
        cwd=folder,
        env=_environment(),
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )
