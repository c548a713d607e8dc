"""What training makes small: the errors against the labels, and against a teacher."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from tools.training.reader.batching import Batch, Lessons
from tools.training.reader.model import Output

_NEVER = -1e4


@dataclass(frozen=True, slots=True)
class Weights:
    """The weight of each loss; `taught` is the teacher's part of what has a label too."""

    answerable: float = 1.0
    listwise: float = 0.5
    original: float = 0.15
    evidence: float = 1.0
    spans: float = 0.4
    taught: float = 0.5

    def total(self, parts: dict[str, Tensor]) -> Tensor:
        """Return the weighted sum of the losses."""
        return (
            self.answerable * parts["ans"]
            + self.listwise * parts["list"]
            + self.original * parts["ce"]
            + self.evidence * parts["ev"]
            + self.spans * parts["span"]
        )


def losses(
    out: Output, batch: Batch, opinion: Tensor | None, weights: Weights
) -> dict[str, Tensor]:
    """Return each loss as a mean over what it is defined for; 0 where that is nothing.

    `opinion` is the relevance that the original cross-encoder gives.
    """
    lessons = batch.lessons
    parts = {
        "ans": F.binary_cross_entropy_with_logits(out.answerability, batch.answerable),
        "list": _listwise(out.relevance, batch.lists),
        "ce": _kept(out.relevance, opinion, batch),
        "ev": _evidence(out.tokens, batch, batch.evidence),
        "span": _spans(out.tokens, batch),
    }
    if lessons is not None:
        share = weights.taught
        chance = lessons.answerability.sigmoid()
        learned = {
            "ans": F.binary_cross_entropy_with_logits(out.answerability, chance),
            "list": _listwise(out.relevance, batch.lists, lessons.relevance),
            "ev": _evidence(out.tokens, batch, lessons.evidence),
            "span": _places(out.tokens, batch, lessons),
        }
        parts |= {name: (1 - share) * parts[name] + share * learned[name] for name in learned}
    return parts


def _listwise(relevance: Tensor, lists: Tensor, taught: Tensor | None = None) -> Tensor:
    """Return the cross entropy of the gold passage among the passages found for its question.

    With a teacher's relevance, that of its chances for each of them.
    """
    if not len(lists):
        return relevance.sum() * 0
    absent = lists < 0
    logits = relevance[lists.clamp(min=0)].masked_fill(absent, _NEVER)
    if taught is None:
        first = torch.zeros(len(lists), dtype=torch.int64, device=relevance.device)
        return F.cross_entropy(logits, first)
    chances = taught[lists.clamp(min=0)].masked_fill(absent, _NEVER).softmax(1)
    return F.cross_entropy(logits, chances)


def _kept(relevance: Tensor, opinion: Tensor | None, batch: Batch) -> Tensor:
    if opinion is None:
        return relevance.sum() * 0
    each = F.smooth_l1_loss(relevance, opinion, reduction="none") * batch.original
    return each.sum() / batch.original.sum().clamp(min=1)


def unit_logits(tokens: Tensor, unit_tokens: Tensor, unit_of: Tensor, units: int) -> Tensor:
    """Return each unit's evidence: the mean of one output plus the greatest of another."""
    mean, most = tokens.flatten(0, 1)[unit_tokens, 2:].unbind(1)
    zeros = torch.zeros(units, device=tokens.device)
    count = zeros.index_add(0, unit_of, torch.ones_like(mean))
    averaged = zeros.index_add(0, unit_of, mean) / count
    lowest = torch.full((units,), _NEVER, device=tokens.device)
    return averaged + lowest.scatter_reduce(0, unit_of, most, "amax")


def _evidence(tokens: Tensor, batch: Batch, wanted: Tensor) -> Tensor:
    if not len(wanted):
        return tokens.sum() * 0
    logits = unit_logits(tokens, batch.unit_tokens, batch.unit_of, len(wanted))
    # Where the passage answers, the sentences are compared; elsewhere they only shall be low.
    weight = 0.4 + 0.6 * batch.answerable[batch.unit_pair]
    # What the teacher has not read, the label says.
    wanted = torch.where(wanted.isnan(), batch.evidence, wanted)
    return F.binary_cross_entropy_with_logits(logits, wanted, weight)


def _spans(tokens: Tensor, batch: Batch) -> Tensor:
    """Return how little of the chances lies on the labelled starts and ends."""
    each = tokens.new_zeros(len(tokens))
    for logits, wanted in zip(_edges(tokens, batch), (batch.starts, batch.ends), strict=True):
        each = each + logits.logsumexp(1) - logits.masked_fill(~wanted, _NEVER).logsumexp(1)
    return _mean(each / 2, batch.spans)


def _places(tokens: Tensor, batch: Batch, lessons: Lessons) -> Tensor:
    """Return the cross entropy of the teacher's starts and ends."""
    each = tokens.new_zeros(len(tokens))
    for logits, wanted in zip(_edges(tokens, batch), (lessons.starts, lessons.ends), strict=True):
        each = each - (logits.log_softmax(1) * wanted).sum(1)
    return _mean(each / 2, lessons.placed & batch.spans)


def _edges(tokens: Tensor, batch: Batch) -> tuple[Tensor, ...]:
    return tokens[..., :2].masked_fill(~batch.readable[..., None], _NEVER).unbind(2)


def _mean(each: Tensor, of: Tensor) -> Tensor:
    return (each * of).sum() / of.sum().clamp(min=1)
