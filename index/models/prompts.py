"""The prompts that an embedding model expects before queries and before passages."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from index.errors import ModelUnavailable


@dataclass(frozen=True, slots=True)
class Prompts:
    query: str = ""
    passage: str = ""


_FAMILIES = (
    # From the model cards; for models that do not carry their prompts in their configuration.
    ("multilingual-e5", Prompts("query: ", "passage: ")),
    ("e5-", Prompts("query: ", "passage: ")),
    ("bge-m3", Prompts()),
    ("bge-", Prompts("Represent this sentence for searching relevant passages: ")),
    ("nomic-embed", Prompts("search_query: ", "search_document: ")),
    ("mxbai-embed", Prompts("Represent this sentence for searching relevant passages: ")),
    (
        "snowflake-arctic-embed",
        Prompts("Represent this sentence for searching relevant passages: "),
    ),
)


def prompts_of(
    model: str, directory: Path, query: str | None = None, passage: str | None = None
) -> Prompts:
    """Return the given prompts; for None, those of the model's configuration or of its family.

    Raises ModelUnavailable where the configuration cannot be read.
    """
    configured = _configured(directory) or _of_family(model)
    return Prompts(
        query=configured.query if query is None else query,
        passage=configured.passage if passage is None else passage,
    )


def _configured(directory: Path) -> Prompts | None:
    path = directory / "config_sentence_transformers.json"
    if not path.is_file():
        return None
    try:
        prompts = json.loads(path.read_text("utf-8")).get("prompts") or {}
    except (OSError, ValueError, AttributeError) as exc:
        raise ModelUnavailable(
            str(directory), f"{path.name} cannot be read ({exc})", "Fetch it again."
        ) from exc
    found = Prompts(
        query=prompts.get("query") or "",
        passage=prompts.get("document") or prompts.get("passage") or "",
    )
    return found if found != Prompts() else None


def _of_family(model: str) -> Prompts:
    name = model.rstrip("/").rpartition("/")[2].lower()
    for family, prompts in _FAMILIES:
        if name.startswith(family):
            return prompts
    return Prompts()
