"""Sound files of every format, and ways to damage them at random."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from lxml import etree

from index.parsing.zip_files import BROKEN
from testing.msgs import attached, attached_message, message, msg
from testing.ole import wrapped_file
from testing.small_files import small_files
from tools.hardening.fuzz_sheets import SHEET_PARTS, SHEETS, SLIDE_PARTS, SLIDES

__all__ = ["Mutant", "mutant", "rezipped", "seeds"]

_ZIPPED = (
    ".docm", ".docx", ".dotm", ".dotx", ".potm", ".potx", ".ppsm", ".ppsx", ".pptm", ".pptx",
    ".xlsm", ".xlsx", ".xltm", ".xltx", ".odt", ".odp", ".ods", ".ott", ".otp", ".ots", ".epub",
    ".zip",
)  # fmt: skip
_PAPER = (1980, 1, 1, 0, 0, 0)
_NASTY = [
    b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xc0\xaf", b"\x85", b"\xe2\x80\xae",
    b"&#xD800;", b"&#0;", b"&lol;", b"\\ud800", b'"\\0"', b"%s" * 50, b"<" * 200, b"]]>", b"-->",
    b"<![CDATA[", b"> " * 300, b"- " * 300, b"[" * 300, b"*_" * 300, b"`" * 300, b"(" * 2000,
    b"|" * 500, b"<table><tr><td>" * 60, b"<ul><li>" * 60, b"---\n", b"\r", b"\n" * 500, b'"', b",",
    b"=?utf-8?b?//8=?=", b"Content-Type: multipart/mixed; boundary=x\n\n--x\n", b"\t" * 300,
    b"1e999", b"-1", b"0", b"4294967296", b"99999999999999999999", b"9" * 5000, b"NaN",
    b'<!DOCTYPE a [<!ENTITY lol SYSTEM "file:///etc/passwd">]>', b"<? ?>", b"&amp;" * 100,
    b"<< /Type /Pages /Kids [1 0 R 2 0 R 3 0 R] /Count 3 >>", b"/Filter /FlateDecode", b"endobj",
    b"BT (x) Tj ET", b"stream\n", b"q " * 300, b"[" * 100 + b"]" * 100, b"<<" * 100, b"xref\n0 1\n",
]  # fmt: skip

_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_FORMATS = "application/vnd.openxmlformats-officedocument."
_WORD_BODY = """<w:body>
<w:p><w:pPr><w:pStyle w:val="H"/><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr>
<w:r><w:t>Aims</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>
<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>REF a</w:instrText></w:r>
<w:r><w:fldChar w:fldCharType="separate"/></w:r>
<w:del w:id="1"><w:r><w:delText>north</w:delText></w:r></w:del>
<w:r><w:rPr><w:vanish/><w:vertAlign w:val="superscript"/></w:rPr><w:t>6</w:t></w:r>
<w:r><w:sym w:font="Symbol" w:char="F061"/>
<w:pict><w:txbxContent><w:p><w:r><w:t>b</w:t></w:r></w:p></w:txbxContent></w:pict>
<w:object><o:OLEObject xmlns:o="urn:schemas-microsoft-com:office:office" DrawAspect="Icon"
r:id="rId5"/></w:object></w:r></w:p>
<w:tbl><w:tr><w:trPr><w:tblHeader/></w:trPr>
<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc></w:tr>
<w:tr><w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc>
<w:tc><w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl></w:tc></w:tr>
<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>
<w:sectPr><w:headerReference w:type="default" r:id="rId4"/></w:sectPr></w:body>"""
_WORD_PARTS: dict[str, str | bytes] = {
    "word/_rels/document.xml.rels": f'<Relationships xmlns="{_RELATIONS}">'
    + "".join(
        f'<Relationship Id="rId{number}" Type="{_RELATION}/{kind}" Target="{kind}.xml"/>'
        for number, kind in enumerate(
            ("styles", "numbering", "footnotes", "header", "oleObject"), start=1
        )
    )
    + "</Relationships>",
    "word/oleObject.xml": wrapped_file(b"a.md", b"# Aims"),
    "word/styles.xml": f"""<w:styles xmlns:w="{_WORD}"><w:style w:type="paragraph" w:styleId="H">
