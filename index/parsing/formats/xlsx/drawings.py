"""Drawings on Excel sheets: text boxes, charts and diagrams, and counts of pictures and objects."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial

from lxml.etree import _Element as Element

from index.parsing.builder import DocumentBuilder
from index.parsing.formats.office.charts import read_chart, write_chart
from index.parsing.formats.office.drawing_text import (
    alternatives,
    local_name,
    reference_of,
    text_of,
    write_diagram,
)
from index.parsing.formats.office.embedded_objects import EmbeddedObjects
from index.parsing.formats.office.package import OfficePackage, Relationship
from index.parsing.unread.hidden import HiddenParts

_MOST_DEPTH = 50
_OBJECTS = ("oleObject", "package", "control")


class DrawingReader:
    """Reads what is drawn on the sheets of a workbook, of which `shown` are not hidden.

    A chart of cells that stand in the document as well is told by its title alone.
    """

    def __init__(
        self,
        package: OfficePackage,
        builder: DocumentBuilder,
        shown: Iterable[str],
        objects: EmbeddedObjects,
        hidden: HiddenParts,
    ) -> None:
        self._package, self._builder, self._objects = package, builder, objects
        self._shown = frozenset(shown)
        self._hidden = hidden

    def of(
        self, sheet: str, relations: Mapping[str, Relationship], icons: Collection[str]
    ) -> list[Callable[[], object]]:
        """Return what writes the drawings of a sheet, in order; count what cannot be written.

        `icons` are the relations of objects that are shown as icons.
        """
        found: list[Callable[[], object]] = []
        for name, relation in relations.items():
            is_object = relation.kind in _OBJECTS
            if is_object and not self._objects.take(self._package, relation, is_icon=name in icons):
                self._count("embedded object", sheet)
            root = self._package.xml(relation.target) if relation.kind == "drawing" else None
            if root is not None:
                targets = self._package.relations(relation.target)
                for anchor in alternatives(root.iterchildren("{*}*")):
                    for shape in alternatives(anchor.iterchildren("{*}*")):
                        found += self._shape(shape, targets, sheet, 0)
        return found

    def _shape(
        self, shape: Element, targets: Mapping[str, Relationship], sheet: str, depth: int
    ) -> list[Callable[[], object]]:
        match local_name(shape):
            case "sp" | "cxnSp":
                text = text_of(shape.find("{*}txBody"))
                return [partial(self._builder.paragraph, text)] if text else []
            case "grpSp" if depth < _MOST_DEPTH:
                inner = alternatives(shape.iterchildren("{*}*"))
                return [
                    one for each in inner for one in self._shape(each, targets, sheet, depth + 1)
                ]
            case "pic":
                self._count("picture", sheet)
            case "graphicFrame":
                return self._graphic(shape, targets, sheet)
        return []

    def _graphic(
        self, frame: Element, targets: Mapping[str, Relationship], sheet: str
    ) -> list[Callable[[], object]]:
        for each in frame.iterfind("{*}graphic/{*}graphicData/*"):
            name = local_name(each)
            reference = "dm" if name == "relIds" else "id"
            relation = targets.get(reference_of(each, reference))
            root = self._package.xml(relation.target) if relation is not None else None
            kind = "diagram" if name == "relIds" else "chart"
            if root is None or name not in ("relIds", "chart"):
                self._count(kind, sheet)
                continue
            if kind == "diagram":
                return [partial(write_diagram, root, self._builder)]
            chart = read_chart(root)
            copied = bool(chart.sheets) and chart.sheets <= self._shown
            if not copied and (chart.cut or not (chart.title or chart.tables)):
                self._count("chart", sheet)
            if chart.title or (chart.tables and not copied):
                return [partial(write_chart, chart, self._builder, figures=not copied)]
        return []

    def _count(self, thing: str, sheet: str) -> None:
        self._hidden.lost(thing, f"sheet {sheet}")
