"""Trains the reader that index/models/reader.py runs.

    .venv/bin/python -m tools.training.train_reader --name base --sets train --train TRAIN
        --eval SETS
    .venv/bin/python -m tools.training.train_reader --name final --from base --sets eval
        --rehearsal 1500 --train TRAIN --eval SETS

The packaged cross-encoder, dequantised, is trained further for four outputs at once
(tools/training/reader/model.py). A stage is one pass over some sets, from the cross-encoder or from
an earlier stage. A fold's stage leaves out every question whose document is in that fold. Each
worker has one core and its share of every batch, and gradients are averaged once a step; threads
that shared each product would wait for each other. The same seed, data and number of workers give
the same weights, unless --minutes ends the schedule.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.distributed
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor, nn

from index.models.registry import PACKAGED_READER, model_directory
from tools.training.reader.model import Output, Reader
from tools.training.reader.pairs import LONGEST, Batch, Pair, batches, groups_of
from tools.training.reader.sets import EVALUATION_SETS, TRAINING_SETS, Asked, asked_of, folds

ROOT = Path(__file__).resolve().parents[2]
_NEVER = -1e4


@dataclass(frozen=True, slots=True)
class Weights:
    """The weight of each loss."""

    answerable: float = 1.0
    listwise: float = 0.5
    teacher: float = 0.15
    evidence: float = 1.0
    spans: float = 0.4


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--name", required=True)
    parser.add_argument("--from", dest="start", default="", help="an earlier stage's name")
    parser.add_argument(
        "--sets",
        nargs="+",
        default=["train"],
        help="train, eval, or names; NAME:N takes N of its questions",
    )
    parser.add_argument("--rehearsal", type=int, default=0, help="questions of the training sets")
    parser.add_argument("--fold", type=int, default=-1, help="documents to leave out: 0 or 1")
    parser.add_argument("--passes", type=float, default=1.0)
    parser.add_argument("--rate", type=float, default=8e-5)
    parser.add_argument("--frozen", type=int, default=4)
    parser.add_argument("--synthetic", type=float, default=0.7)
    parser.add_argument("--cropped", type=float, default=0.0, help="share of cropped passages")
    parser.add_argument("--no-spans", action="store_true")
    parser.add_argument("--workers", type=int, default=2, help="processes, one core each")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--minutes", type=float, default=0, help="the schedule's end, if sooner")
    parser.add_argument("--train", type=Path, help="folder of the training files")
    parser.add_argument("--eval", type=Path, required=True, help="folder of evaluation sets")
    parser.add_argument("--teacher", type=Path, required=True, help="dequantised cross-encoder")
    parser.add_argument("--work", type=Path, required=True)
    options = parser.parse_args()
    rank = _worker(options.workers, options.work / f"{options.name}.meeting")
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    rng = random.Random(options.seed)
    asked = _asked(options, rng)
    groups: list[list[Pair]] = []
    for _ in range(math.ceil(options.passes)):
        groups += groups_of(asked, rng, synthetic=options.synthetic, cropped=options.cropped)
    rng.shuffle(groups)
    groups = groups[: int(len(groups) * options.passes / math.ceil(options.passes))]
    weights = Weights(spans=0.0) if options.no_spans else Weights()
    model = train(groups, options, weights, rng, rank)
    if rank == 0:
        save_file(model.state_dict(), options.work / f"{options.name}.safetensors")


def _worker(workers: int, meeting: Path) -> int:
    """Fork into that many processes, which meet in a file, and return this one's number."""
    meeting.unlink(missing_ok=True)
    rank = next((n for n in range(1, workers) if os.fork() == 0), 0)
    torch.distributed.init_process_group(
        "gloo", init_method=f"file://{meeting.resolve()}", rank=rank, world_size=workers
    )
    return rank


