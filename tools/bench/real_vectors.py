"""Vectors of 25,000 real texts, embedded once.

The texts are what the installed packages say of their code, and the lines of the sample corpus.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from index.ports import Vectors
from tools.report import ROOT

_PACKAGES = ("torch", "transformers", "scipy", "numpy")
_SHORTEST, _LONGEST, _WORDS = 80, 600, 12
_TEXTS = 25_000
_NOISE = 0.02


def real_vectors() -> Vectors:
    """Return the vectors of the texts; the first time takes minutes."""
    kept = ROOT / ".bench" / "real-texts.npy"
    if not kept.exists():
        from index.models.embedder import load_embedder
        from index.models.registry import PACKAGED_EMBEDDER

        texts = sorted({*_corpus_lines(), *_docstrings()}, key=_digest)[:_TEXTS]
        kept.parent.mkdir(parents=True, exist_ok=True)
        np.save(kept, load_embedder(PACKAGED_EMBEDDER).embed_passages(texts))
    return np.asarray(np.load(kept), np.float32)


def noisy(vectors: Vectors, random: np.random.Generator) -> Vectors:
    """Return unit vectors near those: noise of a norm of .4 is added."""
    noise = random.standard_normal(vectors.shape, np.float32) * np.float32(_NOISE)
    found = vectors + noise
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _corpus_lines() -> Iterator[str]:
    for path in sorted((ROOT / "corpus").rglob("*.md")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if _SHORTEST < len(line) < _LONGEST:
                yield line.strip()


def _docstrings() -> Iterator[str]:
    """Yield the paragraphs of docstrings."""
    for name in _PACKAGES:
        spec = find_spec(name)
        for folder in (spec.submodule_search_locations or ()) if spec else ():
            for path in sorted(Path(folder).rglob("*.py")):
                yield from _paragraphs(path)


def _paragraphs(path: Path) -> Iterator[str]:
    try:
        module = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(module):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            for paragraph in (ast.get_docstring(node) or "").split("\n\n"):
                text = " ".join(paragraph.split())
                if (
                    _SHORTEST < len(text) < _LONGEST
                    and text.count(" ") >= _WORDS
                    and ">>>" not in text
                ):
                    yield text
