"""Every regular expression outside of the confined, clocked process is fast on repeated text.

What runs on documents and passages is linear; what runs on questions alone may be quadratic.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import time
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import pytest

import bot
import index
from index.question import LONGEST_QUESTION

_CONFINED = (
    "index.parsing.formats",
    "index.parsing.sandbox.worker",
    "index.parsing.text.text_lines",
)
"""Modules that only the process for parsing runs, which has a clock."""
_ON_QUESTIONS = (
    "index.answering.understanding",
    "index.answering.kinds.talk",
    "index.answering.kinds.collection",
    "index.answering.kinds.listings",
    "index.answering.rollups.request",
    "index.rewriting",
    "bot.requests.periods",
)
_ON_SHORT_LINES = {
    "index.answering.kinds.summary._ASKED": 300,
    "index.parsing.text.characters.": 120,
    "index.parsing.metadata.front_matter_audience.": 500,
    "index.parsing.text.dates._MONTH_FIRST": 60,
    "index.parsing.text.dates._DAY_FIRST": 60,
    "index.tables.dates.": 200,
    "index.tables.values.": 200,
}
"""Those whose callers look at the length first, and the most characters that they are given."""

_LINEAR = 6_000
_MOST_LINEAR, _MOST_OTHER = 0.07, 0.6
"""Seconds of processor time. On the 6,000 characters a linear expression takes a millisecond, a
quadratic one from 0.1 s on; on a question's 2,000 a cubic one takes more than ten."""

_CALLED = re.compile(
    r"\b(\w+)(?=(?:\[[^]]*\])?\.(search|fullmatch|match|finditer|findall|sub|split)\()"
)
_SIGNS = " \n\t\u00a0aA1漢é\u0301\u200b([{*_`#-=~|\\/:;\"'’–…?!@<&€.,"
_UNITS: tuple[str, ...] = (
    *_SIGNS,
    *("\u00a0\n", "> ", ">\n", "a ", "Ab ", "a b\n", "1 ", "1,", "1.", "a.", "a, ", "*a", "_a "),
    *("# ", "- ", "| a ", ": ", "a@", "http://", "the ", "of ", "and ", "is ", "not ", "may "),
    *("1 May ", "2026 ", "in 2026, ", "to ", "( a", "](", "[a](", "<a", "1%", "12:", "a-", "a_"),
    *("what about ", "tell me ", "who is the ", "documents ", "Date: ", "version 1 "),
)


@dataclass(frozen=True)
class _Used:
    """An expression, and the methods that are called on it."""

    name: str
    pattern: re.Pattern[str]
    methods: Collection[str]


def _all() -> Iterator[_Used]:
    seen: set[re.Pattern[str]] = set()
    sources = _sources()
    called = {module: _called_in(source) for module, source in sources.items()}
    anywhere: dict[str, set[str]] = defaultdict(set)
    for methods_of in called.values():
        for name, methods in methods_of.items():
            anywhere[name] |= methods
    for module, source in sources.items():
        if module.startswith(_CONFINED):
            continue
        for name, value in vars(importlib.import_module(module)).items():
            for pattern in _in(value):
                if pattern not in seen:
                    seen.add(pattern)
                    # Nothing but an expression has fullmatch; much has a search.
                    either = {"fullmatch" if ".fullmatch(" in source else "search"}
                    found = called[module] if name.startswith("_") else anywhere
                    methods = found.get(name) or either
                    yield _Used(f"{module}.{name}", pattern, methods)


def _sources() -> dict[str, str]:
    modules = [
        found.name
        for package in (bot, index)
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        if not found.name.endswith("__main__")
    ]
    return {name: inspect.getsource(importlib.import_module(name)) for name in modules}


def _called_in(source: str) -> dict[str, set[str]]:
    """Return what is called on each name; on one in a collection, what is on its members."""
    found: dict[str, set[str]] = defaultdict(set)
    for name, method in _CALLED.findall(source):
        found[name].add(method)
    return found


def _in(value: object) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield value
    elif isinstance(value, dict):
        yield from (found for pair in value.items() for each in pair for found in _in(each))
    elif isinstance(value, list | tuple | set | frozenset):
        yield from (found for each in value for found in _in(each))


def _slowest(used: _Used, length: int, most: float) -> str | None:
    """Return a unit whose repetition takes too long."""
    beginning = used.pattern.pattern.lstrip("\\^(?:[b")[:3]
    for unit in _UNITS:
        for begins in ("", beginning):
            for method in used.methods:
                # What is quick on a part need not be tried on the whole; other people use the
                # machine too, so what is slow is tried twice.
                tries = ((length // 6, most / 40), (length, most), (length, most))
                if all(
                    _seconds(used.pattern, method, _text(begins, unit, size)) > too_long
                    for size, too_long in tries
                ):
                    return begins + unit
    return None


def _text(begins: str, unit: str, length: int) -> str:
    return begins + (unit * (length // len(unit) + 1))[:length] + "\u0001"


def _seconds(pattern: re.Pattern[str], method: str, text: str) -> float:
    started = time.process_time()
    if method == "sub":
        pattern.sub("", text)
    elif method == "finditer":
        list(pattern.finditer(text))
    else:
        getattr(pattern, method)(text)
    return time.process_time() - started


def _length_and_time(name: str) -> tuple[int, float]:
    for begins, length in _ON_SHORT_LINES.items():
        if name.startswith(begins):
            return length, _MOST_LINEAR
    on_questions = name.startswith(_ON_QUESTIONS)
    return (LONGEST_QUESTION, _MOST_OTHER) if on_questions else (_LINEAR, _MOST_LINEAR)


@pytest.mark.search
def test_no_expression_takes_long() -> None:
    expressions = list(_all())
    assert len(expressions) > 250
    slow = {used.name: _slowest(used, *_length_and_time(used.name)) for used in expressions}
    assert {name: unit for name, unit in slow.items() if unit is not None} == {}


@pytest.mark.parametrize(
    ("expression", "method"),
    [
        (r"\s*[\r\n]+[>\s]*(?:=+|-+)\s*$", "search"),
        (r"\S+@\S+\.\w+", "search"),
        (r".*\bwe \S+\.com\b.*|.*\S+\.org", "fullmatch"),
    ],
)
def test_one_that_takes_long_is_found(expression: str, method: str) -> None:
    used = _Used("", re.compile(expression), {method})
    assert _slowest(used, _LINEAR // 10, _MOST_LINEAR / 100) is not None
