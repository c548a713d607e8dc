"""Office files of tests: changed copies of what the libraries write, and one sheet in bare XML."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Any

from testing.made_files import zipped

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def saved_bytes(thing: Any) -> bytes:
    """Return the bytes of anything that has a `save(file)`."""
    buffer = io.BytesIO()
    thing.save(buffer)
    return buffer.getvalue()


def with_parts(package: bytes, changes: Mapping[str, bytes | tuple[bytes, bytes] | None]) -> bytes:
    """Return a package with parts put in, left out (None), or bytes in them replaced (a pair)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in dict.fromkeys([*old.namelist(), *changes]):
            change = changes.get(name, b"" if name not in old.namelist() else (b"", b""))
            if isinstance(change, tuple):
                found, wanted = change
                data = old.read(name)
                assert found in data
                change = data.replace(found, wanted) if found else data
            if change is not None:
                new.writestr(name, change)
    return buffer.getvalue()


def sheet_of(
    data: str, *, before: str = "", after: str = "", parts: Mapping[str, str] | None = None
) -> bytes:
    """Return a workbook with one sheet, "Ports": its rows in XML, and what stands around them."""
    files = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="Ports" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        "</Relationships>",
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}" xmlns:r="{_OFFICE}">{before}'
        f"<sheetData>{data}</sheetData>{after}</worksheet>",
        **(parts or {}),
    }
    return zipped(files)
