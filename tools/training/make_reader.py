"""Makes the reader anew, from the sets to the weights and their figures, by one command.

    .venv/bin/python -m tools.training.make_reader --work WORK --train TRAIN --eval SETS
        --mpnet WORK/mpnet [--device cuda]

For each fold, and for all documents: pairs, the teacher, its opinions on the pairs, the student.
The folds' students have not seen the documents that they are measured on. Of what is trained on all
documents and the mean of the folds' weights, the one that does better on questions that nothing was
trained on becomes `reader.onnx`. With `--start` a reader that was made before goes on learning, on
the documents of invented teams (tools/training/teams) above all; a fold's reader is trained without
half of those that its start has not seen. Figures for the model card are in `figures.md`. What is
in WORK already is not made again, so a run that was broken off goes on where it stopped. `--until
pairs` makes on a machine without a GPU all that needs none. docs/TRAINING.md says how long each
part takes.
"""

from __future__ import annotations

import argparse
import gzip
import math
import pickle
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from safetensors.numpy import save_file

from index.models.registry import PACKAGED_RERANKER, model_directory
from tools.training.reader.held import held_back, report
from tools.training.reader.onnx_files import dequantised, export, reader_weights
from tools.training.reader.pair import Pair
from tools.training.reader.pairs import groups_of
from tools.training.reader.sets import EVALUATION_SETS, SEEN_TEAMS, TEAMS, Asked, asked_of, folds

FOLDS = ("fold0", "fold1", "all")
MIXTURE = {
    "squad": 1,
    "clapnq": 3,
    "norway": 3,
    "squad-train-slice": 0.6,
    "selqa": 0.4,
    "covid-qa": 0.2,
    "nq-oracle": 0.6,
    "policyqa": 0.15,
    "wikitables": 0.6,
    "qmsum": 2,
    "time-sensitive-qa": 0.4,
}
"""How often each set's questions are taken: small sets of a kind that nothing else is, more often;
policies, of which many say the same, less."""
CONTINUED = {
    "squad": 0.5,
    "clapnq": 2,
    "norway": 2,
    "selqa": 0.15,
    "nq-oracle": 0.2,
    "wikitables": 0.3,
    "qmsum": 0.5,
}
"""The same for a reader that goes on learning, so that it forgets nothing."""
_OF_TEAMS = 1.25
"""The same for the teams of which it learns."""
_OF_TEAMS_SEEN = 0.25
"""The same for those of which its start has learnt, so that it forgets nothing."""
_STAGES = ("pairs", "teacher", "opinions", "student", "figures")


def main() -> None:
    options = options_of(sys.argv[1:])
    options.work.mkdir(parents=True, exist_ok=True)
    stages = _STAGES[: _STAGES.index(options.until) + 1]
    for fold in options.folds:
        if not _pairs(fold, options).is_file():
            _write(_pairs(fold, options), _groups(fold, options))
    _cross_encoder(options.work)
    # On a GPU the folds take turns at it: while one makes its batches, another computes.
    with ThreadPoolExecutor(len(options.folds) if options.device == "cuda" else 1) as pool:
        list(pool.map(lambda fold: _make_fold(fold, stages, options), options.folds))
    if "figures" in stages:
        _choose(options)


