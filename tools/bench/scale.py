"""The index with many passages: `make bench-scale`, in one run with FAISS flat and FTS5's bm25().

Texts are by a script, their words as frequent as those of the corpus and as unequal (Zipf); vectors
are those of real passages with noise; the documents are in classes of equal size, of which half may
be seen in turn. Searches alone are measured, in processes of their own. Prints; writes no page.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from index.chunking.passage import Passage
from index.document import Document
from index.ports import Filter, Vectors
from index.store.catalog.catalog import Catalog
from index.store.folder.store import IndexStore
from index.store.generation import CATALOG, Generation, Manifest, Recipe
from index.store.pointer import Takeover
from index.store.ports import Staged, Store
from index.store.vectors.files import StagedVectors
from index.text import words_of
from tools.bench.bulk import load_documents, made_document
from tools.bench.real_vectors import noisy, real_vectors
from tools.report import ROOT, command_of, parser_of, provenance, table

__all__ = ["built", "change_one", "growth", "main", "memory", "questions", "search", "texts"]

_OF_A_DOCUMENT = 5
_WORDS = 90
_ASKED = 5
_FOUND = 50
_AT_ONCE = 10_000
_RECIPE = Recipe(
    model="bench",
    fingerprint="0" * 64,
    query_prompt="",
    passage_prompt="",
    chunker=1,
    parser=1,
    target_tokens=1,
)


def main() -> None:
    parser = parser_of("tools.bench.scale", __doc__)
    parser.add_argument("--passages", type=int, default=1_000_000)
    parser.add_argument("--classes", type=int, default=50)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--work", type=Path, default=ROOT / ".bench" / "scale")
    parser.add_argument("--child", choices=("ours", "reference"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    folder = options.work / f"{options.passages}-{options.classes}"
    if options.child:
        measure = {"ours": _ours, "reference": _reference}[options.child]
        print(json.dumps(measure(folder, options.questions, options.classes)))
        return
    folder.mkdir(parents=True, exist_ok=True)
    (options.work / ".gitignore").write_text("*\n", encoding="utf-8")
    if not (folder / "whole").exists():
        shutil.rmtree(folder)
        folder.mkdir()
        started = time.perf_counter()
        built(folder, options.passages, options.classes)
        (folder / "whole").write_text(f"{time.perf_counter() - started:.0f}\n")
    ours, reference = (_child(each) for each in ("ours", "reference"))
    rows = [(name, ours[name], reference.get(name, "")) for name in ours]
    print("\n".join(table(["", "ours", "FAISS flat, FTS5"], rows)))
    print(provenance(command_of("tools.bench.scale")))


def texts(passages: int, random: np.random.Generator) -> Iterator[str]:
    """Yield texts of about 90 words, which are as unequally frequent as in any language."""
    words = np.array(_vocabulary(50_000 + passages // 10))
    for first in range(0, passages, _AT_ONCE):
        number = min(_AT_ONCE, passages - first)
        ranks = np.exp(random.random((number, _WORDS)) * np.log(len(words))).astype(int) - 1
        yield from (f"{' '.join(row)}." for row in words[ranks].tolist())


def _vocabulary(size: int) -> list[str]:
    """Return words, the most frequent first: those of the corpus, then pairs of them."""
    counts: dict[str, int] = {}
    for path in sorted((ROOT / "corpus").rglob("*.md")):
        for word in words_of(path.read_text(encoding="utf-8")):
            counts[word] = counts.get(word, 0) + 1
    known = sorted(counts, key=lambda word: (-counts[word], word))
    random = Random(1)
    pairs = (random.choice(known) + random.choice(known) for _ in iter(int, 1))
    return list(islice(dict.fromkeys((*known, *islice(pairs, 2 * size))), size))


def _vectors(passages: int, random: np.random.Generator) -> Iterator[Vectors]:
    """Yield vectors of real passages with noise, some at a time."""
    real = real_vectors()
    for first in range(0, passages, _AT_ONCE):
        number = min(_AT_ONCE, passages - first)
        yield noisy(real[random.integers(0, len(real), number)], random)


def built(folder: Path, passages: int, classes: int) -> None:
    """Build an index of so many passages, and the reference beside it."""
    random = np.random.default_rng(7)
    store = IndexStore(folder / "index")
    written = texts(passages, random)
    with store.lock(), store.stage(None) as staging:
        staged = store.edit(staging, anew=True)
        vectors = _vectors(passages, random)
        first = 0
        while bodies := list(islice(written, _AT_ONCE)):
            documents = [
                _made(number // _OF_A_DOCUMENT, classes, bodies[number - first :])
                for number in range(first, first + len(bodies), _OF_A_DOCUMENT)
            ]
            keys = load_documents(staged.catalog, documents, first // _OF_A_DOCUMENT + 1, first + 1)
            staged.vectors.add(keys, next(vectors))
            first += len(bodies)
        _publish(store, staging, staged)
    _build_reference(folder, store)


def _made(number: int, classes: int, bodies: list[str]) -> tuple[Document, list[Passage]]:
    name = f"team{number % classes:02}/{number}.md"
    return made_document(name, name, bodies[:_OF_A_DOCUMENT], name)


def _put(catalog: Catalog, staged: StagedVectors, name: str, body: list[str], of: Vectors) -> None:
    document, passages = made_document(name, name, body, name)
    catalog.put_document(document, "")
    staged.add([catalog.put_passage(each, each.id.encode()) for each in passages], of)


def _publish(store: Store, staging: Any, staged: Staged) -> None:
    catalog = staged.catalog
    manifest = Manifest(
        number=0,
        created_at=datetime.now(UTC).isoformat(),
        looked_at_ns=0,
        documents=len(catalog.document_names()),
        passages=catalog.passage_count(),
        recipe=_RECIPE,
        limits={},
        options={},
        files={},
    )
    staged.save()
    store.publish(staging, manifest, Takeover())


def _build_reference(folder: Path, store: IndexStore) -> None:
    import faiss

    generation = store.open(None)
    keys = generation.catalog.lexical().keys(None)
    flat = faiss.IndexIDMap2(faiss.IndexFlatIP(generation.vectors.get(keys[:1].tolist()).shape[1]))
    for first in range(0, len(keys), _AT_ONCE):
        some = keys[first : first + _AT_ONCE]
        flat.add_with_ids(generation.vectors.get(some.tolist()), some)
    faiss.write_index(flat, str(folder / "vectors.faiss"))
    catalog = store.directory(generation.number) / CATALOG
    with sqlite3.connect(folder / "words.sqlite") as db:
        db.execute("ATTACH ? AS from_catalog", (str(catalog),))
        db.execute("CREATE VIRTUAL TABLE words USING fts5(context, body, tokenize = porter)")
        db.execute(
            "INSERT INTO words (rowid, context, body)"
            " SELECT key, context, text FROM from_catalog.passages"
        )


def _child(which: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tools.bench.scale", *sys.argv[1:], "--child", which]
    found = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    return dict(json.loads(found.stdout))


def questions(number: int) -> tuple[list[str], Vectors]:
    random = np.random.default_rng(11)
    asked = [" ".join(text.split()[:_ASKED]) for text in texts(number, random)]
    real = real_vectors()
    return asked, noisy(real[random.integers(0, len(real), number)], random)


def _ours(folder: Path, number: int, classes: int) -> dict[str, str]:
    asked, queries = questions(number)
    before = memory()
    store = IndexStore(folder / "index")
    generation, opened = _timed(lambda: store.open(None))
    _, first = _timed(lambda: search(generation, asked[0], queries[0], None))
    times = _times(lambda at: search(generation, asked[at], queries[at], None), number)
    again = _times(lambda at: search(generation, asked[at], queries[at], None), number)
    names = generation.catalog.document_names()
    seen = {name for name in names if int(name[4:6]) % 2 == 0}
    half, made = _timed(lambda: generation.catalog.filter_of(seen))
    search(generation, asked[0], queries[0], half)
    within = _times(lambda at: search(generation, asked[at], queries[at], half), number)
    after = memory()
    recall = _recall(folder, generation, queries)
    changed, written = _change(store)
    return {
        "open / first question": f"{opened:.2f} / {first:.2f} s",
        "dense + lexical, p50 / p95": _percentiles(times),
        "the same again": _percentiles(again),
        "within half of the classes": _percentiles(within),
        "the filter of half made once": f"{made:.2f} s",
        "recall@10": f"{recall:.4f}",
        "resident: own / mapped; peak": growth(before, after),
        "disk": f"{_size(store.directory(generation.number)) / 1e6:,.0f} MB",
        "one document changed": f"{changed:.2f} s, {written / 1e6:,.1f} MB of segments written",
    }


def search(generation: Generation, asked: str, query: Vectors, allowed: Filter | None) -> None:
    generation.nearest(query, _FOUND, allowed)
    generation.catalog.search(asked, _FOUND, allowed)


def _reference(folder: Path, number: int, classes: int) -> dict[str, str]:
    import faiss

    asked, queries = questions(number)
    before = memory()
    started = time.perf_counter()
    flat = faiss.read_index(str(folder / "vectors.faiss"))
    db = sqlite3.connect(folder / "words.sqlite")
    opened = time.perf_counter() - started
    ranked = "SELECT rowid, bm25(words) FROM words WHERE words MATCH ? ORDER BY rank LIMIT ?"

    def search_words(at: int) -> None:
        flat.search(queries[at][None, :], _FOUND)
        query = " OR ".join(f'"{word}"' for word in words_of(asked[at]))
        db.execute(ranked, (query, _FOUND)).fetchall()

    _, first = _timed(lambda: search_words(0))
    times, again = _times(search_words, number), _times(search_words, number)
    return {
        "open / first question": f"{opened:.2f} / {first:.2f} s",
        "dense + lexical, p50 / p95": _percentiles(times),
        "the same again": _percentiles(again),
        "resident: own / mapped; peak": growth(before, memory()),
    }


def _recall(folder: Path, generation: Generation, queries: Vectors) -> float:
    import faiss

    flat = faiss.read_index(str(folder / "vectors.faiss"))
    exact, _ = flat.search(queries, 10)
    good = 0
    for query, scores in zip(queries, exact, strict=True):
        found = generation.nearest(query, 10)
        good += sum(score >= scores[-1] - 1e-6 for _, score in found)
    return good / (10 * len(queries))


def _change(store: IndexStore) -> tuple[float, int]:
    """Change one document; return the seconds, and the bytes of new segments."""
    before = {each.name for each in store.directory(store.pointer().current).iterdir()}
    _, seconds = _timed(lambda: change_one(store))
    made = list(store.directory(store.pointer().current).iterdir())
    return seconds, sum(each.stat().st_size for each in made if each.name not in {*before, CATALOG})


def change_one(store: Store) -> None:
    """Publish a generation in which one document is changed."""
    body, random = ["The convoy of the harbour is late."] * 3, np.random.default_rng(3)
    with store.lock():
        with store.stage(store.pointer().current) as staging:
            staged = store.edit(staging, anew=False)
            staged.catalog.delete_passages("team00/0.md")
            vectors = noisy(real_vectors()[:3], random)
            _put(staged.catalog, staged.vectors, "team00/0.md", body, vectors)
            _publish(store, staging, staged)
        store.prune()


def _timed(do: Callable[[], Any]) -> tuple[Any, float]:
    started = time.perf_counter()
    done = do()
    return done, time.perf_counter() - started


def _times(do: Callable[[int], object], number: int) -> list[float]:
    return [_timed(lambda at=at: do(at))[1] for at in range(number)]  # type: ignore[misc]


def _percentiles(times: list[float]) -> str:
    middle, high = np.percentile(times, (50, 95)) * 1000
    return f"{middle:.1f} / {high:.1f} ms"


def memory() -> dict[str, float]:
    """Return the memory of this process by kind, in MB."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    fields = dict(line.split(":", 1) for line in lines)
    return {name: int(fields[name].split()[0]) / 1000 for name in ("RssAnon", "RssFile", "VmHWM")}


def growth(before: dict[str, float], after: dict[str, float]) -> str:
    own, mapped, peak = (after[name] - before[name] for name in before)
    return f"{own:,.0f} / {mapped:,.0f}; {peak:,.0f} MB"


def _size(folder: Path) -> int:
    return sum(each.stat().st_size for each in folder.iterdir())


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "2")
    main()
