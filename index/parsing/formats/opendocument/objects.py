"""Objects in OpenDocument files: the files in them, and those that are not read."""

from __future__ import annotations

import io
import posixpath
import zipfile
from dataclasses import dataclass, field
from functools import partial

from lxml.etree import _Element as Element

from index.parsing.builder import DocumentBuilder
from index.parsing.draft import Enclosed, Source
from index.parsing.formats.office.drawing_text import local_name
from index.parsing.formats.office.object_files import ObjectFile, file_in
from index.parsing.formats.opendocument.package import Package, attribute, names, qn
from index.parsing.options import HiddenContent

__all__ = ["OdfObjects"]

_OBJECT, _OLE_OBJECT, _PROPERTIES = names(
    "draw:object", "draw:object-ole", "style:graphic-properties"
)
_BODIES = {"text": ".odt", "spreadsheet": ".ods", "presentation": ".odp"}
_AS_ICON = ("icon", "4")


@dataclass(slots=True)
class OdfObjects:
    """Takes the objects in frames; `files` are read, as documents below their own.

    Behind an icon is what everybody who reads the document can open. Of any other object they see
    one picture, and the rest of its file is hidden.
    """

    package: Package
    source: Source
    files: list[Enclosed] = field(default_factory=list)
    _known: dict[str, bool] = field(default_factory=dict)

    def take(self, frame: Element) -> None:
        """Note what a frame holds, where that is an object."""
        for element in frame.iterchildren(_OBJECT, _OLE_OBJECT):
            place = posixpath.normpath(attribute(element, "xlink:href"))
            if place in self._known:
                continue
            find = partial(self._find, place, is_ole=element.tag == _OLE_OBJECT)
            found = find()
            is_icon = self._is_icon(frame) or (found is not None and found.is_icon)
            reads = is_icon or HiddenContent.HIDDEN in self.source.options.hidden
            self._known[place] = found is not None and reads
            if found is not None and reads:
                size = len(found.data)
                read = partial(_content, find)
                self.files.append(Enclosed(found.name, read, size=size, called="embedded file"))

    def remark(self, builder: DocumentBuilder) -> None:
        """Say how many objects were not read."""
        if count := sum(not is_read for is_read in self._known.values()):
            which = "1 object" if count == 1 else f"{count:,} objects"
            verb = "was" if count == 1 else "were"
            builder.remark(f"{which} of another program in it {verb} not read.")

    def _is_icon(self, frame: Element) -> bool:
        styles = self.package.chain("graphic", attribute(frame, "draw:style-name"))
        return any(
            attribute(properties, "draw:ole-draw-aspect") in _AS_ICON
            for style in styles
            for properties in style.iterchildren(_PROPERTIES)
        )

    def _find(self, place: str, *, is_ole: bool) -> ObjectFile | None:
        stem = posixpath.basename(place)
        if is_ole:
            return file_in(self.package.read(place), stem)
        root = self.package.xml(f"{place}/content.xml", with_styles=False)
        body = None if root is None else root.find(qn("office:body"))
        kind = "" if body is None or not len(body) else local_name(body[0])
        if kind not in _BODIES:
            return None
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as file:
            # Without the time of packing: the same bytes are made when it is opened.
            about = f"application/vnd.oasis.opendocument.{kind}"
            file.writestr(zipfile.ZipInfo("mimetype"), about)
            for member in self.package.members(place):
                name = zipfile.ZipInfo(member.removeprefix(f"{place}/"))
                file.writestr(name, self.package.read(member))
        return ObjectFile(f"{stem}{_BODIES[kind]}", packed.getvalue())


def _content(find: partial[ObjectFile | None]) -> bytes:
    """Return the file, which is looked up again so that no more than one is held."""
    found = find()
    return found.data if found else b""
