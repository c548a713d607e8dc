"""Lists on slides: bullets and numbers, which a paragraph has from itself, its layout or master."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lxml.etree import _Element as Element

from index.parsing.formats.office.drawing_text import local_name
from index.parsing.formats.pptx.shapes import ShapeBox, box_in, placeholder_of, shapes_in
from index.parsing.text.numerals import written_number

_BODIES = frozenset(("body", "obj"))
_LEVELS = 9


class Styles:
    """What the layout and the master of a slide say of its shapes.

    `behind` are the shapes that they show on each slide, `drawn` those of them with text.
    """

    def __init__(self, layout: Element | None, master: Element | None) -> None:
        self._layout, self._master = _placeholders(layout), _placeholders(master)
        self._body = None if master is None else master.find("{*}txStyles/{*}bodyStyle")
        shows = layout is None or layout.get("showMasterSp", "1") in ("1", "true")
        self.behind = [
            shape.element
            for root in ([master] if shows else []) + [layout]
            for shape in shapes_in(None if root is None else root.find("{*}cSld/{*}spTree"))
            if not shape.kind and not shape.is_hidden
        ]
        self.drawn = [element for element in self.behind if local_name(element) == "sp"]

    def box_of(self, element: Element) -> ShapeBox | None:
        """Return where a shape is; a placeholder may leave that to its layout."""
        for one in (element, *self.models(element)):
            if (box := box_in(one)) is not None:
                return box
        return None

    def levels(self, element: Element) -> list[Element]:
        """Return the styles of lists that hold for a shape, the nearest first."""
        found = [element, *self.models(element)]
        styles = [one.find("{*}txBody/{*}lstStyle") for one in found]
        placeholder = placeholder_of(element)
        if placeholder is not None and placeholder.get("type", "obj") in _BODIES:
            styles.append(self._body)
        return [style for style in styles if style is not None]

    def models(self, element: Element) -> Iterator[Element]:
        """Yield the placeholders of the layout and the master that a shape follows."""
        placeholder = placeholder_of(element)
        if placeholder is None:
            return
        place, kind = placeholder.get("idx", "0"), placeholder.get("type", "obj")
        for key in ((place, ""), ("", kind)):
            if (model := self._layout.get(key)) is not None:
                yield model
                break
        if (model := self._master.get(("", "body" if kind == "obj" else kind))) is not None:
            yield model


class ListMarks:
    """The marks of the paragraphs of one shape, in order."""

    def __init__(self, styles: Sequence[Element]) -> None:
        self._styles = styles
        self._counts: dict[int, tuple[str, int]] = {}

    def next(self, paragraph: Element, has_text: bool) -> tuple[str, int]:
        """Return the mark of the next paragraph, empty if it has none, and its level."""
        own = paragraph.find("{*}pPr")
        written = "0" if own is None else own.get("lvl", "0")
        level = min(int(written), _LEVELS - 1) if written.isdecimal() else 0
        bullet = self._bullet(own, level) if has_text else None
        kind = "" if bullet is None else local_name(bullet)
        if has_text:
            kept = level + (kind == "buAutoNum")
            self._counts = {at: count for at, count in self._counts.items() if at < kept}
        if bullet is None or kind == "buNone":
            return "", level
        if kind != "buAutoNum":
            return "•", level
        scheme, start = bullet.get("type", "arabicPeriod"), bullet.get("startAt", "1")
        first = int(start) if start.isdecimal() else 1
        before, count = self._counts.get(level, ("", first - 1))
        count = count + 1 if before in ("", scheme) else first
        self._counts[level] = (scheme, count)
        return _numbered(count, scheme), level

    def _bullet(self, own: Element | None, level: int) -> Element | None:
        styles = [style.find(f"{{*}}lvl{level + 1}pPr") for style in self._styles]
        for style in (own, *styles):
            for child in () if style is None else style:
                if local_name(child) in ("buNone", "buChar", "buAutoNum", "buBlip"):
                    return child
        return None


def _placeholders(root: Element | None) -> dict[tuple[str, str], Element]:
    """Return the placeholders of a layout or master by their numbers, and by their kinds."""
    found: dict[tuple[str, str], Element] = {}
    for shape in shapes_in(None if root is None else root.find("{*}cSld/{*}spTree")):
        placeholder = placeholder_of(shape.element)
        if placeholder is not None:
            found.setdefault((placeholder.get("idx", "0"), ""), shape.element)
            found.setdefault(("", shape.kind), shape.element)
    return found


def _numbered(number: int, scheme: str) -> str:
    """Return a number in a scheme such as `romanUcParenBoth`."""
    kind = {"roman": "Roman", "alpha": "Letter"}.get(scheme[:5])
    case = "upper" if "Uc" in scheme else "lower"
    text = written_number(max(1, number), f"{case}{kind}" if kind else "decimal")
    if scheme.endswith("ParenBoth"):
        return f"({text})"
    return text + (")" if scheme.endswith("ParenR") else "" if scheme.endswith("Plain") else ".")
