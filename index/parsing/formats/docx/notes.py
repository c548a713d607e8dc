"""Foot- and endnotes, comments, headers and footers of a Word document: parts beside its body."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml.etree import _Element as Element

from index.parsing.formats.docx.xml import W, child, integer, is_on, value
from index.parsing.formats.office.drawing_text import reference_of
from index.parsing.formats.office.package import OfficePackage
from index.parsing.text.numerals import written_number

_FORMS = {"footnote": "decimal", "endnote": "lowerRoman"}


@dataclass(slots=True)
class _Kind:
    notes: dict[str, Element]
    form: str
    start: int
    by_section: bool
    reached: int = 0


class NoteParts:
    """The notes by their kind ("footnote", "endnote", "comment") and name, each given out once."""

    def __init__(self, package: OfficePackage, settings: Element | None, body: Element) -> None:
        self._kinds = {
            kind: _kind(package, kind, settings, body)
            for kind in ("footnote", "endnote", "comment")
        }

    def mark(self, kind: str, name: str) -> str:
        """Count a reference to a note, and return its mark."""
        found = self._kinds[kind]
        if name not in found.notes:
            return ""
        found.reached += 1
        return written_number(found.start + found.reached - 1, found.form)

    def take(self, kind: str, name: str) -> Element | None:
        """Return a note that was not taken yet."""
        return self._kinds[kind].notes.pop(name, None)

    def end_section(self) -> None:
        """Begin the numbers anew where they go by sections."""
        for kind in self._kinds.values():
            if kind.by_section:
                kind.reached = 0


def _kind(package: OfficePackage, kind: str, settings: Element | None, body: Element) -> _Kind:
    root = package.xml(package.target(package.main, f"{kind}s"))
    notes = {
        each.get(f"{W}id", ""): each
        for each in (() if root is None else root.iterchildren(W + kind))
        if each.get(f"{W}type", "normal") == "normal"
    }
    properties = child(body, "sectPr", f"{kind}Pr")
    if properties is None or not len(properties):
        properties = child(settings, f"{kind}Pr")
    return _Kind(
        notes,
        form=value(properties, "numFmt") or _FORMS.get(kind, "decimal"),
        start=integer(value(properties, "numStart"), 1),
        by_section=value(properties, "numRestart") == "eachSect",
    )


def margins(package: OfficePackage, body: Element, settings: Element | None) -> Iterator[Element]:
    """Yield the headers and footers that are shown on some page, each part once, headers first."""
    relations = package.relations(package.main)
    facing = bool(is_on(settings, "evenAndOddHeaders"))
    parts: dict[str, list[str]] = {"headerReference": [], "footerReference": []}
    for section in body.iter(f"{W}sectPr"):
        shown = {"default"} | ({"even"} if facing else set())
        shown |= {"first"} if is_on(section, "titlePg") else set()
        for kind, names in parts.items():
            for each in section.iterchildren(W + kind):
                relation = relations.get(reference_of(each, "id"))
                if relation and not relation.external and each.get(f"{W}type", "default") in shown:
                    names.append(relation.target)
    for part in dict.fromkeys(parts["headerReference"] + parts["footerReference"]):
        root = package.xml(part)
        if root is not None:
            yield root
