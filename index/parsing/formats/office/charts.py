"""Charts of the Office formats: the plotted figures as the tables that they come from.

A chart keeps a copy of what it plots. Its numbers are written as they are stored there, since its
axes show rounded ones, but for dates and percentages, which are written as their format says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from lxml.etree import _Element as Element

from index.parsing.builder import DocumentBuilder, one_line
from index.parsing.formats.numbers.formats import is_date_format, plain_number, shown_number
from index.parsing.formats.office.drawing_text import local_name, text_of

_MOST_POINTS = 100_000
_MOST_CELLS = 1_000_000
_SHEET = re.compile(r"(?:'((?:[^']|'')+)'|([^'!(),]+))!")
_Points = dict[int, str]


@dataclass(slots=True)
class _Series:
    """Series of figures: `labels` are its categories, of several levels, or its x values."""

    name: str
    labels: list[_Points]
    figures: list[_Points]


@dataclass(slots=True)
class Chart:
    """A chart's words and figures. `sheets` are those that its figures come from.

    One that is `cut` has more figures than its `tables` hold.
    """

    title: str = ""
    axes: list[str] = field(default_factory=list)
    tables: list[list[list[str]]] = field(default_factory=list)
    sheets: set[str] = field(default_factory=set)
    cut: bool = False


def write_chart(chart: Chart, builder: DocumentBuilder, *, figures: bool = True) -> bool:
    """Add a chart's title and its figures; return whether that was all, and anything."""
    builder.paragraph(chart.title)
    if figures:
        for line in chart.axes:
            builder.paragraph(line)
        for rows in chart.tables:
            builder.table(rows, header_rows=int(any(rows[0])))
    return bool(chart.title or chart.tables) and not chart.cut


def read_chart(root: Element) -> Chart:
    """Return what a chart part holds, of the older or the newer kind (`cx`)."""
    if "chartex" in str(root.tag):
        return _read_extended(root)
    chart = Chart(_words(root.find("{*}chart/{*}title")))
    area = root.find("{*}chart/{*}plotArea")
    plots = [] if area is None else [e for e in area if local_name(e).endswith("Chart")]
    from_1904 = (one := root.find("{*}date1904")) is not None and one.get("val", "1") in (
        "1",
        "true",
    )
    found = [_series(each, from_1904) for plot in plots for each in plot.iterchildren("{*}ser")]
    axis, chart.axes = _axis_titles(area, plots)
    for group in _groups(found):
        rows = _rows(group, axis)
        chart.tables += [rows] if len(rows) > 1 else []
        chart.cut |= not rows
    chart.sheets = _sheets(root)
    return chart


def _sheets(root: Element) -> set[str]:
    """Return the sheets that the formulas of a chart name."""
    found = (_SHEET.findall(formula.text or "") for formula in root.iter("{*}f"))
    return {(quoted or bare).replace("''", "'") for names in found for quoted, bare in names}


def _series(element: Element, from_1904: bool) -> _Series:
    parts = {local_name(child): child for child in element}

    def points(name: str, *, written: bool) -> _Points:
        part = parts.get(name)
        return {} if part is None else _points(part, from_1904, as_written=written)

    labels = [_Points()]
    if (categories := parts.get("cat")) is not None:
        levels = list(categories.iter("{*}lvl"))
        labels = [_points(level, from_1904) for level in reversed(levels)] or [
            _points(categories, from_1904)
        ]
    elif "xVal" in parts:
        labels = [points("xVal", written=True)]
    figures = [
        points(name, written=True) for name in ("val", "yVal", "bubbleSize") if name in parts
    ]
    return _Series(_words(parts.get("tx")), labels, figures)


def _points(part: Element, from_1904: bool, *, as_written: bool = False) -> _Points:
    """Return the texts of a cache by their places."""
    code = next((each.text or "" for each in part.iter("{*}formatCode")), "")
    is_numeric = next(part.iter("{*}numCache", "{*}numLit"), None) is not None
    found: _Points = {}
    for point in part.iter("{*}pt"):
        place, text = point.get("idx", ""), one_line(point.findtext("{*}v") or "")
        if not place.isdecimal() or len(found) > _MOST_POINTS:
            continue
        if is_numeric:
            own = point.get("formatCode", code)
            shown = is_date_format(own) or "%" in own or not as_written
            text = shown_number(text, own, from_1904=from_1904) if shown else plain_number(text)
        found[int(place)] = text
    return found


