"""The package's public names, and what it may import."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import index

pytestmark = pytest.mark.processes

ROOT = Path(__file__).resolve().parents[2]


def test_the_public_names_are_there_and_in_order() -> None:
    assert index.__all__ == sorted(index.__all__)
    assert all(hasattr(index, name) for name in index.__all__)


def test_no_model_library_is_imported_with_the_package() -> None:
    program = (
        "import sys, index; "
        "print(sorted({'torch', 'onnxruntime', 'transformers', 'sentence_transformers', 'bot',"
        " 'discord'} & set(sys.modules)))"
    )
    printed = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout
    assert printed.strip() == "[]"


def test_the_engine_knows_neither_the_bot_nor_discord() -> None:
    for path in (ROOT / "index").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            assert not {name.partition(".")[0] for name in names} & {"bot", "discord"}, path
