"""One document of many is changed: the time from naming its file to an answer from it.

It is measured in a bot that runs.

The corpus and the index are made by a script, the other documents with vectors by chance; the
models are the real ones. Prints; writes no page.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import psutil  # type: ignore[import-untyped]

from bot.access import Person
from bot.app import composition
from bot.config.settings import Settings
from bot.documents.reindexing.process import ReindexProcess
from bot.services import Services
from index.chunking.passage import Passage
from index.document import Document
from index.parsing import SUFFIXES
from index.sources.folder import CorpusFile, scan
from index.store.generation import Manifest
from index.store.pointer import Takeover
from tools.bench.bulk import load_documents, made_document
from tools.bench.scale import texts
from tools.report import ROOT, command_of, parser_of, provenance, table

_CLASSES = 50
_DIMENSION = 384
_AT_ONCE = 10_000
_TIMES = 5
_ROLE = 7
_Row = tuple[Any, ...]


def main() -> None:
    parser = parser_of("tools.bench.change", __doc__)
    parser.add_argument("--documents", type=int, default=200_000)
    parser.add_argument("--work", type=Path, default=ROOT / ".bench" / "change")
    options = parser.parse_args()
    folder = options.work / str(options.documents)
    settings = _settings(folder)
    if not (folder / "whole").exists():
        shutil.rmtree(folder, ignore_errors=True)
        settings.corpus.mkdir(parents=True)
        (options.work / ".gitignore").write_text("*\n", encoding="utf-8")
        _write_policy(folder / "policy.toml")
        _write_corpus(settings.corpus, options.documents)
        _build(settings)
        (folder / "whole").touch()
    print("\n".join(table(["", "seconds, wall; processor"], _measured(settings))))
    print(provenance(command_of("tools.bench.change")))


def _settings(folder: Path) -> Settings:
    return Settings(
        corpus=folder / "corpus",
        index=folder / "index",
        records=folder / "records",
        policy=folder / "policy.toml",
    )


def _write_policy(path: Path) -> None:
    """Write a policy by which a person with the role sees every other class."""
    lines = [
        "guilds = [1]",
        "[audiences.half]",
        f"roles = [{_ROLE}]",
        "[audiences.others]",
        "roles = [8]",
    ]
    for number in range(_CLASSES):
        audience = ("half", "others")[number % 2]
        lines += ["[[folders]]", f'path = "team{number:02}/"', f'audience = ["{audience}"]']
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _write_corpus(corpus: Path, documents: int) -> None:
    for number in range(_CLASSES):
        (corpus / f"team{number:02}").mkdir()
    words = texts(documents, np.random.default_rng(7))
    for number, text in enumerate(words):
        path = corpus / f"team{number % _CLASSES:02}" / f"{number}.md"
        path.write_text(f"# Note {number}\n\n{text}\n", encoding="utf-8")


def _build(settings: Settings) -> None:
    """Store the corpus as a reindex would, but for the vectors, and what is found out about
    documents."""
    reindexer = composition.reindexer(settings)
    store, looked_at_ns = reindexer.store, time.time_ns()
    files = scan(settings.corpus, SUFFIXES)
    random = np.random.default_rng(5)
    with store.lock(), store.stage(None) as staging:
        staged = store.edit(staging, anew=True)
        catalog = staged.catalog
        for first in range(0, len(files), _AT_ONCE):
            some = list(files.values())[first : first + _AT_ONCE]
            made = [_made(file) for file in some]
            keys = load_documents(catalog, made, first + 1, first + 1)
            catalog.load(
                "files",
                ("name", "size", "mtime_ns", "ctime_ns", "inode", "sha256", "remarks"),
                (_file_row(file, one) for file, (one, _) in zip(some, made, strict=True)),
            )
            drawn = random.standard_normal((len(some), _DIMENSION), np.float32)
            drawn /= np.linalg.norm(drawn, axis=1, keepdims=True)
            staged.vectors.add(keys, drawn)
        staged.save()
        manifest = Manifest(
            number=0,
            created_at=datetime.now(UTC).isoformat(),
            looked_at_ns=looked_at_ns,
            documents=len(files),
            passages=len(files),
            recipe=reindexer.recipe,
            limits=asdict(reindexer.limits),
            options=reindexer.options.as_lists(),
            files={},
        )
        store.publish(staging, manifest, Takeover())


def _made(file: CorpusFile) -> tuple[Document, list[Passage]]:
    text = file.path.read_text(encoding="utf-8").split("\n\n", 1)[1].strip()
    return made_document(file.name, f"Note {file.path.stem}", [text], file.sha256())


def _file_row(file: CorpusFile, document: Document) -> _Row:
    state = file.state
    return (
        *(file.name, state.size, state.mtime_ns, state.ctime_ns, state.inode),
        *(document.sha256, "[]"),
    )


def _measured(settings: Settings) -> Iterator[tuple[str, str]]:
    services, loaded = _timed(lambda: composition.services(settings))
    viewer = Person(1, roles=frozenset((_ROLE,)), guilds=frozenset((1,)), at_home=True)
    yield "models loaded, a first question without rights", _shown([loaded])
    _, took = _timed(lambda: services.access.visible(viewer))
    yield "who may see what, of half of the documents", _shown([took])
    _, took = _timed(lambda: _asked(services, viewer, "Who leads the convoy?"))
    yield "the first question within these", _shown([took])
    asked = [f"Who leads convoy {number}?" for number in range(_TIMES)]
    again = [_timed(partial(_asked, services, viewer, question))[1] for question in asked]
    yield "another question", _shown(again)
    reindexing = services.reindexing
    steps: dict[str, list[tuple[float, float]]] = {}

    def step(name: str, do: Callable[[], Any]) -> Any:
        done, took = _timed(do, reindexing)
        steps.setdefault(name, []).append(took)
        return done

    written = []
    reindexing.prepare()
    for number in range(_TIMES + 1):
        name = f"team00/{number * _CLASSES}.md"
        fact = f"The convoy to Karsk{number} leaves at {number + 3} o'clock from gate {number}."
        (settings.corpus / name).write_text(f"# Note\n\n{fact}\n", encoding="utf-8")
        time.sleep(3)  # so that the process is ready, and the one before is idle
        before = _bytes_written(reindexing)
        began = time.perf_counter()
        step("is anything to be done", partial(services.reindexer.run, dry_run=True, only=[name]))
        step("reindex", partial(reindexing.run, only=[name]))
        question = f"When does the convoy to Karsk{number} leave?"
        found = step("the question after it", partial(_asked, services, viewer, question))
        steps.setdefault("all of it", []).append((time.perf_counter() - began, 0.0))
        written.append(_bytes_written(reindexing) - before)
        if not any(excerpt.document == name for excerpt in found.excerpts):
            print(f"not answered: {question}")
    for name, times in steps.items():
        yield f"{name}, the first time", _shown(times[:1])
        yield f"{name}, later", _shown(times[1:])
    yield "written to the disk, MB", f"{median(written) / 1e6:.1f}"
    size = sum(each.stat().st_size for each in settings.index.rglob("*") if each.is_file())
    yield "the index, MB", f"{size / 1e6:,.0f}"
    reindexing.stop()


def _asked(services: Services, viewer: Person, question: str) -> Any:
    names = services.access.visible(viewer)
    return services.answering._engine.ask(question, names)


def _processes(reindexing: ReindexProcess | None) -> list[psutil.Process]:
    own = psutil.Process()
    return [own, *own.children(recursive=True)] if reindexing else [own]


def _bytes_written(reindexing: ReindexProcess) -> int:
    return sum(each.io_counters().write_bytes for each in _processes(reindexing))


def _timed(
    do: Callable[[], Any], reindexing: ReindexProcess | None = None
) -> tuple[Any, tuple[float, float]]:
    """Do something; return what it returned, and the wall and processor time that it took."""
    processor = _processor(reindexing)
    wall = time.perf_counter()
    done = do()
    return done, (time.perf_counter() - wall, _processor(reindexing) - processor)


def _processor(reindexing: ReindexProcess | None) -> float:
    return sum(sum(each.cpu_times()[:2]) for each in _processes(reindexing))


def _shown(times: list[tuple[float, float]]) -> str:
    walls, processors = zip(*times, strict=True)
    return f"{median(walls):.2f}; {median(processors):.2f}"


if __name__ == "__main__":
    main()
