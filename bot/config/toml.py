"""Files of settings in TOML: read, with each mistake told in one sentence."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from bot.errors import BadSettings
from bot.localization import _

__all__ = ["read_toml"]

_T = TypeVar("_T")

_SINGULAR = (
    _("{subject} is not valid TOML: {problem}."),
    _("{subject} has a mistake: {problem}."),
    _("{subject} has a mistake at {key}: {problem}."),
)
_PLURAL = (
    _("{subject} are not valid TOML: {problem}."),
    _("{subject} have a mistake: {problem}."),
    _("{subject} have a mistake at {key}: {problem}."),
)


def read_toml(
    path: Path, build: Callable[[dict[str, Any]], _T], *, name: str, plural: bool = False
) -> _T:
    """Return what `build` makes of the file's content.

    `build` raises pydantic's ValidationError, or ValueError with a text that completes "… has a
    mistake: ". Raises BadSettings, whose sentence begins with `name`, a noun that may be plural.
    """
    subject = f"{name} {path}"
    invalid, mistake, mistake_at = _PLURAL if plural else _SINGULAR
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as exc:
        sentence = _("{subject} cannot be read: {reason}.")
        raise BadSettings(sentence.format(subject=subject, reason=exc.strerror)) from exc
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise BadSettings(invalid.format(subject=subject, problem=exc)) from exc
    try:
        return build(content)
    except ValidationError as exc:
        error = exc.errors()[0]
        key = ".".join(str(part) for part in error["loc"]) or _("the top")
        raise BadSettings(
            mistake_at.format(subject=subject, key=key, problem=error["msg"])
        ) from exc
    except ValueError as exc:
        raise BadSettings(mistake.format(subject=subject, problem=exc)) from exc
