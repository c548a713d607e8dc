"""The lookup of texts in the language of whoever is spoken to, by gettext; English without one.

Every sentence that `bot` shows is written `_("… {name} …").format(name=value)`, or with a number
`ngettext("{n:,} page", "{n:,} pages", number).format(n=number)`: the tools of gettext find it in
the source, and another language orders its words and writes its numbers as it needs. A text is
looked up when it is shown, so one in a constant is a `LazyText`. What Discord is told of commands
is marked by `N_`, and looked up for each language by `bot.discord.gateway.translating`.

What the engine says in English of files and questions is translated by `bot.wording.engine`.
Only in English are its other errors, the help of the terminal's commands, the log, and what
Prometheus reads.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib import resources
from io import BytesIO
from string import Formatter
from typing import Any

from babel import Locale
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent

SOURCE = "en"
"""The language that the texts are written in."""
LANGUAGES = (SOURCE, "de", "nb")
"""The languages of the interface, by their codes in ISO 639."""
_LOCALES = {SOURCE: "en_GB"}
"""Whose dates a language writes, where that is not plain."""
_spoken: ContextVar[str] = ContextVar("language", default=SOURCE)


def language() -> str:
    """Return the language of whoever is spoken to now."""
    return _spoken.get()


def speak(language: str) -> None:
    """Speak a language from here on, in the current task and in those that it starts."""
    assert language in LANGUAGES
    _spoken.set(language)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language until the block ends."""
    assert language in LANGUAGES
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def locale() -> Locale:
    """Return how dates and numbers are written now."""
    return _locale(_spoken.get())


def _(message: str) -> str:
    return _Text(_catalog(_spoken.get()).gettext(message))


def ngettext(singular: str, plural: str, number: int) -> str:
    return _Text(_catalog(_spoken.get()).ngettext(singular, plural, number))


def pgettext(context: str, message: str) -> str:
    """Look up a text that means one thing in this context and may mean another elsewhere."""
    return _catalog(_spoken.get()).pgettext(context, message)


def N_(message: str) -> str:  # noqa: N802, the name that gettext's tools know
    """Mark a text that is looked up elsewhere."""
    return message


def NP_(context: str, message: str) -> str:  # noqa: N802
    """Mark a text that is looked up elsewhere with its context."""
    return message


class LazyText:
    """A text in a constant, which is looked up whenever it is shown."""

    __slots__ = ("message",)

    def __init__(self, message: str) -> None:
        self.message = message

    def __str__(self) -> str:
        return _(self.message)

    def __repr__(self) -> str:
        return f"LazyText({self.message!r})"

    def __eq__(self, other: object) -> bool:
        if isinstance(other, LazyText):
            return self.message == other.message
        return str(self) == other

    def __hash__(self) -> int:
        return hash(self.message)

    def format(self, **values: object) -> str:
        return str(self).format(**values)

    def bold(self) -> LazyText:
        return _Bold(self.message)


class _Bold(LazyText):
    __slots__ = ()

    def __str__(self) -> str:
        return f"**{super().__str__()}**"


def either(names: Sequence[str]) -> str:
    """Return "one, two or three"."""
    return format_list(names, style="or", locale=locale())


def together(names: Sequence[str]) -> str:
    """Return "one, two and three"."""
    return format_list(names, locale=locale())


def in_figures(number: float) -> str:
    """Return "12,345"."""
    return format_decimal(number, locale=locale())


class _Text(str):
    """A text that writes numbers as its language does."""

    __slots__ = ()

    def format(self, *args: object, **values: object) -> str:
        if _spoken.get() == SOURCE:
            return super().format(*args, **values)
        return _FORMATTER.vformat(self, args, values)


class _Formatter(Formatter):
    def format_field(self, value: Any, format_spec: str) -> Any:
        if isinstance(value, int | float) and not isinstance(value, bool):
            if format_spec in (",", ",g"):
                return format_decimal(value, locale=locale())
            if found := _PLACES.fullmatch(format_spec):
                places = f".{'0' * int(found['places'])}".rstrip(".")
                if found["sign"] == "f":
                    whole = "#,##0" if found["grouped"] else "0"
                    return format_decimal(value, f"{whole}{places}", locale())
                pattern = locale().percent_formats[None].pattern.replace("0", f"0{places}")
                return format_percent(value, pattern, locale())
        return super().format_field(value, format_spec)


_FORMATTER = _Formatter()
_PLACES = re.compile(r"(?P<grouped>,?)\.(?P<places>\d)(?P<sign>[f%])")


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(_LOCALES.get(language, language))


def load_languages() -> None:
    """Read the texts of all languages, and how each writes dates, a twentieth of a second each."""
    for each in LANGUAGES:
        _catalog(each)
        tuple(_locale(each).datetime_skeletons)


@cache
def _catalog(language: str) -> gettext.NullTranslations:
    """Return the texts of a language, from their source: so there is nothing to be compiled."""
    if language == SOURCE:
        return gettext.NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    path = resources.files("bot").joinpath("locales", language, "LC_MESSAGES", "bot.po")
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
