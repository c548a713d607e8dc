"""Checks requests and answers against Discord's own description of its API."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match
from referencing import Registry
from referencing.jsonschema import DRAFT202012

REPOSITORY = Path(__file__).parents[2]
DESCRIPTION = REPOSITORY.parent / "shared" / "discord" / "openapi.json"
_URI = "urn:discord"


class Contract:
    """Checks methods, paths, query names and JSON bodies against an OpenAPI 3.1 description."""

    def __init__(self, description: dict[str, Any]) -> None:
        # discord.py sends ids as numbers in places, and Discord takes them.
        description["components"]["schemas"]["SnowflakeType"]["type"] = ["string", "integer"]
        self._paths: dict[str, Any] = description["paths"]
        self._registry: Registry[Any] = Registry().with_resource(
            _URI, DRAFT202012.create_resource(description)
        )
        # The most literal path first: /users/@me before /users/{user_id}.
        self._patterns = [
            (re.compile(re.sub(r"\\{[^{}]*\\}", "[^/]+", re.escape(path))), path)
            for path in sorted(self._paths, key=lambda path: (path.count("{"), -len(path)))
        ]
        self._validators: dict[str, Draft202012Validator] = {}

    def template(self, path: str) -> str | None:
        """Return the path template of the description that a request's path matches."""
        return next((name for shape, name in self._patterns if shape.fullmatch(path)), None)

    def faults_of_request(
        self,
        method: str,
        path: str,
        query: Iterable[str] = (),
        body: Any = None,
        *,
        multipart: bool = False,
    ) -> list[str]:
        """Return how a request violates the description; `body` is its JSON, or None."""
        template = self.template(path)
        operation = self._operation(method, template)
        if template is None or operation is None:
            return [f"{method} {path}: Discord describes no such operation"]
        parameters = self._paths[template].get("parameters", []) + operation.get("parameters", [])
        known = {one["name"] for one in parameters if one["in"] == "query"}
        faults = [f"no query parameter {name!r}" for name in query if name not in known]
        described = operation.get("requestBody")
        if described is None:
            faults += ["a body where none belongs"] if body is not None else []
        elif body is None:
            faults += ["no body"] if described.get("required") else []
        else:
            kind = "multipart/form-data" if multipart else "application/json"
            if kind in described["content"]:
                place = ("requestBody", "content", kind, "schema")
                faults += self._faults(template, method, place, body)
            else:
                faults.append(f"no body of type {kind}")
        return [f"{method} {path}: {fault}" for fault in faults]

    def faults_of_answer(self, method: str, path: str, status: int, answer: Any) -> list[str]:
        """Return how an answer violates the description; `answer` is its JSON, or None."""
        template = self.template(path)
        operation = self._operation(method, template)
        if template is None or operation is None:
            return [f"{method} {path}: Discord describes no such operation"]
        described = operation["responses"].get(str(status))
        if described is None:
            return [f"{method} {path}: Discord describes no answer {status}"]
        if "content" not in described:
            return [] if answer is None else [f"{method} {path}: {status} has no body"]
        place = ("responses", str(status), "content", "application/json", "schema")
        return [
            f"{method} {path} answered {fault}"
            for fault in self._faults(template, method, place, answer)
        ]

    def _operation(self, method: str, template: str | None) -> Mapping[str, Any] | None:
        if template is None:
            return None
        operation: Mapping[str, Any] | None = self._paths[template].get(method.lower())
        return operation

    def _faults(
        self, template: str, method: str, place: tuple[str, ...], value: Any
    ) -> Iterator[str]:
        pointer = "/".join(map(_escape, ("", "paths", template, method.lower(), *place)))
        validator = self._validators.get(pointer)
        if validator is None:
            validator = Draft202012Validator({"$ref": f"{_URI}#{pointer}"}, registry=self._registry)
            self._validators[pointer] = validator
        for error in validator.iter_errors(value):
            yield _sentence(error)


def _escape(part: str) -> str:
    """Return a key as a part of a JSON pointer in a URI."""
    part = part.replace("~", "~0").replace("/", "~1")
    return part.replace("%", "%25").replace("{", "%7B").replace("}", "%7D")


def _sentence(error: ValidationError) -> str:
    """Return place and text of the error that explains most."""
    deepest = best_match([error]) or error
    return f"{deepest.json_path}: {deepest.message[:300]}"


@functools.cache
def described(path: Path = DESCRIPTION) -> Contract | None:
    """Return the contract from beside the checkout, or None if it is not there."""
    if not path.is_file():
        return None
    return Contract(json.loads(path.read_text(encoding="utf-8")))
