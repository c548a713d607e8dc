"""Memory of a process that reads long tables and pages: in proportion to their text."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from openpyxl import Workbook

from index.document import Document
from index.parsing import ParsingLimits
from index.parsing.sandbox.process import ParsingProcess

pytestmark = pytest.mark.search

_ROWS = 100_000


def _csv() -> bytes:
    rows = (b"%d,ship %d,%d\n" % (number, number % 997, number) for number in range(_ROWS))
    return b"id,name,amount\n" + b"".join(rows)


def _html() -> bytes:
    row = "<tr><td>{0}</td><td>ship {1}</td><td class=n>{0}</td></tr>\n"
    rows = "".join(row.format(n, n % 997) for n in range(_ROWS))
    return f"<table><tr><th>Id<th>Name<th>Amount</tr>{rows}</table>".encode()


def _xlsx() -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(("id", "name", "amount"))
    for n in range(_ROWS):
        sheet.append((n, f"ship {n % 997}", n))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.fixture
def process() -> Iterator[ParsingProcess]:
    with ParsingProcess() as process:
        yield process


@pytest.mark.parametrize(("make", "most"), [(_csv, 75), (_html, 125), (_xlsx, 90)])
def test_a_long_table(
    make: Callable[[], bytes], most: int, process: ParsingProcess, tmp_path: Path
) -> None:
    name = f"a.{make.__name__[1:]}"
    path = tmp_path / name
    path.write_bytes(make())
    (document,) = process.parse_files([(path, name)], limits=ParsingLimits())
    assert isinstance(document, Document)
    assert len(document.blocks) >= _ROWS
    assert 0 < process.peak < most * 1_000_000
