"""Objects in the frames of OpenDocument files, and the files in them."""

from __future__ import annotations

import io
import posixpath
import zipfile
from functools import partial

from lxml.etree import _Element as Element

from index.parsing.formats.office.drawing_text import local_name
from index.parsing.formats.office.embedded_objects import EmbeddedObjects
from index.parsing.formats.office.object_files import ObjectFile, file_in
from index.parsing.formats.opendocument.package import Package, attribute, names, qn
from index.parsing.unread.hidden import HiddenParts

__all__ = ["OdfObjects"]

_OBJECT, _OLE_OBJECT, _PROPERTIES = names(
    "draw:object", "draw:object-ole", "style:graphic-properties"
)
_BODIES = {"text": ".odt", "spreadsheet": ".ods", "presentation": ".odp"}
_AS_ICON = ("icon", "4")


class OdfObjects(EmbeddedObjects):
    """Takes the objects in frames."""

    def take_frame(self, package: Package, frame: Element, hidden: HiddenParts) -> None:
        """Note what a frame holds, where that is an object."""
        for element in frame.iterchildren(_OBJECT, _OLE_OBJECT):
            place = posixpath.normpath(attribute(element, "xlink:href"))
            find = partial(_file_in, package, place, is_ole=element.tag == _OLE_OBJECT)
            if not self.take(place, find, is_icon=_is_icon(package, frame)):
                hidden.lost("embedded object")


def _is_icon(package: Package, frame: Element) -> bool:
    styles = package.chain("graphic", attribute(frame, "draw:style-name"))
    return any(
        attribute(properties, "draw:ole-draw-aspect") in _AS_ICON
        for style in styles
        for properties in style.iterchildren(_PROPERTIES)
    )


def _file_in(package: Package, place: str, *, is_ole: bool) -> ObjectFile | None:
    stem = posixpath.basename(place)
    if is_ole:
        return file_in(package.read(place), stem)
    root = package.xml(f"{place}/content.xml", with_styles=False)
    body = None if root is None else root.find(qn("office:body"))
    kind = "" if body is None or not len(body) else local_name(body[0])
    if kind not in _BODIES:
        return None
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        # Without the time of packing: the same bytes are made when it is opened.
        about = f"application/vnd.oasis.opendocument.{kind}"
        file.writestr(zipfile.ZipInfo("mimetype"), about)
        for member in package.members(place):
            name = zipfile.ZipInfo(member.removeprefix(f"{place}/"))
            file.writestr(name, package.read(member))
    return ObjectFile(f"{stem}{_BODIES[kind]}", packed.getvalue())
