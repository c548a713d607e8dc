"""Automatic numbers of a Word document, as Word shows them before headings and entries of lists."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lxml.etree import _Element as Element

from index.parsing.formats.docx.styles import WordStyle, WordStyles
from index.parsing.formats.docx.xml import W, child, integer, is_on, value
from index.parsing.formats.office.flow import BULLET
from index.parsing.text.numerals import roman

__all__ = ["Numbering", "written_number"]

_DEEPEST = 8
_PLACE = re.compile(r"%([1-9])")
_CARDINALS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen"
).split()
_TENS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINALS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth",
    "nine": "ninth", "twelve": "twelfth",
}  # fmt: skip
_CYRILLIC = "абвгдежзиклмнопрстуфхцчшщыэюя"
_MARKS = "*†‡§"


@dataclass(frozen=True, slots=True)
class _Level:
    start: int = 1
    form: str = "decimal"
    text: str = ""
    restart: int | None = None
    """The number of the level, from 1, that begins this one anew; 0 for none, None for any."""
    is_legal: bool = False
    style: str = ""


@dataclass(slots=True)
class _List:
    """A list with the numbers that it has reached; several names may stand for it."""

    levels: dict[int, _Level]
    reached: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Named:
    """What a number of `numbering.xml` stands for: a list, and where it begins anew."""

    list: _List
    levels: dict[int, _Level]
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
            lists[name] = _List(_levels(each))
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
            levels, starts = dict(found.levels), dict[int, int]()
            for override in each.iterchildren(f"{W}lvlOverride"):
                depth = integer(override.get(f"{W}ilvl"))
                if (level := child(override, "lvl")) is not None:
                    levels[depth] = _level(level)
                if (start := value(override, "startOverride")) is not None:
                    starts[depth] = integer(start)
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
        level, reached = named.levels.get(depth, _Level()), named.list.reached
        begins = depth in named.starts and (name, depth) not in self._begun
        self._begun.add((name, depth))
        if begins:
            reached[depth] = named.starts[depth]
        elif depth in reached:
            reached[depth] += 1
        else:
            reached[depth] = named.starts.get(depth, level.start)
        for deeper in [each for each in reached if each > depth]:
            restart = named.levels.get(deeper, _Level()).restart
            if restart is None or depth < restart:
                del reached[deeper]
        if level.form == "bullet":
            return BULLET
        return _PLACE.sub(lambda place: self._number(named, level, int(place[1]) - 1), level.text)

    @staticmethod
    def _number(named: _Named, shown: _Level, depth: int) -> str:
        level = named.levels.get(depth, _Level())
        number = named.list.reached.get(depth, named.starts.get(depth, level.start))
        if level.form == "bullet":
            return ""
        legal = shown.is_legal and level.form not in ("none", "decimalZero")
        return written_number(number, "decimal" if legal else level.form)

    def _level_of_style(self, name: str, style: WordStyle) -> str:
        named, depth = self._named.get(name), style.numbering[1] if style.numbering else 0
        for place, level in named.levels.items() if named else ():
            if level.style and level.style in style.numbered_by[:1]:
                return str(place)
        if depth >= 0:
            return str(depth)
        for place, level in named.levels.items() if named else ():
            if level.style in style.numbered_by:
                return str(place)
        return "0"


def written_number(number: int, form: str) -> str:
    """Return a number in one of Word's forms; a form that is not known here is decimal."""
    if form == "none":
        return ""
    if form == "decimalZero":
        return f"{number:02d}"
    if form.startswith("0") and form.isdigit():
        return f"{number:0{len(form)}d}"
    write = _FORMS.get(form)
    return write(number) if write is not None and number > 0 else str(number)


def _levels(abstract: Element) -> dict[int, _Level]:
    levels = abstract.iterchildren(f"{W}lvl")
    return {integer(level.get(f"{W}ilvl")): _level(level) for level in levels}


def _level(level: Element) -> _Level:
    form = next(level.iter(f"{W}numFmt"), None)
    written = "decimal" if form is None else form.get(f"{W}val", "decimal")
    if form is not None and written == "custom":  # such as "001, 002, 003, ..."
        written = form.get(f"{W}format", "").partition(",")[0]
    restart = value(level, "lvlRestart")
    return _Level(
        start=integer(value(level, "start")),
        form=written,
        text=value(level, "lvlText") or "",
        restart=None if restart is None else integer(restart),
        is_legal=bool(is_on(level, "isLgl")),
        style=value(level, "pStyle") or "",
    )


def _letters(number: int, alphabet: str = "abcdefghijklmnopqrstuvwxyz") -> str:
    times, place = divmod(number - 1, len(alphabet))
    return alphabet[place] * (times + 1) if times < 10 else str(number)


def _ordinal(number: int) -> str:
    teens = number % 100 in (11, 12, 13)
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _cardinal_text(number: int) -> str:
    if number >= 100:
        return str(number)
    tens, ones = divmod(number, 10)
    if number < 20:
        return _CARDINALS[number].capitalize()
    return (_TENS[tens] + (f"-{_CARDINALS[ones]}" if ones else "")).capitalize()


def _ordinal_text(number: int) -> str:
    if number >= 100:
        return _ordinal(number)
    head, dash, last = _cardinal_text(number).lower().rpartition("-")
    last = _ORDINALS.get(last) or (last[:-1] + "ieth" if last.endswith("y") else f"{last}th")
    return f"{head}{dash}{last}".capitalize()


def _enclosed(first: str, most: int) -> Callable[[int], str]:
    return lambda number: chr(ord(first) + number - 1) if number <= most else str(number)


_FORMS: dict[str, Callable[[int], str]] = {
    "lowerRoman": roman,
    "upperRoman": lambda number: roman(number).upper(),
    "lowerLetter": _letters,
    "upperLetter": lambda number: _letters(number).upper(),
    "russianLower": lambda number: _letters(number, _CYRILLIC),
    "russianUpper": lambda number: _letters(number, _CYRILLIC).upper(),
    "ordinal": _ordinal,
    "cardinalText": _cardinal_text,
    "ordinalText": _ordinal_text,
    "chicago": lambda number: _letters(number, _MARKS),
    "decimalEnclosedCircle": _enclosed("①", 20),
    "decimalEnclosedParen": _enclosed("⑴", 20),
    "decimalEnclosedFullstop": _enclosed("⒈", 20),
    "decimalFullWidth": lambda number: str(number).translate(
        {ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"}
    ),
}
