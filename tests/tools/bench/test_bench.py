"""Every section of the benchmark, over sets of a few documents."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from testing.budget import HARDENING
from tools.bench.__main__ import SECTIONS, measure
from tools.bench.common import Bench
from tools.bench.report import Row, compared
from tools.report import table, write_section

QUICK = {"hidden"}
"""The sections that take few seconds; the others start more processes or sentence-transformers."""
hardening = pytest.mark.skipif(not HARDENING, reason="it takes half a minute; see `make harden`")


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    folder = tmp_path_factory.mktemp("bench")
    for name in ("squad", "clapnq"):
        texts = {f"{name}-{n}": f"The {name} depot {n} holds {n * 7} tents.\n" for n in range(12)}
        documents = [{"id": id_, "text": text} for id_, text in texts.items()]
        questions = [
            {
                "question": f"How many tents does the {id_.replace('-', ' depot ')} hold?",
                "answerable": True,
                "doc_id": id_,
                "gold": [[0, len(text) - 1]],
            }
            for id_, text in texts.items()
        ]
        _write_lines(folder / "sets" / name / "docs.jsonl", documents)
        _write_lines(folder / "sets" / name / "dev.jsonl", questions)
    return Bench(folder / "sets", folder / "work", quick=True)


def _write_lines(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")


@pytest.mark.search
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[] if name in QUICK else [hardening]) for name in SECTIONS]
)
def test_a_section_is_measured(name: str, bench: Bench) -> None:
    content = measure(name, bench)
    assert content.startswith(f"## {SECTIONS[name][0]}\n\n| what | ours |")
    assert content.count("\n| ") > 2
    assert "nan" not in content


def test_a_ratio_is_held_against_its_target() -> None:
    assert compared("a", 3.0, 2.0, "{:.0f} s", most=1.3) == Row(
        "a", "3 s", "2 s", "1.50 ×", "≤ 1.3 ×", False
    )
    assert compared("a", 1.0, 2.0, "{:.0f} s", most=1.3).reached
    assert compared("a", 1.0, 2.0, "{:.0f} s").reached is None


def test_a_section_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Figures\n", encoding="utf-8")
    for name, text in (("one", "1"), ("two", "2"), ("one", "\\1")):
        write_section(page, name, text)
    assert page.read_text(encoding="utf-8").split("\n") == [
        "# Figures", "", "<!-- bench one -->", "\\1", "<!-- end one -->", "",
        "<!-- bench two -->", "2", "<!-- end two -->", "",
    ]  # fmt: skip


def test_a_table_groups_digits_and_keeps_a_row_on_a_line() -> None:
    assert list(table(["what", "count"], [("a\nb", 12_345)])) == [
        "| what | count |",
        "|---|--:|",
        "| a b | 12,345 |",
    ]