def _asked(options: argparse.Namespace, rng: random.Random) -> list[Asked]:
    names = [
        name
        for given in options.sets
        for name in {"train": TRAINING_SETS, "eval": EVALUATION_SETS}.get(given, (given,))
    ]
    asked: list[Asked] = []
    for given in names:
        name, _, most = given.partition(":")
        these = _set(name, options)
        if options.fold >= 0 and name in EVALUATION_SETS:
            fold = folds(one.document for one in these)
            these = [one for one in these if fold[one.document] != options.fold]
        if most:
            these = rng.sample(these, min(int(most), len(these)))
        # Small sets count for more than they are: they are of a kind that nothing else is.
        asked += these * (3 if name in ("clapnq", "norway") else 1)
    if options.rehearsal:
        others = [one for name in TRAINING_SETS for one in _set(name, options)]
        asked += rng.sample(others, options.rehearsal)
    return asked


def _set(name: str, options: argparse.Namespace) -> list[Asked]:
    folder = options.eval / name
    source = folder if folder.is_dir() else options.train / f"{name}.jsonl.gz"
    return asked_of(name, source, options.work)


def train(
    groups: Sequence[Sequence[Pair]],
    options: argparse.Namespace,
    weights: Weights,
    rng: random.Random,
    rank: int,
) -> Reader:
    tokenizer = Tokenizer.from_file(str(model_directory(PACKAGED_READER) / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST, strategy="only_second")
    teacher, model = Reader(torch.bfloat16), Reader(torch.bfloat16)
    teacher.start_from(load_file(options.teacher))
    teacher.eval()
    if options.start:
        model.load_state_dict(load_file(options.work / f"{options.start}.safetensors"))
    else:
        model.start_from(load_file(options.teacher))
    heads = [*model.answerability.parameters(), *model.token_outputs.parameters()]
    known = {id(p) for p in heads}
    body = [p for p in model.trained(options.frozen) if id(p) not in known]
    head_rate = options.rate * (3 if options.start else 8)
    optimizer = torch.optim.AdamW(
        [{"params": body, "lr": options.rate}, {"params": heads, "lr": head_rate}],
        weight_decay=0.01,
        fused=True,
    )
    rates = [options.rate, head_rate]
    made = list(batches(groups, tokenizer, rng))
    steps = len(made) // options.workers
    pairs = sum(len(group) for group in groups)
    if rank == 0:
        print(f"{options.name}: {len(groups)} groups, {pairs} pairs, {steps} steps", flush=True)
    begun, part, sums = (
        time.monotonic(),
        0.0,
        dict.fromkeys(("ans", "list", "kd", "ev", "span"), 0.0),
    )
    for step in range(steps):
        batch = made[step * options.workers + rank]
        factor = min(1.0, (step + 1) / 40) * (0.03 + 0.97 * (1 - part))
        for settings, rate in zip(optimizer.param_groups, rates, strict=True):
            settings["lr"] = rate * factor
        out = model(batch.ids, batch.kinds, batch.mask, options.frozen)
        opinion = None
        if step % 4 == 0 and weights.teacher:
            with torch.no_grad():
                opinion = teacher(batch.ids, batch.kinds, batch.mask).relevance
        parts = losses(out, batch, opinion)
        total = (
            weights.answerable * parts["ans"]
            + weights.listwise * parts["list"]
            + weights.teacher * parts["kd"]
            + weights.evidence * parts["ev"]
            + weights.spans * parts["span"]
        )
        optimizer.zero_grad(set_to_none=True)
        total.backward()  # type: ignore[no-untyped-call]
        minutes = _averaged(body + heads, (time.monotonic() - begun) / 60)
        torch.nn.utils.clip_grad_norm_(body + heads, 1.0)
        optimizer.step()
        part = (step + 1) / steps
        if options.minutes:
            part = max(part, minutes / options.minutes)
        for name, value in parts.items():
            sums[name] += value.item()
        if rank == 0 and (step + 1) % 25 == 0:
            means = {name: round(value / 25, 3) for name, value in sums.items()}
            sums = dict.fromkeys(sums, 0.0)
            print(f"{step + 1}/{steps} {minutes:.1f} min {json.dumps(means)}", flush=True)
        if rank == 0 and (step + 1) % 300 == 0:
            save_file(model.state_dict(), options.work / f"{options.name}.part.safetensors")
        if part >= 1:
            break
    return model


def _averaged(parameters: Sequence[nn.Parameter], minutes: float) -> float:
    """Average the gradients over the workers, and the minutes that each has spent."""
    gradients = [p.grad if p.grad is not None else torch.zeros_like(p) for p in parameters]
    flat = torch.cat([g.flatten() for g in gradients] + [torch.tensor([minutes])])
    torch.distributed.all_reduce(flat)
    flat /= torch.distributed.get_world_size()
    at = 0
    for parameter in parameters:
        parameter.grad = flat[at : at + parameter.numel()].view_as(parameter)
        at += parameter.numel()
    return float(flat[-1])


def losses(out: Output, batch: Batch, opinion: Tensor | None) -> dict[str, Tensor]:
    """Return each loss as a mean over what it is defined for; 0 where that is nothing."""
    answerable = F.binary_cross_entropy_with_logits(out.answerability, batch.answerable)
    return {
        "ans": answerable,
        "list": _listwise(out.relevance, batch),
        "kd": _distilled(out.relevance, opinion, batch),
        "ev": _evidence(out.tokens, batch),
        "span": _spans(out.tokens, batch),
    }


def _listwise(relevance: Tensor, batch: Batch) -> Tensor:
    """Return the cross entropy of the gold passage among the passages found for its question."""
    losses = []
    for group in range(int(batch.group.max()) + 1):
        rows = torch.nonzero((batch.group == group) & batch.original)[:, 0]
        if len(rows) > 1 and batch.answerable[rows[0]] > 0:
            losses.append(F.cross_entropy(relevance[rows][None], torch.zeros(1, dtype=torch.int64)))
    return torch.stack(losses).mean() if losses else relevance.sum() * 0


def _distilled(relevance: Tensor, opinion: Tensor | None, batch: Batch) -> Tensor:
    if opinion is None or not batch.original.any():
        return relevance.sum() * 0
    return F.smooth_l1_loss(relevance[batch.original], opinion[batch.original])


def unit_logits(tokens: Tensor, unit_tokens: Tensor, unit_of: Tensor, units: int) -> Tensor:
    """Return each unit's evidence: the mean of one output plus the greatest of another."""
    mean, most = tokens.flatten(0, 1)[unit_tokens, 2:].unbind(1)
    zeros = torch.zeros(units)
    count = zeros.index_add(0, unit_of, torch.ones_like(mean))
    averaged = zeros.index_add(0, unit_of, mean) / count
    greatest = torch.full((units,), _NEVER).scatter_reduce(0, unit_of, most, "amax")
    return averaged + greatest


def _evidence(tokens: Tensor, batch: Batch) -> Tensor:
    if not len(batch.evidence):
        return tokens.sum() * 0
    logits = unit_logits(tokens, batch.unit_tokens, batch.unit_of, len(batch.evidence))
    # Where the passage answers, the sentences are compared; elsewhere they only shall be low.
    weight = 0.4 + 0.6 * batch.answerable[batch.unit_pair]
    return F.binary_cross_entropy_with_logits(logits, batch.evidence, weight)


def _spans(tokens: Tensor, batch: Batch) -> Tensor:
    if not batch.spans.any():
        return tokens.sum() * 0
    starts, ends = tokens[..., :2].masked_fill(~batch.readable[..., None], _NEVER).unbind(2)
    losses = []
    for logits, wanted in ((starts, batch.starts), (ends, batch.ends)):
        right = logits.masked_fill(~wanted, _NEVER).logsumexp(1)
        losses.append((logits.logsumexp(1) - right)[batch.spans].mean())
    return torch.stack(losses).mean()


if __name__ == "__main__":
    main()
