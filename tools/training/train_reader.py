"""Trains one model on pairs that were made before: the teacher, or the reader that learns from it.

    .venv/bin/python -m tools.training.train_reader teacher PAIRS OUT --mpnet WORK/mpnet
    .venv/bin/python -m tools.training.train_reader opinions PAIRS OUT --mpnet WORK/mpnet
        --weights TEACHER
    .venv/bin/python -m tools.training.train_reader student PAIRS OUT --cross-encoder FILE
        [--start READER] [--opinions FILE]

tools/training/make_reader.py runs these in their order. On a GPU one process trains. Elsewhere each
worker has one core and its share of every batch, and gradients are averaged once a step; threads
that shared each product would wait for each other. The same seed, pairs and number of workers give
the same weights on processors, unless --minutes ends the schedule.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import pickle
import random
import time
from collections.abc import Sequence
from pathlib import Path

import torch
import torch.distributed
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import nn

from index.machine import cores
from index.models.registry import PACKAGED_READER, model_directory
from tools.training.reader.batching import LONGEST, Batch, Taught, batches
from tools.training.reader.losses import Weights, losses
from tools.training.reader.model import Reader, Scorer
from tools.training.reader.opinions import Opinions, opinions_on
from tools.training.reader.pair import Pair

_TOKENS = {"cpu": 1_200, "cuda": 4_800}
"""Tokens of a batch: what fits a core's cache, and what keeps a GPU busy. Two workers of the first
make a step of half the second, so their rates may be the same."""
_FROZEN = {"teacher": 2, "student": 4}
_RATES = {"teacher": 4e-5, "student": 1e-4}
_HEADS = 8
"""How much faster the new outputs learn than what is below them."""
_REPORTED = 25


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["teacher", "opinions", "student"])
    parser.add_argument("pairs", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--mpnet", type=Path, help="folder of the assembled teacher")
    parser.add_argument("--weights", type=Path, help="the trained teacher")
    parser.add_argument("--cross-encoder", type=Path, help="dequantised, to start the reader from")
    parser.add_argument("--start", type=Path, help="weights of a reader, to go on from")
    parser.add_argument("--opinions", type=Path, help="what the teacher thinks of these pairs")
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu")
    parser.add_argument("--workers", type=int, default=0, help="processes on processors; 0: cores")
    parser.add_argument("--tokens", type=int, default=0, help="of a batch")
    parser.add_argument("--rate", type=float, default=0.0)
    parser.add_argument("--frozen", type=int, default=-1, help="layers that are left as they are")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--minutes", type=float, default=0, help="the schedule's end, if sooner")
    options = parser.parse_args()
    options.tokens = options.tokens or _TOKENS[options.device]
    with gzip.open(options.pairs, "rb") as file:
        groups: list[list[Pair]] = pickle.load(file)
    if options.what == "opinions":
        _ask(groups, options)
        return
    rank = _worker(options)
    torch.set_num_threads(1 if options.device == "cpu" else 4)
    torch.manual_seed(options.seed)
    model = _train(groups, options, rank)
    if rank == 0:
        _saved(model, options.out)


def _ask(groups: Sequence[Sequence[Pair]], options: argparse.Namespace) -> None:
    from tools.training.reader.teacher_model import Teacher, teacher_tokenizer

    device = torch.device(options.device)
    teacher = Teacher.untrained(options.mpnet)
    teacher.load_state_dict(load_file(options.weights))
    teacher.to(device).eval()
    clock = _Clock()
    pairs = [pair for group in groups for pair in group]
    opinions_on(pairs, teacher, teacher_tokenizer(options.mpnet), device).save(options.out)
    clock.say("opinions", len(pairs))


class _Clock:
    """Measures by the wall, and by the processor: on a shared machine these differ much."""

    def __init__(self) -> None:
        self._wall, self._processor = time.monotonic(), time.process_time()

    @property
    def minutes(self) -> float:
        return (time.monotonic() - self._wall) / 60

    def say(self, what: str, pairs: int) -> None:
        busy = (time.process_time() - self._processor) / max(pairs, 1)
        speed = pairs / max(self.minutes * 60, 1e-9)
        print(
            f"{what}: {pairs} pairs in {self.minutes:.2f} min, {speed:.1f} a second; "
            f"{1000 * busy:.0f} ms of this process a pair",
            flush=True,
        )


def _worker(options: argparse.Namespace) -> int:
    """Fork into the workers, which meet in a file, and return this one's number."""
    options.workers = 1 if options.device == "cuda" else options.workers or cores()
    if options.workers == 1:
        return 0
    meeting = options.out.with_suffix(".meeting")
    meeting.unlink(missing_ok=True)
    rank = next((n for n in range(1, options.workers) if os.fork() == 0), 0)
    torch.distributed.init_process_group(
        "gloo", init_method=f"file://{meeting.resolve()}", rank=rank, world_size=options.workers
    )
    return rank


