"""PDFs out of their objects, as no program would write them."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["ENDLESS_PDF", "pdf"]


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


ENDLESS_PDF = pdf(
    {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 9 9] >>",
        3: b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>",
        4: b"<< /Length 5 0 R >>\nstream\nq Q\nendstream",
        5: b"5 0 R",
    }
)
"""A stream as long as a number says that refers to itself; no parser comes to its end."""
