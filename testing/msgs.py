"""Mails as Outlook saves them, made for tests: an OLE file, and the properties in it."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

Tree = Mapping[str, "bytes | Tree"]

_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_SECTOR, _MINI, _SMALL = 512, 64, 4096


def msg(
    subject: str = "",
    *,
    sender: tuple[str, str] = ("Ann Birk", "ann@example.org"),
    to: Sequence[tuple[str, str]] = (("Ole Strand", "ole@example.org"),),
    cc: Sequence[tuple[str, str]] = (),
    sent: datetime | None = datetime(2031, 3, 4, 9, tzinfo=UTC),
    plain: str = "",
    page: bytes = b"",
    rich: bytes = b"",
    attachments: Sequence[Tree] = (),
    ansi: str = "",
) -> bytes:
    """Return a mail; with `ansi`, its texts are in that code page."""
    return ole(
        message(
            subject,
            sender=sender,
            to=to,
            cc=cc,
            sent=sent,
            plain=plain,
            page=page,
            rich=rich,
            attachments=attachments,
            ansi=ansi,
        )
    )


def message(
    subject: str,
    *,
    sender: tuple[str, str] = ("Ann Birk", "ann@example.org"),
    to: Sequence[tuple[str, str]] = (),
    cc: Sequence[tuple[str, str]] = (),
    sent: datetime | None = None,
    plain: str = "",
    page: bytes = b"",
    rich: bytes = b"",
    attachments: Sequence[Tree] = (),
    ansi: str = "",
    head: int = 32,
) -> Tree:
    """Return the storage of a message; one inside of another has a `head` of 24 bytes."""
    texts = {
        0x001A: "IPM.Note",
        0x0037: subject,
        0x0C1A: sender[0],
        0x5D01: sender[1],
        0x1000: plain,
    }
    numbers = {0x3FFD: int(ansi.removeprefix("cp"))} if ansi else {}
    times = {0x0039: sent} if sent else {}
    tree: dict[str, bytes | Tree] = dict(
        properties(texts, {0x1013: page, 0x1009: rich}, numbers, times, head=head, ansi=ansi)
    )
    people = [(1, each) for each in to] + [(2, each) for each in cc]
    for number, (kind, (name, address)) in enumerate(people):
        tree[f"__recip_version1.0_#{number:08X}"] = properties(
            {0x3001: name, 0x39FE: address}, {}, {0x0C15: kind}, ansi=ansi
        )
    for number, attachment in enumerate(attachments):
        tree[f"__attach_version1.0_#{number:08X}"] = attachment
    return tree


def attached(name: str, data: bytes, kind: str = "") -> Tree:
    return properties({0x3707: name, 0x370E: kind}, {0x3701: data}, {0x3705: 1})


def attached_message(inner: Tree) -> Tree:
    return {**properties({0x3001: "A mail"}, {}, {0x3705: 5}), "__substg1.0_3701000D": inner}


def properties(
    texts: Mapping[int, str],
    binaries: Mapping[int, bytes],
    numbers: Mapping[int, int],
    times: Mapping[int, datetime] | None = None,
    *,
    head: int = 8,
    ansi: str = "",
) -> Tree:
    """Return the streams of the properties that are not empty."""
    streams: dict[str, bytes | Tree] = {}
    kind, encoding = (0x001E, ansi) if ansi else (0x001F, "utf-16-le")
    entries = b""
    for number, text in texts.items():
        if text:
            streams[f"__substg1.0_{number:04X}{kind:04X}"] = text.encode(encoding)
            entries += struct.pack("<HHIQ", kind, number, 6, len(text))
    for number, data in binaries.items():
        if data:
            streams[f"__substg1.0_{number:04X}0102"] = data
            entries += struct.pack("<HHIQ", 0x0102, number, 6, len(data))
    for number, value in numbers.items():
        entries += struct.pack("<HHIQ", 3, number, 6, value)
    for number, moment in (times or {}).items():
        ticks = (moment - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds() * 10_000_000
        entries += struct.pack("<HHIQ", 0x0040, number, 6, int(ticks))
    return {**streams, "__properties_version1.0": bytes(head) + entries}


def ole(tree: Tree) -> bytes:
    """Return an OLE file with these storages and streams ([MS-CFB])."""
    sectors: list[bytes] = []
    fat: list[int] = []
    mini, mini_fat = bytearray(), list[int]()
    entries: list[list[object]] = []  # name, kind, right sibling, child, first sector, size

    def chain(data: bytes) -> int:
        first = len(sectors)
        count = -(-len(data) // _SECTOR)
        for number in range(count):
            sectors.append(data[number * _SECTOR :][:_SECTOR].ljust(_SECTOR, b"\0"))
            fat.append(first + number + 1 if number + 1 < count else _END)
        return first if count else _END

    def stream(data: bytes) -> int:
        if len(data) >= _SMALL:
            return chain(data)
        first = len(mini_fat)
        count = -(-len(data) // _MINI)
        mini.extend(data.ljust(count * _MINI, b"\0"))
        mini_fat.extend(first + n + 1 if n + 1 < count else _END for n in range(count))
        return first if count else _END

    def add(name: str, held: bytes | Tree, kind: int) -> int:
        place = len(entries)
        entries.append([name, kind, _FREE, _FREE, 0, 0])
        if isinstance(held, bytes):
            entries[place][4:] = [stream(held), len(held)]
            return place
        before = None
        for inner in sorted(held, key=lambda each: (len(each), each.upper())):
            number = add(inner, held[inner], 2 if isinstance(held[inner], bytes) else 1)
            if before is None:
                entries[place][3] = number
            else:
                entries[before][2] = number
            before = number
        return place

    add("Root Entry", tree, 5)
    entries[0][4:] = [chain(bytes(mini)), len(mini)]
    first_mini_fat = chain(struct.pack(f"<{len(mini_fat)}I", *mini_fat)) if mini_fat else _END
    packed = b"".join(
        struct.pack(
            "<64sHBBIII16sIQQIQ",
            str(name).encode("utf-16-le"),
            2 * len(str(name)) + 2,
            kind,
            1,
            _FREE,
            right,
            child,
            b"",
            0,
            0,
            0,
            first,
            size,
        )
        for name, kind, right, child, first, size in entries
    )
    first_directory = chain(packed)
    fats = 1
    while fats * 128 < len(fat) + fats:
        fats += 1
    begin = len(sectors)
    table = [*fat, *[_FAT] * fats]
    table += [_FREE] * (fats * 128 - len(table))
    header = struct.pack(
        "<8s16sHHHHH6s9I",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"",
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        b"",
        0,
        fats,
        first_directory,
        0,
        _SMALL,
        first_mini_fat,
        -(-len(mini_fat) * 4 // _SECTOR),
        _END,
        0,
    )
    places = [*range(begin, begin + fats), *[_FREE] * (109 - fats)]
    header += struct.pack("<109I", *places)
    return header + b"".join(sectors) + struct.pack(f"<{len(table)}I", *table)
