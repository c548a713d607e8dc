"""The pages that `make docs` writes are as it would write them now."""

from __future__ import annotations

from pathlib import Path

from tools.release.file_map import first_line, pages

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(
    path
    for folder in ("bot", "index", "testing", "tools")
    for path in (ROOT / folder).rglob("*.py")
)


def test_what_is_written_is_up_to_date() -> None:
    for page, text in pages().items():
        assert page.read_text(encoding="utf-8") == text, "run `make docs`"


def test_a_module_says_in_one_line_what_it_is() -> None:
    lines = {path.relative_to(ROOT).as_posix(): first_line(path) for path in MODULES}
    wrong = [path for path, line in lines.items() if not line.endswith((".", "?"))]
    assert wrong == [], "the first line of the docstring is one whole sentence, or a noun phrase"


def test_the_architecture_stays_one_page() -> None:
    assert len((ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").splitlines()) <= 160
