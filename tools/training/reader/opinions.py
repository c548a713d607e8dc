"""What the teacher thinks of each pair, kept in a file, so that the student learns without it.

The teacher and the student cut words differently. So the teacher's places of a short answer are
kept as characters of the passage, and brought to the student's tokens when it learns.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from tools.training.reader.batching import Encoded, Place, Taught, collate, encode
from tools.training.reader.losses import unit_logits
from tools.training.reader.model import Scorer
from tools.training.reader.pair import Pair

NO_ANSWER = -1
"""The place that stands for "no answer here"."""
_PLACES = 6
"""Places that are kept of each start and end: the teacher is sure of one or two."""
_NEVER = -1e4


@dataclass(frozen=True, slots=True)
class Opinions:
    """An opinion for each pair, in order; `digest` is of the pairs."""

    digest: str
    of: tuple[Taught, ...]

    @classmethod
    def load(cls, path: Path, pairs: Sequence[Pair]) -> Opinions:
        """Return the opinions at `path`. Raises ValueError if they are on other pairs."""
        with path.open("rb") as file:
            kept = pickle.load(file)
        if not isinstance(kept, cls) or kept.digest != digest_of(pairs):
            raise ValueError(f"{path} holds opinions on other pairs. Remove it.")
        return kept

    def save(self, path: Path) -> None:
        with path.open("wb") as file:
            pickle.dump(self, file)


def digest_of(pairs: Iterable[Pair]) -> str:
    digest = hashlib.sha256()
    for pair in pairs:
        digest.update(f"{pair.question}\0{pair.context}\0{pair.text}\0".encode())
    return digest.hexdigest()


def opinions_on(
    pairs: Sequence[Pair],
    model: Scorer,
    tokenizer: Tokenizer,
    device: torch.device,
    tokens: int = 8_000,
) -> Opinions:
    """Ask the model about each pair."""
    order = sorted(range(len(pairs)), key=lambda n: len(pairs[n].text) + len(pairs[n].question))
    of: dict[int, Taught] = {}
    for start in range(0, len(order), 64):
        numbers = order[start : start + 64]
        rows = [encode(pairs[n], tokenizer) for n in numbers]
        size = max(1, tokens // max(len(row.ids) for row in rows))
        for at in range(0, len(rows), size):
            some = _of_batch(rows[at : at + size], model, device)
            of.update(zip(numbers[at : at + size], some, strict=True))
    return Opinions(digest_of(pairs), tuple(of[n] for n in range(len(pairs))))


@torch.no_grad()
def _of_batch(rows: Sequence[Encoded], model: Scorer, device: torch.device) -> list[Taught]:
    batch = collate([[row] for row in rows]).to(device)
    out = model(batch.ids, batch.kinds, batch.mask)
    logits = unit_logits(out.tokens, batch.unit_tokens, batch.unit_of, len(batch.evidence))
    evidence = iter(logits.cpu().tolist())
    edges = out.tokens[..., :2].masked_fill(~batch.readable[..., None], _NEVER)
    chances: NDArray[np.float32] = edges.float().softmax(1).cpu().numpy()
    relevance, answerability = out.relevance.cpu().tolist(), out.answerability.cpu().tolist()
    return [
        Taught(
            relevance[n],
            answerability[n],
            tuple(next(evidence) if whole else None for whole in row.read),
            _likeliest(chances[n, :, 0], row, row.token_starts),
            _likeliest(chances[n, :, 1], row, row.token_ends),
        )
        for n, row in enumerate(rows)
    ]


def _likeliest(
    chances: NDArray[np.float32], row: Encoded, characters: NDArray[np.int64]
) -> tuple[Place, ...]:
    kept = []
    for token in np.argsort(-chances)[:_PLACES]:
        if token == 0:
            kept.append((NO_ANSWER, float(chances[0])))
        elif 0 <= token - row.second < len(characters):
            character = int(characters[token - row.second])
            if character >= 0:
                kept.append((character, float(chances[token])))
    return tuple(kept)
