"""A teacher's opinions, brought from its tokens to the student's."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from tokenizers import Regex, Tokenizer, models, pre_tokenizers, processors
from torch import Tensor, nn

from index.document import Span
from tools.training.reader.batching import Taught, aligned, batches, encode
from tools.training.reader.losses import Weights, losses
from tools.training.reader.model import Output, Reader
from tools.training.reader.opinions import NO_ANSWER, Opinions, opinions_on
from tools.training.reader.pair import Pair

TEXT = "Skagen had eleven boats. Anholt had two."
PAIR = Pair(
    question="how many boats",
    context="Boats",
    text=TEXT,
    units=(Span(0, 24), Span(25, 40)),
    evidence=(True, False),
    answers=(Span(11, 17),),
    answerable=True,
    spans=True,
)

_ROOT = Path(__file__).resolve().parents[3]


def tokenizer(*, characters: bool = False) -> Tokenizer:
    """Return one that cuts between words, or after every second character of them."""
    made = Tokenizer(models.WordLevel({"[UNK]": 0, "[CLS]": 1, "[SEP]": 2}, unk_token="[UNK]"))
    words = pre_tokenizers.Whitespace()
    parts = pre_tokenizers.Split(Regex(".."), "isolated")
    made.pre_tokenizer = pre_tokenizers.Sequence([words, parts]) if characters else words
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 1), ("[SEP]", 2)],
    )
    return made


class Sure(nn.Module):
    """A teacher that is sure of one start and one end, by the token's number."""

    def __init__(self, start: int, end: int) -> None:
        super().__init__()
        self.start, self.end = start, end

    def forward(self, ids: Tensor, kinds: Tensor, mask: Tensor | None, frozen: int = 0) -> Output:
        tokens = torch.zeros(*ids.shape, 4)
        tokens[:, self.start, 0] = tokens[:, self.end, 1] = 9.0
        return Output(torch.full((len(ids),), 2.0), torch.full((len(ids),), -1.0), tokens)

    def trained(self, frozen: int) -> list[nn.Parameter]:
        return []

    def heads(self) -> list[nn.Parameter]:
        return []


def taught(*, characters: bool = False) -> Taught:
    row = encode(PAIR, tokenizer(characters=characters))
    (place,) = row.answers
    model = Sure(place[0], place[1] - 1)
    asked = opinions_on([PAIR], model, tokenizer(characters=characters), torch.device("cpu"))
    return asked.of[0]


def taught_of(pair: Pair) -> Taught:
    return opinions_on([pair], Sure(0, 0), tokenizer(), torch.device("cpu")).of[0]


@pytest.mark.parametrize("teachers", [False, True])
@pytest.mark.parametrize("students", [False, True])
def test_places_come_to_the_students_tokens(teachers: bool, students: bool) -> None:
    said = taught(characters=teachers)
    assert max(said.starts, key=lambda place: place[1])[0] == 11
    assert max(said.ends, key=lambda place: place[1])[0] == 17
    row = encode(PAIR, tokenizer(characters=students))
    start = max(aligned(said.starts, row, ends=False), key=lambda place: place[1])[0]
    end = max(aligned(said.ends, row, ends=True), key=lambda place: place[1])[0]
    assert [(start, end + 1)] == row.answers


def test_no_answer_stays_at_the_first_token() -> None:
    row = encode(PAIR, tokenizer())
    assert aligned([(NO_ANSWER, 0.8), (11, 0.2)], row, ends=False)[0] == (0, 0.8)


def test_what_lies_outside_of_what_was_read_teaches_nothing() -> None:
    short = tokenizer()
    short.enable_truncation(9, strategy="only_second")
    row = encode(PAIR, short)
    assert row.read == [True, False]
    assert aligned([(36, 0.9), (11, 0.1)], row, ends=False) == []


def test_opinions_on_other_pairs_are_refused(tmp_path: Path) -> None:
    kept = opinions_on([PAIR], Sure(0, 0), tokenizer(), torch.device("cpu"))
    kept.save(tmp_path / "kept")
    assert Opinions.load(tmp_path / "kept", [PAIR]) == kept
    with pytest.raises(ValueError, match="other pairs"):
        Opinions.load(tmp_path / "kept", [PAIR, PAIR])


@pytest.mark.parametrize("with_teacher", [False, True])
def test_who_says_what_the_teacher_says_loses_least(with_teacher: bool) -> None:
    said = [[taught()]] if with_teacher else []
    (batch,) = batches([[PAIR]], tokenizer(), random.Random(0), taught=said)
    right = encode(PAIR, tokenizer()).answers[0]
    agrees, not_ = Sure(right[0], right[1] - 1), Sure(0, 0)
    of = [
        losses(model(batch.ids, batch.kinds, batch.mask), batch, None, Weights())
        for model in (agrees, not_)
    ]
    assert of[0]["span"] < of[1]["span"]
    assert (batch.lessons is not None) == with_teacher
    assert all(value.isfinite() for part in of for value in part.values())


def test_a_list_is_led_by_what_answers() -> None:
    other = Pair("how many boats", "", "It rains.", (Span(0, 9),), (False,), (), False, True)
    (batch,) = batches([[PAIR, other], [other, other]], tokenizer(), random.Random(0))
    assert len(batch.lists) == 1
    first, second = batch.lists[0].tolist()
    assert batch.answerable[first] == 1
    assert batch.answerable[second] == 0


@pytest.mark.search
@pytest.mark.slow
@pytest.mark.processes
def test_training_a_student_loads_nothing_that_reads_and_indexes() -> None:
    code = (
        "import sys, tools.training.train_reader\n"
        "print({'faiss', 'pypdfium2_raw', 'lxml', 'pydantic', 'transformers'} & set(sys.modules))"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=_ROOT
    )
    assert said.stdout.strip() == "set()"


@pytest.mark.slow
def test_everything_is_computed_where_the_batch_is() -> None:
    """A device that only knows shapes refuses what lies elsewhere, as a GPU does."""
    device = torch.device("meta")
    other = Pair("how many", "", "It rains.", (Span(0, 9),), (False,), (), False, True)
    groups, said = [[PAIR, other]], [[taught(), taught_of(other)]]
    (batch,) = batches(groups, tokenizer(), random.Random(0), taught=said)
    moved = batch.to(device)
    with device:
        reader = Reader()
    out = reader(moved.ids, moved.kinds, moved.mask, 4)
    total = Weights().total(losses(out, moved, out.relevance.detach(), Weights()))
    total.backward()  # type: ignore[no-untyped-call]
    assert total.device == device
