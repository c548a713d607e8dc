"""Front matter of Markdown files: fields in YAML, TOML or JSON above the text."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import yaml

from index.document import AUDIENCE
from index.parsing.metadata.front_matter_audience import FRONT_MATTER, NOT_UNDERSTOOD, is_named_in
from index.parsing.text.dates import iso_date, iso_moment

_MISTAKES = (yaml.YAMLError, ValueError, TypeError, ArithmeticError, RecursionError)
_FIELD = re.compile(r"(?P<key>\w[\w -]*):[ \t]+(?P<value>[^\s\[{|>&'\"].*|\[[^\[\]]*\]\s*[^\s,].*)")
"""A line of YAML with a value that may have been meant as it stands."""
_MOST_LINES = 500
_JSON_END = re.compile(r"[^\S\r\n]*(?:\r\n?|\n|\Z)")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """`end` is where its text ends, 0 where there is none; `metadata` is what it says."""

    end: int = 0
    metadata: Mapping[str, str] = field(default_factory=dict)
    names_audience: bool = False
    """Whether it names one somewhere, be it where nobody looks for it."""
    remark: str = ""


def read_front_matter(text: str) -> FrontMatter:
    """Return the fields at the beginning of a text."""
    if match := FRONT_MATTER.match(text):
        toml = match["toml"]
        written = match["yaml"] if toml is None else toml
        remark = ""
        try:
            fields = _of_yaml(written) if toml is None else tomllib.loads(_lines(toml))
        except _MISTAKES:
            if toml is not None and "=" not in toml:
                return FrontMatter()
            fields = {AUDIENCE: None} if AUDIENCE in written.lower() else {}
            kind = "YAML" if toml is None else "TOML"
            remark = f"Its front matter is not valid {kind} and was not understood."
        end = match.end()
    elif text.startswith("{"):
        try:
            fields, end = json.JSONDecoder().raw_decode(text)
        except _MISTAKES:
            return FrontMatter()
        if not _JSON_END.match(text, end):
            return FrontMatter()
        remark = ""
    else:
        return FrontMatter()
    named = is_named_in(fields)
    if fields is None or isinstance(fields, Mapping):
        return FrontMatter(end, _metadata(fields or {}), named, remark)
    return FrontMatter(0, {}, named, remark)


def _of_yaml(written: str) -> object:
    """Return the fields; where they are no YAML, once more with values taken as they stand."""
    try:
        return yaml.safe_load(written)
    except _MISTAKES:
        lines = written.splitlines()
        if len(lines) > _MOST_LINES:
            raise
        for number, line in enumerate(lines):
            following = lines[number + 1] if number + 1 < len(lines) else ""
            if not following.startswith((" ", "\t")):
                lines[number] = _quoted(line)
        return yaml.safe_load("\n".join(lines))


def _quoted(line: str) -> str:
    """Return a line with its value in quotation marks, if only so it is YAML.

    An audience is left alone: one with a mistake in it must not be taken for another one.
    """
    match = _FIELD.fullmatch(line.rstrip())
    if match is None or AUDIENCE in match["key"].lower():
        return line
    try:
        yaml.safe_load(line)
    except _MISTAKES:
        value = match["value"].replace("'", "''")
        return f"{match['key']}: '{value}'"
    return line


def _lines(text: str) -> str:
    return re.sub(r"\r\n?", "\n", text)


def _metadata(fields: Mapping[object, object]) -> dict[str, str]:
    """Return scalars and lists of scalars; aliases can multiply deeper values without end."""
    found: dict[str, str] = {}
    for key, value in fields.items():
        values = value if isinstance(value, list) else [value]
        written = [_scalar(each) for each in values]
        if written and all(each is not None for each in written):
            found[str(key).strip().lower()] = ", ".join(each for each in written if each)
        elif str(key).strip().lower() == AUDIENCE:
            found[AUDIENCE] = NOT_UNDERSTOOD
    if found.get("date"):
        found["date"] = iso_date(found["date"]) or found["date"]
    return found


def _scalar(value: object) -> str | None:
    if isinstance(value, date):
        return iso_moment(value)
    if isinstance(value, bool):
        return str(value).lower()
    return " ".join(str(value).split()) if isinstance(value, str | int | float) else None
