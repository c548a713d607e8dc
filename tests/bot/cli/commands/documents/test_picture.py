"""`picture` writes a page, a part or a table as a PNG."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from testing.command import CommandLine

pytestmark = [pytest.mark.processes, pytest.mark.slow]

TABLE = "# Prices\n\n| Item | EUR |\n|---|---|\n| Bread | 2 |\n| Milk | 1 |\n\nAll per day.\n"


INDEXED = {
    "prices.md": TABLE,
}


def test_a_part_with_words_marked(indexed: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "part.png"
    done = indexed("picture", "prices.md", str(file), "--mark", "| Milk | 1 |")
    assert done.code == 0
    with Image.open(file) as image:
        assert f"{image.width:,} × {image.height:,} pixels" in done.out
    assert done.out.startswith("Prices")


def test_a_table_as_json(indexed: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "table.png"
    done = indexed("picture", "prices.md", str(file), "--mark", "Milk", "--table", "--json")
    found = json.loads(done.out)
    assert (found["rows"], found["marked"], found["missing"]) == ([1, 2], True, "")
    assert file.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--mark", "Cheese"], ""),  # as all bad options, to the stream that nothing here reads
        (["--table"], "That is not part of a table."),
        (["--page", "2"], "has no pages"),
    ],
)
def test_what_cannot_be_drawn(
    indexed: CommandLine, tmp_path: Path, arguments: list[str], said: str
) -> None:
    file = tmp_path / "none.png"
    done = indexed("picture", "prices.md", str(file), *arguments)
    assert done.code
    assert said in done.out + done.err
    assert not file.exists()
