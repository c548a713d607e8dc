"""What a command imports, each in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.config.settings import Settings
from testing.command import reindexer_of

pytestmark = pytest.mark.processes

_COMMANDS = ("--help", "ask --help", "documents", "show a.txt", "status", "reindex")
_HEAVY = (
    *("torch", "sentence_transformers", "transformers", "onnxruntime", "pypdfium2_raw", "docx"),
    *("PIL", "pymupdf_fonts"),
)
_RUN = f"""
import sys
from bot.cli import main
for command in sys.argv[1:]:
    code = main(command.split())
    print(command, code, *(name for name in {_HEAVY} if name in sys.modules), file=sys.stderr)
"""


def test_nothing_heavy_is_imported(settings: Settings) -> None:
    (settings.corpus / "a.txt").write_text("Some words.")
    reindexer_of(settings).run()
    done = _start(*_COMMANDS, at=settings.corpus.parent)
    assert done.stderr.splitlines() == [f"{command} 0" for command in _COMMANDS]


def test_an_unknown_setting_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("BRIEFING_CORPS=there\n")
    done = _start("documents", at=tmp_path)
    assert done.stdout == ""
    assert done.stderr.splitlines()[0].startswith("There is no setting BRIEFING_CORPS (did you")
    assert done.stderr.splitlines()[1:] == ["documents 1"]


def _start(*commands: str, at: Path) -> subprocess.CompletedProcess[str]:
    environment = {"BRIEFING_INDEX": "index", "BRIEFING_CORPUS": "corpus", "PATH": "/usr/bin:/bin"}
    return subprocess.run(
        [sys.executable, "-c", _RUN, *commands],
        cwd=at,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