def _groups(series: Sequence[_Series]) -> Iterator[list[_Series]]:
    """Yield series with the same labels together, as the columns of one table."""
    group: list[_Series] = []
    for one in series:
        together = group and one.labels == group[0].labels and len(one.figures) == 1
        if together and len(group[0].figures) == 1:
            group.append(one)
        else:
            yield from [group] if group else []
            group = [one]
    yield from [group] if group else []


def _rows(group: Sequence[_Series], axis: str) -> list[list[str]]:
    """Return the table of some series, with its header; nothing where it would be too large."""
    labels = group[0].labels
    columns = [
        (one.name if not n else "", each) for one in group for n, each in enumerate(one.figures)
    ]
    rows = [[*[""] * (len(labels) - 1), axis, *(name for name, _ in columns)]]
    places = sorted(
        {place for level in [labels[-1], *(each for _, each in columns)] for place in level}
    )
    outer = [""] * (len(labels) - 1)
    if len(places) * (len(columns) + len(labels)) > _MOST_CELLS:
        return []
    for place in places:
        outer = [level.get(place, before) for level, before in zip(labels, outer, strict=False)]
        inner = labels[-1].get(place, "")
        rows.append([*outer, inner, *(each.get(place, "") for _, each in columns)])
    return rows


def _axis_titles(area: Element | None, plots: Iterable[Element]) -> tuple[str, list[str]]:
    """Return the title of the axis of the labels, and those of the others."""
    axes = [] if area is None else [each for each in area if local_name(each).endswith("Ax")]
    titles = [(local_name(each), _words(each.find("{*}title"))) for each in axes]
    is_scatter = any(local_name(plot) in ("scatterChart", "bubbleChart") for plot in plots)
    of_labels = [n for n, (kind, _) in enumerate(titles) if kind in ("catAx", "dateAx")]
    first = of_labels[0] if of_labels else 0 if is_scatter and titles else None
    rest = [text for n, (_, text) in enumerate(titles) if n != first and text]
    return titles[first][1] if first is not None else "", list(dict.fromkeys(rest))


def _words(element: Element | None) -> str:
    """Return a title or name: written text, or the text of a cell that it is copied from."""
    if element is None:
        return ""
    written = text_of(element)
    if not written:
        written = " ".join(each.text or "" for each in element.iter("{*}v"))
    return one_line(written)


def _read_extended(root: Element) -> Chart:
    """Return a waterfall, treemap, funnel or the like."""
    chart = Chart(_words(root.find("{*}chart/{*}title")))
    names: dict[str, list[str]] = {}
    for series in root.iterfind(".//{*}series"):
        source = series.find("{*}dataId")
        names.setdefault("" if source is None else source.get("val", ""), []).append(
            _words(series.find("{*}tx"))
        )
    for data in root.iterfind("{*}chartData/{*}data"):
        columns: list[tuple[str, _Points]] = []
        for dimension in data:
            is_number = local_name(dimension) == "numDim"
            for level in reversed(dimension.findall("{*}lvl")):
                code = level.get("formatCode", "")
                points = {
                    int(point.get("idx", "0")): shown_number(point.text or "", code)
                    if is_number and (is_date_format(code) or "%" in code)
                    else plain_number(point.text or "")
                    if is_number
                    else one_line(point.text or "")
                    for point in level.iterfind("{*}pt")
                    if point.get("idx", "0").isdecimal()
                }
                name = " ".join(names.get(data.get("id", ""), [])[:1]) if is_number else ""
                columns.append((name, points))
        places = sorted({place for _, points in columns for place in points})
        if len(places) * len(columns) > _MOST_CELLS:
            chart.cut = True
            continue
        rows = [[points.get(place, "") for _, points in columns] for place in places]
        if rows:
            chart.tables.append([[name for name, _ in columns], *rows])
    chart.sheets = _sheets(root)
    return chart