def options_of(arguments: Sequence[str]) -> argparse.Namespace:
    """Return the options of the command line, with the shares of the sets and the teams."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--train", type=Path, required=True, help="folder of the training files")
    parser.add_argument("--eval", type=Path, required=True, help="folder of the evaluation sets")
    parser.add_argument("--mpnet", type=Path, help="the teacher; without it, the labels alone")
    parser.add_argument("--start", type=Path, help="a reader's ONNX file, to go on from")
    parser.add_argument("--sets", nargs="+", choices=list(MIXTURE))
    parser.add_argument("--folds", nargs="+", default=list(FOLDS), choices=FOLDS)
    parser.add_argument("--until", choices=_STAGES, default="figures")
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu")
    parser.add_argument("--passes", type=float, default=2.0)
    parser.add_argument("--synthetic", type=float, default=0.7)
    parser.add_argument("--cropped", type=float, default=0.5, help="share of cropped passages")
    parser.add_argument("--limit", type=int, default=0, help="groups of pairs, for a trial")
    parser.add_argument("--minutes", type=float, default=0, help="the end of each training")
    parser.add_argument("--squad", type=int, default=1100, help="questions to measure on")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    mixture = CONTINUED if options.start else MIXTURE
    options.mixture = {name: mixture[name] for name in options.sets or mixture if name in mixture}
    options.teams = list(TEAMS) if options.start else []
    return options


def teams_of(fold: str, options: argparse.Namespace) -> dict[str, float]:
    """Return the teams that a fold's reader learns from, and how often their questions are taken.

    Of the new ones these are every other one, or all.
    """
    new = [team for team in options.teams if team not in SEEN_TEAMS]
    learnt = [team for n, team in enumerate(new) if fold == "all" or n % 2 != FOLDS.index(fold)]
    seen = [team for team in options.teams if team in SEEN_TEAMS]
    return dict.fromkeys(seen, _OF_TEAMS_SEEN) | dict.fromkeys(learnt, _OF_TEAMS)


def _make_fold(fold: str, stages: Sequence[str], options: argparse.Namespace) -> None:
    work: Path = options.work
    pairs, opinions = _pairs(fold, options), work / f"opinions-{fold}.pickle"
    teacher, student = work / f"teacher-{fold}.safetensors", work / f"student-{fold}.safetensors"
    if options.mpnet:
        mpnet = ["--mpnet", str(options.mpnet)]
        if "teacher" in stages and not (teacher.is_file() or opinions.is_file()):
            _stage("teacher", pairs, teacher, options, mpnet)
        if "opinions" in stages and not opinions.is_file():
            _stage("opinions", pairs, opinions, options, [*mpnet, "--weights", str(teacher)])
    if "student" in stages and not student.is_file():
        taught = ["--opinions", str(opinions)] if options.mpnet else []
        _stage("student", pairs, student, options, [*_started(options), *taught])


def _started(options: argparse.Namespace) -> list[str]:
    """Return where the student starts from."""
    from_cross_encoder = ["--cross-encoder", str(_cross_encoder(options.work))]
    if not options.start:
        return from_cross_encoder
    start: Path = options.work / "start.safetensors"
    if not start.is_file():
        save_file(reader_weights(options.start), start)
    return [*from_cross_encoder, "--start", str(start)]


def _pairs(fold: str, options: argparse.Namespace) -> Path:
    work: Path = options.work
    return work / f"pairs-{fold}.pickle.gz"


def _groups(fold: str, options: argparse.Namespace) -> list[list[Pair]]:
    """Return the pairs of a fold: without its documents, and without the questions held back."""
    rng = random.Random(f"{options.seed} {fold}")
    asked: list[Asked] = []
    for name, share in options.mixture.items():
        these = _set(name, options)
        if name in EVALUATION_SETS and fold != "all":
            number = folds(one.document for one in these)
            these = [one for one in these if number[one.document] != FOLDS.index(fold)]
        these = [one for one in these if not held_back(one)]
        asked += _drawn(these, share, rng)
    for team, share in teams_of(fold, options).items():
        asked += _drawn(_set(team, options), share, rng)
    groups: list[list[Pair]] = []
    for _ in range(math.ceil(options.passes)):
        groups += groups_of(asked, rng, synthetic=options.synthetic, cropped=options.cropped)
    rng.shuffle(groups)
    groups = groups[: int(len(groups) * options.passes / math.ceil(options.passes))]
    print(f"{fold}: {len(groups)} groups, {sum(map(len, groups))} pairs", flush=True)
    return groups[: options.limit] if options.limit else groups


def _drawn(asked: list[Asked], share: float, rng: random.Random) -> list[Asked]:
    whole, part = divmod(share, 1)
    return asked * int(whole) + rng.sample(asked, int(len(asked) * part))


def _set(name: str, options: argparse.Namespace) -> list[Asked]:
    if name in TEAMS:
        return asked_of(name, TEAMS[name], options.work)
    folder = options.eval / name
    source = folder if name in EVALUATION_SETS else options.train / f"{name}.jsonl.gz"
    return asked_of(name, source, options.work)


def _stage(
    what: str, pairs: Path, out: Path, options: argparse.Namespace, more: Sequence[str]
) -> None:
    """Train or ask in a process of its own, which forks before it uses threads."""
    print(f"{what} {out.stem}", flush=True)
    command = [sys.executable, "-m", "tools.training.train_reader", what, str(pairs), str(out)]
    settings = ["--device", options.device, "--seed", str(options.seed)]
    if what != "opinions":
        settings += ["--minutes", str(options.minutes)]
    subprocess.run([*command, *settings, *more], check=True)


def _cross_encoder(work: Path) -> Path:
    path = work / "cross-encoder.safetensors"
    if not path.is_file():
        save_file(dequantised(model_directory(PACKAGED_RERANKER) / "model.onnx"), path)
    return path


def _choose(options: argparse.Namespace) -> None:
    """Export the readers, measure them, and keep the better of the two that may be shipped."""
    work: Path = options.work
    students = [work / f"student-{fold}.safetensors" for fold in FOLDS]
    readers = {fold: [path] for fold, path in zip(FOLDS, students, strict=True) if path.is_file()}
    if students[0].is_file() and students[1].is_file():
        readers["mean"] = students[:2]
    for name, weights in readers.items():
        if not (work / f"{name}.onnx").is_file():
            export(weights, work / f"{name}.onnx")
    begun = time.monotonic()
    paths = {name: work / f"{name}.onnx" for name in readers}
    asked = [one for name in options.mixture for one in _set(name, options) if held_back(one)]
    text, best = report(paths, asked, options.eval, work, options.squad)
    (work / "figures.md").write_text(text, encoding="utf-8")
    (work / "reader.onnx").write_bytes(paths[best].read_bytes())
    print(f"{text}\n{best} is reader.onnx; measured in {(time.monotonic() - begun) / 60:.1f} min")


def _write(path: Path, groups: list[list[Pair]]) -> None:
    part = path.with_suffix(".part")
    with gzip.open(part, "wb", compresslevel=6) as file:
        pickle.dump(groups, file)
    part.rename(path)


if __name__ == "__main__":
    main()
