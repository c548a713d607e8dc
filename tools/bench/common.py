"""What the sections of the benchmark share: the sets, the processes, the rows."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from bot.config.settings import Settings
from index.chunking.chunker import ChunkLimits, split
from index.evaluation.dataset import EvaluationSet, Question, load_set, write_corpus
from index.parsing import ParsingLimits, parse_file
from index.ports import Embedder

__all__ = ["Bench", "Process", "Row", "index_texts", "median"]

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table, ready to print; `reached` is None where there is no target."""

    what: str
    ours: str
    reference: str = "–"
    ratio: str = "–"
    target: str = "–"
    reached: bool | None = None


@dataclass(frozen=True, slots=True)
class Process:
    """A process from its start to its end."""

    seconds: float
    peak: int
    """Bytes of resident memory."""
    stdout: str


@dataclass(frozen=True)
class Bench:
    """Where the sets and the indexes are. `quick` takes a slice of everything."""

    sets: Path
    work: Path
    quick: bool

    def size(self, full: int, quick: int) -> int:
        return quick if self.quick else full

    @cached_property
    def passages_set(self) -> EvaluationSet:
        """Many short documents: what is embedded and reindexed."""
        return self._load("clapnq", documents=150)

    @cached_property
    def questions_set(self) -> EvaluationSet:
        """Long documents with many questions: what is asked."""
        return self._load("squad", documents=2)

    @property
    def asked(self) -> tuple[Question, ...]:
        return self.questions_set.sample(100 if self.quick else None)

    def corpus(self, chosen: EvaluationSet) -> Path:
        """The folder of its documents, each as it is in the set."""
        folder = self.work / chosen.name / "corpus"
        write_corpus(chosen, folder)
        return folder

    def settings(self, chosen: EvaluationSet, index: str = "index") -> Settings:
        """What we ship, over the documents of this set."""
        return Settings.model_construct(  # the defaults, whatever `.env` says
            corpus=self.corpus(chosen), index=self.work / chosen.name / index
        )

    def indexed(self, chosen: EvaluationSet) -> Settings:
        """Settings under which that set is indexed, which another process has done."""
        settings = self.settings(chosen)
        self.child("index", str(settings.corpus), str(settings.index))
        return settings

    def _load(self, name: str, documents: int) -> EvaluationSet:
        whole = load_set(self.sets / name)
        if not self.quick:
            return whole
        kept = dict(list(whole.documents.items())[:documents])
        questions = tuple(q for q in whole.questions if q.document in kept)
        return replace(whole, documents=kept, questions=questions)

    def command_line(self, settings: Settings, *arguments: str) -> Process:
        """`briefing-bot` in a process of its own."""
        command = Path(sys.executable).with_name("briefing-bot")
        return self.process(str(command), *arguments, settings=settings)

    def child(self, *arguments: str) -> Process:
        """A command of bench_child.py in a process of its own."""
        child = str(ROOT / "tools" / "bench_child.py")
        return self.process(sys.executable, child, *arguments)

    def process(self, *argv: str, settings: Settings | None = None) -> Process:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("BRIEFING_")}
        if settings:
            environment["BRIEFING_CORPUS"] = str(settings.corpus)
            environment["BRIEFING_INDEX"] = str(settings.index)
        launcher = [sys.executable, "-I", "-S", str(ROOT / "tools" / "bench_child.py"), "measure"]
        self.work.mkdir(parents=True, exist_ok=True)
        launched = subprocess.run(
            # In the work folder, where no `.env` changes what is measured.
            [*launcher, *argv], env=environment, cwd=self.work, capture_output=True, check=True,
        )  # fmt: skip
        found = json.loads(launched.stdout)
        if found["status"] != 0:
            raise SystemExit(f"{' '.join(argv)} failed:\n{found['stderr'][-2000:]}")
        return Process(found["seconds"], found["peak"], found["stdout"])


def index_texts(corpus: Path, embedder: Embedder) -> list[str]:
    """What would be embedded of this corpus."""
    limits = ChunkLimits(most=embedder.max_tokens)
    return [
        passage.index_text
        for path in sorted(corpus.iterdir())
        for passage in split(
            parse_file(path, path.name, limits=ParsingLimits()), embedder.count_tokens, limits
        )
    ]


def median(values: list[float]) -> float:
    ordered = sorted(values)
    middle = len(ordered) // 2
    return (ordered[middle] + ordered[~middle]) / 2
