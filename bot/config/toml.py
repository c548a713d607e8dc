"""Files of settings in TOML: read, with each mistake told in one sentence."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from bot.errors import BadSettings

__all__ = ["read_toml"]

_T = TypeVar("_T")


def read_toml(
    path: Path, build: Callable[[dict[str, Any]], _T], *, name: str, plural: bool = False
) -> _T:
    """Return what `build` makes of the file's content.

    `build` raises pydantic's ValidationError, or ValueError with a text that completes "… has a
    mistake: ". Raises BadSettings, whose sentence begins with `name`, a noun that may be plural.
    """
    subject = f"{name} {path}"
    is_not, has = ("are not", "have") if plural else ("is not", "has")
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as exc:
        raise BadSettings(f"{subject} cannot be read: {exc.strerror}.") from exc
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise BadSettings(f"{subject} {is_not} valid TOML: {exc}.") from exc
    try:
        return build(content)
    except ValidationError as exc:
        error = exc.errors()[0]
        key = ".".join(str(part) for part in error["loc"]) or "the top"
        raise BadSettings(f"{subject} {has} a mistake at {key}: {error['msg']}.") from exc
    except ValueError as exc:
        raise BadSettings(f"{subject} {has} a mistake: {exc}.") from exc
