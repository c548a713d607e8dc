"""The command line run within this process, with what needs no model in place of what does."""

from __future__ import annotations

import io
from dataclasses import dataclass, field, replace
from pathlib import Path

from rich.console import Console

from bot.app import composition
from bot.cli.output.screen import Screen
from bot.cli.run import main
from bot.cli.session import Session
from bot.config.settings import Settings
from index.indexing.reindex import Reindexer
from index.parsing import parse_files
from testing.fakes import WordEmbedder
from testing.samples import FakeEngine


def reindexer_of(settings: Settings, *, sandbox: bool = False) -> Reindexer:
    """Return the program's reindexer, with an embedder that needs no model.

    It parses in this process unless `sandbox`: a process for it takes a third of a second.
    """
    embedder = WordEmbedder(max_tokens=254)
    made = replace(composition.reindexer(settings), embedder=lambda: embedder)
    return made if sandbox else replace(made, parse=parse_files)


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str


@dataclass
class CommandLine:
    settings: Settings
    engine: FakeEngine = field(default_factory=FakeEngine)

    def __call__(self, *arguments: str) -> Done:
        out, err = io.StringIO(), io.StringIO()
        session = Session(
            read_settings=lambda: self.settings,
            engine_for=lambda _: self.engine,
            reindexer_for=reindexer_of,
            screen=Screen(_console(out), _console(err)),
        )
        code = main(arguments, session)
        return Done(code, out.getvalue(), err.getvalue())

    def write(self, name: str, text: str) -> Path:
        path = self.settings.corpus / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path


def _console(file: io.StringIO) -> Console:
    return Console(file=file, width=80, highlight=False, markup=False, emoji=False)
