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


def read_toml(
    path: Path, build: Callable[[dict[str, Any]], _T], *, name: str, plural: bool = False
) -> _T:
    """Return what `build` makes of the file's content.

    `build` raises pydantic's ValidationError, or ValueError with a text that completes "… has a
    mistake: ". Raises BadSettings, whose sentence begins with `name`, a noun that may be plural.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as exc:
        raise BadSettings(
            _("{name} {path} cannot be read: {reason}.").format(
                name=name, path=path, reason=exc.strerror
            )
        ) from exc
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        if plural:
            template = _("{name} {path} are not valid TOML: {problem}.")
        else:
            template = _("{name} {path} is not valid TOML: {problem}.")
        raise BadSettings(template.format(name=name, path=path, problem=exc)) from exc
    try:
        return build(content)
    except ValidationError as exc:
        error = exc.errors()[0]
        key = ".".join(str(part) for part in error["loc"]) or _("the top")
        if plural:
            template = _("{name} {path} have a mistake at {key}: {problem}.")
        else:
            template = _("{name} {path} has a mistake at {key}: {problem}.")
        raise BadSettings(
            template.format(name=name, path=path, key=key, problem=error["msg"])
        ) from exc
    except ValueError as exc:
        if plural:
            template = _("{name} {path} have a mistake: {problem}.")
        else:
            template = _("{name} {path} has a mistake: {problem}.")
        raise BadSettings(template.format(name=name, path=path, problem=exc)) from exc
