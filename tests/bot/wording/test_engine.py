"""Reasons, remarks and errors of the engine, said in the language of whoever reads them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import index
from bot.localization import speaking
from bot.wording.engine import is_known, translate
from index.parsing import parser
from index.parsing.text.cutting import only_the_first, too_long
from index.sources.unread_kinds import why_unread

_ROOT = Path(index.__file__).parent
_IN_PARTS = frozenset({"7 are not read", "it is not a PDF7"})
"""Reasons that the engine puts together from two parts."""


def _texts(node: ast.expr) -> Iterator[str]:
    """Yield what an expression may be as text, with 7 for what it fills in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(
            str(part.value) if isinstance(part, ast.Constant) else "7" for part in node.values
        )
    elif isinstance(node, ast.IfExp):
        yield from (*_texts(node.body), *_texts(node.orelse))
    elif isinstance(node, ast.BoolOp):
        yield from (text for value in node.values for text in _texts(value))


def _raised(*names: str) -> set[str]:
    found = set()
    for path in _ROOT.rglob("*.py"):
        code = path.read_text("utf-8")
        if not any(f"{name}(" in code for name in names):
            continue
        for node in ast.walk(ast.parse(code)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
                found |= set(_texts(node.args[0])) if node.func.id in names else set()
    return found


def test_every_reason_of_the_engine_is_known() -> None:
    reasons = _raised("UnreadableDocument", "BadQuestion", "NothingToRollBack")
    assert len(reasons) > 60
    assert {text for text in reasons - _IN_PARTS if not is_known(text)} == set()
    assert is_known("it is not a PDF, but a web page")
    assert is_known(".xyz files are not read")


def test_what_it_fills_in_is_said_as_well() -> None:
    with speaking("de"):
        assert translate("it is damaged, or not a Word document") == (
            "es ist beschädigt oder kein Word-Dokument"
        )
        assert translate("it has more than 2,000 pages") == "es hat mehr als 2.000 Seiten"
        assert translate("it is larger than 100 MB (BRIEFING_MAX_FILE_MB)") == (
            "es ist größer als 100 MB (BRIEFING_MAX_FILE_MB)"
        )
        assert translate(why_unread(".pages")) == (
            "Dateien mit .pages werden nicht gelesen; exportier sie als PDF"
        )
        assert translate("The file a.xlsb was not read: it is empty.") == (
            "Die Datei a.xlsb wurde nicht gelesen: es ist leer."
        )
    with speaking("nb"):
        two = translate("Its message has no text. It has the same content as a b.eml.")
        assert two == "Meldingen har ingen tekst. Det har samme innhold som a b.eml."


_HIDDEN = "(BRIEFING_READ_HIDDEN=hidden)"


@pytest.mark.parametrize(
    ("remark", "expected"),
    [
        ("1 chart on slide 2 was not read.", "Nicht gelesen: 1 Diagramm, Folie 2."),
        (
            "3 pictures on sheets A, B and C were not read.",
            "Nicht gelesen: 3 Bilder, Blätter A, B und C.",
        ),
        (
            f"2 hidden rows on sheet Bed and Breakfast were not read {_HIDDEN}.",
            f"Nicht gelesen: 2 verborgene Zeilen, Blatt Bed and Breakfast {_HIDDEN}.",
        ),
        (
            f"1,200 hidden rows on sheets A and B were not read {_HIDDEN}.",
            f"Nicht gelesen: 1.200 verborgene Zeilen, Blätter A und B {_HIDDEN}.",
        ),
        (
            f"2 hidden texts (below “Pay”) were not read {_HIDDEN}.",
            f"Nicht gelesen: 2 verborgene Texte, unter “Pay” {_HIDDEN}.",
        ),
        (
            "2 damaged slides (1 and 3) were not read.",
            "Nicht gelesen: 2 beschädigte Folien, 1 and 3.",
        ),
        (
            "Only the first 500 of its 1,200 slides were read (BRIEFING_MAX_PAGES).",
            "Nur die ersten 500 seiner 1.200 Folien wurden gelesen (BRIEFING_MAX_PAGES).",
        ),
        (
            too_long(2_000_000, " after page 1,234"),
            "Es enthält mehr als 2.000.000 Zeichen; "
            "was nach Seite 1.234 folgt, wurde nicht gelesen.",
        ),
        (
            f"b.eml: {too_long(2_000_000)}",
            "b.eml: Es enthält mehr als 2.000.000 Zeichen; was darauf folgt, wurde nicht gelesen.",
        ),
        (
            "its slides hold nothing but 3 pictures and 1 chart",
            "seine Folien enthalten nichts als 3 Bilder und 1 Diagramm",
        ),
        (
            "5 files were not read: .pages files are not read (0.pages, 1.pages and 3 others).",
            "5 Dateien wurden nicht gelesen: Dateien mit .pages werden nicht gelesen "
            "(0.pages, 1.pages und 3 weitere).",
        ),
        (
            "a.zip: b.eml: The attachment c.rtf was not read: it is larger than 1.5 MB.",
            "a.zip: b.eml: Der Anhang c.rtf wurde nicht gelesen: es ist größer als 1,5 MB.",
        ),
        (
            "nothing in it was read: Page 1 has no text. 1 comment was not read",
            "nichts darin wurde gelesen: Seite 1 hat keinen Text. Nicht gelesen: 1 Kommentar",
        ),
    ],
)
def test_a_remark_is_translated_by_its_parts(remark: str, expected: str) -> None:
    with speaking("de"):
        assert translate(remark) == expected


@pytest.mark.parametrize("called", ["pages", "sheets", "slides"])
@pytest.mark.parametrize("most", [1, 2, 1_200])
def test_what_is_read_of_many_pages_is_known(called: str, most: int) -> None:
    assert is_known(only_the_first(most, 5_000, called))
    assert is_known(too_long(5_000, f" after {called.removesuffix('s')} {most:,}"))
    assert is_known(too_long(5_000))


@pytest.mark.parametrize(
    ("remark", "german", "norwegian"),
    [
        (
            "1 part of it is locked (DRM) and was not read.",
            "1 Teil davon ist gesperrt (DRM) und wurde nicht gelesen.",
            "1 del av den er låst (DRM) og ble ikke lest.",
        ),
        (
            "2 parts of it are locked (DRM) and were not read.",
            "2 Teile davon sind gesperrt (DRM) und wurden nicht gelesen.",
            "2 deler av den er låst (DRM) og ble ikke lest.",
        ),
        (
            only_the_first(1, 2, "pages"),
            "Nur die erste seiner 2 Seiten wurde gelesen (BRIEFING_MAX_PAGES).",
            "Bare den første av de 2 sidene ble lest (BRIEFING_MAX_PAGES).",
        ),
        (
            only_the_first(2, 3, "sheets"),
            "Nur die ersten 2 seiner 3 Blätter wurden gelesen (BRIEFING_MAX_PAGES).",
            "Bare de første 2 av de 3 arkene ble lest (BRIEFING_MAX_PAGES).",
        ),
        (
            "it has no text layer: 1 of its 2 pages is an image, the other blank; run OCR, or "
            "install the extra ocr and set BRIEFING_OCR",
            "es hat keine Textebene: 1 seiner 2 Seiten ist ein Bild, die andere ist leer; lass "
            "eine Texterkennung darüber laufen, oder installiere das Extra ocr und setze "
            "BRIEFING_OCR",
            "det har ikke noe tekstlag: 1 av de 2 sidene er et bilde, den andre er tom; kjør "
            "tekstgjenkjenning, eller installer tillegget ocr og sett BRIEFING_OCR",
        ),
        (
            "4 files were not read: it is empty (a, b, c and 1 other).",
            "4 Dateien wurden nicht gelesen: es ist leer (a, b, c und 1 weiteres).",
            "4 filer ble ikke lest: den er tom (a, b, c og 1 til).",
        ),
    ],
)
def test_one_and_several_are_told_apart(remark: str, german: str, norwegian: str) -> None:
    with speaking("de"):
        assert translate(remark) == german
    with speaking("nb"):
        assert translate(remark) == norwegian


def test_every_kind_of_file_is_known() -> None:
    for _, kind in parser._FORMATS.values():
        assert is_known(kind), kind


@pytest.mark.parametrize("text", ["", "it is green", "x" * 5_000, "it is damaged " * 400])
def test_what_is_not_known_stays_as_it_is(text: str) -> None:
    with speaking("de"):
        assert translate(text) == text
    assert translate("it is damaged") == "it is damaged"


@pytest.mark.parametrize("count", ["9" * 50, "9" * 900, ",", ",,,", "٣", "²", "1,,,2", "-1", "1e9"])
@pytest.mark.parametrize(
    "remark",
    [
        "{count} charts on slide a: 3 comments were not read.",
        "{count} attachments were not read: it is empty (a.md).",
        "2 attachments were not read: it is empty (a.md and {count} others).",
        "The attachment {count} was not read: it has more than {count} pages.",
    ],
)
def test_what_a_file_calls_its_parts_is_no_figure(remark: str, count: str) -> None:
    """A remark names them as whoever made the file wrote them, in every language."""
    with speaking("de"):
        assert count.strip(",")[:1] in translate(remark.format(count=count))
