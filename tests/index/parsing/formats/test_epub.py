"""E-books: what the file has, and what is stored."""

from __future__ import annotations

from testing.odfs import zipped
from tests.index.parsing.conftest import Parse, Refused

_CONTAINER = '<container><rootfiles><rootfile full-path="O/b.opf"/></rootfiles></container>'


def _epub(package: str = "", container: str = _CONTAINER, **members: str) -> bytes:
    pages = {
        "O__two_dot_xhtml": "<html><body><h1>Costs</h1><p>Coal.</p></body></html>",
        "O__a b_dot_xhtml": "<html><title/><body><h1>Berths</h1><p>Six.</p></body></html>",
    }
    package = package or (
        '<package xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>'
        "<dc:title>The port</dc:title><dc:creator>Ida Holm</dc:creator>"
        "<dc:date>2031-03-04</dc:date></metadata><manifest>"
        '<item id="t" href="two.xhtml" media-type="application/xhtml+xml"/>'
        '<item id="o" href="a%20b.xhtml" media-type="application/xhtml+xml"/>'
        '<item id="c" href="x.css" media-type="text/css"/></manifest>'
        '<spine><itemref idref="o"/><itemref idref="t"/><itemref idref="c"/></spine></package>'
    )
    named = {"META-INF__container_dot_xml": container} if container else {}
    return zipped(O__b_dot_opf=package, **named, **(pages | members))


def test_the_pages_are_read_in_the_order_of_the_spine(parse: Parse) -> None:
    document = parse("a.epub", _epub())
    assert document.text == "Berths\n\nSix.\n\nCosts\n\nCoal."
    assert document.title == "The port"
    assert document.metadata == {"author": "Ida Holm", "date": "2031-03-04"}
    assert document.pages == ()


def test_a_book_without_a_container_is_found_by_its_package(parse: Parse) -> None:
    assert parse("a.epub", _epub(container="")).title == "The port"


def test_parts_that_are_locked_or_missing_do_not_refuse_the_rest(parse: Parse) -> None:
    locks = '<e><CipherData><CipherReference URI="O/two.xhtml"/></CipherData></e>'
    document = parse("a.epub", _epub(**{"META-INF__encryption_dot_xml": locks}))
    assert document.text == "Berths\n\nSix."
    assert document.remarks == ("1 part of it is locked (DRM) and was not read.",)


def test_what_is_refused(refused: Refused) -> None:
    assert refused("a.epub", zipped(a_dot_txt="x")) == "it is a zip file, but not an EPUB"
    locks = "".join(f'<CipherReference URI="O/{name}.xhtml"/>' for name in ("two", "a%20b"))
    locked = _epub(**{"META-INF__encryption_dot_xml": f"<e>{locks}</e>"})
    assert refused("a.epub", locked) == "it is locked for one reader (DRM)"
