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
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from index.chunking.passage import Passage
from index.document import Document
from index.ports import Filter, Vectors
from index.store.catalog.catalog import Catalog
from index.store.folder.generation_files import CATALOG
from index.store.folder.store import IndexStore
from index.store.generation import Generation, Manifest, Recipe, Trust
from index.store.pointer import Takeover
from index.store.ports import Staged, Store
from index.store.vectors.files import StagedVectors
from index.text import words_of
from tools.bench.bulk import load_documents, made_document
from tools.bench.real_vectors import noisy, real_vectors
from tools.report import ROOT, command_of, parser_of, provenance, table

Times = tuple[float, float]
"""Wall and processor time."""

_OF_A_DOCUMENT = 5
_WORDS = 90
_ASKED = 5
_FOUND = 50
_AT_ONCE = 10_000
_OF_REFERENCE = 20
"""Questions that the reference is asked, of which each takes seconds where there are millions."""
_OF_RECALL = 10
_CHANGES = 3
_BUILT = "built.json"
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
    parser.add_argument(
        "--alone", action="store_true", help="no reference beside it, which takes as long again"
    )
    parser.add_argument("--work", type=Path, default=ROOT / ".bench" / "scale")
    parser.add_argument("--child", choices=("ours", "reference"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    folder = options.work / f"{options.passages}-{options.classes}"
    if options.child:
        measure = {"ours": _ours, "reference": _reference}[options.child]
        print(json.dumps(measure(folder, options.questions)))
        return
    folder.mkdir(parents=True, exist_ok=True)
    (options.work / ".gitignore").write_text("*\n", encoding="utf-8")
    if not (folder / _BUILT).exists():
        shutil.rmtree(folder)
        folder.mkdir()
        took = built(folder, options.passages, options.classes)
        (folder / _BUILT).write_text(json.dumps(took), encoding="utf-8")
    if not (options.alone or (folder / "words.sqlite").exists()):
        _build_reference(folder, IndexStore(folder / "index"))
    ours = json.loads((folder / _BUILT).read_text(encoding="utf-8")) | _child("ours")
    reference = {} if options.alone else _child("reference")
    rows = [(name, ours[name], reference.get(name, "")) for name in ours]
    print("\n".join(table(["wall; processor: s, of many ms", "ours", "FAISS flat, FTS5"], rows)))
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


def built(folder: Path, passages: int, classes: int) -> dict[str, str]:
    """Build an index of so many passages; return how long the parts of that took."""
    random = np.random.default_rng(7)
    store = IndexStore(folder / "index")
    written = texts(passages, random)
    vectors = _vectors(passages, random)

    def fill(staged: Staged) -> None:
        first = 0
        while bodies := list(islice(written, _AT_ONCE)):
            documents = [
                _made(number // _OF_A_DOCUMENT, classes, bodies[number - first :])
                for number in range(first, first + len(bodies), _OF_A_DOCUMENT)
            ]
            keys = load_documents(staged.catalog, documents, first // _OF_A_DOCUMENT + 1, first + 1)
            staged.vectors.add(keys, next(vectors))
            first += len(bodies)

    with store.lock(), store.stage(None) as staging:
        staged = store.edit(staging, anew=True)
        _, filled = timed(lambda: fill(staged))
        _, published = timed(lambda: _publish(store, staging, staged))
    return {
        "texts and vectors made, and stored": shown([filled]),
        "words and vectors made into segments, published": shown([published]),
        "the same a passage, ms": f"{1000 * published[1] / passages:.2f}",
    }


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
        documents=catalog.document_count(),
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

    generation = store.open(None, trust=Trust.LARGE)
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


def _ours(folder: Path, number: int) -> dict[str, str]:
    asked, queries = questions(number)
    before = memory()
    store = IndexStore(folder / "index")
    # As a bot does: what is large is verified a minute later.
    generation, opened = timed(lambda: store.open(None, trust=Trust.LARGE))
    _, first = timed(lambda: search(generation, asked[0], queries[0], None))
    both = partial(search_all, generation, asked, queries)
    once, again = both(None), both(None)
    dense = [timed(lambda q=q: generation.nearest(q, _FOUND))[1] for q in queries]  # type: ignore[misc]
    seen = {name for name in generation.catalog.document_names() if int(name[4:6]) % 2 == 0}
    half, made = timed(lambda: generation.catalog.filter_of(seen))
    search(generation, asked[0], queries[0], half)
    within = both(half)
    after = memory()
    recall = _recall(generation, queries)
    size = _size(store.directory(generation.number))
    spare = _size(store.root / "spares")
    changes, written = zip(*(_change(store, number) for number in range(_CHANGES)), strict=True)
    return {
        "open": shown([opened]),
        "first question": shown([first]),
        "dense + lexical, p50 / p95": shown(once),
        "the same again": shown(again),
        "dense alone": shown(dense),
        "within half of the classes": shown(within),
        "the filter of half made once, by names": shown([made]),
        "recall@10": f"{recall:.4f}",
        "resident: own / mapped; peak": growth(before, after),
        "disk; the catalog's second copy": f"{size / 1e6:,.0f}; {spare / 1e6:,.0f} MB",
        "one document changed, opened, first question": shown([sorted(changes)[len(changes) // 2]]),
        "written for it, without the catalog's newest layer": f"{max(written) / 1e6:,.2f} MB",
    }


def search_all(
    generation: Generation, asked: Sequence[str], queries: Vectors, allowed: Filter | None
) -> list[Times]:
    """Search for each question, and return the times."""
    pairs = zip(asked, queries, strict=True)
    return [timed(partial(search, generation, *each, allowed))[1] for each in pairs]


def search(generation: Generation, asked: str, query: Vectors, allowed: Filter | None) -> None:
    generation.nearest(query, _FOUND, allowed)
    generation.catalog.search(asked, _FOUND, allowed)


def _reference(folder: Path, number: int) -> dict[str, str]:
    import faiss

    asked, queries = questions(min(number, _OF_REFERENCE))
    before = memory()
    (flat, db), opened = timed(
        lambda: (
            faiss.read_index(str(folder / "vectors.faiss")),
            sqlite3.connect(folder / "words.sqlite"),
        )
    )
    ranked = "SELECT rowid, bm25(words) FROM words WHERE words MATCH ? ORDER BY rank LIMIT ?"

    def search_vectors(at: int) -> None:
        flat.search(queries[at][None, :], _FOUND)

    def search_both(at: int) -> None:
        search_vectors(at)
        query = " OR ".join(f'"{word}"' for word in words_of(asked[at]))
        db.execute(ranked, (query, _FOUND)).fetchall()

    _, first = timed(lambda: search_both(0))
    times = [timed(partial(search_both, at))[1] for at in range(len(asked))]
    dense = [timed(partial(search_vectors, at))[1] for at in range(len(asked))]
    return {
        "open": shown([opened]),
        "first question": shown([first]),
        "dense + lexical, p50 / p95": shown(times),
        "dense alone": shown(dense),
        "resident: own / mapped; peak": growth(before, memory()),
    }


def _recall(generation: Generation, queries: Vectors) -> float:
    """Compare with all inner products, some vectors at a time: more may not fit into memory."""
    best = np.full((len(queries), _OF_RECALL), -np.inf, np.float32)
    keys = generation.catalog.lexical().keys(None)
    for first in range(0, len(keys), _AT_ONCE):
        vectors = generation.vectors.get(keys[first : first + _AT_ONCE].tolist())
        scores = np.concatenate((best, queries @ vectors.T), axis=1)
        best = np.partition(scores, -_OF_RECALL, axis=1)[:, -_OF_RECALL:]
    good = 0
    for query, least in zip(queries, best.min(axis=1), strict=True):
        good += sum(score >= least - 1e-6 for _, score in generation.nearest(query, _OF_RECALL))
    return good / (_OF_RECALL * len(queries))


def _change(store: IndexStore, number: int) -> tuple[Times, int]:
    """Change one document, and ask for it; return the time, and the bytes of new segments."""
    before = {each.name for each in store.directory(store.pointer().current).iterdir()}
    vectors = noisy(real_vectors()[:3], np.random.default_rng(3))

    def changed() -> None:
        change_one(store, f"team00/{50 * number}.md", vectors)
        generation = store.open(None, trust=Trust.LARGE)
        search(generation, "the convoy of the harbour", vectors[0], None)

    _, took = timed(changed)
    made = list(store.directory(store.pointer().current).iterdir())
    new = [each for each in made if each.name not in before and each.suffix != ".sqlite"]
    return took, sum(each.stat().st_size for each in new)


def change_one(store: Store, name: str, vectors: Vectors) -> None:
    """Publish a generation in which one document is changed."""
    body = ["The convoy of the harbour is late."] * len(vectors)
    with store.lock():
        with store.stage(store.pointer().current) as staging:
            staged = store.edit(staging, anew=False)
            staged.catalog.delete_passages(name)
            _put(staged.catalog, staged.vectors, name, body, vectors)
            _publish(store, staging, staged)
        store.prune()


def timed(do: Callable[[], Any]) -> tuple[Any, Times]:
    """Do something; return what it returned, and the wall and processor time that it took."""
    wall, processor = time.perf_counter(), time.process_time()
    done = do()
    return done, (time.perf_counter() - wall, time.process_time() - processor)


def shown(times: Sequence[Times]) -> str:
    """Return times as they are shown: one in seconds, of several the median and the 95th
    percentile in milliseconds."""
    if len(times) == 1:
        return "; ".join(f"{each:.2f}" for each in times[0])
    return "; ".join(
        " / ".join(f"{1000 * each:.1f}" for each in np.percentile(those, (50, 95)))
        for those in zip(*times, strict=True)
    )


def memory() -> dict[str, float]:
    """Return the memory of this process by kind, in MB."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    fields = dict(line.split(":", 1) for line in lines)
    return {name: int(fields[name].split()[0]) / 1000 for name in ("RssAnon", "RssFile", "VmHWM")}


def growth(before: dict[str, float], after: dict[str, float]) -> str:
    own, mapped, peak = (after[name] - before[name] for name in before)
    return f"{own:,.0f} / {mapped:,.0f}; {peak:,.0f} MB"


def _size(folder: Path) -> int:
    return sum(each.stat().st_size for each in folder.glob("*"))


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "2")
    main()