<w:name w:val="heading 1"/><w:basedOn w:val="H"/></w:style></w:styles>""",
    "word/numbering.xml": f"""<w:numbering xmlns:w="{_WORD}"><w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:start w:val="4"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:isLgl/><w:lvlText w:val="%1.%2"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>""",
    "word/footnotes.xml": f"""<w:footnotes xmlns:w="{_WORD}"><w:footnote w:id="2"><w:p><w:r>
<w:footnoteRef/><w:t> A note.</w:t></w:r></w:p></w:footnote></w:footnotes>""",
    "word/header.xml": f"""<w:hdr xmlns:w="{_WORD}"><w:p><w:fldSimple w:instr="PAGE"><w:r>
<w:t>2</w:t></w:r></w:fldSimple><w:r><w:t>Rules</w:t></w:r></w:p></w:hdr>""",
}


@dataclass
class Mutant:
    """A damaged file; `done` names the kinds of damage."""

    suffix: str
    data: bytes
    done: list[str] = field(default_factory=list)


def seeds(corpus: Path) -> list[tuple[str, bytes]]:
    """Return suffix and bytes of a corpus' files, and of a few that are as small as can be."""
    files = sorted(path for path in corpus.rglob("*") if path.is_file())
    found = [(path.suffix.lower(), path.read_bytes()) for path in files]
    small = {
        ".txt": b"Aims\n====\n\n1. To go north.\n2. To stay.\n\nA | B\n--|--\n1 | 2\n\n> Said.\n",
        ".md": b'---\ntitle: "Aims"\ndate: 2026-01-06\ntags: [a]\n---\n# Aims\n\n- one\n  - two\n\n'
        b"| a | b |\n|---|---|\n| 1 | 2 |\n\n```\ncode\n```\n\n> quoted\n",
        ".html": b'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Aims</title>'
        b'<meta name="date" content="2026-01-06"></head><body><h1>Aims</h1><p>Go<br>north.</p><ul>'
        b"<li>one<ul><li>two</ul></ul><table><tr><th>a<th>b<tr><td colspan=2>1</table><dl><dt>x<dd>"
        b"y</dl><pre>a\n b</pre></body></html>",
        ".csv": b'name,figure\n"a ""quoted"" one",1\n"two\nlines",2\n',
        ".tsv": b"name\tfigure\na\t1\n",
        ".json": b'{"title": "Aims", "list": [{"a": 1.50, "b": {"c": "x"}}, {"a": null}], "text": '
        b'"<p>Go<br>north.</p>"}',
        ".ics": b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Aims\nDTSTART;TZID=Europe/Oslo:20260106T10"
        b"0000\nDURATION:PT1H\nRRULE:FREQ=MONTHLY;BYDAY=1MO;COUNT=3\nATTENDEE;CN=A:mailto:a@example.org"
        b"\nDESCRIPTION:Go\\nnor\n th.\nEND:VEVENT\nEND:VCALENDAR\n",
        ".vtt": b"WEBVTT\n\nNOTE x\n\n1\n00:01.000 --> 00:02.000\n<v Ida>We go</v>\n\n2\n00:02.000"
        b" --> 00:03.000\nnorth.\n",
        ".eml": b"From: a@example.org\nTo: b@example.org\nSubject: =?utf-8?q?Aims?=\nDate: Tue, "
        b"6 Jan 2026 10:00:00 +0100\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b"
        b"\n\n--b\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: "
        b"quoted-printable\n\nWe go=20north.\n--b\nContent-Type: text/html\n\n"
        b"<p>We go.</p>\n--b\n"
        b"Content-Type: application/pdf; name=x.pdf\nContent"
        b"-Transfer-Encoding: base64\n\nAAAA\n--b\nContent-Type: message/rfc822\n\nSubject: Old\n\n"
        b"It goes.\n\nBest regards,\nA\n\nOn 5 Jan 2026, b@example.org wrote:\n> We stay.\n--b--\n",
        ".mht": b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\n"
        b"Content-Type: text/html\n\n<h1>Aims</h1><p>Go.</p>\n--b\nContent-Type: image/png\n\nx\n"
        b"--b--\n",
        ".mbox": b"From a@example.org Tue Jan  6 10:00:00 2026\nFrom: a@example.org\nSubject: "
        b"Aims\n\nGo.\n\nFrom b@example.org Tue Jan  6 11:00:00 2026\nSubject: North\n\n"
        b">From here.\n",
        ".msg": msg(
            "Aims",
            plain="We go.",
            page=b"<p>We go <b>north</b>.</p>",
            attachments=[
                attached("a.txt", b"Aims and words."),
                attached_message(message("Old", plain="We stay.", head=24)),
            ],
        ),
        ".zip": rezipped(
            {
                "a.md": b"---\naudience: few\n---\n# Aims\n",
                "b/c.txt": b"We go north.",
                "d.zip": rezipped({"e.csv": b"a,b\n1,2\n"}),
            }
        ),
        ".pdf": _small_pdf(),
        ".docx": _small_package(
            "word/document.xml",
            "wordprocessingml.document.main+xml",
            f'<w:document xmlns:w="{_WORD}" xmlns:r="{_RELATION}">{_WORD_BODY}</w:document>',
            _WORD_PARTS,
        ),
        ".xlsx": _small_package(
            "xl/workbook.xml",
            "spreadsheetml.sheet.main+xml",
            f'<workbook xmlns="{SHEETS}" xmlns:r="{_RELATION}"><sheets><sheet name="Aims" '
            'sheetId="1" r:id="worksheet"/></sheets></workbook>',
            SHEET_PARTS,
        ),
        ".pptx": _small_package(
            "ppt/presentation.xml",
            "presentationml.presentation.main+xml",
            f'<p:presentation xmlns:p="{SLIDES}" xmlns:r="{_RELATION}"><p:sldIdLst>'
            '<p:sldId id="256" r:id="slide"/></p:sldIdLst></p:presentation>',
            SLIDE_PARTS,
        ),
    }  # fmt: skip
    small |= small_files()
    found += small.items()
    also = {
        ".docm": ".docx",
        ".dotm": ".docx",
        ".dotx": ".docx",
        ".text": ".txt",
        ".rst": ".txt",
        ".adoc": ".txt",
        ".asciidoc": ".txt",
        ".mhtml": ".mht",
        ".markdown": ".md",
        ".htm": ".html",
        ".xhtml": ".html",
        ".jsonl": ".json",
        ".srt": ".vtt",
    }
    also |= dict.fromkeys((".xlsm", ".xltx", ".xltm"), ".xlsx")
    also |= dict.fromkeys((".pptm", ".ppsx", ".ppsm", ".potx", ".potm"), ".pptx")
    also |= {".ott": ".odt", ".otp": ".odp", ".ots": ".ods", ".dot": ".doc", ".xlt": ".xls"}
    also |= {".pps": ".ppt", ".pot": ".ppt"}
    return found + [(suffix, small[like]) for suffix, like in also.items()]


