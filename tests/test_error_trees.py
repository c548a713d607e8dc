"""The tree of errors that is drawn in a docstring is the tree of the classes."""

from __future__ import annotations

import inspect
import re
from types import ModuleType

import pytest

import bot.errors
import index.errors

ERRORS = pytest.mark.parametrize("module", [index.errors, bot.errors], ids=["index", "bot"])


def classes(module: ModuleType) -> dict[str, type]:
    return {
        name: value
        for name, value in vars(module).items()
        if inspect.isclass(value)
        and issubclass(value, BaseException)
        and value.__module__ == module.__name__
    }


def drawn_parents(module: ModuleType) -> dict[str, str]:
    """Return the parent of each class in the drawing but the root."""
    drawn = re.findall(
        r"^([│├└─ ]*)(BriefingError|(?<=── )\w+)", module.__doc__ or "", re.MULTILINE
    )
    root = len(drawn[0][0])
    path: list[str] = []
    parents: dict[str, str] = {}
    for branch, name in drawn[1:]:
        depth = (len(branch) - root) // 4
        path = [*path[: depth - 1], name]
        parents[name] = path[depth - 2] if depth > 1 else drawn[0][1]
    return parents


@ERRORS
def test_the_drawn_tree_is_that_of_the_classes(module: ModuleType) -> None:
    found = {name: cls.__mro__[1].__name__ for name, cls in classes(module).items()}
    found.pop("BriefingError", None)  # the root of both
    assert drawn_parents(module) == found
