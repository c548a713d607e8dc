"""Reasons, remarks and errors of the engine, said in the language of whoever reads them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import index
from bot.localization import speaking
from bot.wording.engine import is_known, translate
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
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
                found |= set(_texts(node.args[0])) if node.func.id in names else set()
    return found


def test_every_reason_of_the_engine_is_known() -> None:
    reasons = _raised("UnreadableDocument", "BadQuestion", "NothingToRollBack")
    assert len(reasons) > 70
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


@pytest.mark.parametrize("text", ["", "it is green", "x" * 5_000, "it is damaged " * 400])
def test_what_is_not_known_stays_as_it_is(text: str) -> None:
    with speaking("de"):
        assert translate(text) == text
    assert translate("it is damaged") == "it is damaged"
