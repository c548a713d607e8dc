"""What the sections of the benchmark share: the evaluation sets, and processes to measure."""

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
from index.evaluation.dataset import EvaluationQuestion, EvaluationSet, load_set, write_corpus
from index.parsing import ParsingLimits, parse_file
from index.ports import Embedder
from tools.report import ROOT


@dataclass(frozen=True, slots=True)
class Process:
    """A process from its start to its end."""

    seconds: float
    peak: int
    """Bytes of resident memory."""
    stdout: str


@dataclass(frozen=True)
class Bench:
    """Where the evaluation sets and the indexes are; `quick` takes a slice of everything."""

    sets: Path
    work: Path
    quick: bool

    def size(self, full: int, quick: int) -> int:
        return quick if self.quick else full

    @cached_property
    def passages_set(self) -> EvaluationSet:
        """Return the set of many short documents, which are embedded and reindexed."""
        return self._load("clapnq", documents=150)

    @cached_property
    def questions_set(self) -> EvaluationSet:
        """Return the set of long documents with many questions, which are asked."""
        return self._load("squad", documents=2)

    @property
    def asked(self) -> tuple[EvaluationQuestion, ...]:
        return self.questions_set.sample(100 if self.quick else None)

    def corpus(self, dataset: EvaluationSet) -> Path:
        """Write the documents of a set, each as it is there, and return their folder."""
        folder = self.work / dataset.name / "corpus"
        write_corpus(dataset, folder)
        return folder

    def settings(self, dataset: EvaluationSet, index: str = "index") -> Settings:
        """Return what we ship, over the documents of this set."""
        return Settings.model_construct(  # the defaults, whatever `.env` says
            corpus=self.corpus(dataset), index=self.work / dataset.name / index
        )

    def indexed(self, dataset: EvaluationSet) -> Settings:
        """Index the set in another process, and return the settings to ask it with."""
        settings = self.settings(dataset)
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
        """Run `briefing-bot` in a process of its own."""
        command = Path(sys.executable).with_name("briefing-bot")
        return self.process(str(command), *arguments, settings=settings)

    def child(self, *arguments: str) -> Process:
        """Run a command of tools/bench/child.py in a process of its own."""
        return self.process(sys.executable, "-m", "tools.bench.child", *arguments)

    def process(self, *argv: str, settings: Settings | None = None) -> Process:
        # With compiled modules, as an installation has them.
        left_out = ("BRIEFING_", "PYTHONDONTWRITEBYTECODE")
        environment = {k: v for k, v in os.environ.items() if not k.startswith(left_out)}
        environment["PYTHONPATH"] = str(ROOT)
        if settings:
            environment["BRIEFING_CORPUS"] = str(settings.corpus)
            environment["BRIEFING_INDEX"] = str(settings.index)
        child = ROOT / "tools" / "bench" / "child.py"
        self.work.mkdir(parents=True, exist_ok=True)
        launched = subprocess.run(
            [sys.executable, "-I", "-S", str(child), "measure", *argv],
            env=environment,
            cwd=self.work,  # where no `.env` changes what is measured
            capture_output=True,
            check=True,
        )
        found = json.loads(launched.stdout)
        if found["status"] != 0:
            raise SystemExit(f"{' '.join(argv)} failed:\n{found['stderr'][-2000:]}")
        return Process(found["seconds"], found["peak"], found["stdout"])


def index_texts(corpus: Path, embedder: Embedder) -> list[str]:
    """Return the texts that a reindex of this corpus embeds."""
    limits = ChunkLimits(most=embedder.max_tokens)
    return [
        passage.index_text
        for path in sorted(corpus.iterdir())
        for passage in split(
            parse_file(path, path.name, limits=ParsingLimits()), embedder.count_tokens, limits
        )
    ]
