"""Fields of forms in OpenDocument texts: those within the text, and controls that lie on it."""

from __future__ import annotations

from collections.abc import Iterable

from lxml.etree import _Element as Element

from index.parsing.formats.office.drawing_text import local_name
from index.parsing.formats.office.form_field import box, chosen
from index.parsing.formats.opendocument.package import attribute, names

FIELD, _PARAMETER, _FORMS, _OPTION = names(
    "field:fieldmark", "field:param", "office:forms", "form:option"
)
_XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
_TICKED = ("true", "checked")


class OdfForms:
    """The controls of a document by their names, each to be found where it is drawn."""

    def __init__(self, roots: Iterable[Element]) -> None:
        self._controls: dict[str, Element] = {}
        for root in roots:
            for forms in root.iter(_FORMS):
                for control in forms.iterdescendants("{*}*"):
                    name = attribute(control, "form:id") or str(control.get(_XML_ID) or "")
                    self._controls.setdefault(name, control)

    def control(self, drawn: Element) -> str:
        """Return what a control shows: its label, and what is ticked, chosen or written in it.

        It lies at one place; drawn again and again, a long list would be written as often.
        """
        control = self._controls.pop(attribute(drawn, "draw:control"), None)
        if control is None:
            return ""
        label = attribute(control, "form:label")
        match local_name(control):
            case "checkbox":
                is_ticked = _value(control, "state") in _TICKED
            case "radio":
                is_ticked = _value(control, "selected") in _TICKED
            case "listbox":
                labels = [
                    attribute(each, "form:label")
                    for each in control.iter(_OPTION)
                    if _value(each, "selected") in _TICKED
                ]
                return f" {', '.join(labels)} "
            case "button" | "image" | "hidden" | "password":
                return ""
            case _:
                return f" {label or _value(control, 'value')} "
        return f" {box(is_ticked)} {label} "


def field_text(field: Element) -> str:
    """Return what a field within the text shows, where it has no text of its own."""
    kind = attribute(field, "field:type").rpartition(".")[2]
    values: dict[str, list[str]] = {}
    for each in field.iterchildren(_PARAMETER):
        name = attribute(each, "field:name")
        values.setdefault(name, []).append(attribute(each, "field:value"))
    if kind == "FORMCHECKBOX":
        return box(values.get("Checkbox_Checked", [""])[0] in _TICKED)
    number = values.get("Dropdown_Selected", [""])[0]
    entries = values.get("Dropdown_ListEntry", [])
    return chosen(entries, int(number)) if number.isascii() and number.isdigit() else ""


def _value(control: Element, name: str) -> str:
    """Return the value that a control has now, or else had at first."""
    return attribute(control, f"form:current-{name}") or attribute(control, f"form:{name}")
