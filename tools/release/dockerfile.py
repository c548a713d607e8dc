"""Reads a Dockerfile and a .dockerignore: as much of their languages as ours use, and no more."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["Instruction", "NotUnderstood", "expand", "ignored", "read_dockerfile"]

_WORDS = ("FROM", "ARG", "ENV", "WORKDIR", "COPY", "USER", "EXPOSE")
_ARRAYS = ("ENTRYPOINT", "CMD", "HEALTHCHECK")
_FLAGS = {
    "COPY": {"from", "chown"},
    "HEALTHCHECK": {"interval", "timeout", "start-period", "start-interval", "retries"},
}
_VARIABLE = re.compile(r"\$(?:(\w+)|\{(\w+)(?::([-+])([^}]*))?\})")


class NotUnderstood(Exception):
    """What stands in a Dockerfile and is not among what this reads; names the line."""


@dataclass(frozen=True, slots=True)
class Instruction:
    """`flags` stand behind the name as --flag=value. `arguments` are words as written, variables
    not yet replaced; of RUN, the one text that the shell gets."""

    line: int
    name: str
    arguments: tuple[str, ...]
    flags: Mapping[str, str] = field(default_factory=dict)


def read_dockerfile(text: str) -> list[Instruction]:
    """Raises NotUnderstood for an instruction, flag or form that is not known here."""
    return [_instruction(line, logical) for line, logical in _logical_lines(text)]


def expand(text: str, variables: Mapping[str, str]) -> str:
    """Replaces `$NAME`, `${NAME}`, `${NAME:-default}` and `${NAME:+instead}`; what is not set is
    empty, as for Docker."""

    def value(match: re.Match[str]) -> str:
        plain, braced, operator, other = match.groups()
        found = variables.get(plain or braced, "")
        if operator == "+":
            return str(other) if found else ""
        return found or (other or "")

    return _VARIABLE.sub(value, text)


def ignored(path: str, dockerignore: str) -> bool:
    """Whether a .dockerignore keeps `path`, relative to the context, from the builder.

    The last pattern that matches the path or a folder above it decides. Character classes and
    escapes are not understood.
    """
    parts = Path(path).parts
    levels = ["/".join(parts[:length]) for length in range(1, len(parts) + 1)]
    out = False
    for line in dockerignore.splitlines():
        pattern = line.strip()
        if not pattern or pattern.startswith("#"):
            continue
        kept = pattern.startswith("!")
        matches = re.compile(_as_regex(pattern.lstrip("!").strip("/"))).fullmatch
        if any(matches(level) for level in levels):
            out = not kept
    return out


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Each instruction with the number of its first line; comments are gone, even within one."""
    began, parts = 0, list[str]()
    for number, line in enumerate(text.splitlines(), start=1):
        if re.match(r"#\s*(escape|syntax)\s*=", line):
            raise NotUnderstood(f"Line {number}: parser directives are not understood here.")
        if line.lstrip().startswith("#") or not line.strip():
            continue
        began = began or number
        parts.append(line.strip().removesuffix("\\"))
        if not line.rstrip().endswith("\\"):
            yield began, "".join(parts)
            began, parts = 0, []
    if parts:
        raise NotUnderstood(f"Line {began}: the last instruction does not end.")


def _instruction(line: int, logical: str) -> Instruction:
    name, _, rest = logical.partition(" ")
    name, rest = name.upper(), rest.strip()
    flags = {}
    while match := re.match(r"--([a-z-]+)=(\S+)\s+", rest):
        flags[match[1]] = match[2]
        rest = rest[match.end() :]
    if unknown := flags.keys() - _FLAGS.get(name, set()):
        raise NotUnderstood(f"Line {line}: {name} with --{min(unknown)} is not understood here.")
    arguments: tuple[str, ...]
    if name == "RUN" and not rest.startswith(("[", "--", "<<")):
        arguments = (rest,)
    elif name in _WORDS and not rest.startswith(("[", "--")):
        arguments = tuple(_words(name, rest))
    elif name in _ARRAYS:
        arguments = _array(line, name, rest)
    else:
        raise NotUnderstood(f"Line {line}: {logical[:60]!r} is not understood here.")
    if name == "COPY" and not arguments[-1].endswith("/"):
        raise NotUnderstood(f"Line {line}: where COPY copies to must end with / here.")
    return Instruction(line, name, arguments, flags)


def _words(name: str, rest: str) -> list[str]:
    words = shlex.split(rest)
    if name == "ENV" and not all("=" in word for word in words):
        raise NotUnderstood(f"ENV without = is not understood here: {rest[:60]!r}.")
    return words


def _array(line: int, name: str, rest: str) -> tuple[str, ...]:
    try:
        parsed = json.loads(rest.removeprefix("CMD").strip() if name == "HEALTHCHECK" else rest)
    except ValueError:
        parsed = None
    if not isinstance(parsed, list) or not all(isinstance(word, str) for word in parsed):
        raise NotUnderstood(f"Line {line}: {name} is understood as an array of strings only.")
    return tuple(parsed)


def _as_regex(pattern: str) -> str:
    pieces = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return "".join(pieces.get(piece) or re.escape(piece) for piece in _split(pattern))


def _split(pattern: str) -> list[str]:
    return re.findall(r"\*\*/|\*\*|\*|\?|[^*?]+", pattern)
