"""The parts of a new reader are made in order, and what is there is not made again."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tools.training import make_reader

GROUPS = [["a pair"]]


@pytest.fixture
def stages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The commands that are run, which leave the files that they should make."""
    run: list[str] = []

    def made(command: Sequence[str], *, check: bool) -> None:
        run.append(f"{command[3]} {Path(command[5]).name}")
        Path(command[5]).touch()

    monkeypatch.setattr("tools.training.make_reader.subprocess.run", made)
    monkeypatch.setattr(make_reader, "_groups", lambda *_: GROUPS)
    monkeypatch.setattr(make_reader, "_cross_encoder", lambda work: work / "cross-encoder")
    return run


def make(work: Path, monkeypatch: pytest.MonkeyPatch, *options: str) -> None:
    folders = ["--work", str(work), "--train", "train", "--eval", "sets", "--mpnet", "mpnet"]
    monkeypatch.setattr(sys, "argv", ["make", *folders, "--folds", "all", *options])
    make_reader.main()


def test_pairs_alone_need_nothing_else(
    stages: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path, monkeypatch, "--until", "pairs")
    assert [path.name for path in tmp_path.iterdir()] == ["pairs-all.pickle.gz"]
    assert stages == []


def test_what_was_broken_off_goes_on_where_it_stopped(
    stages: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path, monkeypatch, "--until", "opinions")
    assert stages == ["teacher teacher-all.safetensors", "opinions opinions-all.pickle"]
    make(tmp_path, monkeypatch, "--until", "student")
    assert stages[2:] == ["student student-all.safetensors"]
    make(tmp_path, monkeypatch, "--until", "student")
    assert len(stages) == 3
