"""Writes the file map, from the first line of each module's docstring: `make docs`.

ARCHITECTURE.md gets a line for each folder of the product down to the third level, docs/FILES.md
one for each file, and docs/decisions/README.md one for each decision.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_PRODUCT = ("index", "bot")
_LEVELS = 3
_EVERYTHING = (*_PRODUCT, "testing", "tools")
_BEGINNING = "<!-- written by `make docs` -->\n"
_DOCSTRING = re.compile(r'(?s)(?:#[^\n]*\n|\s)*"""(?:[^\\]|\\.)*?"""')
"""Finds the docstring alone: to parse a whole module takes a hundred times as long."""
_END = "<!-- end of what is written by `make docs` -->\n"


def main() -> None:
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")


def pages() -> dict[Path, str]:
    """Return each page that holds a map, with the text that it should have."""
    maps = {
        "ARCHITECTURE.md": _folders(),
        "docs/FILES.md": _files(),
        "docs/decisions/README.md": _decisions(),
    }
    return {ROOT / page: _replaced(ROOT / page, list(lines)) for page, lines in maps.items()}


@cache
def first_line(path: Path) -> str:
    """Return what a module says of itself; raises ValueError where it says nothing."""
    begins = _DOCSTRING.match(path.read_text(encoding="utf-8"))
    docstring = ast.get_docstring(ast.parse(begins[0])) if begins else None
    if not docstring:
        name = path.relative_to(ROOT).as_posix()
        raise ValueError(f"{name} has no docstring: begin it with a sentence that says what it is.")
    return docstring.splitlines()[0]


def _folders() -> Iterator[str]:
    yield from ("| where | what |", "|---|---|")
    for name in _PRODUCT:
        for path in _modules(ROOT / name):
            folder = path.parent.relative_to(ROOT)
            if path.name == "__init__.py" and len(folder.parts) <= _LEVELS:
                yield _row(f"{folder.as_posix()}/", path)


def _files() -> Iterator[str]:
    for name in _EVERYTHING:
        for folder, paths in groupby(_modules(ROOT / name), lambda path: path.parent):
            modules = list(paths)
            yield from ("", f"## {folder.relative_to(ROOT).as_posix()}/", "")
            if modules[0].name == "__init__.py":
                yield from (first_line(modules.pop(0)), "")
            if modules:
                yield from ("| file | what |", "|---|---|")
            for path in modules:
                yield _row(path.name, path)


def _decisions() -> Iterator[str]:
    for path in sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md")):
        title = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
        yield f"- [{title}]({path.name})"


def _modules(folder: Path) -> list[Path]:
    """Return the modules below a folder, each folder's own before those of the folders in it."""
    return sorted(folder.rglob("*.py"), key=lambda path: (path.parent.parts, path.name))


def _row(name: str, path: Path) -> str:
    return f"| `{name}` | {first_line(path)} |"


def _replaced(page: Path, lines: list[str]) -> str:
    """Return the page with these lines between the two marks."""
    before, _, rest = page.read_text(encoding="utf-8").partition(_BEGINNING)
    _, _, after = rest.partition(_END)
    return f"{before}{_BEGINNING}\n" + "\n".join(lines).strip("\n") + f"\n\n{_END}{after}"


if __name__ == "__main__":
    main()
