"""Files of settings in TOML: read, with each mistake told in one sentence, and where it is."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import takewhile
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from bot.config.files import text_of
from bot.config.wrong_values import wrong_value
from bot.errors import BadSettings
from bot.localization import LazyText, _

_T = TypeVar("_T")
_M = TypeVar("_M", bound=BaseModel)
_Place = tuple[int | str, ...]

_SINGULAR = (
    LazyText("{subject} is not valid TOML{place}: {problem}."),
    LazyText("{subject} has a mistake{place}: {problem}."),
)
_PLURAL = (
    LazyText("{subject} are not valid TOML{place}: {problem}."),
    LazyText("{subject} have a mistake{place}: {problem}."),
)
_SYNTAX: Mapping[str, LazyText] = {
    "Expected '=' after a key": LazyText("a name must be followed by = and a value"),
    "Cannot declare": LazyText("this section is there twice"),
    "Cannot overwrite a value": LazyText("this is there twice"),
    "Duplicate inline table key": LazyText("this is there twice"),
    "Invalid value": LazyText(
        "the value is none: text needs quotation marks, and a list stands in [ ]"
    ),
    "Unclosed array": LazyText("a [ is not closed"),
    "Expected ']' at the end": LazyText("a [ is not closed"),
    "Expected ']]' at the end": LazyText("[[ is not closed by ]]"),
    "Illegal character '\\n'": LazyText("a quotation mark is not closed"),
    "Unterminated string": LazyText("a quotation mark is not closed"),
    "Expected newline": LazyText(
        "something stands behind the value, or text has no quotation marks"
    ),
    "Invalid statement": LazyText("this is neither a section in [ ] nor a name with = and a value"),
    "Invalid initial character for a key part": LazyText("a name is missing"),
}
"""What `tomllib` says, by its beginning, in plain words."""
_AT_LINE = re.compile(r" \(at line (\d+), column \d+\)$| \(at end of document\)$")
_HEADER = re.compile(r"\s*(\[\[?)(.+?)\]\]?\s*(?:#.*)?")
_KEY = re.compile(r"\s*([^\s=#](?:[^=#]*[^\s=#])?)\s*=")


class Mistake(ValueError):
    """A value that cannot be used, at a `place` of the file; completes "… has a mistake: "."""

    def __init__(self, place: _Place, problem: str) -> None:
        super().__init__(problem)
        self.place = place


def read_toml(
    path: Path, model: type[_M], build: Callable[[_M], _T], *, name: str, plural: bool = False
) -> _T:
    """Return what `build` makes of the file's content.

    `build` may raise Mistake. Raises BadSettings, whose sentence begins with `name`, a noun that
    may be plural, and says in which line and section a mistake is.
    """
    subject = f"{name} {path}"
    invalid, mistake = _PLURAL if plural else _SINGULAR
    text = ""
    try:
        text = text_of(path)
        return build(model.model_validate(_parsed(text)))
    except OSError as exc:
        sentence = _("{subject} cannot be read: {reason}.")
        raise BadSettings(sentence.format(subject=subject, reason=exc.strerror)) from exc
    except UnicodeDecodeError as exc:
        problem = _("it is not UTF-8 text")
        raise BadSettings(invalid.format(subject=subject, place="", problem=problem)) from exc
    except tomllib.TOMLDecodeError as exc:
        raise BadSettings(invalid.format(subject=subject, **_syntax(str(exc)))) from exc
    except ValidationError as exc:
        error = exc.errors()[0]
        place, problem = error["loc"], _problem(error, model)
    except Mistake as exc:
        place, problem = exc.place, str(exc)
    where = _where(text, place)
    raise BadSettings(mistake.format(subject=subject, place=where, problem=problem))


def suggestion_for(name: str, known: Iterable[str]) -> str:
    """Return " (did you mean …?)" where something similar is known, else an empty text."""
    near = get_close_matches(name, sorted(known), n=1)
    return _(" (did you mean {name}?)").format(name=near[0]) if near else ""


def _parsed(text: str) -> dict[str, Any]:
    """Return the values of a file; raise Mistake for what `tomllib` has no error of its own for."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except (RecursionError, ValueError) as exc:
        raise Mistake((), _("a number is too long, or lists lie too deep in lists")) from exc


def _syntax(message: str) -> dict[str, str]:
    found = _AT_LINE.search(message)
    problem = message[: found.start()] if found else message
    line = found[1] if found else None
    return {
        "place": _(" in line {line}").format(line=line) if line else _(" at its end"),
        "problem": str(
            next((_SYNTAX[each] for each in _SYNTAX if message.startswith(each)), problem)
        ),
    }


def _problem(error: Any, model: type[BaseModel]) -> str:
    if error["type"] == "extra_forbidden":
        name = str(error["loc"][-1])
        known = _known_at(model, error["loc"][:-1])
        said = _("there is no such key, only {names}").format(names=", ".join(known))
        return f"{said}{suggestion_for(name, known)}"
    return wrong_value(error)


def _known_at(model: type[BaseModel], place: Sequence[int | str]) -> list[str]:
    """Return the keys that may stand at a place of the file."""
    here: Any = model
    for part in place:
        if isinstance(here, type) and issubclass(here, BaseModel):
            here = here.model_fields[str(part)].annotation
        else:
            here = next(one for one in reversed(get_args(here)) if one is not ...)
    return list(here.model_fields)


def _where(text: str, place: _Place) -> str:
    """Return " in line 3, [section], at key", as far as each is known."""
    line, section = _line_of(text, place)
    parts = []
    if line:
        parts.append(_("in line {line}").format(line=line))
    if section:
        parts.append(section)
    if keys := [str(part) for part in place if isinstance(part, str)][-1:]:
        parts.append(_("at {key}").format(key=keys[0]))
    return f" {', '.join(parts)}" if parts else ""


def _line_of(text: str, place: _Place) -> tuple[int, str]:
    """Return the line that comes nearest to the place, 0 for none, and the header above it."""
    best, nearest, header_there = 0, 0, ""
    for number, at, header in _lines(text):
        shared = _shared(at, place)
        if shared > best:
            best, nearest, header_there = shared, number, header
    return nearest, header_there


def _shared(one: _Place, other: _Place) -> int:
    pairs = zip(one, other, strict=False)
    return sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _lines(text: str) -> Iterator[tuple[int, _Place, str]]:
    """Yield the lines with a header or a key: their numbers, places, and the header above."""
    above: _Place = ()
    header = ""
    counts: dict[_Place, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if found := _HEADER.fullmatch(line):
            above, header = _keys(f"[{found[2]}]"), line.partition("#")[0].strip()
            if found[1] == "[[":
                counts[above] = counts.get(above, -1) + 1
                above = (*above, counts[above])
            yield number, above, header
        elif (found := _KEY.match(line)) and (keys := _keys(f"{found[1]}={{}}")):
            yield number, (*above, *keys), header


def _keys(written: str) -> _Place:
    """Return the parts of a dotted key; empty where it is none."""
    try:
        inner: Any = tomllib.loads(written)
    except tomllib.TOMLDecodeError:
        return ()
    keys: list[str] = []
    while inner:
        key, inner = next(iter(inner.items()))
        keys.append(key)
    return tuple(keys)
