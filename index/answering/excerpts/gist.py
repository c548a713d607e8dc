"""Gist of a text: the sentences that carry most of it, chosen without a model.

The words that many sentences share weigh most; a chosen sentence takes weight from its words, so
that the next says something else. Of lead sentences, even spreads, SumBasic, TextRank and this, it
overlaps most with summaries of meetings that people wrote (docs/QUALITY.md).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from index.answering.tuning import Tuning
from index.document import Span
from index.store.words.lexical import STOP_WORDS
from index.text import words_of

_SPEAKER = re.compile(r"(?:[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ.'’ -]{2,40}|Q|A):\s+")
_LEANING = re.compile(
    r"(?:this|that|these|those|it|he|she|they|its|his|her|their|however|but|and|so|then|though|rather"
    r"|such|therefore|also|both|neither|nothing|instead|otherwise|for example|in that case)\b",
    re.IGNORECASE,
)
"""Begins a sentence that leans on the one before."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence or item; `leads` tells that it is the first below its heading, and `bears` that
    it is a sentence of prose."""

    document: str
    span: Span
    text: str
    leads: bool = False
    bears: bool = True


def gist_of(
    sentences: Sequence[Sentence], characters: int, tuning: Tuning, *, title: str = ""
) -> list[Sentence]:
    """Return the sentences that say most, in their order, up to a number of characters.

    Words of the `title` weigh more.
    """
    said = (words_of(_SPEAKER.sub("", each.text, count=1)) for each in sentences)
    words = [[word for word in each if len(word) > 1 and word not in STOP_WORDS] for each in said]
    held = Counter(word for one in words for word in set(one))
    weights = {word: math.log1p(count) if count > 1 else 0.0 for word, count in held.items()}
    for word in weights.keys() & set(words_of(title)):
        weights[word] *= tuning.title_weight
    left = {
        at
        for at, one in enumerate(words)
        if len(one) >= tuning.least_gist_words
        and len(sentences[at].text) <= tuning.longest_gist_sentence
        and not sentences[at].text.rstrip("*_ ").endswith((":", "?", "：", "？", '?"', "?”"))
    }
    chosen: list[int] = []
    size = 0
    while left and size < characters:
        best = max(left, key=lambda at: (_worth(words[at], weights, sentences[at], tuning), -at))
        left.discard(best)
        if size + len(sentences[best].text) > characters:
            if size > characters * tuning.gist_filled:
                break
            continue
        chosen.append(best)
        size += len(sentences[best].text)
        for word in words[best]:
            weights[word] *= tuning.repeated_weight
    return [sentences[at] for at in sorted(chosen)]


def _worth(
    words: Sequence[str], weights: dict[str, float], sentence: Sentence, tuning: Tuning
) -> float:
    worth: float = sum(weights[word] for word in words) / len(words) ** tuning.length_power
    if sentence.leads:
        worth *= tuning.lead_weight
    if not sentence.bears:
        worth *= tuning.item_weight
    if _LEANING.match(_SPEAKER.sub("", sentence.text, count=1)):
        worth *= tuning.leaning_weight
    return worth