def mutant(chance: Random, sound: list[tuple[str, bytes]]) -> Mutant:
    """Return one of the sound files with one to four kinds of damage."""
    made = Mutant(*chance.choice(sound))
    for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 4))):
        ways: list[_Way] = list(_BYTES)
        if made.suffix in _ZIPPED and zipfile.is_zipfile(io.BytesIO(made.data)):
            ways = [_member] * 12 + [_members] * 3 + ways[:4]
        elif made.suffix == ".pdf":
            ways += [_pdf] * 12
        elif made.suffix in (".html", ".htm", ".xhtml"):
            ways += [_tags] * 6 + [_lines] * 2
        else:
            ways += [_lines] * 8
        way = chance.choice(ways)
        made.data = way(made.data, chance, sound)
        made.done.append(way.__name__.strip("_"))
    if chance.random() < 0.04:
        made.suffix = chance.choice(sound)[0]
        made.done.append("suffix")
    return made


def rezipped(members: Mapping[str, bytes] | list[tuple[str, bytes]]) -> bytes:
    """Return a zip file of these members, the same at any time of day."""
    buffer = io.BytesIO()
    with (
        warnings.catch_warnings(action="ignore"),  # it warns of names that are there twice
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package,
    ):
        for name, content in members.items() if isinstance(members, Mapping) else members:
            package.writestr(zipfile.ZipInfo(name, _PAPER), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


_LONGEST_REPEATED = 500_000
"""Bytes up to which a line grows by being repeated."""
_Way = Callable[[bytes, Random, list[tuple[str, bytes]]], bytes]
_Seeds = list[tuple[str, bytes]]


def _slice(data: bytes, chance: Random, most: int = 2000) -> tuple[int, int]:
    start = chance.randrange(len(data) + 1)
    return start, min(len(data), start + chance.randint(1, most))


def _flip(data: bytes, chance: Random, __: _Seeds) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 2, 8, 64)) if changed else 0):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _cut_off(data: bytes, chance: Random, __: _Seeds) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _remove(data: bytes, chance: Random, __: _Seeds) -> bytes:
    start, end = _slice(data, chance)
    return data[:start] + data[end:]


