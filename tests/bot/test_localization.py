"""Everything that people are shown can be translated: gettext's tools find it in the source."""

from __future__ import annotations

import ast
import asyncio
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
from babel import localedata
from babel.messages.extract import extract

import bot
from bot import localization, messages
from bot.wording.standings import short_day

_BOT = Path(bot.__file__).parent
_NOT_SHOWN = (
    "observing/metrics.py",  # what Prometheus reads
    "observing/pages.py",
    "observing/state_figures.py",
    "library/examples.py",  # questions that the engine is asked
    "records/unanswered.py",  # what a defect would say
)
_CODE = re.compile(
    r"\b(?:SELECT|INSERT|UPDATE|DELETE|CREATE|JOIN|WHERE|PRAGMA|SET|coalesce|substr)\b"
    r"|= \?|\(\?[:P]"
)
"""In SQL and regular expressions."""
_KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "ngettext": (1, 2),
    "LazyText": None,
    "N_": None,
    "NP_": ((1, "c"), 2),
}
"""As in `make catalog`."""
_WORDS = re.compile(r"[A-Za-z]{2,}")


@dataclass(frozen=True, slots=True)
class _Text:
    """Where a text stands, and its forms: one, or the singular and the plural."""

    path: Path
    line: int
    forms: tuple[str, ...]


@cache
def _trees() -> dict[Path, ast.Module]:
    return {
        path: ast.parse(path.read_text("utf-8"))
        for path in sorted(_BOT.rglob("*.py"))
        if path != Path(localization.__file__)
    }


@cache
def _texts() -> list[_Text]:
    """Return every text that babel extracts from the bot's files."""
    found = []
    for path in _trees():
        with path.open("rb") as source:
            for line, forms, _, _ in extract("python", source, keywords=_KEYWORDS):
                several = (forms,) if isinstance(forms, str) else tuple(forms)
                found.append(_Text(path, line, several))
    return found


