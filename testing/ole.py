"""Makers of files of old Office, by hand: their OLE file, and the least that a document needs."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

from testing.msgs import ole as with_storages

_SECTOR = 512
_END, _FREE, _TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_LEAST = 4096
"""Smaller streams would be packed together; they are padded instead."""


def ole(streams: Mapping[str, bytes]) -> bytes:
    """Return an OLE file with these streams, each padded with zeros to 4,096 bytes at least."""
    data, starts, chain = bytearray(), {}, list[int]()
    for name, content in streams.items():
        padded = content.ljust(_LEAST, b"\0")
        padded += b"\0" * (-len(padded) % _SECTOR)
        starts[name] = len(chain), len(padded)
        count = len(padded) // _SECTOR
        chain += [*range(len(chain) + 1, len(chain) + count), _END]
        data += padded
    folder = len(chain)
    entries = [_entry("Root Entry", 5, child=1, start=_END, size=0)]
    for number, (name, (start, size)) in enumerate(starts.items(), start=1):
        right = number + 1 if number < len(starts) else _FREE
        entries.append(_entry(name, 2, right=right, start=start, size=size))
    directory = b"".join(entries).ljust(-(-len(entries) * 128 // _SECTOR) * _SECTOR, b"\0")
    chain += [*range(folder + 1, folder + len(directory) // _SECTOR), _END]
    tables = -(-(len(chain) + 8) // 128)
    first_table = len(chain)
    chain += [_TABLE] * tables
    chain += [_FREE] * (tables * 128 - len(chain))
    header = struct.pack(
        "<8s16xHHHHH6x", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6
    )
    header += struct.pack("<III4xIIIII", 0, tables, folder, _LEAST, _END, 0, _END, 0)
    header += struct.pack(
        "<109I", *range(first_table, first_table + tables), *[_FREE] * (109 - tables)
    )
    return header + bytes(data) + directory + struct.pack(f"<{len(chain)}I", *chain)


def wrapped_file(label: bytes, content: bytes) -> bytes:
    """Return the object that a file becomes when it is dragged into an Office document."""
    return ole({"\x01Ole10Native": native(label, content)})


def native(label: bytes, content: bytes) -> bytes:
    """Return the stream of such an object."""
    head = label + b"\0C:\\home\\" + label + b"\0" + struct.pack("<HH", 0, 3)
    head += struct.pack("<I", 4) + b"C:\\\0" + struct.pack("<I", len(content))
    return struct.pack("<IH", len(head) + len(content), 2) + head + content


def _entry(
    name: str, kind: int, *, start: int, size: int, right: int = _FREE, child: int = _FREE
) -> bytes:
    encoded = name.encode("utf-16-le") + b"\0\0"
    return struct.pack(
        "<64sHBBIII36xIQ", encoded, len(encoded), kind, 1, _FREE, right, child, start, size
    )


# Word


def sprm(code: int, operand: bytes) -> bytes:
    """Return a modifier with its operand."""
    return struct.pack("<H", code) + operand


def doc(
    paragraphs: Sequence[tuple[str, bytes]],
    runs: Sequence[tuple[int, bytes]] = (),
    fonts: Sequence[str] = (),
    kept: bytes = b"",
) -> bytes:
    """Return a Word file of paragraphs, each with its mark and its modifiers.

    `runs` are lengths of stretches of the text with the modifiers of their characters. Style 1 is a
    heading; `style(1)` refers to it. `kept` is the stream of what is beside the text.
    """
    text = "".join(text for text, _ in paragraphs)
    start = 2048
    bounds, place = [start], start
    for words, _ in paragraphs:
        place += 2 * len(words)
        bounds.append(place)
    paragraph_page = _page(bounds, [properties for _, properties in paragraphs], entry=13)
    run_bounds, place = [start], start
    for length, _ in runs or [(len(text), b"")]:
        place += 2 * length
        run_bounds.append(place)
    character_page = _page(run_bounds, [each for _, each in runs or [(len(text), b"")]], entry=1)
    body = text.encode("utf-16-le")
    first_page = -(-(start + len(body)) // _SECTOR)
    table = bytearray()
    places: dict[int, tuple[int, int]] = {}

    def add(index: int, packed: bytes) -> None:
        places[index] = len(table), len(packed)
        table.extend(packed)

    piece = struct.pack("<II", 0, len(text)) + struct.pack("<HIH", 0, start, 0)
    add(33, b"\x02" + struct.pack("<I", len(piece)) + piece)
    add(13, struct.pack("<III", start, bounds[-1], first_page))
    add(12, struct.pack("<III", start, bounds[-1], first_page + 1))
    add(1, _styles())
    add(15, struct.pack("<HH", len(fonts), 0) + b"".join(map(_font, fonts)))
    header = bytearray(start)
    struct.pack_into("<HH", header, 0, 0xA5EC, 0xC1)
    struct.pack_into("<H", header, 0x0A, 0x0200)
    struct.pack_into("<I", header, 0x4C, len(text))
    struct.pack_into("<H", header, 0x98, 93)
    for index, (offset, length) in places.items():
        struct.pack_into("<II", header, 0x9A + 8 * index, offset, length)
    main = bytes(header) + body
    main = main.ljust(first_page * _SECTOR, b"\0") + paragraph_page + character_page
    streams = {"WordDocument": main, "1Table": bytes(table), **({"Data": kept} if kept else {})}
    return ole(streams)


def object_mark() -> bytes:
    """Return the modifiers of the mark of a field that shows an object."""
    return sprm(0x080A, b"\x01")


def _font(name: str) -> bytes:
    packed = bytes(39) + name.encode("utf-16-le") + b"\0\0"
    return bytes([len(packed)]) + packed


def style(number: int, properties: bytes = b"") -> bytes:
    """Return what a paragraph of a style has."""
    return struct.pack("<H", number) + properties


def _page(bounds: Sequence[int], properties: Sequence[bytes], *, entry: int) -> bytes:
    page = bytearray(_SECTOR)
    count = len(properties)
    struct.pack_into(f"<{count + 1}I", page, 0, *bounds)
    at = _SECTOR - 2
    places: dict[bytes, int] = {}
    for number, packed in enumerate(properties):
        if entry == 13:
            padded = packed + b"\0" * (len(packed) % 2 == 0)
            piece = bytes([(len(padded) + 1) // 2]) + padded
        else:
            piece = bytes([len(packed)]) + packed
        if piece not in places:
            places[piece] = at = (at - len(piece)) & ~1
            page[at : at + len(piece)] = piece
        page[4 * (count + 1) + entry * number] = places[piece] // 2
    page[-1] = count
    return bytes(page)


def _styles() -> bytes:
    found = struct.pack("<HHH", 4, 2, 10)
    for builtin, name in ((0, "Normal"), (1, "heading 1")):
        letters = name.encode("utf-16-le")
        packed = struct.pack("<HHHHH", builtin, 0xFFF1, 0, 0, 0)
        packed += struct.pack("<H", len(name)) + letters + b"\0\0"
        found += struct.pack("<H", len(packed)) + packed + b"\0" * (len(packed) % 2)
    return found


# PowerPoint


def record(kind: int, *inner: bytes, instance: int = 0, container: bool = True) -> bytes:
    body = b"".join(inner)
    return struct.pack("<HHI", instance << 4 | (0xF if container else 0), kind, len(body)) + body


def atom(kind: int, body: bytes, instance: int = 0) -> bytes:
    return record(kind, body, instance=instance, container=False)


def text_atoms(kind: int, text: str) -> bytes:
    return atom(0x0F9F, struct.pack("<I", kind)) + atom(0x0FA0, text.encode("utf-16-le"))


def shape(*text: bytes, box: tuple[int, int, int, int] | None = None) -> bytes:
    place = [] if box is None else [atom(0xF00F, struct.pack("<4i", *box))]
    return record(0xF004, *place, *([record(0xF00D, *text, container=False)] if text else []))


def object_shape() -> bytes:
    """Return a shape that shows an object."""
    return record(0xF004, record(0xF011, atom(0x0BC1, struct.pack("<I", 1))))


def ppt(slides: Sequence[Sequence[bytes]], hidden: Sequence[int] = ()) -> bytes:
    """Return a presentation of slides, each of shapes; `hidden` are numbers of slides from 1."""
    stream, places = bytearray(), list[int]()
    for number, shapes in enumerate(slides, start=1):
        places.append(len(stream))
        show = struct.pack("<iIBBHi", 0, 0, 0, 0, 4 if number in hidden else 0, 0)
        drawing = record(0x040C, record(0xF002, record(0xF003, *shapes)))
        stream += record(0x03EE, atom(0x03F9, show), drawing)
    places.append(len(stream))
    listed = [
        atom(0x03F3, struct.pack("<IIiII", number, 0, 0, 255 + number, 0))
        for number in range(1, len(slides) + 1)
    ]
    stream += record(0x03E8, record(0x0FF0, *listed))
    directory = len(stream)
    count = len(places)
    stream += atom(0x1772, struct.pack(f"<{count + 1}I", count << 20 | 1, *places))
    edit = len(stream)
    stream += atom(0x0FF5, struct.pack("<IIIIII", 0, 0, 0, directory, count, count))
    user = atom(0x0FF6, struct.pack("<III", 20, 0xE391C05F, edit))
    return ole({"Current User": user, "PowerPoint Document": bytes(stream)})


# Excel


def xls(
    sheets: Mapping[str, Sequence[bytes]],
    formats: Sequence[str] = (),
    fill: int = 0,
    objects: int = 0,
) -> bytes:
    """Return a workbook of sheets, each of records; format number n is that of cells of style n.

    Cells of a style other than 0 are filled with the colour of a number, 0 for none.
    `objects` is how many files of other programs it holds.
    """
    begin = struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0)
    head = biff(0x0809, begin) + biff(0x0042, struct.pack("<H", 1200))
    for number, code in enumerate(formats, start=1):
        head += biff(0x041E, struct.pack("<HHB", 163 + number, len(code), 0) + code.encode())
    for number in range(len(formats) + 1):
        of_cells, ground = (163 + number, fill) if number else (0, 0)
        style = struct.pack("<HHHBBBBII", 0, of_cells, 0, *[0] * 5, bool(ground) << 26)
        head += biff(0x00E0, style + struct.pack("<H", ground))
    body = {
        name: biff(0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0, 0, 0, 0)) + b"".join(records)
        + biff(0x000A, b"")
        for name, records in sheets.items()
    }  # fmt: skip
    place = len(head) + sum(12 + len(name) for name in sheets) + 4
    for name, records in body.items():
        is_hidden = name.startswith("hidden")
        head += biff(
            0x0085, struct.pack("<IBBBB", place, is_hidden, 0, len(name), 0) + name.encode()
        )
        place += len(records)
    workbook = head + biff(0x000A, b"") + b"".join(body.values())
    if not objects:
        return ole({"Workbook": workbook})
    storages = {f"MBD{number:08X}": {"Package": b"PK"} for number in range(objects)}
    return with_storages({"Workbook": workbook.ljust(_LEAST, b"\0"), **storages})


def biff(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def label(row: int, column: int, text: str) -> bytes:
    encoded = text.encode("utf-16-le")
    return biff(0x0204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + encoded)


def blank(row: int, column: int, style: int) -> bytes:
    """Return the record of a cell that has a look and no text."""
    return biff(0x0201, struct.pack("<HHH", row, column, style))


def chart(title: str, axis: str) -> bytes:
    """Return the records of a chart on a sheet."""

    def text(written: str, link: int) -> bytes:
        words = struct.pack("<HBB", 0, len(written), 1) + written.encode("utf-16-le")
        return (
            biff(0x1025, bytes(32))
            + biff(0x100D, words)
            + biff(0x1027, bytes([link, 0, 0, 0, 0, 0]))
        )

    begin = biff(0x0809, struct.pack("<HHHHII", 0x0600, 0x20, 0, 0, 0, 0))
    return begin + text(axis, 2) + biff(0x1025, bytes(32)) + text(title, 1) + biff(0x000A, b"")


def number(row: int, column: int, value: float, style: int = 0) -> bytes:
    return biff(0x0203, struct.pack("<HHHd", row, column, style, value))
