"""Nothing is unpickled, since a pickle can run code: no model, no index, nothing of a library's."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from index.errors import ModelUnavailable
from index.models.embedder import load_embedder
from index.models.reranker import load_reranker
from testing.fakes import WordEmbedder

ROOT = Path(__file__).parents[2]

WATCHED = """
import sys, traceback
found = []

def note(event, arguments):
    if event == "pickle.find_class":
        found.append((event, arguments[:2], traceback.format_stack(limit=4)))

sys.addaudithook(note)
import pickle

def watched(name, load):
    def loaded(*arguments, **more):
        found.append((name, traceback.format_stack(limit=4)))
        return load(*arguments, **more)
    return loaded

class Unpickler(pickle.Unpickler):
    def load(self):
        found.append(("Unpickler", traceback.format_stack(limit=4)))
        return super().load()

pickle.load, pickle.loads = watched("load", pickle.load), watched("loads", pickle.loads)
pickle.Unpickler = Unpickler
"""
PROGRAM = (
    WATCHED
    + """
import json
from pathlib import Path
from bot.app import composition
from bot.config.settings import Settings
settings = Settings(corpus=Path("corpus"), index=Path("index"), records=Path("records"))
composition.reindexer(settings).run()
Path("corpus/new.md").write_text("# New\\n\\nNobody knew of it.\\n")
composition.reindexer(settings).run()
services = composition.services(settings)
answer = services.answering._engine.ask("Which ships does Norway send?")
services.records.close()
print(json.dumps([[excerpt.quote for excerpt in answer.excerpts], found]))
"""
)


@pytest.mark.search
def test_from_the_first_document_to_an_answer_nothing_is_unpickled(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus/aid.md").write_text("# Aid\n\nNorway sends eleven ships to Larvik.\n")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1", "PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == 0, done.stderr
    quotes, unpickled = json.loads(done.stdout)
    assert "eleven ships" in quotes[0]
    assert unpickled == []


def test_the_watch_sees_a_pickle() -> None:
    """Or the test above would pass whatever is loaded."""
    program = (
        WATCHED + "import pathlib; pickle.loads(pickle.dumps(pathlib.Path())); print(len(found))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) >= 2


class Malicious:
    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return Path.touch, (self.mark,)


@pytest.fixture
def trap(tmp_path: Path) -> Path:
    """Where a file appears once `model/pytorch_model.bin` is unpickled."""
    model, mark = tmp_path / "model", tmp_path / "sprung"
    model.mkdir()
    config = {"model_type": "bert", "architectures": ["BertModel"], "hidden_size": 32}
    (model / "config.json").write_text(json.dumps(config))
    (model / "pytorch_model.bin").write_bytes(pickle.dumps(Malicious(mark)))
    return mark


def test_the_trap_works(trap: Path) -> None:
    pickle.loads((trap.parent / "model/pytorch_model.bin").read_bytes())
    assert trap.exists()


def test_a_model_that_is_a_pickle_is_refused_unopened(trap: Path) -> None:
    model = str(trap.parent / "model")
    for load in (load_embedder, lambda name: load_reranker(name, WordEmbedder)):
        with pytest.raises(ModelUnavailable, match="may be a pickle, which can run code"):
            load(model)
    assert not trap.exists()


@pytest.mark.search
def test_not_even_the_library_takes_one(trap: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Should a file of weights go by another name than is refused."""
    monkeypatch.setattr("index.models.registry._PICKLED", "*.none")
    model = str(trap.parent / "model")
    for load in (load_embedder, lambda name: load_reranker(name, WordEmbedder)):
        with pytest.raises(ModelUnavailable):
            load(model)
    assert not trap.exists()
