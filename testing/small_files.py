"""The least of a file in the formats that no library of ours writes."""

from __future__ import annotations

import struct

from testing import ole
from testing.odfs import odf, zipped

_CELL = "<table:table-cell table:number-columns-spanned='2'><text:p>120</text:p></table:table-cell>"
_TABLE = (
    f"<table:table table:name='Aims'><table:table-column/><table:table-row>{_CELL}"
    "<table:covered-table-cell/></table:table-row><table:table-row>"
    "<table:table-cell office:value-type='percentage' office:value='0.5'/></table:table-row>"
    "</table:table>"
)


def small_files(elsewhere: str = "Pictures/a.png") -> dict[str, bytes]:
    """Return a file for each of these suffixes; what they link to lies `elsewhere`."""
    image = f"<draw:frame><draw:image xlink:href='{elsewhere}'/></draw:frame>"
    object_ = f"<draw:frame><draw:object xlink:href='{elsewhere}'/></draw:frame>"
    text = (
        f"<text:h text:outline-level='1'>Aims</text:h><text:list><text:list-item><text:p>Go."
        f"<text:a xlink:href='{elsewhere}'>on</text:a></text:p></text:list-item></text:list>"
        f"<text:p>10<text:s/>{image}{object_}</text:p>{_TABLE}"
    )
    cell = ole.style(0, ole.sprm(0x2416, b"\x01"))
    edges = bytes([1]) + struct.pack("<2h18x2x", 0, 900)
    row = ole.style(
        0,
        ole.sprm(0x2416, b"\x01")
        + ole.sprm(0x2417, b"\x01")
        + ole.sprm(0xD608, struct.pack("<H", len(edges) + 1) + edges),
    )
    link = f'\x13HYPERLINK "{elsewhere}"\x14here\x15'
    paragraphs = [
        ("Aims\r", ole.style(1)),
        ("A\x07", cell),
        ("\x07", row),
        (f"Go {link} \x13SYMBOL 176 \\f Symbol\x15 \x13EMBED\x14\x01\x15\r", ole.style(0)),
    ]
    written = "".join(text for text, _ in paragraphs)
    return {
        ".odt": odf("text", text),
        ".ods": odf("spreadsheet", _TABLE),
        ".odp": odf(
            "presentation",
            "<draw:page><draw:frame presentation:class='title'><draw:text-box>"
            f"<text:p>Aims</text:p></draw:text-box></draw:frame>{image}{object_}</draw:page>",
        ),
        ".rtf": (
            rf"{{\rtf1\ansi{{\stylesheet{{\s1 heading 1;}}}}{{\*\template {elsewhere}}}"
            r"\pard\s1 Aims\par"
            rf"\pard Go {{\field{{\*\fldinst INCLUDETEXT \"{elsewhere}\"}}{{\fldrslt on}}}}\par"
            r"\trowd\cellx900\cellx1800\intbl A\cell B\cell\row\pard \u8364?\'e9 end}"
        ).encode(),
        ".epub": zipped(
            b_dot_opf="<package><manifest><item id='a' href='a.xhtml' "
            f"media-type='application/xhtml+xml'/><item id='b' href='{elsewhere}' "
            "media-type='text/html'/></manifest><spine><itemref idref='a'/><itemref idref='b'/>"
            "</spine></package>",
            a_dot_xhtml=f"<html><h1>Aims</h1><p>Go.<img src='{elsewhere}'/></p></html>",
        ),
        ".doc": ole.doc(
            paragraphs,
            [(len(written) - 4, b""), (1, ole.object_mark()), (3, b"")],
            fonts=("Symbol",),
        ),
        ".ppt": ole.ppt(
            [
                [
                    ole.shape(ole.text_atoms(0, "Aims")),
                    ole.shape(ole.text_atoms(1, "Go\rStay")),
                    ole.object_shape(),
                ]
            ]
        ),
        ".xls": ole.xls(
            {"Ships": [ole.label(0, 0, "Aims"), ole.number(1, 0, 0.5, 1)]}, ["0.0%"], objects=1
        ),
    }
