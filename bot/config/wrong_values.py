"""Says in plain words what is wrong with a setting's value, by the type that pydantic finds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.localization import LazyText

_LIST = LazyText("it must be a list, in [ ]")
_WHOLE = LazyText("it must be a whole number")
_NUMBER = LazyText("it must be a number")
_EMPTY = LazyText("it must not be empty")
_SECTION = LazyText("it must be a section, with its name in [ ] and lines below")
_WORDS: Mapping[str, LazyText] = {
    "frozen_set_type": _LIST,
    "tuple_type": _LIST,
    "list_type": _LIST,
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": _WHOLE,
    "int_from_float": _WHOLE,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": _NUMBER,
    "bool_parsing": LazyText("it must be 1 for yes or 0 for no"),
    "string_type": LazyText("it must be text, in quotation marks"),
    "model_type": _SECTION,
    "dict_type": _SECTION,
    "too_short": _EMPTY,
    "string_too_short": _EMPTY,
    "missing": LazyText("it is missing"),
    "literal_error": LazyText("it must be {expected}"),
    "greater_than": LazyText("it must be more than {gt}"),
    "greater_than_equal": LazyText("it must be {ge} or more"),
    "less_than": LazyText("it must be less than {lt}"),
    "less_than_equal": LazyText("it must be {le} or less"),
}


def wrong_value(error: Any) -> str:
    """Return what is wrong, completing "… has a mistake: "."""
    if words := _WORDS.get(error["type"]):
        return words.format(**error.get("ctx", {}))
    return str(error["msg"]).removeprefix("Value error, ")  # a sentence of our own