def _name_of(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _is_lookup(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and _name_of(node.func) in _KEYWORDS


def _is_for_nobody(node: ast.AST) -> bool:
    """Return whether it is a docstring or an option's help, logged, asked, or for a defect."""
    if isinstance(node, ast.keyword):
        return node.arg == "help"
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return _name_of(node.func.value) == "_log" or node.func.attr == "ask"
    return isinstance(node, ast.Assert)


def _sentences(node: ast.AST) -> Iterator[str]:
    """Return what reads as a sentence and is not looked up."""
    if _is_lookup(node) or _is_for_nobody(node):
        return
    literal = ""
    if isinstance(node, ast.JoinedStr):
        parts = [part.value for part in node.values if isinstance(part, ast.Constant)]
        literal = "…".join(map(str, parts))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        literal = node.value if node.value.rstrip("*").endswith((".", "?", "!", ":")) else ""
    if len(_WORDS.findall(literal)) > 2 and " " in literal.strip() and not _CODE.search(literal):
        yield literal
    if not isinstance(node, ast.JoinedStr):
        for child in ast.iter_child_nodes(node):
            yield from _sentences(child)


def test_every_lookup_is_found() -> None:
    # A lookup of anything but a literal, such as an f-string, would not be.
    found = Counter(text.path for text in _texts())
    written = {path: sum(map(_is_lookup, ast.walk(tree))) for path, tree in _trees().items()}
    assert {path: count for path, count in written.items() if count} == found
    assert found.total() > 450


def test_no_lookup_has_an_f_string() -> None:
    for path, tree in _trees().items():
        for node in filter(_is_lookup, ast.walk(tree)):
            joined = [one for one in ast.walk(node) if isinstance(one, ast.JoinedStr)]
            assert not joined, (path, ast.unparse(node))


def test_no_sentence_is_left_out() -> None:
    for path, tree in _trees().items():
        if path.relative_to(_BOT).as_posix() not in _NOT_SHOWN:
            assert list(_sentences(tree)) == [], path


def test_a_sentence_that_is_left_out_is_noticed() -> None:
    left_out = """say(f"{name} is left out.", "It has no name."); say(_("It has no name."))"""
    assert list(_sentences(ast.parse(left_out))) == [" is left out.", "It has no name."]


def _fields(form: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(form) if field is not None}


def _templates(tree: ast.Module) -> dict[str, set[str]]:
    """Return the fields of each text that stands in a constant."""
    return {
        _name_of(node.targets[0]): _fields(str(ast.literal_eval(node.value.args[0])))
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and _is_lookup(node.value)
    }


def test_every_field_is_filled_in() -> None:
    checked = 0
    for path, tree in _trees().items():
        constants = _templates(tree)
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            template = node.func.value
            if node.func.attr != "format":
                continue
            if isinstance(template, ast.Call) and _is_lookup(template):
                forms = [one.value for one in template.args if isinstance(one, ast.Constant)]
                wanted = set().union(*(_fields(str(form)) for form in forms))
            elif _name_of(template) in constants:
                wanted = constants[_name_of(template)]
            else:
                continue
            checked += 1
            assert {one.arg for one in node.keywords} == wanted, (path, ast.unparse(node))
    assert checked > 100


def test_names_of_fields() -> None:
    # A translator sees only the text, so a field without a name would tell nothing.
    for text in _texts():
        for form in text.forms:
            assert all(field.isidentifier() for field in _fields(form)), text
        assert "{n" in text.forms[-1] or len(text.forms) == 1, text


@pytest.mark.processes
def test_no_text_is_looked_up_before_it_is_known_who_is_spoken_to() -> None:
    program = """
import importlib, pkgutil
import bot, bot.localization

def too_early(language):
    raise AssertionError("A text in a constant is a LazyText, and shown by str() or format().")

bot.localization._catalog = too_early
found = [each.name for each in pkgutil.walk_packages(bot.__path__, "bot.")]
for name in found:
    if not name.endswith("__main__"):
        importlib.import_module(name)
print(len(found))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 150


class TestLookup:
    def test_by_who_is_spoken_to(self) -> None:
        share = localization.LazyText("Share")
        assert share == str(share) == "Share"
        with localization.speaking("de"):
            assert share == str(share) == f"{share}" == localization._("Share") == "Teilen"
            assert messages.documents(1) == "1 Dokument"
            assert messages.documents(2) == "2 Dokumente"
        with localization.speaking("nb"):
            assert str(share) == "Del"
        assert str(share) == "Share"

    def test_what_has_no_translation_stays_as_it_is(self) -> None:
        with localization.speaking("de"):
            assert localization._("There is no such text.") == "There is no such text."

    def test_how_dates_are_written_is_read_before(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(localedata, "_cache", {})
        localization._locale.cache_clear()
        localization.load_languages()
        read = set(localedata._cache)
        for language in localization.LANGUAGES:
            with localization.speaking(language):
                assert "2026" in short_day("2026-03-04")
        assert set(localedata._cache) == read

    def test_in_threads_and_tasks_that_begin_there(self) -> None:
        async def said() -> tuple[str, str]:
            localization.speak("nb")
            task = asyncio.create_task(asyncio.sleep(0, localization.language()))
            return await task, await asyncio.to_thread(localization.language)

        assert asyncio.run(said()) == ("nb", "nb")
        assert localization.language() == "en"

    @pytest.mark.parametrize(
        ("language", "number", "share", "seconds", "several"),
        [
            ("en", "12,345", "85%", "1.5", "a, b or c"),
            ("de", "12.345", "85\N{NO-BREAK SPACE}%", "1,5", "a, b oder c"),
            ("nb", "12\N{NO-BREAK SPACE}345", "85\N{NO-BREAK SPACE}%", "1,5", "a, b eller c"),
        ],
    )
    def test_numbers_as_the_language_writes_them(
        self, language: str, number: str, share: str, seconds: str, several: str
    ) -> None:
        with localization.speaking(language):
            text = localization._("{n:,} {share:.0%} {seconds:.1f} {name}")
            said = text.format(n=12345, share=0.85, seconds=1.5, name="{n} 1,000")
            assert said == f"{number} {share} {seconds} {{n}} 1,000"
            text = localization._("{n:,.1f} {n:.0f} {share:.1%}")
            point, percent = seconds[1], share.removeprefix("85")
            said = text.format(n=12345.04, share=0.85)
            assert said == f"{number}{point}0 12345 85{point}0{percent}"
            assert localization.in_figures(12345) == number
            assert localization.either(["a", "b", "c"]) == several
