"""PDFs out of their objects, as no program would write them."""

from __future__ import annotations

from collections.abc import Mapping


def pdf(objects: Mapping[int, bytes], trailer: bytes = b"/Root 1 0 R", end: bytes = b"") -> bytes:
    """`objects` by their numbers; `end` comes between the table of objects and its place."""
    data, places = b"%PDF-1.7\n", {}
    for number, each in objects.items():
        places[number] = len(data)
        data += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    size = max(objects) + 1
    table = b"".join(
        b"%010d 00000 n \n" % places[n] if n in places else b"0000000000 65535 f \n"
        for n in range(size)
    )
    start = len(data)
    return data + b"xref\n0 %d\n%strailer\n<< /Size %d %s >>\n%sstartxref\n%d\n%%%%EOF\n" % (
        size, table, size, trailer, end, start
    )  # fmt: skip


_FORM = (
    b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Length 11 /Resources"
    b" << /XObject << /X %d 0 R >> >> >>\nstream\n/X Do /X Do\nendstream"
)

ENDLESS_PDF = pdf(
    {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 9 9] >>",
        3: b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources"
        b" << /XObject << /X 5 0 R >> >> >>",
        4: b"<< /Length 5 >>\nstream\n/X Do\nendstream",
        **{number: _FORM % (number + 1) for number in range(5, 45)},
        45: b"<< /Subtype /Form /BBox [0 0 9 9] /Length 3 >>\nstream\nq Q\nendstream",
    }
)
"""A drawing that draws another one twice, which draws a third twice, forty times over."""
