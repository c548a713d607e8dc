"""Text in drawings of the Office formats: paragraphs of shapes, and the nodes of diagrams."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Final

from lxml.etree import _Element as Element

from index.document import StyleKind
from index.parsing.builder import DocumentBuilder, one_line
from index.parsing.formats.office.math import linear
from index.parsing.text.scripts import with_scripts
from index.parsing.text.styling import Kinds, Runs
from index.parsing.text.symbol_fonts import in_unicode

_MAIN: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_COMPATIBILITY: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MOST_LEVELS = 20


def local_name(element: Element) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def alternatives(elements: Iterable[Element]) -> Iterator[Element]:
    """Yield the elements; of several forms of one, those of the first."""
    for element in elements:
        if element.tag == f"{_COMPATIBILITY}AlternateContent":
            for choice in element[:1]:
                yield from alternatives(choice.iterchildren("{*}*"))
        else:
            yield element


def paragraph_text(paragraph: Element, unseen: Collection[Element] = ()) -> str:
    """Return the text of a paragraph (`a:p`), with its line breaks and equations.

    The runs in `unseen` are left out.
    """
    parts = alternatives(paragraph.iterchildren("{*}*"))
    return with_scripts(_piece(each) for each in parts if each not in unseen)


def paragraph_runs(paragraph: Element, unseen: Collection[Element] = ()) -> Runs:
    """Return how the words of a paragraph (`a:p`) are set, without the runs in `unseen`."""
    return [
        (_piece(each)[0], _kinds(each.find("{*}rPr")))
        for each in alternatives(paragraph.iterchildren("{*}*"))
        if each not in unseen
    ]


def _kinds(properties: Element | None) -> Kinds:
    if properties is None:
        return frozenset()
    found = {
        StyleKind.BOLD: properties.get("b", "0") in ("1", "true"),
        StyleKind.ITALIC: properties.get("i", "0") in ("1", "true"),
        StyleKind.STRUCK: properties.get("strike", "noStrike") != "noStrike",
    }
    return frozenset(kind for kind, is_so in found.items() if is_so)


def text_of(element: Element | None, unseen: Collection[Element] = ()) -> str:
    """Return the paragraphs in an element as lines, without the runs in `unseen`."""
    if element is None:
        return ""
    paragraphs = element.iter(f"{_MAIN}p")
    return "\n".join(paragraph_text(each, unseen) for each in paragraphs).strip()


def reference_of(element: Element, name: str) -> str:
    """Return the id of a relation that an element names (`r:id`)."""
    return next((str(v) for key, v in element.attrib.items() if str(key).endswith("}" + name)), "")


def write_diagram(root: Element | None, builder: DocumentBuilder) -> bool:
    """Add the nodes of a diagram as entries of a list; return whether there are any."""
    entries = [] if root is None else list(_diagram_entries(root))
    group = builder.group()
    for level, text in entries:
        builder.item(text, group=group, level=level)
    return bool(entries)


def _diagram_entries(root: Element) -> Iterator[tuple[int, str]]:
    """Yield the depth and text of each node of a diagram's data, parents before their children."""
    texts: dict[str, str] = {}
    tops: list[str] = []
    for point in root.iterfind("{*}ptLst/{*}pt"):
        name, kind = point.get("modelId", ""), point.get("type", "node")
        if kind in ("node", "asst"):
            texts[name] = one_line(text_of(point.find("{*}t")))
        elif kind == "doc":
            tops.append(name)
    children: dict[str, list[tuple[int, str]]] = {}
    for line in root.iterfind("{*}cxnLst/{*}cxn"):
        if line.get("type", "parOf") == "parOf":
            order = line.get("srcOrd", "0")
            place = int(order) if order.isdecimal() else 0
            children.setdefault(line.get("srcId", ""), []).append((place, line.get("destId", "")))
    waiting = [(0, name) for name in reversed(tops)]
    while waiting:
        depth, name = waiting.pop()
        if text := texts.pop(name, ""):
            yield min(depth - 1, _MOST_LEVELS), text
        below = sorted(children.pop(name, ()), reverse=True)
        waiting += [(depth + 1, child) for _, child in below]
    for text in filter(None, texts.values()):
        yield 0, text


def _font(run: Element) -> str:
    """Return the font of a run's symbols."""
    fonts = (each for name in ("sym", "latin") for each in run.iterfind(f"{{*}}rPr/{{*}}{name}"))
    return next((str(each.get("typeface") or "") for each in fonts), "")


def _piece(element: Element) -> tuple[str, int]:
    """Return the text of a part of a paragraph, and whether it is set higher or lower."""
    match local_name(element):
        case "r" | "fld":
            baseline = next((each.get("baseline", "0") for each in element.iterfind("{*}rPr")), "0")
            height = -1 if baseline.startswith("-") else int(baseline.strip("0%") != "")
            return in_unicode(_font(element), element.findtext("{*}t") or ""), height
        case "br":
            return "\n", 0
        case "m" | "oMath" | "oMathPara":
            return linear(element), 0
    return "", 0
