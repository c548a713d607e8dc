from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.models.prompts import Prompts, prompts_of

ASK = "Represent this sentence for searching relevant passages: "


def configured(directory: Path, prompts: object) -> Path:
    (directory / "config_sentence_transformers.json").write_text(json.dumps({"prompts": prompts}))
    return directory


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("all-MiniLM-L6-v2", Prompts()),
        ("intfloat/e5-small-v2", Prompts("query: ", "passage: ")),
        ("intfloat/multilingual-e5-base", Prompts("query: ", "passage: ")),
        ("BAAI/bge-small-en-v1.5", Prompts(ASK)),
        ("/models/BGE-base-en/", Prompts(ASK)),
        ("BAAI/bge-m3", Prompts()),
        ("nomic-ai/nomic-embed-text-v1.5", Prompts("search_query: ", "search_document: ")),
        ("someone/not-e5-like", Prompts()),
    ],
)
def test_a_family_has_its_prompts(tmp_path: Path, model: str, expected: Prompts) -> None:
    assert prompts_of(model, tmp_path) == expected


def test_the_models_own_configuration_goes_before_its_family(tmp_path: Path) -> None:
    configured(tmp_path, {"query": "q: ", "document": "d: ", "other": "x"})
    assert prompts_of("e5-small", tmp_path) == Prompts("q: ", "d: ")
    configured(tmp_path, {"query": "q: ", "passage": "p: "})
    assert prompts_of("e5-small", tmp_path) == Prompts("q: ", "p: ")


@pytest.mark.parametrize("prompts", [None, {}, {"query": "", "document": ""}, {"other": "x"}])
def test_a_configuration_without_prompts_leaves_it_to_the_family(
    tmp_path: Path, prompts: object
) -> None:
    configured(tmp_path, prompts)
    assert prompts_of("e5-small", tmp_path) == Prompts("query: ", "passage: ")


def test_what_is_given_goes_before_all_even_if_it_is_nothing(tmp_path: Path) -> None:
    configured(tmp_path, {"query": "q: ", "document": "d: "})
    assert prompts_of("e5-small", tmp_path, query="", passage="mine: ") == Prompts("", "mine: ")
    assert prompts_of("e5-small", tmp_path, query="mine: ") == Prompts("mine: ", "d: ")
