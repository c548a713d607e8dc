from __future__ import annotations

import inspect
import re

import index.errors
from index.errors import BriefingError


def classes() -> dict[str, type[BaseException]]:
    return {
        name: value
        for name, value in vars(index.errors).items()
        if inspect.isclass(value)
        and issubclass(value, BaseException)
        and value.__module__ == index.errors.__name__
    }


def drawn_tree() -> list[tuple[int, str]]:
    """(depth, name) of each line of the tree in the docstring."""
    lines = re.findall(r"^ {4}([│├└─ ]*)([A-Z]\w+)", index.errors.__doc__ or "", re.MULTILINE)
    return [(len(branch) // 4, name) for branch, name in lines]


def test_the_tree_in_the_docstring_is_that_of_the_classes() -> None:
    ancestors: list[str] = []
    parents: dict[str, str | None] = {}
    for depth, name in drawn_tree():
        ancestors = [*ancestors[:depth], name]
        parents[name] = ancestors[depth - 1] if depth else None
    assert parents == {
        name: None if cls is BriefingError else cls.__mro__[1].__name__
        for name, cls in classes().items()
    }


def test_every_error_is_exported_and_the_names_are_sorted() -> None:
    assert index.errors.__all__ == sorted(classes())


def test_every_error_with_facts_keeps_them_in_its_message() -> None:
    assert str(index.errors.IndexDamaged("a/b", "is missing")).startswith(
        "The index is damaged: a/b is missing."
    )
    mismatch = index.errors.IndexMismatch("model", "'new'", "'old'")
    assert (mismatch.expected, mismatch.found) == ("'new'", "'old'")
    assert str(mismatch) == (
        "The index was made with model 'old', but 'new' is in use. "
        "If that is meant, run `briefing-bot reindex --full` to build it anew; else set it back."
    )
    assert "Run `briefing-bot reindex`, which" in str(index.errors.IndexOutdated("reader", 2, 1))
    assert "install that one or a later" in str(index.errors.IndexNewer("reader", 2, 3))
    unknown = index.errors.UnknownDocument("a.txt", ("b.txt", "c.txt"))
    assert "Did you mean b.txt or c.txt?" in str(unknown)
    assert "Did you mean" not in str(index.errors.UnknownDocument("a.txt"))