def _models(options: argparse.Namespace) -> tuple[nn.Module, Scorer, Tokenizer, Reader | None]:
    """Return the model to train, twice for its two types, its tokenizer, and the cross-encoder."""
    if options.what == "teacher":
        from tools.training.reader.teacher_model import Teacher, teacher_tokenizer

        teacher = Teacher.from_directory(options.mpnet)
        return teacher, teacher, teacher_tokenizer(options.mpnet), None
    tokenizer = Tokenizer.from_file(str(model_directory(PACKAGED_READER) / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST, strategy="only_second")
    original, student = Reader(torch.bfloat16), Reader(torch.bfloat16)
    for reader in (original, student):
        reader.start_from(load_file(options.cross_encoder))
    if options.start:
        student.load_state_dict(load_file(options.start))
    return student, student, tokenizer, original.eval()


def _train(groups: Sequence[Sequence[Pair]], options: argparse.Namespace, rank: int) -> nn.Module:
    device = torch.device(options.device)
    module, model, tokenizer, original = _models(options)
    module.to(device)
    if original is not None:
        original.to(device)
    frozen = options.frozen if options.frozen >= 0 else _FROZEN[options.what]
    rate = options.rate or _RATES[options.what]
    heads = model.heads()
    known = {id(p) for p in heads}
    body = [p for p in model.trained(frozen) if id(p) not in known]
    rates = [rate, rate * _HEADS]
    optimizer = torch.optim.AdamW(
        [{"params": body, "lr": rates[0]}, {"params": heads, "lr": rates[1]}],
        weight_decay=0.01,
        fused=True,
    )
    made = list(_batches(groups, tokenizer, options))
    steps = len(made) // options.workers
    pairs = sum(len(batch.ids) for batch in made)
    if rank == 0:
        print(f"{options.what}: {len(groups)} groups, {pairs} pairs, {steps} steps", flush=True)
    clock, part, weights = _Clock(), 0.0, Weights()
    sums: dict[str, torch.Tensor] = {}
    for step in range(steps):
        batch = made[step * options.workers + rank].to(device)
        factor = min(1.0, (step + 1) / 40) * (0.03 + 0.97 * (1 - part))
        for settings, full in zip(optimizer.param_groups, rates, strict=True):
            settings["lr"] = full * factor
        opinion = None
        if original is not None and step % 4 == 0:
            with torch.no_grad():
                opinion = original(batch.ids, batch.kinds, batch.mask).relevance
        parts = losses(model(batch.ids, batch.kinds, batch.mask, frozen), batch, opinion, weights)
        optimizer.zero_grad(set_to_none=True)
        weights.total(parts).backward()  # type: ignore[no-untyped-call]
        minutes = _averaged(body + heads, clock.minutes, options.workers)
        nn.utils.clip_grad_norm_(body + heads, 1.0)
        optimizer.step()
        part = (step + 1) / steps
        if options.minutes:
            part = max(part, minutes / options.minutes)
        for name, value in parts.items():
            sums[name] = sums.get(name, torch.zeros((), device=device)) + value.detach()
        if rank == 0 and (step + 1) % _REPORTED == 0:
            means = {name: round(value.item() / _REPORTED, 3) for name, value in sums.items()}
            sums = {}
            print(f"{step + 1}/{steps} {minutes:.1f} min {json.dumps(means)}", flush=True)
        if part >= 1:
            break
    if rank == 0:
        # Of the pairs, this process has had one worker's share.
        own = pairs * (step + 1) // max(steps, 1) // options.workers
        clock.say(f"{options.what}, {step + 1} steps of {options.workers} workers", own)
    return module


def _batches(
    groups: Sequence[Sequence[Pair]], tokenizer: Tokenizer, options: argparse.Namespace
) -> list[Batch]:
    taught: list[Sequence[Taught]] = []
    if options.opinions:
        left = iter(Opinions.load(options.opinions, [p for g in groups for p in g]).of)
        taught = [[next(left) for _ in group] for group in groups]
    rng = random.Random(options.seed)
    return list(batches(groups, tokenizer, rng, tokens=options.tokens, taught=taught))


def _averaged(parameters: Sequence[nn.Parameter], minutes: float, workers: int) -> float:
    """Average the gradients over the workers, and the minutes that each has spent."""
    if workers == 1:
        return minutes
    gradients = [p.grad if p.grad is not None else torch.zeros_like(p) for p in parameters]
    flat = torch.cat([g.flatten() for g in gradients] + [torch.tensor([minutes])])
    torch.distributed.all_reduce(flat)
    flat /= workers
    at = 0
    for parameter in parameters:
        parameter.grad = flat[at : at + parameter.numel()].view_as(parameter)
        at += parameter.numel()
    return float(flat[-1])


def _saved(model: nn.Module, out: Path) -> None:
    """Write the weights whole or not at all: a file that is there ends the stage."""
    part = out.with_suffix(".part")
    save_file({name: t.detach().cpu().contiguous() for name, t in model.state_dict().items()}, part)
    part.rename(out)


if __name__ == "__main__":
    main()