def _splice(data: bytes, chance: Random, sound: _Seeds) -> bytes:
    """Join the beginning of one file and the end of another."""
    other = chance.choice(sound)[1]
    return data[: chance.randrange(len(data) + 1)] + other[chance.randrange(len(other)) :]


def _repeat(data: bytes, chance: Random, __: _Seeds) -> bytes:
    start, end = _slice(data, chance)
    return data[:end] + data[start:end] * chance.choice((1, 2, 50)) + data[end:]


def _noise(data: bytes, chance: Random, __: _Seeds) -> bytes:
    start, end = _slice(data, chance, 300)
    return data[:start] + chance.randbytes(end - start) + data[end:]


def _insert(data: bytes, chance: Random, __: _Seeds) -> bytes:
    for _ in range(chance.choice((1, 1, 3, 10))):
        start = chance.randrange(len(data) + 1)
        data = data[:start] + chance.choice(_NASTY) + data[start:]
    return data


def _figure(data: bytes, chance: Random, __: _Seeds) -> bytes:
    """Put another number in the place of one."""
    places = list(re.finditer(rb"\d+", data))
    if not places:
        return data
    place = chance.choice(places)
    value = chance.choice((b"0", b"-1", b"1", b"65536", b"2147483648", b"9" * 30, b"1e400"))
    return data[: place.start()] + value + data[place.end() :]


def _encode(data: bytes, chance: Random, __: _Seeds) -> bytes:
    """Write it, or a part of it, in another encoding."""
    text = data.decode("utf-8", "replace")
    start, end = _slice(data, chance, len(data) or 1)
    encoding = chance.choice(("utf-16", "utf-16-be", "utf-32", "cp1252", "cp932", "utf-7"))
    if chance.random() < 0.5:
        return text.encode(encoding, "replace")
    part = data[start:end].decode("utf-8", "replace")
    return data[:start] + part.encode(encoding, "replace") + data[end:]


def _random(_: bytes, chance: Random, __: _Seeds) -> bytes:
    return chance.randbytes(chance.choice((0, 1, 16, 500, 5000)))


