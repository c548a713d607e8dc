"""Drawing in a confined process: pictures, refusals, and no process for two files."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from index.document import Block, BlockKind, Document, Span
from index.errors import DrawnTooLate, UnreadableDocument
from index.picturing import process
from index.picturing.process import Drawing
from testing.made_files import pdf_of, zipped

pytestmark = [pytest.mark.processes, pytest.mark.slow]


@pytest.fixture(scope="module")
def drawing() -> Iterator[Drawing]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(process, "_WAITING", 60)  # whatever else the machine does
        drawing = Drawing(seconds=1)
        yield drawing
        drawing.close()


def with_content(content: bytes, box: bytes = b"0 0 600 800") -> bytes:
    packed = zlib.compress(content)
    return (
        b"%%PDF-1.7\n1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj\n"
        b"2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj\n"
        b"3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [%s] /Contents 4 0 R >> endobj\n"
        b"4 0 obj << /Length %d /Filter /FlateDecode >> stream\n%s\nendstream endobj\n"
        b"trailer << /Root 1 0 R >>\nstartxref\n0\n%%%%EOF"
    ) % (box, len(packed), packed)


def test_a_page_with_an_excerpt(drawing: Drawing) -> None:
    picture = drawing.page(
        pdf_of("Keep calm.", "Call the depot."), "a", 2, excerpt="Call the depot."
    )
    assert (picture.width, picture.height, picture.is_marked) == (1273, 1800, True)
    assert not drawing.page(pdf_of("Keep calm."), "b", 1, excerpt="Call the depot.").is_marked


def test_a_pdf_in_an_archive(drawing: Drawing) -> None:
    data = pdf_of("Keep calm.")
    packed = zipped({"papers/a.pdf": data})
    name, sha256 = "papers/a.pdf", hashlib.sha256(data).hexdigest()
    assert drawing.enclosed(packed, "zip", ".zip", name, sha256) == data
    with pytest.raises(UnreadableDocument, match="no longer in the file"):
        drawing.enclosed(packed, "zip", ".zip", name, "0" * 64)


def test_a_part_of_a_text(drawing: Drawing) -> None:
    part = Document("", "", "Some words.", (Block(BlockKind.PARAGRAPH, Span(0, 11)),))
    assert drawing.text(part, [Span(0, 4)]).is_marked


def test_what_is_damaged_is_refused(drawing: Drawing) -> None:
    with pytest.raises(UnreadableDocument, match="damaged"):
        drawing.page(b"%PDF-1.7 and no more %%EOF", "damaged", 1)


@pytest.mark.search
def test_after_a_page_that_never_ends_others_are_drawn(drawing: Drawing) -> None:
    with pytest.raises(UnreadableDocument, match="more than"):
        drawing.page(with_content(b"0 0 m 600 800 l S\n" * 2_000_000), "endless", 1)
    assert drawing.page(pdf_of("Keep calm."), "sound", 1).height == 1800


@pytest.mark.search
@pytest.mark.parametrize("box", [b"0 0 1000000000 1000000000", b"0 0 0.001 14400", b"0 0 0 0"])
def test_a_page_of_an_odd_size_has_a_bounded_picture(drawing: Drawing, box: bytes) -> None:
    picture = drawing.page(with_content(b"0 0 m 9 9 l S", box), box.decode(), 1)
    assert max(picture.width, picture.height) == 1800


@pytest.mark.search
def test_no_process_draws_pages_of_two_files(drawing: Drawing) -> None:
    found = []
    for of in ("one", "one", "two"):
        drawing.page(pdf_of("Keep calm."), of, 1)
        found.append(next(each._process for each in drawing._drawers if each.of == of))
    assert found[0] is found[1] is not found[2]


@pytest.mark.search
def test_a_slow_page_holds_up_no_other(drawing: Drawing) -> None:
    endless = with_content(b"0 0 m 600 800 l S\n" * 2_000_000)
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(drawing.page, endless, "slow", 1)
        drawing.page(pdf_of("Keep calm."), "sound", 1)
        assert not slow.done()
        with pytest.raises(UnreadableDocument, match="more than"):
            slow.result()


@pytest.mark.search
def test_what_came_too_late_may_come_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    drawing = Drawing(seconds=1)
    with monkeypatch.context() as hurry:
        hurry.setattr(process, "_WAITING", 0)
        with pytest.raises(DrawnTooLate):
            drawing.page(with_content(b"0 0 m 600 800 l S\n" * 400_000), "one", 1)
    assert drawing.page(pdf_of("Keep calm."), "one", 1).height == 1800
    drawing.close()
