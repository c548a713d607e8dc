"""Commands that the benchmark runs in processes of their own, and measures.

    child.py measure ARGV...                run ARGV; JSON with its seconds and peak memory
    child.py load EMBEDDER READER           load both by sentence-transformers and ONNX Runtime
    child.py load-ours                      load both by our own loaders
    child.py encode EMBEDDER TEXTS          sentence-transformers' encode, with its defaults
    child.py index CORPUS INDEX             reindex, anew where the index cannot be used

`measure` is a process of its own because Linux counts the memory of the process that starts
another towards the peak of that other; this one holds next to nothing.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path


def measure(*argv: str) -> None:
    started = time.perf_counter()
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - started
    unit = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit
    found = {"seconds": seconds, "peak": peak, "status": done.returncode}
    print(json.dumps({**found, "stdout": done.stdout, "stderr": done.stderr}))


def load(embedder: str, reader: str) -> None:
    import onnxruntime
    from sentence_transformers import SentenceTransformer

    SentenceTransformer(embedder, device="cpu", local_files_only=True)
    onnxruntime.InferenceSession(
        str(Path(reader) / "model.onnx"), providers=["CPUExecutionProvider"]
    )


def load_ours() -> None:
    from index.answering.tuning import TUNING
    from index.models.embedder import load_embedder
    from index.models.reader import load_reader
    from index.models.registry import PACKAGED_EMBEDDER, PACKAGED_READER

    embedder = load_embedder(PACKAGED_EMBEDDER)
    load_reader(PACKAGED_READER, lambda: embedder, TUNING.evidence_passages)


def encode(embedder: str, texts: str) -> None:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(embedder, device="cpu", local_files_only=True)
    model.encode(json.loads(Path(texts).read_text(encoding="utf-8")))


def index(corpus: str, folder: str) -> None:
    from bot.app import composition
    from bot.config.settings import Settings
    from index.evaluation.run import reindex_cached

    settings = Settings.model_construct(corpus=Path(corpus), index=Path(folder))
    reindex_cached(composition.reindexer(settings))


COMMANDS: dict[str, Callable[..., None]] = {
    "measure": measure,
    "load": load,
    "load-ours": load_ours,
    "encode": encode,
    "index": index,
}

if __name__ == "__main__":
    COMMANDS[sys.argv[1]](*sys.argv[2:])
