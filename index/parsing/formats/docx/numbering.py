"""Automatic numbers of a Word document, as Word shows them before headings and entries of lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lxml.etree import _Element as Element

from index.parsing.formats.docx.styles import WordStyle, WordStyles
from index.parsing.formats.docx.xml import W, child, integer, is_on, value
from index.parsing.text.list_numbers import ListLevel, ReachedNumbers

_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class _Levels:
    """The levels of a list, and which styles name them."""

    levels: dict[int, ListLevel]
    styles: dict[int, str]


@dataclass(frozen=True, slots=True)
class _List:
    """A list with the numbers that it has reached; several names may stand for it."""

    of: _Levels
    reached: ReachedNumbers


@dataclass(frozen=True, slots=True)
class _Named:
    """What a number of `numbering.xml` stands for: a list, and where it begins anew."""

    list: _List
    of: _Levels
    starts: dict[int, int]


class Numbering:
    """Counts the numbered paragraphs of a document, which must come in order."""

    def __init__(self, root: Element | None, styles: WordStyles) -> None:
        self._named: dict[str, _Named] = {}
        self._begun: set[tuple[str, int]] = set()
        if root is None:
            return
        lists: dict[str, _List] = {}
        of_style: dict[str, _List] = {}
        links: dict[str, str] = {}
        for each in root.iterchildren(f"{W}abstractNum"):
            name = each.get(f"{W}abstractNumId", "")
            lists[name] = _List(_levels(each.iterchildren(f"{W}lvl")), ReachedNumbers())
            if (style := value(each, "styleLink")) is not None:
                of_style[style] = lists[name]
            if (style := value(each, "numStyleLink")) is not None:
                links[name] = style
        for name, style in links.items():
            if style in of_style:
                lists[name] = of_style[style]
        for each in root.iterchildren(f"{W}num"):
            found = lists.get(value(each, "abstractNumId") or "")
            if found is None:
                continue
            overrides = list(each.iterchildren(f"{W}lvlOverride"))
            changed = _levels(
                level for one in overrides if (level := child(one, "lvl")) is not None
            )
            starts = {
                integer(one.get(f"{W}ilvl")): integer(start)
                for one in overrides
                if (start := value(one, "startOverride")) is not None
            }
            levels = _Levels(found.of.levels | changed.levels, found.of.styles | changed.styles)
            self._named[each.get(f"{W}numId", "")] = _Named(found, levels, starts)

    def place(self, properties: Mapping[str, Element], style: WordStyle) -> tuple[str, int] | None:
        """Return the list and the level of a paragraph; None for one that is not numbered."""
        own = properties.get(f"{W}numPr")
        if own is None and style.numbering is None:
            return None
        name = value(own, "numId")
        level = value(own, "ilvl")
        if name is None and style.numbering is not None:
            name = style.numbering[0]
            level = level or self._level_of_style(name, style)
        if name is None or name == "0" or name not in self._named:
            return None
        return name, max(0, min(integer(level), _DEEPEST))

    def count(self, name: str, depth: int) -> str:
        """Count a paragraph at this place, and return its number; "•" for a bullet, or "" ."""
        named = self._named[name]
        begins = (name, depth) not in self._begun
        self._begun.add((name, depth))
        number = named.starts.get(depth) if begins else None
        reached = named.list.reached
        return reached.count(named.of.levels, depth, number=number, starts=named.starts)

    def _level_of_style(self, name: str, style: WordStyle) -> str:
        named, depth = self._named.get(name), style.numbering[1] if style.numbering else 0
        styles = named.of.styles if named else {}
        for place, written in styles.items():
            if written in style.numbered_by[:1]:
                return str(place)
        if depth >= 0:
            return str(depth)
        for place, written in styles.items():
            if written in style.numbered_by:
                return str(place)
        return "0"


def _levels(elements: Iterable[Element]) -> _Levels:
    found = _Levels({}, {})
    for element in elements:
        depth = integer(element.get(f"{W}ilvl"))
        found.levels[depth] = _level(element)
        if style := value(element, "pStyle"):
            found.styles[depth] = style
    return found


def _level(level: Element) -> ListLevel:
    form = next(level.iter(f"{W}numFmt"), None)
    written = "decimal" if form is None else form.get(f"{W}val", "decimal")
    if form is not None and written == "custom":  # such as "001, 002, 003, ..."
        written = form.get(f"{W}format", "").partition(",")[0]
    restart = value(level, "lvlRestart")
    return ListLevel(
        start=integer(value(level, "start")),
        form=written,
        text=value(level, "lvlText") or "",
        restart=None if restart is None else integer(restart),
        is_legal=bool(is_on(level, "isLgl")),
    )
