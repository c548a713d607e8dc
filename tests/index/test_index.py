"""What importing the package does, and what it does not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.processes

ROOT = Path(__file__).resolve().parents[2]


def test_importing_the_package_switches_telemetry_off_and_loads_no_library() -> None:
    program = (
        "import os, sys, index; "
        "print(os.environ['ORT_DISABLE_TELEMETRY'], sorted({'torch', 'onnxruntime', 'numpy',"
        " 'transformers', 'sentence_transformers', 'bot', 'discord'} & set(sys.modules)))"
    )
    printed = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout
    assert printed.strip() == "1 []"
