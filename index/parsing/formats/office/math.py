"""Equations of Office files as a line of text: `(a+b)/2`, `x²`, `√(x+1)`, `∑_(i=1)^n xᵢ`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from lxml.etree import _Element as Element

from index.parsing.text.scripts import subscript, superscript

MATH: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"

_SIMPLE = re.compile(r"[^\W_]*(?:[.,]\d+)?|\(.*\)|[^\w\s]")
"""What needs no brackets as the part of a fraction or the like."""
_ROOTS = {"": "√", "2": "√", "3": "∛", "4": "∜"}


def linear(element: Element) -> str:
    """Return an equation, or a part of one, on one line."""
    name = str(element.tag).removeprefix(MATH)
    if name == "t":
        return str(element.text or "")
    write = _WRITERS.get(name)
    if write is not None:
        return write(element)
    return "".join(
        linear(each) for each in element.iterchildren("{*}*") if not str(each.tag).endswith("Pr")
    )


def _of(element: Element, name: str) -> str:
    part = element.find(MATH + name)
    return "" if part is None else linear(part).strip()


def _each(element: Element, name: str) -> list[str]:
    return [linear(part).strip() for part in element.iterchildren(MATH + name)]


def _property(element: Element, name: str, default: str) -> str:
    found = element.find(f"{element.tag}Pr/{MATH}{name}")
    return default if found is None else found.get(f"{MATH}val", "")


def _bracketed(text: str) -> str:
    balanced = text.count("(") == 1 or not text.startswith("(")
    return text if _SIMPLE.fullmatch(text) and balanced else f"({text})"


def _fraction(element: Element) -> str:
    over, under = _of(element, "num"), _of(element, "den")
    if _property(element, "type", "bar") == "noBar":
        return f"({over} {under})"
    return f"{_bracketed(over)}/{_bracketed(under)}"


def _raised(text: str) -> str:
    if not text:
        return ""
    above = superscript(text)
    changed = all(new != old for new, old in zip(above, text, strict=True))
    return above if changed else f"^{_bracketed(text)}"


def _lowered(text: str) -> str:
    if not text:
        return ""
    below = subscript(text)
    changed = all(new != old for new, old in zip(below, text, strict=True))
    return below if changed else f"_{_bracketed(text)}"


def _scripts(element: Element) -> str:
    base, below, above = (_of(element, name) for name in ("e", "sub", "sup"))
    base = base if len(base) < 2 or base.isalnum() else _bracketed(base)
    return f"{base}{_lowered(below)}{_raised(above)}"


def _scripts_before(element: Element) -> str:
    return f"{_lowered(_of(element, 'sub'))}{_raised(_of(element, 'sup'))}{_of(element, 'e')}"


def _root(element: Element) -> str:
    degree, under = _of(element, "deg"), _bracketed(_of(element, "e"))
    return f"{_ROOTS[degree] if degree in _ROOTS else superscript(degree) + '√'}{under}"


def _sum(element: Element) -> str:
    sign = _property(element, "chr", "∫")
    below, above = _of(element, "sub"), _of(element, "sup")
    low = f"_{_bracketed(below)}" if below else ""
    high = f"^{_bracketed(above)}" if above else ""
    return f"{sign}{low}{high} {_of(element, 'e')}"


def _delimited(element: Element) -> str:
    between = _property(element, "sepChr", "|").join(_each(element, "e"))
    return f"{_property(element, 'begChr', '(')}{between}{_property(element, 'endChr', ')')}"


def _function(element: Element) -> str:
    of = _of(element, "e")
    return f"{_of(element, 'fName')}{'' if of.startswith('(') else ' '}{of}"


def _limit(element: Element) -> str:
    sign = "_" if element.tag == f"{MATH}limLow" else "^"
    return f"{_of(element, 'e')}{sign}{_bracketed(_of(element, 'lim'))}"


def _matrix(element: Element) -> str:
    return "; ".join(" ".join(_each(row, "e")) for row in element.iterchildren(f"{MATH}mr"))


def _accented(element: Element) -> str:
    under = _of(element, "e")
    return (under if len(under) == 1 else f"({under})") + _property(element, "chr", "\u0302")


_WRITERS: dict[str, Callable[[Element], str]] = {
    "f": _fraction,
    "sSup": _scripts,
    "sSub": _scripts,
    "sSubSup": _scripts,
    "sPre": _scripts_before,
    "rad": _root,
    "nary": _sum,
    "d": _delimited,
    "func": _function,
    "limLow": _limit,
    "limUpp": _limit,
    "m": _matrix,
    "eqArr": lambda element: "; ".join(_each(element, "e")),
    "acc": _accented,
    "bar": lambda element: (
        _of(element, "e") + ("\u0304" if _property(element, "pos", "bot") == "top" else "\u0332")
    ),
}
