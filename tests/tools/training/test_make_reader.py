"""The parts of a new reader are made in order, and what is there is not made again."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tools.training import make_reader
from tools.training.reader.sets import SEEN_TEAMS, TEAMS

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


def test_a_reader_that_goes_on_learns_of_the_teams_that_its_fold_has_not_left_out() -> None:
    options = make_reader.options_of(
        ["--work", "w", "--train", "t", "--eval", "e", "--start", "reader.onnx"]
    )
    new = [team for team in TEAMS if team not in SEEN_TEAMS]
    learned = {fold: make_reader.teams_of(fold, options) for fold in make_reader.FOLDS}
    assert set(learned["all"]) == set(TEAMS)
    for fold in ("fold0", "fold1"):
        assert set(learned[fold]) >= SEEN_TEAMS
    assert sorted(set(learned["fold0"]) ^ set(learned["fold1"])) == new
    # calibrate.py asks the first fold's reader about the first new team, and so on by turns.
    assert new[0] not in learned["fold0"]
    assert new[1] not in learned["fold1"]
