"""Ways to damage sound files at random."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from random import Random

from lxml import etree

from index.parsing.zip_files import BROKEN
from tools.hardening.fuzz_seeds import rezipped

_ZIPPED = (
    ".docm", ".docx", ".dotm", ".dotx", ".potm", ".potx", ".ppsm", ".ppsx", ".pptm", ".pptx",
    ".xlsm", ".xlsx", ".xltm", ".xltx", ".odt", ".odp", ".ods", ".ott", ".otp", ".ots", ".epub",
    ".zip",
)  # fmt: skip
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


@dataclass
class Mutant:
    """A damaged file; `done` names the kinds of damage."""

    suffix: str
    data: bytes
    done: list[str] = field(default_factory=list)


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