_BYTES: list[_Way] = [
    _flip, _cut_off, _remove, _repeat, _splice, _noise, _insert, _figure, _encode, _random
]  # fmt: skip


def _lines(data: bytes, chance: Random, __: _Seeds) -> bytes:
    lines = data.splitlines(keepends=True) or [b""]
    for _ in range(chance.choice((1, 3, 10))):
        at, other = chance.randrange(len(lines)), chance.randrange(len(lines))
        match chance.randrange(5):
            case 0:
                lines[at], lines[other] = lines[other], lines[at]
            case 1:
                lines[at : at + 1] = [lines[at]] * _times(lines[at], chance.choice((0, 2, 200)))
                lines = lines or [b""]
            case 2:
                lines[at] = b" " * chance.choice((1, 4, 200)) + lines[at]
            case 3:
                line = lines[at].rstrip(b"\r\n")
                lines[at] = line * _times(line, chance.choice((2, 100))) + b"\n"
            case _:
                lines[at] = chance.choice((b"- ", b"> ", b"1. ", b"# ", b"| ", b"\t")) + lines[at]
    return b"".join(lines)


def _times(line: bytes, wanted: int) -> int:
    """Return how often a line is repeated: a hundred times a hundred times fill all memory."""
    return min(wanted, 1 + _LONGEST_REPEATED // max(len(line), 1))


def _tags(data: bytes, chance: Random, __: _Seeds) -> bytes:
    """Remove, repeat, move or rename tags, or put something nasty behind one."""
    for _ in range(chance.choice((1, 3, 10))):
        tags = list(re.finditer(rb"<[^<>]{1,400}>", data))
        if not tags:
            return _insert(data, chance, [])
        one, two = chance.choice(tags), chance.choice(tags)
        match chance.randrange(6):
            case 0:
                data = data[: one.start()] + data[one.end() :]
            case 1:
                data = data[: one.end()] + one[0] * chance.choice((1, 5, 300)) + data[one.end() :]
            case 2:
                data = data[: one.start()] + two[0] + data[one.end() :]
            case 3:
                data = data[: one.end()] + chance.choice(_NASTY) + data[one.end() :]
            case 4:
                value = chance.choice(
                    (b'=""', b'="-1"', b'="99999999999"', b'="\xc3\xa9&#1;"', b"=")
                )
                data = data[: one.start()] + re.sub(rb'="[^"]*"', value, one[0]) + data[one.end() :]
            case _:
                start, end = sorted((one.start(), two.end()))
                data = data[:end] + data[start:end][:20_000] + data[end:]
    return data[:2_000_000]


def _member(data: bytes, chance: Random, sound: _Seeds) -> bytes:
    """Damage one file of the package."""
    members = _unzipped(data)
    if not members:
        return data
    at = chance.randrange(len(members))
    name, content = members[at]
    members[at] = (name, chance.choice([_tree] * 20 + [_tags] * 3 + _BYTES)(content, chance, sound))
    return rezipped(members)


def _tree(data: bytes, chance: Random, __: _Seeds) -> bytes:
    """Move, repeat or remove elements, or exchange attributes; it stays well-formed XML."""
    try:
        root = etree.fromstring(data)
    except etree.XMLSyntaxError:
        return data
    for _ in range(chance.choice((1, 3, 10))):
        elements = [each for each in root.iter(etree.Element) if each is not root]
        if not elements:
            break
        one, two = chance.choice(elements), chance.choice(elements)
        match chance.randrange(6):
            case 0:
                one.getparent().remove(one)
            case 1:
                one.addnext(deepcopy(two))
            case 2:
                one.insert(0, deepcopy(two))
            case 3:
                one.attrib.update(two.attrib)
            case 4 if one.attrib:
                name = chance.choice(sorted(one.attrib))
                one.attrib[name] = chance.choice(
                    ("", "-1", "0", "99999999999", "true", "x", "\u00e9")
                )
            case _:
                one.text = chance.choice(
                    (None, "", " ", "-1", "99999999999", "1e400", "\u202e", "x\ny")
                )
    return bytes(etree.tostring(root))[:2_000_000]


def _members(data: bytes, chance: Random, __: _Seeds) -> bytes:
    """Remove, rename, double or exchange files of the package."""
    members = _unzipped(data)
    if not members:
        return data
    at, other = chance.randrange(len(members)), chance.randrange(len(members))
    name, content = members[at]
    match chance.randrange(4):
        case 0:
            del members[at]
        case 1:
            name = chance.choice(
                (f"../../{name}", f"/{name}", name.upper(), f"{name}\0", "a" * 5000)
            )
            members[at] = (name, content)
        case 2:
            members[at] = (name, members[other][1])
        case _:
            members.append((f"{name}/{name}", content))
    return rezipped(members)


def _unzipped(data: bytes) -> list[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return [(name, package.read(name)) for name in dict.fromkeys(package.namelist())]
    except (*BROKEN, ValueError):
        return []


def _pdf(data: bytes, chance: Random, sound: _Seeds) -> bytes:
    """Exchange references, objects or names, or damage a stream."""
    kinds = (rb"\d+ 0 R", rb"(?s)\d+ 0 obj.*?endobj", rb"/[A-Z]\w+")
    kind = chance.randrange(len(kinds) + 2)
    if kind < len(kinds):
        places = list(re.finditer(kinds[kind], data))
        if places:
            place, other = chance.choice(places), chance.choice(places)
            return data[: place.start()] + other[0] + data[place.end() :]
    elif kind == len(kinds):
        streams = list(re.finditer(rb"(?s)stream\r?\n(.*?)\r?\nendstream", data))
        if streams:
            place = chance.choice(streams)
            content = chance.choice(_BYTES)(_inflated(place[1]), chance, sound)
            packed = zlib.compress(content) if _inflated(place[1]) != place[1] else content
            return data[: place.start(1)] + packed + data[place.end(1) :]
    else:
        return _figure(data, chance, sound)
    return _flip(data, chance, sound)


def _inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return stream


def _small_pdf() -> bytes:
    content = b"BT /F1 18 Tf 72 700 Td (Aims) Tj /F1 11 Tf 0 -40 Td (We go north at dawn.) Tj ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << /Names [(a) 7 0 R] >> >> >>",
        b"<< /Type /Pages /Kids [3 0 R 6 0 R] /Count 2 /MediaBox [0 0 612 792] >>",
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Page /Parent 2 0 R /Contents [4 0 R 4 0 R] /Rotate 90 /Annots [9 0 R] >>",
        b"<< /Type /Filespec /F (a.md) /UF (a.md) /EF << /F 8 0 R >> >>",
        b"<< /Type /EmbeddedFile /Length 8 >>\nstream\n# Aims\n\n\nendstream",
        b"<< /Type /Annot /Subtype /FileAttachment /Rect [9 9 20 20] /FS 7 0 R >>",
    ]
    data, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return data + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n"
        % (size, table, size, len(data))
    )  # fmt: skip


def _small_package(
    main: str, kind: str, content: str, other: Mapping[str, str | bytes] | None = None
) -> bytes:
    """Return an Office file of one part, and the `other` ones."""
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{_TYPES}"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        f'ContentType="application/xml"/><Override PartName="/{main}" '
        f'ContentType="{_FORMATS}{kind}"/><Override '
        'PartName="/xl/worksheets/sheet1.xml" '
        f'ContentType="{_FORMATS}spreadsheetml.worksheet+xml"/>'
        "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" '
        f'Type="{_RELATION}/officeDocument" Target="{main}"/></Relationships>',
        main: content,
        **(other or {}),
    }
    return rezipped(
        {name: each.encode() if isinstance(each, str) else each for name, each in members.items()}
    )
