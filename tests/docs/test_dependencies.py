"""docs/DEPENDENCIES.md has a line for each package that pyproject.toml names, and no other."""

from __future__ import annotations

import re
import tomllib

from packaging.requirements import Requirement

from tests.docs.markdown import section, text_of

PROJECT = tomllib.loads(text_of("pyproject.toml"))["project"]


def _names(requirements: list[str]) -> set[str]:
    return {Requirement(line).name for line in requirements} - {PROJECT["name"]}


def _rows(heading: str) -> list[list[str]]:
    lines = section(text_of("docs/DEPENDENCIES.md"), heading).splitlines()
    return [re.split(r"\s*\|\s*", line)[1:-1] for line in lines if line.startswith("| ")][1:]


def test_those_of_the_bot() -> None:
    assert {row[0] for row in _rows("## The bot")} == _names(PROJECT["dependencies"])


def test_those_of_each_extra() -> None:
    shown = {
        (package, extra)
        for package, extras, _ in _rows("## Extras")
        for extra in extras.split(", ")
    }
    extras = PROJECT["optional-dependencies"]
    assert shown == {(name, extra) for extra, lines in extras.items() for name in _names(lines)}
