"""Text of a web page that is gathered until its block ends: words, line breaks, powers."""

from __future__ import annotations

import re
from collections import Counter

from lxml import etree

from index.document import StyleKind
from index.parsing.text.scripts import lowered, raised
from index.parsing.text.styling import KINDS_OF_TAGS, Kinds, Runs
from index.parsing.text.symbol_fonts import in_unicode, signs

LINE_BREAK = "\x00"
"""Stands for a break that is meant, since those of the file count as spaces."""

_SEPARATE = frozenset(("button", "label", "mfrac", "mtd", "rt", "text"))
"""Elements beside which a word ends, though they stand within a line."""
_LINKS = frozenset(("a", "time"))
_SETTING = frozenset(("font", "span"))
_FAMILY = re.compile(
    r"(?:^|[;\s])font-family:\s*[\"']?(Symbol|Wingdings(?: 2)?)\s*(?:[\"';,]|$)", re.IGNORECASE
)
_SETS_FONT = re.compile(r"(?:^|[;\s])font(?:-family)?\s*:", re.IGNORECASE)
_PLAIN: Kinds = frozenset()


class GatheredText:
    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._scripts: list[int] = []  # where those begin that are raised or lowered
        self._ended: set[str] = set()  # the elements that ended since the last text
        self._open: Counter[StyleKind] = Counter()
        self._runs: list[tuple[str, Kinds]] = []
        self._taken: Runs = ()
        self._fonts: list[tuple[etree._Element, str]] = []  # "" is one of letters

    def add(self, text: str) -> None:
        if text:
            if self._fonts and self._fonts[-1][1]:
                text = _signs(self._fonts[-1][1], text)
            self._pieces.append(text)
            self._ended.clear()
            kinds = frozenset(self._open) if self._open else _PLAIN
            self._runs.append((text.replace(LINE_BREAK, " "), kinds))

    def take_runs(self) -> Runs:
        """Return how the words are set that `take` gave last."""
        return self._taken

    def take(self, *, preformatted: bool) -> str:
        """Return the text gathered so far, and begin anew; `take_runs` tells how it is set."""
        self._taken, self._runs = self._runs, []
        if not self._pieces:
            return ""
        text = "".join(self._pieces)
        self._pieces.clear()
        if preformatted:
            return text.replace(LINE_BREAK, "\n")
        if LINE_BREAK not in text:
            return " ".join(text.split())
        return "\n".join(" ".join(line.split()) for line in text.split(LINE_BREAK))

    def begin(self, tag: str, element: etree._Element, *, apart: bool) -> None:
        """Begin an element within a line; `apart` allows a space before it."""
        if tag in _SEPARATE or (apart and self._is_seam(tag, element)):
            self.add(" ")
        elif tag[0] == "m" and _is_denominator(element):
            self.add("/")
        if kind := KINDS_OF_TAGS.get(tag):
            self._open[kind] += 1
        if tag[0] in "sma" and _script_of(tag, element):
            self._scripts.append(len(self._pieces))
        font = _symbol_font(element) if tag in _SETTING else ""
        if font or (self._fonts and _sets_font(element)):
            self._fonts.append((element, font))

    def end(self, tag: str, element: etree._Element) -> None:
        """End an element within a line."""
        self._ended.add(tag)
        if self._fonts and self._fonts[-1][0] is element:
            self._fonts.pop()
        if kind := KINDS_OF_TAGS.get(tag):
            self._open -= Counter((kind,))
        if tag in _SEPARATE:
            self.add(" ")
        if self._scripts and (script := _script_of(tag, element)):
            begin = self._scripts.pop()
            text = "".join(self._pieces[begin:])
            before = "".join(self._pieces[max(0, begin - 4) : begin])
            if script == "sup":
                self._pieces[begin:] = [raised(text, before)]
            else:
                self._pieces[begin:] = [lowered(text, before, str(element.tail or ""))]

    def _is_seam(self, tag: str, element: etree._Element) -> bool:
        """Return whether a word ends where this element begins, though no space stands there.

        Links and times beside each other are words of their own; most other elements may begin
        within a word.
        """
        if not self._ended:
            if not self._pieces or element.get("class") is None:
                return False
            before, after = self._pieces[-1][-4:], str(element.text or "")[:1]
            is_word = len(before) == 4 and before.isalpha() and before.islower()
            return is_word and (after.isdigit() or after.isupper())
        if tag == "sup" or "sup" in self._ended:
            return tag == "sup" and "sup" in self._ended  # two marks of notes
        return tag in _LINKS or not _LINKS.isdisjoint(self._ended)


def _symbol_font(element: etree._Element) -> str:
    """Return the font of symbols in which Word and Outlook set an element."""
    found = _FAMILY.search(f"{element.get('style') or ''};font-family:{element.get('face') or ''}")
    return found[1] if found is not None else ""


def _sets_font(element: etree._Element) -> bool:
    return bool(element.get("face") or _SETS_FONT.search(element.get("style") or ""))


def _signs(font: str, text: str) -> str:
    """Return what letters show in a font of symbols."""
    shown = []
    for letter in text:
        byte = letter.encode("cp1252", "ignore")
        if letter.isspace() or letter == LINE_BREAK:
            shown.append(letter)
        else:
            shown.append(signs(font, byte) if byte else in_unicode(font, letter))
    return "".join(shown)


def _script_of(tag: str, element: etree._Element) -> str:
    """Return whether an element is raised or lowered ("sup", "sub"), also one of MathML."""
    if tag == "a":
        kinds = f"{element.get('role')} {element.get('epub:type')}"
        return "sup" if "noteref" in kinds and not len(element) else ""
    if tag in ("sup", "sub") or tag[0] != "m":
        return tag if tag in ("sup", "sub") else ""
    before, parent = element.getprevious(), element.getparent()
    if before is None or parent is None or parent.tag not in ("msub", "msubsup", "msup"):
        return ""
    return "sup" if parent.tag == "msup" or before.getprevious() is not None else "sub"


def _is_denominator(element: etree._Element) -> bool:
    before, parent = element.getprevious(), element.getparent()
    return before is not None and parent is not None and parent.tag == "mfrac"
