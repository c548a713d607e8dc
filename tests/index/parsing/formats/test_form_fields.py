"""Fields of forms in texts of word processors: what is ticked, and what is chosen."""

from __future__ import annotations

import struct

import pytest

from testing import ole
from testing.odfs import odf
from tests.index.parsing.conftest import Parse

_FIELD = "urn:openoffice:names:experimental:ooo-ms-interop:xmlns:field:1.0"
_FORM = "urn:oasis:names:tc:opendocument:xmlns:form:1.0"


def test_fields_of_an_opendocument_text(parse: Parse) -> None:
    def field(kind: str, **values: str) -> str:
        parameters = "".join(
            f'<f:param f:name="{name.rstrip("_")}" f:value="{value}"/>'
            for name, value in values.items()
        )
        return f'<f:fieldmark xmlns:f="{_FIELD}" f:type="vnd.x.{kind}">{parameters}</f:fieldmark>'

    ticked, empty = field("FORMCHECKBOX", Checkbox_Checked="true"), field("FORMCHECKBOX")
    names = {"Dropdown_ListEntry": "Window", "Dropdown_ListEntry_": "Corner"}
    chosen = field("FORMDROPDOWN", **names, Dropdown_Selected="1")
    body = f"<text:p>Meals: {ticked} vegan {empty} kosher</text:p><text:p>Desk: {chosen}</text:p>"
    assert parse("a.odt", odf("text", body)).text == "Meals: ☒ vegan ☐ kosher\n\nDesk: Corner"


@pytest.mark.parametrize(
    ("control", "shown"),
    [
        ('checkbox form:label="Vegan" form:current-state="checked"', "☒ Vegan"),
        ('checkbox form:label="Vegan" form:state="unchecked"', "☐ Vegan"),
        ('radio form:label="Train" form:current-selected="true"', "☒ Train"),
        ('textarea form:current-value="By the quay"', "By the quay"),
        ('fixed-text form:label="Name"', "Name"),
        ('button form:label="Send"', ""),
        ('password form:current-value="secret"', ""),
    ],
)
def test_controls_of_an_opendocument_text(control: str, shown: str, parse: Parse) -> None:
    forms = (
        f'<office:forms xmlns:form="{_FORM}"><form:form><form:{control} xml:id="c1"/></form:form>'
        "</office:forms>"
    )
    body = f'{forms}<text:p>Given: <draw:control draw:control="c1"/></text:p>'
    assert parse("a.odt", odf("text", body)).text == f"Given: {shown}".strip()
    again = body.replace("</text:p>", '<draw:control draw:control="c1"/></text:p>')
    assert parse("a.odt", odf("text", again)).text == f"Given: {shown}".strip()


@pytest.mark.parametrize(
    ("field", "shown"),
    [
        (r"FORMCHECKBOX {\*\formfield{\fftype1\ffres1{\*\ffname x}}}", "☒"),
        (r"FORMCHECKBOX {\*\formfield{\fftype1\ffres25\ffdefres0}}", "☐"),
        (r"FORMCHECKBOX {\*\formfield{\fftype1\ffres25\ffdefres1}}", "☒"),
        (r"FORMDROPDOWN {\*\formfield{\fftype2\ffres1{\*\ffl Window}{\*\ffl Corner}}}", "Corner"),
        (r"FORMTEXT {\*\formfield{\fftype0{\*\ffdeftext x}}}", ""),
    ],
)
def test_fields_of_rich_text(field: str, shown: str, parse: Parse) -> None:
    data = rf"{{\rtf1\ansi Given: {{\field{{\*\fldinst {field}}}{{\fldrslt }}}}\par}}"
    assert parse("a.rtf", data).text == f"Given: {shown}".strip()


def _text(words: str, ending: str = "\0") -> bytes:
    return struct.pack("<H", len(words)) + (words + ending).encode("utf-16-le")


@pytest.mark.parametrize(
    ("kind", "result", "default", "entries", "shown"),
    [
        (1, 1, 0, (), "☒"),
        (1, 0, 1, (), "☐"),
        (1, 25, 1, (), "☒"),
        (2, 1, 0, ("Window", "Corner"), "Corner"),
        (2, 9, 0, ("Window",), ""),
    ],
)
def test_fields_of_an_old_word_document(
    kind: int, result: int, default: int, entries: tuple[str, ...], shown: str, parse: Parse
) -> None:
    kept = struct.pack("<IHHH", 0xFFFFFFFF, kind | result << 2, 0, 0) + _text("name")
    kept += struct.pack("<H", default) + 5 * _text("")
    kept += struct.pack("<HHH", 0xFFFF, len(entries), 0)
    kept += b"".join(_text(entry, "") for entry in entries)
    stream = b"before" + struct.pack("<IH", 68 + len(kept), 68) + bytes(62) + kept
    words = "Given: \x13 FORMCHECKBOX \x01\x14\x15\r"
    mark = words.index("\x01")
    properties = ole.sprm(0x0806, b"\x01") + ole.sprm(0x6A03, struct.pack("<I", 6))
    runs = [(mark, b""), (1, properties), (len(words) - mark - 1, b"")]
    data = ole.doc([(words, ole.style(0))], runs, kept=stream)
    assert parse("a.doc", data).text == f"Given: {shown}".strip()
    assert parse("a.doc", ole.doc([(words, ole.style(0))], runs, kept=b"x")).text == "Given:"
