"""The package's public names."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from index import parsing


def test_public_names() -> None:
    assert parsing.__all__ == [
        "PARSER_VERSION",
        "SUFFIXES",
        "HiddenContent",
        "ParsingLimits",
        "ParsingOptions",
        "may_name_another_audience",
        "parse_file",
        "parse_files",
    ]


@pytest.mark.processes
def test_text_is_parsed_without_the_heavy_libraries(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Title\n\nA text.\n")
    program = (
        "import sys; from pathlib import Path; from index.parsing import *\n"
        "parse_file(Path(sys.argv[1]), 'a.txt', limits=ParsingLimits())\n"
        "heavy = {'pypdfium2_raw', 'docx', 'pptx', 'openpyxl', 'lxml', 'markdown_it', 'yaml'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    command = [sys.executable, "-c", program, str(path)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert printed.strip() == "[]"
